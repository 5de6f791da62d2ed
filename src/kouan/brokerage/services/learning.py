"""Learning: what earlier declarations say of clients and goods goes into the libraries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kouan.brokerage.services.keeping import keep_articles, keep_clients
from kouan.goods import selectors as goods
from kouan.goods.composing import values_of
from kouan.goods.natural import is_person

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_LEARNED = 100


@dataclass(frozen=True, slots=True)
class Learned:
    """How many clients and articles were learned, and from how many declarations."""

    declarations: int
    clients: int
    articles: int


def learn(*, user: User, declaration_ids: Iterable[UUID], at: datetime) -> Learned:
    """Learn clients and goods from declarations that the firm sent; the newest has the last word."""
    rows = goods.list_goods(user).filter(pk__in=list(declaration_ids)[:MOST_LEARNED], sender_id=user.organisation_id)
    clients, articles, count = set(), set(), 0
    for row in rows.order_by("received_at", "pk"):
        values = values_of(goods.read_version(row.message_id).declaration)
        numbers = article_numbers(goods.values_sent(row.message_id), values)
        clients |= {one.pk for one in keep_clients(user=user, sets=_client(values), at=at, learned_from=row.pk)}
        lines = [_article(values, line, number) for line, number in zip(values["goods"], numbers, strict=True)]
        known = [line for line in lines if line["hs_code"] and line["name"]]
        articles |= {one.pk for one in keep_articles(user=user, sets=known, at=at, learned_from=row.pk)}
        count += 1
    return Learned(count, len(clients), len(articles))


def article_numbers(typed: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Give the article numbers of the lines: as typed in the form, else the HS code with the beginning of the name.

    The message has no place for the client's own number.
    """
    lines = typed.get("goods") or []
    numbers = []
    for place, line in enumerate(values["goods"]):
        own = str(lines[place].get("article_no") or "").strip() if place < len(lines) else ""
        numbers.append(own or f"{line['hs_code']}-{line['goods_name'][:20]}")
    return numbers


def _client(values: Mapping[str, Any]) -> list[dict[str, str]]:
    code = values["trader_code"] or values["trader_uscc"]
    if not code or not values["trader_name"] or is_person(code):
        return []
    return [
        {
            "code": code, "uscc": values["trader_uscc"], "name": values["trader_name"],
            "owner_code": values["owner_code"], "owner_name": values["owner_name"],
            "overseas_party_name": values["overseas_party_name"], "trade_mode": values["trade_mode"],
            "customs_code": values["customs_code"],
        }
    ]  # fmt: skip


def _article(values: Mapping[str, Any], line: Mapping[str, str], number: str) -> dict[str, str]:
    client = values["trader_code"] or values["trader_uscc"]
    return {
        "client_code": "" if is_person(client) else client, "article_no": number,
        "hs_code": line["hs_code"], "name": line["goods_name"], "specification": line["specification"],
        "ciq_code": line["ciq_code"], "unit": line["unit"], "legal_unit": line["legal_unit"],
        "second_unit": line["second_unit"], "origin_country": line["origin_country"], "currency": line["currency"],
        "price": line["price"], "district_code": line["district_code"], "duty_mode": line["duty_mode"],
    }  # fmt: skip
