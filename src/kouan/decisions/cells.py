"""Cells of decision tables: whether the engine will run them as meant, and what they say in words. No database.

A cell is a unary expression of the ZEN language over ``$``, the value of its column: ``"9610"`` · ``"9610","1210"`` ·
``in ["9610"]`` · ``not in ["9610"]`` · ``> 5`` · ``[1..5]`` · ``some($, # in ["02","03"])``. The engine swallows every
fault inside a cell: the row then silently never fires. So each cell is compiled here, the texts and numbers in it are
compared with the column's type, its names with the columns of the table, and it is tried on values of that type.
(The engine's own ``validate_unary_expression`` is of no use for this: it refuses ``> 5``, which the engine runs.)
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

import zen

from kouan.decisions.types import Input, ValueType

LONGEST_CELL = 500

_TEXT = r'"(?:[^"\\]*)"|\'(?:[^\'\\]*)\''
_NUMBER = r"-?\d+(?:\.\d+)?"
_LITERAL = rf"(?:{_TEXT}|{_NUMBER}|true|false)"
_LIST = rf"\[\s*{_LITERAL}(?:\s*,\s*{_LITERAL})*\s*\]"
_ANY_OF = re.compile(rf"{_LITERAL}(?:\s*,\s*{_LITERAL})*")
_IN = re.compile(rf"(?P<not>not\s+)?(?:in\s*)?(?P<list>{_LIST})")
_COMPARE = re.compile(rf"(?P<sign>[<>]=?|[!=]=)\s*(?P<literal>{_LITERAL})")
_RANGE = re.compile(rf"(?P<open>[\[(])\s*(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})\s*(?P<close>[\])])")
_SOME = re.compile(
    rf"(?P<all>some|none|all)\(\s*\$\s*,\s*#\s*(?:in\s*(?P<list>{_LIST})|==\s*(?P<literal>{_LITERAL}))\s*\)"
)
_TOKEN = re.compile(rf"{_TEXT}|{_NUMBER}|[A-Za-z_][A-Za-z0-9_]*|\S")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
WORDS_OF_THE_LANGUAGE = frozenset({"in", "not", "and", "or", "true", "false", "null"})
FUNCTIONS = frozenset(
    {
        "len", "upper", "lower", "trim", "abs", "floor", "ceil", "round", "min", "max", "sum", "avg",
        "contains", "startsWith", "endsWith", "matches", "some", "none", "all", "one", "filter", "map", "count",
    }
)  # fmt: skip

Value = str | int | float | bool
Sign = Literal["in", "not in", "<", "<=", ">", ">=", "==", "!=", "range", "some", "none", "all"]


@dataclass(frozen=True, slots=True)
class Simple:
    """A cell of one of the plain shapes: a sign and the texts or numbers it compares with."""

    sign: Sign
    values: tuple[Value, ...]
    bounds: str = ""


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell; a fault that ``may_be_meant`` only warns."""

    zh: str
    en: str
    may_be_meant: bool = False


def read_simple(cell: str) -> Simple | None:
    """Read a cell of a plain shape; None for a free expression."""
    text = cell.strip()
    if _ANY_OF.fullmatch(text):
        return Simple("in", _literals(text))
    if found := _RANGE.fullmatch(text):
        bounds = found["open"] + found["close"]
        return Simple("range", (*_literals(found["low"]), *_literals(found["high"])), bounds)
    if found := _IN.fullmatch(text):
        return Simple("not in" if found["not"] else "in", _literals(found["list"]))
    if found := _COMPARE.fullmatch(text):
        return Simple(found["sign"], _literals(found["literal"]))  # type: ignore[arg-type]
    if found := _SOME.fullmatch(text):
        return Simple(found["all"], _literals(found["list"] or found["literal"]))  # type: ignore[arg-type]
    return None


def check_cell(cell: str, column: Input, columns: Sequence[Input]) -> list[CellFault]:
    """Find what is wrong with a cell of a column; nothing for a blank one."""
    if not cell.strip():
        return []
    if len(cell) > LONGEST_CELL or not cell.replace("\t", " ").isprintable():
        return [
            CellFault(f"单元格超过 {LONGEST_CELL} 字或含控制字符", "The cell is too long or holds control characters")
        ]
    try:
        zen.compile_unary_expression(cell)
    except Exception as error:  # the engine raises plain exceptions with JSON inside
        reason = _reason(error)
        return [CellFault(f"不是合法的条件：{reason}", f"Not a valid condition: {reason}")]
    known = {other.name for other in columns}
    strangers = [name for name in names_in(cell) if name not in known]
    if strangers:
        return [
            CellFault(
                f"“{strangers[0]}”既不是列名也不是函数；文字须加双引号",
                f"{strangers[0]!r} is neither a column nor a function; texts stand in double quotes",
            )
        ]
    simple = read_simple(cell)
    if simple is not None:
        return _check_simple(simple, column)
    return _try_out(cell, column, columns)


