"""Keeping the ledger: more time, another unit, nodes, departments, the indicator behind a target."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kouan.accounts.access import NotAllowed, NotYours, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.indicators import selectors as indicators
from kouan.supervision.models import Extension, HandOver, Measure, Node, Responsibility, Target, Task
from kouan.supervision.rules import TheDateDoesNotFit, TheReasonIsMissing, Unfit
from kouan.supervision.services.acts import write_act
from kouan.supervision.services.closing import own_measure
from kouan.supervision.services.entering import refresh_task
from kouan.supervision.states import EXTENSION_NEXT, ExtensionAct
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User


class OneRequestIsOpen(Unfit):
    """A measure has a request for more time that nobody has decided."""


def ask_extension(*, user: User, measure_id: UUID, to_date: date, reason: str, at: datetime) -> Extension:
    """Ask for more time, with the reason; the lead unit, or any where none leads."""
    with transaction.atomic():
        measure = own_measure(user, measure_id)
        if measure.lead_id and measure.lead_id != user.organisation_id:
            raise NotAllowed("由牵头单位申请延期。", "The lead unit asks for more time.", "", "")
        if not reason.strip():
            raise TheReasonIsMissing
        if measure.due_date is None or to_date <= measure.due_date:
            raise TheDateDoesNotFit(
                "SUPERVISION-EXTENSION-DATE",
                "to_date",
                "延至日期须晚于原时限。" if measure.due_date else "该举措没有时限，不需要延期。",
                "The new deadline is later than the old one." if measure.due_date else "There is no deadline to move.",
            )
        if measure.extensions.filter(state="asked").exists():
            raise OneRequestIsOpen(
                "SUPERVISION-EXTENSION-OPEN",
                "",
                "已有待审批的延期申请。",
                "A request for more time is waiting already.",
            )
        extension = Extension.objects.create(
            measure=measure,
            organisation_id=user.organisation_id,
            from_date=measure.due_date,
            to_date=to_date,
            reason=reason.strip(),
            state_since=at,
            asked_by_id=user.pk,
            asked_by_label=user.audit_label[:120],
            asked_at=at,
        )
        write_act(
            act="ask", row=extension, subject_id=measure.task.pk, actor=user, at=at, data={"to": to_date.isoformat()}
        )
    return extension


def decide_extension(*, user: User, extension_id: UUID, act: ExtensionAct, decision: str, at: datetime) -> None:
    """Grant or refuse more time. What is granted is counted: how often, and how many days in all."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if act is ExtensionAct.REFUSE and not decision.strip():
        raise TheReasonIsMissing("decision")
    with transaction.atomic():
        extension = Extension.objects.select_related("measure__task").filter(pk=extension_id).first()
        if extension is None:
            raise NotYours
        if extension.asked_by_id == user.pk:
            raise NotAllowed(
                "不能审批本人的申请。",
                "Nobody decides on an own request.",
                "请由另一位经办人审批。",
                "A second person decides.",
            )
        measure = extension.measure
        move(
            row=extension,
            subject_id=measure.task.pk,
            act=act,
            table=EXTENSION_NEXT,
            actor=user,
            at=at,
            data={"decision": decision.strip(), "to": extension.to_date.isoformat()},
            decided_by_label=user.audit_label[:120],
            decision=decision.strip()[:500],
        )
        if act is ExtensionAct.GRANT:
            Measure.objects.filter(pk=measure.pk).update(
                due_date=extension.to_date,
                extension_count=F("extension_count") + 1,
                delay_days=F("delay_days") + (extension.to_date - extension.from_date).days,
            )
            refresh_task(measure.task)


