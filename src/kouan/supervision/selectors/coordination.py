"""Reads of priorities, disagreements, inspections, and of a unit's year."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, QuerySet

from kouan.accounts.access import get_visible
from kouan.supervision.models import (
    AnnualPlan,
    CoordinationCase,
    FormalInspection,
    JointInspection,
    Task,
)
from kouan.supervision.states import CoordinationState

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


def awaiting_position(user: User) -> list[CoordinationCase]:
    """Give the disagreements that wait for the position of the person's own unit."""
    rows = CoordinationCase.objects.filter(
        state=CoordinationState.OPEN, party_ids__contains=[user.organisation_id]
    ).exclude(positions__organisation_id=user.organisation_id)
    return list(rows.order_by("opened_at")[:50])


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
