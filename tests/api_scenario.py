"""One parcel by the interface for machines, from its documents to the gate: the calls that are shown as examples.

Every call goes through the real operation over real rows. What differs from run to run (ids, times) is written by its
order of appearance, so that the record is the same every time.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from kouan.accounts.factories import make_organisation, make_user
from kouan.clearance.tests.national import work
from kouan.declarations.factories import ACTOR, make_channels, make_firms, make_national_channel
from kouan.declarations.models import Case
from kouan.gateway.codes import Carrier, Scope, Side
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.tokens import Terms, issue_token
from kouan.gateway.standards.ceb.answers import answer, message_of
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.generate import messages, parcels
from kouan.gateway.standards.dec.generate import Sender, client_number
from kouan.goods import factories as goods
from kouan.transport.services import register_place

DECLARED_AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
PLACE = "YS00000001"
LIST_NO = "47002026I000000042"
GOODS_NO = client_number(1, goods.DAY)


class World:
    """The firms of a parcel with their channels, a supervision place with its system, the national side."""

    def __init__(self) -> None:
        self.at = timezone.now()
        self.firms = make_firms()
        self.national = make_national_channel(self.firms["621"].pk)
        self.channels = make_channels(self.firms)
        self.site = make_organisation("site_operator")
        register_place(
            actor=make_user("port_office_clerk"), at=self.at, code=PLACE, name_zh="演示监管场所", kind="express",
            customs_code="4700", since=date(2020, 1, 1), operator_id=self.site.pk, goods_kinds=["parcel_import"],
        )  # fmt: skip
        gate = open_connection(
            actor=ACTOR, organisation_id=self.site.pk, name="场所系统", carrier=Carrier.HTTP, side=Side.SITE, at=self.at
        )
        channels = {**self.channels, "site": gate}
        self.tokens = {
            name: issue_token(actor=ACTOR, connection_id=one.pk, at=self.at) for name, one in channels.items()
        }
        self.other_tokens = {"unknown": "nothing"} | {
            name: issue_token(
                actor=ACTOR, connection_id=channels[by].pk, at=self.at, terms=Terms(scopes=scopes, until=until)
            )
            for name, by, scopes, until in (
                ("ended", "621", [Scope.SEND], self.at),
                ("firm", "621", [Scope.SITE], None),
                ("site", "site", [Scope.SEND], None),
            )
        }
        [self.parcel] = parcels(1, at=DECLARED_AT, seed=33, lines=(2, 2))
        self.parcel.list_head.place_code = PLACE
        self.raw = dict(messages([self.parcel], seed=33))

    def send_companions(self) -> None:
        """Send order, payment and waybill."""
        for kind in ("311", "411", "511"):
            receive(channel=self.channels[kind], body=self.raw[kind], at=self.at)

    def work(self) -> None:
        """Do the steps of messages until nothing is left."""
        work(timezone.now())

    def release(self) -> None:
        """Let customs say that the list is released; its word is a received message."""
        said = answer("621", self.parcel.list_head, status="800", info="放行", at=DECLARED_AT + timedelta(hours=1),
                      guid="0198A000-0000-7000-8000-000000000800", as_counterpart=True, list_no=LIST_NO)  # fmt: skip
        raw = encode(message_of("621", [said], guid="0198A000-0000-7000-8000-000000000801"), strict=False)
        receive(channel=self.national, body=raw, at=timezone.now())
        self.work()

    def declare_goods(self) -> None:
        """Let the firm send a goods declaration too; it waits for a channel to the national window."""
        sender = Sender(self.firms["621"].customs_code, "91420100MA4KNDEM19", "演示报关行")
        goods.send(self.channels["621"], goods.make_message(sender=sender), at=timezone.now())

    @property
    def case(self) -> Case:
        """The parcel."""
        return Case.objects.get()


@dataclass
class Call:
    """One call to be made: who calls which operation, with what."""

    operation: str
    method: str
    path: str
    by: str = "621"
    parameters: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    content_type: str = "application/json"
    is_shown: bool = True


Send = Callable[[Call], tuple[int, Any]]


def play(world: World, send: Send) -> None:
    """Make every call once, in the order of a parcel's way; ``send`` makes one and gives status and body."""
    world.send_companions()
    listed = world.raw["621"].decode()
    _, taken = send(Call("sendMessages", "POST", "/messages", body=listed, content_type="application/xml"))
    message_id = taken["messages"][0]["message_id"]
    send(Call("sendMessages", "POST", "/messages", body=listed.replace("</", " </", 1), content_type="application/xml",
              is_shown=False))  # fmt: skip
    send(Call("sendMessages", "POST", "/messages", body="", content_type="application/xml", is_shown=False))
    world.work()
    send(Call("getMessage", "GET", "/messages/{message_id}", parameters={"message_id": message_id}))
    send(Call("getMessage", "GET", "/messages/{message_id}", is_shown=False,
              parameters={"message_id": "00000000-0000-0000-0000-000000000000"}))  # fmt: skip
    head = world.parcel.list_head
    send(Call("findCases", "GET", "/cases", parameters={"number": head.internal_no}))
    send(Call("findCases", "GET", "/cases", is_shown=False))
    send(Call("recordArrivals", "POST", "/site/arrivals", by="site", body={
        "place_code": PLACE, "carrier_code": head.carrier_code, "waybill_nos": [head.waybill_no],
        "bill_no": head.bill_no or "", "location": "演示库位 A-01"}))  # fmt: skip
    send(Call("recordArrivals", "POST", "/site/arrivals", by="site", is_shown=False, body={
        "place_code": "ELSEWHERE", "carrier_code": head.carrier_code, "waybill_nos": [head.waybill_no]}))  # fmt: skip
    send(Call("recordArrivals", "POST", "/site/arrivals", by="site", is_shown=False, body={
        "place_code": PLACE, "carrier_code": head.carrier_code, "waybill_nos": [head.waybill_no],
        "container_no": "ABCU1234567"}))  # fmt: skip
    world.release()
    world.declare_goods()
    send(Call("findGoods", "GET", "/goods", parameters={"number": GOODS_NO}))
    _, waiting = send(Call("fetchReceipts", "GET", "/receipts", parameters={"limit": 100}))
    ids = [one["receipt_id"] for one in waiting["receipts"]]
    send(Call("confirmReceipts", "POST", "/receipts/confirm", body={"receipt_ids": ids}))
    send(Call("confirmReceipts", "POST", "/receipts/confirm", body={"receipt_ids": ["not an id"]}, is_shown=False))
    _, answered = send(Call("askGate", "POST", "/site/gate", by="site", body={"number": head.waybill_no}))
    left = {"check_id": answered["check_id"], "gate": "演示卡口 1", "vehicle_no": "鄂A00000"}
    send(Call("recordLeaving", "POST", "/site/leavings", by="site", body=left))
    send(Call("recordLeaving", "POST", "/site/leavings", by="site", body=left, is_shown=False))
    send(Call("recordLeaving", "POST", "/site/leavings", by="site", is_shown=False,
              body={"check_id": "00000000-0000-0000-0000-000000000000"}))  # fmt: skip


