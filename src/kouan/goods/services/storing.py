"""Storing: a batch of declarations is decoded, checked, written as versions with lines and files, and sent on.

One transaction. A declaration that fails leaves its check result and its message; its neighbours go on. Every message
gets one check result of Kouan's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.db import connection as database
from django.utils import timezone
from psycopg import Cursor

from kouan.accounts import selectors as accounts
from kouan.accounts.codes import GOODS_DOCUMENTS
from kouan.accounts.covering import Want, Why, cover
from kouan.audit import services as audit
from kouan.audit.types import SystemActor
from kouan.checking.selectors import firms_holding
from kouan.checking.states import CheckState
from kouan.gateway.codes import Carrier, Carries, Step
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.connections import channels_of, national_channel
from kouan.gateway.services.forwarding import forward
from kouan.gateway.services.unwrapping import UnreadableMessage as UnreadableEnvelope
from kouan.gateway.services.unwrapping import unwrap
from kouan.gateway.services.working import Claimed, finish, pass_on
from kouan.gateway.standards.dec.checks import Context, check
from kouan.gateway.standards.dec.document_types import step_of
from kouan.gateway.standards.dec.packing import Packet, check_packet, unpack
from kouan.gateway.standards.dec.plain import to_plain
from kouan.gateway.standards.dec.reader import decode
from kouan.gateway.standards.dec.types import ROOT, SAVING, Declaration, UnreadableMessage
from kouan.goods import rows
from kouan.goods.codes import GoodsFinding
from kouan.goods.judging import Standing, Verdict, judge
from kouan.goods.models import GoodsCheck, GoodsDeclaration, GoodsFile, GoodsItem, GoodsVersion, HeldMessage
from kouan.goods.natural import head_without_persons
from kouan.goods.services import applying
from kouan.goods.services.holding import WAITS, Sent, check_result, hold, stands_of
from kouan.goods.services.tables import tables_of
from kouan.goods.services.timing import nearest_deadline
from kouan.goods.states import GoodsFacts, GoodsState, Party, state_of_goods
from kouan.kernel.copying import NULL, copy_lines, time_text, to_line
from kouan.kernel.identifiers import uuid7_at
from kouan.records.problems import Problem, has_error
from kouan.workflow.services import Happening, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import Delegation
    from kouan.gateway.models import Connection

_ACTOR = SystemActor("报关单入库")
_NOTHING = UUID(int=0)
_OF_REFUSAL = {Why.NONE: "-961021", Why.SCOPE: "-961022", Why.TO_COME: "-961023", Why.ENDED: "-961024"}


@dataclass(slots=True)
class _Outcome:
    """What became of one message."""

    message: Claimed
    channel: Connection
    problems: list[Problem] = field(default_factory=list)
    declaration: Declaration | None = None
    packet: Packet | None = None
    digest: UUID = _NOTHING
    finding: GoodsFinding | None = None
    declaration_id: UUID | None = None
    number: int = 0
    delegation: Delegation | None = None
    refusal: Problem | None = None
    waits_for_check: bool = False
    is_checked: bool = False

    @property
    def client_no(self) -> str:
        return (self.declaration.signing.client_no or "")[:40] if self.declaration else ""

    @property
    def key(self) -> tuple[UUID, str]:
        return self.message.organisation_id, self.client_no


def store_goods(messages: Sequence[Claimed], at: datetime) -> None:
    """Store a batch of claimed declarations, send on those that became versions, and answer all of them."""
    channels = channels_of({message.connection_id for message in messages})
    national = national_channel(Carries.GOODS)
    context = Context(timezone.localdate(at), tables_of(timezone.localdate(at)))
    outcomes = [_read(message, channels[message.connection_id], context, national) for message in messages]
    ids = accounts.organisation_ids_by_code({code for one in outcomes for code in _codes_of(one)})
    standings = _standings([one.key for one in outcomes if one.declaration])
    _cover(outcomes, ids)
    _ask_the_rules(outcomes)
    for outcome in outcomes:
        _judge(outcome, standings, ids, at)
    hold([_to_hold(one) for one in outcomes if one.finding is GoodsFinding.HELD])
    accepted = [one for one in outcomes if one.number]
    is_open = forward([one.message.id for one in accepted], at=at, carries=Carries.GOODS)
    _write(accepted, ids, is_forwarded=is_open, at=at)
    _write_checks(outcomes, at)
    issue([_told(one, at) for one in outcomes], at=at)
    going_on = {one.message.id for one in accepted}
    pass_on(going_on, step=Step.STORE_GOODS, to=Step.ROUTE_GOODS)
    finish([message.id for message in messages if message.id not in going_on], step=Step.STORE_GOODS)
    if accepted:
        stored = [one.declaration_id for one in accepted if one.declaration_id]
        audit.record_batch(act="store_goods", subject_kind="goods", ids_digest=audit.digest_of_ids(stored),
                           count=len(stored), at=at, actor=_ACTOR)  # fmt: skip


# Reading and judging -------------------------------------------------------------------------------------------------


def _read(message: Claimed, channel: Connection, context: Context, national: Connection | None) -> _Outcome:
    outcome = _Outcome(message, channel)
    try:
        outcome.packet = unpack(unwrap(message).raw)
        declaration = decode(outcome.packet.raw)
    except (UnreadableMessage, UnreadableEnvelope) as reason:
        outcome.problems.append(reason.problem)
        outcome.finding = GoodsFinding.REFUSED
        return outcome
    check(declaration, context)
    outcome.declaration = declaration
    outcome.problems = declaration.problems + check_packet(declaration, outcome.packet)
    if (national is None or national.only_saves) and (declaration.signing.operation or "G") not in SAVING:
        outcome.problems.append(_only_saves(declaration.signing.operation or ""))
    outcome.digest = _digest_of(declaration, outcome.packet)
    return outcome


def _only_saves(operation: str) -> Problem:
    return Problem(
        "-961004", f"/{ROOT}/DecSign/OperType", "error",
        f"国家导入客户端只接受暂存，操作类型不能是 {operation}",
        f"The national import client only saves; the operation may not be {operation}",
        "请以 G（暂存）报送，随后在国家页面签名申报", "Send it as G, then sign and declare on the national page",
    )  # fmt: skip


def _digest_of(declaration: Declaration, packet: Packet) -> UUID:
    plain = to_plain(declaration)
    plain.pop("DecSign", None)
    told = hashlib.blake2b(msgspec.json.encode(plain), digest_size=16)
    for name, content in sorted(packet.files.items()):
        told.update(name.encode() + hashlib.sha256(content).digest())
    return UUID(bytes=told.digest())


def _codes_of(outcome: _Outcome) -> list[str]:
    if outcome.declaration is None:
        return []
    head = outcome.declaration.head
    codes = (head.agent_code, head.agent_uscc, head.trader_code, head.trader_uscc, head.owner_code, head.owner_uscc)
    return [code for code in codes if code]


_LOCK = """
select d.sender_id, d.client_no, d.id, d.version, d.digest, d.state, d.step from goods_goodsdeclaration d
join unnest(%b::uuid[], %b::text[]) as k(sender_id, client_no)
    on k.sender_id = d.sender_id and k.client_no = d.client_no
