"""Reads of the documents about a case: its four, their versions and goods, and what was answered to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kouan.accounts.access import get_visible
from kouan.declarations.codes import APPLICATIONS, Direction, Kind
from kouan.declarations.models import (
    Case,
    Document,
    DocumentVersion,
    GoodsLine,
    NamedParcel,
    NodeFinding,
    OfficialAnswer,
    TaxBill,
    UnplacedAnswer,
)
from kouan.declarations.movements import KINDS
from kouan.gateway import selectors as gateway
from kouan.gateway.outcomes import Found, Outcome
from kouan.gateway.standards.ceb.export_rules import FOREIGN_PLATFORM

if TYPE_CHECKING:
    from kouan.accounts.models import User


def list_documents(user: User) -> QuerySet[Document]:
    """Give the documents that a person may see."""
    return Document.objects.visible_to(user)


COMPANIONS: dict[str, tuple[Kind, Kind, Kind]] = {
    Direction.IMPORT: (Kind.ORDER, Kind.PAYMENT, Kind.WAYBILL),
    Direction.EXPORT: (Kind.EXPORT_ORDER, Kind.EXPORT_RECEIPT, Kind.EXPORT_WAYBILL),
}
"""What accompanies a list: the order, what was paid for it, and the waybill."""


@dataclass(frozen=True, slots=True)
class Companions:
    """The four documents of a parcel as they stand, each with its current version; ``None`` where one is missing."""

    order: DocumentVersion | None
    payment: DocumentVersion | None
    waybill: DocumentVersion | None
    listed: DocumentVersion


def companions_of(case: Case, documents: Iterable[Document]) -> Companions:
    """Give the four documents of a case that may be seen, out of those about it; of payments the latest."""
    by_kind: dict[str, Document] = {}
    for document in sorted(documents, key=lambda one: one.pk):
        if not document.is_deleted:
            by_kind[document.kind] = document
    kinds = COMPANIONS[case.direction]
    wanted = {kind: by_kind[kind] for kind in kinds if kind in by_kind}
    keys = Q(document_id=case.pk, number=case.version)
    for document in wanted.values():
        keys |= Q(document_id=document.pk, number=document.current_number)
    found = {version.document_id: version for version in DocumentVersion.objects.filter(keys)}
    order, payment, waybill = (found.get(wanted[kind].pk) if kind in wanted else None for kind in kinds)
    return Companions(order, payment, waybill, found[case.pk])


def versions_of(case: Case) -> list[DocumentVersion]:
    """Give every version of the list of a case, oldest first."""
    return list(DocumentVersion.objects.filter(document_id=case.pk).order_by("number"))


def goods_of(case: Case, *, version: int | None = None) -> list[GoodsLine]:
    """Give the goods lines of one version of the list, the current one by default."""
    return list(GoodsLine.objects.filter(document_id=case.pk, version=version or case.version).order_by("line_no"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One official answer, and the kind and number of the document that it answers."""

    kind: Kind
    number: str
    said: OfficialAnswer


def documents_about(case: Case, others: Iterable[UUID] = ()) -> list[Document]:
    """Give the documents that concern a parcel: its four, the status of its waybill, requests to cancel or return it.

    others: further documents by id, which only another app knows to concern it.
    """
    by_key = _keys_of_companions(case) | Q(pk__in=[case.pk, *others])
    found = list(Document.objects.filter(by_key))
    if case.list_no:
        named = DocumentVersion.objects.filter(kind__in=APPLICATIONS, list_no=case.list_no)
        found += Document.objects.filter(pk__in=named.values("document_id"))
    if case.direction == Direction.EXPORT:
        found += _documents_naming(case)
    return found


def _keys_of_companions(case: Case) -> Q:
    """The natural keys of the documents that accompany a list."""
    if case.direction == Direction.EXPORT:
        seller = case.merchant_code if case.platform_code == FOREIGN_PLATFORM else case.platform_code
        of_order = Q(order_no=case.order_no, platform_code=case.platform_code)
        return (
            Q(kind=Kind.EXPORT_ORDER, owner_code=seller, number=case.order_no)
            | Q(kind=Kind.EXPORT_RECEIPT, owner_code=case.merchant_code) & of_order
            | Q(kind=Kind.EXPORT_WAYBILL, owner_code=case.carrier_code, number=case.waybill_no)
        )
    return (
        Q(kind=Kind.ORDER, owner_code=case.platform_code, number=case.order_no)
        | Q(kind=Kind.PAYMENT, platform_code=case.platform_code, order_no=case.order_no)
        | Q(kind__in=[Kind.WAYBILL, Kind.WAYBILL_STATUS], owner_code=case.carrier_code, number=case.waybill_no)
    )


