"""Reads of the export lists of a month and of the applications that sum them up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kouan.declarations.codes import Direction
from kouan.declarations.models import (
    Case,
    Summary,
    SummaryEntry,
)
from kouan.declarations.months import ExportCase, next_month
from kouan.declarations.states import CLOSED
from kouan.kernel.dates import CHINA_TIME

if TYPE_CHECKING:
    from kouan.accounts.models import User


MOST_OF_A_MONTH = 20_000


def exports_of_month(cases: QuerySet[Case], first: date) -> list[ExportCase]:
    """Give the export lists of a month: those that customs closed in it, those received in it that are not closed."""
    since, until = (datetime.combine(day, time(), CHINA_TIME) for day in (first, next_month(first)))
    of_month = Q(official_status=CLOSED, official_at__gte=since, official_at__lt=until) | ~Q(
        official_status=CLOSED
    ) & Q(received_at__gte=since, received_at__lt=until)
    names = [field.name for field in dataclasses.fields(ExportCase)]
    rows = cases.filter(of_month, direction=Direction.EXPORT).order_by("pk").values_list(*names)
    return [ExportCase(*row) for row in rows[:MOST_OF_A_MONTH]]


def to_export_case(case: Case) -> ExportCase:
    """Give an export list as the month asks for it."""
    return ExportCase(**{field.name: getattr(case, field.name) for field in dataclasses.fields(ExportCase)})


def list_summaries(user: User, first: date) -> list[Summary]:
    """Give the summary applications that a person may see, received in the month or in the one after."""
    since = datetime.combine(first, time(), CHINA_TIME)
    until = datetime.combine(next_month(next_month(first)), time(), CHINA_TIME)
    found = Summary.objects.visible_to(user).filter(received_at__gte=since, received_at__lt=until)
    taken = Case.objects.filter(summary_id=OuterRef("pk")).order_by().values("summary_id").annotate(n=Count("pk"))
    return list(found.annotate(list_count=Coalesce(Subquery(taken.values("n")), 0)).order_by("-received_at")[:200])


def entries_of(summaries: Iterable[Summary]) -> dict[str, list[SummaryEntry]]:
    """Give the goods declarations that customs made of applications, by the number of the application."""
    found: dict[str, list[SummaryEntry]] = {}
    numbers = {one.summary_no for one in summaries if one.summary_no}
    for entry in SummaryEntry.objects.filter(summary_no__in=numbers).order_by("pk"):
        found.setdefault(entry.summary_no, []).append(entry)
    return found


def summaries_by_id(ids: Iterable[UUID]) -> list[Summary]:
    """Give summary applications by id, for a service that has made sure that they concern it."""
    return list(Summary.objects.filter(pk__in=list(ids)))


def summary_of(case: Case) -> Summary | None:
    """Give the summary application that takes a list in."""
    return Summary.objects.filter(pk=case.summary_id).first() if case.summary_id else None


def entries_with(case: Case) -> list[SummaryEntry]:
    """Give the goods declarations in which a list was summed up; a result that names no lists is of all of them."""
    summary = summary_of(case)
    if summary is None or not summary.summary_no:
        return []
    entries = SummaryEntry.objects.filter(summary_no=summary.summary_no).order_by("pk")
    return [entry for entry in entries if not entry.list_nos or case.list_no in entry.list_nos]
