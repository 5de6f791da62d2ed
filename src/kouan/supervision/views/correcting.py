"""What people correct of a reading, by click: the head, a unit, a deadline, a figure, a title, what is no task."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kouan.accounts.access import NotYours, door
from kouan.screens.pieces import Consequence
from kouan.supervision.codes import CorrectionKind
from kouan.supervision.correcting import DraftFigure, DraftMeasure, DraftTask, DraftUnit
from kouan.supervision.forms.documents import (
    DropForm,
    DueFixForm,
    FigureFixForm,
    HeadForm,
    NewUnitForm,
    TitleFixForm,
    UnitFixForm,
)
from kouan.supervision.selectors import documents as selectors
from kouan.supervision.services import documents as services
from kouan.supervision.views.acting import OFFICE, act_page, unit_choices


@door(roles=OFFICE)
def correct_head(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct the head of a document."""
    user: Any = request.user
    document = selectors.get_document(user=user, pk=pk)
    initial = {name: getattr(document, name) for name in ("number", "title", "issuer", "issued_date")}
    return act_page(
        request,
        form=HeadForm(request.POST or None, initial=initial),
        do=lambda data: services.correct_head(user=user, document_id=pk, at=timezone.now(), **data),
        title=_("更正文件头"),
        act_label=_("保存"),
        back_url=reverse("policy-document", args=[pk]),
    )


@door(roles=OFFICE)
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct one thing that was read; the words that it hangs on stand in the address."""
    user: Any = request.user
    document = selectors.get_document(user=user, pk=pk)
    kind, clause = request.GET.get("kind", ""), request.GET.get("clause", "")
    anchor, which = request.GET.get("anchor", ""), request.GET.get("which", "0")
    ledger = selectors.draft_ledger(document)
    task = next((each for each in ledger.draft.tasks if each.clause == clause), None)
    if task is None or kind not in CorrectionKind.values or not which.isdecimal():
        raise NotYours
    number = int(which)
    form, title, value_of = _fix_form(request, CorrectionKind(kind), task, anchor, number)

    def do(data: dict[str, Any]) -> str:
        services.correct(
            user=user,
            document_id=pk,
            kind=CorrectionKind(kind),
            clause=clause,
            anchor=anchor,
            which=number,
            value=value_of(data),
            at=timezone.now(),
        )
        return f"{reverse('policy-document', args=[pk])}#task-{task.span[0]}"

    return act_page(
        request,
        form=form,
        do=do,
        title=title,
        about=f"{clause} {anchor[:80]}",
        consequences=[Consequence(_("更正会保留，以后重新识别仍然有效"), "undoable")],
        act_label=_("更正"),
        back_url=reverse("policy-document", args=[pk]),
    )


def _fix_form(
    request: HttpRequest, kind: CorrectionKind, task: DraftTask, anchor: str, which: int
) -> tuple[Any, Any, Any]:
    """The form of a kind of correction, its title, and how its data become the value that is kept."""
    data = request.POST or None
    if kind is CorrectionKind.UNIT:
        unit: DraftUnit = _pick(task.units, anchor, which)
        initial = {"role": unit.role, "organisation_id": unit.organisation_id}
        return UnitFixForm(data, initial=initial, units=unit_choices()), _("更正责任单位"), _unit_value
    if kind is CorrectionKind.NEW_UNIT:
        units = unit_choices()
        names = dict(units)
        return (
            NewUnitForm(data, units=units),
            _("补充责任单位"),
            lambda got: got | {"name": str(names[got["organisation_id"]])},
        )
    if kind is CorrectionKind.TITLE:
        return TitleFixForm(data, initial={"title": task.title}), _("更正事项名称"), lambda got: got
    if kind is CorrectionKind.DUE:
        measure: DraftMeasure = _pick(task.measures, anchor, which)
        return (
            DueFixForm(data, initial={"date": measure.due}),
            _("更正时限"),
            lambda got: {"date": got["date"].isoformat() if got["date"] else None, "text": measure.due_text},
        )
    if kind is CorrectionKind.FIGURE:
        figure: DraftFigure = _pick(task.figures, anchor, which)
        initial = {"low": figure.low, "high": figure.high, "unit": figure.unit, "period": figure.period}
        return FigureFixForm(data, initial=initial), _("更正目标值"), _figure_value
    if kind is CorrectionKind.MEASURE:
        _pick(task.measures, anchor, which)
        return DropForm(data), _("去掉一项举措"), lambda got: got
    return DropForm(data), _("去掉一个事项"), lambda got: got


def _pick(items: Any, anchor: str, which: int) -> Any:
    found = [each for each in items if getattr(each, "anchor", None) == anchor or getattr(each, "text", None) == anchor]
    fitting = [each for each in found if each.which == which]
    if not fitting:
        raise NotYours
    return fitting[0]


def _unit_value(got: dict[str, Any]) -> dict[str, Any]:
    return {"drop": True} if got["drop"] else {"role": got["role"], "organisation_id": got["organisation_id"]}


def _figure_value(got: dict[str, Any]) -> dict[str, Any]:
    if got["drop"]:
        return {"drop": True}
    plain = {name: None if got[name] is None else str(got[name]) for name in ("low", "high")}
    return plain | {"unit": got["unit"], "period": got["period"]}


@require_POST
@door(roles=OFFICE)
def take_back(request: HttpRequest, pk: UUID, correction: UUID) -> HttpResponse:
    """Take a correction back."""
    user: Any = request.user
    services.take_back_correction(user=user, document_id=pk, correction_id=correction, at=timezone.now())
    return redirect("policy-document", pk=pk)
