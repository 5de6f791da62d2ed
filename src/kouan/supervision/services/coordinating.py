"""What the conference does between meetings: priorities of a year, disagreements between units, joint inspection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotYours, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.clearance import selectors as clearance
from kouan.declarations import selectors as declarations
from kouan.supervision.codes import Frequency, TaskSource, UnitRole
from kouan.supervision.models import (
    AnnualPlan,
    Conference,
    CoordinationCase,
    JointInspection,
    Meeting,
    Position,
    Task,
)
from kouan.supervision.rules import TheReasonIsMissing, Unfit
from kouan.supervision.services.acts import write_act
from kouan.supervision.services.entering import NewMeasure, NewUnit, enter_task
from kouan.supervision.states import (
    ANNUAL_PLAN_NEXT,
    COORDINATION_NEXT,
    JOINT_INSPECTION_NEXT,
    AnnualPlanAct,
    AnnualPlanState,
    CoordinationAct,
    CoordinationState,
    JointInspectionAct,
)
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User


class ThePlanStands(Unfit):
    """The priorities of a year exist, or are adopted and no longer change."""


def draft_plan(*, user: User, conference_id: UUID, year: int, title: str, at: datetime) -> AnnualPlan:
    """Begin the priorities of a year."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        conference: Conference = get_visible(Conference.objects, user, pk=conference_id)
        if conference.plans.filter(year=year).exists():
            raise ThePlanStands(
                "SUPERVISION-PLAN-YEAR", "year", "该年度重点已在拟定。", "That year has its priorities."
            )
        plan = AnnualPlan.objects.create(conference=conference, year=year, title=title.strip()[:200], state_since=at)
        write_act(act="draft", row=plan, subject_id=plan.pk, actor=user, at=at)
    return plan


def add_priority(
    *,
    user: User,
    plan_id: UUID,
    title: str,
    measures: Sequence[NewMeasure],
    organisation_ids: Sequence[UUID],
    names: dict[UUID, str],
    at: datetime,
) -> Task:
    """Enter one priority as a task of the ledger, while the plan is a draft; the unit named first leads."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        plan: AnnualPlan = get_visible(AnnualPlan.objects, user, pk=plan_id)
        if plan.state != AnnualPlanState.DRAFT:
            raise ThePlanStands("SUPERVISION-PLAN-ADOPTED", "", "年度重点已确定，不再增加。", "The plan was adopted.")
        return enter_task(
            actor=user,
            at=at,
            source=TaskSource.PLAN,
            source_label=plan.title,
            clause=str(plan.tasks.count() + 1),
            title=title,
            text="\n".join(measure.text for measure in measures),
            units=[
                NewUnit(names[each], UnitRole.LEAD if index == 0 else UnitRole.RESPONSIBLE, each)
                for index, each in enumerate(organisation_ids)
            ],
            measures=measures,
            plan=plan,
            frequency=Frequency.MONTHLY,
        )


def adopt_plan(*, user: User, plan_id: UUID, meeting_id: UUID, at: datetime) -> None:
    """Write that a meeting of the conference adopted the priorities; members see them from now on."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        plan: AnnualPlan = get_visible(AnnualPlan.objects.select_related("conference"), user, pk=plan_id)
        meeting = Meeting.objects.filter(pk=meeting_id, conference=plan.conference).first()
        if meeting is None:
            raise NotYours("meeting_id")
        move(row=plan, subject_id=plan.pk, act=AnnualPlanAct.ADOPT, table=ANNUAL_PLAN_NEXT, actor=user, at=at,
             adopted_at_meeting=meeting)  # fmt: skip
        for task in plan.tasks.order_by("entered_at", "id"):
            write_act(act="adopt", row=task, subject_id=task.pk, actor=user, at=at)


