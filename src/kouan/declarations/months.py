"""Which export lists of a month may be summed up, and why the others may not. Pure.

Source: 统一版报文规范 202205, 603 申报业务类型 (statisticsFlag B), 701 汇总申请单: one application takes the lists of
one consignor at one customs office; lists that are declared in the simplified way (A) are not summed up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

RELEASED = ("released", "released_with_conditions", "closed")
SUMMARY_PROCEDURE = "B"


class Standing(StrEnum):
    """Whether a list goes into the summary of its month, or why it does not."""

    READY = "ready"
    IN_SUMMARY = "in_summary"
    SIMPLIFIED = "simplified"
    WITHDRAWN = "withdrawn"
    NOT_RELEASED = "not_released"
    WITHOUT_NUMBER = "without_number"


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
    is_withdrawn: bool
    summary_id: object | None


def standing_of(case: ExportCase) -> Standing:
    """Say whether a list may be summed up, or the first reason against it."""
    if case.is_withdrawn:
        return Standing.WITHDRAWN
    if case.procedure != SUMMARY_PROCEDURE:
        return Standing.SIMPLIFIED
    if case.summary_id is not None:
        return Standing.IN_SUMMARY
    if case.state not in RELEASED:
        return Standing.NOT_RELEASED
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
        return bool(self.lists) and not any(
            standing in (Standing.READY, Standing.NOT_RELEASED, Standing.WITHOUT_NUMBER) for _, standing in self.lists
        )


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
