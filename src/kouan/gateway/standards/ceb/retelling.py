"""Writes the reference page of the CEB standard from the tables that the code runs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .checks import RULES
from .codes import CODES
from .declarations import BaseSubscribe, BaseTransfer, ExtendMessage
from .fields import fields_of
from .statuses import STATUSES
from .types import KINDS, Kind

_NEEDS = {"M": "必填 M", "O": "选填 O", "X": "超出规范 X"}
_SIGNATURES = {"required": "申报必须签名 / required", "optional": "可签名 / optional", "none": "无 / none"}


def reference_page() -> str:
    """Give the page in Markdown: messages with their fields, rules, states, codes."""
    return "\n".join([*_opening(), *_messages(), *_rules(), *_states(), *_codes()]) + "\n"


def _opening() -> Iterator[str]:
    yield "# CEB 统一版：字段、规则、状态、代码 / fields, rules, states, codes"
    yield ""
    yield "由 `./kouan message describe ceb` 生成，勿手改。Generated; do not edit. 说明见 [ceb.md](ceb.md)。"
    yield ""


def _messages() -> Iterator[str]:
    for kind in KINDS.values():
        yield from _message(kind)
    for block in (BaseTransfer, BaseSubscribe, ExtendMessage):
        yield f"## {block.__name__}"
        yield ""
        yield from _fields(block)


def _message(kind: Kind) -> Iterator[str]:
    yield f"## CEB{kind.code} {kind.zh} · {kind.en}"
    yield ""
    limit = "不限 / unlimited" if kind.max_nodes is None else f"最多 {kind.max_nodes} 个 / at most {kind.max_nodes}"
    yield f"节点 / node `{kind.node}`，{limit}。签名 / signature：{_SIGNATURES[kind.signature]}。"
    if kind.receipt:
        yield f"回执 / receipt：CEB{kind.receipt}。"
    yield ""
    if kind.head_element:
        yield f"### {kind.head_element}"
        yield ""
    yield from _fields(kind.head)
    if kind.line:
        most = "不限 / unlimited" if kind.max_lines is None else str(kind.max_lines)
        yield f"### {kind.line_element}（1..{most}）"
        yield ""
        yield from _fields(kind.line)


def _fields(block: type) -> Iterator[str]:
    rows = ((f"`{one.element}`", f"`{one.name}`", one.form, _NEEDS[one.need], one.zh) for one in fields_of(block))
    yield from _table(("元素 / element", "本系统 / ours", "格式 / form", "要求 / need", "含义 / meaning"), rows)


def _rules() -> Iterator[str]:
    yield "## 规则 / rules"
    yield ""
    for code, rules in RULES.items():
        yield f"### CEB{code}"
        yield ""
        for rule in rules:
            yield "- " + " ".join((rule.__doc__ or "").split())
        yield ""


def _states() -> Iterator[str]:
    yield "## 回执状态 / return states"
    yield ""
    issuers = {"port": "电子口岸 / electronic port", "customs": "海关 / customs", "kouan": "口岸平台 / Kouan"}
    rows = ((one.code, one.zh, one.en, issuers[one.issuer], " ".join(one.kinds)) for one in STATUSES.values())
    yield from _table(("代码 / code", "中文", "English", "谁说的 / whose word", "报文 / messages"), rows)


def _codes() -> Iterator[str]:
    yield "## 错误码 / error codes"
    yield ""
    rows = ((f"`{one.code}`", one.zh, one.en, one.fix_zh, one.fix_en) for one in CODES.values())
    yield from _table(("代码 / code", "含义", "meaning", "处理", "remedy"), rows)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""
