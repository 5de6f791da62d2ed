"""A unit's own page: what it owes, by when; the same as a calendar, and as the morning's mail reads it."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kouan.accounts.access import door
from kouan.accounts.codes import Role
from kouan.supervision import owing
from kouan.supervision.views.acting import SEERS


@require_GET
@door(roles=SEERS)
def show_own(request: HttpRequest) -> HttpResponse:
    """What the person's unit owes, most pressing first."""
    user: Any = request.user
    today = timezone.localdate()
    found = owing.owed_by(user, on=today)
    context = {
        "title": _("本单位待办"),
        "about": _("我们欠什么、什么时候到期"),
        "groups": _groups(found, today),
        "is_empty": not found,
        "may_report": user.has_role(Role.LIAISON),
        "at": timezone.now(),
    }
    return render(request, "supervision/own.html", context)


def _groups(found: list[owing.Owed], today: date) -> list[dict[str, Any]]:
    """What is late, what comes, and what waits without a day; each with how far off its day is."""
    late = [each for each in found if each.day and each.day < today]
    coming = [each for each in found if each.day and each.day >= today]
    undated = [each for each in found if each.day is None]
    return [
        {"heading": _("已逾期"), "aside": len(late), "is_late": True, "things": [_shown(each, today) for each in late]},
        {"heading": _("将到期"), "aside": _("60 天内"), "things": [_shown(each, today) for each in coming]},
        {"heading": _("等待本单位"), "aside": len(undated), "things": [_shown(each, today) for each in undated]},
    ]


def _shown(each: owing.Owed, today: date) -> dict[str, Any]:
    days = (each.day - today).days if each.day else 0
    far = _("今天")
    if days:
        far = _("还有 %(n)s 天") % {"n": days} if days > 0 else _("已过 %(n)s 天") % {"n": -days}
    return {"kind": each.kind, "what": each.what, "day": each.day, "url": each.url, "note": each.note, "far": far}


@require_GET
@door(roles=SEERS)
def show_calendar(request: HttpRequest) -> HttpResponse:
    """A month of deadlines, reports, meetings and nodes."""
    user: Any = request.user
    today = timezone.localdate()
    month = _month_of(request.GET.get("month", ""), today)
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(month.year, month.month)
    by_day: dict[date, list[Any]] = {}
    for each in owing.calendar_of(user, since=weeks[0][0], until=weeks[-1][-1]):
        assert each.day is not None
        by_day.setdefault(each.day, []).append(each)
    before, after = month - timedelta(days=1), (month + timedelta(days=32)).replace(day=1)
    context = {
        "title": _("督办日历"),
        "about": _("%(month)s · 全部单位的时限、节点、会议和本单位的报告、来函") % {"month": f"{month:%Y-%m}"}
        if user.sees_all_cases
        else _("%(month)s · 本单位的时限、节点、报告、来函和会议") % {"month": f"{month:%Y-%m}"},
        "this_month": f"{today:%Y-%m}",
        "weeks": [
            [{"day": day, "things": by_day.get(day, []), "is_other": day.month != month.month, "is_today": day == today}
             for day in week]
            for week in weeks
        ],
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}",
        "weekdays": [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")],
    }  # fmt: skip
    return render(request, "supervision/calendar.html", context)


def _month_of(text: str, today: date) -> date:
    try:
        year, month = (int(part) for part in text.split("-"))
        return date(year, month, 1)
    except ValueError:
        return today.replace(day=1)
