"""Tokens: issuing, replacing and revoking what lets machines in, noting their use, and warning before they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from kouan.accounts.access import NotAllowed, NotYours
from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.gateway import rules
from kouan.gateway.codes import Scope
from kouan.gateway.models import Connection, Token
from kouan.gateway.monitoring import WARNED_BEFORE
from kouan.gateway.rules import TheTokenDoesNotFit
from kouan.gateway.services.connections import lock_kept, lock_visible
from kouan.gateway.tokens import digest_of, make_token, mark_of
from kouan.workflow.services import Happening, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_TOKENS = 10
"""So many tokens of one channel hold at a time."""
USE_NOTED_EVERY = timedelta(minutes=1)
EVENT_KIND = "token"
"""The kind of the events of tokens; their subject is the connection."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token is for and how long. kinds: empty for every document. until: None only for parts of the system."""

    name: str = ""
    scopes: Sequence[str] = tuple(Scope.values)
    kinds: Sequence[str] = ()
    until: datetime | None = None


EVERYTHING = Terms()


@transaction.atomic
def issue_token(*, actor: Actor, connection_id: UUID, at: datetime, terms: Terms = EVERYTHING) -> str:
    """Give a channel another token, as a part of the system; only its digest is kept, so it is shown this once."""
    return _issue(actor, Connection.objects.get(pk=connection_id), terms, at)[0]


@transaction.atomic
def issue_token_for(*, user: User, connection_id: UUID, terms: Terms, at: datetime) -> str:
    """Give a channel a token for the person who may hold it. Raises NotYours, NotAllowed, TheTokenDoesNotFit."""
    channel = _lock_for_holder(user, connection_id)
    rules.check_until(terms.until, at=at)
    if _holding(at).filter(connection=channel).count() >= MOST_TOKENS:
        raise TheTokenDoesNotFit(
            "-983022", "", f"一个连接至多同时有 {MOST_TOKENS} 个有效令牌。",
            f"A connection has at most {MOST_TOKENS} tokens that hold.", "请先作废不再使用的令牌。",
            "Revoke those that are no longer used.",
        )  # fmt: skip
    return _issue(user, channel, terms, at)[0]


@transaction.atomic
def replace_token(*, user: User, token_id: UUID, until: datetime, overlap: timedelta, at: datetime) -> str:
    """Issue the successor of a token, for the same; the old one holds for the overlap, then is refused.

    Raises NotYours, NotAllowed, TheTokenDoesNotFit.
    """
    old = _get(token_id)
    channel = _lock_for_holder(user, old.connection_id)
    old.refresh_from_db()
    rules.check_until(until, at=at)
    if old.revoked_at or (old.until and old.until <= at) or old.successor_id:
        raise TheTokenDoesNotFit(
            "-983023", "", "该令牌已不能更换：已作废、已到期或已有接替。",
            "This token cannot be replaced: it was revoked, has ended or has a successor.", "请发放新令牌。",
            "Issue a new one.",
        )  # fmt: skip
    terms = Terms(name=old.name, scopes=old.scopes, kinds=old.kinds, until=until)
    text, new = _issue(user, channel, terms, at, replaces=old.mark)
    old.successor = new
    old.until = min(old.until, at + overlap) if old.until else at + overlap
    old.save(update_fields=["successor", "until"])
    return text


@transaction.atomic
def revoke_token(*, user: User, token_id: UUID, at: datetime) -> None:
    """Let nobody in by a token any more: whoever has it is refused within seconds. Raises NotYours."""
    token = _get(token_id)
    channel = lock_kept(user, token.connection_id)
    if Token.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=at):
        _record(user, "revoke_token", channel, at, token=token.mark)


def note_use(token_id: UUID, *, address: str, at: datetime) -> None:
    """Note when and from where a token was used, unless that was noted a moment ago."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - USE_NOTED_EVERY)
    Token.objects.filter(stale, pk=token_id).update(last_used_at=at, last_used_address=address)


@transaction.atomic
def warn_of_tokens(*, at: datetime) -> int:
    """Leave an event for every token that ends soon and has no successor, once each; return how many."""
    ending = _holding(at).filter(
        until__lte=at + WARNED_BEFORE, warned_at__isnull=True, successor__isnull=True, connection__is_active=True
    )
    tokens = list(ending.select_for_update(skip_locked=True).order_by("until"))
    Token.objects.filter(pk__in=[token.pk for token in tokens]).update(warned_at=at)
    record_events([_ends_soon(token) for token in tokens], at=at)
    return len(tokens)


def _ends_soon(token: Token) -> Happening:
    data = {"token": token.mark, "until": token.until.isoformat() if token.until else ""}
    return Happening(token.connection_id, EVENT_KIND, "end_soon", object_id=token.pk, actor_label="系统", data=data)


def _get(token_id: UUID) -> Token:
    token = Token.objects.filter(pk=token_id).first()
    if token is None:
        raise NotYours
    return token


def _holding(at: datetime) -> QuerySet[Token]:
    return Token.objects.filter(Q(until__isnull=True) | Q(until__gt=at), revoked_at__isnull=True)


def _lock_for_holder(user: User, connection_id: UUID) -> Connection:
    channel = lock_visible(user, connection_id)
    if not rules.may_hold_token(user, channel):
        raise NotAllowed(
            "只有本单位的企业管理员可以领取接口令牌。", "Only the firm's own administrator is given its token.",
            "请由该单位的企业管理员登录办理。", "Let the administrator of the firm sign in and take it.",
            code="-983007",
        )  # fmt: skip
    return channel


def _issue(actor: Actor, channel: Connection, terms: Terms, at: datetime, replaces: str = "") -> tuple[str, Token]:
    text = make_token()
    token = Token.objects.create(
        connection=channel,
        name=terms.name,
        digest=digest_of(text),
        mark=mark_of(text),
        scopes=list(terms.scopes),
        kinds=list(terms.kinds),
        since=at,
        until=terms.until,
        issued_by_id=getattr(actor, "pk", None),
    )
    detail = {"token": token.mark, "until": terms.until.isoformat() if terms.until else ""}
    detail |= {"replaces": replaces} if replaces else {}
    _record(actor, "replace_token" if replaces else "issue_token", channel, at, **detail)
    return text, token


def _record(actor: Actor, act: str, channel: Connection, at: datetime, **detail: str) -> None:
    audit.record(actor=actor, act=act, subject_kind="connection", subject_id=channel.pk, at=at, detail=detail)
