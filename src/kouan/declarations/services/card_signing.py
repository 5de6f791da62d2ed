"""Signing with the card: the messages of a draft go out as they were written, and come back with a signature.

A firm that appointed no key service signs with its own card, in its own middleware. What comes back has to be the very
message that went out, verified by the policy of the firm's channel; then it is received byte for byte like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.declarations.codes import DraftState
from kouan.declarations.models import Draft, DraftMessage
from kouan.declarations.services.covering import require_client
from kouan.declarations.services.drafting import receive_at_desk
from kouan.declarations.services.summaries import hold_for
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.services.certificates import trusted_for
from kouan.gateway.services.connections import desk_of
from kouan.gateway.services.receiving import NotReceived, unpack
from kouan.gateway.services.verifying import verify_signature
from kouan.gateway.standards.ceb.codec import Reading, read
from kouan.gateway.standards.ceb.types import KINDS, UnreadableMessage
from kouan.gateway.standards.xmldsig.comparing import is_same_but_for_signature
from kouan.gateway.standards.xmldsig.documents import UnparsableDocument
from kouan.gateway.standards.xmldsig.trust import TrustedCertificates
from kouan.records.problems import Problem
from kouan.safekeeping.safe import safe

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.gateway.models import Connection


class NotTaken(Exception):
    """A file that was handed in is no signed message of this draft."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.en)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of signed files: the draft as it stands now, how many were taken, and what is wrong with others."""

    draft: Draft
    count: int
    problems: Sequence[Problem]


def must_be_signed(message: DraftMessage) -> bool:
    """Whether the standard demands a signature: of a list it does, of order, payment and waybill it does not."""
    return KINDS[message.kind].signature == "required"


def take_signed(*, user: User, draft_id: UUID, files: Iterable[tuple[str, bytes]], at: datetime) -> Taken:
    """Take signed messages back; declare the draft once all that have to be signed are, and no file was wrong.

    files: names and bytes, each a message or a zip of messages. A file that is wrong is told and changes nothing; the
    others are kept. Raises NotAllowed when the draft waits for no signature, NotDelegated after the client's
    delegation has ended.
    """
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        draft = _lock_awaiting(user, draft_id)
        if draft.source == "form":
            require_client(user=user, values=draft.values, at=at)
        awaited = list(draft.messages.order_by("number"))
        channel = desk_of(organisation_id=draft.organisation_id, at=at)
        trusted = trusted_for([draft.organisation_id], at=at)[draft.organisation_id]
        count, problems = 0, []
        for name, body in files:
            try:
                for inner, raw in unpack(body, name):
                    message, found = _recognise(inner, raw, awaited, channel, trusted, at)
                    problems += found
                    message.signed, message.signed_at = safe().keep(raw, at, level=3), at
                    message.save(update_fields=["signed", "signed_at", "signer", "serial"])
                    count += 1
            except (NotReceived, NotTaken) as refusal:
                problems.append(_at_file(refusal.problem, name))
        if count:
            _record(user, draft, "sign_draft", at, signed=count)
        if not any(problem.is_error for problem in problems) and _is_complete(awaited):
            _hand_in(user, draft, awaited, at)
    return Taken(draft, count, problems)


def reopen_draft(*, user: User, draft_id: UUID, at: datetime) -> Draft:
    """Take a draft that waits for its signatures back to be changed; what was signed of it is thrown away."""
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        draft = _lock_awaiting(user, draft_id)
        if draft.source != "form":
            raise NotAllowed(
                "只有页面录入的申报能退回修改。", "Only what was filled in on the form can be taken back.",
                "请删除这份草稿，重新上传表格或重新申请。", "Discard it, and upload the sheet or apply again.",
                code="-950036",
            )  # fmt: skip
        draft.messages.all().delete()
        draft.state, draft.updated_at = DraftState.DRAFT, at
        draft.save(update_fields=["state", "updated_at"])
        _record(user, draft, "reopen_draft", at)
    return draft


def _lock_awaiting(user: User, draft_id: UUID) -> Draft:
    draft: Draft = get_visible(Draft.objects.select_for_update(), user, pk=draft_id)
    if draft.state != DraftState.AWAITING_SIGNATURE:
        raise NotAllowed(
            "该草稿不在等待签名。", "This draft waits for no signature.", "请刷新页面查看它的状态。",
            "Reload the page to see where it stands.", code="-950030",
        )  # fmt: skip
    return draft


