"""Reads of clearance. Every list starts from ``visible_to(user)``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible
from kouan.accounts.codes import AgencyCode
from kouan.clearance.models import Arrival, GateCheck, Inspection, Review, Ticket, TicketEntry
from kouan.declarations import selectors as declarations
from kouan.goods.facts import goods_value

if TYPE_CHECKING:
    from kouan.accounts.models import User


SILENT = ("pending", "to_confirm")
"""States of a review in which its agency has said nothing about its version."""


def list_reviews(user: User) -> QuerySet[Review]:
    """Give the reviews that a person may see."""
    return Review.objects.visible_to(user).annotate(
        number=Coalesce(declarations.case_value("internal_no"), goods_value("client_no")),
        case_state=Coalesce(declarations.case_value("state"), goods_value("state")),
        case_version=Coalesce(declarations.case_value("version"), goods_value("version")),
        spoken_version=Subquery(_spoken_before().values("version")[:1]),
        goods=Coalesce(declarations.case_value("goods_summary"), goods_value("goods_summary")),
    )


def _spoken_before() -> QuerySet[Review]:
    """The reviews of earlier versions of the same case and agency in which an officer said something, latest first."""
    same = Review.objects.filter(case_id=OuterRef("case_id"), agency=OuterRef("agency"), way="recorded")
    return same.filter(version__lt=OuterRef("version")).exclude(state__in=SILENT).order_by("-version")


def of_current_version(reviews: QuerySet[Review], chosen: Collection[str]) -> QuerySet[Review]:
    """Narrow to reviews of the version that counts (``yes``), or to those of versions that were replaced (``no``)."""
    if set(chosen) == {"yes"}:
        return reviews.filter(version=F("case_version"))
    return reviews.exclude(version=F("case_version")) if set(chosen) == {"no"} else reviews


def get_review(*, user: User, pk: UUID) -> Review:
    """Give one review; raises NotYours."""
    return get_visible(Review.objects, user, pk=pk)


def list_inspections(user: User) -> QuerySet[Inspection]:
    """Give the inspections that a person may see."""
    number = Coalesce(declarations.case_value("internal_no"), goods_value("client_no"))
    return Inspection.objects.visible_to(user).annotate(number=number)


def get_inspection(*, user: User, pk: UUID) -> Inspection:
    """Give one inspection; raises NotYours."""
    return get_visible(Inspection.objects, user, pk=pk)


def list_arrivals(user: User) -> QuerySet[Arrival]:
    """Give the arrivals that a person may see."""
    return Arrival.objects.visible_to(user)


def list_gate_checks(user: User) -> QuerySet[GateCheck]:
    """Give the questions at the gate that a person may see."""
    return GateCheck.objects.visible_to(user).annotate(asker=accounts.name_of_person("asked_by_id"))


def list_tickets(user: User) -> QuerySet[Ticket]:
    """Give the coordination tickets that a person may see."""
    return Ticket.objects.visible_to(user).annotate(number=declarations.case_value("internal_no"))


def get_ticket(*, user: User, pk: UUID) -> Ticket:
    """Give one ticket; raises NotYours."""
    return get_visible(Ticket.objects, user, pk=pk)


def list_reviews_of(case_id: UUID) -> list[Review]:
    """Give the reviews of all versions of a case that may be seen, those of the last version first."""
    return list(Review.objects.filter(case_id=case_id).order_by("-version", "opened_at", "pk"))


def reviews_of_version(case_id: UUID, version: int) -> list[Review]:
    """Give the reviews of one version of a case that may be seen."""
    return list(Review.objects.filter(case_id=case_id, version=version).order_by("opened_at", "pk"))


def standing_reviews(reviews: Iterable[Review], version: int) -> list[Review]:
    """Give one review an agency, of this version or of the latest one before it; reviews: the last version first."""
    found: dict[str, Review] = {}
    for review in (one for one in reviews if one.version <= version):
        found.setdefault(review.agency, review)
    newest = max((review.version for review in found.values()), default=0)
    return [review for review in found.values() if review.version == newest]


def last_opinions(before: Mapping[UUID, int]) -> dict[UUID, list[Review]]:
    """Give the latest review of each agency in which an officer said something, by case.

    before: the version of each case before which to look. For the system's own use.
    """
    spoken = Review.objects.filter(case_id__in=list(before), way="recorded").exclude(state__in=SILENT)
    found: dict[UUID, dict[str, Review]] = {}
    for review in spoken.order_by("-version"):
        if review.version < before[review.case_id]:
            found.setdefault(review.case_id, {}).setdefault(review.agency, review)
    return {case_id: list(by_agency.values()) for case_id, by_agency in found.items()}


def earlier_opinion(review: Review) -> Review | None:
    """Give what the same agency last said of an earlier version; None where it said nothing."""
    found = last_opinions({review.case_id: review.version}).get(review.case_id, [])
    return next((one for one in found if one.agency == review.agency), None)


def review_of_version(*, case_id: UUID, agency: str, version: int) -> Review | None:
    """Find the review of an agency on one version of a case."""
    return Review.objects.filter(case_id=case_id, agency=agency, version=version).first()


def agencies_of_reviews(ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the agency of each review. For the system's own use."""
    return dict(Review.objects.filter(pk__in=ids).values_list("pk", "agency"))


