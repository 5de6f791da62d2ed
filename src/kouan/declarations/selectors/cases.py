"""Reads of cases. Every list and every look at one case for a person starts from ``visible_to(user)``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection as database
from django.db.models import Count, DurationField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from kouan.accounts.access import get_visible
from kouan.decisions.firing import Firings
from kouan.declarations.codes import Direction, Kind
from kouan.declarations.models import (
    Case,
    DocumentVersion,
)
from kouan.kernel.identifiers import first_uuid7_at
from kouan.safekeeping.marks import Number, kind_of, marks_of

if TYPE_CHECKING:
    from kouan.accounts.models import User


def list_cases(user: User) -> QuerySet[Case]:
    """Give the parcel declarations that a person may see."""
    return Case.objects.visible_to(user)


NUMBERS = ("internal_no", "list_no", "order_no", "waybill_no", "bill_no")


def with_number(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Narrow to the cases one of whose numbers is or begins with ``text``, as typed or in capitals.

    Every arm is a range of an index: a number that stands nowhere is told as quickly as one that does.
    """
    condition = Q()
    for begun in {text, text.upper()}:
        for name in NUMBERS:
            condition |= Q(**{f"{name}__startswith": begun}) & ~Q(**{name: ""})
    if kind := kind_of(text):
        condition |= named_by(kind, text)
    return cases.filter(condition)


MOST_NAMED = 200
"""So many documents, the newest, are looked at when a person's number is searched for."""


def named_by(kind: Number, text: str) -> Q:
    """Give the condition of cases in which somebody has this whole identity or telephone number."""
    field = "identity_mark" if kind is Number.IDENTITY else "telephone_mark"
    found = DocumentVersion.objects.filter(**{f"{field}__in": marks_of(kind, text)})
    rows = found.order_by("-document_id", "-number").values_list("kind", "document_id", "waybill_no", "carrier_code")
    lists: list[UUID] = []
    condition = Q()
    for row in rows[:MOST_NAMED]:
        if row[0] == Kind.WAYBILL:
            condition |= Q(waybill_no=row[2], carrier_code=row[3])
        else:
            lists.append(row[1])
    return condition | Q(pk__in=lists)


def received_between(cases: QuerySet[Case], since: datetime | None, until: datetime | None) -> QuerySet[Case]:
    """Narrow to the cases received from one moment to before another, both optional.

    The key of a case carries the time at which its first list was received, so this is a range of the key by which
    lists are ordered.
    """
    if since:
        cases = cases.filter(pk__gte=first_uuid7_at(since), received_at__gte=since)
    if until:
        cases = cases.filter(pk__lt=first_uuid7_at(until), received_at__lt=until)
    return cases


def count_between(since: datetime, until: datetime, **narrowed: Any) -> int:
    """Count the cases received from one moment to before another, of everybody; for indicators."""
    return received_between(Case.objects.filter(**narrowed), since, until).count()


