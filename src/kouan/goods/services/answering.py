"""Answering: what the national side says of declarations is kept, laid on them, and handed back untouched.

An answer whose declaration is not known yet waits in the open; it is placed as soon as an import response brings the
number that it names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kouan.audit import services as audit
from kouan.audit.types import SystemActor
from kouan.gateway import selectors as gateway
from kouan.gateway.codes import Issuer, Step
from kouan.gateway.masking import masked_words
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.unwrapping import UnreadableMessage as UnreadableEnvelope
from kouan.gateway.services.unwrapping import unwrap, unwrap_bytes
from kouan.gateway.services.working import Claimed, finish
from kouan.gateway.standards.dec.receipts import (
    BusinessReceipt,
    ClientFailure,
    ImportResponse,
    Receipt,
    TransitReceipt,
    read_receipts,
)
from kouan.gateway.standards.dec.types import UnreadableMessage
from kouan.goods.codes import TaxKind
from kouan.goods.models import GoodsAnswer, GoodsDeclaration, GoodsTax, GoodsVersion
from kouan.goods.services import applying
from kouan.goods.services.timing import note_deadline
from kouan.goods.states import (
    GRANTING,
    GoodsFacts,
    GoodsState,
    state_of_goods,
    supersedes,
    tells_of_declaring,
)
from kouan.workflow.services import Happening, record_events

_ACTOR = SystemActor("报关单官方回执")
_SENT_NAME = re.compile(r"DEC_([0-9a-f]{32})")
"""Under which name a declaration left (see ``gateway.services.leaving``): the client's notes repeat it."""
_TAX_OF = {"T": TaxKind.DUE, "B": TaxKind.GUARANTEED}


class UnreadableReceipt(Exception):
    """An official message cannot be read; it is parked where people see it."""


@dataclass(slots=True)
class _Said:
    """One answer with the declaration that it speaks of."""

    answer: GoodsAnswer
    declaration: GoodsDeclaration | None
    message: Claimed
    direct_id: UUID | None = None


def answer_goods(messages: Sequence[Claimed], at: datetime) -> list[UUID]:
    """Take a batch of official messages of goods declarations; return the declarations that they touch."""
    names = gateway.file_names_of([message.id for message in messages])
    said = [one for message in messages for one in _read(message, names.get(message.id, ""), at)]
    found = _find(said)
    touched: dict[UUID, GoodsDeclaration] = {}
    for one in said:
        one.declaration = found.get(id(one))
        if one.declaration:
            touched[one.declaration.pk] = one.declaration
    GoodsAnswer.objects.bulk_create(_place(one) for one in said)
    for declaration in list(touched.values()):
        _place_waiting(declaration)
    _compute(touched.values(), at)
    issue(list(_receipts_back(said)), at=at)
    finish([message.id for message in messages], step=Step.ANSWER_GOODS)
    if touched:
        audit.record_batch(act="answer_goods", subject_kind="goods", ids_digest=audit.digest_of_ids(list(touched)),
                           count=len(said), at=at, actor=_ACTOR)  # fmt: skip
    return list(touched)


# Reading and finding -------------------------------------------------------------------------------------------------


def _read(message: Claimed, file_name: str, at: datetime) -> list[_Said]:
    try:
        read = read_receipts(unwrap(message).raw)
    except (UnreadableMessage, UnreadableEnvelope) as reason:
        raise UnreadableReceipt(reason.problem.en) from reason
    named = _SENT_NAME.search(file_name)
    return [
        _Said(_answer_of(receipt, read.kind, message, place, at), None, message, UUID(named[1]) if named else None)
        for place, receipt in enumerate(read.receipts, 1)
    ]


def _answer_of(receipt: Receipt, kind: str, message: Claimed, place: int, at: datetime) -> GoodsAnswer:
    answer = GoodsAnswer(message_id=message.id, place=place, kind=kind, received_at=at)
    if isinstance(receipt, ImportResponse):
        answer.code, answer.note, answer.noticed_at = receipt.code[:10], masked_words(receipt.message)[:1000], at
        answer.client_no, answer.seq_no = receipt.client_no[:40], receipt.seq_no[:18]
    elif isinstance(receipt, BusinessReceipt | TransitReceipt):
        answer.code, answer.note = receipt.channel[:10], masked_words(receipt.note)[:1000]
        answer.noticed_at, answer.seq_no = receipt.noticed_at, receipt.seq_no[:18]
        answer.entry_no = receipt.entry_no[:18] if isinstance(receipt, BusinessReceipt) else ""
    elif isinstance(receipt, ClientFailure):
        answer.code, answer.note, answer.noticed_at = receipt.code[:10], masked_words(receipt.message)[:1000], at
    return answer


