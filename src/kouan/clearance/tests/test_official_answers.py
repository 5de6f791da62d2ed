"""Every official answer arrives on the right case, version and timeline, and goes back byte for byte to its channel."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from kouan.clearance.models import Inspection
from kouan.clearance.tests.national import rig, work
from kouan.clearance.timeline import timeline_of
from kouan.clearance.views.cases import _next_step
from kouan.declarations.factories import send
from kouan.declarations.models import Case, Document, OfficialAnswer, TaxBill, UnplacedAnswer
from kouan.declarations.services.unplaced import sweep_unplaced_answers
from kouan.gateway.codes import Carrier
from kouan.gateway.models import Message, Receipt, Work
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.ceb.answers import answer, format_answer, message_of
from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.generate import CARRIER, DECLARANT, parcels
from kouan.gateway.standards.ceb.receipts import TaxHead, TaxLine, TaxStatus
from kouan.gateway.standards.ceb.tests.making import envelope_of, node_of
from kouan.gateway.standards.ceb.types import Envelope, Node
from kouan.kernel.dates import format_stamp, format_time
from kouan.kernel.identifiers import uuid7
from kouan.records.problems import Problem
from kouan.safekeeping.safe import safe

pytestmark = [pytest.mark.django_db, pytest.mark.service]

LIST_NO = "47002026I000000042"
STATES = {
    "1": ("awaiting_answer", "national"),
    "2": ("awaiting_answer", "national"),
    "3": ("awaiting_answer", "national"),
    "4": ("awaiting_answer", "national"),
    "100": ("returned_for_correction", "declarant"),
    "120": ("awaiting_answer", "customs"),
    "300": ("awaiting_answer", "customs"),
    "399": ("awaiting_answer", "customs"),
    "500": ("under_inspection", "operator"),
    "501": ("detained", "customs"),
    "502": ("detained", "customs"),
    "503": ("detained", "customs"),
    "599": ("detained", "customs"),
    "600": ("held", "customs"),
    "700": ("refused", "declarant"),
    "800": ("released", "operator"),
    "899": ("closed", "operator"),
    "-621005": ("returned_for_correction", "declarant"),
    "-1": ("returned_for_correction", "declarant"),
    "777": ("unknown_official", "customs"),
}
"""Every state of the standard's list, two below zero, and one that the standard does not know."""


@pytest.fixture
def national(tmp_path):
    with rig(Carrier.FOLDER, tmp_path, timezone.now()) as made:
        made.behave(mode="silent")
        yield made


def guid():
    return str(uuid7()).upper()


def receipt(national, kind, *heads, status, seconds=60, **more):
    """Write the receipt of customs for documents of a kind."""
    at = national.at + timedelta(seconds=seconds)
    said = [
        answer(
            kind,
            head,
            status=status,
            info=f"[Code:1;Desc:演示{status}]",
            at=at,
            guid=guid(),
            as_counterpart=True,
            **more,
        )
        for head in heads
    ]
    return encode(message_of(kind, said, guid=guid()), strict=False)


def bill(national, *lists, tax_no="T1", status="1", seconds=60):
    at = format_stamp(national.at + timedelta(seconds=seconds))
    nodes = [
        Node(place, TaxHead(guid=guid(), return_time=at, list_no=list_no, tax_no=tax_no, customs_duty="1.5",
                            value_added_tax="9.10", consumption_tax="0", status=status),
             [TaxLine("1", "2106909090", "100", "1.5", "9.10", "0")], b"")
        for place, list_no in enumerate(lists, 1)
    ]  # fmt: skip
    return encode(Envelope("816", guid(), "1.0", nodes), strict=False)


def bill_status(national, list_no, *, status, tax_no="T1", seconds=120):
    at = format_stamp(national.at + timedelta(seconds=seconds))
    head = TaxStatus(guid=guid(), return_time=at, list_no=list_no, tax_no=tax_no, status=status)
    return encode(Envelope("818", guid(), "1.0", [Node(1, head, [], b"")]), strict=False)


