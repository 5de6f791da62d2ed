"""Signing in by the provider, and linking people to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts import selectors, services
from kouan.accounts.access import NotYours, PersonRequest, door, public_door
from kouan.accounts.codes import Role
from kouan.accounts.forms import ConfirmForm, SubjectForm, show_mistake
from kouan.accounts.oidc.flow import ATTEMPT_SECONDS, Attempt, Purpose, Vouched, address_to_ask, hear
from kouan.accounts.oidc.provider import Provider, the_provider
from kouan.accounts.oidc.refusals import the_attempt_is_over
from kouan.accounts.rules import Mistake
from kouan.accounts.sessions import client_address
from kouan.accounts.views.signing_in import ID_TOKEN, goal_of, send_to_provider, welcome
from kouan.screens.pieces import Consequence, Crumb

BACKEND = "kouan.accounts.sessions.ProviderBackend"
_COOKIE = "kouan-provider"
_LONGEST_KEPT = 8192


@public_door(reason="经统一身份认证登录，从这里开始")
@never_cache
@require_GET
def sign_in_by_provider(request: PersonRequest) -> HttpResponse:
    """Send the browser to the provider."""
    provider = _provider()
    attempt = Attempt.begin(Purpose.SIGN_IN, goal=goal_of(request))
    try:
        address = address_to_ask(provider, attempt, return_url=_return_url(request))
    except Mistake as refused:
        return _refuse(request, refused)
    return _remember(redirect(address), attempt)


@public_door(reason="统一身份认证把浏览器送回这里；只认本浏览器发起的登录")
@never_cache
@require_GET
def come_back(request: PersonRequest) -> HttpResponse:
    """Let in, or link, whom the provider vouches for."""
    provider = _provider()
    try:
        attempt = Attempt.open(request.COOKIES.get(_COOKIE, ""))
        vouched = hear(provider, attempt, request.GET.dict(), return_url=_return_url(request), at=timezone.now())
        response = (_link if attempt.purpose == Purpose.LINK else _enter)(request, attempt, vouched)
    except Mistake as refused:
        response = _refuse(request, refused)
    response.delete_cookie(_COOKIE, path=reverse("provider-sign-in"))
    return response


@door()
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_oneself(request: PersonRequest) -> HttpResponse:
    """Link oneself: with the own password here, and by signing in at the provider."""
    provider = the_provider()
    if provider is None or selectors.find_identity(user_id=request.user.pk, issuer=provider.issuer):
        return redirect("own-page")
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt = Attempt.begin(Purpose.LINK, goal=reverse("own-page"), person_id=str(request.user.pk))
        try:
            services.confirm_password(
                user=request.user,
                password=form.cleaned_data["password"],
                address=client_address(request),
                at=timezone.now(),
            )
            address = address_to_ask(provider, attempt, return_url=_return_url(request))
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            return _remember(send_to_provider(request, address), attempt)
    context = {
        "form": form,
        "title": _("关联%(provider)s") % {"provider": provider.label},
        "about": _("先确认本系统口令，再到对方登录一次；此后可直接经其登录"),
        "submit_label": _("继续"),
        "back_url": reverse("own-page"),
        "crumbs": [Crumb(_("个人设置"), reverse("own-page"))],
    }
    return render(request, "accounts/plain_form.html", context, status=422 if form.errors else 200)


@door()
@require_http_methods(["GET", "HEAD", "POST"])
def unlink_oneself(request: PersonRequest) -> HttpResponse:
    """Undo one's own link, after saying what that does."""
    provider = the_provider()
    if provider is None:
        return redirect("own-page")
    if request.method == "POST":
        services.unlink_identity(actor=request.user, at=timezone.now(), user_id=request.user.pk, issuer=provider.issuer)
        messages.success(request, _("已取消关联"))
        return redirect("own-page")
    return _ask_to_unlink(request, provider, request.user.name, reverse("own-page"))


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def link_person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Link a person to the identifier by which the provider knows the person."""
    person = selectors.get_person(user=request.user, pk=pk)
    provider = the_provider()
    if provider is None or person == request.user:
        return redirect("person", pk=pk)
    form = SubjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.link_identity(
                actor=request.user,
                at=timezone.now(),
                user_id=person.pk,
                issuer=provider.issuer,
                subject=form.cleaned_data["subject"],
            )
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("已关联"))
            return redirect("person", pk=pk)
    context = {
        "form": form,
        "title": _("关联%(provider)s") % {"provider": provider.label},
        "about": f"{person.name}（{person.username}） · {person.organisation.name}",
        "submit_label": _("关联"),
        "back_url": reverse("person", args=[pk]),
        "crumbs": [Crumb(_("人员管理"), reverse("people")), Crumb(person.name, reverse("person", args=[pk]))],
    }
    return render(request, "accounts/plain_form.html", context, status=422 if form.errors else 200)


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def unlink_person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Undo the link of a person, after saying what that does."""
    person = selectors.get_person(user=request.user, pk=pk)
    provider = the_provider()
    if provider is None:
        return redirect("person", pk=pk)
    if request.method == "POST":
        services.unlink_identity(actor=request.user, at=timezone.now(), user_id=pk, issuer=provider.issuer)
        messages.success(request, _("已取消关联"))
        return redirect("person", pk=pk)
    return _ask_to_unlink(request, provider, person.name, reverse("person", args=[pk]))


def _provider() -> Provider:
    provider = the_provider()
    if provider is None:
        raise NotYours
    return provider


def _return_url(request: PersonRequest) -> str:
    return request.build_absolute_uri(reverse("provider-return"))


def _remember(response: HttpResponse, attempt: Attempt) -> HttpResponse:
    response.set_cookie(
        _COOKIE,
        attempt.seal(),
        max_age=ATTEMPT_SECONDS,
        path=reverse("provider-sign-in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _enter(request: PersonRequest, attempt: Attempt, vouched: Vouched) -> HttpResponse:
    person = services.sign_in_by_provider(
        issuer=vouched.issuer, subject=vouched.subject, address=client_address(request), at=timezone.now()
    )
    login(request, person, backend=BACKEND)
    if len(vouched.id_token) <= _LONGEST_KEPT:
        request.session[ID_TOKEN] = vouched.id_token
    return welcome(request, person, attempt.goal)


def _link(request: PersonRequest, attempt: Attempt, vouched: Vouched) -> HttpResponse:
    if str(request.user.pk) != attempt.person_id:
        raise the_attempt_is_over()
    services.link_identity(
        actor=request.user,
        at=timezone.now(),
        user_id=request.user.pk,
        issuer=vouched.issuer,
        subject=vouched.subject,
    )
    messages.success(request, _("已关联，以后可经统一身份认证登录"))
    return redirect(attempt.goal)


def _refuse(request: PersonRequest, refused: Mistake) -> HttpResponse:
    context = {"problem": refused.problem, "provider": the_provider()}
    return render(request, "accounts/provider_refused.html", context, status=getattr(refused, "status", 403))


def _ask_to_unlink(request: PersonRequest, provider: Provider, about: str, back_url: str) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("取消关联%(provider)s") % {"provider": provider.label},
        "about": about,
        "consequences": [
            Consequence(_("不能再经其登录；经其登录的会话随即退出")),
            Consequence(_("本系统的口令不受影响；没有口令的，请系统管理员发放首次口令")),
            Consequence(_("可随时重新关联"), "undoable"),
        ],
        "act_label": _("取消关联"),
        "is_danger": True,
        "back_url": back_url,
    }
    return render(request, "screens/confirm.html", context)
