"""The joint conference and who sits in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, NotYours, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.selectors import local_date
from kouan.audit.types import Actor
from kouan.supervision.codes import SeatRole
from kouan.supervision.models import Conference, PolicyDocument, Seat
from kouan.supervision.rules import Unfit
from kouan.supervision.selectors.documents import list_bodies
from kouan.supervision.services.acts import write_act
from kouan.supervision.states import (
    SEAT_NEXT,
    SeatAct,
    SeatState,
)
from kouan.workflow.services import move

if TYPE_CHECKING:
    from kouan.accounts.models import User


class TheMeetingIsNotReady(Unfit):
    """A meeting lacks what its next step needs."""


class TheConferenceStands(Unfit):
    """A document's conference was founded already."""


def found_conference(*, user: User, document_id: UUID, body: int, at: datetime) -> Conference:
    """Found the conference that a document sets up: the body of this index, its members with the names it uses."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        document: PolicyDocument = get_visible(PolicyDocument.objects, user, pk=document_id)
        return found_from(actor=user, document=document, body=body, at=at)


def found_from(*, actor: Actor, document: PolicyDocument, body: int, at: datetime) -> Conference:
    """Found a document's conference for a part of the system. Within the caller's transaction."""
    bodies = list_bodies(document)
    if not 0 <= body < len(bodies):
        raise NotYours
    found = bodies[body]
    if Conference.objects.filter(document=document, name=found["name"][:120]).exists():
        raise TheConferenceStands(
            "SUPERVISION-CONFERENCE", "", "该联席会议已建立。", "This conference was founded already."
        )
    members = found["members"]
    office = next((each["resolved"].organisation_id for each in members if each["role"] == SeatRole.OFFICE), None)
    conference = Conference.objects.create(
        name=found["name"][:120],
        document=document,
        office_id=office,
        founded_date=document.issued_date,
        is_demo=document.is_demo,
    )
    Seat.objects.bulk_create(
        Seat(
            conference=conference,
            organisation_id=each["resolved"].organisation_id,
            unit_as_written=each["unit"][:200],
            role=SeatRole.DEPUTY if "副召集人" in (each.get("position") or "") else each["role"],
            post=(each.get("position") or "")[:120],
            since_date=document.issued_date or local_date(at),
            state=SeatState.FIXED,
            state_since=at,
        )
        for each in members
    )
    write_act(act="found", row=conference, subject_id=conference.pk, actor=actor, at=at, data={"seats": len(members)})
    return conference


def propose_seat(
    *,
    user: User,
    conference_id: UUID,
    organisation_id: UUID,
    unit_name: str,
    role: SeatRole,
    person_name: str,
    post: str,
    since_date: date,
    until_date: date | None,
    at: datetime,
) -> Seat:
    """Propose who sits for a unit; the unit proposes, the conference fixes. A liaison officer has a term."""
    require_role(user, Role.LIAISON, Role.PRINCIPAL, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        conference: Conference = get_visible(Conference.objects, user, pk=conference_id)
        if not user.sees_all_cases and organisation_id != user.organisation_id:
            raise NotAllowed("各单位只能推荐本单位人员。", "A unit proposes its own people.", "", "")
        if role == SeatRole.LIAISON and until_date is None:
            raise TheMeetingIsNotReady(
                "SUPERVISION-TERM", "until_date", "联络员须填写任期。", "A liaison officer has a term."
            )
        seat = Seat.objects.create(
            conference=conference,
            organisation_id=organisation_id,
            unit_as_written=unit_name[:200],
            role=role,
            person_name=person_name.strip()[:60],
            post=post.strip()[:120],
            since_date=since_date,
            until_date=until_date,
            state_since=at,
        )
        write_act(act="propose", row=seat, subject_id=conference.pk, actor=user, at=at, data={"role": str(role)})
    return seat


def decide_seat(*, user: User, seat_id: UUID, act: SeatAct, at: datetime) -> None:
    """Fix a proposed seat, or end one; a unit's older seat in the same role ends when a new person takes it."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        seat = Seat.objects.select_related("conference").filter(pk=seat_id).first()
        if seat is None:
            raise NotYours
        today = local_date(at)
        changes: dict[str, Any] = {"until_date": today} if act is SeatAct.END else {}
        move(row=seat, subject_id=seat.conference.pk, act=act, table=SEAT_NEXT, actor=user, at=at, **changes)
        if act is SeatAct.FIX and seat.organisation_id:
            same = Seat.objects.filter(
                conference=seat.conference, organisation_id=seat.organisation_id, role=seat.role, state=SeatState.FIXED
            ).exclude(pk=seat.pk)
            for older in same:
                move(
                    row=older, subject_id=seat.conference.pk, act=SeatAct.END, table=SEAT_NEXT, actor=user, at=at,
                    until_date=seat.since_date,
                )  # fmt: skip