def _check_simple(simple: Simple, column: Input) -> list[CellFault]:
    over_list = simple.sign in ("some", "none", "all")
    if (column.type is ValueType.STRINGS) is not over_list:
        if column.type is ValueType.STRINGS:
            return [
                CellFault(
                    '该列是一组文字，请写 some($, # in ["…"])',
                    'The column holds a list; write some($, # in ["…"])',
                )
            ]
        return [
            CellFault("该列不是一组值，不能用 some、none、all", "The column holds no list; some, none, all do not fit")
        ]
    wanted: dict[ValueType, tuple[type, ...]] = {
        ValueType.STRING: (str,),
        ValueType.STRINGS: (str,),
        ValueType.NUMBER: (int, float),
        ValueType.BOOLEAN: (bool,),
    }
    for value in simple.values:
        if not isinstance(value, wanted[column.type]) or (
            isinstance(value, bool) and column.type is not ValueType.BOOLEAN
        ):
            return [
                CellFault(
                    f"{_quote(value)} 与该列的类型（{_TYPE_ZH[column.type]}）不符，该行永远不会命中",
                    f"{_quote(value)} does not fit the column's type ({column.type.value}); the row would never fire",
                )
            ]
    if simple.sign in ("<", "<=", ">", ">=") and column.type is not ValueType.NUMBER:
        return [CellFault("只有数字列可以比较大小", "Only numbers can be compared by size")]
    if simple.sign == "range" and simple.values[0] > simple.values[1]:  # type: ignore[operator]
        return [CellFault("区间的下限大于上限", "The range ends before it begins")]
    return []


def _try_out(cell: str, column: Input, columns: Sequence[Input]) -> list[CellFault]:
    fires = False
    for position, sample in product((0, -1), _samples(cell, column.type)):
        others = {other.name: _SAMPLES[other.type][position] for other in columns}
        try:
            answer = zen.evaluate_unary_expression(cell, {**others, column.name: sample, "$": sample})
        except Exception as error:
            reason = _reason(error)
            shown = _quote(sample)
            return [
                CellFault(
                    f"对取值 {shown} 无法计算（{reason}），该行会悄然不命中",
                    f"It cannot be computed for {shown} ({reason}); the row would silently never fire",
                )
            ]
        if not isinstance(answer, bool):
            return [CellFault("结果不是“是”或“否”", "It does not give yes or no")]
        fires = fires or answer
    if not fires:
        return [
            CellFault(
                "试算的取值都不命中，请确认条件可以成立", "No value tried makes it fire; make sure that one can", True
            )
        ]
    return []


_TYPE_ZH = {
    ValueType.STRING: "文字",
    ValueType.STRINGS: "一组文字",
    ValueType.NUMBER: "数字",
    ValueType.BOOLEAN: "是否",
}
_SAMPLES: Mapping[ValueType, tuple[Any, ...]] = {
    ValueType.STRING: ("", "A", "9610"),
    ValueType.NUMBER: (0, -1, 1.5, 100000),
    ValueType.BOOLEAN: (True, False),
    ValueType.STRINGS: ([], ["A"], ["01", "99"]),
}


