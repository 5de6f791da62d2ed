"""Playing the national side: taking messages, giving answers. By folder here, by HTTP in ``serving``."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kouan.gateway.counterparts.standard_edition.behaviour import INFO
from kouan.gateway.counterparts.standard_edition.ledger import WAYBILLS, Ledger, Owed
from kouan.gateway.standards.ceb.answers import answer, format_answer, message_of
from kouan.gateway.standards.ceb.codec import UnreadableMessage, decode, encode
from kouan.gateway.standards.ceb.export_declarations import ExportListHead
from kouan.gateway.standards.ceb.export_summaries import SummaryResultHead, SummaryResultLine
from kouan.gateway.standards.ceb.receipts import TaxHead, TaxLine, TaxStatus
from kouan.gateway.standards.ceb.types import KINDS, Envelope, Node
from kouan.gateway.standards.dxp.codec import UnreadableEnvelope, is_envelope, open_message, write_report
from kouan.gateway.standards.dxp.types import Report, Response, TransferInfo, response_meaning
from kouan.gateway.transports.file_names import technical_name
from kouan.gateway.transports.folder import Folder
from kouan.kernel.dates import format_stamp, parse_time

MAX_BYTES = 16 * 1024 * 1024
MAX_NODES_A_RECEIPT = 100
_CHINA = ZoneInfo("Asia/Shanghai")
_KEYS = {
    "311": ("platform_code", "order_no"),
    "411": ("payment_firm_code", "transaction_no"),
    "511": ("carrier_code", "waybill_no"),
    "513": ("carrier_code", "waybill_no"),
    "621": ("declarant_code", "internal_no"),
    "623": ("declarant_code", "internal_no"),
    "625": ("declarant_code", "internal_no"),
    "711": ("operator_code", "internal_no"),
    "303": ("merchant_code", "order_no"),
    "403": ("merchant_code", "order_no"),
    "505": ("carrier_code", "waybill_no"),
    "603": ("declarant_code", "internal_no"),
    "605": ("declarant_code", "internal_no"),
    "607": ("declarant_code", "internal_no"),
    "507": ("operator_code", "internal_no"),
    "509": ("carrier_code", "internal_no"),
    "701": ("declarant_code", "internal_no"),
    "213": ("declarant_code", "internal_no"),
    "215": ("operator_code", "internal_no"),
}


class Counterpart:
    """One played national side with its ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def take(self, raw: bytes, file_name: str, at: float) -> bytes | None:
        """Take one message as it was sent; return a format receipt (900) when it cannot be read."""
        digest = hashlib.sha256(raw).hexdigest()
        inner, message_id = raw, Path(file_name).stem
        try:
            if is_envelope(raw):
                envelope = open_message(raw)
                inner, message_id = envelope.data, envelope.info.message_id
            message = decode(inner)
            owner, number = _KEYS[message.kind]
        except KeyError:
            return None
        except (UnreadableMessage, UnreadableEnvelope) as reason:
            moment = datetime.fromtimestamp(at, _CHINA)
            refusal = format_answer(reason.problem, inner, at=moment, guid=_guid(), message_id=message_id)
            return encode(refusal, strict=False)
        nodes = [(getattr(n.head, owner) or "", _numbered(n.head, number), _kept(n)) for n in message.nodes]
        dxp_id = (message.transfer.dxp_id if message.transfer else None) or ""
        self.ledger.take(digest, file_name, message.kind, dxp_id, nodes, at)
        return None

    def answers(self, now: float) -> Iterator[tuple[str, bytes, Sequence[Owed]]]:
        """Write what is due: receipts of one kind for one sender together, a tax bill after each release, its status
        after each closing."""
        together: dict[tuple[str, str], list[Owed]] = defaultdict(list)
        for owed in self.ledger.due(now):
            together[owed.kind, owed.dxp_id].append(owed)
        for (kind, _), owed in together.items():
            for start in range(0, len(owed), MAX_NODES_A_RECEIPT):
                part = owed[start : start + MAX_NODES_A_RECEIPT]
                yield f"Receipt_CEB{KINDS[kind].receipt}_{uuid.uuid4().hex}", self._receipt(kind, part), part
                for one in part if kind == "701" else ():
                    if one.status == "399":
                        for result in self._summary_results(one):
                            yield f"Receipt_CEB792_{uuid.uuid4().hex}", result, ()
                for one in part if kind == "621" else ():
                    if one.status == "800":
                        yield f"Receipt_CEB816_{uuid.uuid4().hex}", _tax_bill(one), ()
                    elif one.status == "899":
                        yield f"Receipt_CEB818_{uuid.uuid4().hex}", _tax_status(one), ()

    def _receipt(self, kind: str, owed: Sequence[Owed]) -> bytes:
        block = KINDS[kind].head
        heads = []
        for one in owed:
            more = {"pre_entry_no": one.pre_no[:18], "list_no": one.list_no} if kind in ("621", "603") else {}
            if kind == "701":
                more = {"pre_entry_no": one.pre_no[:18], "summary_no": _summary_no(one)}
            head = {name: value for name, value in one.head.items() if name not in _OF_LINES}
            moment = datetime.fromtimestamp(one.decided_at, _CHINA)
            heads.append(
                answer(kind, block(**head), status=one.status, info=one.info or INFO.get(one.status, "（演示）"),
                       at=moment, guid=_guid(), as_counterpart=True, **more)
            )  # fmt: skip
        return encode(message_of(kind, heads, guid=_guid()), strict=False)

    def _summary_results(self, owed: Owed) -> Iterator[bytes]:
        """Write what became of an application: one declaration for the lists that go the same way to the same country.

        The lists are those that the application names, or those closed in its period; of each, what it said counts.
        """
        asked = owed.head
        named = asked.get(_LISTS, [])
        if asked.get("period_start") and asked.get("period_end"):
            since, until = (parse_time(asked[name]).timestamp() for name in ("period_start", "period_end"))
            firms = {name: asked[name] for name in ("declarant_code", "merchant_code", "customs_code")}
            named = self.ledger.closed_between(since, until, procedure="B", **firms)
        heads = self.ledger.heads_of(named)
        together: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for list_no in named:
            together[tuple(heads.get(list_no, {}).get(name) or "" for name in _SUMMED_BY)].append(list_no)
        for place, (_, list_nos) in enumerate(sorted(together.items()), start=1):
            for node in _declared(owed, place, list_nos, heads):
                yield encode(Envelope("792", _guid(), "1.0", [node]), strict=False)

    def decide(self, *, number: str, status: str, info: str = "", kind: str = "621", at: float | None = None) -> bool:
        """Give a node an answer by hand, as an officer of the played side would; tell whether the node is held."""
        node_id = self.ledger.find(kind, number)
        if node_id is None:
            return False
        self.ledger.owe(node_id, status, info, at or time.time())
        return True


