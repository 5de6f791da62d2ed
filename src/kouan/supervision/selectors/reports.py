"""Reads of reports and of warning letters."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kouan.accounts.access import get_visible
from kouan.accounts.codes import Role
from kouan.supervision.models import Measure, Report, ReportLine, Warning
from kouan.supervision.selectors.ledger import OPEN_STATES
from kouan.supervision.states import ReportState, WarningState

if TYPE_CHECKING:
    from kouan.accounts.models import User


def list_reports(user: User) -> QuerySet[Report]:
    """Give the reports that a person may see, with the number of their lines."""
    return Report.objects.visible_to(user).annotate(
        line_count=Count("lines"), behind_count=Count("lines", filter=Q(lines__progress="behind"))
    )


def get_report(*, user: User, pk: UUID) -> Report:
    """Give one report; raises NotYours."""
    return get_visible(Report.objects, user, pk=pk)


def lines_of(report: Report) -> list[ReportLine]:
    """Give what a report that may be seen says, in the order of the ledger."""
    rows = report.lines.select_related("measure__task")
    return list(rows.order_by("measure__task__entered_at", "measure__task_id", "measure__number"))


def lines_about(measure: Measure) -> list[ReportLine]:
    """Give what approved reports said of a measure that may be seen, the youngest first."""
    rows = ReportLine.objects.filter(measure=measure, report__handed_in_at__isnull=False).select_related("report")
    return list(rows.order_by("-report__since", "-id"))


def count_waiting_reports(user: User) -> int:
    """Count the reports whose next step is this person's, up to a hundred."""

    waiting = Q()
    if user.has_role(Role.PORT_OFFICE_CLERK):
        waiting |= Q(state=ReportState.APPROVED)
    if user.has_role(Role.PRINCIPAL):
        waiting |= Q(state=ReportState.SUBMITTED, organisation_id=user.organisation_id)
    if user.has_role(Role.LIAISON):
        own = [ReportState.DRAFT, ReportState.RETURNED, ReportState.BOUNCED]
        waiting |= Q(state__in=own, organisation_id=user.organisation_id)
    return Report.objects.filter(waiting)[:100].count() if waiting else 0


def units_that_owe(*, frequency: str, since: date) -> list[UUID]:
    """Give the units that have something to report for a period and have not handed it in."""
    lists = (
        Measure.objects.in_force()
        .filter(state__in=OPEN_STATES, task__frequency=frequency)
        .values_list("organisation_ids", flat=True)
    )
    owing = {each for some in lists for each in some}
    done = Report.objects.filter(frequency=frequency, since=since, handed_in_at__isnull=False)
    return sorted(owing - set(done.values_list("organisation_id", flat=True)))


def owing_of(organisation_id: UUID | None, periods: Collection[tuple[str, date]]) -> set[tuple[str, date]]:
    """Say for which (frequency, first day) a unit has something to report and has not handed it in; two queries."""
    has = Measure.objects.in_force().filter(state__in=OPEN_STATES, organisation_ids__contains=[organisation_id])
    frequencies = set(has.values_list("task__frequency", flat=True))
    done = Report.objects.filter(
        organisation_id=organisation_id, since__in=[since for _, since in periods], handed_in_at__isnull=False
    )
    handed_in = set(done.values_list("frequency", "since"))
    return {each for each in periods if each[0] in frequencies and each not in handed_in}


def list_warnings(user: User) -> QuerySet[Warning]:
    """Give the warning letters that a person may see."""
    return Warning.objects.visible_to(user).select_related("measure__task", "report")


def get_warning(*, user: User, pk: UUID) -> Warning:
    """Give one letter; raises NotYours."""
    return get_visible(Warning.objects.select_related("measure__task", "report"), user, pk=pk)


def count_open_warnings(user: User) -> int:
    """Count the letters to the person's own unit that wait for an answer."""
    return Warning.objects.filter(organisation_id=user.organisation_id, state=WarningState.ISSUED).count()


def warnings_about(measure_ids: list[UUID]) -> list[Warning]:
    """Give the letters about measures that may be seen, in order."""
    return list(Warning.objects.filter(measure_id__in=measure_ids).order_by("issued_at"))
