"""The persons whom the documents of a case name: read from the messages, found by marks, forgotten with their month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from kouan.declarations import selectors
from kouan.declarations.codes import Kind
from kouan.declarations.models import Case, Document, DocumentVersion
from kouan.gateway import selectors as gateway
from kouan.gateway.standards.ceb.codec import decode
from kouan.kernel.dates import CHINA_TIME
from kouan.kernel.identifiers import first_uuid7_at
from kouan.safekeeping.marks import Number
from kouan.safekeeping.subjects import Subject, register
from kouan.safekeeping.types import Datum, Person

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_FOUND = 200
_BUYER = (
    ("buyer_name", gettext_lazy("姓名"), "name"),
    ("buyer_id_number", gettext_lazy("证件号码"), "id"),
    ("buyer_phone", gettext_lazy("电话"), "phone"),
    ("buyer_account", gettext_lazy("平台注册号"), "account"),
)
_CONSIGNEE = (
    ("consignee_name", gettext_lazy("姓名"), "name"),
    ("consignee_phone", gettext_lazy("电话"), "phone"),
    ("consignee_address", gettext_lazy("地址"), "address"),
)
_PAYER = (
    ("payer_name", gettext_lazy("姓名"), "name"),
    ("payer_id_number", gettext_lazy("证件号码"), "id"),
    ("payer_phone", gettext_lazy("电话"), "phone"),
)
_NAMED: dict[str, tuple[tuple[Any, Any], ...]] = {
    Kind.ORDER: ((gettext_lazy("订购人"), _BUYER), (gettext_lazy("收货人"), _CONSIGNEE)),
    Kind.PAYMENT: ((gettext_lazy("支付人"), _PAYER),),
    Kind.WAYBILL: ((gettext_lazy("收货人"), _CONSIGNEE),),
    Kind.LIST: ((gettext_lazy("订购人"), _BUYER), (gettext_lazy("收货人"), _CONSIGNEE[2:])),
    Kind.CANCELLATION: ((gettext_lazy("订购人"), _BUYER),),
    Kind.RETURN: ((gettext_lazy("订购人"), _BUYER),),
}
"""Which persons each kind of document names, and by what."""


def read_persons(user: User, case_id: UUID) -> list[Person]:
    """Give the persons of the documents of a case: to an officer all, to a firm those that it sent or owns itself.

    Raises NotYours, KeyGone.
    """
    case = selectors.get_case(user=user, pk=case_id)
    documents = [one for one in selectors.documents_about(case) if one.kind in _NAMED and not one.is_deleted]
    if not user.agency_code:
        seen = set(Document.objects.visible_to(user).filter(pk__in=[one.pk for one in documents]).values_list("pk"))
        documents = [one for one in documents if (one.pk,) in seen]
    return [person for one in sorted(documents, key=_list_first) for person in _persons_of(one)]


def _list_first(document: Document) -> tuple[bool, str]:
    return document.kind != Kind.LIST, document.kind


def _persons_of(document: Document) -> Iterable[Person]:
    version = DocumentVersion.objects.get(document_id=document.pk, number=document.current_number)
    message = decode(gateway.read_business_message(version.message_id))
    node = next(one for one in message.nodes if one.index == version.node_index)
    title = f"{Kind(document.kind).label} {document.number}"
    for role, fields in _NAMED[document.kind]:
        said = [(label, kind, getattr(node.head, name, None)) for name, label, kind in fields]
        told = [Datum(str(label), kind, value) for label, kind, value in said if value]
        if told:
            yield Person(str(role), title, told)


def find_cases_of(kind: Number, text: str) -> list[UUID]:
    """Find the newest cases in which somebody has this identity or telephone number."""
    found = Case.objects.filter(selectors.named_by(kind, text)).order_by("-pk")
    return list(found.values_list("pk", flat=True)[:MOST_FOUND])


def numbers_of(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give how cases are called."""
    return dict(Case.objects.filter(pk__in=ids).values_list("pk", "internal_no"))


def forget_digests(month: str) -> None:
    """Drop the digests of persons, by which documents were matched, of the documents first stored in a month."""
    year, number = map(int, month.split("-"))
    at = datetime(year, number, 1, tzinfo=CHINA_TIME)
    until = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=CHINA_TIME)
    while at < until:
        following = at + timedelta(hours=6)
        rows = DocumentVersion.objects.filter(
            document_id__gte=first_uuid7_at(at), document_id__lt=first_uuid7_at(following)
        )
        rows.update(buyer_digest=None, consignee_digest=None, identity_mark=None, telephone_mark=None)
        at = following


def register_subject() -> None:
    """Say how the persons of a case are read, found and forgotten."""
    register(
        Subject(
            "case", gettext_lazy("清单"), "case",
            read=read_persons, numbers=numbers_of, find=find_cases_of, forget=forget_digests,
        )
    )  # fmt: skip