order by d.sender_id, d.client_no for update of d
"""


def _standings(keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], Standing]:
    """Lock the declarations that these messages name, in one order."""
    if not keys:
        return {}
    cursor = Cursor(database.connection)
    unique = sorted(set(keys))
    cursor.execute(_LOCK, ([sender for sender, _no in unique], [no for _sender, no in unique]))
    found = {
        (sender, no): Standing(pk, version, digest, GoodsState(state), step=step)
        for sender, no, pk, version, digest, state, step in cursor.fetchall()
    }
    granted = applying.approved_corrections([one.declaration_id for one in found.values()])
    for one in found.values():
        one.may_correct = one.declaration_id in granted
    return found


def _cover(outcomes: Sequence[_Outcome], ids: Mapping[str, UUID]) -> None:
    """Find for each declaration the delegation of its trader that held when it came, or why none did.

    A trader that is unknown here has its agreement on paper.
    """
    wants = []
    for one in outcomes:
        trader = _trader_of(one, ids)
        if trader:
            wants.append((one, Want(trader, one.message.organisation_id, GOODS_DOCUMENTS, one.message.received_at)))
    covered = cover(want for _one, want in wants)
    for one, want in wants:
        one.delegation = covered.delegations.get(want)
        if refusal := covered.refusals.get(want):
            one.refusal = refusal.in_message(_OF_REFUSAL[refusal.why], f"/{ROOT}/DecHead/TradeCode")


def _ask_the_rules(outcomes: Sequence[_Outcome]) -> None:
    """Find which declarations of firms' own systems their rule lets wait for a checker, and which one has passed."""
    machines = [one for one in outcomes if one.declaration and one.channel.carrier != Carrier.DESK]
    firms = firms_holding({one.message.organisation_id for one in machines}) if machines else frozenset()
    known = stands_of([one.message.id for one in machines]) if machines else {}
    for one in machines:
        stands = known.get(one.message.id)
        one.is_checked = stands is CheckState.CHECKED
        one.waits_for_check = not one.is_checked and (stands is not None or one.message.organisation_id in firms)


