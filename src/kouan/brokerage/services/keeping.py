"""Keeping the libraries of a firm: what a client or an article says from a day on; the version before ends that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kouan.accounts.access import get_visible, require_role
from kouan.accounts.codes import Role
from kouan.accounts.rules import Mistake
from kouan.audit import services as audit
from kouan.brokerage.models import Article, Client
from kouan.brokerage.selectors import standing_articles, standing_clients
from kouan.screens.pickers import to_pinyin

if TYPE_CHECKING:
    from kouan.accounts.models import User

CLIENT_FIELDS = ("name", "uscc", "owner_code", "owner_name", "overseas_party_name", "trade_mode", "customs_code",
                 "agreement_no")  # fmt: skip
ARTICLE_FIELDS = ("name", "hs_code", "ciq_code", "specification", "unit", "legal_unit", "second_unit",
                  "origin_country", "currency", "price", "district_code", "duty_mode")  # fmt: skip


class TheEntryDoesNotFit(Mistake):
    """What was entered is no entry of the library."""


def keep_client(*, user: User, values: Mapping[str, str], at: datetime) -> Client:
    """Enter a client, or a new version of it. Raises TheEntryDoesNotFit."""
    return keep_clients(user=user, sets=[values], at=at)[0]


def keep_article(*, user: User, values: Mapping[str, str], at: datetime) -> Article:
    """Enter an article, or a new version of it. Raises TheEntryDoesNotFit."""
    return keep_articles(user=user, sets=[values], at=at)[0]


@transaction.atomic
def keep_clients(
    *, user: User, sets: Iterable[Mapping[str, str]], at: datetime, learned_from: UUID | None = None
) -> list[Client]:
    """Enter several clients by code; one that says the same already stays as it is. Raises TheEntryDoesNotFit."""
    require_role(user, Role.TRADER_CLERK)
    wanted = {_needed(values, "code").upper(): values for values in sets}
    standing = standing_clients(user.organisation_id, wanted)
    made = [
        _next(Client, standing.get(code), {"code": code}, CLIENT_FIELDS, values, user, at, learned_from)
        for code, values in wanted.items()
    ]
    _record(user, "keep_client", made, at)
    return made


@transaction.atomic
def keep_articles(
    *, user: User, sets: Iterable[Mapping[str, str]], at: datetime, learned_from: UUID | None = None
) -> list[Article]:
    """Enter several articles by client and number; one that says the same already stays. Raises TheEntryDoesNotFit."""
    require_role(user, Role.TRADER_CLERK)
    wanted = {
        (str(values.get("client_code") or "").strip().upper(), _needed(values, "article_no")): values for values in sets
    }
    standing = standing_articles(user.organisation_id, wanted)
    made = []
    for (client, number), values in wanted.items():
        hs_code = _needed(values, "hs_code")
        if not (hs_code.isdecimal() and len(hs_code) in (8, 10)):
            raise TheEntryDoesNotFit(
                "LIBRARY-HS", "hs_code", f"商品编号“{hs_code[:12]}”应为 8 或 10 位数字。",
                f"The HS code “{hs_code[:12]}” has to have 8 or 10 digits.", "请核对税则。", "Check the tariff.",
            )  # fmt: skip
        key = {"client_code": client, "article_no": number}
        made.append(_next(Article, standing.get((client, number)), key, ARTICLE_FIELDS, values, user, at, learned_from))
    _record(user, "keep_article", made, at)
    return made


@transaction.atomic
def end_entry(*, user: User, kind: type[Client] | type[Article], pk: UUID, at: datetime) -> None:
    """Let an entry stand no longer from today on; declarations keep what they say."""
    require_role(user, Role.TRADER_CLERK)
    entry: Any = get_visible(kind.objects.select_for_update(), user, pk=pk)  # type: ignore[attr-defined]
    if entry.until is None:
        entry.until = max(timezone.localdate(at), entry.since)
        entry.changed_by_id, entry.changed_at = user.pk, at
        entry.save(update_fields=["until", "changed_by_id", "changed_at"])
        audit.record(actor=user, act="end_library_entry", subject_kind="library", subject_id=entry.pk, at=at)


_WORDS = {
    "code": ("海关编码", "code"), "article_no": ("货号", "article number"), "hs_code": ("商品编号", "HS code"),
    "name": ("名称", "name"),
}  # fmt: skip


def _needed(values: Mapping[str, str], name: str) -> str:
    text = str(values.get(name) or "").strip()
    if not text:
        zh, en = _WORDS[name]
        raise TheEntryDoesNotFit(
            "LIBRARY-NEEDED", name, f"缺少{zh}。", f"The {en} is missing.", "请填写。", "Fill it in."
        )
    return text


def _next(
    kind: Any, before: Any, key: dict[str, str], names: tuple[str, ...], values: Mapping[str, str], user: User,
    at: datetime, learned_from: UUID | None,
) -> Any:  # fmt: skip
    """Make the next version of an entry; the one that stands where it says the same. A day has one version."""
    _needed(values, "name")
    said = {name: str(values.get(name) or "").strip() for name in names}
    if before and all(getattr(before, name) == value for name, value in said.items()):
        return before
    for name, value in said.items():
        longest = kind._meta.get_field(name).max_length
        if len(value) > longest:
            raise TheEntryDoesNotFit("LIBRARY-LONG", name, f"“{value[:20]}…”超过 {longest} 字。",
                                     f"“{value[:20]}…” has more than {longest} characters.", "请缩短。",
                                     "Shorten it.")  # fmt: skip
    pinyin, initials = to_pinyin(said["name"])
    told = {"pinyin": pinyin[:600], "initials": initials[:255], "changed_by_id": user.pk, "changed_at": at,
            "learned_from": learned_from}  # fmt: skip
    today = timezone.localdate(at)
    if before and before.since >= today:
        for name, value in (said | told).items():
            setattr(before, name, value)
        before.save()
        return before
    if before:
        before.until = today
        before.save(update_fields=["until"])
    return kind.objects.create(firm_id=user.organisation_id, since=today, **key, **said, **told)


def _record(user: User, act: str, made: list[Any], at: datetime) -> None:
    if made:
        ids = [one.pk for one in made]
        audit.record_batch(act=act, subject_kind="library", ids_digest=audit.digest_of_ids(ids), count=len(ids), at=at,
                           actor=user)  # fmt: skip
