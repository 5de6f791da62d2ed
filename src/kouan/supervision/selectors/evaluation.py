"""A unit's year, counted from the ledger. Nobody enters a mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from kouan.accounts import selectors as accounts
from kouan.supervision.models import Attendance, Evidence, Measure, Report, Warning
from kouan.supervision.rules import Evaluation, share
from kouan.supervision.states import MeasureState, MeetingState, WarningState

Counts = dict[UUID, Counter[str]]


def evaluate_year(*, year: int, on: date) -> list[tuple[UUID, str, Evaluation]]:
    """Count each unit's year: (id, name, Evaluation), by name, of units that answer for a measure; five queries."""
    begin, end = date(year, 1, 1), min(date(year, 12, 31), on)
    counts: Counts = {}
    _count_measures(counts, begin, end, on)
    _count_reports(counts, begin, end, on)
    _count_warnings(counts, year, on)
    _count_meetings(counts, begin, end)
    return [
        (unit.pk, unit.name, _evaluation(counts[unit.pk]))
        for unit in accounts.list_duty_units(on=on)
        if counts.get(unit.pk, Counter())["measures"]
    ]


def _evaluation(counts: Counter[str]) -> Evaluation:
    marks = {
        "in_time": share(counts["closed"] - counts["closed_late"], counts["closed"]),
        "reports_in_time": share(counts["reports"] - counts["reports_late"], counts["reports"]),
        "attendance": share(counts["attended"], counts["meetings"]),
    }
    return Evaluation(**counts, marks=marks)


def _count_measures(counts: Counts, begin: date, end: date, on: date) -> None:
    """A measure counts for its lead alone; where nobody leads, for every unit that answers for it."""
    accepted = Evidence.objects.filter(measure=OuterRef("pk"), is_accepted=True)
    rows = Measure.objects.exclude(state=MeasureState.CANCELLED).annotate(is_proven=Exists(accepted))
    for row in rows.defer("text").iterator(chunk_size=2000):
        found = Counter(_of_measure(row, begin, end, on))
        for organisation_id in [row.lead_id] if row.lead_id else row.organisation_ids:
            counts.setdefault(organisation_id, Counter()).update(found)


def _of_measure(row: Any, begin: date, end: date, on: date) -> dict[str, int]:
    closed_on = timezone.localdate(row.closed_at) if row.closed_at else None
    is_closed = row.state == MeasureState.CLOSED
    in_year = closed_on is not None and begin <= closed_on <= end
    says_done = not is_closed and (row.progress == "done" or row.percent == 100)
    return {
        "measures": 1,
        "closed": int(in_year),
        "closed_late": int(in_year and row.first_due_date is not None and closed_on > row.first_due_date),
        "overdue": int(not is_closed and row.due_date is not None and row.due_date < on),
        "extended": int(row.extension_count > 0),
        "delay_days": row.delay_days,
        "bounced": row.bounce_count,
        "unproven": int(says_done and not row.is_proven),
    }


def _count_reports(counts: Counts, begin: date, end: date, on: date) -> None:
    late = Q(handed_in_at__isnull=True, due_date__lt=on) | Q(handed_in_at__date__gt=F("due_date"))
    rows = Report.objects.filter(due_date__gte=begin, due_date__lte=end).values("organisation_id").order_by()
    _add(counts, rows.annotate(reports=Count("pk"), reports_late=Count("pk", filter=late)))


def _count_warnings(counts: Counts, year: int, on: date) -> None:
    late = Q(state=WarningState.ISSUED, answer_by_date__lt=on)
    rows = Warning.objects.filter(year=year).values("organisation_id").order_by()
    _add(counts, rows.annotate(warnings=Count("pk"), warnings_unanswered=Count("pk", filter=late)))


def _count_meetings(counts: Counts, begin: date, end: date) -> None:
    rows = Attendance.objects.filter(
        meeting__begins_at__date__gte=begin, meeting__begins_at__date__lte=end, organisation_id__isnull=False,
        meeting__state__in=[MeetingState.HELD, MeetingState.MINUTED],
    ).values("organisation_id").order_by()  # fmt: skip
    came = Q(status__in=["present", "delegated"])
    _add(counts, rows.annotate(meetings=Count("pk"), attended=Count("pk", filter=came)))


def _add(counts: Counts, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        counts.setdefault(row.pop("organisation_id"), Counter()).update(row)