def _to_hold(one: _Outcome) -> HeldMessage:
    head, message = head_without_persons(_said(one).head), one.message
    return HeldMessage(
        message_id=message.id, organisation_id=message.organisation_id, author_id=message.connection_id,
        client_no=one.client_no, client_code=head.trader_code or head.trader_uscc or "",
        client_name=head.trader_name or "", check_state=CheckState.TO_CHECK, submitted_at=message.received_at,
        received_at=message.received_at,
    )  # fmt: skip


def _trader_of(outcome: _Outcome, ids: Mapping[str, UUID]) -> UUID | None:
    head = outcome.declaration.head if outcome.declaration else None
    return (ids.get(head.trader_code or "") or ids.get(head.trader_uscc or "")) if head else None


def _judge(
    outcome: _Outcome, standings: dict[tuple[UUID, str], Standing], ids: Mapping[str, UUID], at: datetime
) -> None:
    declaration = outcome.declaration
    if declaration is None:
        return
    head = declaration.head
    standing = standings.get(outcome.key)
    verdict: Verdict = judge(
        sender=outcome.message.organisation_id,
        agent=ids.get(head.agent_code or "") or ids.get(head.agent_uscc or ""),
        trader=_trader_of(outcome, ids),
        standing=standing, digest=outcome.digest, client_no=outcome.client_no,
        step=step_of(head.document_type) or "", refusal=outcome.refusal,
    )  # fmt: skip
    if verdict.problem:
        outcome.problems.append(verdict.problem)
    if verdict.finding is GoodsFinding.SAME:
        assert standing is not None
        outcome.finding, outcome.declaration_id = GoodsFinding.SAME, standing.declaration_id
        return
    if verdict.finding or has_error(outcome.problems):
        outcome.finding = verdict.finding or GoodsFinding.REFUSED
        outcome.declaration_id = standing.declaration_id if standing else None
        return
    if outcome.waits_for_check:
        outcome.finding = GoodsFinding.HELD
        outcome.problems.append(WAITS)
        return
    outcome.finding = GoodsFinding.WARNED if outcome.problems else None
    outcome.declaration_id = standing.declaration_id if standing else uuid7_at(at)
    outcome.number = standing.version + 1 if standing else 1
    standings[outcome.key] = Standing(
        outcome.declaration_id,
        outcome.number,
        outcome.digest,
        GoodsState.SENT,
        step=step_of(head.document_type) or "",
        is_new=standing is None or standing.is_new,
    )


# Writing -------------------------------------------------------------------------------------------------------------


def _write(accepted: Sequence[_Outcome], ids: Mapping[str, UUID], *, is_forwarded: bool, at: datetime) -> None:
    if not accepted:
        return
    latest = {one.declaration_id: one for one in accepted}
    opened = {one.declaration_id for one in accepted if one.number == 1}
    state, party = state_of_goods(GoodsFacts(is_forwarded))
    made = {pk: _row(one, ids, str(state), str(party), at) for pk, one in latest.items()}
    cursor, stamp = Cursor(database.connection), time_text(at)
    _copy(cursor, GoodsDeclaration, rows.DECLARATION_COLUMNS, [rows.to_text(made[pk]) for pk in made if pk in opened])
    for pk, row in made.items():
        if pk not in opened:
            GoodsDeclaration.objects.filter(pk=pk).update(**{k: v for k, v in row.items() if k not in rows.KEPT})
    versions = [_version_line(one, stamp) for one in accepted]
    _copy(cursor, GoodsVersion, rows.VERSION_COLUMNS, versions)
    items = [line for one in accepted for line in rows.item_lines(one.declaration_id, one.number, _said(one).lines)]
    _copy(cursor, GoodsItem, rows.ITEM_COLUMNS, items)
    files = [
        line for one in accepted if one.packet for line in rows.file_lines(
            one.declaration_id, one.number, one.packet.files, _said(one).attachments
        )
    ]  # fmt: skip
    _copy(cursor, GoodsFile, rows.FILE_COLUMNS, files)
    applying.carry_out_corrections([pk for pk in latest if pk not in opened and pk], at=at)
    record_events(
        [
            Happening(pk, "goods", "store", "", str(state), data={"version": one.number})
            for pk, one in latest.items()
            if pk
        ],
        at=at,
    )


