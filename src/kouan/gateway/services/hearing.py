"""Hearing: what the other side says in the answer to a message that was posted to it.

A status below 200 or above 299 speaks for itself (``transports.http``). A success may still carry a report of the
platform, a receipt bare or in an envelope, a web page of something that stands in between, or nothing at all. What is
a receipt is handed on to be received like any letter; the answer itself is kept with the attempt, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kouan.gateway.codes import Heard, Outcome
from kouan.gateway.standards.ceb.codec import UnreadableMessage, decode
from kouan.gateway.standards.ceb.receipts import FormatReceipt
from kouan.gateway.standards.dec.reading import kind_of as kind_of_goods
from kouan.gateway.standards.dec.types import ROOT as GOODS
from kouan.gateway.standards.dxp.codec import UnreadableEnvelope, open_message, read_report
from kouan.gateway.standards.dxp.types import response_meaning
from kouan.gateway.standards.xmldsig.documents import root_name
from kouan.gateway.transports import Answer, Sent
from kouan.gateway.transports.http import BROKE_OFF, DENIED, TOO_LONG

_LATER = frozenset({"-1201005", "-1201008"})
"""What the platform says of a receiver that is not there just now: the message is right and is sent again."""
_DOCTYPE = re.compile(rb"\s*<!doctype\s+html", re.IGNORECASE)
_NOTED_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Hearing:
    """What an answer is, how the attempt ended by it, why in both languages, and the receipt that it brought."""

    heard: Heard
    outcome: Outcome
    detail: str
    letter: bytes | None = None


def hear(sent: Sent) -> Hearing | None:
    """Understand the answer to one attempt; ``None`` where none came back (a folder, a line that broke)."""
    answer = sent.answer
    if answer is None:
        return None
    if sent.outcome != Outcome.DELIVERED:
        return Hearing(_by_status(answer), Outcome(sent.outcome), sent.detail)
    if answer.fault == BROKE_OFF:
        return Hearing(
            Heard.BROKE_OFF, Outcome.UNREACHABLE,
            _say(answer, "对方的答复没有收完整，将再次发送", "the answer broke off or took too long; it is sent again"),
        )  # fmt: skip
    if answer.fault == TOO_LONG:
        return _taken(Heard.TOO_LONG, answer, "答复过长，只留存开头", "the answer is too long; its beginning is kept")
    if not answer.body.strip():
        return _taken(Heard.EMPTY, answer, "对方已收，没有正文", "taken, without a word")
    return _by_content(answer)


def _by_status(answer: Answer) -> Heard:
    if answer.status in DENIED:
        return Heard.DENIED
    if 300 <= answer.status < 400:
        return Heard.REDIRECT
    return Heard.FAULT if answer.status >= 500 else Heard.REFUSAL


def _by_content(answer: Answer) -> Hearing:
    """Understand a whole answer with a body, by the root of what it holds."""
    root = root_name(answer.body)
    if root.lower() == "html" or "html" in answer.content_type.lower() or _DOCTYPE.match(answer.body):
        return Hearing(
            Heard.WEB_PAGE, Outcome.UNREACHABLE,
            _say(answer, "答复是网页（多为登录页或代理），不算收到，请核对地址",
                 "a web page answered, perhaps a proxy: not taken; look at the address"),
        )  # fmt: skip
    read: Callable[[Answer], Hearing] | None = _READERS.get(root) or (_receipt if _is_receipt(root, answer) else None)
    if read is None:
        return _taken(Heard.OTHER, answer, "对方已收，答复的内容不识别", "taken; what else it says is not understood")
    try:
        return read(answer)
    except (UnreadableEnvelope, UnreadableMessage) as fault:
        return _taken(
            Heard.UNREADABLE, answer,
            f"对方已收，答复无法解读：{fault.problem.zh}", f"taken; the answer cannot be read: {fault.problem.en}",
        )  # fmt: skip


def _report(answer: Answer) -> Hearing:
    """The platform's own report: the first response that is no success decides."""
    responses = read_report(answer.body).responses
    bad = [one for one in responses if one.code.strip() != "0"]
    if not bad:
        return _taken(Heard.REPORT, answer, *response_meaning("0"))
    worst = next((one for one in bad if one.code.strip() not in _LATER), bad[0])
    zh, en = response_meaning(worst.code.strip())
    is_later = worst.code.strip() in _LATER
    return Hearing(
        Heard.REPORT,
        Outcome.UNREACHABLE if is_later else Outcome.REFUSED,
        f"{worst.code.strip()} {zh} / {en}: {worst.info or ''}"[:_NOTED_CHARACTERS],
    )


def _envelope(answer: Answer) -> Hearing:
    """An envelope: what is inside is a receipt, or something that is none."""
    inside = open_message(answer.body).data
    root = root_name(inside)
    if not _is_receipt(root, Answer(answer.status, "", inside)):
        return _taken(Heard.OTHER, answer, "对方已收，信封里不是回执", "taken; the envelope holds no receipt")
    return _judged(inside, answer, Heard.ENVELOPE)


def _receipt(answer: Answer) -> Hearing:
    return _judged(answer.body, answer, Heard.RECEIPT)


def _judged(receipt: bytes, answer: Answer, heard: Heard) -> Hearing:
    """A receipt is received like a letter; the one of the format check says besides that the message was not taken."""
    if root_name(receipt) == "CEB900Message":
        head = decode(receipt).nodes[0].head
        if isinstance(head, FormatReceipt) and (head.return_status or "").strip().startswith("-"):
            detail = f"{head.return_status} 报文格式校验未通过 / the format check failed: {head.return_info or ''}"
            return Hearing(Heard.FORMAT_FAULT, Outcome.REFUSED, detail[:_NOTED_CHARACTERS], answer.body)
    taken = _taken(heard, answer, "对方已收，并附回执", "taken, with a receipt")
    return Hearing(heard, taken.outcome, taken.detail, answer.body)


_READERS: dict[str, Callable[[Answer], Hearing]] = {"DxpRep": _report, "DxpMsg": _envelope}


def _is_receipt(root: str, answer: Answer) -> bool:
    """Whether a document is one that only the national side issues: the numbers of its receipts are even."""
    if root.startswith("CEB") and root.endswith("Message") and root[3:-7].isdigit():
        return int(root[3:-7]) % 2 == 0
    return kind_of_goods(answer.body) not in (None, GOODS)


def _taken(heard: Heard, answer: Answer, zh: str, en: str) -> Hearing:
    return Hearing(heard, Outcome.DELIVERED, _say(answer, zh, en))


def _say(answer: Answer, zh: str, en: str) -> str:
    return f"HTTP {answer.status} {zh} / {en}"[:_NOTED_CHARACTERS]