def median_hours_to_release(since: datetime, until: datetime) -> float | None:
    """Give the median time from receipt to official release of the cases received in a time; None without any."""
    released = received_between(Case.objects.filter(released_at__isnull=False), since, until)
    took = ExpressionWrapper(F("released_at") - F("received_at"), DurationField())
    found = released.annotate(took=took).order_by("took")
    count = found.count()
    if not count:
        return None
    middle = found.values_list("took", flat=True)[(count - 1) // 2 : count // 2 + 1]
    seconds = [each.total_seconds() for each in middle]
    return sum(seconds) / len(seconds) / 3600


def get_case(*, user: User, pk: UUID) -> Case:
    """Give one parcel declaration; raises NotYours."""
    return get_visible(Case.objects, user, pk=pk)


def get_export(*, user: User, pk: UUID) -> Case:
    """Give one export list; raises NotYours."""
    return get_visible(Case.objects.filter(direction=Direction.EXPORT), user, pk=pk)


def may_see_case(user: User, pk: UUID) -> bool:
    """Whether a person may see a case."""
    return Case.objects.visible_to(user).filter(pk=pk).exists()


def row_marks(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Give what changes with every change of a case's row: the transaction that wrote it."""
    with database.cursor() as cursor:
        cursor.execute("select id, xmin::text from declarations_case where id = any(%s)", [list(ids)])
        return dict(cursor.fetchall())


def cases_by_id(ids: Iterable[UUID]) -> list[Case]:
    """Give cases by id, for a service that has made sure that they concern it."""
    return list(Case.objects.filter(pk__in=list(ids)).order_by("pk"))


def case_value(name: str) -> Subquery:
    """Give a column of the case that a row's ``case_id`` names, to be shown in lists of other apps."""
    return Subquery(Case.objects.filter(pk=OuterRef("case_id")).values(name)[:1])


def count_firings(table: str, number: int, *, newest: int = 20_000) -> Firings:
    """Count how often each row of a version of a decision table fired among the newest cases."""
    found = Case.objects.order_by("-pk").values_list("routing", flat=True)[:newest]
    looked_at = decided = 0
    by_row: Counter[str] = Counter()
    for routing in found.iterator(chunk_size=5_000):
        looked_at += 1
        if routing.get("table") == table and routing.get("version") == number:
            decided += 1
            by_row.update(routing.get("rows", ()))
    return Firings(looked_at, decided, by_row)


def count_cases() -> int:
    """Count every case; for the demonstration and its test."""
    return Case.objects.count()


def has_cases() -> bool:
    """Whether there is any case at all."""
    return Case.objects.exists()


def cases_at_place(place_code: str) -> list[Case]:
    """Give the cases bound for a supervision place, for its operator's records."""
    return list(Case.objects.filter(place_code=place_code).order_by("pk"))


def cases_in_state(state: str, *, limit: int) -> list[Case]:
    """Give the newest cases in a state, for the demonstration."""
    return list(Case.objects.filter(state=state).order_by("-pk")[:limit])


def count_cases_by(user: User, *names: str, **narrowed: Any) -> dict[Any, int]:
    """Count the cases that a person may see, by one or several columns."""
    rows = Case.objects.visible_to(user).filter(**narrowed).order_by().values_list(*names).annotate(n=Count("pk"))
    return {row[0] if len(names) == 1 else row[:-1]: row[-1] for row in rows}


def longest_waiting(user: User, *, states: Iterable[str], limit: int = 10) -> list[Case]:
    """Give the cases that stand longest in one of these states."""
    found = Case.objects.visible_to(user).filter(state__in=list(states), left_at__isnull=True)
    return list(found.order_by("state_since", "pk")[:limit])


def find_cases_by_number(*, number: str, party_id: UUID, most: int = 200) -> list[Case]:
    """Find the cases that a number stands for: list, waybill, bill or internal number; only those to which the
    organisation is a party (at a gate, the operator of the place), at most ``most`` of each kind of number."""
    number = number.strip()
    if not number:
        return []
    found: dict[UUID, Case] = {}
    for name in ("list_no", "waybill_no", "internal_no", "bill_no"):
        rows = Case.objects.filter(**{name: number}, parties__contains=[party_id])
        found |= {case.pk: case for case in rows[:most]}
    return sorted(found.values(), key=lambda case: case.pk)


def cases_of_waybills(*, waybills: Iterable[tuple[str, str]], party_id: UUID) -> list[Case]:
    """Give the cases of parcels, each named by its carrier and waybill, to which the organisation is a party."""
    wanted = set(waybills)
    rows = Case.objects.filter(waybill_no__in={number for _, number in wanted}, parties__contains=[party_id])
    return [case for case in rows if (case.carrier_code, case.waybill_no) in wanted]


def cases_numbered(number: str, *, most: int = 50) -> list[Case]:
    """Give the cases whose list, internal or waybill number this is, for whoever proves to hold the paper of one."""
    found: dict[UUID, Case] = {}
    for name in ("list_no", "internal_no", "waybill_no"):
        found |= {case.pk: case for case in Case.objects.filter(**{name: number}).order_by("-pk")[:most]}
    return list(found.values())


def search_cases(user: User, q: str) -> list[Case]:
    """Find the first cases whose number is or begins with a word."""
    q = q.strip()
    if len(q) < 3:
        return []
    return list(with_number(Case.objects.visible_to(user), q).order_by("-pk")[:8])


def list_numbers_of(internal_nos: Iterable[str]) -> dict[str, str]:
    """Give the numbers that customs gave lists, by the firm's own; for the demonstration."""
    return dict(Case.objects.filter(internal_no__in=list(internal_nos)).values_list("internal_no", "list_no"))


def cases_of_messages(message_ids: Iterable[UUID]) -> list[Case]:
    """Give the cases whose current version came in one of these messages."""
    return list(Case.objects.filter(message_id__in=list(message_ids)).order_by("pk")[:1000])
