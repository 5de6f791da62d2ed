"""Webhooks: the endpoints of an organisation's own systems, and what could not be delivered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kouan.accounts import selectors as accounts
from kouan.accounts.access import PersonRequest, door
from kouan.accounts.codes import Role
from kouan.accounts.forms import show_mistake
from kouan.accounts.rules import Mistake
from kouan.notices import selectors
from kouan.notices.codes import DispatchState, EndpointState, Scope
from kouan.notices.forms import EndpointForm
from kouan.notices.services import endpoints as service
from kouan.notices.topics import word_of_topic
from kouan.screens.lists import BulkAct, ChoiceFilter, Column, ListPage, MainAct, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness

KEEPERS = (Role.TRADER_CLERK, Role.SITE_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK)
SEERS = (*KEEPERS, Role.SYSTEM_ADMIN)

ENDPOINTS = ListPage(
    key="endpoints",
    title=gettext_lazy("事件推送"),
    about=gettext_lazy("办件有变化时，签名推送到本单位自己的系统"),
    columns=[
        Column("name", gettext_lazy("名称"), sort="name"),
        Column("health", gettext_lazy("状态"), kind="chip", family="endpoint"),
        Column("url", gettext_lazy("推送地址"), kind="code"),
        Column("waiting", gettext_lazy("有待推送"), "has_waiting", kind="yes_no"),
        Column("dead", gettext_lazy("有未送达"), "has_dead", kind="yes_no"),
        Column("count", gettext_lazy("已送达"), "delivered_count", kind="count"),
        Column("delivered", gettext_lazy("最近送达"), "last_delivered_at", kind="when"),
        Column("failing", gettext_lazy("故障起始"), "failing_since", kind="when"),
        Column("error", gettext_lazy("最近错误"), "last_error", is_long=True),
    ],
    filters=[
        TextFilter("q", gettext_lazy("名称或地址"), fields=["name", "url"]),
        ChoiceFilter("health", gettext_lazy("状态"), choices=EndpointState.choices),
    ],
    default_sort="name",
    row_url=lambda row: reverse("endpoint", args=[row.pk]),
    empty=Emptiness(
        gettext_lazy("没有推送端点"),
        gettext_lazy("登记本单位系统的地址后，所选事项随发生随推送，失败自动重试，不丢失"),
        gettext_lazy("登记端点"),
        reverse_lazy("new-endpoint"),  # type: ignore[arg-type]
        "network",
    ),
)

DEAD = ListPage(
    key="undelivered",
    title=gettext_lazy("未送达的推送"),
    about=gettext_lazy("端点拒收、长期故障或积压过多的事件；原样保留，可重新推送"),
    columns=[
        Column("topic", gettext_lazy("通知事项"), lambda row: word_of_topic(row.topic)),
        Column("number", gettext_lazy("编号"), kind="code"),
        Column("endpoint", gettext_lazy("推送端点"), url=lambda row: reverse("endpoint", args=[row.endpoint_id])),
        Column("error", gettext_lazy("原因")),
        Column("attempts", gettext_lazy("尝试次数"), kind="count"),
        Column("created", gettext_lazy("生成时间"), "created_at", kind="when", sort="pk"),
        Column("given_up", gettext_lazy("放弃时间"), "given_up_at", kind="when"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("编号"), fields=["number__startswith"]),
        TextFilter("error", gettext_lazy("原因"), fields=["error"]),
    ],
    bulk=[BulkAct("resend", gettext_lazy("重新推送"), "resend-undelivered", "refresh")],
    default_sort="-created",
    empty=Emptiness(gettext_lazy("没有未送达的推送"), gettext_lazy("所有事件都已送达，或仍在按次序重试"), icon="check"),
)


@door(roles=SEERS)
@require_GET
def list_endpoints(request: PersonRequest) -> HttpResponseBase:
    """The endpoints that one may see."""
    may_open = request.user.has_role(*KEEPERS)
    main_act = MainAct(_("登记端点"), reverse("new-endpoint")) if may_open else None
    return ENDPOINTS.respond(request, selectors.list_endpoints(request.user), main_act=main_act)


@door(roles=SEERS)
@require_GET
def show_endpoint(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One endpoint: how it fares, what goes out next."""
    endpoint = selectors.get_endpoint(user=request.user, pk=pk)
    context = {
        "endpoint": endpoint,
        "owner": accounts.organisation_names([endpoint.organisation_id]).get(endpoint.organisation_id, ""),
        "is_own": endpoint.organisation_id == request.user.organisation_id and request.user.has_role(*KEEPERS),
        "may_close": endpoint.organisation_id == request.user.organisation_id or request.user.is_system_admin,
        "topics": [word_of_topic(key) for key in endpoint.topics],
        "waiting_count": selectors.count_of(endpoint, DispatchState.WAITING),
        "dead_count": selectors.count_of(endpoint, DispatchState.DEAD),
        "waiting": [(one, word_of_topic(one.topic)) for one in selectors.next_dispatches(endpoint)],
        "crumbs": _crumbs(),
        "at": timezone.now(),
    }
    return render(request, "notices/endpoint.html", context)