def relayed(kind):
    """What went back to the firms: channel and bytes."""
    found = Receipt.objects.filter(issuer="national", kind=kind).order_by("pk")
    return [(one.connection_id, safe().take(bytes(one.body))) for one in found]


def moments(case, now):
    with override("zh-hans"):
        return [(m.what, m.note) for m in timeline_of(case, now=now).moments if m.who == "国家标准版"]


# Lists ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", STATES)
def test_every_state_of_a_list_arrives_and_goes_back(national, status):
    [parcel, other] = national.declare(2)
    body = receipt(national, "621", parcel.list_head, status=status, list_no=LIST_NO)
    national.receive(body)
    case = national.case(parcel.list_head.internal_no)
    assert (case.state, case.waits_for) == STATES[status]
    assert (case.official_status, case.list_no, case.version) == (status, LIST_NO, 1)
    assert relayed("622") == [(national.channels["621"].pk, body)]
    [(what, note)] = moments(case, national.at)
    assert what.startswith(f"官方回执 {status} ")
    assert note == f"[Code:1;Desc:演示{status}]"
    [kept] = OfficialAnswer.objects.filter(document_id=case.pk)
    assert (kept.version, kept.moved, kept.status) == (1, True, status)
    untouched = national.case(other.list_head.internal_no)
    assert (untouched.state, untouched.official_status) == ("awaiting_answer", "")
    assert Inspection.objects.count() == (1 if status == "500" else 0)
    assert bool(case.released_at) == (status in ("800", "899"))


def test_what_the_national_side_refused_is_not_called_customs_decision(national):
    [parcel] = national.declare()
    national.receive(receipt(national, "621", parcel.list_head, status="-621005"))

    class Somebody:
        def has_role(self, *roles):
            return False

    with override("zh-hans"):
        assert _next_step(national.case(), Somebody()).what == "国家标准版未受理，请按回执信息修改后重新申报"


def test_an_answer_that_names_no_declarant_finds_its_list_by_seller_and_number(national):
    [parcel] = national.declare()
    body = receipt(national, "621", parcel.list_head, status="120", declarant_code=None)
    national.receive(body)
    assert national.case().official_status == "120"


# The documents about a list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "receipt_kind"), [("311", "312"), ("411", "412"), ("511", "512")])
def test_receipts_of_the_other_documents_of_a_parcel(national, kind, receipt_kind):
    [parcel] = national.declare()
    head = {"311": parcel.order, "411": parcel.payment, "511": parcel.waybill}[kind]
    good, bad = (receipt(national, kind, head, status=s, seconds=t) for s, t in (("120", 60), ("-1", 90)))
    national.receive(good)
    case = national.case()
    assert moments(case, national.at) == []
    assert [one.said.status for one in timeline_of(case, now=national.at).answers] == ["120"]
    national.receive(receipt(national, kind, head, status="100", seconds=70), bad)
    assert [what.split()[1] for what, _ in moments(case, national.at)] == ["100", "-1"]
    assert [body for _, body in relayed(receipt_kind)][::2] == [good, bad]
    assert {channel for channel, _ in relayed(receipt_kind)} == {national.channels[kind].pk}
    document = Document.objects.get(kind=kind)
    assert (document.official_status, document.official_version) == ("100", 1)
    assert national.case().state == "awaiting_answer"


def declare_about(national, kind, parcel, **values):
    """Let a firm declare a 513, 623, 625 or 711 about a parcel, through the channel of the list or the carrier."""
    node = node_of(kind)
    for name, value in values.items():
        setattr(node.head, name, value)
    node.head.guid = guid()
    code, name = CARRIER if kind == "513" else DECLARANT
    envelope = envelope_of(kind, node)
    envelope.guid, envelope.transfer.firm_code, envelope.transfer.firm_name = guid(), code, name
    channel = national.channels["511" if kind == "513" else "621"]
    receive(channel=channel, body=encode(envelope, strict=False), at=national.at)
    work(national.at)
    national.deliver()
    assert Document.objects.filter(kind=kind).count() == 1
    return node.head, channel


