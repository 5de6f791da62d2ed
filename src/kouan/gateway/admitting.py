"""Letting machines in: whose token a request bears, whether it holds, and whether it covers what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from kouan.accounts.access import Refusal
from kouan.accounts.sessions import client_address
from kouan.gateway import selectors
from kouan.gateway.codes import Scope, Side
from kouan.gateway.models import Connection, Token
from kouan.gateway.services.tokens import USE_NOTED_EVERY, note_use
from kouan.gateway.tokens import digest_of
from kouan.records.problems import Problem

REMEMBERED_SECONDS = 5
"""How long a token that was found is not looked up again; what is revoked or closed is so within that time."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A machine that bears a token: what it is remembered by between requests."""

    channel: Connection
    scopes: frozenset[str]
    kinds: frozenset[str]
    until: datetime | None
    revoked_at: datetime | None
    successor: str


class TheTokenHasEnded(Refusal):
    """The token was one of ours and lets nobody in any more."""

    status = 401


class TheTokenIsForOtherThings(Refusal):
    """The token holds and does not cover what is asked."""

    status = 403


@dataclass(frozen=True, slots=True)
class TokenFor:
    """Lets in who bears a token that covers a scope: what a machine's door is declared with.

    side: only channels of this side; to others the door is as shut as to strangers. The request then has ``principal``,
    the channel, and ``kinds``, the documents that may be sent (empty for all).
    """

    scope: Scope
    side: Side | None = None

    def __call__(self, request: HttpRequest) -> Connection | None:
        """Return the channel, None for no or an unknown token; raise TheTokenHasEnded or TheTokenIsForOtherThings."""
        admitted = _admitted(request)
        if admitted is None or (self.side is not None and admitted.channel.side != self.side):
            return None
        _check_time(admitted, timezone.now())
        if self.scope not in admitted.scopes:
            raise TheTokenIsForOtherThings(_scope_is_missing(self.scope))
        request.kinds = admitted.kinds  # type: ignore[attr-defined]
        return admitted.channel


def _admitted(request: HttpRequest) -> Admitted | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        return None
    digest = digest_of(text.strip())
    key = f"token-{digest.hex()}"
    admitted = cache.get(key)
    if admitted is None:
        token = selectors.find_token(digest)
        if token is None:
            return None
        admitted = _remember(key, token)
        _note_use(token, request)
    return admitted


def _remember(key: str, token: Token) -> Admitted:
    admitted = Admitted(
        channel=token.connection,
        scopes=frozenset(token.scopes),
        kinds=frozenset(token.kinds),
        until=token.until,
        revoked_at=token.revoked_at,
        successor=token.successor.mark if token.successor else "",
    )
    cache.set(key, admitted, REMEMBERED_SECONDS)
    return admitted


def _note_use(token: Token, request: HttpRequest) -> None:
    """Note a use at most once a minute, and only when the token had to be looked up anyway."""
    at = timezone.now()
    if token.last_used_at is None or token.last_used_at <= at - USE_NOTED_EVERY:
        note_use(token.pk, address=client_address(request), at=at)


def _check_time(admitted: Admitted, at: datetime) -> None:
    if admitted.revoked_at is not None:
        raise TheTokenHasEnded(
            _problem(
                "-983024",
                f"令牌已于 {_moment(admitted.revoked_at)} 作废。",
                f"The token was revoked at {_moment(admitted.revoked_at)}.",
                "请由本单位的企业管理员发放新令牌。",
                "Let the firm's administrator issue a new one.",
            )
        )
    if admitted.until is not None and admitted.until <= at:
        by_zh = f"，由 {admitted.successor}… 开头的令牌接替" if admitted.successor else ""
        by_en = f" and was replaced by the one that begins with {admitted.successor}…" if admitted.successor else ""
        raise TheTokenHasEnded(
            _problem(
                "-983025",
                f"令牌已于 {_moment(admitted.until)} 到期{by_zh}。",
                f"The token ended at {_moment(admitted.until)}{by_en}.",
                "请换用接替的令牌，或由企业管理员发放新令牌。",
                "Use its successor, or let the firm's administrator issue a new one.",
            )
        )


def _scope_is_missing(scope: Scope) -> Problem:
    return _problem(
        "-983026",
        f"令牌不含此操作所需的范围：{scope}。",
        f"The token does not cover what this operation needs: {scope}.",
        "请换用含该范围的令牌，或由企业管理员发放。",
        "Use a token with this scope, or let the firm's administrator issue one.",
    )


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


def _problem(code: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Problem:
    return Problem(code=code, pointer="", severity="error", zh=zh, en=en, fix_zh=fix_zh, fix_en=fix_en)
