"""Reads a decision table from a YAML file, bounded, with a clear problem for whatever does not fit. No database."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from kouan.decisions.types import (
    Choice,
    Example,
    Input,
    Output,
    Policy,
    Row,
    TableContent,
    TableFile,
    TableNotAcceptable,
    ValueType,
)
from kouan.records.problems import Problem

MOST_BYTES = 1_000_000
MOST_NODES = 100_000


def read_table_file(raw: bytes) -> TableFile:
    """Read key, names, first day, columns and rows; raises TableNotAcceptable.

    The cells are read, not checked (rules.check_table).
    """
    described = _load(raw)
    _refuse_strange_keys(
        described, {"key", "name", "since", "source", "policy", "inputs", "outputs", "rows", "examples"}, pointer=""
    )
    key = _text(described, "key", "/key", longest=64)
    if not key.replace("_", "").isalnum() or not key.isascii() or not key.islower():
        raise _refused("/key", "标识应为小写字母、数字与下划线", "The key is of small letters, digits and _")
    since = described.get("since")
    if not isinstance(since, date):
        raise _refused("/since", "启用日期应写作 2026-11-22", "The first day is written 2026-11-22")
    name_zh, name_en = _names(described, "/")
    return TableFile(
        key=key,
        name_zh=name_zh,
        name_en=name_en,
        since=since,
        source=_text(described, "source", "/source", longest=400),
        content=TableContent(
            policy=_one_of(described.get("policy"), Policy, "/policy"),
            inputs=tuple(_input(item, number) for number, item in enumerate(_list(described, "inputs", "/inputs"))),
            outputs=tuple(_output(item, number) for number, item in enumerate(_list(described, "outputs", "/outputs"))),
            rows=tuple(_row(item, number) for number, item in enumerate(_list(described, "rows", "/rows"))),
            examples=tuple(
                _example(item, number)
                for number, item in enumerate(
                    _list(described, "examples", "/examples") if "examples" in described else []
                )
            ),
        ),
    )


def _load(raw: bytes) -> Mapping[str, Any]:
    if len(raw) > MOST_BYTES:
        raise _refused("", f"文件超过 {MOST_BYTES // 1000} KB", f"The file is larger than {MOST_BYTES // 1000} KB")
    try:
        for nodes, event in enumerate(yaml.parse(raw, Loader=yaml.SafeLoader)):
            if isinstance(event, yaml.AliasEvent) or nodes > MOST_NODES:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise _refused(
                    f"/{line}",
                    f"第 {line} 行：不接受 YAML 别名，且文件不得超过 {MOST_NODES} 个节点",
                    f"Line {line}: YAML aliases are not taken, nor more than {MOST_NODES} nodes",
                )
        described = yaml.safe_load(raw)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        if isinstance(error, TableNotAcceptable):
            raise
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else ""
        raise _refused(
            f"/{mark.line + 1}" if mark else "",
            f"不是合法的 YAML {where}",
            f"Not valid YAML: {str(error).splitlines()[0][:200]}",
        ) from error
    if not isinstance(described, dict):
        raise _refused("", "文件应为一张判定表", "The file must hold one decision table")
    return described


def _example(item: Any, number: int) -> Example:
    pointer = f"/examples/{number}"
    example = _mapping(item, pointer)
    _refuse_strange_keys(example, {"name", "context", "expected"}, pointer)
    return Example(
        name=_text(example, "name", f"{pointer}/name", longest=120),
        context=dict(_mapping(example.get("context") or {}, f"{pointer}/context")),
        expected=dict(_mapping(example.get("expected") or {}, f"{pointer}/expected")),
    )


def _input(item: Any, number: int) -> Input:
    pointer = f"/inputs/{number}"
    column = _mapping(item, pointer)
    _refuse_strange_keys(column, {"name", "type", "zh", "en", "codes"}, pointer)
    return Input(
        name=_text(column, "name", f"{pointer}/name", longest=60),
        type=_one_of(column.get("type"), ValueType, f"{pointer}/type"),
        zh=_text(column, "zh", f"{pointer}/zh", longest=60),
        en=_text(column, "en", f"{pointer}/en", longest=60),
        codes=_text(column, "codes", f"{pointer}/codes", longest=80, may_lack=True),
    )


def _output(item: Any, number: int) -> Output:
    pointer = f"/outputs/{number}"
    column = _mapping(item, pointer)
    _refuse_strange_keys(column, {"name", "type", "zh", "en", "collect", "choices"}, pointer)
    return Output(
        name=_text(column, "name", f"{pointer}/name", longest=60),
        type=_one_of(column.get("type"), ValueType, f"{pointer}/type"),
        zh=_text(column, "zh", f"{pointer}/zh", longest=60),
        en=_text(column, "en", f"{pointer}/en", longest=60),
        collect=column.get("collect", False) is True,
        choices=_choices(column.get("choices") or [], f"{pointer}/choices"),
    )


def _choices(item: Any, pointer: str) -> tuple[Choice, ...]:
    """A list of values, or values with their names: ``{customs: {zh: 海关, en: Customs}}``."""
    if isinstance(item, list) and all(isinstance(value, str) for value in item):
        return tuple(Choice(value) for value in item)
    if not isinstance(item, dict) or not all(isinstance(value, str) for value in item):
        raise _refused(pointer, "可选范围应为一组文字，或“值: {zh, en}”", "The choices are texts, or texts with names")
    return tuple(
        Choice(
            value,
            _text(_mapping(names, f"{pointer}/{value}"), "zh", f"{pointer}/{value}/zh", longest=200),
            _text(_mapping(names, f"{pointer}/{value}"), "en", f"{pointer}/{value}/en", longest=200),
        )
        for value, names in item.items()
    )


def _row(item: Any, number: int) -> Row:
    pointer = f"/rows/{number}"
    row = _mapping(item, pointer)
    _refuse_strange_keys(row, {"id", "when", "then", "zh", "en"}, pointer)
    when = _mapping(row.get("when") or {}, f"{pointer}/when")
    for name, cell in when.items():
        if not isinstance(cell, str):
            raise _refused(
                f"{pointer}/when/{name}",
                f"条件 {cell!r} 须加引号，写成文字",
                f"The condition {cell!r} must be quoted, as a text",
            )
    then = _mapping(row.get("then") or {}, f"{pointer}/then")
    for name, value in then.items():
        if not isinstance(value, str | int | float | bool | list | None):
            raise _refused(
                f"{pointer}/then/{name}",
                f"结果 {value!r} 须为文字、数字、是否或一组文字",
                f"The result {value!r} must be a text, number, yes or no, or a list of texts",
            )
    return Row(
        id=str(row.get("id", "")),
        when={str(name): cell for name, cell in when.items()},
        then={str(name): value for name, value in then.items()},
        zh=_text(row, "zh", f"{pointer}/zh", longest=200, may_lack=True),
        en=_text(row, "en", f"{pointer}/en", longest=400, may_lack=True),
    )


def _names(described: Mapping[str, Any], pointer: str) -> tuple[str, str]:
    names = _mapping(described.get("name"), f"{pointer}name")
    return _text(names, "zh", f"{pointer}name/zh", longest=120), _text(names, "en", f"{pointer}name/en", longest=120)


def _mapping(item: Any, pointer: str) -> Mapping[str, Any]:
    if not isinstance(item, dict):
        raise _refused(pointer, "此处应为“名称: 值”", "Names with values are expected here")
    return item


def _list(described: Mapping[str, Any], name: str, pointer: str) -> list[Any]:
    items = described.get(name)
    if not isinstance(items, list):
        raise _refused(pointer, "此处应为列表", "A list is expected here")
    return items


def _text(item: Mapping[str, Any], name: str, pointer: str, *, longest: int, may_lack: bool = False) -> str:
    value = item.get(name, "" if may_lack else None)
    if not isinstance(value, str) or (not value.strip() and not may_lack) or len(value) > longest:
        raise _refused(pointer, f"此处应为 1 至 {longest} 字的文字", f"A text of 1 to {longest} characters is expected")
    return value.strip()


def _one_of(value: Any, choices: Any, pointer: str) -> Any:
    try:
        return choices(value)
    except ValueError:
        known = "、".join(choices)
        raise _refused(pointer, f"“{value}”不在可选范围（{known}）", f"{value!r} is none of {known}") from None


def _refuse_strange_keys(item: Mapping[str, Any], known: set[str], pointer: str) -> None:
    strange = sorted(str(name) for name in item.keys() - known)
    if strange:
        raise _refused(f"{pointer}/{strange[0]}", f"不认识“{strange[0]}”", f"{strange[0]!r} is not known here")


def _refused(pointer: str, zh: str, en: str) -> TableNotAcceptable:
    return TableNotAcceptable(
        [
            Problem(
                code="DEC-FILE",
                pointer=pointer,
                severity="error",
                zh=zh,
                en=en,
                fix_zh="更正文件后重新载入",
                fix_en="Mend the file and load it again",
            )
        ]
    )
