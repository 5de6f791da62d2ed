"""The bell: what one was told, what one wants to be told, and letters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kouan.accounts.access import PersonRequest, door
from kouan.notices import selectors
from kouan.notices.codes import NoticeState, Pace, Scope
from kouan.notices.forms import ChoiceForm, MailForm
from kouan.notices.services import choosing, mailing
from kouan.notices.topics import find_topic, list_topics, word_of_kind, word_of_topic
from kouan.screens.lists import BulkAct, ChoiceFilter, Column, DateRangeFilter, ListPage, MainAct, Preset, TextFilter
from kouan.screens.pieces import Chip, Crumb, Emptiness, Tone


def _chip_of(row: Any) -> Chip:
    topic = find_topic(row.topic)
    return Chip(topic.word, topic.tone) if topic else Chip(row.topic, Tone.UNKNOWN)


NOTICES = ListPage(
    key="notices",
    title=gettext_lazy("通知"),
    about=gettext_lazy("与本单位办件有关、您选择接收的事项"),
    columns=[
        Column("topic", gettext_lazy("通知事项"), _chip_of, kind="chip"),
        Column("number", gettext_lazy("编号"), kind="code", note=lambda row: word_of_kind(row.subject_kind)),
        Column("at", gettext_lazy("时间"), kind="when", sort="pk"),
        Column("state", gettext_lazy("状态"), kind="chip", family="notice"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("编号"), fields=["number__startswith"]),
        ChoiceFilter("state", gettext_lazy("状态"), choices=NoticeState.choices),
        ChoiceFilter(
            "topic", gettext_lazy("通知事项"), choices=lambda request: [(one.key, one.word) for one in list_topics()]
        ),
        DateRangeFilter("at", gettext_lazy("时间")),
    ],
    presets=[Preset("unread", gettext_lazy("未读"), {"state": ["unread"]}, is_counted=True)],
    bulk=[BulkAct("read", gettext_lazy("标为已读"), "read-notices", "check")],
    default_sort="-at",
    row_url=lambda row: reverse("notice", args=[row.pk]),
    empty=Emptiness(
        gettext_lazy("没有通知"),
        gettext_lazy("办件有您选择接收的变化时显示在这里"),
        gettext_lazy("选择接收的事项"),
        reverse_lazy("notice-choices"),  # type: ignore[arg-type]
        "bell",
    ),
    template="notices/notices.html",
)


@door()
@require_GET
def list_notices(request: PersonRequest) -> HttpResponseBase:
    """What one was told, the youngest first."""
    main_act = MainAct(_("通知设置"), reverse("notice-choices"), "settings")
    extra = {"has_unread": bool(selectors.count_unread(request.user))}
    return NOTICES.respond(request, selectors.list_notices(request.user), main_act=main_act, extra=extra)


@door()
@require_GET
def open_notice(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Mark a notice as read and go to its case."""
    return redirect(choosing.read_notice(user=request.user, pk=pk).url)


@door()
@require_POST
def read_notices(request: PersonRequest) -> HttpResponse:
    """Mark the chosen notices as read."""
    chosen = NOTICES.selection(request, selectors.list_notices(request.user))
    count = choosing.read_some(user=request.user, ids=[row.pk for row in chosen.rows])
    messages.success(request, _("已将 %(n)s 条标为已读。") % {"n": count})
    return redirect("notices")


@door()
@require_POST
def read_all_notices(request: PersonRequest) -> HttpResponse:
    """Mark everything as read."""
    choosing.read_all(user=request.user)
    messages.success(request, _("全部通知已标为已读。"))
    return redirect("notices")


@door()
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PersonRequest) -> HttpResponse:
    """Choose what to be told, for oneself or as what the organisation's people are told."""
    user, at = request.user, timezone.now()
    is_organisation = request.GET.get("for") == "organisation"
    here = reverse("notice-choices") + ("?for=organisation" if is_organisation else "")
    if request.method == "POST" and "reset" in request.POST:
        choosing.forget_choice(user=user, at=at, for_organisation=is_organisation)
        messages.success(request, _("已恢复默认。"))
        return redirect(here)
    choice = selectors.choice_of_organisation(user) if is_organisation else selectors.choice_of(user)
    form = ChoiceForm(request.POST or None, initial={"topics": choice.topics, "scope": choice.scope})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        choosing.choose(
            user=user, topics=given["topics"], scope=Scope(given["scope"]), at=at, for_organisation=is_organisation
        )
        messages.success(request, _("通知设置已保存。"))
        return redirect(here)
    reader = selectors.reader_of(user)
    context = {
        "form": form,
        "choice": choice,
        "is_organisation": is_organisation,
        "reader": reader,
        "submit_label": _("保存"),
        "crumbs": [Crumb(_("通知"), reverse("notices"))],
    }
    return render(request, "notices/choices.html", context, status=422 if form.errors else 200)


@door()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_mail(request: PersonRequest) -> HttpResponse:
    """Choose where and how often one gets mail."""
    reader = selectors.reader_of(request.user)
    form = MailForm(request.POST or None, initial={"address": reader.mail_address, "pace": reader.pace})
    if request.method == "POST" and form.is_valid():
        given, before = form.cleaned_data, reader.mail_address
        mailing.choose_mail(user=request.user, address=given["address"], pace=Pace(given["pace"]), at=timezone.now())
        is_new = given["address"] and given["address"] != before
        messages.success(request, _("已发出确认邮件，请查收。") if is_new else _("邮件设置已保存。"))
        return redirect("notice-mail")
    context = {
        "form": form,
        "reader": reader,
        "has_server": bool(settings.EMAIL_HOST),
        "submit_label": _("保存"),
        "crumbs": [Crumb(_("通知"), reverse("notices")), Crumb(_("通知设置"), reverse("notice-choices"))],
    }
    return render(request, "notices/mail_choice.html", context, status=422 if form.errors else 200)


@door()
@require_GET
def confirm_mail(request: PersonRequest, token: str) -> HttpResponse:
    """Confirm a mail address by the link in the letter."""
    mailing.confirm_address(user=request.user, token=token, at=timezone.now())
    messages.success(request, _("邮箱已确认。"))
    return redirect("notice-mail")


@door()
@require_GET
def show_topic_words(request: PersonRequest) -> HttpResponse:
    """The list of topics for those who program against webhooks: key and word."""
    context = {
        "topics": [(one.key, word_of_topic(one.key), one.group) for one in list_topics()],
        "title": _("事项代码"),
        "crumbs": [Crumb(_("事件推送"), reverse("endpoints"))],
    }
    return render(request, "notices/topics.html", context)
