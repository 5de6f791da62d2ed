"""The persons of a record: masked by default, in full for a stated purpose and a short time; and who saw them."""

from __future__ import annotations

import math
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts.access import NotAllowed, NotYours, door
from kouan.accounts.codes import Role
from kouan.audit import acts
from kouan.audit import selectors as audit
from kouan.safekeeping import selectors
from kouan.safekeeping.forms import PurposeForm
from kouan.safekeeping.safe import KeyGone
from kouan.safekeeping.services.unmasking import NEED_IT, see_persons, state_purpose
from kouan.safekeeping.subjects import get_subject, list_subjects
from kouan.safekeeping.types import Person
from kouan.screens.formats import is_english
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter
from kouan.screens.pieces import Crumb, Emptiness


@require_http_methods(["GET", "POST"])
@door(roles=NEED_IT)
def show_persons(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Show the persons of a record masked; take a purpose, and show them in full while it holds."""
    user: Any = request.user
    at = timezone.now()
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            state_purpose(user=user, subject_kind=kind, subject_id=pk, at=at, **form.cleaned_data)
            return redirect("persons", kind, pk)
        except NotAllowed as refusal:
            form.add_error("words", refusal.problem.en if is_english() else refusal.problem.zh)
    subject = get_subject(kind)
    if subject is None:
        raise NotYours
    running = selectors.running_unmasking(user_id=user.pk, subject_id=pk, at=at)
    persons: list[Person] = []
    erased = []
    try:
        persons = see_persons(user=user, row=running, at=at) if running else list(subject.read(user, pk))
    except KeyGone as gone:
        erased = [gone.problem]
    context = {
        "title": _("个人信息"),
        "number": subject.numbers([pk]).get(pk, ""),
        "word": subject.word,
        "persons": persons,
        "erased": erased,
        "running": running,
        "seconds": math.ceil((running.until - at).total_seconds()) if running else 0,
        "form": form,
        "back_url": reverse(subject.page, args=[pk]),
        "crumbs": [Crumb(f"{subject.word} {subject.numbers([pk]).get(pk, '')}", reverse(subject.page, args=[pk]))],
        "at": at,
    }
    response = render(request, "safekeeping/persons.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


class ReadingDays(DateRangeFilter):
    """Days on which data was seen: narrows by the key, which carries the time."""

    def narrow(self, rows: Any, value: tuple[date | None, date | None]) -> Any:
        """Return the entries of the days."""
        return audit.entries_between(rows, *value)


READINGS = ListPage(
    key="personal-readings",
    title=gettext_lazy("个人信息查阅记录"),
    about=gettext_lazy("谁在何时为何事看了谁的个人信息；记录中没有个人信息本身"),
    columns=[
        Column("at", gettext_lazy("时间"), kind="when", sort="id"),
        Column("actor", gettext_lazy("查看人"), "actor_label", note="organisation_name"),
        Column("act", gettext_lazy("操作"), lambda row: acts.word_of_act(row.act)),
        Column("subject", gettext_lazy("对象"), lambda row: acts.word_of_subject(row.subject_kind)),
        Column("number", gettext_lazy("编号"), lambda row: row.detail.get("number", ""), kind="code"),
        Column("purpose", gettext_lazy("用途和事由"), "purpose"),
    ],
    filters=[
        TextFilter(
            "q", gettext_lazy("查看人、编号或本人号码"), find=selectors.find_readings,
            placeholder=gettext_lazy("姓名、用户名，或完整的证件号、电话"),
        ),
        ReadingDays("day", gettext_lazy("日期"), field="at"),
        ChoiceFilter("act", gettext_lazy("操作"), choices=lambda request: _acts(), field="act"),
        ChoiceFilter(
            "subject", gettext_lazy("对象类型"), field="subject_kind",
            choices=lambda request: [(one.key, one.word) for one in list_subjects()],
        ),
    ],
    default_sort="-at",
    row_url=lambda row: reverse("audit-entry", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有查阅记录"), gettext_lazy("所选条件下没有人看过个人信息明文"), icon="eye-off"),
)  # fmt: skip


def _acts() -> list[tuple[str, str]]:
    return [(act, acts.word_of_act(act)) for act in selectors.READING_ACTS]


@require_GET
@door(roles=[Role.AUDIT_ADMIN])
def list_readings(request: HttpRequest) -> HttpResponseBase:
    """Show who saw whose personal data, when and for what."""
    return READINGS.respond(request, selectors.list_readings())
