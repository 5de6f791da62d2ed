"""How far an official answer stands in customs' procedure, and which answer moves a document on. Pure.

Source: 统一版报文规范 202205, 回执状态 (returnStatus) of 312 to 712. An unknown status is kept as it is and stands with
those that stop the goods, so that it is seen; it is never mapped by guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from kouan.kernel.dates import parse_stamp

RELEASING = frozenset({"800", "899"})
"""The only return statuses of a 622 on which a gate may open: released, closed."""

GRANTED = "399"
"""The return status with which customs concludes an application (624, 626, 606, 510, 702)."""

CLOSED = "899"
"""The return status of a 604 with which customs closes an export list: its goods have left the country."""

SUMMARY_UNDERWAY = frozenset({"", "1", "2", "3", "120"})


def state_of_summary(official_status: str, *, has_entry: bool, is_deleted: bool) -> str:
    """Say where a summary application stands, by the latest return status of its 702 and whether a 792 has come.

    Returns a value of ``codes.SummaryState``. A status that the standard does not list for 702 stays unknown.
    """
    if is_deleted:
        return "withdrawn"
    if has_entry:
        return "declared"
    if official_status in SUMMARY_UNDERWAY:
        return "sent"
    if official_status.startswith("-") or official_status in ("4", "100"):
        return "returned"
    return "examined" if official_status == GRANTED else "unknown_official"


class ComingBack(StrEnum):
    """Where exported goods stand that are to come back: the latest word of the 214 to each application (213)."""

    NONE = ""
    APPLIED = "applied"
    ENTERED = "entered"
    ARRIVED = "arrived"
    STOPPED = "stopped"
    GRANTED = "granted"
    UNKNOWN = "unknown"


_T = ComingBack
RETURN_STATE: dict[str, ComingBack] = {
    "1": _T.APPLIED, "2": _T.APPLIED, "3": _T.APPLIED, "4": _T.NONE, "100": _T.NONE, "120": _T.ENTERED,
    "300": _T.ENTERED, "500": _T.STOPPED, "505": _T.STOPPED, "600": _T.STOPPED, "800": _T.GRANTED,
}  # fmt: skip
"""What a return status of a 214 means for the list; one below 0 leaves it as it was, all else is unknown."""

_SHOWN_FIRST = (_T.UNKNOWN, _T.STOPPED, _T.ARRIVED, _T.ENTERED, _T.APPLIED, _T.GRANTED)


def state_of_return(statuses: Iterable[str], *, is_tallied: bool) -> ComingBack:
    """Say where the goods of a list stand that are to come back.

    statuses: the latest official status of each application (213) that stands, empty while customs has said nothing.
    is_tallied: customs has concluded the tally (215) of the place to which they came. Of several applications the one
    on which somebody has still to act is shown.
    """
    found = {_return_of(status) for status in statuses}
    if is_tallied and found & {_T.APPLIED, _T.ENTERED}:
        found.add(_T.ARRIVED)
    return next((state for state in _SHOWN_FIRST if state in found), _T.NONE)


def _return_of(status: str) -> ComingBack:
    if not status or status.startswith("-"):
        return _T.NONE
    return RETURN_STATE.get(status, _T.UNKNOWN)


def moment_of(return_time: str, received_at: datetime) -> datetime:
    """Read the time of an answer; one that is not a time counts as the moment at which something was received."""
    try:
        return parse_stamp(return_time)
    except ValueError:
        return received_at


_RANK = {"1": 1, "2": 1, "3": 1, "4": 1, "120": 2, "300": 3, "800": 5, "899": 6}
_DECIDED = 4


def rank_of(status: str) -> int:
    """Say how far a return status stands: 1 on the way, 2 stored, 3 in review, 4 decided or stopped, 5 released, 6
    closed. A negative status (a fault before customs) stands at 1, an unknown one at 4."""
    if status.startswith("-"):
        return 1
    return _RANK.get(status, _DECIDED)


def supersedes(status: str, return_time: str, over_status: str, over_time: str) -> bool:
    """Whether an answer moves the official state on from an earlier one: forward always, sideways when it is later,
    backward never. Times are the 17 digits of ``returnTime``."""
    if not over_status:
        return True
    new, old = rank_of(status), rank_of(over_status)
    return new > old or (new == old and return_time > over_time)