class FolderPlayer:
    """Plays the import client's folder: takes from ``OutBox``, lays answers into ``InBox``."""

    def __init__(self, counterpart: Counterpart, root: Path) -> None:
        self._counterpart, self._folder = counterpart, Folder(root)
        self._folder.prepare()

    def turn(self, now: float) -> int:
        """Take what lies there and give what is due; return how much was done."""
        if self._counterpart.ledger.behaviour.mode == "down":
            return 0
        moment = datetime.fromtimestamp(now, _CHINA)
        done = 0
        for path, data in self._folder.waiting("OutBox", limit=200, largest=MAX_BYTES):
            refusal = None if data is None else self._counterpart.take(data, path.name, now)
            if refusal is not None:
                self._folder.put("InBox", f"Receipt_CEB900_{uuid.uuid4().hex}.xml", refusal)
            is_taken = data is not None and refusal is None
            self._folder.put(
                "InBox",
                technical_name(path.name, is_taken=is_taken, at=moment),
                _technical(path.stem, is_taken, moment),
            )
            self._folder.move(path, "SentBox" if is_taken else "FailBox", moment)
            done += 1
        for name, body, owed in self._counterpart.answers(now):
            self._folder.put("InBox", f"{name}.xml", body)
            self._counterpart.ledger.given(owed, now)
            done += 1
        return done


def _technical(stem: str, is_taken: bool, moment: datetime) -> bytes:
    """Write what the played client says of a file before anybody looks into it."""
    code = "0" if is_taken else "-1201001"
    named = TransferInfo(stem[:255], "KOUAN", ["PLAYED"], moment.strftime("%Y-%m-%dT%H:%M:%S"))
    said = Response(
        code, f"{response_meaning(code)[0]}（演示）", notice_date=moment.strftime("%Y-%m-%d"), original=named
    )
    return write_report(Report("KOUAN", [said]))


