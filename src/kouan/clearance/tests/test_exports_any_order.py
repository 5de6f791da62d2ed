"""Export documents and their answers in any order, any of them twice: one end, that of a small model."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from kouan.clearance.tests.national import STEPS, work
from kouan.declarations.factories import make_channels, make_firms, make_national_channel
from kouan.declarations.models import Case, Document, Summary, SummaryEntry, UnplacedAnswer
from kouan.declarations.services.unplaced import sweep_unplaced_answers
from kouan.gateway.models import Work
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb import generate_exports as exports
from kouan.gateway.standards.ceb.answers import answer, message_of
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.export_summaries import SummaryResultHead, SummaryResultLine
from kouan.gateway.standards.ceb.types import Envelope, Node
from kouan.kernel.dates import format_stamp

pytestmark = [pytest.mark.django_db, pytest.mark.service]

BEGIN = datetime(2026, 7, 13, 1, 0, tzinfo=UTC)
PARCELS = 5
GONE, CANCELLED, RETURNED, SUMMED = 0, 1, 2, (0, 2, 3)
"""Which parcels leave, are cancelled, come back; which are named by the application that customs grants."""


@dataclass
class Story:
    """Everything that is said of a handful of parcels: who sends it, the bytes, and the time at which it was said."""

    parcels: list[Any]
    said: list[tuple[str, bytes]] = field(default_factory=list)

    def tell(self, kind: str, nodes: list[Node], what: str) -> None:
        """Let a firm declare documents."""
        self.said.append((kind, encode(exports.envelope(kind, nodes, guid=exports.guid_of(what)), strict=False)))

    def reply(self, kind: str, heads: list[Any], statuses: list[str], hour: float, **more: Any) -> None:
        """Let the national side answer documents, one message a status, a minute after each other."""
        for place, status in enumerate(statuses):
            at = BEGIN + timedelta(hours=hour, minutes=place)
            nodes = [
                answer(kind, head, status=status, info="演示", at=at, guid=exports.guid_of(f"{kind} {place} {head}"),
                       as_counterpart=True, **{name: value(head) for name, value in more.items()})
                for head in heads
            ]  # fmt: skip
            guid = exports.guid_of(f"answer {place} {heads}")
            self.said.append(("national", encode(message_of(kind, nodes, guid=guid), strict=False)))


def list_no_of(head: Any) -> str:
    return f"47002026E{int(head.internal_no[-9:]):09d}"


def story() -> Story:
    """Tell of five parcels: one leaves, one is cancelled, one comes back, three are summed up, one is left alone."""
    made = list(exports.export_parcels(PARCELS, at=BEGIN, seed=7))
    told = Story(made)
    for kind in exports.PARCEL_KINDS:
        told.tell(kind, [one.node(kind) for one in made], f"{kind} of all")
    lists = [one.list_head for one in made]
    numbers: dict[str, Any] = {"list_no": list_no_of, "pre_entry_no": lambda head: "B20260713000000001"}
    told.reply("603", lists, ["2", "120", "399", "800"], 1, **numbers)
    leaving = exports.departure([made[one].waybill.waybill_no for one in (GONE, RETURNED, 3)], number="L1", at=BEGIN)
    told.tell("509", [leaving], "departure")
    told.reply("509", [leaving.head], ["2", "399"], 2)
    told.reply("603", [lists[one] for one in (GONE, RETURNED, 3)], ["899"], 3, **numbers)
    gone_again = exports.departure([made[GONE].waybill.waybill_no], number="L2", at=BEGIN)
    told.tell("509", [gone_again], "a second departure")
    told.reply("509", [gone_again.head], ["399"], 5)
    cancel = exports.cancellation(list_no_of(lists[CANCELLED]), number="K1", at=BEGIN)
    told.tell("605", [cancel], "cancellation")
    told.reply("605", [cancel.head], ["3", "399"], 2)
    refused = exports.cancellation(list_no_of(lists[4]), number="K2", at=BEGIN)
    told.tell("605", [refused], "cancellation that is not granted")
    told.reply("605", [refused.head], ["3", "100"], 2)
    back = exports.goods_return(made[RETURNED], list_no_of(lists[RETURNED]), number="Q1", at=BEGIN)
    told.tell("213", [back], "return")
    told.reply("213", [back.head], ["120", "500", "800"], 6)
    lost = exports.goods_return(made[3], list_no_of(lists[3]), number="Q2", at=BEGIN)
    told.tell("213", [lost], "return that is sent back")
    told.reply("213", [lost.head], ["120", "100"], 6)
    summary = exports.summary([list_no_of(lists[one]) for one in SUMMED], number="H1", at=BEGIN)
    told.tell("701", [summary], "summary")
    told.reply("701", [summary.head], ["3", "399"], 7, summary_no=lambda head: "S20260713000000001")
    futile = exports.summary([list_no_of(lists[4])], number="H2", at=BEGIN)
    told.tell("701", [futile], "summary that is not taken")
    told.reply("701", [futile.head], ["3", "100"], 7)
    for part, at in ((1, 0), (2, 1)):
        told.said.append(
            ("national", result(summary, [SUMMED[part - 1]] if part == 1 else SUMMED[1:], lists, part, at))
        )
    return told


def result(summary: Node, places: Any, lists: list[Any], part: int, minutes: int) -> bytes:
    asked = summary.head
    head = SummaryResultHead(
        exports.guid_of(f"792 {part}"), asked.customs_code, "S20260713000000001",
        format_stamp(BEGIN + timedelta(hours=8, minutes=minutes)), "D20260713000000001", None, None,
        "470020260000000001" if part == 2 else None, "R", asked.declarant_code, asked.declarant_name,
        asked.merchant_code, asked.merchant_name, asked.broker_code, asked.broker_name, "1", "1", "2", str(part),
    )  # fmt: skip
    lines = [SummaryResultLine(list_no_of(lists[one]), "W", str(one + 1), "1", "8518300000") for one in places]
    return encode(Envelope("792", exports.guid_of(f"result {part}"), "1.0", [Node(1, head, lines, b"")]), strict=False)


def model() -> dict[str, Any]:
    """Say where everything stands in the end, from the story alone, by the rules of the customs edition."""
    gone = BEGIN + timedelta(hours=2, minutes=1)
    lists = dict.fromkeys(range(PARCELS), ("released", "800", False, None, None))
    lists |= dict.fromkeys((GONE, RETURNED, 3), ("closed", "899", False, gone, "H1"))
    lists[RETURNED] = ("goods_returned", "899", False, gone, "H1")
    lists[CANCELLED] = ("withdrawn", "800", True, None, None)
    return {
        "lists": lists,
        "summaries": {"H1": ("declared", "399"), "H2": ("returned", "100")},
        "entries": [("D20260713000000001", "470020260000000001", len(SUMMED))],
        "documents": {
            "303": {"": PARCELS}, "403": {"": PARCELS}, "505": {"": PARCELS}, "603": {"800": 2, "899": 3},
            "509": {"399": 2}, "605": {"399": 1, "100": 1}, "213": {"800": 1, "100": 1}, "701": {"399": 1, "100": 1},
        },
        "waiting": 0,
    }  # fmt: skip


def outcome(told: Story) -> dict[str, Any]:
    """Say where everything stands in Kouan."""
    cases = {case.internal_no: case for case in Case.objects.all()}
    numbers = dict(Summary.objects.values_list("pk", "internal_no"))
    documents: dict[str, Counter] = {}
    for kind, status in Document.objects.values_list("kind", "official_status"):
        documents.setdefault(kind, Counter())[status] += 1
    lists = {}
    for place, parcel in enumerate(told.parcels):
        case = cases[parcel.list_head.internal_no]
        lists[place] = (
            case.state, case.official_status, case.is_withdrawn, case.departed_at, numbers.get(case.summary_id),
        )  # fmt: skip
        assert case.list_no == list_no_of(parcel.list_head)
    return {
        "lists": lists,
        "summaries": {one.internal_no: (one.state, one.official_status) for one in Summary.objects.all()},
        "entries": [(one.pk, one.entry_no, len(one.list_nos)) for one in SummaryEntry.objects.all()],
        "documents": {kind: dict(found) for kind, found in documents.items()},
        "waiting": UnplacedAnswer.objects.count(),
    }


@pytest.fixture
def channels():
    firms = make_firms()
    made = make_channels(firms)
    made["national"] = make_national_channel(firms["621"].pk, wraps_dxp=False)
    return made


ROLE = {"303": "311", "403": "411", "505": "511", "509": "511", "national": "national"}


def work_dying(at: datetime, draw: random.Random) -> None:
    """Do every step once, by a worker that dies now and then when a step is done and not yet committed."""

    def dying(handle: Any) -> Any:
        def do(messages: Any, moment: datetime) -> None:
            handle(messages, moment)
            if draw.random() < 0.3:
                raise OperationalError("the worker died")

        return do

    for step, handle in STEPS:
        with suppress(OperationalError):
            run_step(step=step, handle=dying(handle), at=at)


def live_through(told: Story, channels: dict[str, Any], order: list[int], draw: random.Random) -> None:
    """Receive everything in an order, working after some of it as it comes, and let time pass for what waits."""
    at = BEGIN + timedelta(days=1)
    for place in order:
        sender, raw = told.said[place]
        receive(channel=channels[ROLE.get(sender, "621")], body=raw, at=at)
        if draw.random() < 0.5:
            work_dying(at, draw)
    work(at)
    for minutes in range(1, 4):
        sweep_unplaced_answers(at=at + timedelta(minutes=minutes))
        work(at + timedelta(minutes=minutes))


@pytest.mark.parametrize("seed", range(12))
def test_order_repetition_and_death_change_nothing(channels, seed):
    told, draw = story(), random.Random(seed)
    order = list(range(len(told.said)))
    if seed:
        order += draw.choices(order, k=len(order) // 2)
        draw.shuffle(order)
    live_through(told, channels, order, draw)
    assert outcome(told) == model()
    assert not Work.objects.filter(step__in=["store", "match", "route", "answer"], is_parked=True).exists()
