"""A declaration from a machine to customs and back: stored, checked, sent on, every answer laid where it belongs."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from kouan.gateway import selectors as gateway
from kouan.gateway.counterparts.goods_window.behaviour import ENDINGS, Behaviour
from kouan.gateway.counterparts.goods_window.playing import GoodsWindow, WindowPlayer
from kouan.gateway.models import Delivery, Message, Receipt, Work
from kouan.gateway.services.collecting import collect_due
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.leaving import leaving
from kouan.gateway.standards.dec.generate import Sender, client_number
from kouan.goods import factories as make
from kouan.goods.models import GoodsAnswer, GoodsCheck, GoodsFile, GoodsItem, GoodsTax, GoodsVersion
from kouan.goods.services.storing import send_waiting
from kouan.goods.states import GoodsState

pytestmark = pytest.mark.django_db

FILE = {"4700INV0001.pdf": make.PDF}


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def firm():
    return make.make_agent()


@pytest.fixture
def channel(firm):
    return make.make_channel(firm.pk)


@pytest.fixture
def window(firm):
    return make.make_window(firm.pk)


def no(number=1):
    return client_number(number, make.DAY)


def delivered(message_id, window, at):
    Delivery.objects.create(item_id=message_id, connection_id=window.pk, outcome="delivered", at=at)


def test_it_works(channel, window, firm, at):
    message_id = make.send(channel, make.make_message(files=FILE, lines=5), at=at)
    row = make.the_declaration()
    assert (row.state, row.waits_for, row.version, row.line_count) == ("sent", "window", 1, 5)
    assert row.parties == [firm.pk]
    assert GoodsItem.objects.filter(declaration_id=row.pk).count() == 5
    assert GoodsFile.objects.get(declaration_id=row.pk).size == len(make.PDF)
    assert Work.objects.get(item_id=message_id, step="deliver").connection_id == window.pk
    [receipt] = Receipt.objects.filter(connection_id=channel.pk)
    body = msgspec.json.decode(gateway.body_of(receipt))
    assert (body["issuer"], body["accepted"], body["nodes"][0]["finding"]) == ("kouan", 1, "accepted")


def test_every_answer_is_laid_on_its_declaration_and_handed_back_untouched(channel, window, at):
    make.send(channel, make.make_message(), at=at)
    make.hear(window, make.imported(no()), at=at)
    assert make.the_declaration().state == GoodsState.SAVED
    for place, (code, state) in enumerate(
        [("7", "declared"), ("L", "received"), ("G", "examined"), ("T", "tax_due"), ("F", "released"), ("R", "closed")],
        1,
    ):
        raw = make.channel_said(code, at + timedelta(minutes=place))
        make.hear(window, raw, at=at)
        row = make.the_declaration()
        assert (row.state, row.official_channel) == (state, code)
        back = Receipt.objects.filter(connection_id=channel.pk, issuer="national").order_by("-pk").first()
        assert gateway.body_of(back) == raw
    assert row.entry_no == "470020261000000001"
    assert row.released_at is not None
    assert GoodsTax.objects.get(declaration_id=row.pk).kind == "due"


def test_a_late_answer_is_kept_and_moves_nothing(channel, window, at):
    make.send(channel, make.make_message(), at=at)
    make.hear(window, make.imported(no()), at=at)
    make.hear(window, make.channel_said("F", at + timedelta(minutes=5)), at=at)
    make.hear(window, make.channel_said("L", at + timedelta(minutes=1)), at=at)
    assert make.the_declaration().state == GoodsState.RELEASED
    assert not GoodsAnswer.objects.get(code="L").moved


def test_answers_that_come_before_their_number_is_known_wait_in_the_open(channel, window, at):
    make.send(channel, make.make_message(), at=at)
    make.hear(window, make.channel_said("L", at), at=at)
    assert GoodsAnswer.objects.get().declaration_id is None
    assert make.the_declaration().state == GoodsState.SENT
    make.hear(window, make.imported(no()), at=at)
    assert make.the_declaration().state == GoodsState.RECEIVED
    assert not GoodsAnswer.objects.filter(declaration_id__isnull=True).exists()


def test_an_unknown_channel_stands_as_unknown(channel, window, at):
    make.send(channel, make.make_message(), at=at)
    make.hear(window, make.imported(no()), at=at)
    make.hear(window, make.channel_said("?", at), at=at)
    assert make.the_declaration().state == GoodsState.UNKNOWN_OFFICIAL


def test_an_answer_to_version_one_never_releases_version_two(channel, window, at):
    first = make.send(channel, make.make_message(), at=at)
    delivered(first, window, at)
    make.hear(window, make.imported(no()), at=at)
    make.hear(window, make.channel_said("Z", at + timedelta(minutes=1)), at=at)
    second = make.send(channel, make.make_message(change=lambda made: setattr(made.head, "note", "改")), at=at)
    delivered(second, window, at + timedelta(minutes=10))
    row = make.the_declaration()
    assert (row.version, row.state) == (2, GoodsState.SENT)
    make.hear(window, make.channel_said("F", at + timedelta(minutes=5)), at=at)
    assert make.the_declaration().state == GoodsState.SENT
    assert GoodsAnswer.objects.get(code="F").version == 1
    make.hear(window, make.channel_said("L", at + timedelta(minutes=11)), at=at)
    assert make.the_declaration().state == GoodsState.RECEIVED


def test_one_message_with_answers_for_two_firms_is_cut(channel, window, at):
    other_sender = Sender("4201980009", "", "演示二行")
    other = make.make_agent(customs_code=other_sender.code)
    other_channel = make.make_channel(other.pk)
    make.send(channel, make.make_message(1), at=at)
    make.send(other_channel, make.make_message(2, change=lambda made: clear_uscc(made, other_sender)), at=at)
    make.hear(window, make.imported(no(1), "I1"), at=at)
    make.hear(window, make.imported(no(2), "I2"), at=at)
    both = b"<DEC_DATA><DEC_RESULT><SEQ_NO>I1</SEQ_NO><CHANNEL>L</CHANNEL></DEC_RESULT>"
    both += b"<DEC_RESULT><SEQ_NO>I2</SEQ_NO><CHANNEL>E</CHANNEL></DEC_RESULT></DEC_DATA>"
    make.hear(window, both, at=at)
    for one, said, unsaid in ((channel, b"I1", b"I2"), (other_channel, b"I2", b"I1")):
        body = gateway.body_of(Receipt.objects.filter(connection_id=one.pk, kind="DEC_RESULT").get())
        assert said in body
        assert unsaid not in body


def clear_uscc(made, sender):
    made.head.agent_code = sender.code
    made.head.agent_uscc = made.head.trader_uscc = made.head.owner_uscc = None


def test_the_same_again_changes_nothing(channel, window, at):
    raw = make.make_message()
    make.send(channel, raw, at=at)
    make.send(channel, raw + b"\n", at=at)
    assert make.the_declaration().version == 1
    assert GoodsCheck.objects.get().finding == "same"


def test_a_faulty_one_is_refused_with_its_problems_and_its_neighbour_goes_on(channel, window, at):
    make.send(channel, make.make_message(1, change=lambda made: setattr(made.head, "packages", "0")), at=at)
    make.send(channel, make.make_message(2), at=at)
    [found] = GoodsCheck.objects.all()
    assert (found.finding, found.problems[0]["pointer"]) == ("refused", "/DecMessage/DecHead/PackNo")
    assert GoodsVersion.objects.count() == 1


@pytest.mark.parametrize("raw", [b"<DecMessage", b'<DecMessage xmlns="http://www.chinaport.gov.cn/dec"/>'])
def test_an_unreadable_one_is_kept_and_answered(channel, window, at, raw):
    make.send(channel, raw + b" ", at=at)
    assert Message.objects.filter(connection_id=channel.pk).count() == 1


def test_a_stranger_may_not_declare_for_the_agent(window, firm, at):
    stranger = make.make_agent(customs_code="4201980002")
    make.send(make.make_channel(stranger.pk), make.make_message(), at=at)
    assert GoodsCheck.objects.get().finding == "not_yours"
    assert GoodsVersion.objects.count() == 0


def test_what_customs_has_received_is_not_changed_without_its_consent(channel, window, at):
    make.send(channel, make.make_message(), at=at)
    make.hear(window, make.imported(no()), at=at)
    make.hear(window, make.channel_said("L", at), at=at)
    make.send(channel, make.make_message(change=lambda made: setattr(made.head, "note", "改")), at=at)
    assert make.the_declaration().version == 1
    assert GoodsCheck.objects.get().problems[0]["code"] == "-961005"


def test_declaring_is_refused_where_the_channel_only_saves_and_goes_where_it_does_not(channel, firm, at):
    declaring = make.make_message(change=lambda made: setattr(made.signing, "operation", "C"))
    window = make.make_window(firm.pk)
    make.send(channel, declaring, at=at)
    assert GoodsCheck.objects.get().problems[-1]["code"] == "-961004"
    window.only_saves = False
    window.save()
    make.send(channel, declaring + b"\n", at=at)
    assert make.the_declaration().state == GoodsState.SENT


def test_without_a_channel_it_waits_and_goes_when_there_is_one(channel, firm, at):
    make.send(channel, make.make_message(), at=at)
    assert make.the_declaration().state == GoodsState.AWAITING_CHANNEL
    assert send_waiting(at=at) == 0
    make.make_window(firm.pk)
    assert send_waiting(at=at) == 1
    assert make.the_declaration().state == GoodsState.SENT
    assert send_waiting(at=at) == 0


def test_a_failure_of_the_client_finds_its_declaration_by_the_name_of_the_file(channel, window, at):
    message_id = make.send(channel, make.make_message(), at=at)
    raw = b"<Root><resultFlag><Type>1</Type></resultFlag><failCode>C134</failCode><failInfo>no card</failInfo></Root>"
    make.hear(window, raw, at=at, file_name=f"Failed_DEC_{message_id.hex}_1.xml")
    row = make.the_declaration()
    assert (row.state, row.import_code, row.official_note) == (GoodsState.IMPORT_FAILED, "C134", "no card")


def test_the_played_window_by_folder_in_every_ending(channel, window, at, tmp_path):
    played = GoodsWindow(tmp_path / "window.db")
    player = WindowPlayer(played, tmp_path / "exchange" / "window")
    out = leaving(tmp_path / "exchange")
    begin = at.timestamp()
    for number, ending in enumerate(ENDINGS):
        played.behaviour = Behaviour(seconds=1, endings={ending: 1}, twice=0.3, late=0.3, seed=7)
        make.send(channel, make.make_message(number, files=FILE), at=at)
        deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=at)
        player.turn(begin)
    player.turn(begin + 20)
    while collect_due(root=tmp_path / "exchange", at=at):
        make.work(at=at)
    for number, ending in enumerate(ENDINGS):
        said = GoodsAnswer.objects.filter(declaration_id=make.the_declaration(number).pk)
        assert {one.code for one in said} == {one.removeprefix("response ") for one in ENDINGS[ending]}, ending
    assert not GoodsAnswer.objects.filter(declaration_id__isnull=True).exists()
    assert not Work.objects.filter(is_parked=True).exists()
    assert not any(held["owed"] for held in played.list_held())
