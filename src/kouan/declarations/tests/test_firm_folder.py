"""The exchange folder of a firm, and the technical receipts of the national client: names, boxes, and what they say."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Carrier, SignaturePolicy, Step
from kouan.gateway.models import Connection, Delivery, Message, Work
from kouan.gateway.services.collecting import collect_due
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.forwarding import forward
from kouan.gateway.services.leaving import Leaving
from kouan.gateway.services.receiving import MAX_BODY_BYTES
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import DEFECTS, messages, parcels
from kouan.gateway.standards.dxp.codec import read_report, wrap
from kouan.gateway.standards.dxp.types import Message as Wrapped
from kouan.gateway.standards.dxp.types import TransferInfo
from kouan.gateway.transports.file_names import (
    check_name,
    read_technical,
    readable,
    receipt_name,
    technical_name,
    with_stamp,
)
from kouan.kernel.dates import CHINA_TIME, format_stamp
from kouan.kernel.identifiers import uuid7, uuid7_at

STAMP = r"\d{17}"


# Names ----------------------------------------------------------------------------------------------------------------


def test_names_are_those_of_the_import_client():
    at = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=CHINA_TIME)
    item = uuid7_at(at)
    assert technical_name("a_1.xml", is_taken=True, at=at) == "Successed_a_1_20261123010203456.xml"
    assert technical_name("包裹.zip", is_taken=False, at=at) == "Failed_包裹_20261123010203456.xml"
    assert receipt_name("CEB622", item) == f"Receipt_CEB622-{item.hex}_20261123010203456.xml"
    assert check_name("I_2026_t-1.xml", item) == f"Check_I-2026-t-1-{item.hex[-12:]}_20261123010203456.json"
    assert receipt_name("CEB622", item) == receipt_name("CEB622", item)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a/b\\c", "\x00\n", "演" * 300, "x" * 900, "\udcff"])
def test_a_name_of_any_kind_makes_a_name_that_a_disk_takes(name, tmp_path):
    made = check_name(name, uuid7())
    assert re.fullmatch(rf"Check_[^_/\\\x00]+_{STAMP}\.json", made)
    (tmp_path / made).write_bytes(b"")
    assert len(with_stamp(name, ".xml", timezone.now()).encode("utf-8", "replace")) < 240
    assert readable(name).isprintable() or not name


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Successed_CEB621_ab_20190214122421429943119.xml", (True, "CEB621_ab")),
        ("failed_x_20260101000000000.XML", (False, "x")),
        ("Successed_x.xml", (True, "x")),
        ("Receipt_x_20260101000000000.xml", None),
        ("Successed_.xml", None),
        ("xSuccessed_a.xml", None),
    ],
)
def test_what_the_client_says_is_read_from_the_name(name, read):
    said = read_technical(name)
    assert (said and (said.is_taken, said.key)) == read


# A firm's folder ------------------------------------------------------------------------------------------------------


@pytest.fixture
def at():
    return timezone.now()


class Firm:
    """The folder of a firm as its own program uses it."""

    def __init__(self, root, channel, at):
        self.root, self.channel, self.at, self.exchange = root / channel.address, channel, at, root
        (self.root / "OutBox").mkdir(parents=True)

    def lay(self, name, data):
        (self.root / "OutBox" / (name + ".Temp")).write_bytes(data)
        (self.root / "OutBox" / (name + ".Temp")).rename(self.root / "OutBox" / name)

    def turn(self):
        collect_due(root=self.exchange, at=self.at)
        while run_step(step=Step.STORE, handle=store_messages, at=self.at):
            pass
        out = Leaving(self.exchange)
        deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=self.at)

    def names(self, box):
        return sorted(path.name for path in (self.root / box).iterdir())

    def report(self, word):
        [path] = (self.root / "InBox").glob(f"{word}_*.xml")
        return read_report(path.read_bytes())


@pytest.fixture
def firm(db, tmp_path, at):
    channels = make_channels(make_firms(), policy=SignaturePolicy.OFF, carrier=Carrier.FOLDER)
    return Firm(tmp_path, channels["311"], at)


def order(at, seed=0, **more):
    made = list(parcels(2, at=at, seed=seed))
    for name in more.get("defects", ()):
        DEFECTS[name](made[0])
    [(_, raw)] = messages(made, kinds=["311"], seed=seed)
    return raw


def test_it_works_from_file_to_check_result(firm, at):
    firm.lay("I_YS1_t-1.xml", order(at))
    firm.turn()
    stamp = format_stamp(at)
    assert firm.names("OutBox") == []
    assert firm.names("SentBox") == [f"I_YS1_t-1_{stamp}.xml"]
    check, technical = firm.names("InBox")
    assert technical == f"Successed_I_YS1_t-1_{stamp}.xml"
    assert re.fullmatch(rf"Check_I-YS1-t-1-[0-9a-f]{{12}}_{STAMP}\.json", check)
    assert json.loads((firm.root / "InBox" / check).read_bytes())["accepted"] == 2
    report = firm.report("Successed")
    [said] = report.responses
    message = Message.objects.get()
    assert (report.node, said.code, said.note, said.original.message_id) == (
        "KOUAN",
        "0",
        str(message.pk),
        message.guid,
    )
    assert "口岸平台" in said.info


def test_a_refused_document_comes_as_receipt_and_check(firm, at):
    firm.lay("a.xml", order(at, defects=["wrong_sum"]))
    firm.turn()
    check, receipt, technical = firm.names("InBox")
    assert re.fullmatch(rf"Receipt_CEB312-[0-9a-f]{{32}}_{STAMP}\.xml", receipt)
    assert check.startswith("Check_a-") and technical.startswith("Successed_a_")
    firm.turn()
    assert len(firm.names("InBox")) == 3


def test_an_envelope_is_named_by_its_own_number(firm, at):
    info = TransferInfo("M-1", "DXPENTDEMO000001", ["DXPEDCCEB0000002"], "2026-01-01T00:00:00", "CEB311Message")
    firm.lay("a.xml", wrap(Wrapped(info, order(at))))
    firm.turn()
    assert firm.report("Successed").responses[0].original.message_id == "M-1"


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "-930001"), (b"PK\x03\x04broken", "-930003"), (b"<a>" + b"x" * (8 << 20), "-930002")],
    ids=["empty", "broken zip", "too large"],
)
def test_what_cannot_be_taken_goes_to_failbox_with_the_reason(firm, at, data, code):
    firm.lay("a.xml", data)
    firm.lay("b.xml", order(at))
    firm.turn()
    assert firm.names("FailBox") == [f"a_{format_stamp(at)}.xml"]
    assert firm.names("SentBox") == [f"b_{format_stamp(at)}.xml"]
    [said] = firm.report("Failed").responses
    assert said.code == "-1201001" and said.info.startswith(f"[{code}] ") and said.note
    assert said.original.message_id == "a.xml"
    assert Message.objects.count() == 1


def test_a_file_larger_than_a_body_is_never_read(firm, at):
    firm.lay("a.zip", b"")
    with (firm.root / "OutBox" / "a.zip").open("r+b") as stream:
        stream.truncate(MAX_BODY_BYTES + 1)
    firm.turn()
    assert firm.report("Failed").responses[0].info.startswith("[-930002]")
    assert firm.names("FailBox") == [f"a_{format_stamp(at)}.zip"]


def test_repeated_and_conflicting_files(firm, at):
    raw = order(at)
    firm.lay("a.xml", raw)
    firm.turn()
    firm.at = at + timedelta(seconds=1)
    firm.lay("a.xml", raw)
    firm.lay("b.xml", raw.replace(b"</", b" </", 1))
    firm.turn()
    again = read_report(next((firm.root / "InBox").glob(f"Successed_a_{format_stamp(firm.at)}.xml")).read_bytes())
    assert again.responses[0].code == "0" and "重复报送" in again.responses[0].info
    [said] = firm.report("Failed").responses
    assert said.info.startswith("[-930006]")
    assert firm.names("FailBox") == [f"b_{format_stamp(firm.at)}.xml"]
    assert Message.objects.count() == 2


def test_a_zip_says_of_each_message_what_became_of_it(firm, at):
    one, two = order(at), order(at, seed=1)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, raw in (("a.xml", one), ("b.xml", two), ("c.xml", two.replace(b"</", b" </", 1))):
            archive.writestr(name, raw)
    firm.lay("z.zip", stream.getvalue())
    firm.turn()
    assert sorted(said.code for said in firm.report("Failed").responses) == ["-1201001", "0", "0"]
    assert [name.split("-")[0] for name in firm.names("InBox") if name.startswith("Check")] == ["Check_a", "Check_b"]
    assert firm.names("FailBox") == [f"z_{format_stamp(at)}.zip"]


def test_files_that_are_not_whole_or_no_messages_are_passed_over(firm, at):
    (firm.root / "OutBox" / "a.xml.Temp").write_bytes(order(at))
    (firm.root / "OutBox" / "b.txt").write_bytes(b"x")
    (firm.root / "OutBox" / "c.xml").symlink_to("/etc/passwd")
    (firm.root / "OutBox" / "d.xml").mkdir()
    firm.turn()
    assert firm.names("InBox") == [] and Message.objects.count() == 0
    assert len(firm.names("OutBox")) == 4


def test_a_name_that_is_no_text_stops_nobody(firm, at):
    odd = (firm.root / "OutBox").as_posix().encode() + b"/\xff\x01" + b"n" * 200 + b".xml"
    with open(odd, "wb") as stream:
        stream.write(order(at))
    firm.lay("b.xml", order(at, seed=1))
    firm.turn()
    assert Message.objects.count() == 2
    assert len(firm.names("SentBox")) == 2 and len([n for n in firm.names("InBox") if n.startswith("Successed_")]) == 2


# The national client's folder -----------------------------------------------------------------------------------------


@pytest.fixture
def sent(db, tmp_path, at):
    """One message that went into the national client's folder."""
    firms = make_firms()
    national = make_national_channel(firms["621"].pk)
    [message_id] = send(make_channels(firms), parcels(1, at=at), at=at, kinds=["621"])
    forward([message_id], at=at)
    out = Leaving(tmp_path)
    assert deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=at) == 1
    return message_id, national, tmp_path


