"""Which export lists of a month may be summed up, and why the others may not. Pure.

Sources: 统一版报文规范 202205, 603 申报业务类型 (statisticsFlag), 701 汇总申请单: an application names lists by the
number that customs gave them, of one consignor at one customs office; lists that are declared in the simplified way (A)
are not summed up. 海关总署公告 2018 年第 194 号, from memory: a month's lists are those that customs closed in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from kouan.declarations.states import CLOSED, RELEASING

SUMMARY_PROCEDURE = "B"


class Standing(StrEnum):
    """Whether a list goes into the summary of its month, or why it does not."""

    READY = "ready"
    IN_SUMMARY = "in_summary"
    SIMPLIFIED = "simplified"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    NOT_RELEASED = "not_released"
    NOT_CLOSED = "not_closed"
    WITHOUT_NUMBER = "without_number"


_SETTLED = (Standing.IN_SUMMARY, Standing.SIMPLIFIED, Standing.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ExportCase:
    """One export list as far as the month asks."""

    id: object
    internal_no: str
    list_no: str
    merchant_code: str
    merchant_name: str
    customs_code: str
    procedure: str
    state: str
    official_status: str
    is_withdrawn: bool
    departed_at: datetime | None
    summary_id: object | None
    held_for: object | None


def standing_of(case: ExportCase) -> Standing:
    """Say whether a list may be summed up, or the first reason against it."""
    if case.is_withdrawn:
        return Standing.WITHDRAWN
    if case.procedure != SUMMARY_PROCEDURE:
        return Standing.SIMPLIFIED
    if case.summary_id is not None:
        return Standing.IN_SUMMARY
    if case.held_for is not None:
        return Standing.HELD
    if case.official_status not in RELEASING:
        return Standing.NOT_RELEASED
    if case.official_status != CLOSED:
        return Standing.NOT_CLOSED
    return Standing.READY if case.list_no else Standing.WITHOUT_NUMBER


@dataclass(frozen=True, slots=True)
class Group:
    """The lists of one consignor at one customs office in one month: what one application may take."""

    merchant_code: str
    merchant_name: str
    customs_code: str
    lists: tuple[tuple[ExportCase, Standing], ...]

    @property
    def ready(self) -> tuple[ExportCase, ...]:
        """The lists that may be summed up now."""
        return tuple(case for case, standing in self.lists if standing is Standing.READY)

    @property
    def is_closed(self) -> bool:
        """Whether everything that is to be summed up is in a summary."""
        return bool(self.lists) and all(standing in _SETTLED for _, standing in self.lists)


def groups_of(cases: list[ExportCase]) -> list[Group]:
    """Group the lists of a month by consignor and customs office."""
    ordered = sorted(cases, key=_group_key)
    return [
        Group(code, together[0].merchant_name, customs, tuple((case, standing_of(case)) for case in together))
        for (code, customs), found in groupby(ordered, key=_group_key)
        if (together := list(found))
    ]


def _group_key(case: ExportCase) -> tuple[str, str]:
    return case.merchant_code, case.customs_code


def month_of(text: str, today: date) -> date:
    """Read ``2026-11`` as the first day of the month; anything else is the month of today."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def next_month(first: date) -> date:
    """Give the first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def month_before(first: date) -> date:
    """Give the first day of the month before."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