def _find(said: Sequence[_Said]) -> dict[int, GoodsDeclaration]:
    """Find and lock the declarations that answers speak of: by the name of the file, else by the numbers they name."""
    by_message = dict(
        GoodsVersion.objects.filter(message_id__in=[one.direct_id for one in said if one.direct_id]).values_list(
            "message_id", "declaration_id"
        )
    )
    seq_nos = {one.answer.seq_no for one in said if one.answer.seq_no}
    entry_nos = {one.answer.entry_no for one in said if one.answer.entry_no}
    client_nos = {one.answer.client_no for one in said if one.answer.client_no}
    wanted = set(by_message.values())
    wanted |= set(GoodsDeclaration.objects.filter(seq_no__in=seq_nos).values_list("pk", flat=True))
    wanted |= set(GoodsDeclaration.objects.filter(entry_no__in=entry_nos).values_list("pk", flat=True))
    wanted |= set(GoodsDeclaration.objects.filter(client_no__in=client_nos).values_list("pk", flat=True))
    rows = {row.pk: row for row in GoodsDeclaration.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    by_seq = {row.seq_no: row for row in rows.values() if row.seq_no}
    by_entry = {row.entry_no: row for row in rows.values() if row.entry_no}
    by_client: dict[str, list[GoodsDeclaration]] = defaultdict(list)
    for row in rows.values():
        by_client[row.client_no].append(row)
    found: dict[int, GoodsDeclaration] = {}
    for one in said:
        row = rows.get(by_message.get(one.direct_id)) if one.direct_id else None  # type: ignore[arg-type]
        row = row or by_seq.get(one.answer.seq_no) or by_entry.get(one.answer.entry_no)
        row = row or _the_one(by_client.get(one.answer.client_no, []))
        if row is not None:
            found[id(one)] = row
            _take_numbers(row, one.answer, by_seq)
    return found


def _the_one(candidates: list[GoodsDeclaration]) -> GoodsDeclaration | None:
    """Choose among the declarations of one client number: the only one, else the only one that waits for an answer."""
    if len(candidates) > 1:
        candidates = [one for one in candidates if not one.seq_no and one.state == GoodsState.SENT]
    return candidates[0] if len(candidates) == 1 else None


def _take_numbers(row: GoodsDeclaration, answer: GoodsAnswer, by_seq: dict[str, GoodsDeclaration]) -> None:
    if answer.seq_no and (answer.kind != "DecResponse" or answer.code == "0") and not row.seq_no:
        row.seq_no = answer.seq_no
        by_seq[row.seq_no] = row
    if answer.entry_no and len(answer.entry_no) == 18:
        row.entry_no = answer.entry_no


# Placing -------------------------------------------------------------------------------------------------------------


def _place(one: _Said) -> GoodsAnswer:
    answer, declaration = one.answer, one.declaration
    if declaration is None:
        return answer
    _lay(answer, declaration, one.direct_id)
    return answer


def _place_waiting(declaration: GoodsDeclaration) -> None:
    """Lay the answers that came before their declaration was known, in the order of their times."""
    if not declaration.seq_no:
        return
    waiting = list(GoodsAnswer.objects.filter(declaration_id__isnull=True, seq_no=declaration.seq_no))
    for answer in sorted(waiting, key=lambda one: one.noticed_at or one.received_at):
        _lay(answer, declaration, None)
        GoodsAnswer.objects.filter(message_id=answer.message_id, place=answer.place).update(
            declaration_id=answer.declaration_id, version=answer.version, moved=answer.moved
        )


def lay_by_hand(answer: GoodsAnswer, declaration: GoodsDeclaration, *, at: datetime) -> None:
    """Lay a waiting answer on a declaration that somebody found for it, hand it back and compute the state anew.

    answer, declaration: locked by the caller, in the caller's transaction.
    """
    _take_numbers(declaration, answer, {})
    _lay(answer, declaration, None)
    GoodsAnswer.objects.filter(message_id=answer.message_id, place=answer.place).update(
        declaration_id=answer.declaration_id, version=answer.version, moved=answer.moved
    )
    _place_waiting(declaration)
    _compute([declaration], at)
    kept = gateway.get_message(message_id=answer.message_id, organisation_ids=None)
    if kept.raw is None:
        return
    raw = unwrap_bytes(kept.raw, "dxp" if kept.kind == "DxpMsg" else "dec").raw
    spans = list(_RESULT.finditer(raw))
    body = _cut(raw, {answer.place}) if len(spans) > 1 else kept.raw
    issue([Outgoing(declaration.connection_id, declaration.sender_id, Issuer.NATIONAL, answer.kind,
                    declaration.message_id, answer.message_id, body, 1)], at=at)  # fmt: skip


def _lay(answer: GoodsAnswer, declaration: GoodsDeclaration, direct_id: UUID | None) -> None:
    """Lay an answer on a declaration: it moves the state if it speaks of the current version and is no step back."""
    answer.declaration_id = declaration.pk
    answer.version = _version_answered(answer, declaration, direct_id)
    if answer.version != declaration.version:
        return
    if answer.kind in ("DecResponse", "ClientFail"):
        answer.moved = not declaration.official_channel and declaration.import_code != "0"
        if answer.moved:
            declaration.import_code = answer.code or "fail"
            declaration.official_note = answer.note
        return
    if answer.kind == "TRN_RESULT":
        return
    at = answer.noticed_at or answer.received_at
    if declaration.declared_at is None and tells_of_declaring(answer.code):
        declaration.declared_at = at
    if supersedes(answer.code, at, declaration.official_channel, declaration.official_at):
        answer.moved = True
        declaration.official_channel, declaration.official_at = answer.code, at
        declaration.official_note = answer.note
    _note_tax(answer, declaration, at)


def _version_answered(answer: GoodsAnswer, declaration: GoodsDeclaration, direct_id: UUID | None) -> int:
    """Say which version an answer speaks of: the file names it, else the last one that had left before it was given."""
    if declaration.version == 1:
        return 1
    versions = list(GoodsVersion.objects.filter(declaration_id=declaration.pk).order_by("number"))
    for version in versions:
        if direct_id is not None and version.message_id == direct_id:
            return version.number
    at = answer.noticed_at or answer.received_at
    sent = gateway.delivered_times([version.message_id for version in versions])
    left = [version.number for version in versions if version.message_id in sent and sent[version.message_id] <= at]
    return max(left, default=1)


def _note_tax(answer: GoodsAnswer, declaration: GoodsDeclaration, at: datetime) -> None:
    kind = _TAX_OF.get(answer.code)
    if kind is None:
        return
    GoodsTax.objects.create(declaration_id=declaration.pk, kind=kind, is_official=True, at=at)
    if declaration.tax != TaxKind.PAID:
        declaration.tax = kind


# States --------------------------------------------------------------------------------------------------------------

_CHANGED = ("seq_no", "entry_no", "import_code", "official_channel", "official_at", "official_note", "tax", "state",
            "waits_for", "state_since", "released_at", "declared_at", "due_date", "due_for", "reminded")  # fmt: skip


def _compute(declarations: Iterable[GoodsDeclaration], at: datetime) -> None:
    """Compute the states anew and write what changed; every state that changed leaves an event."""
    happenings, deleted = [], []
    for row in declarations:
        facts = GoodsFacts(True, row.import_code, row.official_channel, row.tax == TaxKind.PAID)
        state, party = state_of_goods(facts)
        if state != row.state:
            happenings.append(Happening(row.pk, "goods", "stand", row.state, str(state), actor_label="系统"))
            row.state_since = at
            if state in GRANTING and row.released_at is None:
                row.released_at = row.official_at
            if state == GoodsState.DELETED:
                deleted.append(row.pk)
        row.state, row.waits_for = str(state), str(party)
        note_deadline(row)
        row.save(update_fields=_CHANGED)
    record_events(happenings, at=at)
    applying.carry_out_withdrawals(deleted, at=at)


def _receipts_back(said: Sequence[_Said]) -> Iterable[Outgoing]:
    """Hand official receipts back: byte for byte where all of a message is one channel's, else cut to its own."""
    places: dict[tuple[UUID, UUID], list[_Said]] = defaultdict(list)
    total: dict[UUID, int] = defaultdict(int)
    for one in said:
        total[one.message.id] += 1
        if one.declaration is not None:
            places[one.message.id, one.declaration.connection_id].append(one)
    for (message_id, _connection), own in places.items():
        first = own[0]
        assert first.declaration is not None
        whole = len(own) == total[message_id]
        body = first.message.raw if whole else _cut(unwrap(first.message).raw, {one.answer.place for one in own})
        yield Outgoing(
            first.declaration.connection_id, first.declaration.sender_id, Issuer.NATIONAL, first.answer.kind,
            first.declaration.message_id, message_id, body, len(own),
        )  # fmt: skip


_RESULT = re.compile(rb"<([A-Z]+_RESULT)[ >].*?</\1\s*>", re.DOTALL)


def _cut(raw: bytes, places: set[int]) -> bytes:
    """Leave out the results of others; what stays is as it came."""
    spans = list(_RESULT.finditer(raw))
    kept = [span[0] for place, span in enumerate(spans, 1) if place in places]
    return raw[: spans[0].start()] + b"".join(kept) + raw[spans[-1].end() :]