def parties_of_tickets(ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Give the organisations that each ticket was sent to. For the system's own use."""
    return dict(Ticket.objects.filter(pk__in=ids).values_list("pk", "party_ids"))


def inspections_of(case_id: UUID) -> list[Inspection]:
    """Give the inspections of a case that may be seen."""
    return list(Inspection.objects.filter(case_id=case_id).order_by("pk"))


def tickets_of(user: User, case_id: UUID) -> list[Ticket]:
    """Give the tickets about a case that a person may see."""
    return list(list_tickets(user).filter(case_id=case_id).order_by("-pk"))


def entries_of(ticket: Ticket) -> list[TicketEntry]:
    """Give what was said in a ticket that may be seen."""
    return list(ticket.entries.all())


def find_gate_check(*, check_id: UUID, operator_id: UUID) -> GateCheck | None:
    """Find a question at the gate that this operator asked."""
    return GateCheck.objects.filter(pk=check_id, operator_id=operator_id).first()


def arrival_of(*, waybill_no: str, carrier_code: str) -> Arrival | None:
    """Find the arrival of a parcel."""
    return Arrival.objects.filter(waybill_no=waybill_no, carrier_code=carrier_code).order_by("pk").first()


def arrived_together(*, number: str, operator_id: UUID, most: int) -> list[tuple[str, str]]:
    """Give carrier and waybill of the parcels that came to an operator under one bill or in one container."""
    rows = Arrival.objects.filter(operator_id=operator_id)
    found: set[tuple[str, str]] = set()
    for key in ({"bill_no": number}, {"container_no": number}):
        found |= set(rows.filter(**key).values_list("carrier_code", "waybill_no")[:most])
    return sorted(found)


def agency_name(agency: str) -> str:
    """Give the name of an agency by its code."""
    return str(dict(AgencyCode.choices).get(agency, agency))


def count_waiting_reviews(user: User) -> int:
    """Count the reviews that wait for an agency's own officer, up to a hundred."""
    if not user.agency_code:
        return 0
    waiting = list_reviews(user).filter(way="recorded", state__in=SILENT)
    return of_current_version(waiting, ["yes"])[:100].count()


def count_open_inspections(user: User) -> int:
    """Count the inspections that are not done, up to a hundred."""
    return Inspection.objects.visible_to(user).filter(state__in=["ordered", "booked", "presented"])[:100].count()


def count_open_tickets(user: User) -> int:
    """Count the tickets that wait for an answer, up to a hundred."""
    return Ticket.objects.visible_to(user).filter(state="open")[:100].count()


def count_recorded_reviews(user: User) -> dict[str, int]:
    """Count the reviews of current versions that officers record here, by state."""
    states = ["pending", "to_confirm", "asking", "inspecting"]
    rows = of_current_version(list_reviews(user).filter(way="recorded", state__in=states), ["yes"])
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def count_inspections_by_state(user: User) -> dict[str, int]:
    """Count the inspections that are not done, by state."""
    rows = Inspection.objects.visible_to(user).filter(state__in=["ordered", "booked", "presented"])
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def count_tickets(user: User, state: str) -> int:
    """Count the tickets in a state."""
    return Ticket.objects.visible_to(user).filter(state=state).count()