@pytest.mark.parametrize(("word", "outcome", "parked"), [("Successed", "delivered", 0), ("Failed", "refused", 1)])
def test_technical_receipts_of_the_national_client_are_noted(sent, at, word, outcome, parked):
    message_id, national, root = sent
    name = f"{word}_CEB621_{message_id.hex}_20260101000000000.xml"
    (root / "national" / "InBox" / name).write_text("<x>说明</x>")
    assert collect_due(root=root, at=at) == 1
    assert not (root / "national" / "InBox" / name).exists()
    last = Delivery.objects.filter(item_id=message_id).order_by("pk").last()
    assert (last.outcome, last.detail) == (outcome, "<x>说明</x>")
    assert Work.objects.filter(item_id=message_id, step=Step.DELIVER, is_parked=True).count() == parked
    assert Message.objects.filter(connection_id=national.pk).count() == 0


@pytest.mark.parametrize("key", ["nothing", "CEB621_" + "0" * 32])
def test_a_technical_receipt_of_nothing_known_changes_nothing(sent, at, key):
    _, _, root = sent
    (root / "national" / "InBox" / f"Failed_{key}_20260101000000000.xml").write_text("x")
    before = Delivery.objects.count()
    assert collect_due(root=root, at=at) == 1
    assert (Delivery.objects.count(), Work.objects.filter(is_parked=True).count()) == (before, 0)


def test_an_answer_that_cannot_be_taken_goes_to_failbox(sent, at):
    _, national, root = sent
    (root / "national" / "InBox" / "Receipt_x_1.xml").write_bytes(b"")
    collect_due(root=root, at=at)
    assert [path.name for path in (root / "national" / "FailBox").iterdir()] == [f"Receipt_x_1_{format_stamp(at)}.xml"]
    assert Connection.objects.get(pk=national.pk).last_received_at == at
