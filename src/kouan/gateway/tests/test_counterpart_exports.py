"""How the played national side answers export documents: every kind, every ending, late, twice, out of order."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kouan.gateway.counterparts.standard_edition.behaviour import (
    APPLICATION_ENDINGS,
    LIST_ENDINGS,
    RETURN_ENDINGS,
    Behaviour,
)
from kouan.gateway.counterparts.standard_edition.ledger import Ledger
from kouan.gateway.counterparts.standard_edition.playing import Counterpart
from kouan.gateway.standards.ceb import generate_exports as exports
from kouan.gateway.standards.ceb.checks import Context, check
from kouan.gateway.standards.ceb.codec import decode, encode

AT = datetime(2026, 7, 13, 2, 0, tzinfo=UTC)
NOW = AT.timestamp()
PREFIX = {"120": ("2", "3", "120"), "399": ("2", "3")}
NOT_ENTERED = {"505", "507", "509", "605", "701", "215"}


@pytest.fixture
def counterpart():
    with Ledger(Path(":memory:")) as ledger:
        ledger.behaviour = Behaviour(seconds=60, endings={"release": 1})
        yield Counterpart(ledger)


def send(counterpart, kind, *nodes, at=NOW, what=""):
    raw = encode(exports.envelope(kind, list(nodes), guid=exports.guid_of(f"{kind} {what}")), strict=False)
    assert counterpart.take(raw, f"{kind}{what}.xml", at) is None


def answers(counterpart, until=NOW + 10**6):
    """Give what is said, in its order: kind of message and its nodes."""
    said = []
    for _, body, owed in counterpart.answers(until):
        envelope = decode(body)
        check(envelope, Context(AT.date(), {}))
        assert [problem for problem in envelope.all_problems() if problem.is_error] == []
        said.append(envelope)
        counterpart.ledger.given(owed, until)
    return said


def statuses(counterpart, kind):
    return [node.head.return_status for one in answers(counterpart) if one.kind == kind for node in one.nodes]


def node_of(kind, parcel):
    waybills, list_no = [parcel.waybill.waybill_no], "47002026E000000001"
    returned = exports.goods_return(parcel, list_no, number="Q1", at=AT)
    return {
        "605": lambda: exports.cancellation(list_no, number="K1", at=AT),
        "607": lambda: exports.master_bill(waybills, number="M1", at=AT),
        "507": lambda: exports.arrival(waybills, number="A1", at=AT),
        "509": lambda: exports.departure(waybills, number="L1", at=AT),
        "701": lambda: exports.summary([list_no], number="H1", at=AT),
        "213": lambda: returned,
        "215": lambda: exports.tally(returned, number="T1", at=AT),
    }.get(kind, lambda: parcel.node(kind))()


@pytest.fixture
def parcel():
    [made] = exports.export_parcels(1, at=AT)
    return made


@pytest.mark.parametrize("ending", sorted(set(LIST_ENDINGS) | set(RETURN_ENDINGS)))
@pytest.mark.parametrize("kind", sorted(exports.SENDERS))
def test_every_kind_in_every_ending(counterpart, parcel, kind, ending):
    counterpart.ledger.behaviour = Behaviour(
        seconds=60, endings={ending if ending in LIST_ENDINGS else "release": 1}, applications={ending: 1}
    )
    send(counterpart, kind, node_of(kind, parcel))
    begun = ["2", "3"] if kind in NOT_ENTERED else ["2", "3", "120"]
    if kind == "603":
        last = [status for status in LIST_ENDINGS.get(ending, LIST_ENDINGS["release"]) if status != "899"]
    elif kind == "213":
        last = list(RETURN_ENDINGS.get(ending, ("800",)))
    else:
        last = list(APPLICATION_ENDINGS.get(ending, ("399",))) if kind in NOT_ENTERED else []
    receipt = {"303": "304", "403": "404", "505": "506", "603": "604", "701": "702"}.get(kind, f"{int(kind) + 1}")
    assert statuses(counterpart, receipt) == begun + last


@pytest.mark.parametrize("kinds", [("603", "509"), ("509", "603")])
def test_a_list_is_closed_when_it_is_released_and_its_parcel_has_left(counterpart, parcel, kinds):
    for place, kind in enumerate(kinds):
        send(counterpart, kind, node_of(kind, parcel), at=NOW + 3600 * place)
    assert statuses(counterpart, "604") == ["2", "3", "120", "399", "800", "899"]


def test_a_list_that_is_not_released_is_not_closed(counterpart, parcel):
    counterpart.ledger.behaviour = Behaviour(seconds=60, endings={"hold": 1})
    send(counterpart, "603", node_of("603", parcel))
    send(counterpart, "509", node_of("509", parcel))
    assert statuses(counterpart, "604")[-1] == "600"


def test_the_parts_of_a_split_document_are_answered_each(counterpart, parcel):
    nodes = [node_of("509", parcel) for _ in range(2)]
    for part, node in enumerate(nodes, start=1):
        node.head.part_count, node.head.part_no = "2", str(part)
    send(counterpart, "509", nodes[0], what="1")
    send(counterpart, "509", nodes[1], what="2")
    said = Counter(node.head.part_no for one in answers(counterpart) if one.kind == "510" for node in one.nodes)
    assert said == {"1": 3, "2": 3}


def test_an_application_becomes_a_declaration_for_each_country(counterpart):
    made = list(exports.export_parcels(12, at=AT, seed=3))
    send(counterpart, "603", *(one.node("603") for one in made))
    numbers = {node["number"]: node["list_no"] for node in counterpart.ledger.list_nodes(kind="603")}
    lists = [numbers[one.list_head.internal_no] for one in made]
    send(counterpart, "701", exports.summary(lists, number="H1", at=AT))
    results = [one for one in answers(counterpart) if one.kind == "792"]
    by_country = defaultdict(set)
    for one in made:
        by_country[one.list_head.arrival_country].add(numbers[one.list_head.internal_no])
    named = [{line.list_no for line in node.lines} for one in results for node in one.nodes]
    assert sorted(map(sorted, named)) == sorted(map(sorted, by_country.values()))
    weights = [float(node.head.gross_weight_kg) for one in results for node in one.nodes]
    assert sum(weights) == pytest.approx(sum(float(one.list_head.gross_weight_kg) for one in made))


@pytest.mark.parametrize("how", [{"late": 1.0}, {"twice": 1.0}, {"shuffled": 1.0}, {"mode": "silent"}])
def test_late_twice_out_of_order_and_silent(counterpart, parcel, how):
    counterpart.ledger.behaviour = Behaviour(seconds=60, endings={"release": 1}, seed=5, **how)
    send(counterpart, "603", node_of("603", parcel))
    soon = [node.head.return_status for one in answers(counterpart, NOW + 400) for node in one.nodes]
    later = statuses(counterpart, "604")
    said = Counter(soon + later)
    if "mode" in how:
        assert not said
        return
    assert set(said) == {"2", "3", "120", "399", "800"}
    assert set(said.values()) == ({2} if "twice" in how else {1})
    assert bool(later) == ("late" in how)
    assert (soon + later == sorted(soon + later, key=int)) != ("shuffled" in how) or "twice" in how
