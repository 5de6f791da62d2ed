"""Entering tasks into the ledger, whatever gave them, and keeping what is rolled up from their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.selectors import local_date
from kouan.audit.types import Actor
from kouan.supervision import bigrams
from kouan.supervision.codes import Frequency, TaskSource, UnitRole
from kouan.supervision.models import Measure, Node, PolicyDocument, Responsibility, Target, Task
from kouan.supervision.rules import TheDateDoesNotFit, Unfit
from kouan.supervision.services.acts import write_act
from kouan.supervision.states import state_of_task

if TYPE_CHECKING:
    from kouan.accounts.models import User


class TheTaskIsNotWhole(Unfit):
    """A task was entered without a title, a measure or a unit."""


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit of a new task; ``measure`` is the index of the measure that it is for, None for the whole task."""

    name_as_written: str
    role: str
    organisation_id: UUID | None = None
    is_lead_by_order: bool = False
    measure: int | None = None


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """A measure of a new task. ``nodes`` are earlier dates on its way: (title, day)."""

    text: str
    due: date | None = None
    due_text: str = ""
    nodes: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A figure that a new task has to reach."""

    text: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    period: str


@transaction.atomic
def enter_task(
    *,
    actor: Actor,
    at: datetime,
    source: TaskSource,
    source_label: str,
    title: str,
    text: str,
    units: Sequence[NewUnit],
    measures: Sequence[NewMeasure],
    targets: Sequence[NewTarget] = (),
    clause: str = "",
    position: int = 0,
    document: PolicyDocument | None = None,
    plan: Any = None,
    parent: Task | None = None,
    frequency: str = Frequency.MONTHLY,
    result_form: str = "",
    begun_date: date | None = None,
    is_demo: bool = False,
) -> Task:
    """Enter a task with its measures, units and targets; raise TheTaskIsNotWhole where something is missing.

    A part of the system or another service calls this; for a person's own entry see ``add_task``.
    """
    measures = [measure for measure in measures if measure.text.strip()]
    if not title.strip() or not measures or not units:
        raise TheTaskIsNotWhole(
            "SUPERVISION-TASK",
            "title" if not title.strip() else "measures" if not measures else "units",
            "事项须有名称、至少一项举措和一个责任单位。",
            "A task needs a title, at least one measure and one unit.",
        )
    today = begun_date or local_date(at)
    task = Task.objects.create(
        source=source,
        source_label=source_label[:300],
        document=document,
        plan=plan,
        parent=parent,
        clause=clause,
        position=position,
        title=title.strip()[:300],
        text=text,
        result_form=result_form,
        frequency=frequency,
        entered_at=at,
        entered_by_id=actor.pk or UUID(int=0),
        is_demo=is_demo,
        search=bigrams.vector_of(title, text),
    )
    rows = [
        Measure(
            task=task,
            number=number,
            text=measure.text.strip(),
            state_since=at,
            begun_date=today,
            due_date=measure.due,
            first_due_date=measure.due,
            due_text=measure.due_text[:200],
        )
        for number, measure in enumerate(measures, start=1)
    ]
    Measure.objects.bulk_create(rows)
    Node.objects.bulk_create(
        Node(measure=row, title=name[:200], due_date=day)
        for row, measure in zip(rows, measures, strict=True)
        for name, day in measure.nodes
    )
    Responsibility.objects.bulk_create(
        Responsibility(
            task=task,
            measure=rows[unit.measure] if unit.measure is not None else None,
            number=number,
            organisation_id=unit.organisation_id,
            name_as_written=unit.name_as_written[:200],
            role=unit.role,
            is_lead_by_order=unit.is_lead_by_order,
            since_date=today,
        )
        for number, unit in enumerate(units, start=1)
    )
    Target.objects.bulk_create(
        Target(task=task, text=one.text[:300], low=one.low, high=one.high, unit=one.unit[:40], period=one.period[:20])
        for one in targets
    )
    refresh_task(task)
    write_act(act="enter", row=task, subject_id=task.pk, actor=actor, at=at, data={"source": source_label[:120]})
    return task


def add_task(
    *,
    user: User,
    at: datetime,
    source: TaskSource,
    source_label: str,
    title: str,
    text: str,
    organisation_ids: Sequence[UUID],
    names: dict[UUID, str],
    measures: Sequence[NewMeasure],
    has_lead: bool,
    frequency: str,
    result_form: str = "",
    parent_id: UUID | None = None,
) -> Task:
    """Enter a task by hand: from a letter, an inspection or a plan, or below another task."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    parent = get_visible(Task.objects, user, pk=parent_id) if parent_id else None
    if any(measure.due and measure.due < local_date(at) for measure in measures):
        raise TheDateDoesNotFit("SUPERVISION-DUE-PAST", "due", "时限不得早于今天。", "The deadline lies in the past.")
    units = [
        NewUnit(
            names[each],
            UnitRole.LEAD if has_lead and index == 0 else UnitRole.RESPONSIBLE,
            each,
        )
        for index, each in enumerate(organisation_ids)
    ]
    return enter_task(
        actor=user,
        at=at,
        source=source,
        source_label=source_label,
        title=title,
        text=text,
        units=units,
        measures=measures,
        frequency=frequency,
        result_form=result_form,
        parent=parent,
    )


def refresh_task(task: Task) -> None:
    """Bring up to date what a task rolls up: its state, deadline, units and lead; and whose its measures are."""
    measures = list(task.measures.all())
    duties = list(Responsibility.objects.filter(task=task, until_date__isnull=True).order_by("number"))
    whole = [duty for duty in duties if duty.measure_id is None]  # type: ignore[attr-defined]
    for measure in measures:
        own = [duty for duty in duties if duty.measure_id == measure.pk] or whole  # type: ignore[attr-defined]
        measure.organisation_ids = _ids(own)
        measure.lead_id = _lead(own)
    Measure.objects.bulk_update(measures, ["organisation_ids", "lead_id"])
    counted = [measure for measure in measures if measure.state != "cancelled"]
    days = [measure.due_date for measure in counted if measure.due_date]
    task.organisation_ids = _ids(duties)
    task.lead_id = _lead(whole or duties)
    task.state = state_of_task(measure.state for measure in measures)
    task.due_date = max(days, default=None)
    task.save(update_fields=["organisation_ids", "lead_id", "state", "due_date"])
    if task.document_id:  # type: ignore[attr-defined]
        _refresh_document(task.document_id)  # type: ignore[attr-defined]


def _refresh_document(document_id: UUID) -> None:
    lists = Task.objects.filter(document_id=document_id).values_list("organisation_ids", flat=True)
    ids = sorted({each for some in lists for each in some})
    PolicyDocument.objects.filter(pk=document_id).update(organisation_ids=ids)


def _ids(duties: Sequence[Responsibility]) -> list[UUID]:
    return list(dict.fromkeys(duty.organisation_id for duty in duties if duty.organisation_id))


def _lead(duties: Sequence[Responsibility]) -> UUID | None:
    return next((duty.organisation_id for duty in duties if duty.role == UnitRole.LEAD or duty.is_lead_by_order), None)
