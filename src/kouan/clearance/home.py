"""What waits for a person, by the person's roles: counts that lead to the lists behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from kouan.accounts.codes import OrganisationKind, Role
from kouan.clearance import selectors
from kouan.clearance.looks import CASE_CHIPS, PARTY_WORDS
from kouan.clearance.states import CaseState, InspectionState, Party
from kouan.declarations import selectors as declarations
from kouan.gateway import monitoring
from kouan.screens.pieces import Chip

if TYPE_CHECKING:
    from kouan.accounts.models import User

OPEN_STATES = (
    CaseState.AWAITING_DOCUMENTS,
    CaseState.MISMATCHED,
    CaseState.AWAITING_FORWARDING,
    CaseState.AWAITING_ANSWER,
    CaseState.UNDER_INSPECTION,
    CaseState.HELD,
    CaseState.RETURNED_FOR_CORRECTION,
    CaseState.DETAINED,
    CaseState.REFUSED,
    CaseState.UNKNOWN_OFFICIAL,
)
"""The states in which somebody has still to do something before release, in the order of the way of a parcel."""
_RELEASED = (CaseState.RELEASED, CaseState.RELEASED_WITH_CONDITIONS, CaseState.CLOSED)
_OWN_PARTY = {
    OrganisationKind.PLATFORM: Party.PLATFORM,
    OrganisationKind.LOGISTICS: Party.LOGISTICS,
}


@dataclass(frozen=True)
class Duty:
    """One thing that may wait: how much of it, what it means, and the list of exactly these."""

    label: Any
    count: int
    url: str
    note: Any = ""

    @property
    def is_waiting(self) -> bool:
        """Whether anything waits."""
        return self.count > 0


@dataclass(frozen=True)
class Stage:
    """One state of cases: its chip, how many stand in it, and for whom they wait."""

    chip: Chip
    count: int
    url: str
    waits: tuple[tuple[Any, int, str], ...]


def duties_of(user: User) -> list[Duty]:
    """Give what may wait for a person, most pressing first; each counts exactly what its list shows."""
    found: list[Duty] = []
    if user.has_role(Role.TRADER_CLERK):
        found += _of_trader(user)
    if user.has_role(Role.OFFICER):
        found += _of_officer(user)
    if user.has_role(Role.SITE_CLERK, Role.GATE_CLERK):
        found += _of_site(user)
    if user.has_role(Role.TRADER_CLERK, Role.SITE_CLERK, Role.OFFICER):
        found.append(_tickets(user, "open", _("待答复的协调单"), _("口岸办发起，双方可见")))
    if user.has_role(Role.PORT_OFFICE_CLERK):
        found.append(_tickets(user, "answered", _("已答复待办结的协调单"), _("对方已答复，请核实后办结")))
        found.append(_tickets(user, "open", _("等待对方答复的协调单")))
    if user.has_role(Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN):
        found += _of_keeper(user)
    return found


def _of_trader(user: User) -> Iterator[Duty]:
    by_turn = declarations.count_cases_by(user, "waits_for", "state", left_at__isnull=True, state__in=OPEN_STATES)
    to_mend = (CaseState.RETURNED_FOR_CORRECTION, CaseState.MISMATCHED)
    returned = sum(by_turn.get((Party.DECLARANT, state), 0) for state in to_mend)
    yield Duty(
        _("须修改的清单"),
        returned,
        _cases(waits=[Party.DECLARANT], state=to_mend, left="no"),
        _("海关退单，或四单不一致"),
    )
    others = [state for state in OPEN_STATES if state not in to_mend]
    asked = sum(by_turn.get((Party.DECLARANT, state), 0) for state in others)
    yield Duty(
        _("等待申报企业的其他清单"),
        asked,
        _cases(waits=[Party.DECLARANT], state=others, left="no"),
        _("被询问或须办理退运"),
    )
    for kind, party in _OWN_PARTY.items():
        if kind in user.organisation.kinds:
            count = by_turn.get((party, CaseState.AWAITING_DOCUMENTS), 0)
            words = {"party": PARTY_WORDS[party]}
            yield Duty(
                _("等待%(party)s补报单证") % words,
                count,
                _cases(waits=[party], state=[CaseState.AWAITING_DOCUMENTS], left="no"),
                _("清单已到，随附单证未到"),
            )
    inspections = selectors.count_inspections_by_state(user)
    yield Duty(
        _("待预约的查验"),
        inspections.get(InspectionState.ORDERED, 0),
        _list("inspections", state=[InspectionState.ORDERED]),
        _("预约时间和查验台"),
    )
    drafts = declarations.count_drafts_by_state(user)
    yield Duty(_("未报出的草稿"), drafts.get("draft", 0), _list("drafts", state=["draft"]))
    yield Duty(_("待签名的申报"), drafts.get("awaiting_signature", 0), _list("drafts", state=["awaiting_signature"]))


def _of_officer(user: User) -> Iterator[Duty]:
    reviews = selectors.count_recorded_reviews(user)
    of_now = {"way": ["recorded"], "current": "yes"}
    yield Duty(_("待登记意见"), reviews.get("pending", 0), _list("reviews", state=["pending"], **of_now))
    yield Duty(
        _("待确认的意见"),
        reviews.get("to_confirm", 0),
        _list("reviews", state=["to_confirm"], **of_now),
        _("申报有新版本，变更不涉及本机关关注的内容"),
    )
    yield Duty(_("询问未复"), reviews.get("asking", 0), _list("reviews", state=["asking"], **of_now), _("已问申报企业"))
    inspections = selectors.count_inspections_by_state(user)
    yield Duty(
        _("货已到场，待现场查验"),
        inspections.get(InspectionState.PRESENTED, 0),
        _list("inspections", state=[InspectionState.PRESENTED]),
    )
    coming = (InspectionState.ORDERED, InspectionState.BOOKED)
    yield Duty(
        _("待到场的查验"),
        sum(inspections.get(state, 0) for state in coming),
        _list("inspections", state=coming),
        _("未预约或已预约"),
    )


def _of_site(user: User) -> Iterator[Duty]:
    if user.has_role(Role.SITE_CLERK):
        inspections = selectors.count_inspections_by_state(user)
        yield Duty(
            _("待安排的查验"),
            inspections.get(InspectionState.ORDERED, 0),
            _list("inspections", state=[InspectionState.ORDERED]),
            _("尚未预约"),
        )
        yield Duty(
            _("待送查验台"),
            inspections.get(InspectionState.BOOKED, 0),
            _list("inspections", state=[InspectionState.BOOKED]),
            _("已预约，货物未到查验台"),
        )
        yield Duty(
            _("查验台上的货物"),
            inspections.get(InspectionState.PRESENTED, 0),
            _list("inspections", state=[InspectionState.PRESENTED]),
        )
    released = declarations.count_cases_by(user, "state", left_at__isnull=True, state__in=_RELEASED)
    yield Duty(_("已放行未离场"), sum(released.values()), _cases(state=_RELEASED, left="no"), _("凭官方放行回执核放"))


def _of_keeper(user: User) -> Iterator[Duty]:
    yield Duty(
        _("故障的通道"),
        monitoring.count_failing(user),
        _list("connections", health=["failing"]),
        _("对方不应答或不予接收"),
    )
    yield Duty(_("停放的处理"), monitoring.count_parked(), reverse("parked"), _("多次失败，待人处理"))
    yield Duty(_("未对应的官方回执"), declarations.count_unplaced_answers(), reverse("unplaced"))


def _tickets(user: User, state: str, label: Any, note: Any = "") -> Duty:
    return Duty(label, selectors.count_tickets(user, state), _list("tickets", state=[state]), note)


def _cases(**query: Any) -> str:
    return _list("cases", **query)


def _list(name: str, **query: Any) -> str:
    plain = {key: value if isinstance(value, str) else [str(one) for one in value] for key, value in query.items()}
    return f"{reverse(name)}?{urlencode(plain, doseq=True)}"


def stages_of(user: User) -> list[Stage]:
    """Give the open cases by state, and within each by whom they wait for; released ones that have not left last."""
    counted = declarations.count_cases_by(
        user, "state", "waits_for", left_at__isnull=True, state__in=[*OPEN_STATES, *_RELEASED]
    )
    return [stage for state in (*OPEN_STATES, *_RELEASED) if (stage := _stage(state, counted)).count]


def _stage(state: CaseState, counted: Mapping[tuple[str, str], int]) -> Stage:
    waits = sorted(((n, party) for (s, party), n in counted.items() if s == state), reverse=True)
    return Stage(
        CASE_CHIPS[state],
        sum(n for n, _party in waits),
        _cases(state=[state], left="no"),
        tuple(
            (PARTY_WORDS.get(party, party), n, _cases(state=[state], waits=[party], left="no")) for n, party in waits
        ),
    )
