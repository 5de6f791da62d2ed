"""What a person's unit owes and when: measures, reports, letters, evidence to verify, meetings to attend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kouan.accounts.codes import Role
from kouan.supervision.codes import Frequency
from kouan.supervision.rules import report_period
from kouan.supervision.selectors import conference, ledger, reports
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
    found = [*_reports(user, on), *_letters(user), *_measures(user, on), *_decisions(user), *_calls(user, on)]
    return sorted(found, key=lambda each: (each.day is None, each.day or on))


def calendar_of(user: User, *, since: date, until: date) -> list[Owed]:
    """Give what falls into a time, what is done too late or is over as well."""
    found = [*_reports(user, until), *_letters(user), *_measures(user, until, ahead=timedelta(0))]
    rows = conference.list_meetings(user).filter(begins_at__date__gte=since, begins_at__date__lte=until)
    found += [
        Owed(_("会议"), row.title, row.begins_at.date(), reverse("meeting", args=[row.pk]))
        for row in rows.exclude(state=MeetingState.CANCELLED)
    ]
    return [each for each in found if each.day and since <= each.day <= until]


def _measures(user: User, on: date, *, ahead: timedelta = AHEAD) -> list[Owed]:
    mine = [row for row in ledger.coming_due(user, on=on, until=on + ahead) if _is_mine(user, row)]
    return [
        Owed(_("举措"), row.text[:80], row.due_date, reverse("measure", args=[row.pk]), row.task.title) for row in mine
    ]


def _is_mine(user: User, measure: Any) -> bool:
    return measure.lead_id == user.organisation_id or (
        measure.lead_id is None and user.organisation_id in measure.organisation_ids
    )


def _reports(user: User, on: date) -> list[Owed]:
    found = []
    rules = rules_on(on)
    for frequency in Frequency:
        period = report_period(frequency, on=on, rules=rules)
        if user.organisation_id in reports.units_that_owe(frequency=frequency, since=period.since):
            found.append(
                Owed(
                    _("报告"),
                    _("%(label)s进展报告 %(since)s") % {"label": frequency.label, "since": period.since},
                    period.due_date,
                    reverse("reports"),
                )
            )
    return found


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
        Owed(_("会议"), row.title, row.begins_at.date(), reverse("meeting", args=[row.pk]), _("反馈出席人员"))
        for row in rows
    ]
