"""Formal government inspections, step by step as the regulation asks (政府督查工作条例)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.selectors import local_date
from kouan.supervision.codes import InspectionKind
from kouan.supervision.models import FormalInspection
from kouan.supervision.rules import (
    TheLawForbidsIt,
    TheReasonIsMissing,
    check_designation,
    check_plan,
    check_review_request,
    check_reviewer,
)
from kouan.supervision.services.acts import write_act
from kouan.supervision.states import FORMAL_INSPECTION_NEXT, FormalInspectionAct
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User


def register_inspection(
    *,
    user: User,
    title: str,
    kind: InspectionKind,
    designated_by: str,
    designation_no: str,
    designated_date: date,
    matter: str,
    scope: str,
    since: date,
    until: date,
    subject_ids: Sequence[UUID],
    at: datetime,
) -> FormalInspection:
    """Enter that the government designated the office to inspect a matter, in a scope, for a time (第七条)."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    check_designation(designated_by=designated_by, designation_no=designation_no, since=since, until=until)
    with transaction.atomic():
        row = FormalInspection.objects.create(
            title=title.strip()[:200],
            kind=kind,
            designated_by=designated_by.strip()[:120],
            designation_no=designation_no.strip()[:60],
            designated_date=designated_date,
            matter=matter.strip(),
            scope=scope.strip(),
            since=since,
            until=until,
            subject_ids=list(subject_ids),
            state_since=at,
            entered_by_id=user.pk,
        )
        write_act(act="register", row=row, subject_id=row.pk, actor=user, at=at, data={"name": designation_no})
    return row


def plan_inspection(*, user: User, pk: UUID, plan: str, leader: str, at: datetime) -> None:
    """Write the plan and name the leader (第八条、第十五条)."""
    check_plan(plan=plan, leader=leader)
    _step(user, pk, FormalInspectionAct.PLAN, at, plan=plan.strip(), leader=leader.strip()[:60])


def begin_inspection(*, user: User, pk: UUID, at: datetime) -> None:
    """Begin; only within the time that the designation allows."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    row: FormalInspection = get_visible(FormalInspection.objects, user, pk=pk)
    today = local_date(at)
    if not row.since <= today <= row.until:
        raise TheLawForbidsIt(
            "SUPERVISION-INSPECTION-TIME",
            "",
            f"不在指定的期限内（{row.since} 至 {row.until}）。",
            f"Outside the time that was designated ({row.since} to {row.until}).",
        )
    _step(user, pk, FormalInspectionAct.BEGIN, at)


def conclude_inspection(*, user: User, pk: UUID, conclusion: str, at: datetime) -> None:
    """Write the conclusion (第十六条)."""
    if not conclusion.strip():
        raise TheReasonIsMissing("text")
    _step(user, pk, FormalInspectionAct.CONCLUDE, at, conclusion=conclusion.strip(), concluded_by_id=user.pk)


def feed_back(*, user: User, pk: UUID, at: datetime) -> None:
    """Give the conclusion to those inspected; from now on they have thirty days to ask for review (第十七条)."""
    _step(user, pk, FormalInspectionAct.FEED_BACK, at, fed_back_date=local_date(at))


def ask_review(*, user: User, pk: UUID, reason: str, at: datetime) -> None:
    """Ask for review of a conclusion; a unit that was inspected does so, within thirty days (第十七条)."""
    require_role(user, Role.LIAISON, Role.PRINCIPAL)
    if not reason.strip():
        raise TheReasonIsMissing("text")
    with transaction.atomic():
        row: FormalInspection = get_visible(FormalInspection.objects, user, pk=pk)
        if user.organisation_id not in row.subject_ids or row.fed_back_date is None:
            raise NotAllowed("由督查对象申请复核。", "A unit that was inspected asks for review.", "", "")
        check_review_request(fed_back=row.fed_back_date, on=local_date(at))
        _move(row, FormalInspectionAct.ASK_REVIEW, user, at, review_reason=reason.strip(),
              review_asked_date=local_date(at), review_by_id=user.organisation_id)  # fmt: skip


def decide_review(*, user: User, pk: UUID, decision: str, at: datetime) -> None:
    """Decide a review; who wrote the conclusion keeps out of it (第十七条)."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if not decision.strip():
        raise TheReasonIsMissing("text")
    with transaction.atomic():
        row: FormalInspection = get_visible(FormalInspection.objects, user, pk=pk)
        check_reviewer(concluded_by=row.concluded_by_id, reviewer=user.pk)
        _move(row, FormalInspectionAct.DECIDE_REVIEW, user, at, review_decision=decision.strip())


def close_inspection(*, user: User, pk: UUID, rectification: str, at: datetime) -> None:
    """Close, with what was found of the mending (第十八条)."""
    _step(user, pk, FormalInspectionAct.CLOSE, at, rectification=rectification.strip())


def _step(user: User, pk: UUID, act: FormalInspectionAct, at: datetime, **changes: Any) -> None:
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        row: FormalInspection = get_visible(FormalInspection.objects, user, pk=pk)
        _move(row, act, user, at, **changes)


def _move(row: FormalInspection, act: FormalInspectionAct, user: User, at: datetime, **changes: Any) -> None:
    move(row=row, subject_id=row.pk, act=act, table=FORMAL_INSPECTION_NEXT, actor=user, at=at, **changes)