def test_the_status_of_a_waybill_and_its_receipt(national):
    [parcel] = national.declare()
    head, channel = declare_about(
        national, "513", parcel, carrier_code=parcel.waybill.carrier_code, waybill_no=parcel.waybill.waybill_no
    )
    body = receipt(national, "513", head, status="120")
    national.receive(body)
    [(what, note)] = moments(national.case(), national.at)
    assert what == "官方回执 120 海关入库" and note.startswith(f"运单状态 {head.waybill_no} · ")
    assert relayed("514") == [(channel.pk, body)]


@pytest.mark.parametrize(("kind", "receipt_kind", "words"), [("623", "624", "撤销申请"), ("625", "626", "退货申请")])
@pytest.mark.parametrize("status", ["1", "2", "3", "4", "100", "120", "399", "-623005"])
def test_applications_about_a_list_and_their_receipts(national, kind, receipt_kind, words, status):
    [parcel] = national.declare()
    national.receive(receipt(national, "621", parcel.list_head, status="120", list_no=LIST_NO))
    head, channel = declare_about(
        national, kind, parcel, list_no=LIST_NO, declarant_code=DECLARANT[0], internal_no="YSQ1",
        order_no=parcel.order.order_no,
    )  # fmt: skip
    body = receipt(national, kind, head, status=status, seconds=90)
    national.receive(body)
    case = national.case()
    [_, (what, note)] = moments(case, national.at)
    assert what.startswith(f"官方回执 {status} ") and note.startswith(f"{words} YSQ1 · ")
    assert relayed(receipt_kind) == [(channel.pk, body)]
    assert Document.objects.get(kind=kind).official_status == status
    withdrawn = kind == "623" and status == "399"
    assert (case.state, case.is_withdrawn) == ("withdrawn" if withdrawn else "awaiting_answer", withdrawn)
    assert case.official_status == "120"


# Format receipts ------------------------------------------------------------------------------------------------------

FAULT = Problem("0002", "/x", "error", "不能通过校验", "does not pass the schema")


def refusal_of(national, message_id, seconds=60):
    at = national.at + timedelta(seconds=seconds)
    envelope = format_answer(FAULT, b"<x/>", at=at, guid=guid(), message_id=message_id, kind="621")
    return encode(envelope, strict=False)


@pytest.mark.parametrize("form", ["{hex}", "CEB621_{hex}"])
def test_a_format_receipt_refuses_every_document_of_its_message(national, form):
    made = national.declare(3)
    national.deliver()
    message_id = national.case(made[0].list_head.internal_no).message_id
    body = refusal_of(national, form.format(hex=message_id.hex))
    national.receive(body)
    for case in Case.objects.all():
        assert (case.state, case.waits_for, case.official_status) == ("returned_for_correction", "declarant", "-0002")
        [(what, note)] = moments(case, national.at)
        assert what.startswith("官方回执 -0002") and "不能通过校验" in note
    assert relayed("900") == [(national.channels["621"].pk, body)]
    assert Receipt.objects.get(kind="900").answers == message_id
    assert not UnplacedAnswer.objects.exists()
    # The same refusal under another guid changes nothing more.
    national.receive(refusal_of(national, message_id.hex))
    assert {len(moments(case, national.at)) for case in Case.objects.all()} == {1}


def test_a_format_receipt_of_an_earlier_version_never_moves_a_later_one(national):
    [parcel] = national.declare()
    national.deliver()
    first = national.case().message_id
    parcel.list_head.app_type = "2"
    parcel.list_head.app_time = format_time(national.at + timedelta(minutes=1))
    from kouan.gateway.standards.ceb.generate import messages

    [(_, raw)] = messages([parcel], kinds=["621"], seed=5)
    receive(channel=national.channels["621"], body=raw, at=national.at)
    work(national.at)
    national.receive(refusal_of(national, first.hex))
    case = national.case()
    assert (case.version, case.official_status, case.state) == (2, "", "awaiting_answer")
    [kept] = OfficialAnswer.objects.filter(document_id=case.pk)
    assert (kept.version, kept.moved) == (1, False)


