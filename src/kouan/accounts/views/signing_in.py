"""Signing in and out, the language, and where a person starts."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kouan.accounts import selectors, services
from kouan.accounts.access import PersonRequest, door, public_door
from kouan.accounts.codes import Language
from kouan.accounts.forms import LanguageForm, SignInForm, show_mistake
from kouan.accounts.middleware import begin
from kouan.accounts.oidc.flow import address_to_leave
from kouan.accounts.oidc.provider import the_provider
from kouan.accounts.oidc.refusals import TheProviderIsAway
from kouan.accounts.passwords import password_rules
from kouan.accounts.services import TheSignInIsLocked, TheSignInIsWrong
from kouan.accounts.sessions import client_address
from kouan.screens import navigation

BACKEND = "kouan.accounts.sessions.PersonBackend"
WARNED_DAYS = 7
"""So many days before a password has to be changed people are told when they sign in."""
ID_TOKEN = "id_token"  # noqa: S105
"""Where a session that the provider opened keeps what the provider wants to see when it is left."""
LANGUAGE_SECONDS = 400 * 24 * 3600


@public_door(reason="人在登录之前需要登录页面")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: PersonRequest) -> HttpResponse:
    """The page to sign in; a person who is signed in goes on."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(goal_of(request))
        return _show(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        person = services.sign_in(**form.cleaned_data, address=client_address(request), at=timezone.now())
    except TheSignInIsWrong as wrong:
        show_mistake(form, wrong)
        return _show(request, form, status=422)
    except TheSignInIsLocked as locked:
        show_mistake(form, locked)
        return _show(request, form, status=429)
    return _enter(request, person)


@public_door(reason="演示环境中一键体验各个角色；不是演示环境时一律拒绝")
@require_POST
def sign_in_for_demonstration(request: PersonRequest) -> HttpResponse:
    """Sign in as a person of the demonstration by one click."""
    person = services.sign_in_for_demonstration(
        username=request.POST.get("username", "")[:60], address=client_address(request), at=timezone.now()
    )
    return _enter(request, person)


@door(first_step=True)
@require_POST
def sign_out(request: PersonRequest) -> HttpResponse:
    """End the session and go back to the page to sign in."""
    id_token = request.session.get(ID_TOKEN, "")
    services.sign_out(user=request.user, at=timezone.now())
    logout(request)
    provider = the_provider()
    if id_token and provider:
        try:
            address = address_to_leave(provider, id_token, return_url=request.build_absolute_uri(reverse("sign-in")))
        except TheProviderIsAway:
            address = ""
        if address:
            return send_to_provider(request, address, is_leaving=True)
    return redirect("sign-in")


@public_door(reason="登录之前也要能切换语言")
@require_POST
def choose_language(request: PersonRequest) -> HttpResponse:
    """Remember a language in the browser and, for a person signed in, with the person; go back."""
    form = LanguageForm(request.POST)
    response = HttpResponseRedirect(goal_of(request))
    if form.is_valid():
        language = form.cleaned_data["language"]
        if request.user.is_authenticated:
            services.choose_language(user=request.user, language=language, at=timezone.now())
        _remember_language(response, language)
    return response


@door()
@require_GET
def start(request: PersonRequest) -> HttpResponse:
    """Go to the first page of the person's navigation; to the own page who has no role yet."""
    duties = navigation.list_duties(request.user) if request.user.roles else ()
    return redirect(duties[0].links[0].url if duties else "own-page")


def send_to_provider(request: PersonRequest, address: str, *, is_leaving: bool = False) -> HttpResponse:
    """Answer a form with a page that goes on to the provider.

    Under ``form-action`` a browser follows no redirect of a form to another site.
    """
    context = {"address": address, "provider": the_provider(), "is_leaving": is_leaving}
    return render(request, "accounts/to_provider.html", context)


def _show(request: PersonRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    groups = selectors.list_demo_sign_ins() if settings.DEMO else []
    context = {
        "form": form,
        "groups": groups,
        "provider": the_provider(),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _enter(request: PersonRequest, person: Any) -> HttpResponse:
    goal = "own-password" if person.has_to_change_password else goal_of(request)
    login(request, person, backend=BACKEND)
    left = password_rules().days_left(person.password_set_at, at=timezone.now())
    if left is not None and left <= WARNED_DAYS and not person.has_to_change_password:
        words = ngettext("口令 %(days)s 天后到期，请及时修改。", "口令 %(days)s 天后到期，请及时修改。", left)
        messages.warning(request, words % {"days": left})
    return welcome(request, person, goal)


def welcome(request: PersonRequest, person: Any, goal: str) -> HttpResponse:
    """Lead a person who has just come in to a goal, in the person's language."""
    begin(request.session, time.time())
    response = redirect(goal)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES or person.language != Language.CHINESE:
        _remember_language(response, person.language)
    return response


def goal_of(request: PersonRequest) -> str:
    """Where the person wanted to go, if that is ours; else where the person starts."""
    goal = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if goal and is_ours else "/"


def _remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=LANGUAGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
