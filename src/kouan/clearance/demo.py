"""Demonstration data: some thousand parcel declarations in every state, made by the same steps as real ones.

Firms send signed messages through their channels, the pipeline stores, matches and routes them, the counterpart that
plays the national side answers; only the clock is set back. Everything is marked 演示.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kouan.accounts import selectors as accounts
from kouan.audit.types import SystemActor
from kouan.clearance.demo_desks import (
    cancellation_of,
    coordinate,
    decide_oddly,
    inspect,
    record_opinions,
    write_drafts,
)
from kouan.clearance.demo_exports import EXPORTING, Hands, declare_exports
from kouan.clearance.demo_ground import arrive_and_leave
from kouan.clearance.demo_versions import amend_reviewed, confirm_all_but_one
from kouan.clearance.services.answering import answer_messages
from kouan.clearance.services.routing import LONGEST_HOLD, route_messages, sweep_held_messages
from kouan.declarations import selectors as declarations
from kouan.declarations.composing import envelope_of, new_guid
from kouan.declarations.services.matching import match_messages
from kouan.declarations.services.storing import store_messages
from kouan.declarations.services.unplaced import sweep_unplaced_answers
from kouan.declarations.types import Sender
from kouan.gateway.codes import Carrier, Side, SignerKind, Step
from kouan.gateway.counterparts.standard_edition.behaviour import Behaviour
from kouan.gateway.counterparts.standard_edition.ledger import Ledger
from kouan.gateway.counterparts.standard_edition.playing import Counterpart
from kouan.gateway.services.appointments import appoint_key_service
from kouan.gateway.services.certificates import register_certificate
from kouan.gateway.services.connections import desk_of, open_connection
from kouan.gateway.services.delivering import Item, deliver_due
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.declarations import ListHead
from kouan.gateway.standards.ceb.generate import Parcel, messages, parcels
from kouan.gateway.standards.ceb.types import Node
from kouan.gateway.standards.xmldsig.keys import RsaKey, demo_rsa_key
from kouan.gateway.standards.xmldsig.signing import sign
from kouan.gateway.transports import Sent, Transport
from kouan.transport import selectors as transport

ACTOR = SystemActor("演示数据")
CARD_HOLDER = "420196YS21"
"""The demonstration agent that signs with its own card."""
BEHAVIOUR = Behaviour(
    seconds=900,
    endings={"release": 0.68, "manual": 0.08, "inspect": 0.07, "return": 0.05, "hold": 0.04, "detain": 0.02,
             "send_back": 0.02, "wait": 0.04},
    late=0.02,
    twice=0.01,
    shuffled=0.02,
    seed=2018,
)  # fmt: skip
DEFECTS = {
    "wrong_sum": 0.01,
    "wrong_payment": 0.015,
    "missing_payment": 0.02,
    "missing_waybill": 0.015,
    "missing_order": 0.01,
    "other_buyer": 0.01,
    "above_limit": 0.005,
    "repeated_line_number": 0.005,
}
REFUSED_IN_COMPANY = {"repeated_line_number"}
"""What is refused within a message that goes on whole; other defects come alone."""
_KIND_OF_FIRM = {"311": "platform", "411": "payment", "511": "logistics", "621": "agent"}


@dataclass(frozen=True, slots=True)
class _Sender:
    """A demonstration firm with its channel and its key."""

    firm: Any
    channel: Any
    key: RsaKey


def seed_cases(
    *, at: datetime, ledger: Path, parcels_a_day: int = 110, days: int = 28, say: Callable[[str], None] = print
) -> int:
    """Make the declarations of the last ``days`` days; return how many cases there are then. Run twice, it adds
    nothing."""
    if declarations.has_cases():
        return declarations.count_cases()
    ledger.parent.mkdir(parents=True, exist_ok=True)
    counterpart = Counterpart(Ledger(ledger))
    counterpart.ledger.behaviour = BEHAVIOUR
    since = at - max(timedelta(days=days + 1), EXPORTING)
    senders = _open_senders(since)
    _hand_out_the_card(senders["621"], ledger.parent)
    national = _open_national(since)
    _open_sites(at)
    draw = random.Random(2018)
    heads: dict[str, ListHead] = {}
    for day in range(days, -1, -1):
        begin = at - timedelta(days=day, hours=6)
        heads = _declare_a_day(senders, counterpart, begin, at, parcels_a_day, day, draw) | (heads if day < 2 else {})
        _answer(counterpart, national, min(begin + timedelta(hours=12), at))
        say(f"演示申报：还有 {day} 天")
    _answer(counterpart, national, at)
    declare_exports(_hands(senders, counterpart, national, draw), at=at)
    counterpart.ledger.behaviour = BEHAVIOUR
    _answer(counterpart, national, at)
    _work_at_desks(senders, counterpart, national, heads, at, draw)
    arrive_and_leave(at=at, draw=draw)
    counterpart.ledger.behaviour = Behaviour(seconds=3, endings=BEHAVIOUR.endings, seed=2018)
    return declarations.count_cases()


# Channels ------------------------------------------------------------------------------------------------------------


def _open_senders(at: datetime) -> dict[str, list[_Sender]]:
    """Open a channel with a registered certificate for every demonstration firm, by the kind that it sends."""
    return {
        kind: [_open_sender(firm, number, at) for number, firm in enumerate(accounts.list_demo_firms(kind_of_firm))]
        for kind, kind_of_firm in _KIND_OF_FIRM.items()
    }


def _open_sender(firm: Any, number: int, at: datetime) -> _Sender:
    channel = open_connection(
        actor=ACTOR,
        organisation_id=firm.pk,
        name=f"{firm.name_zh} 接口",
        carrier=Carrier.FOLDER if number % 3 == 2 else Carrier.HTTP,
        at=at,
        cop_code=firm.customs_code,
        dxp_id=f"DXPENTDEMO{firm.customs_code[-4:]}",
        address=f"firms/{firm.customs_code}" if number % 3 == 2 else "",
        is_demo=True,
    )
    key = demo_rsa_key(firm.name_zh, since=at, serial=0x5EED0000 + int.from_bytes(firm.pk.bytes[-2:]))
    register_certificate(actor=ACTOR, organisation_id=firm.pk, der=key.certificate, at=at, is_demo=True)
    if {"agent", "ecommerce"} & set(firm.kinds):
        desk_of(organisation_id=firm.pk, at=at)
    if {"agent", "ecommerce"} & set(firm.kinds) and firm.customs_code != CARD_HOLDER:
        appoint_key_service(
            actor=ACTOR,
            organisation_id=firm.pk,
            kind=SignerKind.TEST,
            document_no="演示委托书 2026-001",
            key=key,
            at=at,
        )
    return _Sender(firm, channel, key)


def _hand_out_the_card(agents: Sequence[_Sender], folder: Path) -> None:
    """Keep the demonstration card of the agent that appointed no key service, for ``kouan message sign``."""
    for agent in agents:
        if agent.firm.customs_code == CARD_HOLDER:
            card = folder / f"card-{CARD_HOLDER}.json"
            card.write_text(json.dumps(agent.key.export()))
            card.chmod(0o600)


def _open_national(at: datetime) -> Any:
    return open_connection(
        actor=ACTOR,
        organisation_id=accounts.get_port_office().pk,
        name="国家标准版（演示对端）",
        carrier=Carrier.FOLDER,
        side=Side.NATIONAL,
        at=at,
        address="national",
        wraps_dxp=True,
        dxp_id="DXPENTDEMO000001",
        is_demo=True,
    )


def _open_sites(at: datetime) -> None:
    for firm in accounts.list_demo_firms("site_operator"):
        open_connection(
            actor=ACTOR,
            organisation_id=firm.pk,
            name=f"{firm.name_zh} 卡口系统",
            carrier=Carrier.HTTP,
            side=Side.SITE,
            at=at,
            is_demo=True,
        )


# Declaring -----------------------------------------------------------------------------------------------------------


def _declare_a_day(
    senders: Mapping[str, Sequence[_Sender]],
    counterpart: Counterpart,
    begin: datetime,
    end: datetime,
    count: int,
    day: int,
    draw: random.Random,
) -> dict[str, ListHead]:
    """Let the firms send one day's parcels in a few messages each, and carry them to the counterpart.

    What does not fit together goes in messages of its own and waits; give the lists by their internal number.
    """
    heads: dict[str, ListHead] = {}
    places = [place for place in transport.load_places(begin.date()).values() if "parcel_import" in place.goods_kinds]
    for batch in range(5):
        moment = min(begin + timedelta(hours=2 * batch), end)
        chosen = {kind: draw.choice(found) for kind, found in senders.items()}
        made = parcels(
            count // 5,
            at=moment,
            seed=day * 100 + batch,
            trade_mode=draw.choice(["9610", "1210"]),
            defects=DEFECTS if day < 3 else {name: share / 8 for name, share in DEFECTS.items()},
        )
        batch_of_parcels = [_belong_to(parcel, chosen, draw.choice(places) if places else None) for parcel in made]
        heads |= {one.list_head.internal_no or "": one.list_head for one in batch_of_parcels if one.list_head}
        whole = [one for one in batch_of_parcels if not set(one.defects) - REFUSED_IN_COMPANY]
        alone = [one for one in batch_of_parcels if set(one.defects) - REFUSED_IN_COMPANY]
        seed = day * 100 + batch
        for kind, raw in [*messages(whole, per_message=25, seed=seed), *messages(alone, per_message=1, seed=-seed - 1)]:
            _send(chosen[kind], raw, moment)
        work(moment)
        _carry_out(counterpart, moment)
        patient = min(moment + LONGEST_HOLD + timedelta(minutes=1), end)
        sweep_held_messages(at=patient)
        work(patient)
        _carry_out(counterpart, patient)
    return heads


def _hands(
    senders: Mapping[str, Sequence[_Sender]], counterpart: Counterpart, national: Any, draw: random.Random
) -> Hands:
    def carry(moment: datetime) -> None:
        work(moment)
        _carry_out(counterpart, moment)

    def behave(endings: dict[str, float], applications: dict[str, float]) -> None:
        counterpart.ledger.behaviour = Behaviour(seconds=900, endings=endings, applications=applications, seed=2018)

    chosen = {kind: draw.choice(found) for kind, found in senders.items()}
    return Hands(chosen, _send, carry, lambda until: _answer(counterpart, national, until), behave)


def _send(sender: _Sender, raw: bytes, at: datetime) -> None:
    receive(channel=sender.channel, body=sign(_from(raw, sender), sender.key), at=at)


def _belong_to(parcel: Parcel, chosen: Mapping[str, _Sender], place: Any) -> Parcel:
    """Let a generated parcel be one of the chosen firms', bound for a place."""
    names = {"311": "platform", "411": "payment_firm", "511": "carrier", "621": "declarant"}
    for block in (parcel.order, parcel.payment, parcel.waybill, parcel.list_head):
        for kind, word in names.items():
            for suffix, value in (("code", chosen[kind].firm.customs_code), ("name", chosen[kind].firm.name_zh)):
                if getattr(block, f"{word}_{suffix}", None):
                    setattr(block, f"{word}_{suffix}", value)
    if parcel.list_head:
        parcel.list_head.guarantor_code = chosen["511"].firm.customs_code
        if place is not None:
            parcel.list_head.place_code = place.code
            parcel.list_head.customs_code = parcel.list_head.port_code = place.customs_code
    return parcel


