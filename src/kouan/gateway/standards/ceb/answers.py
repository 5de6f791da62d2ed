"""Makes the receipts that Kouan itself may issue, and reads what official ones say.

Kouan acknowledges and tells what its check found. It never speaks for the electronic port or for customs: a status of
theirs is refused here unless the caller is the counterpart that plays them in tests and demonstrations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from kouan.kernel import dates
from kouan.records.problems import Problem

from .fields import fields_of
from .receipts import FormatReceipt
from .statuses import CHECKED, STATUSES, status_of
from .types import KINDS, LIMITS, Envelope, Node

_NONE = "无"  # the standard's own word where a code is asked for and there is none
_LONGEST_INFO = 1000
_LONGEST_FORMAT_INFO = 5000
_LONGEST_BEGINNING = 65536  # bytes
_OF_A_RECEIPT = 100  # more elements and attributes than a receipt has itself
_ENTRY = re.compile(r"\[Code:([^;\]]*);Desc:(.*?)\](?=\[Code:|$)", re.DOTALL)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class NotOursToSay(Exception):
    """A status of the electronic port or of customs was to be issued by Kouan."""


def answer(
    kind: str,
    head: Any,
    *,
    status: str,
    info: str,
    at: datetime,
    guid: str,
    as_counterpart: bool = False,
    **more: str,
) -> Any:
    """Make the receipt of one node: the typed head of the receipt kind.

    kind: of the declaration (``621``). head: its head; every field that the receipt shares by name is taken over.
    more: further fields of the receipt by our word (``list_no`` …). guid: 36 characters, the receipt's own.
    as_counterpart: lets official statuses through; for the counterpart that plays the national side, nothing else.
    Raises NotOursToSay.
    """
    receipt_kind = KINDS[kind].receipt
    if receipt_kind is None:
        raise ValueError(f"{kind} is not answered by a receipt")
    if not as_counterpart and not _is_ours(status):
        raise NotOursToSay(f"returnStatus {status} is the word of the electronic port or of customs")
    receipt = KINDS[receipt_kind].head
    values = {one.name: getattr(head, one.name, None) or None for one in fields_of(receipt)}
    if "internal_no" in values and not values["internal_no"]:
        values["internal_no"] = _NONE
    values.update(guid=guid, return_status=status, return_time=dates.format_stamp(at), return_info=_fit(info), **more)
    return receipt(**values)


def answer_check(kind: str, node: Node, *, at: datetime, guid: str) -> Any:
    """Make the receipt that tells what Kouan's check of a node found: its first error as status, or 91."""
    errors = [one for one in node.problems if one.is_error]
    shown = errors or node.problems
    info = info_of(shown) if shown else f"[Code:{CHECKED};Desc:{STATUSES[CHECKED].zh}]"
    return answer(kind, node.head, status=errors[0].code if errors else CHECKED, info=info, at=at, guid=guid)


def _is_ours(status: str) -> bool:
    known = STATUSES.get(status)
    return known.issuer == "kouan" if known else status.startswith("-") or status in {"0001", "0002", "1001", "1004"}


def message_of(kind: str, heads: Iterable[Any], *, guid: str) -> Envelope:
    """Put receipts of one declaration kind into a message, to be written by ``codec.encode``."""
    receipt_kind = KINDS[kind].receipt or kind
    nodes = [Node(place, head, [], b"") for place, head in enumerate(heads, 1)]
    return Envelope(receipt_kind, guid, "1.0", nodes)


def format_answer(
    problem: Problem, raw: bytes, *, at: datetime, guid: str, message_id: str = "", kind: str | None = None
) -> Envelope:
    """Make the format check receipt CEB900 for a message that is refused as a whole.

    raw: what arrived; it is given back as text, with a replacement wherever XML cannot carry it, and only its beginning
    where all of it would make a receipt that is itself too large to be read. message_id: of the transport envelope.
    Numbers of the transport table (``0001``) get a minus sign, because below zero means failure.
    """
    status = problem.code if problem.code.startswith("-") else f"-{problem.code}"
    given_back = raw if _is_readable_inside(raw) else raw[:_LONGEST_BEGINNING]
    text = _UNPRINTABLE.sub("\ufffd", given_back.decode("utf-8", "replace"))
    original = text.replace("\r\n", "\n").replace("\r", "\n")
    head = FormatReceipt(
        guid=guid,
        return_status=status,
        return_info=_fit(info_of([problem]), _LONGEST_FORMAT_INFO),
        return_time=dates.format_stamp(at),
        original_message_id=message_id[:255],
        original_type=KINDS[kind].root if kind in KINDS else "Unknown",
        original=original,
    )
    return Envelope("900", guid, "1.0", [Node(1, head, [], b"")])


def _is_readable_inside(raw: bytes) -> bool:
    """Whether a message may stand in a receipt without making it too large for a reader."""
    return (
        len(raw) * 3 < LIMITS.size  # a byte that is no character becomes three
        and raw.count(b"<") < LIMITS.elements - _OF_A_RECEIPT
        and raw.count(b"=") < LIMITS.attributes - _OF_A_RECEIPT
    )


def info_of(problems: Sequence[Problem]) -> str:
    """Write problems as the text of a receipt, in the form seen in official ones: ``[Code:…;Desc:…]``."""
    parts = []
    for one in problems:
        place = one.pointer.rpartition("/")[2]
        parts.append(f"[Code:{one.code};Desc:{_bare(f'{place} {one.zh}{one.fix_zh}'.strip())}]")
    return "".join(parts)


def parse_info(info: str) -> list[tuple[str, str]]:
    """Read code and text of each entry of a receipt's info; text of another form comes as one entry without code."""
    entries = [(code.strip(), text.strip()) for code, text in _ENTRY.findall(info)]
    return entries or [("", info.strip())]


def meaning_of(receipt: Any) -> tuple[str, str]:
    """Say what a receipt says, in Chinese and English, with its own words behind."""
    status = status_of(receipt.return_status or "")
    texts = "；".join(text for _, text in parse_info(receipt.return_info or "") if text)
    return (f"{status.zh}：{texts}" if texts else status.zh), (f"{status.en}: {texts}" if texts else status.en)


def _bare(text: str) -> str:
    return text.replace("[", "（").replace("]", "）")


def _fit(text: str, longest: int = _LONGEST_INFO) -> str:
    text = _UNPRINTABLE.sub("\ufffd", text) or _NONE
    return text if len(text) <= longest else text[: longest - 1] + "…"
