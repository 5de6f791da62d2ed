"""The national side at its worst, by folder and by HTTP: down, silent, late, twice, out of order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from kouan.accounts.factories import make_user
from kouan.clearance.tests.national import CARRIERS, rig, work
from kouan.clearance.timeline import timeline_of
from kouan.clearance.views.cases import _awaited
from kouan.declarations.models import Case, OfficialAnswer
from kouan.gateway.codes import Carrier
from kouan.gateway.models import Delivery, Receipt, Work
from kouan.gateway.monitoring import list_failing
from kouan.gateway.services.collecting import STANDSTILL_AFTER, watch_folders

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture(params=CARRIERS, ids=str)
def national(request, tmp_path):
    with rig(request.param, tmp_path, timezone.now()) as made:
        yield made


def told(case, at):
    moments = timeline_of(case, now=at).moments
    return [m.what.removeprefix("官方回执 ").split()[0] for m in moments if "官方回执" in m.what]


def page_of(case):
    client = Client()
    client.force_login(make_user("port_office_clerk"))
    return client, client.get(reverse("case", args=[case.pk])).content.decode()


# Down -----------------------------------------------------------------------------------------------------------------


def test_down_by_http_is_stored_shown_and_caught_up_in_order(tmp_path):
    began = timezone.now()
    with rig(Carrier.HTTP, tmp_path, began) as national:
        national.behave(mode="down")
        for seed in range(3):
            national.declare(seed=seed)
            national.pass_time(60)
        office = make_user("port_office_clerk")
        [failing] = list_failing(office)
        assert (failing.pk, failing.waiting) == (national.national.pk, 12)
        assert failing.failing_since == began + timedelta(seconds=60) and "503" in failing.last_error
        assert set(Case.objects.values_list("state", "waits_for")) == {("awaiting_answer", "national")}
        case = Case.objects.order_by("pk")[0]
        with override("zh-hans"):
            assert _awaited(case) == ("报文已存妥；国家标准版通道不应答，恢复后按次序自动补发", began)
        client, page = page_of(case)
        assert "报文已存妥；国家标准版通道不应答" in page
        assert failing.name in client.get(reverse("gateway")).content.decode()
        waiting = list(
            Work.objects.filter(connection_id=national.national.pk)
            .order_by("item_id")
            .values_list("item_id", flat=True)
        )

        national.behave()
        national.pass_time(61)
        channel = national.channel()
        assert (channel.failing_since, channel.retry_at, channel.last_error) == (None, None, "")
        sent = Delivery.objects.filter(connection_id=national.national.pk, outcome="delivered").order_by("pk")
        assert list(sent.values_list("item_id", flat=True)) == waiting
        national.pass_time(600, turns=3)
        assert set(Case.objects.values_list("state", flat=True)) == {"closed"}


def test_a_side_that_cannot_be_reached_is_asked_ever_less_often(tmp_path):
    with rig(Carrier.HTTP, tmp_path, timezone.now()) as national:
        type(national.national).objects.filter(pk=national.national.pk).update(address="http://127.0.0.1:1")
        national.declare()
        for _ in range(120):
            national.at += timedelta(seconds=5)
            national.deliver()
        attempts = Delivery.objects.filter(connection_id=national.national.pk)
        assert set(attempts.values_list("outcome", flat=True)) == {"unreachable"}
        assert 10 < attempts.count() < 30
        assert national.channel().retry_at - national.at <= timedelta(seconds=60)
        assert Work.objects.filter(connection_id=national.national.pk, is_parked=False).count() == 4


def test_down_by_folder_is_stored_shown_and_caught_up_in_order(tmp_path):
    began = timezone.now()
    with rig(Carrier.FOLDER, tmp_path, began) as national:
        national.behave(mode="down")
        national.declare(2)
        national.turn()
        watch_folders(root=tmp_path, at=national.at)
        assert national.channel().failing_since is None
        national.pass_time(STANDSTILL_AFTER.total_seconds() + 60)
        watch_folders(root=tmp_path, at=national.at)
        office = make_user("port_office_clerk")
        [failing] = list_failing(office)
        assert "OutBox 中有 4 份报文未被客户端取走" in failing.last_error
        assert abs(failing.failing_since - began) < timedelta(seconds=60)
        case = Case.objects.order_by("pk")[0]
        with override("zh-hans"):
            assert _awaited(case)[0] == "等待官方答复；国家标准版通道不应答，恢复后自动继续"
        # What is declared meanwhile goes on into the folder, and does not end the standstill.
        national.declare(1, seed=7)
        national.pass_time(10)
        watch_folders(root=tmp_path, at=national.at)
        assert "有 8 份" in national.channel().last_error

        national.behave()
        national.pass_time(60)
        watch_folders(root=tmp_path, at=national.at)
        assert national.channel().failing_since is None
        held = national.counterpart.ledger.list_nodes(kind="621")
        assert len(held) == 3
        national.pass_time(600, turns=3)
        assert set(Case.objects.values_list("state", flat=True)) == {"closed"}


# Silent ---------------------------------------------------------------------------------------------------------------


def test_silent_shows_for_whom_the_case_waits_and_since_when(national):
    national.behave(mode="silent")
    national.declare()
    national.turn()
    delivered_at = national.at
    national.pass_time(7200, turns=4)
    case = national.case()
    assert (case.state, case.waits_for, case.official_status) == ("awaiting_answer", "national", "")
    with override("zh-hans"):
        assert _awaited(case) == ("等待官方答复", delivered_at)
        assert timeline_of(case, now=national.at).moments[-3].waiting_for == "国家标准版"
    _, page = page_of(case)
    assert "等待官方答复" in page and "国家标准版" in page and "自 <time" in page
    assert national.channel().failing_since is None
    # Customs took note and fell silent then: it is customs that is waited for, since its last word.
    national.counterpart.decide(number=case.internal_no, status="120", at=national.at.timestamp())
    national.pass_time(3600)
    case = national.case()
    with override("zh-hans"):
        assert case.waits_for == "customs" and _awaited(case) == ("等待官方答复", case.official_at)


# Twice ----------------------------------------------------------------------------------------------------------------


def test_twice_doubles_nothing(national):
    national.behave(twice=1.0, endings={"inspect": 1})
    national.declare(2)
    national.pass_time(1200, turns=10)
    for case in Case.objects.all():
        assert case.state == "under_inspection"
        assert told(case, national.at) == ["2", "3", "120", "500"]
        assert OfficialAnswer.objects.filter(document_id=case.pk).count() == 8
        assert OfficialAnswer.objects.filter(document_id=case.pk, moved=True).count() == 4
        assert len(timeline_of(case, now=national.at).answers) == 4 + 3 * 3
    from kouan.clearance.models import Inspection

    assert Inspection.objects.count() == 2


def test_the_same_message_sent_twice_is_held_once_there(national):
    national.declare()
    national.deliver()
    # The line broke before it was written down that the messages got through: they go out again.
    for delivery in Delivery.objects.filter(connection_id=national.national.pk):
        Work.objects.create(
            item_id=delivery.item_id, step="deliver", connection_id=national.national.pk, created_at=national.at,
            available_at=national.at, attempts=1,
        )  # fmt: skip
    national.turn()
    assert [node["version"] for node in national.counterpart.ledger.list_nodes()] == [1] * 4
    national.pass_time(600)
    assert OfficialAnswer.objects.filter(document_id=national.case().pk).count() == 6


# Late and out of order ------------------------------------------------------------------------------------------------


def test_late_answers_are_kept_and_the_last_word_stays(national):
    national.behave(late=0.5, seed=5)
    national.declare(6)
    seen: dict = {}
    for _ in range(22):
        national.pass_time(180)
        for case in Case.objects.all():
            rank = ["", "2", "3", "120", "399", "800", "899"].index(case.official_status)
            assert rank >= seen.get(case.pk, 0) or seen[case.pk] < 3 > rank
            seen[case.pk] = rank
    assert set(Case.objects.values_list("state", "official_status")) == {("closed", "899")}
    assert OfficialAnswer.objects.filter(document_id__in=seen).count() == 36
    assert OfficialAnswer.objects.filter(document_id__in=seen, moved=False).exists()


def test_out_of_order_answers_are_kept_and_never_move_a_state_backward(national):
    national.behave(shuffled=1.0, seed=3)
    national.declare(6)
    released: set = set()
    for _ in range(14):
        national.pass_time(60)
        now = set(Case.objects.filter(state__in=["released", "closed"]).values_list("pk", flat=True))
        assert released <= now
        released = now
    assert set(Case.objects.values_list("state", "official_status")) == {("closed", "899")}
    for case in Case.objects.all():
        assert told(case, national.at) == ["2", "3", "120", "399", "800", "899"]
        assert case.tax_status == "2"
    official = Receipt.objects.filter(issuer="national", kind="622")
    assert sum(official.values_list("node_count", flat=True)) == 36


def test_an_answer_to_the_first_version_never_releases_the_second(national):
    national.behave(endings={"return": 1})
    [parcel] = national.declare()
    national.turn()
    national.pass_time(300)
    case = national.case()
    assert case.state == "returned_for_correction"
    late_release = release_of(national, case, minutes=-1)
    parcel.list_head.app_type, parcel.list_head.note = "2", "演示更正"
    parcel.list_head.app_time = f"{int(parcel.list_head.app_time) + 1}"
    declare_again(national, parcel)
    national.receive(late_release)
    case = national.case()
    assert (case.version, case.official_status, case.state) == (2, "", "awaiting_answer")
    assert list(OfficialAnswer.objects.filter(document_id=case.pk, status="800").values_list("version", "moved")) == [
        (1, False)
    ]


def release_of(national, case, *, minutes):
    from kouan.gateway.standards.ceb.answers import answer, message_of
    from kouan.gateway.standards.ceb.codec import encode
    from kouan.gateway.standards.ceb.declarations import ListHead

    fields = dict.fromkeys(ListHead.__slots__)
    head = ListHead(**{**fields, "declarant_code": case.declarant_code, "internal_no": case.internal_no})
    guid = "0" * 36
    said = answer("621", head, status="800", info="[Code:2600;Desc:放行]", at=national.at + timedelta(minutes=minutes),
                  guid=guid, as_counterpart=True)  # fmt: skip
    return encode(message_of("621", [said], guid=guid), strict=False)


def declare_again(national, parcel):
    from kouan.gateway.services.receiving import receive
    from kouan.gateway.standards.ceb.generate import messages

    [(kind, raw)] = messages([parcel], kinds=["621"], seed=99)
    receive(channel=national.channels[kind], body=raw, at=national.at)
    work(national.at)
    national.deliver()