def _tax_bill(owed: Owed) -> bytes:
    """Write a tax bill of made-up amounts: the played side computes no duty."""
    head = TaxHead(
        guid=_guid(), return_time=_stamp(owed), list_no=owed.list_no, tax_no=f"{owed.list_no}-1", customs_duty="0",
        value_added_tax="9.10", consumption_tax="0", status="1", note="演示税单，金额为虚构",
        guarantor_code=owed.head.get("guarantor_code"),
    )  # fmt: skip
    line = TaxLine(
        line_no="1", hs_code="0000000000", dutiable_value="100", customs_duty="0", value_added_tax="9.10",
        consumption_tax="0",
    )  # fmt: skip
    return encode(Envelope("816", _guid(), "1.0", [Node(1, head, [line], b"")]), strict=False)


_LISTS = "lists"
_GOODS = "goods"
_OF_LINES = frozenset({_LISTS, _GOODS, WAYBILLS})
MOST_LINES_A_RESULT = 5_000
_SUMMED_BY = ("transport_mode", "arrival_country", "port_code", "producer_code")
"""What lists have to agree in to become one declaration, as far as their heads say it; from memory of 公告 2018-194."""


def _numbered(head: Any, number: str) -> str:
    """Give the number of a document; a part of one that was split is a document of its own."""
    given, part = getattr(head, number) or "", getattr(head, "part_no", None) or "1"
    return given if part == "1" else f"{given}#{part}"


def _kept(node: Node) -> dict[str, Any]:
    """Give what is remembered of a node: its head, and the lists, parcels and goods that its lines name."""
    lists = [line.list_no for line in node.lines if getattr(line, "list_no", None)]
    waybills = [line.waybill_no for line in node.lines if getattr(line, "waybill_no", None)]
    kept = asdict(node.head) | ({_LISTS: lists} if lists else {}) | ({WAYBILLS: waybills} if waybills else {})
    if isinstance(node.head, ExportListHead):
        kept[_GOODS] = [(line.line_no, line.hs_code) for line in node.lines]
    return kept


def _summary_no(owed: Owed) -> str:
    return f"S{owed.pre_no[1:18]}"


def _declared(owed: Owed, place: int, list_nos: Sequence[str], heads: dict[str, dict[str, Any]]) -> Iterator[Node]:
    """Write one declaration that lists became, with their weights together, in parts where it is long."""
    asked, number = owed.head, _summary_no(owed)
    serial = int(number[-9:])
    weights = {
        name: sum((Decimal(heads.get(one, {}).get(name) or 0) for one in list_nos), Decimal(0))
        for name in ("gross_weight_kg", "net_weight_kg")
    }
    lines: list[SummaryResultLine] = []
    for list_no in list_nos:
        held = heads.get(list_no, {})
        for line_no, hs_code in held.get(_GOODS, [("1", "0000000000")]):
            waybill_no = held.get("waybill_no") or "演示"
            lines.append(SummaryResultLine(list_no, waybill_no, str(len(lines) + 1), line_no, hs_code))
    whole = SummaryResultHead(
        guid=_guid(), customs_code=asked["customs_code"], summary_no=number, processed_time=_stamp(owed),
        entry_seq_no=f"D{number[3:9]}{serial % 10**8:08d}{place:03d}", entry_draft_no=None, entry_pre_no=None,
        entry_no=f"{asked['customs_code']}{number[1:5]}0{serial % 10**6:06d}{place:03d}", entry_state="R",
        declarant_code=asked["declarant_code"], declarant_name=asked["declarant_name"],
        merchant_code=asked["merchant_code"], merchant_name=asked["merchant_name"], broker_code=asked["broker_code"],
        broker_name=asked["broker_name"], gross_weight_kg=f"{weights['gross_weight_kg']}",
        net_weight_kg=f"{weights['net_weight_kg']}", part_count="1", part_no="1", note="演示汇总结果",
    )  # fmt: skip
    parts = [lines[start : start + MOST_LINES_A_RESULT] for start in range(0, len(lines), MOST_LINES_A_RESULT)]
    for part_no, part in enumerate(parts, start=1):
        head = replace(whole, guid=_guid(), part_count=str(len(parts)), part_no=str(part_no))
        yield Node(1, head, part, b"")


def _tax_status(owed: Owed) -> bytes:
    """Write that the tax bill was summed up (2), as it is at the end of a month."""
    head = TaxStatus(
        guid=_guid(), return_time=_stamp(owed), list_no=owed.list_no, tax_no=f"{owed.list_no}-1", status="2",
        guarantor_code=owed.head.get("guarantor_code"),
    )  # fmt: skip
    return encode(Envelope("818", _guid(), "1.0", [Node(1, head, [], b"")]), strict=False)


def _stamp(owed: Owed) -> str:
    return format_stamp(datetime.fromtimestamp(owed.decided_at, _CHINA))


def _guid() -> str:
    return str(uuid.uuid4()).upper()
