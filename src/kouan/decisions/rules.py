"""What must hold of a decision table before it may decide. No database."""

import re
from collections.abc import Iterator
from typing import Any

from kouan.decisions.cells import FUNCTIONS, WORDS_OF_THE_LANGUAGE, CellFault, check_cell
from kouan.decisions.types import Output, Row, TableContent, ValueType
from kouan.records.problems import Problem

MOST_ROWS = 500
MOST_COLUMNS = 24
MOST_PROBLEMS = 100
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ROW_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")


def check_table(content: TableContent) -> list[Problem]:
    """Find every mistake of a table; each problem points at its cell (``/rows/r10/when/trade_mode``).

    Reason: the engine lets a malformed cell pass and then never fires its row, so nothing may be left to chance here.
    The last row has no conditions: every case gets an answer.
    """
    problems: list[Problem] = []
    for problem in _find_problems(content):
        problems.append(problem)
        if len(problems) == MOST_PROBLEMS:
            break
    return problems


def _find_problems(content: TableContent) -> Iterator[Problem]:
    yield from _check_size(content)
    yield from _check_columns(content)
    names = {column.name for column in content.inputs}
    outputs = {column.name: column for column in content.outputs}
    seen: set[str] = set()
    for row in content.rows:
        if not _ROW_ID.fullmatch(row.id):
            yield _problem(
                f"/rows/{row.id[:20]}",
                "行号应为 1 至 20 位字母、数字、- 或 _",
                "The id of a row has 1 to 20 letters, digits, - or _",
            )
        if row.id in seen:
            yield _problem(f"/rows/{row.id}", "行号重复", "The id of the row stands twice")
        seen.add(row.id)
        for name in row.when.keys() - names:
            yield _problem(f"/rows/{row.id}/when/{name}", "没有这一条件列", "There is no such column of conditions")
        for column in content.inputs:
            for fault in check_cell(row.when.get(column.name, ""), column, content.inputs):
                yield _cell_problem(f"/rows/{row.id}/when/{column.name}", fault)
        yield from _check_results(row, outputs)
    if content.rows and any(cell.strip() for cell in content.rows[-1].when.values()):
        yield _problem(
            f"/rows/{content.rows[-1].id}",
            "最后一行须不设条件，保证每种情形都有结论",
            "The last row must have no conditions, so that every case gets an answer",
        )


def _check_size(content: TableContent) -> Iterator[Problem]:
    if not content.rows or len(content.rows) > MOST_ROWS:
        yield _problem("/rows", f"应有 1 至 {MOST_ROWS} 行", f"A table has 1 to {MOST_ROWS} rows")
    for where, columns in (("inputs", content.inputs), ("outputs", content.outputs)):
        if not columns or len(columns) > MOST_COLUMNS:
            yield _problem(f"/{where}", f"应有 1 至 {MOST_COLUMNS} 列", f"There are 1 to {MOST_COLUMNS} columns")


def _check_columns(content: TableContent) -> Iterator[Problem]:
    reserved = FUNCTIONS | WORDS_OF_THE_LANGUAGE
    for where, columns in (("inputs", content.inputs), ("outputs", content.outputs)):
        seen: set[str] = set()
        for column in columns:
            if not _COLUMN_NAME.fullmatch(column.name) or column.name in reserved or column.name in seen:
                yield _problem(
                    f"/{where}/{column.name[:40]}",
                    "列名重复，或不是小写字母、数字、下划线",
                    "The name of the column stands twice or is not of small letters, digits and _",
                )
            seen.add(column.name)


def _check_results(row: Row, outputs: dict[str, Output]) -> Iterator[Problem]:
    for name in row.then.keys() - outputs.keys():
        yield _problem(f"/rows/{row.id}/then/{name}", "没有这一结果列", "There is no such column of results")
    for name, value in row.then.items():
        column = outputs.get(name)
        if column is None or value is None:
            continue
        values = value if isinstance(value, list | tuple) else [value]
        pointer = f"/rows/{row.id}/then/{name}"
        if isinstance(value, list | tuple) and not (column.collect or column.type is ValueType.STRINGS):
            yield _problem(pointer, "该结果列只能有一个值", "This column of results takes one value")
        for item in values:
            if not _fits(item, column.type):
                yield _problem(
                    pointer, f"结果与该列类型不符：{item!r}", f"The result does not fit the column's type: {item!r}"
                )
            elif column.choices and item != "" and item not in {choice.value for choice in column.choices}:
                choices = "、".join(choice.value for choice in column.choices)
                yield _problem(
                    pointer, f"结果 {item!r} 不在可选范围（{choices}）", f"The result {item!r} is none of {choices}"
                )


def _fits(value: Any, column_type: ValueType) -> bool:
    if column_type in (ValueType.STRING, ValueType.STRINGS):
        return isinstance(value, str) and len(value) <= 500
    if column_type is ValueType.BOOLEAN:
        return isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell_problem(pointer: str, fault: CellFault) -> Problem:
    return _problem(pointer, fault.zh, fault.en, severity="warning" if fault.may_be_meant else "error")


def _problem(pointer: str, zh: str, en: str, severity: str = "error") -> Problem:
    return Problem(
        code="DEC-TABLE",
        pointer=pointer,
        severity=severity,  # type: ignore[arg-type]
        zh=zh,
        en=en,
        fix_zh="更正该处后重新载入",
        fix_en="Mend it and load the table again",
    )
