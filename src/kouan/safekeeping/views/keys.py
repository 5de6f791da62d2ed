"""The pages of the keys: each month, how long it is kept, and the destruction of one whose time is over."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.audit.types import Actor
from kouan.safekeeping import selectors
from kouan.safekeeping.forms import RetentionForm
from kouan.safekeeping.selectors import KeptMonth
from kouan.safekeeping.services import keys
from kouan.screens.formats import is_english
from kouan.screens.pieces import Chip, Consequence, Crumb, Tone


@require_GET
@door(roles=[Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def list_keys(request: HttpRequest) -> HttpResponse:
    """Show the months with their keys, and the retention in force."""
    today = timezone.localdate()
    months = selectors.list_months(on_date=today)
    context = {
        "title": _("原文密钥"),
        "months": [(month, _standing(month)) for month in months],
        "retention": selectors.retention_on(today),
        "retentions": selectors.list_retentions(),
        "is_security_admin": request.user.has_role(Role.SECURITY_ADMIN),  # type: ignore[union-attr]
    }
    return render(request, "safekeeping/keys.html", context)


def _standing(month: KeptMonth) -> Chip:
    if month.destroyed_at is not None:
        return Chip(_("已销毁"), Tone.IDLE, "minus")
    if month.is_due:
        return Chip(_("期满可销毁"), Tone.WAITING)
    return Chip(_("可读"), Tone.DONE)


@require_http_methods(["GET", "POST"])
@door(roles=[Role.SECURITY_ADMIN])
def set_retention(request: HttpRequest) -> HttpResponse:
    """Enter how long originals stay readable."""
    form = RetentionForm(request.POST or None, initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            keys.set_retention(actor=_actor(request), at=timezone.now(), **form.cleaned_data)
        except NotAllowed as refused:
            form.add_error("since", refused.problem.en if is_english() else refused.problem.zh)
        else:
            messages.success(request, _("保存期限已登记"))
            return redirect("key-list")
    context: dict[str, Any] = {
        "form": form,
        "title": _("登记保存期限"),
        "about": _("以前的登记保留；已销毁的月份不受影响"),
        "submit_label": _("登记"),
        "back_url": reverse("key-list"),
        "crumbs": [Crumb(_("原文密钥"), reverse("key-list"))],
    }
    return render(request, "safekeeping/retention.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@door(roles=[Role.SECURITY_ADMIN])
def destroy_key(request: HttpRequest, month: str) -> HttpResponse:
    """Destroy the key of a month, after saying what that does."""
    if request.method == "POST":
        keys.destroy_key(actor=_actor(request), month=month, at=timezone.now())
        messages.success(request, _("%(month)s 的密钥已销毁") % {"month": month})
        return redirect("key-list")
    context = {
        "title": _("销毁密钥"),
        "about": month,
        "consequences": [
            Consequence(_("该月收发的报文和回执原文从此任何人都不能读取，备份中的也不能")),
            Consequence(_("办件、状态、时间线和审计记录保留不变")),
            Consequence(_("无法撤回")),
        ],
        "act_label": _("销毁"),
        "back_url": reverse("key-list"),
        "is_danger": True,
    }
    return render(request, "screens/confirm.html", context)


def _actor(request: HttpRequest) -> Actor:
    """The person who acts; the door has let in nobody else."""
    return cast(Actor, request.user)
