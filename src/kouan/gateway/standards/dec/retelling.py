"""Writes the reference page of goods declarations from the tables that the code runs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .channels import CHANNELS
from .codes import CODES
from .fields import EDITIONS, Field, Nested, parts_of
from .rules import RULES
from .types import BLOCKS, Block

_ISSUERS = {"client": "导入客户端 / import client", "centre": "数据中心 / data centre", "customs": "海关 / customs"}


def reference_page() -> str:
    """Give the page in Markdown: parts with their fields, rules, channels, codes."""
    return "\n".join([*_opening(), *_parts(), *_rules(), *_channels(), *_codes()]) + "\n"


def _opening() -> Iterator[str]:
    yield "# DecMessage 报关单：字段、规则、回执、代码 / fields, rules, receipts, codes"
    yield ""
    yield "由 `./kouan message describe dec` 生成，勿手改。Generated; do not edit. 说明见 [dec.md](dec.md)。"
    yield ""


def _parts() -> Iterator[str]:
    for block in BLOCKS:
        yield from _part(block)


def _part(block: Block) -> Iterator[str]:
    path = "/".join(one for one in (block.wrapper, block.element) if one)
    most = f"最多 {block.most} 个 / at most {block.most}" if block.is_list else "一个 / one"
    yield f"## {path} · {' '.join((block.block.__doc__ or '').split())}"
    yield ""
    yield f"{most}{'；4.x 起 / since 4.x' if block.later else ''}。"
    yield ""
    yield from _fields(block.block)


def _fields(block: type) -> Iterator[str]:
    flat = [part for part in parts_of(block) if isinstance(part, Field)]
    heads = (
        "元素 / element",
        "本系统 / ours",
        *(f"{one} 格式 / form" for one in EDITIONS),
        "要求 / need",
        "含义 / meaning",
    )
    rows = (
        (f"`{one.element}`", f"`{one.name}`", *(form.text for form in one.forms), _need(one), one.zh) for one in flat
    )
    yield from _table(heads, rows)
    for part in parts_of(block):
        if isinstance(part, Nested):
            yield f"### {part.element} · {' '.join((part.block.__doc__ or '').split())}"
            yield ""
            yield from _fields(part.block)


def _need(one: Field) -> str:
    if one.needed_to_save:
        return "暂存必填 / to save"
    return "申报必填 / to declare" if one.needed_to_declare else "选填 / optional"


def _rules() -> Iterator[str]:
    yield "## 规则 / rules"
    yield ""
    for rule in RULES:
        yield "- " + " ".join((rule.__doc__ or "").split())
    yield ""


def _channels() -> Iterator[str]:
    yield "## 业务回执 / channels"
    yield ""
    rows = ((f"`{one.code}`", one.zh, one.en, _ISSUERS[one.issuer]) for one in CHANNELS.values())
    yield from _table(("代码 / code", "中文", "English", "谁说的 / whose word"), rows)


def _codes() -> Iterator[str]:
    yield "## 问题代码 / codes of problems"
    yield ""
    rows = ((f"`{one.code}`", one.zh, one.en, one.fix_zh, one.fix_en) for one in CODES.values())
    yield from _table(("代码 / code", "含义", "meaning", "处理", "remedy"), rows)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""
