"""Reads of the broker's desk; every list starts from what the person's own firm may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible
from kouan.brokerage.codes import Document, RowResult
from kouan.brokerage.models import Article, Batch, BatchRow, Client, Waiting
from kouan.screens.pickers import to_pinyin

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_COUNTED = 999
MOST_CLIENTS = 300
MOST_PICKED = 20


# The queue -----------------------------------------------------------------------------------------------------------


def list_waiting(user: User) -> QuerySet[Waiting]:
    """What waits for the firm of a person, with the name of whoever made it."""
    return Waiting.objects.visible_to(user).annotate(person=accounts.name_of_person("person_id"))


def count_waiting(user: User) -> int:
    """Count what waits, up to a thousand."""
    return Waiting.objects.visible_to(user).order_by()[: MOST_COUNTED + 1].count()


def clients_waiting(user: User) -> list[tuple[str, str]]:
    """The clients for whom something waits, by name, as (code, name); at most three hundred."""
    rows = Waiting.objects.visible_to(user).exclude(client_code="").order_by()
    found: dict[str, str] = {}
    for code, name in rows.values_list("client_code", "client_name").distinct()[: MOST_CLIENTS * 2]:
        found[code] = name or found.get(code, "") or code
    return sorted(found.items(), key=lambda each: each[1])[:MOST_CLIENTS]


def people_waiting(user: User) -> list[tuple[str, str]]:
    """The people of the firm, for the filter of who made it."""
    return [
        (str(one.pk), one.name) for one in accounts.list_people(user=user, of=user.organisation_id).order_by("name")
    ]


def find_waiting(user: User, rows: QuerySet, words: str) -> QuerySet:
    """Narrow to a number that begins so, or to clients by name, pinyin or initials."""
    return rows.filter(
        Q(number__istartswith=words)
        | Q(client_code__istartswith=words)
        | Q(client_name__icontains=words)
        | Q(client_code__in=_clients_that_sound(user, words))
    )


def _clients_that_sound(user: User, words: str) -> list[str]:
    """The codes of clients, of the queue and of the library, whose name sounds so."""
    sound = "".join(sign for sign in words.lower() if sign.isalnum())
    if not sound.isascii() or not sound.isalpha():
        return []
    waiting = [
        code
        for code, name in clients_waiting(user)
        if any(part.startswith(sound) or (len(sound) > 1 and sound in part) for part in to_pinyin(name))
    ]
    known = _by_sound(Client.objects.visible_to(user), sound).values_list("code", flat=True)[:MOST_CLIENTS]
    return [*waiting, *known]


def waiting_drafts(rows: QuerySet[Waiting]) -> list[Waiting]:
    """Of chosen rows those that can be sent or handed over together: drafts of goods declarations and parcels."""
    return [one for one in rows if one.document in (Document.GOODS_DRAFT, Document.PARCEL_DRAFT)]


# The libraries -------------------------------------------------------------------------------------------------------


def list_clients(user: User) -> QuerySet[Client]:
    """The versions of the firm's clients."""
    return Client.objects.visible_to(user)


def list_articles(user: User) -> QuerySet[Article]:
    """The versions of the firm's goods."""
    return Article.objects.visible_to(user)


def get_client(*, user: User, pk: UUID) -> Client:
    """One version of a client. Raises NotYours."""
    return get_visible(Client.objects, user, pk=pk)


def get_article(*, user: User, pk: UUID) -> Article:
    """One version of an article. Raises NotYours."""
    return get_visible(Article.objects, user, pk=pk)


def versions_of_client(client: Client) -> list[Client]:
    """Every version of a client, the newest first."""
    return list(Client.objects.filter(firm_id=client.firm_id, code=client.code).order_by("-since", "-id"))


def versions_of_article(article: Article) -> list[Article]:
    """Every version of an article, the newest first."""
    same = Article.objects.filter(
        firm_id=article.firm_id, client_code=article.client_code, article_no=article.article_no
    )
    return list(same.order_by("-since", "-id"))


def find_clients(rows: QuerySet, words: str) -> QuerySet:
    """Narrow to clients by code, name, pinyin or initials."""
    return rows.filter(Q(code__istartswith=words) | Q(uscc__istartswith=words) | _like(words))


def find_articles(rows: QuerySet, words: str) -> QuerySet:
    """Narrow to articles by number, HS code, name, pinyin or initials."""
    return rows.filter(Q(article_no__istartswith=words) | Q(hs_code__startswith=words) | _like(words))


def _like(words: str) -> Q:
    sound = "".join(sign for sign in words.lower() if sign.isascii() and sign.isalnum())
    found = Q(name__icontains=words)
    if sound and not any(sign.isdigit() for sign in sound):
        found |= Q(initials__startswith=sound) | Q(pinyin__startswith=sound)
        if len(sound) > 1:
            found |= Q(initials__contains=sound) | Q(pinyin__contains=sound)
    return found


def _by_sound(rows: QuerySet, sound: str) -> QuerySet:
    return rows.filter(Q(initials__startswith=sound) | Q(pinyin__startswith=sound))


def pick_clients(user: User, words: str, *, on: date) -> list[Client]:
    """The clients that a few typed characters may mean, best first."""
    rows = list_clients(user).on(on)  # type: ignore[attr-defined]
    return list((find_clients(rows, words) if words else rows).order_by("name", "id")[:MOST_PICKED])


def pick_articles(user: User, words: str, *, client_code: str, on: date) -> list[Article]:
    """The articles that a few typed characters may mean, those of the client first, then the firm's own."""
    rows = list_articles(user).on(on).filter(client_code__in=["", client_code])  # type: ignore[attr-defined]
    rank = Case(
        When(article_no__iexact=words, then=Value(0)),
        When(article_no__istartswith=words, then=Value(1)),
        When(name__startswith=words, then=Value(2)),
        When(initials=words.lower(), then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    found = find_articles(rows, words) if words else rows
    return list(found.order_by(rank, "-client_code", "article_no")[:MOST_PICKED])


def standing_articles(firm_id: UUID, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Article]:
    """The standing versions of articles by client's code and article number."""
    wanted = set(keys)
    rows = Article.objects.filter(
        firm_id=firm_id, until__isnull=True, article_no__in={number for _client, number in wanted}
    )
    return {(row.client_code, row.article_no): row for row in rows if (row.client_code, row.article_no) in wanted}


def standing_clients(firm_id: UUID, codes: Iterable[str]) -> dict[str, Client]:
    """The standing versions of clients by code."""
    rows = Client.objects.filter(firm_id=firm_id, until__isnull=True, code__in=set(codes))
    return {row.code: row for row in rows}


# Batches -------------------------------------------------------------------------------------------------------------


def list_batches(user: User) -> QuerySet[Batch]:
    """The batches of the firm with how many drafts each has and what became of them."""
    counts = {str(one): Count("rows__place", filter=Q(rows__result=one)) for one in RowResult}
    return Batch.objects.visible_to(user).annotate(
        person=accounts.name_of_person("author_id"), total=Count("rows__place"), **counts
    )


def get_batch(*, user: User, pk: UUID) -> Any:
    """One batch with its counts. Raises NotYours."""
    return get_visible(list_batches(user), user, pk=pk)


def rows_of_batch(batch: Batch) -> list[BatchRow]:
    """What became of each draft of a batch; what was refused first."""
    order = Case(
        When(result=RowResult.REFUSED, then=Value(0)), When(result=RowResult.WAITING, then=Value(1)),
        default=Value(2), output_field=IntegerField(),
    )  # fmt: skip
    return list(BatchRow.objects.filter(batch_id=batch.pk).order_by(order, "place"))