def _from(raw: bytes, sender: _Sender) -> bytes:
    """Name the sending firm in the envelope."""
    start, end = raw.index(b":copCode>") + 9, raw.index(b"</", raw.index(b":copCode>"))
    return raw[:start] + sender.channel.cop_code.encode() + raw[end:]


def work(at: datetime) -> None:
    """Do every step of the pipeline until nothing is left."""
    steps = (
        (Step.STORE, store_messages),
        (Step.MATCH, match_messages),
        (Step.ROUTE, route_messages),
        (Step.ANSWER, answer_messages),
    )
    while sum(run_step(step=step, handle=handle, at=at) for step, handle in steps):
        pass


@dataclass(frozen=True, slots=True)
class _ToCounterpart:
    """Hands messages to the played side without a folder between, at the moment of the demonstration."""

    counterpart: Counterpart
    at: datetime

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Give one message to the played side; receipts for firms are left to their channels."""
        self.counterpart.take(data, name, self.at.timestamp())
        return Sent("delivered", name)


@dataclass(frozen=True, slots=True)
class _ToFirm:
    """Stands for a firm that takes its receipts at once."""

    def send(self, name: str, data: bytes, *, maybe_sent: bool) -> Sent:
        """Take a receipt."""
        return Sent("delivered", name)


def _carry_out(counterpart: Counterpart, at: datetime) -> None:
    def transport_of(channel: Any) -> Transport:
        return _ToCounterpart(counterpart, at) if channel.side == Side.NATIONAL else _ToFirm()

    def wrap(channel: Any, item: Item) -> tuple[str, bytes]:
        return item.id.hex, item.data

    while deliver_due(transport_of=transport_of, wrap=wrap, at=at):
        pass


def _answer(counterpart: Counterpart, national: Any, until: datetime) -> None:
    """Let the played side give what is due until a moment."""
    while given := list(counterpart.answers(until.timestamp())):
        for name, body, owed in given:
            receive(channel=national, body=body, at=until, file_name=f"{name}.xml")
            counterpart.ledger.given(owed, until.timestamp())
        work(until)
        _carry_out(counterpart, until)


# At the desks --------------------------------------------------------------------------------------------------------


def _work_at_desks(
    senders: Mapping[str, Sequence[_Sender]],
    counterpart: Counterpart,
    national: Any,
    heads: Mapping[str, ListHead],
    at: datetime,
    draw: random.Random,
) -> None:
    """Let people do their part, and the played side answer what they did."""

    def decide(internal_no: str, status: str, moment: datetime) -> None:
        counterpart.decide(number=internal_no, status=status, at=moment.timestamp())

    record_opinions(decide=decide, at=at)
    inspect(decide=decide, at=at, draw=draw)
    _answer(counterpart, national, at)
    decide_oddly(decide=decide, at=at)
    _answer(counterpart, national, at)
    amended = at - timedelta(hours=3)
    amend_reviewed(lambda case, node, moment: _send_version(senders["621"], case, node, moment), at=amended)
    work(amended)
    _carry_out(counterpart, amended)
    coordinate(at=at)
    write_drafts(card_holder=CARD_HOLDER, at=at)
    _cancel_some(senders["621"], heads, at - timedelta(hours=2))
    work(at)
    _carry_out(counterpart, at - timedelta(hours=2))
    _answer(counterpart, national, at)
    sweep_unplaced_answers(at=at)
    work(at)
    confirm_all_but_one(at=at)


def _send_version(agents: Sequence[_Sender], case: Any, node: Node, moment: datetime) -> bool:
    """Send a later version of a list in the name of its declarant; False where that is no firm of the demonstration."""
    sender = next((one for one in agents if one.firm.customs_code == case.declarant_code), None)
    if sender is None:
        return False
    declarant = Sender(sender.firm.customs_code, sender.firm.name_zh, sender.channel.dxp_id)
    _send(sender, envelope_of("621", [node], declarant, guid=new_guid()), moment)
    return True


def _cancel_some(agents: Sequence[_Sender], heads: Mapping[str, ListHead], moment: datetime) -> None:
    """Let agents ask customs to cancel the first lists of theirs that have a number and wait for their answer."""
    wanted = declarations.cases_in_state("awaiting_answer", limit=400)
    found = [
        case
        for case in wanted
        if case.list_no and case.version == 1 and case.internal_no in heads and case.received_at < moment
    ][:4]
    for case in found:
        sender = next((one for one in agents if one.firm.customs_code == case.declarant_code), None)
        if sender is None:
            continue
        head = cancellation_of(heads[case.internal_no], case.list_no, at=moment)
        declarant = Sender(sender.firm.customs_code, sender.firm.name_zh, sender.channel.dxp_id)
        _send(sender, envelope_of("623", [Node(1, head, [], b"")], declarant, guid=new_guid()), moment)
