"""Reminders and warning letters, one step at a time, and the settings that they follow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.selectors import local_date
from kouan.audit import services as audit
from kouan.audit.types import Actor, SystemActor
from kouan.supervision.models import FollowUpRules, Measure, Report, Warning
from kouan.supervision.rules import Rules, Step, TheReasonIsMissing, check_rules, next_step
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.services.acts import write_act
from kouan.supervision.states import WARNING_NEXT, MeasureState, ReportState, WarningAct
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User

REMINDER = SystemActor("督办提醒")
_NUMBERING_LOCK = 0x6B6F7561_6E000051
"""Held by whoever numbers letters, so that a year's numbers have no gap."""


def issue_due_warnings(*, at: datetime) -> int:
    """Issue every reminder and warning letter that is due today; return how many. Run twice, it adds nothing."""
    today = local_date(at)
    rules = rules_on(today)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING_LOCK])
        count = sum(_warn_of_measure(measure, today, rules, at) for measure in _measures_to_look_at(today, rules))
        return count + sum(_warn_of_report(report, today, rules, at) for report in _late_reports(today))


def _measures_to_look_at(today: date, rules: Rules) -> list[Measure]:
    first = today - timedelta(days=rules.steps[0].after_days)
    rows = Measure.objects.in_force().filter(state__in=[MeasureState.OPEN, MeasureState.BOUNCED], due_date__lte=first)
    return list(rows.select_related("task").prefetch_related("warnings").order_by("due_date", "id"))


def _late_reports(today: date) -> list[Report]:
    unfinished = [ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED, ReportState.BOUNCED]
    rows = Report.objects.filter(state__in=unfinished, due_date__lt=today)
    return list(rows.prefetch_related("warnings").order_by("due_date", "id"))


def _warn_of_measure(measure: Measure, today: date, rules: Rules, at: datetime) -> int:
    assert measure.due_date is not None
    # After an extension the steps begin anew: only letters about the present deadline count.
    issued = [each.step for each in measure.warnings.all() if each.about_date == measure.due_date]
    step = next_step(due=measure.due_date, issued=issued, on=today, rules=rules)
    if step is None:
        return 0
    targets = [measure.lead_id] if measure.lead_id else measure.organisation_ids
    late = (today - measure.due_date).days
    reason = _reason(measure, today)
    for organisation_id in targets:
        _issue(step, organisation_id, reason, _demand(step, late), at, about=measure.due_date, measure=measure)
    return len(targets)


def _warn_of_report(report: Report, today: date, rules: Rules, at: datetime) -> int:
    issued = [each.step for each in report.warnings.all()]
    late_steps = [step for step in rules.steps if step.after_days > 0]
    step = next((s for s in late_steps if s.key not in issued and (today - report.due_date).days >= s.after_days), None)
    if step is None:
        return 0
    reason = f"{report.since} 至 {report.until} 的进展报告应于 {report.due_date} 前报送，至今未报出。"
    _issue(
        step, report.organisation_id, reason, "请立即补报，并说明迟报原因。", at, about=report.due_date, report=report
    )
    return 1


def issue_letter(*, user: User, measure_id: UUID, step: str, demand: str, at: datetime) -> int:
    """Issue one step of the rules about a measure ahead of its day, to who leads or to all who answer; return how many.

    For what is urgent or important. Each step goes out once for a deadline, by hand or by itself.
    """
    require_role(user, Role.PORT_OFFICE_CLERK)
    today = local_date(at)
    chosen = rules_on(today).step(step)
    with transaction.atomic():
        measure: Measure = get_visible(Measure.objects.select_related("task"), user, pk=measure_id)
        if chosen is None or measure.state not in (MeasureState.OPEN, MeasureState.BOUNCED):
            raise NotAllowed("办理中的举措才能发提醒或督办函。", "Letters go out about measures under way.", "", "")
        if not demand.strip():
            raise TheReasonIsMissing("demand")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERING_LOCK])
        about = measure.due_date or today
        if measure.warnings.filter(step=step, about_date=about).exists():
            raise NotAllowed("就这一时限已发过这一级。", "This step went out for this deadline already.", "", "")
        targets = [measure.lead_id] if measure.lead_id else measure.organisation_ids
        reason = _reason(measure, today)
        for organisation_id in targets:
            _issue(chosen, organisation_id, reason, demand.strip(), at, about=about, measure=measure, actor=user)
    return len(targets)