def _said(one: _Outcome) -> Declaration:
    assert one.declaration is not None
    return one.declaration


def _copy(cursor: Cursor, model: Any, columns: Sequence[str], lines: Sequence[str]) -> None:
    if lines:
        copy_lines(cursor, model._meta.db_table, ", ".join(columns), lines)


def _row(one: _Outcome, ids: Mapping[str, UUID], state: str, party: str, at: datetime) -> dict[str, Any]:
    parties = {ids[code] for code in _codes_of(one) if code in ids} | {one.message.organisation_id}
    row = rows.said_of(_said(one), at) | {
        "id": one.declaration_id, "sender_id": one.message.organisation_id, "client_no": one.client_no,
        "connection_id": one.message.connection_id, "message_id": one.message.id, "version": one.number,
        "digest": one.digest, "parties": sorted(parties), "state": state, "waits_for": party, "state_since": at,
        "received_at": at, "is_demo": one.channel.is_demo,
    }  # fmt: skip
    if due := nearest_deadline(SimpleNamespace(**row), declared=None, billed=None):
        row |= {"due_date": due.until, "due_for": str(due.what)}
    return row


def _version_line(one: _Outcome, stamp: str) -> str:
    said = _said(one)
    return to_line((
        str(one.declaration_id), str(one.number), str(one.message.id), str(one.digest), said.edition,
        said.signing.operation or "", str(len(one.packet.files) if one.packet else 0),
        str(one.delegation.pk) if one.delegation else NULL, stamp,
    ))  # fmt: skip


# Answering -----------------------------------------------------------------------------------------------------------


def _write_checks(outcomes: Sequence[_Outcome], at: datetime) -> None:
    """Keep what was found; what was held before and comes back from the checker is found anew."""
    if again := [one.message.id for one in outcomes if one.is_checked]:
        GoodsCheck.objects.filter(pk__in=again).delete()
    GoodsCheck.objects.bulk_create(
        GoodsCheck(
            message_id=one.message.id, sender_id=one.message.organisation_id, declaration_id=one.declaration_id,
            client_no=one.client_no, finding=one.finding, problems=[problem.to_dict() for problem in one.problems],
            checked_at=at,
        )
        for one in outcomes
        if one.finding
    )  # fmt: skip


def _told(one: _Outcome, at: datetime) -> Outgoing:
    message = one.message
    sent = Sent(message.id, message.guid, message.connection_id, message.organisation_id)
    return check_result(sent, one.finding, one.problems, is_readable=one.declaration is not None,
                        client_no=one.client_no, at=at)  # fmt: skip


def send_waiting(*, at: datetime) -> int:
    """Send on the declarations that waited for a channel to the national side; return how many."""
    waiting = GoodsDeclaration.objects.filter(state=GoodsState.AWAITING_CHANNEL)
    found = list(waiting.order_by("pk").values_list("pk", "message_id")[:1000])
    if not found or not forward([message_id for _pk, message_id in found], at=at, carries=Carries.GOODS):
        return 0
    ids = [pk for pk, _message_id in found]
    moved = waiting.filter(pk__in=ids).update(state=GoodsState.SENT, waits_for=Party.WINDOW, state_since=at)
    before, after = str(GoodsState.AWAITING_CHANNEL), str(GoodsState.SENT)
    record_events([Happening(pk, "goods", "send", before, after) for pk in ids], at=at)
    return moved
