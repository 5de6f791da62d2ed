"""Pages of indicators: the register, one indicator with its readings, entering one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, NotYours, door
from kouan.accounts.codes import Role
from kouan.indicators import selectors, services
from kouan.indicators.codes import Period, Shape
from kouan.indicators.forms import IndicatorForm, ReadingForm
from kouan.indicators.rules import TheReadingDoesNotFit
from kouan.indicators.types import Standing
from kouan.screens.charts import Labels, Part, StackedBars, to_stacked_bars
from kouan.screens.formats import to_quantity
from kouan.screens.pieces import Consequence, Crumb

ENTERERS = (Role.PORT_OFFICE_CLERK, Role.LIAISON, Role.PRINCIPAL)
LARGEST_FILE = 10 * 1024 * 1024


@require_GET
@door()
def list_indicators(request: HttpRequest) -> HttpResponse:
    """The register with where each indicator stands today."""
    user: Any = request.user
    found = selectors.list_indicators(user=user)
    names = accounts.organisation_names(each.owner_id for each in found if each.owner_id)
    rows = [
        {
            "definition": each,
            "standing": standing,
            "owner": names.get(each.owner_id, "") if each.owner_id else "",
            "period": Period(each.period).label,
            "shape": Shape(each.shape).label,
            "may_enter": each.owner_id == user.organisation_id and user.has_role(*ENTERERS),
        }
        for each, standing in zip(found, selectors.standings_of(found), strict=True)
    ]
    context = {
        "title": _("指标"),
        "about": _("每个指标的定义、口径、来源和时效；系统能计算的自动计算，其余由填报单位附依据填报"),
        "rows": rows,
        "may_define": user.has_role(Role.PORT_OFFICE_CLERK),
        "at": timezone.now(),
    }
    return render(request, "indicators/list.html", context)


@require_GET
@door()
def show_indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: definition, this year, every reading."""
    user: Any = request.user
    definition = selectors.get_indicator(key=key)
    if not user.roles:
        raise NotYours
    names = accounts.organisation_names([definition.owner_id]) if definition.owner_id else {}
    standing = selectors.standings_of([definition])[0]
    context = {
        "definition": definition,
        "title": definition.name,
        "standing": standing,
        "chart": _chart_of(standing),
        "readings": [] if definition.is_computed else selectors.list_readings(key=key),
        "owner": names.get(definition.owner_id, "") if definition.owner_id else "",
        "period": Period(definition.period).label,
        "shape": Shape(definition.shape).label,
        "may_enter": definition.owner_id == user.organisation_id and user.has_role(*ENTERERS),
        "crumbs": [Crumb(_("指标"), reverse("indicators"))],
    }
    return render(request, "indicators/indicator.html", context)


def _chart_of(standing: Standing) -> StackedBars | None:
    """The year's values as bars; the title says where the year stands and where it will end."""
    if standing.value is None:
        return None
    unit = standing.definition.unit
    if standing.definition.shape == Shape.FLOW:
        title = _("%(year)s 年至今 %(value)s %(unit)s")
    else:
        title = _("%(day)s 为 %(value)s %(unit)s")
    title %= {"year": standing.year, "day": standing.as_of, "value": to_quantity(standing.value), "unit": unit}
    if standing.forecast:
        title += _("，预计年底 %(value)s %(unit)s") % {"value": to_quantity(standing.forecast.value), "unit": unit}
    period = f"{standing.points[0].since} — {standing.as_of}"
    rows = [
        (f"{each.since:%Y-%m-%d} — {each.until:%m-%d}", [Part(standing.definition.name, float(each.value), 1)])
        for each in standing.points
    ]
    labels = Labels(title, unit, str(standing.definition.source), period)
    return to_stacked_bars(labels, rows, words=to_quantity)


@door(roles=[Role.PORT_OFFICE_CLERK])
def define_indicator(request: HttpRequest) -> HttpResponse:
    """Define an indicator that a unit will enter."""
    user: Any = request.user
    units = [(str(row.pk), row.name) for row in accounts.list_duty_units(on=timezone.localdate())]
    form = IndicatorForm(request.POST or None, units=units)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data | {"owner_id": UUID(form.cleaned_data["owner_id"])}
        try:
            row = services.define_indicator(actor=user, at=timezone.now(), **data)
            return redirect("indicator", key=row.key)
        except TheReadingDoesNotFit as refusal:
            problems = [refusal.problem]
    return _confirm(request, form, problems, _("定义指标"), _("定义"), reverse("indicators"))


@door(roles=ENTERERS)
def enter_reading(request: HttpRequest, key: str) -> HttpResponse:
    """Enter a value; for a time that has one it is a correction."""
    user: Any = request.user
    definition = selectors.get_indicator(key=key)
    if definition.owner_id != user.organisation_id:
        raise NotAllowed("该指标由其填报单位填报。", "Only the unit that owns the indicator enters it.", "", "")
    form = ReadingForm(request.POST or None, request.FILES or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        file = data.pop("file")
        if file and file.size > LARGEST_FILE:
            form.add_error("file", _("文件超过 10 MB"))
        else:
            try:
                services.enter_reading(
                    actor=user,
                    at=timezone.now(),
                    key=key,
                    file_name=file.name if file else "",
                    content=file.read() if file else b"",
                    **data,
                )
                return redirect("indicator", key=key)
            except (TheReadingDoesNotFit, NotAllowed) as refusal:
                problems = [refusal.problem]
    notes = [Consequence(_("同一期间再次填报即为更正，两次填报都保留"))]
    return _confirm(
        request, form, problems, _("填报读数"), _("填报"), reverse("indicator", args=[key]), notes, definition.name
    )


@require_GET
@door()
def download_evidence(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    """The file behind a reading."""
    user: Any = request.user
    reading = selectors.find_reading(key=key, pk=pk)
    if reading.raw is None or not user.has_role(*ENTERERS, Role.OFFICER):
        raise NotYours
    response = HttpResponse(bytes(reading.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(reading.file_name)}"
    return response


def _confirm(
    request: HttpRequest,
    form: Any,
    problems: list[Any],
    title: Any,
    label: Any,
    back: str,
    notes: Any = (),
    about: Any = "",
) -> HttpResponse:
    context = {
        "title": title,
        "about": about,
        "consequences": notes,
        "act_label": label,
        "back_url": back,
        "form": form,
        "problems": problems,
        "is_upload": True,
    }
    return render(request, "screens/confirm.html", context)
