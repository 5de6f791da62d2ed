"""A measure is carried out: evidence, the second person, claim, bounce, close; more time; another unit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.accounts.selectors import local_date
from kouan.supervision.codes import Frequency, TaskSource
from kouan.supervision.factories import Town
from kouan.supervision.models import Evidence, Measure, Task
from kouan.supervision.rules import TheDateDoesNotFit, TheEvidenceIsMissing, TheReasonIsMissing
from kouan.supervision.selectors import ledger
from kouan.supervision.services import closing, entering, keeping
from kouan.supervision.states import ExtensionAct
from kouan.workflow.selectors import list_events
from kouan.workflow.services import NotPossibleNow

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town(at=timezone.now())


def verify(town, evidence, *, by=None, accepted=True, verdict=""):
    closing.verify_evidence(
        user=by or town.office, evidence_id=evidence.pk, is_accepted=accepted, verdict=verdict, at=town.at
    )


def close_all(town, task):
    for measure in task.measures.all():
        evidence = closing.give_evidence(
            user=town.liaison, measure_id=measure.pk, title="材料", text="内容", file_name="", content=b"", at=town.at
        )
        closing.claim_done(user=town.liaison, measure_id=measure.pk, at=town.at)
        verify(town, evidence)
        closing.close_measure(user=town.second, measure_id=measure.pk, at=town.at)


def test_it_works(town):
    close_all(town, town.task)
    town.task.refresh_from_db()
    assert town.task.state == "closed"
    acts = [event.act for event in list_events(subject_id=town.task.pk)]
    assert {"enter", "give", "claim", "verify", "close"} <= set(acts)


def test_nothing_is_claimed_without_evidence(town):
    with pytest.raises(TheEvidenceIsMissing):
        closing.claim_done(user=town.liaison, measure_id=town.measure.pk, at=town.at)


def test_nothing_is_closed_before_a_second_person_verified(town):
    assert town.evidence
    closing.claim_done(user=town.liaison, measure_id=town.measure.pk, at=town.at)
    with pytest.raises(TheEvidenceIsMissing):
        closing.close_measure(user=town.office, measure_id=town.measure.pk, at=town.at)
    verify(town, town.evidence, accepted=False, verdict="不是批复")
    with pytest.raises(TheEvidenceIsMissing):
        closing.close_measure(user=town.office, measure_id=town.measure.pk, at=town.at)


def test_nobody_verifies_own_evidence(town):
    measure = Measure.objects.get(task__clause="二(一)")
    own = closing.give_evidence(
        user=town.office, measure_id=measure.pk, title="材料", text="内容", file_name="", content=b"", at=town.at
    )
    with pytest.raises(NotAllowed) as refused:
        verify(town, own)
    assert refused.value.problem.code == "SUPERVISION-SECOND-PERSON"
    closing.claim_done(user=town.office, measure_id=measure.pk, at=town.at)
    verify(town, own, by=town.second)
    with pytest.raises(TheEvidenceIsMissing):
        closing.close_measure(user=town.office, measure_id=measure.pk, at=town.at)
    closing.close_measure(user=town.second, measure_id=measure.pk, at=town.at)


def test_the_database_keeps_the_two_persons_apart(town):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=town.evidence.pk).update(verified_by_id=town.liaison.pk)


def test_a_claim_is_sent_back_with_its_reason_and_counted(town):
    assert town.evidence
    closing.claim_done(user=town.liaison, measure_id=town.measure.pk, at=town.at)
    with pytest.raises(TheReasonIsMissing):
        closing.bounce_measure(user=town.office, measure_id=town.measure.pk, reason=" ", at=town.at)
    closing.bounce_measure(user=town.office, measure_id=town.measure.pk, reason="缺批复", at=town.at)
    town.measure.refresh_from_db()
    assert (town.measure.state, town.measure.bounce_count, town.measure.note) == ("bounced", 1, "缺批复")


def test_an_act_that_does_not_fit_is_refused(town):
    with pytest.raises(NotPossibleNow):
        closing.bounce_measure(user=town.office, measure_id=town.measure.pk, reason="x", at=town.at)


def test_a_unit_elsewhere_can_do_nothing(town):
    stranger = make_user(Role.LIAISON, organisation=town.elsewhere)
    with pytest.raises(NotYours):
        closing.claim_done(user=stranger, measure_id=town.measure.pk, at=town.at)


def test_done_without_evidence_is_seen(town):
    Measure.objects.filter(pk=town.measure.pk).update(progress="done", percent=100)
    assert [row.pk for row in ledger.unproven(ledger.list_measures(town.office))] == [town.measure.pk]
    verify(town, town.evidence)
    assert not ledger.unproven(ledger.list_measures(town.office)).exists()


def test_more_time_is_asked_granted_and_counted(town):
    keeping.decide_extension(
        user=town.office, extension_id=town.extension.pk, act=ExtensionAct.GRANT, decision="", at=town.at
    )
    measure = Measure.objects.get(pk=town.measure.pk)
    assert (measure.extension_count, measure.delay_days) == (1, 9)
    assert measure.due_date == town.extension.to_date
    assert measure.first_due_date == town.extension.from_date


def test_more_time_is_refused_only_with_a_reason(town):
    with pytest.raises(TheReasonIsMissing):
        keeping.decide_extension(
            user=town.office, extension_id=town.extension.pk, act=ExtensionAct.REFUSE, decision="", at=town.at
        )


def test_a_deadline_that_stands_moves_only_by_request(town):
    assert town.extension
    with pytest.raises(TheDateDoesNotFit):
        keeping.set_deadline(user=town.office, measure_id=town.measure.pk, due_date=date(2030, 1, 1), at=town.at)


def test_a_hand_over_keeps_the_old_units_row(town):
    keeping.hand_over(
        user=town.office, task_id=town.task.pk, from_id=town.bureau.pk, to_id=town.elsewhere.pk, to_name="新单位",
        on_date=local_date(town.at), reason="机构改革", at=town.at,
    )  # fmt: skip
    task = Task.objects.get(pk=town.task.pk)
    assert task.organisation_ids[0] == town.elsewhere.pk
    assert task.lead_id == town.elsewhere.pk
    assert not Task.objects.visible_to(town.liaison).filter(pk=task.pk).exists()
    assert task.responsibilities.filter(organisation_id=town.bureau.pk, until_date__isnull=False).exists()


def test_a_task_from_a_letter_with_a_sub_task(town):
    names = {town.bureau.pk: "市交通局"}
    common = {
        "user": town.office, "at": town.at, "source": TaskSource.LETTER, "source_label": "函〔2026〕1号", "text": "x",
        "organisation_ids": [town.bureau.pk], "names": names, "has_lead": True, "frequency": Frequency.WEEKLY,
    }  # fmt: skip
    due = local_date(town.at) + timedelta(days=9)
    task = entering.add_task(title="回复来函", measures=[entering.NewMeasure("起草复函", due)], **common)
    sub = entering.add_task(title="收集数据", measures=[entering.NewMeasure("汇总")], parent_id=task.pk, **common)
    assert (task.due_date, sub.parent_id, sub.lead_id) == (due, task.pk, town.bureau.pk)


def test_a_task_without_a_unit_is_refused(town):
    with pytest.raises(entering.TheTaskIsNotWhole):
        entering.enter_task(
            actor=town.office, at=town.at, source=TaskSource.PLAN, source_label="x", title="x", text="x", units=[],
            measures=[entering.NewMeasure("x")],
        )  # fmt: skip
