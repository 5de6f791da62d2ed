"""Pages of the joint conference: its seats and the topics that are handed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, door
from kouan.screens.pieces import Consequence, Crumb
from kouan.supervision import timeline
from kouan.supervision.codes import SeatRole
from kouan.supervision.forms.conference import (
    SeatForm,
    TopicForm,
)
from kouan.supervision.selectors import conference as selectors
from kouan.supervision.selectors import coordination
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.services import conference as services
from kouan.supervision.services import meetings
from kouan.supervision.states import SeatAct
from kouan.supervision.views.acting import OFFICE, SEERS, UNITS, act_page, unit_choices
from kouan.supervision.views.documents import file_response


@require_GET
@door(roles=SEERS)
def list_conferences(request: HttpRequest) -> HttpResponse:
    """The conferences that the person may see."""
    user: Any = request.user
    rows = selectors.list_conferences(user)
    members, years = selectors.member_counts(rows), selectors.years_of(rows, on=timezone.localdate())
    conferences = [
        {
            "row": row,
            "seats": members.get(row.pk, 0),
            "held": sum(1 for due in years[row.pk] if due.state == "held"),
            "wanted": len(years[row.pk]),
            "late": [due for due in years[row.pk] if due.state == "overdue"],
        }
        for row in rows
    ]
    context = {
        "title": _("联席会议"),
        "about": _("成员单位议事协调；不刻制印章，不正式行文，以会议纪要明确议定事项"),
        "conferences": conferences,
    }
    return render(request, "supervision/conferences.html", context)


@require_GET
@door(roles=SEERS)
def show_conference(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One conference: seats, topics that wait, meetings."""
    user: Any = request.user
    conference = selectors.get_conference(user=user, pk=pk)
    seats = selectors.list_seats(conference)
    names = accounts.organisation_names(seat.organisation_id for seat in seats if seat.organisation_id)
    context = {
        "conference": conference,
        "title": conference.name,
        "seats": [
            {"row": seat, "name": names.get(seat.organisation_id) if seat.organisation_id else ""} for seat in seats
        ],
        "members": sum(1 for seat in seats if seat.role == SeatRole.MEMBER and seat.state == "fixed"),
        "without_liaison": _without_liaison(seats, names),
        "topics": list(selectors.list_topics(user).filter(conference=conference).order_by("-submitted_at")[:50]),
        "names": names,
        "meetings": list(selectors.list_meetings(user).filter(conference=conference).order_by("-begins_at")[:20]),
        "plans": list(coordination.list_plans(user).filter(conference=conference).order_by("-year")),
        "coordination": list(coordination.list_coordination(user).filter(conference=conference).order_by("-opened_at")),
        "inspections": list(
            coordination.list_joint_inspections(user).filter(conference=conference).order_by("-on_date")
        ),
        "year": timezone.localdate().year,
        "due": selectors.year_of(conference, on=timezone.localdate()),
        "rules": rules_on(timezone.localdate()),
        "ground": selectors.ground_of_rules(on=timezone.localdate()),
        "is_office": user.sees_all_cases,
        "may_submit": user.has_role(*UNITS),
        "moments": timeline.moments_of(conference.pk)[:20],
        "crumbs": [Crumb(_("联席会议"), reverse("conferences"))],
    }
    return render(request, "supervision/conference.html", context)


def _without_liaison(seats: list[Any], names: dict[UUID, str]) -> list[str]:
    standing = [seat for seat in seats if seat.state == "fixed" and seat.organisation_id]
    have = {seat.organisation_id for seat in standing if seat.role == SeatRole.LIAISON}
    members = {seat.organisation_id for seat in standing if seat.role == SeatRole.MEMBER}
    return sorted(names[each] for each in members - have if each in names)


@door(roles=UNITS)
def propose_seat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose who sits for a unit."""
    user: Any = request.user
    conference = selectors.get_conference(user=user, pk=pk)
    units = unit_choices()
    if not user.sees_all_cases:
        units = [each for each in units if each[0] == str(user.organisation_id)]
    today = timezone.localdate()
    initial = {"since_date": today, "until_date": today.replace(month=12, day=31), "role": SeatRole.LIAISON}
    return act_page(
        request,
        form=SeatForm(request.POST or None, units=units, initial=initial),
        do=lambda data: services.propose_seat(
            user=user,
            conference_id=pk,
            organisation_id=UUID(data.pop("organisation_id")),
            unit_name=dict(units)[request.POST["organisation_id"]],
            role=SeatRole(data.pop("role")),
            at=timezone.now(),
            **data,
        ),
        title=_("推荐人选"),
        about=conference.name,
        act_label=_("推荐"),
        back_url=reverse("conference", args=[pk]),
        consequences=[Consequence(_("由联席会议确定后生效；同一单位同一职务的原人选届满"))],
    )


@door(roles=OFFICE)
def decide_seat(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Fix or end a seat."""
    user: Any = request.user
    seat = selectors.get_seat(user=user, pk=pk)
    if act not in [str(each) for each in SeatAct]:
        raise NotYours
    label = _("确定人选") if act == SeatAct.FIX else _("席位届满")
    return act_page(
        request,
        form=Form(request.POST or None),
        do=lambda data: services.decide_seat(user=user, seat_id=pk, act=SeatAct(act), at=timezone.now()),
        title=label,
        about=f"{seat.unit_as_written} {seat.get_role_display()} {seat.person_name}",
        act_label=label,
        back_url=reverse("conference", args=[seat.conference.pk]),
    )


@door(roles=UNITS)
def submit_topic(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand in a topic."""
    user: Any = request.user
    conference = selectors.get_conference(user=user, pk=pk)

    def do(data: dict[str, Any]) -> None:
        file = data["file"]
        meetings.submit_topic(
            user=user,
            conference_id=pk,
            title=data["title"],
            summary=data["summary"],
            paper_name=file.name if file else "",
            paper=file.read() if file else b"",
            at=timezone.now(),
        )

    return act_page(
        request,
        form=TopicForm(request.POST or None, request.FILES or None),
        do=do,
        title=_("提交议题"),
        about=conference.name,
        act_label=_("提交"),
        back_url=reverse("conference", args=[pk]),
        is_upload=True,
    )


@require_GET
@door(roles=SEERS)
def download_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper of a topic."""
    topic = selectors.get_topic(user=request.user, pk=pk)  # type: ignore[arg-type]
    if topic.paper is None:
        raise NotYours
    return file_response(bytes(topic.paper), topic.paper_name)
