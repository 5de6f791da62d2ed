"""Storing: a batch of declarations is decoded, checked, written as versions with lines and files, and sent on.

One transaction. A declaration that fails leaves its check result and its message; its neighbours go on. Every message
gets one check result of Kouan's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.db import connection as database
from django.utils import timezone
from psycopg import Cursor

from kouan.accounts import selectors as accounts
from kouan.audit import services as audit
from kouan.audit.types import SystemActor
from kouan.gateway.codes import Carries, Issuer, Step
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.connections import channels_of, national_channel
from kouan.gateway.services.forwarding import forward
from kouan.gateway.services.working import Claimed, finish
from kouan.gateway.standards.dec.checks import Context, check
from kouan.gateway.standards.dec.packing import Packet, check_packet, unpack
from kouan.gateway.standards.dec.plain import to_plain
from kouan.gateway.standards.dec.reader import decode
from kouan.gateway.standards.dec.rules import number_of
from kouan.gateway.standards.dec.types import ROOT, SAVING, Declaration, UnreadableMessage
from kouan.goods.codes import GoodsFinding, Procedure
from kouan.goods.judging import Standing, Verdict, judge
from kouan.goods.models import GoodsCheck, GoodsDeclaration, GoodsDraft, GoodsFile, GoodsItem, GoodsVersion
from kouan.goods.services import applying
from kouan.goods.services.tables import tables_of
from kouan.goods.states import GoodsFacts, GoodsState, Party, state_of_goods
from kouan.kernel import dates
from kouan.kernel.identifiers import uuid7_at
from kouan.records.problems import Problem, has_error
from kouan.workflow.services import Happening, record_events

if TYPE_CHECKING:
    from kouan.gateway.models import Connection

_ACTOR = SystemActor("报关单入库")
_NOTHING = UUID(int=0)


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
    for outcome in outcomes:
        _judge(outcome, standings, ids, at)
    accepted = [one for one in outcomes if one.number]
    is_open = forward([one.message.id for one in accepted], at=at, carries=Carries.GOODS)
    _write(accepted, ids, is_forwarded=is_open, at=at)
    _write_checks(outcomes, at)
    issue([_check_result(one, at) for one in outcomes], at=at)
    finish([message.id for message in messages], step=Step.STORE_GOODS)
    if accepted:
        stored = [one.declaration_id for one in accepted if one.declaration_id]
        audit.record_batch(act="store_goods", subject_kind="goods", ids_digest=audit.digest_of_ids(stored),
                           count=len(stored), at=at, actor=_ACTOR)  # fmt: skip


# Reading and judging -------------------------------------------------------------------------------------------------


def _read(message: Claimed, channel: Connection, context: Context, national: Connection | None) -> _Outcome:
    outcome = _Outcome(message, channel)
    try:
        outcome.packet = unpack(message.raw)
        declaration = decode(outcome.packet.raw)
    except UnreadableMessage as reason:
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
select d.sender_id, d.client_no, d.id, d.version, d.digest, d.state, d.received_at from goods_goodsdeclaration d
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
        (sender, no): Standing(pk, version, digest, GoodsState(state))
        for sender, no, pk, version, digest, state, _at in cursor.fetchall()
    }
    granted = applying.approved_corrections([one.declaration_id for one in found.values()])
    for one in found.values():
        one.may_correct = one.declaration_id in granted
    return found


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
        trader=ids.get(head.trader_code or "") or ids.get(head.trader_uscc or ""),
        standing=standing, digest=outcome.digest, client_no=outcome.client_no,
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
    outcome.finding = GoodsFinding.WARNED if outcome.problems else None
    outcome.declaration_id = standing.declaration_id if standing else uuid7_at(at)
    outcome.number = standing.version + 1 if standing else 1
    standings[outcome.key] = Standing(
        outcome.declaration_id,
        outcome.number,
        outcome.digest,
        GoodsState.SENT,
        is_new=standing is None or standing.is_new,
    )


# Writing -------------------------------------------------------------------------------------------------------------

_DECLARATION_COLUMNS = (
    "id", "sender_id", "client_no", "seq_no", "entry_no", "connection_id", "message_id", "version", "digest", "edition",
    "procedure", "direction", "customs_code", "port_code", "trade_mode", "transport_mode", "trade_country",
    "agent_code", "agent_name", "trader_code", "trader_name", "owner_name", "bill_no", "contract_no", "record_no",
    "entry_date", "gross_weight_kg", "net_weight_kg", "packages", "line_count", "goods_summary", "total_value",
    "currency", "hs_codes", "container_nos", "parties", "import_code", "official_channel", "official_at",
    "official_note", "tax", "state", "waits_for", "state_since", "received_at", "released_at", "is_demo",
)  # fmt: skip
_KEPT = frozenset({"id", "sender_id", "client_no", "seq_no", "entry_no", "received_at", "tax", "released_at"})
_VERSION_COLUMNS = (
    "declaration_id",
    "number",
    "message_id",
    "digest",
    "edition",
    "operation",
    "file_count",
    "received_at",
)
_ITEM_COLUMNS = (
    "declaration_id", "version", "line_no", "hs_code", "name", "specification", "quantity", "unit", "legal_quantity",
    "legal_unit", "price", "total", "currency", "origin_country", "destination_country", "duty_mode",
)  # fmt: skip
_FILE_COLUMNS = ("declaration_id", "version", "name", "document_kind", "size", "digest")


def _write(accepted: Sequence[_Outcome], ids: Mapping[str, UUID], *, is_forwarded: bool, at: datetime) -> None:
    if not accepted:
        return
    latest = {one.declaration_id: one for one in accepted}
    opened = {one.declaration_id for one in accepted if one.number == 1}
    rows = {pk: _row(one, ids, is_forwarded, at) for pk, one in latest.items()}
    _copy(GoodsDeclaration, _DECLARATION_COLUMNS, [row for pk, row in rows.items() if pk in opened])
    for pk, row in rows.items():
        if pk not in opened:
            values = dict(zip(_DECLARATION_COLUMNS, row, strict=True))
            GoodsDeclaration.objects.filter(pk=pk).update(**{k: v for k, v in values.items() if k not in _KEPT})
    _copy(GoodsVersion, _VERSION_COLUMNS, [_version_row(one, at) for one in accepted])
    _copy(GoodsItem, _ITEM_COLUMNS, [row for one in accepted for row in _item_rows(one)])
    _copy(GoodsFile, _FILE_COLUMNS, [row for one in accepted for row in _file_rows(one)])
    _take_procedures(accepted)
    applying.carry_out_corrections([pk for pk in latest if pk not in opened and pk], at=at)
    record_events(
        [
            Happening(pk, "goods", "store", "", str(rows[pk][_STATE]), data={"version": one.number})
            for pk, one in latest.items()
            if pk
        ],
        at=at,
    )


def _take_procedures(accepted: Sequence[_Outcome]) -> None:
    """Note the procedure that was chosen in the form: two-step declaration has no public mark in the message."""
    of_message = {one.message.id: one.declaration_id for one in accepted}
    chosen = GoodsDraft.objects.filter(message_id__in=list(of_message)).values_list("message_id", "values__procedure")
    for message_id, procedure in chosen:
        if procedure == Procedure.TWO_STEP:
            GoodsDeclaration.objects.filter(pk=of_message[message_id]).update(procedure=procedure)


_STATE = _DECLARATION_COLUMNS.index("state")


def _copy(model: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    statement = f"copy {model._meta.db_table} ({', '.join(columns)}) from stdin"
    with Cursor(database.connection).copy(statement) as copy:  # type: ignore[arg-type]
        for row in rows:
            copy.write_row(row)


def _row(one: _Outcome, ids: Mapping[str, UUID], is_forwarded: bool, at: datetime) -> tuple[Any, ...]:
    declaration = one.declaration
    assert declaration is not None
    head, lines = declaration.head, declaration.lines
    state, party = state_of_goods(GoodsFacts(is_forwarded))
    parties = {ids[code] for code in _codes_of(one) if code in ids} | {one.message.organisation_id}
    day = _day(head.entry_date)
    totals = [number_of(line.total_price) for line in lines]
    currencies = {line.currency for line in lines if line.currency}
    total = sum((value for value in totals if value is not None), Decimal(0)) if len(currencies) == 1 else None
    return (
        one.declaration_id, one.message.organisation_id, one.client_no, "", "", one.message.connection_id,
        one.message.id, one.number, one.digest, declaration.edition, str(_procedure(declaration, day, at)),
        head.direction or "", head.customs_code or "", head.port_code or "", head.trade_mode or "",
        head.transport_mode or "", head.trade_country or "", head.agent_code or "", head.agent_name or "",
        head.trader_code or "", head.trader_name or "", head.owner_name or "", head.bill_no or "",
        head.contract_no or "", head.record_no or "", day, number_of(head.gross_weight_kg),
        number_of(head.net_weight_kg), _whole(head.packages), len(lines), _summary(declaration), total,
        next(iter(currencies)) if len(currencies) == 1 else "", sorted({line.hs_code or "" for line in lines}),
        [container.container_no or "" for container in declaration.containers], sorted(parties), "", "", None, "", "",
        str(state), str(party), at, at, None, one.channel.is_demo,
    )  # fmt: skip


def _procedure(declaration: Declaration, day: date | None, at: datetime) -> Procedure:
    """Say by which procedure: the type of the document tells summary taxation, a day to come tells early declaration.

    The mark of two-step declaration in the message is not public; it is chosen in the form and kept with its draft.
    """
    if (declaration.head.document_type or "").startswith("CL"):
        return Procedure.SUMMARY
    return Procedure.EARLY if day and day > timezone.localdate(at) else Procedure.ORDINARY


def _day(value: str | None) -> date | None:
    try:
        return dates.parse_date(value or "")
    except ValueError:
        return None


def _whole(value: str | None) -> int | None:
    number = number_of(value)
    return int(number) if number is not None else None


def _summary(declaration: Declaration) -> str:
    lines = declaration.lines
    first = (lines[0].goods_name or "")[:60] if lines else ""
    return first if len(lines) < 2 else f"{first} 等 {len(lines)} 项"


def _version_row(one: _Outcome, at: datetime) -> tuple[Any, ...]:
    declaration, packet = one.declaration, one.packet
    assert declaration is not None and packet is not None
    return (one.declaration_id, one.number, one.message.id, one.digest, declaration.edition,
            declaration.signing.operation or "", len(packet.files), at)  # fmt: skip


def _item_rows(one: _Outcome) -> list[tuple[Any, ...]]:
    assert one.declaration is not None
    return [
        (
            one.declaration_id, one.number, place, line.hs_code or "", line.goods_name or "", line.specification or "",
            number_of(line.quantity), line.unit or "", number_of(line.legal_quantity), line.legal_unit or "",
            number_of(line.price), number_of(line.total_price), line.currency or "", line.origin_country or "",
            line.destination_country or "", line.duty_mode or "",
        )
        for place, line in enumerate(one.declaration.lines, 1)
    ]  # fmt: skip


def _file_rows(one: _Outcome) -> list[tuple[Any, ...]]:
    assert one.declaration is not None and one.packet is not None
    kinds = {file.file_name: file.document_kind or "" for file in one.declaration.attachments}
    return [
        (one.declaration_id, one.number, name, kinds.get(name, ""), len(content), hashlib.sha256(content).digest())
        for name, content in one.packet.files.items()
    ]


# Answering -----------------------------------------------------------------------------------------------------------


def _write_checks(outcomes: Sequence[_Outcome], at: datetime) -> None:
    GoodsCheck.objects.bulk_create(
        GoodsCheck(
            message_id=one.message.id, sender_id=one.message.organisation_id, declaration_id=one.declaration_id,
            client_no=one.client_no, finding=one.finding, problems=[problem.to_dict() for problem in one.problems],
            checked_at=at,
        )
        for one in outcomes
        if one.finding
    )  # fmt: skip


def _check_result(one: _Outcome, at: datetime) -> Outgoing:
    """Give the check result as JSON, in the shape of every check result of Kouan."""
    problems = [problem.to_dict() for problem in one.problems]
    body = {
        "issuer": "kouan", "message_id": str(one.message.id), "guid": one.message.guid, "kind": ROOT,
        "checked_at": at.isoformat(), "accepted": int(bool(one.number)),
        "problems": problems if one.declaration is None else [],
        "nodes": [] if one.declaration is None else [
            {"index": 1, "client_no": one.client_no, "finding": str(one.finding or "accepted"), "problems": problems}
        ],
    }  # fmt: skip
    return Outgoing(
        one.message.connection_id, one.message.organisation_id, Issuer.KOUAN, "check", one.message.id, None,
        msgspec.json.encode(body), 1, int(one.finding in (GoodsFinding.REFUSED, GoodsFinding.NOT_YOURS)),
    )  # fmt: skip


def send_waiting(*, at: datetime) -> int:
    """Send on the declarations that waited for a channel to the national side; return how many."""
    waiting = GoodsDeclaration.objects.filter(state=GoodsState.AWAITING_CHANNEL)
    rows = list(waiting.order_by("pk").values_list("pk", "message_id")[:1000])
    if not rows or not forward([message_id for _pk, message_id in rows], at=at, carries=Carries.GOODS):
        return 0
    ids = [pk for pk, _message_id in rows]
    moved = waiting.filter(pk__in=ids).update(state=GoodsState.SENT, waits_for=Party.WINDOW, state_since=at)
    before, after = str(GoodsState.AWAITING_CHANNEL), str(GoodsState.SENT)
    record_events([Happening(pk, "goods", "send", before, after) for pk in ids], at=at)
    return moved
