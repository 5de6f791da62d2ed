"""Reads of declarations. Every list and every look at one case starts from ``visible_to(user)``."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection as database
from django.db.models import Count, DurationField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible
from kouan.decisions.firing import Firings
from kouan.declarations.codes import APPLICATIONS, Direction, Kind
from kouan.declarations.models import (
    Case,
    Document,
    DocumentVersion,
    Draft,
    DraftMessage,
    GoodsLine,
    NamedParcel,
    NodeFinding,
    OfficialAnswer,
    Sheet,
    Summary,
    SummaryEntry,
    TaxBill,
    UnplacedAnswer,
)
from kouan.declarations.months import ExportCase, next_month
from kouan.declarations.states import CLOSED
from kouan.gateway import selectors as gateway
from kouan.gateway.standards.ceb.export_rules import FOREIGN_PLATFORM
from kouan.kernel.dates import CHINA_TIME
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


def count_cases_by(user: User, *names: str, **narrowed: Any) -> dict[Any, int]:
    """Count the cases that a person may see, by one or several columns."""
    rows = Case.objects.visible_to(user).filter(**narrowed).order_by().values_list(*names).annotate(n=Count("pk"))
    return {row[0] if len(names) == 1 else row[:-1]: row[-1] for row in rows}


def longest_waiting(user: User, *, states: Iterable[str], limit: int = 10) -> list[Case]:
    """Give the cases that stand longest in one of these states."""
    found = Case.objects.visible_to(user).filter(state__in=list(states), left_at__isnull=True)
    return list(found.order_by("state_since", "pk")[:limit])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


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


def list_drafts(user: User) -> QuerySet[Draft]:
    """Give the drafts of the firms for which a person acts."""
    return Draft.objects.visible_to(user)


def get_draft(*, user: User, pk: UUID) -> Draft:
    """Give one draft; raises NotYours."""
    return get_visible(Draft.objects, user, pk=pk)


def messages_to_sign(draft: Draft) -> list[DraftMessage]:
    """Give the messages of a draft that wait, or waited, for the card, in the order in which they are handed in."""
    return list(draft.messages.order_by("number"))


def get_sheet(*, user: User, pk: UUID) -> Sheet:
    """Give one uploaded sheet; raises NotYours."""
    return get_visible(Sheet.objects, user, pk=pk)


def count_open_drafts(user: User) -> int:
    """Count the drafts that are not declared, up to a hundred."""
    return Draft.objects.visible_to(user).exclude(state="declared")[:100].count()


def list_numbers_of(internal_nos: Iterable[str]) -> dict[str, str]:
    """Give the numbers that customs gave lists, by the firm's own; for the demonstration."""
    return dict(Case.objects.filter(internal_no__in=list(internal_nos)).values_list("internal_no", "list_no"))


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


def count_drafts_by_state(user: User) -> dict[str, int]:
    """Count the drafts that are not declared, by state."""
    rows = Draft.objects.visible_to(user).exclude(state="declared")
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def cases_of_messages(message_ids: Iterable[UUID]) -> list[Case]:
    """Give the cases whose current version came in one of these messages."""
    return list(Case.objects.filter(message_id__in=list(message_ids)).order_by("pk")[:1000])


def own_messages(user: User, message_ids: Iterable[UUID]) -> list[UUID]:
    """Keep those messages that a firm of this person sent."""
    return gateway.sent_by(message_ids, organisation_ids=frozenset(user.acting_organisation_ids))


def values_to_copy(case: Case) -> dict[str, Any]:
    """Give what a new draft may take over from a case: firms, modes and goods, no numbers and no persons."""
    companions = companions_of(case, documents_about(case))
    listed = companions.listed
    firms = {
        "platform": case.platform_code,
        "merchant": case.merchant_code,
        "carrier": case.carrier_code,
        "payment_firm": companions.payment.payment_firm_code if companions.payment else "",
    }
    names = accounts.organisation_names_by_code(firms.values()) | {case.merchant_code: case.merchant_name}
    values = {f"{role}_code": code for role, code in firms.items()}
    values |= {f"{role}_name": names.get(code, "") for role, code in firms.items()}
    values |= {
        "trade_mode": case.trade_mode,
        "customs_code": case.customs_code,
        "port_code": listed.port_code,
        "place_code": case.place_code,
        "transport_mode": listed.transport_mode,
    }
    if case.direction == Direction.EXPORT:
        values |= {
            "direction": case.direction, "procedure": case.procedure, "arrival_country": case.departure_country,
            "currency": case.currency,
        }  # fmt: skip
    else:
        values["departure_country"] = case.departure_country
    return {**values, "goods": [_line_to_copy(line) for line in goods_of(case)]}


def _line_to_copy(line: GoodsLine) -> dict[str, str]:
    return {
        "item_no": line.item_no,
        "hs_code": line.hs_code,
        "name": line.name,
        "specification": line.model,
        "country": line.country,
        "quantity": _text(line.quantity),
        "unit": line.unit,
        "legal_quantity": _text(line.quantity_1),
        "legal_unit": line.unit_1,
        "second_quantity": _text(line.quantity_2),
        "second_unit": line.unit_2,
        "price": _text(line.price),
    }
