"""What waits for a person, as the frame shows it on every page: counted once in a few seconds, and after an act."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

_COOKIE = "acted_at"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
Count = int | None


def count_for(user: Any, name: str, ask: Callable[[Any], Count], *, since: float = 0.0) -> Count:
    """Give a count of a person's, at most ``KOUAN_COUNT_SECONDS`` old and made after ``since`` (Unix time)."""
    if not settings.KOUAN_COUNT_SECONDS:
        return ask(user)
    key = f"count:{user.pk}:{name}"
    made_at, count = cache.get(key, (0.0, None))
    if not made_at > since:  # also where the cookie holds no number
        made_at, count = time.time(), ask(user)
        cache.set(key, (made_at, count), settings.KOUAN_COUNT_SECONDS)
    return count


def acted_at(request: HttpRequest) -> float:
    """When the person last did something that may change a count, as their browser remembers; 0 for long ago."""
    try:
        return float(request.COOKIES.get(_COOKIE, "0"))
    except ValueError:
        return 0.0


class ActedMiddleware:
    """Have the browser remember when the person acted, so that whichever process makes the next page counts anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in _SAFE and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.set_cookie(
                _COOKIE,
                str(time.time()),
                max_age=60,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response
