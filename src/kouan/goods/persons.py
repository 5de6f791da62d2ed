"""The persons whom a goods declaration names: read from its message, in full for a purpose alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kouan.accounts.codes import GOODS_DOCUMENTS
from kouan.gateway.standards.dec.types import Declaration
from kouan.goods import selectors
from kouan.goods.natural import PARTIES, masks_in
from kouan.safekeeping.subjects import Subject, register
from kouan.safekeeping.types import Datum, Person

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.goods.models import GoodsDeclaration

_ROLES = {"trader": _("境内收发货人"), "owner": _("消费使用/生产销售单位")}
_LABELS = {"name": _("姓名"), "id": _("证件号码"), "phone": _("电话")}


def read_persons(user: User, declaration_id: UUID) -> list[Person]:
    """Give the persons of a declaration: to an officer all, to a firm those of what it sent or is the trader of.

    Raises NotYours, KeyGone.
    """
    row = selectors.get_goods(user=user, pk=declaration_id)
    if not user.agency_code and not _is_its_own(user, row):
        return []
    return list(_persons_of(selectors.read_version(row.message_id).declaration, row.client_no))


def _is_its_own(user: User, row: GoodsDeclaration) -> bool:
    firm = user.organisation
    return row.sender_id in user.acting_for(GOODS_DOCUMENTS) or row.trader_code in {firm.customs_code, firm.uscc} - {""}


def _persons_of(declaration: Declaration, number: str) -> Iterator[Person]:
    head, title = declaration.head, str(_("报关单 %(number)s") % {"number": number})
    for party in PARTIES:
        said = {f"{party}_{one}": getattr(head, f"{party}_{one}") or "" for one in ("name", "code", "uscc")}
        told = {kind: said[name] for name, kind in masks_in(said).items() if said.get(name)}
        if told:
            yield Person(str(_ROLES[party]), title, _data(told))
    for one in declaration.users:
        if data := _data({"name": one.contact_name or "", "phone": one.contact_phone or ""}):
            yield Person(str(_("使用单位联系人")), title, data)
    contact = declaration.free_text.declarant_contact
    if contact:
        yield Person(str(_("申报人员")), title, _data({"name": head.declarant_name or "", "phone": contact}))


def _data(told: Mapping[str, str]) -> list[Datum]:
    return [Datum(str(_LABELS[kind]), kind, told[kind]) for kind in _LABELS if told.get(kind)]


def numbers_of(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give how declarations are called."""
    return {row.pk: row.client_no for row in selectors.goods_by_id(ids)}


def register_subject() -> None:
    """Say how the persons of a declaration are read and named."""
    word = pgettext_lazy("列表", "报关单")
    register(Subject("goods", word, "goods-declaration", read=read_persons, numbers=numbers_of))