def review_plan(*, user: User, plan_id: UUID, review: str, at: datetime) -> None:
    """Look back on the year."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if not review.strip():
        raise TheReasonIsMissing("text")
    with transaction.atomic():
        plan: AnnualPlan = get_visible(AnnualPlan.objects, user, pk=plan_id)
        move(row=plan, subject_id=plan.pk, act=AnnualPlanAct.REVIEW, table=ANNUAL_PLAN_NEXT, actor=user, at=at,
             review=review.strip())  # fmt: skip


def open_coordination(
    *,
    user: User,
    conference_id: UUID,
    title: str,
    question: str,
    party_ids: Sequence[UUID],
    due_date: date | None,
    at: datetime,
    task_id: UUID | None = None,
    ticket_id: UUID | None = None,
    case_id: UUID | None = None,
) -> CoordinationCase:
    """Open a case on which units disagree; the parties see it at once.

    task_id, ticket_id, case_id: what it arose from, which the person has to see. A ticket brings its declaration along.
    """
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        conference: Conference = get_visible(Conference.objects, user, pk=conference_id)
        if len(set(party_ids)) < 2:
            raise ThePlanStands(
                "SUPERVISION-PARTIES",
                "party_ids",
                "部门协调至少涉及两个单位。",
                "A disagreement has at least two sides.",
            )
        if ticket_id is not None:
            case_id = clearance.get_ticket(user=user, pk=ticket_id).case_id
        if case_id is not None:
            declarations.get_case(user=user, pk=case_id)
        case = CoordinationCase.objects.create(
            conference=conference,
            ticket_id=ticket_id,
            case_id=case_id,
            task=get_visible(Task.objects, user, pk=task_id) if task_id else None,
            title=title.strip()[:200],
            question=question.strip(),
            party_ids=list(dict.fromkeys(party_ids)),
            due_date=due_date,
            state_since=at,
            opened_by_label=user.audit_label[:120],
            opened_at=at,
        )
        write_act(act="open", row=case, subject_id=case.pk, actor=user, at=at)
    return case


def say_position(*, user: User, case_id: UUID, text: str, at: datetime) -> Position:
    """State what the person's unit thinks; until the case is settled."""
    require_role(user, Role.LIAISON, Role.PRINCIPAL, Role.PORT_OFFICE_CLERK)
    if not text.strip():
        raise TheReasonIsMissing("text")
    with transaction.atomic():
        case: CoordinationCase = get_visible(CoordinationCase.objects, user, pk=case_id)
        if case.state == CoordinationState.SETTLED:
            raise ThePlanStands("SUPERVISION-SETTLED", "", "已协调一致，不再征求意见。", "The case is settled.")
        position = Position.objects.create(
            case=case,
            organisation_id=user.organisation_id,
            text=text.strip(),
            said_by_label=user.audit_label[:120],
            said_at=at,
        )
        write_act(act="say", row=position, subject_id=case.pk, actor=user, at=at)
    return position


def move_coordination(*, user: User, case_id: UUID, act: CoordinationAct, text: str, at: datetime) -> None:
    """Weigh options, settle, or put the case to the government; each with its text."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if not text.strip():
        raise TheReasonIsMissing("text")
    said: dict[str, Any] = {"options" if act is CoordinationAct.WEIGH else "outcome": text.strip()}
    with transaction.atomic():
        case: CoordinationCase = get_visible(CoordinationCase.objects, user, pk=case_id)
        move(row=case, subject_id=case.pk, act=act, table=COORDINATION_NEXT, actor=user, at=at,
             **said)  # fmt: skip


def plan_joint_inspection(
    *,
    user: User,
    conference_id: UUID,
    title: str,
    on_date: date,
    matter: str,
    inspector_ids: Sequence[UUID],
    subject_ids: Sequence[UUID],
    at: datetime,
) -> JointInspection:
    """Plan a look that members take together; it is coordination among members, not a government inspection."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        conference: Conference = get_visible(Conference.objects, user, pk=conference_id)
        row = JointInspection.objects.create(
            conference=conference,
            title=title.strip()[:200],
            on_date=on_date,
            matter=matter.strip(),
            inspector_ids=list(inspector_ids),
            subject_ids=list(subject_ids),
            state_since=at,
        )
        write_act(act="plan", row=row, subject_id=row.pk, actor=user, at=at)
    return row


def record_findings(
    *,
    user: User,
    pk: UUID,
    findings: str,
    measures: Sequence[NewMeasure],
    names: dict[UUID, str],
    at: datetime,
) -> Task | None:
    """Write what a joint inspection found; what has to be mended becomes a task of the units visited."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if not findings.strip():
        raise TheReasonIsMissing("text")
    with transaction.atomic():
        row: JointInspection = get_visible(JointInspection.objects, user, pk=pk)
        move(row=row, subject_id=row.pk, act=JointInspectionAct.RECORD, table=JOINT_INSPECTION_NEXT, actor=user, at=at,
             findings=findings.strip())  # fmt: skip
        if not measures:
            return None
        return enter_task(
            actor=user,
            at=at,
            source=TaskSource.INSPECTION,
            source_label=row.title,
            title=f"{row.title}：问题整改",
            text=findings.strip(),
            units=[NewUnit(names[each], UnitRole.RESPONSIBLE, each) for each in row.subject_ids],
            measures=measures,
            frequency=Frequency.MONTHLY,
        )