@pytest.mark.parametrize("named", ["", "x", "0" * 32, "演示"])
def test_a_format_receipt_of_nothing_known_waits_in_the_open(national, named):
    national.receive(refusal_of(national, named))
    [waiting] = UnplacedAnswer.objects.all()
    assert (waiting.kind, waiting.keys) == ("900", {"message": named})
    assert not Work.objects.exists()


def test_an_answer_to_a_node_that_was_refused_here_goes_back_too(national):
    """A signed message goes on whole: customs answers the node that our own check refused as well."""
    made = list(parcels(2, at=national.at))
    made[1].list_head.net_weight_kg = "99"
    send(national.channels, made, at=national.at)
    work(national.at)
    assert Case.objects.count() == 1
    heads = [one.list_head for one in made]
    body = receipt(national, "621", *heads, status="120")
    national.receive(body)
    assert not UnplacedAnswer.objects.exists()
    assert OfficialAnswer.objects.count() == 1
    relayed = Receipt.objects.get(kind="622", issuer="national")
    assert relayed.connection_id == national.channels["621"].pk
    assert relayed.node_count == 2
    assert relayed.answers == national.case().message_id


# Tax bills ------------------------------------------------------------------------------------------------------------


def with_list_no(national, parcel, list_no=LIST_NO, status="800"):
    national.receive(receipt(national, "621", parcel.list_head, status=status, list_no=list_no))


def test_a_tax_bill_and_its_status_arrive_on_the_case_and_go_back(national):
    [parcel] = national.declare()
    with_list_no(national, parcel)
    made, summed = bill(national, LIST_NO), bill_status(national, LIST_NO, status="2")
    national.receive(made)
    assert (str(national.case().tax), national.case().tax_status) == ("10.60000", "1")
    national.receive(summed)
    case = national.case()
    assert (str(case.tax), case.tax_status) == ("10.60000", "2")
    channel = national.channels["621"].pk
    assert (relayed("816"), relayed("818")) == ([(channel, made)], [(channel, summed)])
    national.receive(bill_status(national, LIST_NO, status="3", seconds=240))
    case = national.case()
    assert (case.tax, case.tax_status) == (None, "3")


def test_a_tax_bill_twice_is_counted_once_and_a_late_status_moves_nothing(national):
    [parcel] = national.declare()
    with_list_no(national, parcel)
    national.receive(bill(national, LIST_NO), bill(national, LIST_NO))
    national.receive(bill_status(national, LIST_NO, status="2"), bill_status(national, LIST_NO, status="1", seconds=90))
    assert TaxBill.objects.count() == 1
    assert (str(national.case().tax), national.case().tax_status) == ("10.60000", "2")
    assert (len(relayed("816")), len(relayed("818"))) == (2, 2)


def test_a_status_before_its_bill_before_its_list_waits_and_is_laid_on_it(national):
    [parcel] = national.declare()
    made, summed = bill(national, LIST_NO), bill_status(national, LIST_NO, status="2")
    national.receive(summed, made)
    assert set(UnplacedAnswer.objects.values_list("kind", flat=True)) == {"816", "818"}
    assert (relayed("816"), relayed("818")) == ([], [])
    assert sweep_unplaced_answers(at=national.at) == 0
    with_list_no(national, parcel)
    assert sweep_unplaced_answers(at=national.at) == 2
    work(national.at)
    case = national.case()
    assert (str(case.tax), case.tax_status) == ("10.60000", "2")
    assert ([body for _, body in relayed("816")], [body for _, body in relayed("818")]) == ([made], [summed])
    assert not UnplacedAnswer.objects.exists()
    assert sweep_unplaced_answers(at=national.at) == 0


