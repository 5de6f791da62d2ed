"""Plain data that people write: YAML within bounds, and frozen dataclasses from JSON.

The annotation of every field of a dataclass says what is accepted, the path says where it is not.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import yaml

from kouan.quant.reading import UnreadableInstance, UnusableProblem

Kind = TypeVar("Kind")
DEEPEST = 40
"""Lists and tables within each other beyond this are refused: the parser in C would run out of stack."""


def parse_yaml(text: str) -> Any:
    """Parse YAML or JSON without aliases, so that no small file grows large. Raises UnreadableInstance."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.events.AliasEvent):
                raise UnreadableInstance(line, "不允许 YAML 别名", "YAML aliases are not allowed")
            depth += isinstance(event, yaml.events.CollectionStartEvent)
            depth -= isinstance(event, yaml.events.CollectionEndEvent)
            if depth > DEEPEST:
                raise UnreadableInstance(line, "嵌套过深", "nested too deeply")
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise UnreadableInstance(line, "不是有效的 YAML", "broken YAML") from None
    except (RecursionError, ValueError, OverflowError) as fault:
        if isinstance(fault, UnusableProblem):
            raise
        raise UnreadableInstance(1, "含有无效的值", "it holds a value that cannot be read") from None


def read_dataclass(kind: type[Kind], text: str) -> Kind:
    """Build ``kind`` and the dataclasses within it from a JSON text of whole numbers, text, lists and objects.

    Raises UnusableProblem with the line or the path, and the reason; what the dataclasses refuse passes through.
    """
    try:
        data = json.loads(text, parse_float=_no_fraction, parse_constant=_no_fraction)
    except json.JSONDecodeError as fault:
        raise UnusableProblem(f"第{fault.lineno}行：不是有效的 JSON", f"line {fault.lineno}: not valid JSON") from None
    except (RecursionError, ValueError) as fault:
        if isinstance(fault, UnusableProblem):
            raise
        raise UnusableProblem(
            "JSON 嵌套过深或数值过长", "the JSON is nested too deeply, or a number is too long"
        ) from None
    return _make(kind, data, "")


def _no_fraction(word: str) -> int:
    raise UnusableProblem(f"数值须为整数：{word[:20]}", f"numbers are whole: {word[:20]}")


def _make(kind: Any, data: Any, path: str) -> Any:
    if not isinstance(data, dict):
        raise UnusableProblem(f"{path or '文件'}应为对象", f"{path or 'the file'} should be an object")
    hints = get_type_hints(kind)
    known = {one.name: one for one in fields(kind)}
    for key in data:
        if key not in known:
            raise UnusableProblem(f"{path}/{key}：没有这个字段", f"{path}/{key}: there is no such field")
    values = {key: _value(hints[key], value, f"{path}/{key}") for key, value in data.items()}
    for name, one in known.items():
        if name not in values and one.default is MISSING:
            raise UnusableProblem(f"{path}/{name}：缺少", f"{path}/{name}: missing")
    return kind(**values)


def _value(hint: Any, value: Any, path: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if type(None) in inner:
        return None if value is None else _value(next(x for x in inner if x is not type(None)), value, path)
    if origin in (tuple, frozenset):
        any_length = origin is frozenset or inner[-1] is Ellipsis
        if not isinstance(value, list) or (not any_length and len(value) != len(inner)):
            raise UnusableProblem(f"{path}应为数组", f"{path} should be a list")
        kinds = [inner[0]] * len(value) if any_length else inner
        return origin(_value(kind, x, f"{path}/{i}") for i, (kind, x) in enumerate(zip(kinds, value, strict=True)))
    if is_dataclass(hint):
        return _make(hint, value, path)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        zh, en = {int: ("整数", "a whole number"), bool: ("真或假", "true or false")}.get(hint, ("文字", "text"))
        raise UnusableProblem(f"{path}应为{zh}", f"{path} should be {en}")
    return value
