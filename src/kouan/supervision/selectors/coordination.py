"""Reads of priorities, disagreements, inspections, and of a unit's year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible
from kouan.supervision.models import (
    AnnualPlan,
    Attendance,
    CoordinationCase,
    Evidence,
    FormalInspection,
    JointInspection,
    Measure,
    Report,
    Task,
    Warning,
)
from kouan.supervision.rules import Evaluation, share

if TYPE_CHECKING:
    from kouan.accounts.models import User


def list_plans(user: User) -> QuerySet[AnnualPlan]:
    """Give the priorities of years that a person may see."""
    return AnnualPlan.objects.visible_to(user).select_related("conference").annotate(task_count=Count("tasks"))


def get_plan(*, user: User, pk: UUID) -> AnnualPlan:
    """Give one year's priorities; raises NotYours."""
    return get_visible(AnnualPlan.objects.select_related("conference", "adopted_at_meeting"), user, pk=pk)


def priorities_of(plan: AnnualPlan) -> list[Task]:
    """Give the tasks of a plan that may be seen."""
    return list(plan.tasks.defer("search").order_by("entered_at", "id"))


def list_coordination(user: User) -> QuerySet[CoordinationCase]:
    """Give the disagreements that a person may see."""
    return CoordinationCase.objects.visible_to(user).annotate(position_count=Count("positions"))


def get_coordination(*, user: User, pk: UUID) -> CoordinationCase:
    """Give one disagreement; raises NotYours."""
    return get_visible(CoordinationCase.objects.select_related("conference", "task"), user, pk=pk)


def coordination_about(
    user: User, *, task_id: UUID | None = None, ticket_id: UUID | None = None, case_id: UUID | None = None
) -> list[CoordinationCase]:
    """Give the disagreements that arose from a task, a ticket or a declaration, as far as the person sees them."""
    wanted = {"task_id": task_id, "ticket_id": ticket_id, "case_id": case_id}
    rows = CoordinationCase.objects.visible_to(user).filter(**{key: pk for key, pk in wanted.items() if pk})
    return list(rows.order_by("-opened_at")[:20])


def list_joint_inspections(user: User) -> QuerySet[JointInspection]:
    """Give the joint inspections that a person may see."""
    return JointInspection.objects.visible_to(user)


def get_joint_inspection(*, user: User, pk: UUID) -> JointInspection:
    """Give one joint inspection; raises NotYours."""
    return get_visible(JointInspection.objects.select_related("conference"), user, pk=pk)


def list_formal_inspections(user: User) -> QuerySet[FormalInspection]:
    """Give the government inspections that a person may see."""
    return FormalInspection.objects.visible_to(user)


def get_formal_inspection(*, user: User, pk: UUID) -> FormalInspection:
    """Give one government inspection; raises NotYours."""
    return get_visible(FormalInspection.objects, user, pk=pk)


def evaluate_year(*, year: int, on: date) -> list[tuple[str, Evaluation]]:
    """Count each unit's year from the ledger: a list of (name, Evaluation), by name. Nobody enters a mark."""
    units = accounts.list_duty_units(on=on)
    return [(unit.name, evaluation) for unit in units if (evaluation := _evaluate(unit.pk, year, on)).measures]


def _evaluate(organisation_id: UUID, year: int, on: date) -> Evaluation:
    begin, end = date(year, 1, 1), min(date(year, 12, 31), on)
    mine = Measure.objects.filter(organisation_ids__contains=[organisation_id]).exclude(state="cancelled")
    # Where a unit leads, the others are not called late for it.
    led = mine.filter(Q(lead_id=organisation_id) | Q(lead_id__isnull=True))
    closed = led.filter(closed_at__date__gte=begin, closed_at__date__lte=end)
    accepted = Evidence.objects.filter(measure=OuterRef("pk"), is_accepted=True)
    says_done = led.filter(Q(progress="done") | Q(percent=100)).exclude(state="closed")
    reports = Report.objects.filter(organisation_id=organisation_id, due_date__gte=begin, due_date__lte=end)
    late = Q(handed_in_at__isnull=True, due_date__lt=on) | Q(handed_in_at__date__gt=F("due_date"))
    warnings = Warning.objects.filter(organisation_id=organisation_id, year=year)
    meetings = Attendance.objects.filter(
        organisation_id=organisation_id, meeting__begins_at__date__gte=begin, meeting__begins_at__date__lte=end,
        meeting__state__in=["held", "minuted"],
    )  # fmt: skip
    counts = {
        "measures": led.count(),
        "closed": closed.count(),
        "closed_late": closed.filter(closed_at__date__gt=F("first_due_date")).count(),
        "overdue": led.filter(due_date__lt=on).exclude(state="closed").count(),
        "extended": led.filter(extension_count__gt=0).count(),
        "delay_days": sum(led.values_list("delay_days", flat=True)),
        "bounced": sum(led.values_list("bounce_count", flat=True)),
        "unproven": says_done.annotate(is_proven=Exists(accepted)).filter(is_proven=False).count(),
        "reports": reports.count(),
        "reports_late": reports.filter(late).count(),
        "warnings": warnings.count(),
        "warnings_unanswered": warnings.filter(state="issued", answer_by_date__lt=on).count(),
        "meetings": meetings.count(),
        "attended": meetings.filter(status__in=["present", "delegated"]).count(),
    }
    marks = {
        "in_time": share(counts["closed"] - counts["closed_late"], counts["closed"]),
        "reports_in_time": share(counts["reports"] - counts["reports_late"], counts["reports"]),
        "attendance": share(counts["attended"], counts["meetings"]),
    }
    return Evaluation(**counts, marks=marks)
