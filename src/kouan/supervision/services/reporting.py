"""Reports: the liaison writes, the principal approves, the port office receives; the ledger follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.selectors import local_date
from kouan.supervision.codes import Frequency, Progress
from kouan.supervision.models import Measure, Report, ReportLine
from kouan.supervision.rules import TheReasonIsMissing, Unfit, report_period
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.services.acts import write_act
from kouan.supervision.states import REPORT_NEXT, MeasureState, ReportAct, ReportState
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User

OPEN = (MeasureState.OPEN, MeasureState.CLAIMED, MeasureState.BOUNCED)
WRITABLE = (ReportState.DRAFT, ReportState.RETURNED, ReportState.BOUNCED)


class TheReportIsEmpty(Unfit):
    """A report was submitted with a measure about which it says nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a unit says of one measure. progress: a class of ``codes.Progress``."""

    percent: int
    progress: str
    text: str
    trouble: str = ""


def open_report(*, user: User, frequency: Frequency, at: datetime) -> Report:
    """Begin the report of the present period for the person's own unit, or give the one that was begun.

    It has a line for every open measure of the unit that is reported so often; measures that came since join it.
    """
    require_role(user, Role.LIAISON)
    today = local_date(at)
    period = report_period(frequency, on=today, rules=rules_on(today))
    with transaction.atomic():
        report, is_new = Report.objects.get_or_create(
            organisation_id=user.organisation_id,
            frequency=frequency,
            since=period.since,
            defaults={
                "until": period.until,
                "due_date": period.due_date,
                "state_since": at,
                "written_by_id": user.pk,
                "written_by_label": user.audit_label[:120],
            },
        )
        if report.state in WRITABLE:
            known = set(report.lines.values_list("measure_id", flat=True))
            measures = Measure.objects.in_force().filter(
                organisation_ids__contains=[user.organisation_id], state__in=OPEN, task__frequency=frequency
            )
            ReportLine.objects.bulk_create(
                ReportLine(report=report, measure=measure, percent=measure.percent)
                for measure in measures.order_by("task_id", "number")
                if measure.pk not in known
            )
        if is_new:
            write_act(act="open", row=report, subject_id=report.pk, actor=user, at=at)
    return report


def save_lines(*, user: User, report_id: UUID, lines: Mapping[UUID, Line], at: datetime) -> None:
    """Write what a report says, while it is with its writer; keys are the lines' ids."""
    require_role(user, Role.LIAISON)
    with transaction.atomic():
        report = _own_report(user, report_id)
        if report.state not in WRITABLE:
            raise NotAllowed("报告已提交，不能再修改。", "The report was submitted and stands.", "", "")
        rows = {row.pk: row for row in report.lines.all()}
        changed = []
        for pk, line in lines.items():
            if pk in rows:
                row = rows[pk]
                row.percent = max(0, min(100, line.percent))
                row.progress = Progress(line.progress)
                row.text, row.trouble = line.text.strip(), line.trouble.strip()
                changed.append(row)
        ReportLine.objects.bulk_update(changed, ["percent", "progress", "text", "trouble"])
        Report.objects.filter(pk=report.pk).update(written_by_id=user.pk, written_by_label=user.audit_label[:120])


def submit_report(*, user: User, report_id: UUID, at: datetime) -> None:
    """Hand a report to the unit's principal; every measure has a class and a text."""
    require_role(user, Role.LIAISON)
    with transaction.atomic():
        report = _own_report(user, report_id)
        silent = report.lines.filter(progress=Progress.NONE).count() + report.lines.filter(text="").count()
        if silent or not report.lines.exists():
            raise TheReportIsEmpty(
                "SUPERVISION-REPORT-EMPTY",
                "",
                "每项举措都须选择进度并写明进展情况。" if silent else "本期没有需要报送的举措。",
                "Every measure needs a class of progress and a text." if silent else "There is nothing to report.",
                "没有进展也请写明原因。" if silent else "",
                "Where nothing moved, say why." if silent else "",
            )
        _move(report, ReportAct.SUBMIT, user, at, written_by_id=user.pk, written_by_label=user.audit_label[:120],
              approved_by_id=None, approved_by_label="")  # fmt: skip


def return_report(*, user: User, report_id: UUID, reason: str, at: datetime) -> None:
    """Give a report back to its writer, with the reason; the principal's act."""
    _principal(user)
    if not reason.strip():
        raise TheReasonIsMissing
    with transaction.atomic():
        _move(_own_report(user, report_id), ReportAct.RETURN, user, at, note=reason.strip())


def approve_report(*, user: User, report_id: UUID, at: datetime) -> None:
    """Answer for a report and hand it to the port office; the ledger takes over what it says."""
    _principal(user)
    with transaction.atomic():
        report = _own_report(user, report_id)
        if report.written_by_id == user.pk:
            raise NotAllowed(
                "填报人不能审核本人填写的报告。",
                "Nobody approves an own report.",
                "请由单位负责人审核。",
                "Another person of the unit has to.",
                code="SUPERVISION-SECOND-PERSON",
            )
        _move(report, ReportAct.APPROVE, user, at, approved_by_id=user.pk, approved_by_label=user.audit_label[:120],
              handed_in_at=report.handed_in_at or at, note="")  # fmt: skip
        _take_over(report, at)


def bounce_report(*, user: User, report_id: UUID, reason: str, at: datetime) -> None:
    """Send a report back to its unit, with the reason; the port office's act."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if not reason.strip():
        raise TheReasonIsMissing
    with transaction.atomic():
        report: Report = get_visible(Report.objects, user, pk=report_id)
        _move(report, ReportAct.BOUNCE, user, at, note=reason.strip())


def receive_report(*, user: User, report_id: UUID, at: datetime) -> None:
    """Accept a report; the port office's act."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        report: Report = get_visible(Report.objects, user, pk=report_id)
        _move(report, ReportAct.RECEIVE, user, at)


def _take_over(report: Report, at: datetime) -> None:
    """Write into the ledger what the lead unit says; without a lead, what any unit says."""
    changed = []
    for line in report.lines.select_related("measure"):
        measure = line.measure
        if measure.lead_id not in (None, report.organisation_id) or measure.state not in OPEN:
            continue
        measure.percent, measure.progress = line.percent, line.progress
        measure.progress_text, measure.reported_at = line.text, at
        changed.append(measure)
    Measure.objects.bulk_update(changed, ["percent", "progress", "progress_text", "reported_at"])


def _move(report: Report, act: ReportAct, user: User, at: datetime, **changes: Any) -> None:
    data = {"reason": str(changes["note"])} if changes.get("note") else {}
    move(row=report, subject_id=report.pk, act=act, table=REPORT_NEXT, actor=user, at=at, data=data, **changes)


def _principal(user: User) -> None:
    require_role(user, Role.PRINCIPAL)


def _own_report(user: User, report_id: UUID) -> Report:
    report: Report = get_visible(Report.objects, user, pk=report_id)
    if report.organisation_id != user.organisation_id:
        raise NotAllowed("只能办理本单位的报告。", "Only one's own unit's report.", "", "")
    return report
