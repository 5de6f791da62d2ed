"""What stands around every request: the language of the screen, the end of an idle session, and refusals."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from kouan.accounts.access import NotSignedIn, Refusal, ThePasswordMustChange
from kouan.screens.errors import show_error

_SEEN_AT, _BEGAN_AT = "seen_at", "began_at"
BY_ITSELF = "X-By-Itself"
_SECONDS_BETWEEN_NOTES = 60

Handler = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """Speak the language that the person chose, remembered in a cookie; Chinese to everybody else.

    The browser's own wish is not asked: a Chinese official's English browser is common, an English office is not.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else str(settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


def is_idle(session: SessionBase, now: float) -> bool:
    """Whether the person of a session has done nothing for ``KOUAN_IDLE_MINUTES``; ``now`` in seconds."""
    seen_at = session.get(_SEEN_AT, 0.0)
    return bool(seen_at) and now - seen_at > settings.KOUAN_IDLE_MINUTES * 60


def is_too_long(session: SessionBase, now: float) -> bool:
    """Whether a session lasts longer than ``KOUAN_SESSION_HOURS``, whatever was done in it; ``now`` in seconds."""
    return now - session.get(_BEGAN_AT, now) > settings.KOUAN_SESSION_HOURS * 3600


def begin(session: SessionBase, now: float) -> None:
    """Note that a person has just signed in."""
    session[_BEGAN_AT] = session[_SEEN_AT] = now


class IdleMiddleware:
    """Sign a person out who has done nothing for ``KOUAN_IDLE_MINUTES``, or came ``KOUAN_SESSION_HOURS`` ago.

    Stands below the session's middleware.

    What a page asks for by itself, as it says in a header, is no work of the person's.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.COOKIES.get(settings.SESSION_COOKIE_NAME) and "_auth_user_id" in request.session:
            now, seen_at = time.time(), request.session.get(_SEEN_AT, 0.0)
            if is_idle(request.session, now):
                logout(request)
                messages.info(request, _("您已较长时间没有操作，为安全起见已退出登录。"))
            elif is_too_long(request.session, now):
                logout(request)
                messages.info(request, _("本次登录已达最长时间，为安全起见已退出，请重新登录。"))
            elif now - seen_at > _SECONDS_BETWEEN_NOTES and not request.headers.get(BY_ITSELF):
                request.session[_SEEN_AT] = now
                request.session.setdefault(_BEGAN_AT, now)
        return self.get_response(request)


class RefusalMiddleware:
    """Turn a refusal into a page with its sentence, or for machines into the one shape of problems."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; leave every other error to Django."""
        return answer(request, error) if isinstance(error, Refusal) else None


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refused request, in the form that the caller reads."""
    if wants_json(request):
        return JsonResponse({"problems": [refusal.problem.to_dict()]}, status=refusal.status)
    if isinstance(refusal, NotSignedIn):
        return _to_sign_in(request)
    if isinstance(refusal, ThePasswordMustChange):
        return redirect("own-password")
    return show_error(request, refusal.status, problems=[refusal.problem])


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a machine: an address of the API, or one that asks for JSON."""
    if request.path.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    is_page = request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request")
    query = f"?{urlencode({'next': request.get_full_path()})}" if is_page else ""
    address = reverse("sign-in") + query
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
