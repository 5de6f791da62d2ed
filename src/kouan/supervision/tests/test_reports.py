"""A unit reports: its liaison writes, its principal approves, the port office receives; letters follow by the rules."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta

import pytest
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.accounts.selectors import local_date
from kouan.supervision.codes import Frequency
from kouan.supervision.factories import Town
from kouan.supervision.models import Measure, Warning
from kouan.supervision.rules import Rules, TheRulesDoNotFit
from kouan.supervision.selectors import reports
from kouan.supervision.services import keeping, reporting, warning
from kouan.supervision.services.warning import answer_warning, issue_due_warnings, set_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town(at=timezone.now())


def test_it_works(town):
    report = town.submitted_report
    reporting.approve_report(user=town.principal, report_id=report.pk, at=town.at)
    reporting.receive_report(user=town.office, report_id=report.pk, at=town.at)
    report.refresh_from_db()
    assert (report.state, report.approved_by_id) == ("received", town.principal.pk)
    measure = Measure.objects.get(pk=town.measure.pk)
    assert (measure.percent, measure.progress, measure.progress_text) == (40, "on_track", "推进中")


def test_the_ledger_does_not_move_before_the_principal_approved(town):
    assert town.submitted_report
    assert Measure.objects.get(pk=town.measure.pk).percent == 0


def test_a_report_with_a_silent_line_is_refused(town):
    with pytest.raises(reporting.TheReportIsEmpty):
        reporting.submit_report(user=town.liaison, report_id=town.report.pk, at=town.at)


def test_the_writer_cannot_approve(town):
    both = make_user(roles=[Role.LIAISON, Role.PRINCIPAL], organisation=town.bureau)
    report = reporting.open_report(user=both, frequency=Frequency.MONTHLY, at=town.at)
    lines = {line.pk: reporting.Line(10, "behind", "刚起步") for line in report.lines.all()}
    reporting.save_lines(user=both, report_id=report.pk, lines=lines, at=town.at)
    reporting.submit_report(user=both, report_id=report.pk, at=town.at)
    with pytest.raises(NotAllowed) as refused:
        reporting.approve_report(user=both, report_id=report.pk, at=town.at)
    assert refused.value.problem.code == "SUPERVISION-SECOND-PERSON"


def test_a_report_is_returned_and_bounced_with_reasons(town):
    report = town.submitted_report
    reporting.return_report(user=town.principal, report_id=report.pk, reason="补充数据", at=town.at)
    reporting.submit_report(user=town.liaison, report_id=report.pk, at=town.at)
    reporting.approve_report(user=town.principal, report_id=report.pk, at=town.at)
    reporting.bounce_report(user=town.office, report_id=report.pk, reason="与佐证不符", at=town.at)
    report.refresh_from_db()
    assert (report.state, report.note) == ("bounced", "与佐证不符")
    assert reports.count_waiting_reports(town.liaison) == 1


def test_the_port_office_sees_a_report_only_once_it_is_handed_in(town):
    report = town.submitted_report
    assert not reports.list_reports(town.office).filter(pk=report.pk).exists()
    reporting.approve_report(user=town.principal, report_id=report.pk, at=town.at)
    assert reports.list_reports(town.office).filter(pk=report.pk).exists()


def test_who_owes_a_report_is_known(town):
    since = town.report.since
    assert town.bureau.pk in reports.units_that_owe(frequency="monthly", since=since)
    reporting.approve_report(user=town.principal, report_id=town.submitted_report.pk, at=town.at)
    assert town.bureau.pk not in reports.units_that_owe(frequency="monthly", since=since)


def test_letters_come_step_by_step_and_once(town):
    due = local_date(town.at) + timedelta(days=30)
    keeping.set_deadline(user=town.office, measure_id=town.measure.pk, due_date=due, at=town.at)
    mine = Warning.objects.filter(measure=town.measure)

    def on(day):
        issue_due_warnings(at=town.at + timedelta(days=day))
        return list(mine.order_by("issued_at").values_list("step", flat=True))

    assert on(5) == []
    assert on(24) == ["remind"]
    assert on(25) == ["remind"]
    assert on(32) == ["remind", "warn"]
    assert on(46) == ["remind", "warn", "urge"]
    assert on(60) == ["remind", "warn", "urge"]
    assert {each.organisation_id for each in mine} == {town.bureau.pk}


def test_after_an_extension_the_steps_begin_anew(town):
    extension = town.extension
    issue_due_warnings(at=town.at + timedelta(days=31))
    keeping.decide_extension(
        user=town.office, extension_id=extension.pk, act=keeping.ExtensionAct.GRANT, decision="", at=town.at
    )
    issue_due_warnings(at=town.at + timedelta(days=33))
    steps = Warning.objects.filter(measure=town.measure).order_by("number").values_list("step", "about_date")
    assert list(steps) == [("warn", extension.from_date), ("remind", extension.to_date)]


def test_numbers_have_no_gap(town):
    assert town.warning
    numbers = list(Warning.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_late_report_is_warned_of(town):
    report = town.report
    late = dt.datetime.combine(report.due_date, dt.time(12), tzinfo=dt.UTC) + timedelta(days=2)
    issue_due_warnings(at=late)
    assert Warning.objects.filter(report=report).count() == 1


def test_only_the_unit_answers(town):
    with pytest.raises(NotAllowed):
        answer_warning(user=town.office, warning_id=town.warning.pk, answer="x", at=town.at)
    answer_warning(user=town.liaison, warning_id=town.warning.pk, answer="本月完成", at=town.at)
    town.warning.refresh_from_db()
    assert (town.warning.state, town.warning.answer) == ("answered", "本月完成")


def test_rules_hold_from_their_day_on(town):
    today = local_date(town.at)
    set_rules(user=town.office, rules=Rules(report_day=28), since=today + timedelta(days=1), reason="通知", at=town.at)
    assert warning.rules_on(today).report_day == 25
    assert warning.rules_on(today + timedelta(days=1)).report_day == 28


def test_a_colour_without_a_word_is_refused(town):
    rules = Rules.from_dict(Rules().to_dict() | {"steps": [
        {"key": "a", "tone": "red", "word": "", "word_en": "", "after_days": 1, "answer_days": 3}]})  # fmt: skip
    with pytest.raises(TheRulesDoNotFit):
        set_rules(user=town.office, rules=rules, since=local_date(town.at), reason="", at=town.at)