def list_movements(user: User) -> QuerySet[Document]:
    """Give the master bills, arrivals and departures that a person may see, each with how many parcels it names."""
    named = NamedParcel.objects.filter(document_id=OuterRef("pk"), version=OuterRef("current_number"))
    count = named.order_by().values("document_id").annotate(n=Count("line_no")).values("n")
    found = Document.objects.visible_to(user).filter(kind__in=KINDS)
    return found.annotate(parcel_count=Coalesce(Subquery(count), 0))


def get_movement(*, user: User, pk: UUID) -> Document:
    """Give one master bill, arrival or departure. Raises NotYours."""
    return get_visible(Document.objects.filter(kind__in=KINDS), user, pk=pk)


def current_version_of(document: Document) -> DocumentVersion:
    """Give the version of a document that counts."""
    return DocumentVersion.objects.get(document_id=document.pk, number=document.current_number)


MOST_NAMED_SHOWN = 500


def parcels_named(user: User, version: DocumentVersion) -> list[tuple[NamedParcel, Case | None]]:
    """Give the parcels that a transport document names, each with its list where this person may see one."""
    rows = NamedParcel.objects.filter(document_id=version.document_id, version=version.number).order_by("line_no")
    named = list(rows[:MOST_NAMED_SHOWN])
    cases = Case.objects.visible_to(user).filter(
        direction=Direction.EXPORT, carrier_code=version.carrier_code,
        waybill_no__in=[one.waybill_no for one in named if one.waybill_no],
    )  # fmt: skip
    by_waybill = {case.waybill_no: case for case in cases}
    return [(one, by_waybill.get(one.waybill_no)) for one in named]


def _documents_naming(case: Case) -> list[Document]:
    """Give the transport documents and summaries that name an export parcel by its waybill or its list."""
    named = Q(waybill_no=case.waybill_no) | (Q(list_no=case.list_no) & ~Q(list_no=""))
    documents = NamedParcel.objects.filter(named).values("document_id")
    versions = DocumentVersion.objects.filter(document_id__in=documents).filter(
        Q(carrier_code=case.carrier_code) | Q(kind=Kind.SUMMARY)
    )
    return list(Document.objects.filter(pk__in=versions.values("document_id")))


def answers_to(documents: Iterable[Document]) -> list[Answer]:
    """Give the official answers to documents, in the order of their times; what was said twice is there once."""
    by_id = {document.pk: document for document in documents}
    found: dict[tuple[Any, ...], Answer] = {}
    for one in OfficialAnswer.objects.filter(document_id__in=list(by_id)).order_by("return_time", "received_at"):
        document = by_id[one.document_id]
        said = (one.document_id, one.version, one.status, one.return_time, one.info)
        found.setdefault(said, Answer(Kind(document.kind), document.number, one))
    return list(found.values())


def tax_bills_of(case: Case) -> list[TaxBill]:
    """Give the tax bills of a case."""
    return list(TaxBill.objects.filter(list_no=case.list_no)) if case.list_no else []


def findings_of(message_id: UUID) -> list[NodeFinding]:
    """Give what was found in the nodes of a message. The caller has made sure that the message may be seen."""
    return list(NodeFinding.objects.filter(message_id=message_id).order_by("node_index"))


def outcome_of(message_id: UUID) -> Outcome:
    """Tell what became of the documents of a message."""
    return Outcome(
        count_versions(message_id),
        [Found(one.node_index, one.finding, one.owner_code, one.number, one.problems)
         for one in findings_of(message_id)],
    )  # fmt: skip


def count_versions(message_id: UUID) -> int:
    """Count the versions that a message brought."""
    return DocumentVersion.objects.filter(message_id=message_id).count()


def list_unplaced_answers(*, after: tuple[UUID, int] | None = None, size: int = 50) -> list[UnplacedAnswer]:
    """Give the official answers for which no document was found, newest first; for the port office.

    after: message and node index of the last one seen. One more than ``size`` is given where there are more.
    """
    found = UnplacedAnswer.objects.order_by("-message_id", "-node_index")
    if after is not None:
        found = found.filter(Q(message_id__lt=after[0]) | Q(message_id=after[0], node_index__lt=after[1]))
    return list(found[: size + 1])


def count_unplaced_answers() -> int:
    """Count the official answers for which no document was found, up to a thousand."""
    return UnplacedAnswer.objects.order_by()[:1000].values("message_id").count()


def own_messages(user: User, message_ids: Iterable[UUID]) -> list[UUID]:
    """Keep those messages that a firm of this person sent."""
    return gateway.sent_by(message_ids, organisation_ids=frozenset(user.acting_organisation_ids))