_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
_STAMP = re.compile(r"\b20\d{12}(?:\d{3})?\b")


class Record:
    """The calls that were made, by operation, with ids and times written by their order of appearance."""

    def __init__(self) -> None:
        self.calls: dict[str, Any] = {}
        self._ids: dict[str, str] = {}

    def add(self, call: Call, status: int, body: Any) -> None:
        """Keep one call; of those that are not shown only the answer, which is an error."""
        kept = self.calls.setdefault(call.operation, {"request": {}, "responses": {}})
        if call.is_shown:
            request: dict[str, Any] = {"parameters": self._plain(call.parameters)} if call.parameters else {}
            if call.body is not None:
                request |= {"content_type": call.content_type, "body": self._plain(call.body)}
            kept["request"] = request
        kept["responses"][str(status)] = self._plain(body)

    def _plain(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._receipt(one) if key == "body_base64" else self._plain(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._plain(one) for one in value]
        return self._text(value) if isinstance(value, str) and not value.startswith("<?xml") else value

    def _receipt(self, encoded: str) -> str:
        return base64.b64encode(self._text(base64.b64decode(encoded).decode()).encode()).decode()

    def _text(self, text: str) -> str:
        known = _ID.sub(lambda found: self._id(found[0]), text)
        known = _TIME.sub("2026-06-01T10:00:05+08:00", known)
        return _STAMP.sub(
            lambda found: found[0] if found[0][:8] == "20260601" else "20260601100005000"[: len(found[0])], known
        )

    def _id(self, found: str) -> str:
        if found.startswith("00000000"):
            return found
        return self._ids.setdefault(found, f"0198a000-0000-7000-8000-{len(self._ids) + 1:012d}")

    def to_json(self) -> str:
        """Give the record as it is stored."""
        return json.dumps(dict(sorted(self.calls.items())), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