def _reason(measure: Measure, today: date) -> str:
    about = f"“{measure.task.title}”第 {measure.number} 项举措"
    done = f"最近报送完成比例 {measure.percent}%。"
    if measure.due_date is None:
        return f"{about}尚未规定时限，{done}"
    late = (today - measure.due_date).days
    words = f"已逾期 {late} 天" if late > 0 else f"距时限还有 {-late} 天"
    return f"{about}时限为 {measure.due_date}，{words}，{done}"


def _demand(step: Step, late: int) -> str:
    if late <= 0:
        return "请按期完成；确有困难的，请于时限前申请延期并说明理由。"
    if step.answer_days <= 3:
        return "请单位主要负责人组织整改，书面说明原因、措施和完成时间。"
    return "请说明未按期完成的原因和下一步措施，明确完成时间。"


def _issue(
    step: Step,
    organisation_id: UUID,
    reason: str,
    demand: str,
    at: datetime,
    *,
    about: date,
    measure: Measure | None = None,
    report: Report | None = None,
    actor: Actor = REMINDER,
) -> Warning:
    today = local_date(at)
    last = Warning.objects.filter(year=today.year).aggregate(last=Max("number"))["last"] or 0
    warning = Warning.objects.create(
        year=today.year,
        number=last + 1,
        organisation_id=organisation_id,
        measure=measure,
        report=report,
        step=step.key,
        word=step.word,
        tone=step.tone,
        reason=reason,
        demand=demand,
        about_date=about,
        answer_by_date=today + timedelta(days=step.answer_days),
        state_since=at,
        issued_at=at,
    )
    subject = measure.task.pk if measure else warning.pk
    write_act(act="issue", row=warning, subject_id=subject, actor=actor, at=at, data={"word": step.word})
    return warning


def answer_warning(*, user: User, warning_id: UUID, answer: str, at: datetime) -> None:
    """Answer a letter for the person's own unit."""
    require_role(user, Role.LIAISON, Role.PRINCIPAL, Role.PORT_OFFICE_CLERK)
    if not answer.strip():
        raise TheReasonIsMissing("answer")
    with transaction.atomic():
        warning: Warning = get_visible(Warning.objects.select_related("measure"), user, pk=warning_id)
        if warning.organisation_id != user.organisation_id:
            raise NotAllowed("由收函单位答复。", "The unit that was warned answers.", "", "")
        move(
            row=warning,
            subject_id=warning.measure.task_id if warning.measure else warning.pk,  # type: ignore[attr-defined]
            act=WarningAct.ANSWER,
            table=WARNING_NEXT,
            actor=user,
            at=at,
            answer=answer.strip(),
            answered_by_label=user.audit_label[:120],
            answered_at=at,
        )


def set_rules(*, user: User, rules: Rules, since: date, reason: str, at: datetime) -> FollowUpRules:
    """Set the rules of follow-up from a day on; today's row may be set again on the same day."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    check_rules(rules)
    with transaction.atomic():
        row, _is_new = FollowUpRules.objects.update_or_create(
            since=since,
            defaults={
                "content": rules.to_dict(),
                "reason": reason.strip()[:300],
                "made_by_label": user.audit_label[:120],
                "made_at": at,
            },
        )
        audit.record(
            actor=user, act="set_rules", subject_kind="followuprules", subject_id=row.pk, at=at, detail=row.content
        )
    return row
