"""What the law asks of inspections; priorities, disagreements, joint inspection, the year counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.selectors import local_date
from kouan.kernel.identifiers import uuid7
from kouan.supervision import owing
from kouan.supervision.factories import Town
from kouan.supervision.models import Task
from kouan.supervision.rules import TheLawForbidsIt
from kouan.supervision.selectors import coordination as selectors
from kouan.supervision.selectors import evaluation
from kouan.supervision.services import closing, coordinating, inspecting
from kouan.supervision.services.entering import NewMeasure
from kouan.supervision.states import CoordinationAct
from kouan.workflow.services import NotPossibleNow

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town(at=timezone.now())


def test_an_inspection_goes_its_way(town):
    row = town.formal_inspection
    inspecting.ask_review(user=town.liaison, pk=row.pk, reason="数据有误", at=town.at + timedelta(days=30))
    inspecting.decide_review(user=town.second, pk=row.pk, decision="维持", at=town.at + timedelta(days=40))
    inspecting.close_inspection(user=town.office, pk=row.pk, rectification="已整改", at=town.at + timedelta(days=50))
    row.refresh_from_db()
    assert (row.state, row.review_by_id) == ("closed", town.bureau.pk)


def test_review_is_too_late_after_thirty_days(town):
    row = town.formal_inspection
    with pytest.raises(TheLawForbidsIt):
        inspecting.ask_review(user=town.liaison, pk=row.pk, reason="数据有误", at=town.at + timedelta(days=32))


def test_who_concluded_does_not_decide_the_review(town):
    row = town.formal_inspection
    inspecting.ask_review(user=town.liaison, pk=row.pk, reason="数据有误", at=town.at)
    with pytest.raises(TheLawForbidsIt):
        inspecting.decide_review(user=town.office, pk=row.pk, decision="维持", at=town.at)


def test_nothing_begins_without_a_plan_or_outside_its_time(town):
    row = town.designate()
    with pytest.raises(NotPossibleNow):
        inspecting.begin_inspection(user=town.office, pk=row.pk, at=town.at)
    inspecting.plan_inspection(user=town.office, pk=row.pk, plan="方案", leader="张三", at=town.at)
    with pytest.raises(TheLawForbidsIt):
        inspecting.begin_inspection(user=town.office, pk=row.pk, at=town.at + timedelta(days=90))


def test_a_unit_sees_an_inspection_only_once_it_is_planned(town):
    row = town.designate()
    assert not selectors.list_formal_inspections(town.liaison).filter(pk=row.pk).exists()
    inspecting.plan_inspection(user=town.office, pk=row.pk, plan="方案", leader="张三", at=town.at)
    assert selectors.list_formal_inspections(town.liaison).filter(pk=row.pk).exists()


def test_priorities_are_tasks_and_stand_once_adopted(town):
    names = {town.bureau.pk: "市交通局"}
    priority = {
        "user": town.office, "plan_id": town.annual_plan.pk, "title": "开通航线", "organisation_ids": [town.bureau.pk],
        "measures": [NewMeasure("开通一条航线")], "names": names, "at": town.at,
    }  # fmt: skip
    task = coordinating.add_priority(**priority)
    assert (task.source, task.lead_id) == ("plan", town.bureau.pk)
    assert not selectors.list_plans(town.liaison).exists()
    assert not Task.objects.visible_to(town.liaison).filter(pk=task.pk).exists()
    assert town.adopted_plan
    assert Task.objects.visible_to(town.liaison).filter(pk=task.pk).exists()
    assert selectors.list_plans(town.liaison).exists()
    with pytest.raises(coordinating.ThePlanStands):
        coordinating.add_priority(**priority)


def test_units_state_positions_until_it_is_settled(town):
    case = town.coordination_case
    coordinating.say_position(user=town.liaison, case_id=case.pk, text="归机场", at=town.at)
    for act in (CoordinationAct.WEIGH, CoordinationAct.ESCALATE, CoordinationAct.SETTLE):
        coordinating.move_coordination(user=town.office, case_id=case.pk, act=act, text="方案一", at=town.at)
    with pytest.raises(coordinating.ThePlanStands):
        coordinating.say_position(user=town.liaison, case_id=case.pk, text="不同意", at=town.at)
    case.refresh_from_db()
    assert (case.state, case.options, case.outcome) == ("settled", "方案一", "方案一")


def test_a_unit_cannot_settle(town):
    with pytest.raises(NotAllowed):
        coordinating.move_coordination(
            user=town.liaison, case_id=town.coordination_case.pk, act=CoordinationAct.SETTLE, text="x", at=town.at
        )


def test_findings_become_a_task_of_the_units_visited(town):
    task = coordinating.record_findings(
        user=town.office, pk=town.joint_inspection.pk, findings="标识不清", measures=[NewMeasure("补设标识")],
        names={town.airport.pk: "临江机场集团"}, at=town.at,
    )  # fmt: skip
    assert task is not None
    assert (task.source, task.organisation_ids) == ("inspection", [town.airport.pk])
    assert Task.objects.visible_to(town.office).filter(pk=task.pk).exists()


def test_the_year_is_counted_from_the_ledger(town):
    assert town.evidence
    closing.claim_done(user=town.liaison, measure_id=town.measure.pk, at=town.at)
    today = local_date(town.at)
    year = {name: one for _pk, name, one in evaluation.evaluate_year(year=today.year, on=today)}
    bureau = year["市交通局"]
    assert (bureau.measures, bureau.closed, bureau.unproven) == (1, 0, 1)
    assert bureau.marks["in_time"] is None
    assert "临江机场集团" not in year


def test_a_disagreement_arises_from_a_task_and_both_show_each_other(town):
    client = Client()
    client.force_login(town.office)
    address = f"{reverse('open-coordination')}?task={town.task.pk}"
    form = client.get(address).context["form"]
    assert str(town.bureau.pk) in form.initial["party_ids"]
    sent = {
        "conference_id": str(town.conference.pk), "title": "航线归口", "question": "由谁牵头",
        "party_ids": [str(town.bureau.pk), str(town.airport.pk)], "task_id": str(town.task.pk),
    }  # fmt: skip
    answer = client.post(address, sent)
    assert answer.status_code == 302
    assert "航线归口" in client.get(reverse("task", args=[town.task.pk])).content.decode()
    assert town.task.title in client.get(answer["Location"]).content.decode()


def test_a_disagreement_about_what_one_may_not_see_is_not_opened(town):
    client = Client()
    client.force_login(town.office)
    for what in ("task", "ticket", "case"):
        assert client.get(f"{reverse('open-coordination')}?{what}={uuid7()}").status_code == 404
        assert client.get(f"{reverse('open-coordination')}?{what}=x").status_code == 404
    with pytest.raises(NotYours):
        coordinating.open_coordination(
            user=town.office, conference_id=town.conference.pk, title="x", question="x", due_date=None, at=town.at,
            party_ids=[town.bureau.pk, town.airport.pk], ticket_id=uuid7(),
        )  # fmt: skip


def test_the_page_of_a_record_shows_its_texts_and_the_next_step(town):
    """The frame of every page has words of its own; what a record says must not stand under the same name."""
    client = Client()
    client.force_login(town.office)
    page = client.get(reverse("coordination-case", args=[town.coordination_case.pk])).content.decode()
    assert "夜间机位归谁安排" in page
    assert "听取各方意见" in page
    page = client.get(reverse("formal-inspection", args=[town.formal_inspection.pk])).content.decode()
    assert "进展偏慢" in page
    assert "《政府督查工作条例》第十七条" in page


def test_the_evaluation_asks_as_much_for_many_units_as_for_few(town, django_assert_max_num_queries):
    assert town.warning
    assert town.submitted_report
    today = local_date(town.at)
    with django_assert_max_num_queries(6):
        evaluation.evaluate_year(year=today.year, on=today)
    client = Client()
    client.force_login(town.office)
    sheet = client.get(reverse("evaluation") + "?as=xlsx")
    assert sheet.content.startswith(b"PK")


def test_a_party_owes_its_position_until_it_has_spoken(town):
    case, today = town.coordination_case, local_date(town.at)
    address = reverse("coordination-case", args=[case.pk])
    assert address in [each.url for each in owing.owed_by(town.liaison, on=today)]
    coordinating.say_position(user=town.liaison, case_id=case.pk, text="归机场", at=town.at)
    assert address not in [each.url for each in owing.owed_by(town.liaison, on=today)]
