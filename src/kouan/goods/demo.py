"""Demonstration data: goods declarations in every state, made by the steps of real ones; the clock is set back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from kouan.accounts import selectors as accounts
from kouan.audit.types import SystemActor
from kouan.gateway.codes import Carrier, Carries, Side, Step
from kouan.gateway.counterparts.goods_window.behaviour import ENDINGS, Behaviour
from kouan.gateway.counterparts.goods_window.playing import GoodsWindow
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.leaving import leaving
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import Handler, run_step
from kouan.gateway.standards.ceb.generate import demo_resident_id
from kouan.gateway.standards.dec.attached import Attachment
from kouan.gateway.standards.dec.codec import encode
from kouan.gateway.standards.dec.document_types import compose_type
from kouan.gateway.standards.dec.generate import Sender, make_declaration, make_pdf
from kouan.gateway.standards.dec.packing import pack
from kouan.gateway.standards.dec.receipts import BusinessReceipt, write_receipt
from kouan.gateway.transports import Sent
from kouan.goods import selectors
from kouan.goods.services.answering import answer_goods
from kouan.goods.services.storing import store_goods
from kouan.reference.services import import_sheet

ACTOR = SystemActor("演示数据")
ADDRESS = "window"
EVERY = timedelta(hours=5)
_IMPORTED = timedelta(minutes=40)
"""When the response to the import is here: it tells no time of its own, so it is fetched before the next answer."""
_PDF = make_pdf("Demonstration invoice")


Steps = Sequence[tuple[Step, Handler]]
"""The steps of messages: those of this app, or with those of the apps above between them."""
STEPS: Steps = ((Step.STORE_GOODS, store_goods), (Step.ANSWER_GOODS, answer_goods))


def seed_goods(
    *,
    at: datetime,
    ledger: Path,
    exchange: Path,
    place: str = "",
    steps: Steps = STEPS,
    say: Callable[[str], None] = print,
) -> int:
    """Make a few declarations of every ending; return how many there are. Run twice, it adds nothing.

    place: the code of the supervision place in which the goods lie.
    """
    if not selectors.has_goods():
        _seed_tables(at)
        window = GoodsWindow(ledger)
        national = _open_window(at)
        channels = [_open_firm(firm, at) for firm in accounts.list_demo_firms("agent")]
        for number, ending in enumerate(list(ENDINGS) * 3):
            moment = at - EVERY * (len(ENDINGS) * 3 - number)
            firm, channel = channels[(number + number // len(ENDINGS)) % len(channels)]
            scene = _Scene(moment, exchange, window, place, steps)
            _declare(firm, channel, number, scene, ending)
            for later in (_IMPORTED, EVERY * 2):
                _answer(scene, national, moment + later)
        _answer(_Scene(at, exchange, window, place, steps), national, at)
        _leave_unplaced(_Scene(at, exchange, window, place, steps), national)
        window.behaviour = Behaviour(seconds=3, endings={"release": 3, "tax": 2, "return": 1, "inspect": 1})
        window.close()
        say("演示报关单就绪")
    return selectors.count_goods()


def _open_window(at: datetime) -> Any:
    return open_connection(
        actor=ACTOR, organisation_id=accounts.get_port_office().pk, name="单一窗口导入客户端（演示对端）",
        carrier=Carrier.FOLDER, side=Side.NATIONAL, at=at, address=ADDRESS, carries=Carries.GOODS, is_demo=True,
    )  # fmt: skip


def _open_firm(firm: Any, at: datetime) -> tuple[Any, Any]:
    """Open the channel of a firm for its goods declarations."""
    name = f"{firm.name_zh} 报关单接口"
    return firm, open_connection(
        actor=ACTOR, organisation_id=firm.pk, name=name, carrier=Carrier.HTTP, at=at, is_demo=True
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """Where and when a declaration of the demonstration is made."""

    at: datetime
    exchange: Path
    window: GoodsWindow
    place: str
    steps: Steps


def _declare(firm: Any, channel: Any, number: int, scene: _Scene, ending: str) -> None:
    """Let a firm declare at a moment, and hand it to the played window.

    Every fifth import is an outline; of every ninth declaration a natural person uses the goods.
    """
    at, day = scene.at, timezone.localdate(scene.at)
    sender = Sender(firm.customs_code, firm.uscc, firm.name_zh)
    made = make_declaration(number, day=day, lines=1 + number % 7 * 3, sender=sender, export=number % 3 == 1)
    made.head.goods_place = scene.place or made.head.goods_place
    if made.head.direction == "I" and number % 5 == 0:
        made.head.document_type = compose_type("", "outline")
    elif number % 7 == 3:
        made.head.document_type = compose_type("CL", "")
    if number % 9 == 4:
        made.head.owner_code, made.head.owner_uscc = demo_resident_id(date(1988, 5, 1 + number % 28), number % 10), None
        made.head.owner_name, made.free_text.declarant_contact = "演示楚惜文", f"1990000{number:04d}"
    name = f"470000000001IM{number:018d}.pdf"
    made.attachments = [Attachment(name, "00000001", "US", firm_file_name="演示发票.pdf", size=str(len(_PDF)))]
    body = pack(encode(made), {name: _PDF}, message_name=f"{made.signing.client_no}.xml")
    receive(channel=channel, body=body, at=at)
    _work(scene, at)
    scene.window.behaviour = Behaviour(seconds=1800, endings={ending: 1})
    out = leaving(scene.exchange)
    played = _ToWindow(scene.window, at)
    deliver_due(
        transport_of=lambda one: played if one.carries == Carries.GOODS else out.transport_of(one), wrap=out.wrap, at=at
    )


def _seed_tables(at: datetime) -> None:
    """Import invented rates for some of the goods, so that taxes of the demonstration can be computed."""
    since = timezone.localdate(at - timedelta(days=400))
    tables = {
        "tariff": {"8471300000": "duty=0;consumption=0;vat=13", "9018193090": "duty=4;consumption=0;vat=13",
                   "8708999990": "duty=6;consumption=0;vat=13"},
        "customs_exchange_rate": {"USD": "7.1", "EUR": "7.7", "JPY": "0.048"},
    }  # fmt: skip
    for table, notes in tables.items():
        rows = "".join(f"{table},{code},演示数据,{note},{since:%Y-%m-%d}\n" for code, note in notes.items())
        raw = f"table,code,name_zh,note,since\n{rows}".encode()
        import_sheet(raw=raw, sheet=f"演示-{table}.csv", actor=ACTOR, at=at)


def _leave_unplaced(scene: _Scene, national: Any) -> None:
    """Let an answer come for a number that nobody here declared."""
    noticed = f"{timezone.localtime(scene.at):%Y-%m-%dT%H:%M:%S}"
    said = BusinessReceipt(seq_no="I00000000099999999", channel="L", noticed=noticed, note="海关已接收（演示）",
                           entry_no="470020261099999999")  # fmt: skip
    receive(channel=national, body=write_receipt(said), at=scene.at, file_name="Receipt_演示未知编号.xml")
    _work(scene, scene.at)


@dataclass(frozen=True, slots=True)
class _ToWindow:
    """Hands packets to the played window without a folder between, at the moment of the demonstration."""

    window: GoodsWindow
    at: datetime

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Give one packet to the window."""
        if name.startswith("DEC_"):
            self.window.take(data, name, self.at.timestamp())
        return Sent("delivered", name)


def _answer(scene: _Scene, national: Any, at: datetime) -> None:
    for name, body in scene.window.answers(at.timestamp()):
        receive(channel=national, body=body, at=at, file_name=f"{name}.xml")
    _work(scene, at)


def _work(scene: _Scene, at: datetime) -> None:
    while sum(run_step(step=step, handle=handle, at=at) for step, handle in scene.steps):
        pass
