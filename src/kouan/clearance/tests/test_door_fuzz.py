"""The whole door for messages, fuzzed: whatever is posted, it is answered, bounded, and never stops its neighbours.

Mutated messages of our own and mutated official samples go through POST /api/v1/messages and every step behind it.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kouan.clearance.tests.door import Door
from kouan.declarations.models import DocumentVersion, UnplacedAnswer
from kouan.gateway.standards.ceb.answers import answer, message_of
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.generate import messages, parcels
from kouan.gateway.standards.ceb.tests.making import envelope_of, node_of
from kouan.gateway.standards.ceb.tests.samples import needs_shared, official_samples
from kouan.gateway.standards.ceb.types import KINDS
from kouan.gateway.standards.dxp.codec import wrap
from kouan.gateway.standards.dxp.types import Message as Wrapped
from kouan.gateway.standards.dxp.types import TransferInfo
from kouan.kernel.identifiers import uuid7

pytestmark = [pytest.mark.django_db, pytest.mark.service]

FUZZ = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
INFO = ("DXPENTDEMO000001", ["DXPEDCCEB0000002"], "2026-01-01T00:00:00", "CEB621Message")


@pytest.fixture
def door():
    return Door()


def is_bounded(answer):
    """Whether an answer is one that the door may give: never a fault of ours."""
    return answer.status_code in (202, 400, 409, 413)


# Mutations ------------------------------------------------------------------------------------------------------------

ODD = [
    "", " ", "0", "-1", "1e9", "NaN", "Infinity", "0x10", "１２", "٣", "1,5", "00000000000000000000000001", "9" * 40,
    "99999999999999.99999", "0.000001", "-0.00001", "20261332256199", "00000000000000", "99991231235959",
    "x" * 5000, "演" * 2000, "é\u0301", "\u202e逆", "\ud7ff", "\U0001f6a2", "a\tb", "a\nb", "\\", "\\N", "\\.", "\\x01",
    "{}", "NULL", "'; drop table x; --", "%s", "&#0;", "&#1;", "&amp;", "&x;", "<x/>", "]]>", "<![CDATA[x]]>",
    "<!-- - -->", "\x01", "\x02", "\x1f", "\x1e", "\x7f", "\x85", "\ufdd0", "\ufffe",
]  # fmt: skip
VALUE = re.compile(rb">([^<>]{0,400})<")
ELEMENT = re.compile(rb"<((?:\w+:)?\w+)>[^<>]*</\1>")
PLACE = st.floats(0, 0.999)


def at_match(pattern, change):
    """Change one match of a pattern, chosen by its place."""

    def mutate(raw, place, odd):
        found = list(pattern.finditer(raw))
        if not found:
            return raw
        one = found[int(place * len(found))]
        return raw[: one.start()] + change(one[0], odd.encode("utf-8", "surrogatepass")) + raw[one.end() :]

    return mutate


def at_byte(change):
    """Change a message at one of its bytes."""
    return lambda raw, place, odd: change(raw, int(place * len(raw)), odd.encode("utf-8", "surrogatepass"))


MUTATIONS = {
    "value": at_match(VALUE, lambda one, odd: b">" + odd + b"<"),
    "element away": at_match(ELEMENT, lambda one, odd: b""),
    "element twice": at_match(ELEMENT, lambda one, odd: one * 2),
    "element twice, other value": at_match(
        ELEMENT, lambda one, odd: one + VALUE.sub(lambda _: b">" + odd[:50] + b"<", one)
    ),
    "element in element": at_match(ELEMENT, lambda one, odd: one.replace(b">", b">" + one, 1)),
    "attribute": at_match(ELEMENT, lambda one, odd: one.replace(b">", b" a='1' xmlns:q='urn:q'>", 1)),
    "name": at_match(ELEMENT, lambda one, odd: one[:2] + b"Z" + one[3:]),
    "cut off": at_byte(lambda raw, place, odd: raw[:place]),
    "hole": at_byte(lambda raw, place, odd: raw[:place] + raw[place + 40 :]),
    "insertion": at_byte(lambda raw, place, odd: raw[:place] + odd[:100] + raw[place:]),
    "flip": at_byte(
        lambda raw, place, odd: raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :] if raw else raw
    ),
    "half twice": at_byte(lambda raw, place, odd: raw[: place + 300] + raw[place:]),
    "encoding": lambda raw, place, odd: raw.decode("utf-8", "replace").encode("utf-16" if place < 0.3 else "gb18030"),
    "envelope": lambda raw, place, odd: wrap(Wrapped(TransferInfo(uuid7().hex, *INFO), raw)),
}
CHANGE = st.tuples(st.sampled_from(sorted(MUTATIONS)), PLACE, st.sampled_from(ODD))


def mutated(raw, changes):
    for name, place, odd in changes:
        raw = MUTATIONS[name](raw, place, odd)
    return raw


def fresh_guid(raw):
    """Give a message a guid of its own, so that it is none that was here before."""
    return re.sub(rb'guid="[^"]*"', b'guid="' + str(uuid7()).upper().encode() + b'"', raw, count=1)


# Declarations ---------------------------------------------------------------------------------------------------------

OWN_KINDS = ("311", "411", "511", "621")


@FUZZ
@given(data=st.data())
def test_mutated_declarations_of_our_own_never_stop_their_neighbours(door, data):
    for _ in range(5):
        kind = data.draw(st.sampled_from(OWN_KINDS))
        raw = mutated(door.fresh(kind, 2), data.draw(st.lists(CHANGE, min_size=1, max_size=3)))
        assert is_bounded(door.post(raw, by=kind)), raw
    good = door.post(door.fresh("311"), by="311").json()["messages"][0]["message_id"]
    door.work()
    assert door.failures() == []
    assert DocumentVersion.objects.filter(message_id=good).count() == 1


SAMPLES = [path.read_bytes() for path in official_samples() if KINDS[path.stem[3:6]].is_declaration]
ANSWERS = [path.read_bytes() for path in official_samples() if not KINDS[path.stem[3:6]].is_declaration]


@needs_shared
@FUZZ
@given(data=st.data())
def test_mutated_official_samples_never_stop_their_neighbours(door, data):
    for _ in range(5):
        raw = fresh_guid(SAMPLES[data.draw(st.integers(0, len(SAMPLES) - 1))])
        changes = data.draw(st.lists(CHANGE, max_size=3))
        assert is_bounded(door.post(mutated(raw, changes), by=data.draw(st.sampled_from(OWN_KINDS))))
    good = door.post(door.fresh("511"), by="511").json()["messages"][0]["message_id"]
    door.work()
    assert door.failures() == []
    assert DocumentVersion.objects.filter(message_id=good).count() == 1


def answers_about(door):
    """Let a parcel be declared, and write receipts about its documents and the tax bill of its list."""
    door.seed += 1
    made = list(parcels(1, at=door.at, seed=door.seed))
    for kind, raw in messages(made, seed=door.seed):
        assert door.post(raw, by=kind).status_code == 202
    heads = {kind: made[0].node(kind).head for kind in OWN_KINDS}
    list_no = f"47002026I{door.seed:09d}"
    how = {"info": "[Code:1;Desc:演示]", "at": door.at, "guid": "A" * 36, "as_counterpart": True}
    said = [(kind, answer(kind, head, status="120", **how)) for kind, head in heads.items()]
    said += [("621", answer("621", heads["621"], status="800", list_no=list_no, **how))]
    bills = [node_of("816"), node_of("818")]
    for node in bills:
        node.head.list_no = list_no
    return [encode(message_of(kind, [head], guid="B" * 36), strict=False) for kind, head in said] + [
        encode(envelope_of(kind, node), strict=False) for kind, node in zip(("816", "818"), bills, strict=True)
    ]


def answers_about_nothing():
    """Write a receipt of every kind, and the tax bills, about documents that nobody sent."""
    return [
        encode(envelope_of(kind.code, node_of(kind.code)), strict=False)
        for kind in KINDS.values()
        if not kind.is_declaration
    ]


@FUZZ
@given(data=st.data())
def test_mutated_official_answers_never_stop_their_neighbours(door, data):
    official = ANSWERS + answers_about_nothing() + answers_about(door) * 3
    for _ in range(6):
        raw = fresh_guid(official[data.draw(st.integers(0, len(official) - 1))])
        changes = data.draw(st.lists(CHANGE, max_size=3))
        assert is_bounded(door.post(mutated(raw, changes), by="national"))
    good = fresh_guid(encode(envelope_of("312", node_of("312")), strict=False))
    good_id = door.post(good, by="national").json()["messages"][0]["message_id"]
    door.work()
    assert {error for _, error in door.failures()} <= {"UnreadableMessage"}
    assert UnplacedAnswer.objects.filter(message_id=good_id).count() == 1