def _recognise(
    name: str,
    raw: bytes,
    awaited: Sequence[DraftMessage],
    channel: Connection,
    trusted: TrustedCertificates,
    at: datetime,
) -> tuple[DraftMessage, list[Problem]]:
    """Find the message that a file is the signed form of; give also what its signature makes doubtful.

    Raises NotTaken.
    """
    try:
        reading = read(raw)
    except UnreadableMessage as reason:
        raise NotTaken(reason.problem) from reason
    message = _counterpart_of(name, raw, reading, awaited)
    if not reading.envelope.signature_present:
        raise NotTaken(
            _problem("-950034", f"{name} 没有签名", f"{name} carries no signature",
                     "请用卡片客户端签名后再上传", "Sign it with the card, then hand it in")
        )  # fmt: skip
    if channel.signature_policy == SignaturePolicy.OFF:
        return message, []
    verification, problems = verify_signature(reading, channel, trusted, at)
    if error := next((problem for problem in problems if problem.is_error), None):
        raise NotTaken(error)
    message.signer, message.serial = verification.subject[:300], verification.certificate_serial[:64]
    return message, [_at_file(problem, name) for problem in problems]


def _counterpart_of(name: str, raw: bytes, reading: Reading, awaited: Sequence[DraftMessage]) -> DraftMessage:
    """Find the message of the same kind and guid, and make sure that only a signature was added. Raises NotTaken."""
    envelope = reading.envelope
    message = next((one for one in awaited if (one.kind, one.guid) == (envelope.kind, envelope.guid)), None)
    if message is None:
        raise NotTaken(
            _problem("-950031", f"{name} 不是本申报的报文（CEB{envelope.kind}，编号 {envelope.guid or '无'}）",
                     f"{name} is no message of this declaration (CEB{envelope.kind}, guid {envelope.guid or 'none'})",
                     "请上传由本页下载并签名的文件", "Hand in the files that were downloaded here and signed")
        )  # fmt: skip
    try:
        is_same = is_same_but_for_signature(raw, unsigned_of(message))
    except UnparsableDocument as fault:
        raise NotTaken(
            _problem("-950032", f"{name} 无法核对内容：{fault}", f"The content of {name} cannot be compared: {fault}",
                     "请对下载的原文件重新签名", "Sign the downloaded file again")
        ) from None  # fmt: skip
    if not is_same:
        raise NotTaken(
            _problem("-950033", f"{name} 的内容与本页给出的报文不同",
                     f"The content of {name} is not that of the message given out here",
                     "请下载原文件，不作任何改动直接签名", "Download the file again and sign it without any change")
        )  # fmt: skip
    return message


def unsigned_of(message: DraftMessage) -> bytes:
    """Give a message as it was written, to be signed."""
    return safe().take(bytes(message.unsigned))


def _is_complete(awaited: Sequence[DraftMessage]) -> bool:
    return all(message.signed is not None or not must_be_signed(message) for message in awaited)


def _hand_in(user: User, draft: Draft, awaited: Sequence[DraftMessage], at: datetime) -> None:
    """Receive the messages byte for byte: signed where a signature came back."""
    raws = [unsigned_of(one) if one.signed is None else safe().take(bytes(one.signed)) for one in awaited]
    draft.message_ids = receive_at_desk(organisation_id=draft.organisation_id, raws=raws, at=at)
    draft.state, draft.updated_at = DraftState.DECLARED, at
    draft.save(update_fields=["message_ids", "state", "updated_at"])
    hold_for(draft.message_ids[0], instead_of=draft.pk)
    _record(user, draft, "declare_draft", at, state=str(draft.state))


def _record(user: User, draft: Draft, act: str, at: datetime, **detail: object) -> None:
    audit.record(actor=user, act=act, subject_kind="draft", subject_id=draft.pk, at=at, detail=detail)


def _at_file(problem: Problem, name: str) -> Problem:
    """Say at which file a problem was found."""
    return Problem(problem.code, name, problem.severity, problem.zh, problem.en, problem.fix_zh, problem.fix_en)


def _problem(code: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Problem:
    return Problem(code, "", "error", zh, en, fix_zh, fix_en)
