"""A new version of a list: what changed, whom it concerns, and what becomes of the opinions on the old one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.factories import make_user
from kouan.audit.models import AuditEntry
from kouan.clearance import selectors
from kouan.clearance.amended import amendment_of
from kouan.clearance.models import Review
from kouan.clearance.scopes import inputs, looks_at, patterns_of, scopes
from kouan.clearance.services.reviewing import confirm_opinion, record_review
from kouan.clearance.states import ReviewAct
from kouan.clearance.tests.national import work
from kouan.decisions import selectors as decisions
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.models import Case
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.ceb.generate import messages, parcels
from kouan.gateway.standards.statements import CEB, guide_of
from kouan.workflow.models import Event
from kouan.workflow.services import NotPossibleNow

pytestmark = [pytest.mark.django_db, pytest.mark.service]

FOODS = {"19", "21", "22", "09"}


class Desk:
    """A food parcel that was declared, an officer of market supervision, and a firm that sends later versions."""

    def __init__(self) -> None:
        firms = make_firms()
        make_national_channel(firms["621"].pk)
        self.channels = make_channels(firms)
        self.at = timezone.now()
        self.parcel = next(
            one
            for one in parcels(60, at=self.at, lines=(2, 4))
            if {line.hs_code[:2] for line in one.list_lines} & FOODS
        )
        send(self.channels, [self.parcel], at=self.at)
        work(self.at)
        self.officer = make_user("officer", agency="market_supervision")

    @property
    def case(self) -> Case:
        return Case.objects.get()

    def review(self, version: int) -> Review:
        return Review.objects.get(agency="market_supervision", version=version)

    def say(self, act: ReviewAct, words: str = "") -> None:
        review = self.review(self.case.version)
        record_review(user=self.officer, review_id=review.pk, act=act, opinion=words, at=self.at)

    def change(self, **head: str) -> None:
        self.at += timedelta(minutes=5)
        list_head = self.parcel.list_head
        list_head.app_type, list_head.app_time = "2", str(int(list_head.app_time) + 1)
        for name, value in head.items():
            setattr(list_head, name, value)
        [(_, raw)] = messages([self.parcel], kinds=["621"], seed=int(list_head.app_time) % 1000)
        receive(channel=self.channels["621"], body=raw, at=self.at)
        work(self.at)


@pytest.fixture
def desk():
    return Desk()


def test_an_opinion_whose_matter_did_not_change_waits_to_be_confirmed(desk):
    desk.say(ReviewAct.CLEAR_WITH_CONDITIONS, "演示：加贴中文标签")
    desk.change(voyage_no="YS2")
    review = desk.review(2)
    assert (review.state, review.opinion, review.opinion_version) == ("to_confirm", "", None)
    [told] = Event.objects.filter(subject_id=desk.case.pk, act="ask_to_confirm")
    assert told.object_id == review.pk
    assert (told.data["opinion_version"], told.data["version"], told.data["fields"]) == (1, 2, [])
    assert AuditEntry.objects.filter(act="carry_opinions").exists()

    confirm_opinion(user=desk.officer, review_id=review.pk, at=desk.at)
    review.refresh_from_db()
    assert (review.state, review.opinion, review.opinion_version, review.officer_id) == (
        "cleared_with_conditions", "演示：加贴中文标签", 1, desk.officer.pk,
    )  # fmt: skip
    assert AuditEntry.objects.filter(act="confirm_conditions_review", subject_id=str(review.pk)).exists()


def test_it_decides_nothing_until_it_is_confirmed(desk):
    desk.say(ReviewAct.OBJECT, "演示：标签不符")
    assert desk.case.state == "held"
    desk.change(voyage_no="YS2")
    assert desk.case.state == "awaiting_answer"
    confirm_opinion(user=desk.officer, review_id=desk.review(2).pk, at=desk.at)
    assert desk.case.state == "held"


def test_an_opinion_whose_matter_changed_has_to_be_given_anew(desk):
    desk.say(ReviewAct.CLEAR)
    desk.parcel.list_lines[0].specification = "演示：另一规格"
    desk.change()
    assert desk.review(2).state == "pending"
    [told] = Event.objects.filter(subject_id=desk.case.pk, act="lapse")
    assert told.data["fields"] == ["line.specification"]
    with pytest.raises(NotPossibleNow):
        confirm_opinion(user=desk.officer, review_id=desk.review(2).pk, at=desk.at)


def test_what_was_confirmed_is_measured_from_the_version_it_was_written_on(desk):
    desk.say(ReviewAct.CLEAR)
    desk.change(voyage_no="YS2")
    confirm_opinion(user=desk.officer, review_id=desk.review(2).pk, at=desk.at)
    desk.change(voyage_no="YS3")
    review = desk.review(3)
    assert review.state == "to_confirm"
    confirm_opinion(user=desk.officer, review_id=review.pk, at=desk.at)
    assert desk.review(3).opinion_version == 1


def test_a_question_that_is_open_is_never_carried_over(desk):
    desk.say(ReviewAct.ASK, "演示：请补充成分")
    desk.change(voyage_no="YS2")
    assert desk.review(2).state == "pending"


def test_an_older_review_takes_no_opinion_and_an_outsider_confirms_nothing(desk):
    desk.say(ReviewAct.CLEAR)
    desk.change(voyage_no="YS2")
    with pytest.raises(NotAllowed):
        record_review(user=desk.officer, review_id=desk.review(1).pk, act=ReviewAct.REOPEN, opinion="", at=desk.at)
    with pytest.raises(NotAllowed):
        confirm_opinion(user=desk.officer, review_id=desk.review(1).pk, at=desk.at)
    clerk = make_user("trader_clerk")
    client = Client()
    client.force_login(clerk)
    assert client.post(reverse("confirm-review", args=[desk.review(2).pk])).status_code == 403
    assert desk.review(2).state == "to_confirm"


def test_the_pages_say_which_version_an_opinion_is_about(desk):
    desk.say(ReviewAct.CLEAR, "演示：无意见说明")
    desk.change(voyage_no="YS2", buyer_phone="19911112222")
    client = Client()
    client.force_login(desk.officer)
    page = client.get(reverse("review", args=[desk.review(2).pk])).content.decode()
    assert "本意见针对第 1 版，现为第 2 版" in page
    assert "确认原意见仍然有效" in page
    assert "航班航次号" in page and "YS2" in page
    assert "19911112222" not in page and "199••••2222" in page
    assert "第 1 版，现为第 2 版" in client.get(reverse("reviews")).content.decode()
    old = client.get(reverse("review", args=[desk.review(1).pk])).content.decode()
    assert reverse("review", args=[desk.review(2).pk]) in old and 'name="act"' not in old
    case = client.get(reverse("case", args=[desk.case.pk])).content.decode()
    assert "本意见针对第 1 版，现为第 2 版" in case
    client.post(reverse("confirm-review", args=[desk.review(2).pk]))
    case = client.get(reverse("case", args=[desk.case.pk]), {"old": "2", "new": "1"}).content.decode()
    assert "本意见针对第 1 版，已确认对第 2 版仍然有效" in case
    assert '<option value="2" selected>' in case and "<ins>YS2</ins>" not in case and "<del>YS2</del>" in case


def test_a_change_names_the_agencies_that_look_at_it(desk):
    desk.parcel.list_lines[0].goods_name = "演示新品名"
    desk.parcel.list_lines.reverse()
    for number, line in enumerate(desk.parcel.list_lines, 1):
        line.line_no = str(number)
    desk.change(gross_weight_kg="29.5", voyage_no="YS2")
    found = amendment_of(desk.case, 1, 2)
    assert [group.label for group in found.groups] == ["商品", "重量与件数", "运输"]
    goods, weight, transport = found.groups
    [named] = [line for line in goods.lines if line.fields]
    assert [one.new for one in named.fields] == ["演示新品名"]
    assert set(named.readers) == {"海关", "市场监管"}
    assert weight.fields[0].new == "29.5 kg"
    assert transport.fields[0].readers == ("海关",)
    assert selectors.agency_name("market_supervision") == "市场监管"


def test_every_column_and_every_pattern_is_about_a_field_that_there_is():
    known = guide_of(CEB).fields
    table = decisions.get_version_to_show("parcel_routing", timezone.localdate())
    assert set(inputs()) == {column["name"] for column in table.content["inputs"]}
    patterns = [one for scope in scopes().values() for one in scope.fields]
    patterns += [one for fields in inputs().values() for one in fields]
    assert not [pattern for pattern in patterns if not any(looks_at([pattern], field) for field in known)]


def test_an_agency_looks_at_what_the_rows_that_name_it_ask():
    routing = {"table": "parcel_routing", "version": 1}
    assert "line.hs_code" in patterns_of("police", routing)
    assert decisions.columns_asked("parcel_routing", 1, "agencies", "police") == {"hs_chapters"}
    assert decisions.columns_asked("parcel_routing", 1, "agencies", "customs") == frozenset()
    assert patterns_of("finance", routing) == ("*",)
