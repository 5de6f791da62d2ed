"""The outbox: letters as they went out, or would have gone out."""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from kouan.accounts.access import PersonRequest, door
from kouan.accounts.codes import Role
from kouan.notices import selectors
from kouan.notices.codes import MailState
from kouan.notices.services import mailing, telling
from kouan.screens.lists import ChoiceFilter, Column, ListPage
from kouan.screens.pieces import Crumb, Emptiness

log = logging.getLogger("kouan.notices.outbox")

OUTBOX = ListPage(
    key="outbox",
    title=gettext_lazy("发件箱"),
    about=gettext_lazy("系统写出的通知邮件，保留 30 天"),
    columns=[
        Column("subject", gettext_lazy("主题")),
        Column("address", gettext_lazy("电子邮箱"), mask="mail"),
        Column("state", gettext_lazy("状态"), kind="chip", family="mail"),
        Column("written", gettext_lazy("写成时间"), "written_at", kind="when", sort="pk"),
        Column("sent", gettext_lazy("发出时间"), "sent_at", kind="when"),
        Column("error", gettext_lazy("原因"), is_long=True),
    ],
    filters=[ChoiceFilter("state", gettext_lazy("状态"), choices=MailState.choices)],
    default_sort="-written",
    row_url=lambda row: reverse("letter", args=[row.pk]),
    empty=Emptiness(gettext_lazy("没有邮件"), gettext_lazy("有人选择邮件通知后，写出的邮件显示在这里"), icon="mail"),
    template="notices/outbox.html",
)


@door(roles=[Role.SYSTEM_ADMIN])
@require_GET
def list_letters(request: PersonRequest) -> HttpResponseBase:
    """All letters; without a mail server they only stand here."""
    extra = {"has_server": bool(settings.EMAIL_HOST), "untold_count": selectors.count_untold()}
    return OUTBOX.respond(request, selectors.list_mail(request.user), extra=extra)


@door()
@require_GET
def show_letter(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One letter; one's own, or any for the administrator of the system."""
    letter = selectors.get_mail(user=request.user, pk=pk)
    crumbs = [Crumb(_("发件箱"), reverse("outbox"))] if request.user.is_system_admin else []
    context = {"letter": letter, "has_server": bool(settings.EMAIL_HOST), "crumbs": crumbs}
    return render(request, "notices/letter.html", context)


@door(roles=[Role.SYSTEM_ADMIN])
@require_POST
def resend_letter(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Send a letter again."""
    if mailing.resend_letter(user=request.user, pk=pk, at=timezone.now()):
        messages.success(request, _("已重新排入发送。"))
    else:
        messages.warning(request, _("未设置邮件服务器，邮件只留存在发件箱。"))
    return redirect("letter", pk=pk)


@door(roles=[Role.SYSTEM_ADMIN])
@require_POST
def tell_again(request: PersonRequest) -> HttpResponse:
    """Tell the events that were set aside because telling them failed."""
    try:
        count = telling.tell_again(user=request.user, at=timezone.now())
        messages.success(request, _("已重新通知 %(n)s 个事件。") % {"n": count})
    except Exception:
        log.exception("events that were set aside cannot be told")
        messages.error(request, _("仍未能通知，原因见系统日志。"))
    return redirect("outbox")
