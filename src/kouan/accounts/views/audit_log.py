"""The audit log, for the audit administrator: list, one entry with its proof, and the seals."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts import selectors
from kouan.accounts.access import PersonRequest, door
from kouan.accounts.codes import Role
from kouan.audit import acts
from kouan.audit import selectors as audit
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter
from kouan.screens.pieces import Crumb, Emptiness


class EntryDays(DateRangeFilter):
    """Days of the log: narrows by the key, which carries the time, and so reads only the months asked."""

    def narrow(self, rows: Any, value: Any) -> Any:
        """Return the entries of the days."""
        return audit.entries_between(rows, *value)


LOG = ListPage(
    key="audit",
    title=gettext_lazy("审计日志"),
    about=gettext_lazy("谁在何时对何事做了什么；只增不改，定时封存"),
    columns=[
        Column("at", gettext_lazy("时间"), kind="when", sort="id"),
        Column("actor", gettext_lazy("操作人"), "actor_label", note="organisation_name"),
        Column("act", gettext_lazy("操作"), lambda row: acts.word_of_act(row.act), note="act"),
        Column("subject", gettext_lazy("对象"), lambda row: acts.word_of_subject(row.subject_kind), note="subject_id"),
        Column("count", gettext_lazy("数量"), kind="count"),
        Column("purpose", gettext_lazy("用途"), shown=False),
        Column("request", gettext_lazy("请求编号"), "request_id", kind="code", shown=False),
        Column("seal", gettext_lazy("封存"), "seal_state", kind="chip", family="audit_seal"),
    ],
    filters=[
        TextFilter(
            "q",
            gettext_lazy("操作人或对象"),
            find=audit.find_entries,
            placeholder=gettext_lazy("姓名、用户名、对象编号"),
        ),
        EntryDays("day", gettext_lazy("日期"), field="at"),
        ChoiceFilter("act", gettext_lazy("操作"), choices=lambda request: acts.list_acts(), field="act"),
        ChoiceFilter(
            "subject", gettext_lazy("对象类型"), choices=lambda request: acts.list_subjects(), field="subject_kind"
        ),
    ],
    default_sort="-at",
    row_url=lambda row: reverse("audit-entry", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有审计记录"), gettext_lazy("所选条件下没有操作，可放宽日期"), icon="stamp"),
    template="accounts/audit_log.html",
)


@door(roles=[Role.AUDIT_ADMIN])
@require_GET
def list_entries(request: PersonRequest) -> HttpResponseBase:
    """The log."""
    return LOG.respond(request, selectors.list_audit_entries(), extra={"seals": audit.get_seal_state()})


@door(roles=[Role.AUDIT_ADMIN])
@require_GET
def show_entry(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One entry, its seal, and whether both still fit."""
    entry = selectors.get_audit_entry(pk=pk)
    context = {
        "entry": entry,
        "act": acts.word_of_act(entry.act),
        "subject": acts.word_of_subject(entry.subject_kind),
        "detail": json.dumps(entry.detail, ensure_ascii=False, indent=2) if entry.detail else "",
        "digest": bytes(entry.digest).hex() if entry.digest else "",
        "proof": audit.prove_entry(entry),
        "crumbs": [Crumb(_("审计日志"), reverse("audit-log"))],
        "at": timezone.now(),
    }
    return render(request, "accounts/audit_entry.html", context)