def _samples(cell: str, column_type: ValueType) -> Iterator[Any]:
    """Values of the column's type, and around the texts and numbers that the cell itself names."""
    yield from _SAMPLES[column_type]
    literals = [token for token in _TOKEN.findall(cell) if re.fullmatch(_LITERAL, token)]
    texts = [value for value in _literals(",".join(literals)) if isinstance(value, str)] if literals else []
    numbers = [
        value
        for value in (_literals(",".join(literals)) if literals else ())
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if column_type is ValueType.NUMBER:
        for number in numbers:
            yield from (number, number - 0.5, number + 0.5, number - 1, number + 1)
        if numbers:
            yield sum(numbers) / len(numbers)
    elif column_type is ValueType.STRING:
        yield from texts
        yield from (text + "0" for text in texts)
        yield from ("0" * length for length in _lengths(numbers))
    elif column_type is ValueType.STRINGS:
        yield from ([text] for text in texts)
        yield from ([text + "0"] for text in texts)
        yield texts
        yield from (["0"] * length for length in _lengths(numbers))


def _lengths(numbers: Sequence[int | float]) -> list[int]:
    return [int(number) + step for number in numbers if 0 <= number <= 64 for step in (0, 1)]


_BARE = re.compile(r"[^\s\\\"'\[\](){}<>=!$#,，、;；]+")
_BETWEEN = re.compile(r"[\s,，、;；]+")


def as_meant(typed: str, column: Input) -> str:
    """Give the cell that somebody means who types bare codes: ``9610, 1210`` → ``"9610", "1210"``.

    In a column of lists it becomes ``some($, # in […])``. Whatever is more than bare words stays as it was typed.
    """
    text = typed.replace("\x00", "").strip()
    words = _BETWEEN.split(text)
    if column.type not in (ValueType.STRING, ValueType.STRINGS) or not all(map(_BARE.fullmatch, words)):
        return text
    if set(words) & WORDS_OF_THE_LANGUAGE or not text.isprintable():
        return text
    quoted = ", ".join(_quote(word) for word in words)
    return quoted if column.type is ValueType.STRING else f"some($, # in [{quoted}])"


def as_typed(cell: str, column: Input) -> str:
    """Give a cell as somebody would type it: bare codes where they say the same, else as it is written."""
    simple = read_simple(cell)
    if simple is None:
        return cell
    bare = ", ".join(map(str, simple.values))
    meant = read_simple(as_meant(bare, column))
    return bare if meant == simple and column.type in (ValueType.STRING, ValueType.STRINGS) else cell


def names_in(cell: str) -> list[str]:
    """The names in a cell that are neither functions nor words of the language: columns, if the cell is right."""
    words = WORDS_OF_THE_LANGUAGE | FUNCTIONS
    return [token for token in _TOKEN.findall(cell) if _NAME.fullmatch(token) and token not in words]


def _literals(text: str) -> tuple[Value, ...]:
    found: list[Value] = []
    for word in re.findall(_LITERAL, text):
        if word[0] in "\"'":
            found.append(word[1:-1])
        elif word in ("true", "false"):
            found.append(word == "true")
        else:
            found.append(float(word) if "." in word else int(word))
    return tuple(found)


def _reason(error: Exception) -> str:
    """The engine's own words about a fault, in one line."""
    text = str(error).split("\n", 1)[0]
    try:
        return str(json.loads(text)["source"])
    except (ValueError, KeyError, TypeError):
        return text[:200]


def _quote(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_SIGNS_ZH = {"<": "小于 ", "<=": "不超过 ", ">": "大于 ", ">=": "不少于 ", "==": "", "!=": "不是 "}
_SIGNS_EN = {"<": "under ", "<=": "at most ", ">": "over ", ">=": "at least ", "==": "", "!=": "not "}


def to_words(cell: str, lang: str, name_of: Callable[[str], str | None] | None = None) -> str:
    """What a cell of a plain shape says in words; a free expression as it is written, a blank one as nothing.

    ``name_of`` gives the name of a code, which is then shown after it.
    """
    simple = read_simple(cell)
    if simple is None:
        return cell.strip()
    is_english = lang.startswith("en")
    values = (", " if is_english else "、").join(_show(value, is_english, name_of) for value in simple.values)
    if simple.sign in _SIGNS_ZH:
        return (_SIGNS_EN if is_english else _SIGNS_ZH)[simple.sign] + values
    if simple.sign == "range":
        low, high = simple.values
        plain = f"{low} to {high}" if is_english else f"{low} 至 {high}"
        return plain if simple.bounds == "[]" else f"{plain} {simple.bounds[0]}…{simple.bounds[1]}"
    words = {
        "in": ("", ""),
        "not in": ("非 ", "none of "),
        "some": ("含 ", "any of "),
        "none": ("不含 ", "none of "),
        "all": ("全为 ", "only "),
    }[simple.sign]
    return words[is_english] + values


def _show(value: Value, is_english: bool, name_of: Callable[[str], str | None] | None) -> str:
    if isinstance(value, bool):
        return ("yes" if value else "no") if is_english else ("是" if value else "否")
    if value == "":
        return "empty" if is_english else "空"
    name = name_of(value) if name_of is not None and isinstance(value, str) else None
    return f"{value} {name}" if name else str(value)
