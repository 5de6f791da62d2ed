"""Inspecting: booking, presenting the goods, and what was recorded on the spot. The result is the agency's own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.clearance.models import Inspection
from kouan.clearance.states import INSPECTION_NEXT, InspectionAct, InspectionState
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User


def book_inspection(*, user: User, inspection_id: UUID, booked_for: datetime, bay: str, at: datetime) -> Inspection:
    """Book, or book anew, when and where the goods will be shown; trader and operator both may.

    Raises NotYours, NotAllowed (a time that has passed) and NotPossibleNow.
    """
    require_role(user, Role.TRADER_CLERK, Role.SITE_CLERK)
    if booked_for <= at:
        raise NotAllowed(
            "预约时间必须晚于现在。",
            "The appointment has to lie in the future.",
            "请选择以后的时间。",
            "Choose a later time.",
            code="-940010",
            pointer="/booked_for",
        )
    inspection = _get(user, inspection_id)
    act = InspectionAct.REBOOK if inspection.state == InspectionState.BOOKED else InspectionAct.BOOK
    return _move(user, inspection, act, at, booked_for=booked_for, bay=bay.strip()[:40])


def present_goods(*, user: User, inspection_id: UUID, bay: str, at: datetime) -> Inspection:
    """Record that the operator has brought the goods to the inspection bay."""
    require_role(user, Role.SITE_CLERK)
    inspection = _get(user, inspection_id)
    return _move(user, inspection, InspectionAct.PRESENT, at, presented_at=at, bay=bay.strip()[:40] or inspection.bay)


def record_done(*, user: User, inspection_id: UUID, note: str, at: datetime) -> Inspection:
    """Record that the inspection on the spot is over; what follows from it, the agency says itself."""
    require_role(user, Role.SITE_CLERK, Role.OFFICER)
    return _move(user, _get(user, inspection_id), InspectionAct.RECORD_DONE, at, done_at=at, result_note=note.strip())


def _get(user: User, inspection_id: UUID) -> Inspection:
    return get_visible(Inspection.objects, user, pk=inspection_id)


def _move(user: User, inspection: Inspection, act: InspectionAct, at: datetime, **changes: Any) -> Inspection:
    with transaction.atomic():
        move(
            row=inspection,
            subject_id=inspection.case_id,
            act=act,
            table=INSPECTION_NEXT,
            actor=user,
            at=at,
            data={"agency": inspection.agency, "bay": changes.get("bay", inspection.bay)},
            **changes,
        )
    return inspection
