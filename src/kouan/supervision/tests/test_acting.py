"""What an official does on the pages: every act goes through its form, is refused in words, and shows afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.selectors import local_date
from kouan.supervision.codes import Frequency
from kouan.supervision.factories import Town
from kouan.supervision.models import FormalInspection, Measure, Report, Task, Warning
from kouan.supervision.rules import report_period
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.services import closing, keeping

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town(at=timezone.now())


def at_desk(person):
    client = Client()
    client.force_login(person)
    return client


def post(client, name, *args, **sent):
    return client.post(reverse(name, args=args), {"csrfmiddlewaretoken": "of every form"} | sent)


def said(answer):
    """The problems that a page shows, by code."""
    return [problem.code for problem in answer.context["problems"]]


def test_more_time_needs_a_reason_and_approval_and_counts_as_delay(town):
    liaison, office = at_desk(town.liaison), at_desk(town.office)
    due = local_date(town.at) + timedelta(days=10)
    keeping.set_deadline(user=town.office, measure_id=town.measure.pk, due_date=due, at=town.at)
    later = (due + timedelta(days=30)).isoformat()
    refused = post(liaison, "ask-extension", town.measure.pk, to_date=later, reason="")
    assert said(refused) == ["SUPERVISION-REASON"]
    assert post(liaison, "ask-extension", town.measure.pk, to_date=later, reason="场地未交付").status_code == 302
    asked = Measure.objects.get(pk=town.measure.pk).extensions.get()
    assert post(office, "decide-extension", asked.pk, act="grant", decision="同意").status_code == 302
    measure = Measure.objects.get(pk=town.measure.pk)
    assert (measure.extension_count, measure.delay_days) == (1, 30)
    assert measure.due_date == due + timedelta(days=30)
    assert "延期 1 次共 30 天" in office.get(reverse("task", args=[town.task.pk])).content.decode()


def test_a_task_goes_to_another_unit_and_the_old_one_sees_it_no_more(town):
    office, liaison = at_desk(town.office), at_desk(town.liaison)
    page = reverse("task", args=[town.task.pk])
    assert liaison.get(page).status_code == 200
    handed = post(
        office, "hand-over", town.task.pk, from_id=str(town.bureau.pk), to_id=str(town.office_home.pk),
        on_date=local_date(town.at).isoformat(), reason="职能划转",
    )  # fmt: skip
    assert handed.status_code == 302
    assert liaison.get(page).status_code == 404
    assert town.office_home.pk in Task.objects.get(pk=town.task.pk).organisation_ids


def test_nothing_closes_without_evidence_that_a_second_person_verified(town):
    office, second = at_desk(town.office), at_desk(town.second)
    assert town.evidence
    closing.claim_done(user=town.liaison, measure_id=town.measure.pk, at=town.at)
    assert "没有经核验采信的佐证材料" in office.get(reverse("measure", args=[town.measure.pk])).content.decode()
    refused = post(office, "close-measure", town.measure.pk)
    assert refused.status_code == 200
    assert said(refused)
    verified = post(office, "verify-evidence", town.evidence.pk, is_accepted="yes", verdict="属实")
    assert verified.status_code == 302
    assert post(second, "close-measure", town.measure.pk).status_code == 302
    assert Measure.objects.get(pk=town.measure.pk).state == "closed"


def test_a_claim_that_was_sent_back_shows_how_often(town):
    office = at_desk(town.office)
    assert town.evidence
    closing.claim_done(user=town.liaison, measure_id=town.measure.pk, at=town.at)
    assert post(office, "decide-measure", town.measure.pk, "bounce", reason="缺少印发文号").status_code == 302
    assert "退回 1 次" in office.get(reverse("task", args=[town.task.pk])).content.decode()


def _rules(**changed):
    steps = [("remind", "blue", "提醒", "Reminder", "-7", "7"), ("warn", "orange", "警示", "Warning", "1", "5")]
    names = ("key", "tone", "word", "word_en", "after_days", "answer_days")
    sent = {
        "since": "2026-01-01", "reason": "口岸办会议", "report_day": "28", "report_weekday": "4",
        "tolerance_percent": "10",
        "behind_tone": "yellow", "behind_word": "滞后", "behind_word_en": "Behind", "plenary_a_year": "3",
        "liaison_first": "on", "steps-TOTAL_FORMS": "2", "steps-INITIAL_FORMS": "2", "steps-MIN_NUM_FORMS": "1",
        "steps-MAX_NUM_FORMS": "6",
    }  # fmt: skip
    for at, step in enumerate(steps):
        sent |= {f"steps-{at}-{name}": value for name, value in zip(names, step, strict=True)}
    return sent | changed


def test_the_office_sets_days_and_colours_and_no_colour_goes_without_a_word(town):
    office = at_desk(town.office)
    assert office.post(reverse("follow-up-rules"), _rules(**{"steps-1-word": ""})).status_code == 422
    assert office.post(reverse("follow-up-rules"), _rules()).status_code == 302
    rules = rules_on(date(2026, 5, 5))
    due = {each: report_period(each, on=date(2026, 5, 5), rules=rules).due_date for each in Frequency}
    assert due == {
        Frequency.WEEKLY: date(2026, 5, 7),
        Frequency.MONTHLY: date(2026, 5, 28),
        Frequency.QUARTERLY: date(2026, 6, 28),
    }
    assert rules.plenary_a_year == 3


@pytest.mark.parametrize("frequency", ["weekly", "monthly", "quarterly"])
def test_a_task_of_any_rhythm_is_entered_and_reported(town, frequency):
    office, liaison = at_desk(town.office), at_desk(town.liaison)
    entered = post(
        office, "new-task", source="letter", source_label="来函〔2026〕7号", title="核对岸线数据", text="核对岸线数据",
        measures="完成核对，2030-06-30", lead_id=str(town.bureau.pk), frequency=frequency,
    )  # fmt: skip
    assert entered.status_code == 302, entered.context["form"].errors
    opened = liaison.post(reverse("open-report", args=[frequency]))
    assert opened.status_code == 302
    report = Report.objects.get(organisation_id=town.bureau.pk, frequency=frequency)
    assert "完成核对" in liaison.get(reverse("report", args=[report.pk])).content.decode()


def test_a_government_inspection_goes_its_lawful_way_on_the_page(town):
    office, second, liaison = at_desk(town.office), at_desk(town.second), at_desk(town.liaison)
    today = local_date(town.at)
    sent = {
        "title": "航线专项督查", "kind": "special", "designated_by": "市人民政府", "designation_no": "",
        "designated_date": today.isoformat(), "matter": "航线任务", "scope": "市交通局", "since": today.isoformat(),
        "until": (today + timedelta(days=30)).isoformat(), "subject_ids": [str(town.bureau.pk)],
    }  # fmt: skip
    assert said(office.post(reverse("new-formal-inspection"), sent)) == ["SUPERVISION-DESIGNATION"]
    assert (
        office.post(reverse("new-formal-inspection"), sent | {"designation_no": "临政办〔2026〕5号"}).status_code == 302
    )
    row = FormalInspection.objects.get()
    assert said(post(office, "step-inspection", row.pk, "plan", plan="", leader="")) == ["SUPERVISION-PLAN"]
    steps = [
        (office, "plan", {"plan": "听取汇报", "leader": "张三"}),
        (office, "begin", {}),
        (office, "conclude", {"text": "进展偏慢"}),
        (office, "feed_back", {}),
        (liaison, "ask_review", {"text": "数据有误"}),
    ]
    for desk, step, words in steps:
        assert post(desk, "step-inspection", row.pk, step, **words).status_code == 302, step
    refused = post(office, "step-inspection", row.pk, "decide_review", text="维持")
    assert said(refused) == ["SUPERVISION-RECUSAL"]
    for step, words in (("decide_review", {"text": "维持"}), ("close", {"text": "已整改"})):
        assert post(second, "step-inspection", row.pk, step, **words).status_code == 302, step
    row.refresh_from_db()
    assert row.state == "closed"


def test_the_office_sends_a_letter_ahead_of_its_day_once(town):
    office, liaison = at_desk(town.office), at_desk(town.liaison)
    sent = post(office, "issue-letter", town.measure.pk, step="urge", demand="请主要负责人组织整改")
    assert sent.status_code == 302
    letter = Warning.objects.get(measure=town.measure)
    assert (letter.step, letter.organisation_id) == ("urge", town.bureau.pk)
    again = post(office, "issue-letter", town.measure.pk, step="urge", demand="再次")
    assert again.status_code == 200
    assert said(again)
    assert post(liaison, "issue-letter", town.measure.pk, step="warn", demand="x").status_code == 403
    assert "请主要负责人组织整改" in liaison.get(reverse("warning", args=[letter.pk])).content.decode()