def set_deadline(*, user: User, measure_id: UUID, due_date: date, at: datetime) -> None:
    """Give a measure that has no deadline one; a deadline that stands is moved only by an extension."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        measure: Measure = get_visible(Measure.objects.select_related("task"), user, pk=measure_id)
        if measure.due_date is not None:
            raise TheDateDoesNotFit(
                "SUPERVISION-DUE-STANDS",
                "due_date",
                "已有时限，变更须由责任单位申请延期。",
                "There is a deadline; it is moved by a request for more time.",
            )
        measure.due_date = measure.first_due_date = due_date
        measure.save(update_fields=["due_date", "first_due_date"])
        write_act(
            act="set_deadline", row=measure, subject_id=measure.task.pk, actor=user, at=at,
            data={"due": due_date.isoformat()},
        )  # fmt: skip
        refresh_task(measure.task)


def hand_over(
    *, user: User, task_id: UUID, from_id: UUID, to_id: UUID, to_name: str, on_date: date, reason: str, at: datetime
) -> HandOver:
    """Let another unit answer for a task from a day on; the old one keeps its row with its last day."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if not reason.strip():
        raise TheReasonIsMissing
    with transaction.atomic():
        task: Task = get_visible(Task.objects.select_for_update(), user, pk=task_id)
        duties = list(task.responsibilities.filter(organisation_id=from_id, until_date__isnull=True))
        if not duties or from_id == to_id:
            raise NotYours("from_id")
        for duty in duties:
            Responsibility.objects.filter(pk=duty.pk).update(until_date=on_date)
            if not task.responsibilities.filter(
                organisation_id=to_id, measure=duty.measure, until_date__isnull=True
            ).exists():
                Responsibility.objects.create(
                    task=task,
                    measure=duty.measure,
                    number=duty.number,
                    organisation_id=to_id,
                    name_as_written=to_name[:200],
                    role=duty.role,
                    is_lead_by_order=duty.is_lead_by_order,
                    since_date=on_date,
                )
        row = HandOver.objects.create(
            task=task,
            from_organisation_id=from_id,
            to_organisation_id=to_id,
            on_date=on_date,
            reason=reason.strip(),
            made_by_label=user.audit_label[:120],
            made_at=at,
        )
        refresh_task(task)
        write_act(act="make", row=row, subject_id=task.pk, actor=user, at=at, data={"reason": reason.strip()[:200]})
    return row


def resolve_unit(*, user: User, responsibility_id: UUID, organisation_id: UUID, at: datetime) -> None:
    """Say which organisation a name means that the register did not know when the task was entered."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        duty = Responsibility.objects.select_related("task").filter(pk=responsibility_id).first()
        if duty is None or duty.organisation_id is not None:
            raise NotYours
        duty.organisation_id = organisation_id
        duty.save(update_fields=["organisation_id"])
        refresh_task(duty.task)
        write_act(
            act="resolve", row=duty, subject_id=duty.task.pk, actor=user, at=at, data={"name": duty.name_as_written}
        )


def assign_department(*, user: User, task_id: UUID, department: str, at: datetime) -> None:
    """Name the department that carries a task out within the person's own unit."""
    require_role(user, Role.LIAISON, Role.PRINCIPAL, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        task: Task = get_visible(Task.objects, user, pk=task_id)
        duties = task.responsibilities.filter(organisation_id=user.organisation_id, until_date__isnull=True)
        if not duties.update(department=department.strip()[:120]):
            raise NotYours
        write_act(act="assign", row=task, subject_id=task.pk, actor=user, at=at, data={"department": department})


def add_node(*, user: User, measure_id: UUID, title: str, due_date: date, at: datetime) -> Node:
    """Plan a step on the way of a measure."""
    with transaction.atomic():
        measure = own_measure(user, measure_id)
        if measure.due_date and due_date > measure.due_date:
            raise TheDateDoesNotFit(
                "SUPERVISION-NODE-DATE",
                "due_date",
                "节点时限不得晚于举措时限。",
                "A node comes before the deadline of its measure.",
            )
        node = Node.objects.create(measure=measure, title=title.strip()[:200], due_date=due_date)
        write_act(act="plan", row=node, subject_id=measure.task.pk, actor=user, at=at, data={"title": node.title})
    return node


def reach_node(*, user: User, node_id: UUID, at: datetime) -> None:
    """Say that a step is done."""
    with transaction.atomic():
        node = Node.objects.filter(pk=node_id).first()
        if node is None:
            raise NotYours
        measure = own_measure(user, node.measure_id)  # type: ignore[attr-defined]
        if node.reached_at is None:
            node.reached_at = at
            node.save(update_fields=["reached_at"])
            write_act(act="reach", row=node, subject_id=measure.task.pk, actor=user, at=at, data={"title": node.title})


def bind_target(*, user: User, target_id: UUID, indicator_key: str, at: datetime) -> None:
    """Let an indicator measure a target; an empty key unbinds it."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        target = Target.objects.select_related("task").filter(pk=target_id).first()
        if target is None:
            raise NotYours
        if indicator_key:
            indicators.get_indicator(key=indicator_key)
        target.indicator_key = indicator_key
        target.save(update_fields=["indicator_key"])
        write_act(
            act="bind", row=target, subject_id=target.task.pk, actor=user, at=at, data={"indicator": indicator_key}
        )