@door(roles=KEEPERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_endpoint(request: PersonRequest) -> HttpResponse:
    """Register an endpoint; its secret is shown once."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = service.open_endpoint(user=request.user, at=timezone.now(), **_given(form))
            return _show_secret(request, endpoint.pk, endpoint.name, secret)
        except Mistake as mistake:
            show_mistake(form, mistake)
    return _show_form(request, form, _("登记端点"), reverse("endpoints"))


@door(roles=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_endpoint(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change an endpoint."""
    endpoint = selectors.get_endpoint(user=request.user, pk=pk)
    initial = {name: getattr(endpoint, name) for name in ("name", "url", "topics", "scope")}
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service.change_endpoint(user=request.user, pk=pk, at=timezone.now(), **_given(form))
            messages.success(request, _("已保存。"))
            return redirect("endpoint", pk=pk)
        except Mistake as mistake:
            show_mistake(form, mistake)
    return _show_form(request, form, _("修改端点"), reverse("endpoint", args=[pk]))


@door(roles=KEEPERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def turn_key(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Give an endpoint a new secret."""
    endpoint = selectors.get_endpoint(user=request.user, pk=pk)
    if request.method == "POST":
        secret = service.turn_key(user=request.user, pk=pk, at=timezone.now())
        return _show_secret(request, pk, endpoint.name, secret)
    consequences = [
        Consequence(_("新密钥只显示一次")),
        Consequence(_("24 小时内新旧密钥同时签名，接收系统可平滑更换")),
        Consequence(_("24 小时后旧密钥失效"), "final"),
    ]
    return _confirm(request, endpoint, _("更换签名密钥"), consequences, _("更换"))


@door(roles=SEERS)
@require_http_methods(["GET", "HEAD", "POST"])
def close_endpoint(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Post no more to an endpoint."""
    endpoint = selectors.get_endpoint(user=request.user, pk=pk)
    if request.method == "POST":
        service.close_endpoint(user=request.user, pk=pk, at=timezone.now())
        messages.success(request, _("端点已停用。"))
        return redirect("endpoint", pk=pk)
    consequences = [
        Consequence(_("不再推送新事件")),
        Consequence(_("尚未送达的事件转入未送达，保留原样")),
        Consequence(_("可随时重新启用"), "undoable"),
    ]
    return _confirm(request, endpoint, _("停用端点"), consequences, _("停用"), is_danger=True)


@door(roles=KEEPERS)
@require_POST
def reopen_endpoint(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Post to a closed endpoint again."""
    try:
        service.reopen_endpoint(user=request.user, pk=pk, at=timezone.now())
        messages.success(request, _("端点已启用。"))
    except Mistake as mistake:
        messages.error(request, mistake.problem.zh)
    return redirect("endpoint", pk=pk)


@door(roles=KEEPERS)
@require_POST
def ping_endpoint(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Post a test event."""
    service.ping_endpoint(user=request.user, pk=pk, at=timezone.now())
    messages.success(request, _("测试事件已排入推送，几秒后刷新查看结果。"))
    return redirect("endpoint", pk=pk)


@door(roles=SEERS)
@require_GET
def list_undelivered(request: PersonRequest) -> HttpResponseBase:
    """What could not be delivered."""
    crumbs = _crumbs()
    return DEAD.respond(request, selectors.list_dead(request.user), crumbs=crumbs)


@door(roles=SEERS)
@require_POST
def resend_undelivered(request: PersonRequest) -> HttpResponse:
    """Put the chosen events back into the line."""
    chosen = DEAD.selection(request, selectors.list_dead(request.user))
    ids = [row.pk for row in chosen.rows]
    rows = selectors.list_dead(request.user).filter(pk__in=ids)
    count = service.resend(user=request.user, rows=rows, at=timezone.now())
    words = ngettext("已将 %(n)s 个事件重新排入推送。", "已将 %(n)s 个事件重新排入推送。", count)
    messages.success(request, words % {"n": count})
    if count < len(ids):
        messages.warning(request, _("其余事件的端点已停用，请先启用端点。"))
    return redirect("undelivered")


def _given(form: EndpointForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {"name": given["name"], "url": given["url"], "topics": given["topics"], "scope": Scope(given["scope"])}


def _crumbs() -> list[Crumb]:
    return [Crumb(_("事件推送"), reverse("endpoints"))]


def _show_form(request: PersonRequest, form: EndpointForm, title: str, back_url: str) -> HttpResponse:
    context = {"form": form, "title": title, "submit_label": title, "back_url": back_url, "crumbs": _crumbs()}
    return render(request, "notices/endpoint_form.html", context, status=422 if form.errors else 200)


def _show_secret(request: PersonRequest, pk: UUID, name: str, secret: str) -> HttpResponse:
    context = {"pk": pk, "name": name, "secret": secret, "crumbs": _crumbs()}
    return render(request, "notices/secret.html", context)


def _confirm(
    request: PersonRequest,
    endpoint: Any,
    title: str,
    consequences: list[Consequence],
    act: str,
    is_danger: bool = False,
) -> HttpResponse:
    context = {
        "title": title,
        "about": endpoint.name,
        "consequences": consequences,
        "act_label": act,
        "is_danger": is_danger,
        "back_url": reverse("endpoint", args=[endpoint.pk]),
    }
    return render(request, "screens/confirm.html", context)