def test_no_firm_sees_the_bill_of_another(national):
    one, two = national.declare(2)
    with_list_no(national, one)
    other = LIST_NO[:-1] + "3"
    with_list_no(national, two, other)
    stranger = national.channels["311"]
    Case.objects.filter(list_no=other).update(connection_id=stranger.pk)
    third = LIST_NO[:-1] + "9"
    national.receive(bill(national, LIST_NO, third, other))
    sent = dict(relayed("816"))
    assert set(sent) == {national.channels["621"].pk, stranger.pk}
    assert [n.head.list_no for n in decode(sent[stranger.pk]).nodes] == [other]
    assert [n.head.list_no for n in decode(sent[national.channels["621"].pk]).nodes] == [LIST_NO]
    [waiting] = UnplacedAnswer.objects.all()
    assert waiting.keys == {"list_no": third, "tax_no": "T1"}


# Without a document ---------------------------------------------------------------------------------------------------


def test_an_answer_before_its_document_is_laid_on_it_when_it_comes(national):
    [parcel] = parcels(1, at=national.at, seed=8)
    early = receipt(national, "621", parcel.list_head, status="120")
    national.receive(early)
    [waiting] = UnplacedAnswer.objects.all()
    assert waiting.keys["answered"] == "621"
    assert relayed("622") == []
    national.declare(seed=8)
    assert sweep_unplaced_answers(at=national.at) == 1
    work(national.at)
    case = national.case()
    assert case.official_status == "120"
    assert relayed("622") == [(national.channels["621"].pk, early)]
    assert not UnplacedAnswer.objects.exists()


def test_an_official_message_that_cannot_be_read_is_kept_and_parked(national):
    receive(channel=national.national, body=b"<ceb:CEB622Message>", at=national.at)
    for _ in range(3):
        work(national.at)
        national.at += timedelta(minutes=1)
    [parked] = Work.objects.all()
    assert parked.is_parked and parked.step == "answer"
    assert Message.objects.filter(connection_id=national.national.pk).count() == 1


def test_an_answer_that_says_too_little_waits_in_the_open_and_stops_no_other(national):
    one, two = national.declare(2)
    both = receipt(national, "621", one.list_head, two.list_head, status="120")
    national.receive(re.sub(rb"<(\S*returnStatus)>120</\1>", b"", both, count=1))
    [waiting] = UnplacedAnswer.objects.all()
    assert (waiting.node_index, waiting.keys) == (1, {"problem": "0002"})
    assert sorted(Case.objects.values_list("official_status", flat=True)) == ["", "120"]
    assert [len(decode(body).nodes) for _, body in relayed("622")] == [1]
    assert sweep_unplaced_answers(at=national.at) == 0


def test_an_answer_without_a_time_is_borne(national):
    [parcel] = national.declare()
    body = receipt(national, "621", parcel.list_head, status="120", list_no="9" * 30)
    stripped = re.sub(rb"<(\S*returnTime)>\d+</\1>", b"", body)
    national.receive(stripped)
    case = national.case()
    assert (case.official_status, case.list_no) == ("120", "")
    assert case.official_at == national.at
    assert relayed("622") == [(national.channels["621"].pk, stripped)]


@pytest.mark.parametrize("kind", ["622", "712"])
def test_an_answer_that_names_nothing_waits_in_the_open(national, kind):
    node = node_of(kind)
    node.head.internal_no = None
    national.receive(encode(Envelope(kind, guid(), "1.0", [node]), strict=False))
    [waiting] = UnplacedAnswer.objects.all()
    assert (waiting.kind, waiting.keys["number"]) == (kind, "")


@pytest.mark.parametrize("kind", ["311", "603"])
def test_what_is_no_answer_waits_in_the_open(national, kind):
    national.receive(encode(Envelope(kind, guid(), "1.0", [node_of(kind)]), strict=False))
    [waiting] = UnplacedAnswer.objects.all()
    assert (waiting.kind, waiting.keys) == (kind, {"problem": "-930010"})
    assert not Work.objects.exists()
