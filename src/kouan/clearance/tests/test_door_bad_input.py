"""Every kind of bad input through the HTTP door: which status, which exact code in which answer, and what is kept."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile

import pytest

from kouan.audit.types import SystemActor
from kouan.clearance.tests.door import Door
from kouan.declarations.models import Document, DocumentVersion, NodeFinding
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.models import Message, Work
from kouan.gateway.services.certificates import register_certificate
from kouan.gateway.services.receiving import MAX_BODY_BYTES, MAX_MESSAGE_BYTES, MAX_MESSAGES_A_BODY
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.receipts import TaxStatus
from kouan.gateway.standards.ceb.types import Envelope, Node
from kouan.gateway.standards.dxp.codec import wrap
from kouan.gateway.standards.dxp.types import Message as Wrapped
from kouan.gateway.standards.dxp.types import TransferInfo
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key
from kouan.gateway.standards.xmldsig.signing import sign

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def door():
    return Door()


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tax_status():
    head = TaxStatus("9" * 36, "20260713080000000", "470020260000000001", "470020260000000001-1", "2", None)
    return encode(Envelope("818", "9" * 36, "1.0", [Node(1, head, [], b"")]), strict=False)


def codes_of(answer):
    return [one["code"] for one in answer.json()["problems"]]


# Refused at the counter: nothing is kept ------------------------------------------------------------------------------

REFUSED = {
    "empty": (lambda door: b"", 400, "-930001"),
    "one message too large": (lambda door: b"<a>" + b"x" * MAX_MESSAGE_BYTES, 413, "-930002"),
    "a broken zip": (lambda door: zipped({"a.xml": door.fresh()})[:-9], 400, "-930003"),
    "a zip of too many": (
        lambda door: zipped({f"{one}.xml": b"<a/>" for one in range(MAX_MESSAGES_A_BODY + 1)}), 400, "-930004",
    ),
    "a zip with a folder": (lambda door: zipped({"x/a.xml": door.fresh()}), 400, "-930005"),
    "a zip that leads out": (lambda door: zipped({"..\\a.xml": door.fresh()}), 400, "-930005"),
    "a zip that swells": (lambda door: zipped({"a.xml": b" " * (MAX_MESSAGE_BYTES + 1)}), 413, "-930002"),
    "a zip that swells in many": (
        lambda door: zipped({f"{one}.xml": b" " * (MAX_BODY_BYTES // 9) for one in range(10)}), 413, "-930002",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_the_counter(door, name):
    make, status, code = REFUSED[name]
    answer = door.post(make(door))
    assert (answer.status_code, codes_of(answer)) == (status, [code])
    [problem] = answer.json()["problems"]
    assert all(problem[part] for part in ("zh", "en", "fix_zh", "fix_en"))
    assert Message.objects.count() == Work.objects.count() == 0


def test_a_body_announced_too_large_is_not_read(door):
    answer = door.post(b"<a/>", CONTENT_LENGTH=str(MAX_BODY_BYTES + 1))
    assert (answer.status_code, codes_of(answer)) == (413, ["-930002"])


class Dying(io.BytesIO):
    """A body whose sender dies after some bytes."""

    def read(self, *size):
        if data := super().read(*size):
            return data
        raise OSError("connection reset")


@pytest.mark.parametrize("body", [io.BytesIO, Dying])
def test_a_body_that_dies_half_way_is_not_kept(door, body):
    raw = door.fresh()
    answer = door.post(b"", CONTENT_LENGTH=str(len(raw)), **{"wsgi.input": body(raw[:500])})
    assert (answer.status_code, codes_of(answer)) == (400, ["-930007"])
    assert Message.objects.count() == 0
    assert door.post(raw).status_code == 202


def test_a_token_that_is_none_opens_nothing(door):
    answer = door.post(door.fresh(), HTTP_AUTHORIZATION="Bearer kouan_x")
    assert answer.status_code == 401
    assert Message.objects.count() == 0


# Refused as a whole: kept, answered with CEB900 and a check result ----------------------------------------------------

BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
SWARM = b" ".join(b'a%d="x"' % one for one in range(110_000))
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def inside(raw, before, new):
    assert before in raw
    return raw.replace(before, new, 1)


def without_declaration(raw):
    return raw.split(b"?>", 1)[1]


UNREADABLE = {
    "cut off": (lambda raw: raw[: len(raw) // 2], "0001"),
    "cut off in a character": (lambda raw: raw[: raw.index("演".encode()) + 1], "0001"),
    "another encoding than it says": (lambda raw: raw.decode().encode("gbk"), "0001"),
    "UTF-16": (lambda raw: raw.decode().encode("utf-16"), "0001"),
    "an unknown encoding": (lambda raw: inside(raw, b"UTF-8", b"KOI-77"), "0001"),
    "no XML": (lambda raw: "订单".encode(), "0001"),
    "a zip of nothing": (lambda raw: zipped({}), "0001"),
    "too deep": (lambda raw: inside(raw, b"<ceb:orderNo>", b"<ceb:orderNo>" + b"<x>" * 3000), "0001"),
    "too many elements": (
        lambda raw: inside(raw, b"<ceb:BaseTransfer>", b"<a/>" * 400_000 + b"<ceb:BaseTransfer>"), "-910002",
    ),
    "too many attributes": (lambda raw: inside(raw, b"<ceb:Inventory>", b"<ceb:Inventory " + SWARM + b">"), "-910005"),
    "an entity bomb": (lambda raw: BOMB + without_declaration(raw), "-910004"),
    "an external entity": (lambda raw: EXTERNAL + without_declaration(raw), "-910004"),
    "another namespace": (lambda raw: inside(raw, b"chinaport.gov.cn/ceb", b"example.com/ceb"), "0002"),
    "no namespace": (lambda raw: inside(raw, b"xmlns:ceb=", b"xmlns:bec=").replace(b"ceb:", b""), "0002"),
    "a message that customs sends": (lambda raw: tax_status(), "-930010"),
    "a message of no standard": (lambda raw: raw.replace(b"CEB621", b"CEB999"), "0002"),
    "an envelope that holds none": (
        lambda raw: wrap(Wrapped(TransferInfo("M1", "S", ["R"], "2026-01-01T00:00:00", "x"), b"x")), "0001",
    ),
    "an envelope cut off": (
        lambda raw: wrap(Wrapped(TransferInfo("M1", "S", ["R"], "2026-01-01T00:00:00", "x"), raw))[:-30], "0001",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_refused_as_a_whole_by_a_format_receipt(door, name):
    damage, code = UNREADABLE[name]
    raw, good = damage(door.fresh()), door.fresh()
    assert [door.post(raw).status_code, door.post(good).status_code] == [202, 202]
    door.work()
    assert door.failures() == []
    answers = door.answers()
    refusal, passed = answers["check"]
    assert (refusal["issuer"], [p["code"] for p in refusal["problems"]], refusal["accepted"]) == ("kouan", [code], 0)
    [receipt] = answers["900"]
    assert receipt.return_status == (code if code.startswith("-") else f"-{code}")
    assert f"[Code:{code};" in receipt.return_info
    assert (passed["accepted"], passed["problems"]) == (1, [])
    assert Message.objects.filter(raw_size=len(raw)).count() == 1
    assert Document.objects.count() == 1


ENVELOPE = {
    "no transfer": (lambda raw: re.sub(rb"<ceb:BaseTransfer>.*</ceb:BaseTransfer>", b"", raw, flags=re.S), "-910015"),
    "the transfer of another firm": (lambda raw: raw.replace(b"<ceb:copCode>4", b"<ceb:copCode>5"), "-930011"),
    "a receipt from a firm": (
        lambda raw: b'<CEB622Message xmlns="http://www.chinaport.gov.cn/ceb" guid="' + b"A" * 36 + b'" version="1.0"/>',
        "0002",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENVELOPE)
def test_refused_for_its_envelope(door, name):
    damage, code = ENVELOPE[name]
    door.post(damage(door.fresh()))
    door.work()
    answers = door.answers()
    assert code in [p["code"] for p in answers["check"][0]["problems"]]
    assert answers["900"] and Document.objects.count() == 0


# Refused node by node: the business receipt says why ------------------------------------------------------------------


def value(name, new, count=1):
    """Give an element of the first node another value."""
    return lambda raw: re.sub(rb"(<ceb:%s>)[^<]*" % name, rb"\g<1>" + new, raw, count=count)


def without(name):
    """Take an element away wherever it stands."""
    return lambda raw: re.sub(rb"<ceb:%s>.*?</ceb:%s>" % (name, name), b"", raw, flags=re.S)


NODES = {
    "311": {
        "a sum that is wrong": (value(b"acturalPaid", b"0.01"), "-301008"),
        "a line number twice": (lambda raw: raw.replace(b"<ceb:gnum>2<", b"<ceb:gnum>1<", 1), "-301002"),
        "no lines": (without(b"OrderList"), "-301001"),
        "an unknown kind of report": (value(b"appType", b"7"), "-301008"),
        "a change of what is not there": (value(b"appType", b"2"), "-301009"),
    },
    "411": {
        "another currency": (value(b"currency", b"502"), "-401009"),
        "a change of what is not there": (value(b"appType", b"2"), "-401006"),
    },
    "511": {
        "two packages": (value(b"packNo", b"2"), "-504011"),
        "a change of what is not there": (value(b"appType", b"2"), "-504014"),
    },
    "621": {
        "two packages": (value(b"packNo", b"2"), "-621001"),
        "above the limit of one purchase": (
            lambda raw: value(b"totalPrice", b"60000", 9)(value(b"price", b"60000", 9)(value(b"qty", b"1", 9)(raw))),
            "-621005",
        ),
        "a line number twice": (lambda raw: raw.replace(b"<ceb:gnum>2<", b"<ceb:gnum>1<", 1), "-621027"),
        "no lines": (without(b"InventoryList"), "-621000"),
        "an unknown mode of transport": (value(b"trafMode", b"Q"), "-621001"),
        "a time that is none": (value(b"appTime", b"20261399000000"), "-621001"),
        "a change of what is not there": (value(b"appType", b"2"), "-621011"),
    },
}  # fmt: skip
NODE = {"311": b"Order", "411": b"Payment", "511": b"Logistics", "621": b"Inventory"}
RECEIPT = {"311": "312", "411": "412", "511": "512", "621": "622"}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in NODES for name in NODES[kind]])
def test_a_refused_node_gets_its_receipt_and_its_neighbour_goes_on(door, kind, name):
    damage, code = NODES[kind][name]
    raw = door.fresh(kind, 2)
    # What is meant for the first node must not reach the second.
    border = raw.index(b"</ceb:%s>" % NODE[kind])
    damaged = damage(raw[:border]) + raw[border:]
    assert damaged != raw
    assert door.post(damaged, by=kind).status_code == 202
    door.work()
    answers = door.answers(kind)
    [check] = answers["check"]
    assert check["accepted"] == 1
    assert code in [p["code"] for node in check["nodes"] for p in node["problems"]]
    [head] = answers[RECEIPT[kind]]
    assert head.return_status == code
    assert NodeFinding.objects.filter(node_index=1).count() == 1
    assert DocumentVersion.objects.filter(node_index=2).count() == 1


@pytest.mark.parametrize(
    ("kind", "code"), [("311", "-301015"), ("411", "-401013"), ("511", "-504013"), ("621", "-621030")]
)
def test_more_nodes_than_a_message_may_have(door, kind, code):
    door.post(door.fresh(kind, 101), by=kind)
    door.work()
    answers = door.answers(kind)
    assert [p["code"] for p in answers["check"][0]["problems"]] == [code]
    assert answers["900"][0].return_status == code
    assert Document.objects.count() == 0


def test_more_lines_than_a_list_may_have(door):
    raw = door.fresh()
    line = re.search(rb"<ceb:InventoryList>.*?</ceb:InventoryList>", raw, re.S)[0]
    lines = b"".join(re.sub(rb"<ceb:gnum>\d+", b"<ceb:gnum>%d" % n, line) for n in range(1, 101))
    door.post(re.sub(rb"(<ceb:InventoryList>.*</ceb:InventoryList>)", lambda _: lines, raw, flags=re.S))
    door.work()
    assert door.answers()["622"][0].return_status == "-910023"


FORGIVEN = {
    "the transfer twice": (
        lambda raw: re.sub(rb"(<ceb:BaseTransfer>.*</ceb:BaseTransfer>)", rb"\1\1", raw, flags=re.S), "-910013",
    ),
    "the transfer twice, another": (
        lambda raw: re.sub(
            rb"(<ceb:BaseTransfer>.*</ceb:BaseTransfer>)",
            lambda one: one[0] + one[0].replace(b"<ceb:copCode>4", b"<ceb:copCode>9"), raw, flags=re.S,
        ),
        "-910014",
    ),
    "no guid": (lambda raw: re.sub(rb' guid="[^"]*"', b"", raw), "-910010"),
    "GBK that says so": (lambda raw: raw.decode().replace("UTF-8", "GBK").encode("gbk"), "-910003"),
    "an unknown element": (lambda raw: inside(raw, b"<ceb:orderNo>", b"<ceb:new>1</ceb:new><ceb:orderNo>"), "-910022"),
    "a country that the table at hand does not know": (value(b"tradeCountry", b"999"), "-911010"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGIVEN)
def test_what_is_forgiven_is_told(door, name):
    damage, code = FORGIVEN[name]
    door.post(damage(door.fresh()))
    door.work()
    answers = door.answers()
    [check] = answers["check"]
    told = check["problems"] + [p for node in check["nodes"] for p in node["problems"]]
    assert (check["accepted"], {p["severity"] for p in told}) == (1, {"warning"})
    assert code in {p["code"] for p in told}
    assert set(answers) == {"check"}


# Again ----------------------------------------------------------------------------------------------------------------


def test_replayed_bytes_get_the_same_answer_and_change_nothing(door):
    raw = door.fresh()
    first, again = door.post(raw).json()["messages"][0], door.post(raw).json()["messages"][0]
    assert (again["is_repeated"], again["message_id"]) == (True, first["message_id"])
    door.work()
    door.post(raw)
    door.work()
    assert len(door.answers()["check"]) == 1
    assert (Message.objects.count(), DocumentVersion.objects.count()) == (1, 1)


def test_a_guid_that_stands_for_other_bytes_conflicts_and_is_kept_aside(door):
    raw = door.fresh()
    door.post(raw)
    answer = door.post(raw.replace(b"</ceb:CEB621Message>", b"\n</ceb:CEB621Message>"))
    assert (answer.status_code, codes_of(answer)) == (409, ["-930006"])
    door.work()
    assert (Message.objects.count(), Document.objects.count()) == (2, 1)


def another_guid(raw):
    return re.sub(rb'guid="[0-9A-F]', b'guid="Z', raw, count=1)


def test_the_same_document_again_in_another_message_is_repeated(door):
    raw = door.fresh()
    door.post(raw)
    door.post(another_guid(raw))
    door.work()
    [_, second] = door.answers()["check"]
    assert ([node["finding"] for node in second["nodes"]], second["accepted"]) == (["same"], 0)
    assert DocumentVersion.objects.count() == 1


def test_the_same_key_with_other_content_conflicts(door):
    raw = door.fresh()
    door.post(raw)
    door.post(value(b"voyageNo", b"YS1")(another_guid(raw)))
    door.work()
    answers = door.answers()
    assert answers["622"][0].return_status == "-921002"
    assert answers["check"][1]["nodes"][0]["finding"] == "conflicting"
    assert DocumentVersion.objects.count() == 1


AGAIN = {"311": "-301010", "411": "-401007", "511": "-504015", "621": "-621004"}
OLDER = {"311": "-301014", "411": "-401012", "511": "-921001", "621": "-921001"}


@pytest.mark.parametrize("kind", AGAIN)
@pytest.mark.parametrize(("year", "codes"), [(b"2099", AGAIN), (b"2001", OLDER)])
def test_the_same_key_declared_anew_later_or_earlier(door, kind, year, codes):
    raw = door.fresh(kind)
    door.post(raw, by=kind)
    door.work()
    door.post(re.sub(rb"<ceb:appTime>\d{4}", b"<ceb:appTime>" + year, another_guid(raw)), by=kind)
    door.work()
    answers = door.answers(kind)
    assert [head.return_status for head in answers[RECEIPT[kind]]] == [codes[kind]]
    assert DocumentVersion.objects.count() == 1


# Signatures -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def strict():
    made = Door(policy=SignaturePolicy.REQUIRE)
    made.key = demo_rsa_key("演示签名", since=made.at, bits=1024)
    register_certificate(
        actor=SystemActor("tests"),
        organisation_id=made.channels["621"].organisation_id,
        der=made.key.certificate,
        at=made.at,
    )
    return made


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw, door: raw, "-621026"),
        (lambda raw, door: value(b"packNo", b"3")(sign(raw, door.key)), "-621028"),
        (lambda raw, door: re.sub(rb"(<ds:SignatureValue>)[^<]{8}", rb"\1AAAAAAAA", sign(raw, door.key)), "-621029"),
        (lambda raw, door: sign(raw, demo_rsa_key("演示他人", since=door.at, bits=1024, serial=9)), "-621029"),
    ],
    ids=["none", "of another text", "that does not verify", "of a stranger"],
)
def test_signatures(strict, change, code):
    raw = strict.fresh()
    strict.post(change(raw, strict))
    good = strict.fresh()
    strict.post(sign(good, strict.key))
    strict.work()
    answers = strict.answers()
    refused, passed = answers["check"]
    told = refused["problems"] + [p for node in refused["nodes"] for p in node["problems"]]
    assert [p["code"] for p in told if p["severity"] == "error"] == [code]
    assert {head.return_status for head in answers["900"] + answers["622"]} == {code}
    assert passed["accepted"] == 1
    assert Document.objects.count() == 1


# Neighbours and memory ------------------------------------------------------------------------------------------------


def test_one_zip_of_good_and_bad_gives_each_its_answer(door):
    good = door.fresh()
    members = {"a.xml": good[:400], "b.xml": good, "c.txt": b"x", "d.xml": BOMB + b"<a/>", "e.xml": door.fresh()}
    answer = door.post(zipped(members))
    assert answer.status_code in (202, 409)
    door.work()
    assert door.failures() == []
    checks = door.answers()["check"]
    assert sum(check["accepted"] for check in checks) >= 1
    assert Message.objects.count() == 5


def test_what_swells_costs_a_bounded_memory(door):
    """A bomb of gigabytes, were it expanded; a hundred thousand nodes; a body at its limit."""
    ten = b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 12))
    bodies = [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + ten + b"]><x>&l;</x>",
        inside(door.fresh("311"), b"<ceb:BaseTransfer>", b"<ceb:Order/>" * 100_000 + b"<ceb:BaseTransfer>"),
        b"<a>" * (MAX_MESSAGE_BYTES // 3),
    ]
    tracemalloc.start()
    for body in bodies:
        assert door.post(body, by="311").status_code == 202
    door.work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 25 * MAX_MESSAGE_BYTES
    assert door.failures() == []
    told = {p["code"] for check in door.answers("311")["check"] for p in check["problems"]}
    assert {"-910004", "-301015", "-910002"} <= told
