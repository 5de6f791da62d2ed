"""What a person's unit owes and when: measures, reports, letters, evidence to verify, meetings to attend."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.accounts.codes import Role
from kouan.supervision.codes import Frequency
from kouan.supervision.rules import report_period
from kouan.supervision.selectors import conference, coordination, ledger, reports
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.states import ExtensionState, MeetingState, WarningState

if TYPE_CHECKING:
    from kouan.accounts.models import User

AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Owed:
    """One thing that is owed: what kind, what, by which day, and where it is done."""

    kind: Any
    what: str
    day: date | None
    url: str
    note: Any = ""


def owed_by(user: User, *, on: date) -> list[Owed]:
    """Give what a person's unit owes on a day, the earliest first, what has no day last."""
    found = [
        *_reports(user, [on]),
        *_letters(user),
        *_measures(user, on),
        *_decisions(user),
        *_calls(user, on),
        *_meetings(user, on),
        *_positions(user),
    ]
    return sorted(found, key=lambda each: (each.day is None, each.day or on))


def calendar_of(user: User, *, since: date, until: date) -> list[Owed]:
    """Give what falls into a time (both days inclusive), done or not: of the person's unit, of all for the office."""
    found = [*_reports(user, [since + timedelta(days=n) for n in range((until - since).days + 1)]), *_letters(user)]
    found += [
        Owed(_("举措"), row.text[:80], row.due_date, reverse("measure", args=[row.pk]), row.task.title)
        for row in ledger.measures_between(user, since=since, until=until)
        if user.sees_all_cases or _is_mine(user, row)
    ]
    found += [
        Owed(_("节点"), row.title, row.due_date, reverse("measure", args=[row.measure.pk]), row.measure.text[:40])
        for row in ledger.nodes_between(user, since=since, until=until)
        if user.sees_all_cases or _is_mine(user, row.measure)
    ]
    found += [
        Owed(_("会议"), row.title, timezone.localdate(row.begins_at), reverse("meeting", args=[row.pk]))
        for row in conference.meetings_between(user, since=since, until=until)
    ]
    found += _meetings(user, until, states=("due", "overdue", "ahead"))
    return [each for each in found if each.day and since <= each.day <= until]


def _measures(user: User, on: date) -> list[Owed]:
    mine = [row for row in ledger.coming_due(user, on=on, until=on + AHEAD) if _is_mine(user, row)]
    return [
        Owed(_("举措"), row.text[:80], row.due_date, reverse("measure", args=[row.pk]), row.task.title) for row in mine
    ]


def _is_mine(user: User, measure: Any) -> bool:
    return measure.lead_id == user.organisation_id or (
        measure.lead_id is None and user.organisation_id in measure.organisation_ids
    )


def _reports(user: User, days: Sequence[date]) -> list[Owed]:
    """The reports that the person's unit owes for the periods in which some days lie."""
    rules = rules_on(days[-1])
    periods = {report_period(frequency, on=day, rules=rules) for frequency in Frequency for day in days}
    owing = reports.owing_of(user.organisation_id, [(each.frequency, each.since) for each in periods])
    return [
        Owed(
            _("报告"),
            _("%(label)s进展报告 %(since)s") % {"label": Frequency(each.frequency).label, "since": each.since},
            each.due_date,
            reverse("reports"),
        )
        for each in sorted(periods, key=lambda each: each.due_date)
        if (each.frequency, each.since) in owing
    ]


def _letters(user: User) -> list[Owed]:
    rows = reports.list_warnings(user).filter(state=WarningState.ISSUED, organisation_id=user.organisation_id)
    return [
        Owed(_("督办函"), row.reason[:80], row.answer_by_date, reverse("warning", args=[row.pk]), row.word)
        for row in rows
    ]


def _decisions(user: User) -> list[Owed]:
    """What waits for the port office itself: claims to verify, requests for more time."""
    if not user.has_role(Role.PORT_OFFICE_CLERK):
        return []
    claimed = ledger.list_measures(user).filter(state="claimed").order_by("state_since")
    found = [Owed(_("核验"), row.text[:80], None, reverse("measure", args=[row.pk]), row.task.title) for row in claimed]
    for row in ledger.waiting_extensions().filter(state=ExtensionState.ASKED):
        found.append(
            Owed(_("审批延期"), row.measure.text[:80], None, reverse("measure", args=[row.measure.pk]), row.reason[:60])
        )
    return found


def _calls(user: User, on: date) -> list[Owed]:
    rows = conference.list_meetings(user).filter(state=MeetingState.CALLED, begins_at__date__gte=on)
    return [
        Owed(
            _("会议"),
            row.title,
            timezone.localdate(row.begins_at),
            reverse("meeting", args=[row.pk]),
            _("反馈出席人员"),
        )
        for row in rows
    ]


def _positions(user: User) -> list[Owed]:
    """Disagreements on which the person's unit has not spoken."""
    return [
        Owed(_("部门协调"), row.title, row.due_date, reverse("coordination-case", args=[row.pk]), _("发表意见"))
        for row in coordination.awaiting_position(user)
    ]


def _meetings(user: User, on: date, *, states: Collection[str] = ("due", "overdue")) -> list[Owed]:
    """What the rules ask of the port office as office of the conference: meetings to plan, liaison officers to call."""
    if not user.has_role(Role.PORT_OFFICE_CLERK):
        return []
    rows = conference.list_conferences(user)
    years = conference.years_of(rows, on=on)
    found = []
    for row in rows:
        for due in years[row.pk]:
            if due.state in states:
                url = due.meeting and reverse("meeting", args=[due.meeting.pk])
                what = _("%(name)s第 %(n)s 次全体会议") % {"name": row.name, "n": due.number}
                found.append(Owed(_("召开会议"), what, due.due_date, url or reverse("conference", args=[row.pk])))
            if due.liaison == "due" and due.meeting and "due" in states:
                what = _("%(name)s第 %(n)s 次全体会议前的联络员会议") % {"name": row.name, "n": due.number}
                url = reverse("meeting", args=[due.meeting.pk])
                found.append(Owed(_("召开会议"), what, due.meeting.on_date, url, _("议事规则：会前先开联络员会议")))
    return found
