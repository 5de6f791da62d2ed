"""What the reader missed: a person points at words of the text and says what they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.accounts.access import NotYours, door
from kouan.screens.pieces import Consequence
from kouan.supervision.codes import CorrectionKind
from kouan.supervision.correcting import DraftTask
from kouan.supervision.forms.missed import NewDueForm, NewFigureForm, NewTaskForm, NewUnitOfTaskForm, PlaceForm
from kouan.supervision.passages import Span, chosen, which_of
from kouan.supervision.reading.document import read_passage
from kouan.supervision.reading.types import TaskReading
from kouan.supervision.selectors import documents as selectors
from kouan.supervision.services import documents as services
from kouan.supervision.views.acting import OFFICE, act_page, unit_choices

_TITLES = {
    CorrectionKind.NEW_TASK: gettext_lazy("补充事项"),
    CorrectionKind.NEW_MEASURE: gettext_lazy("补充举措"),
    CorrectionKind.NEW_UNIT: gettext_lazy("补充责任单位"),
    CorrectionKind.DUE: gettext_lazy("补充时限"),
    CorrectionKind.NEW_FIGURE: gettext_lazy("补充目标值"),
}


class Pointed:
    """Words that a person points at in the newest reading of a document, and the tasks that they may belong to."""

    def __init__(self, ledger: selectors.DraftLedger, span: Span) -> None:
        self.ledger = ledger
        self.span = span
        self.text: str = ledger.reading.text
        self.words = self.text[slice(*span)]
        entered = set(ledger.document.tasks.values_list("clause", flat=True))
        self.tasks = [task for task in ledger.draft.tasks if task.clause not in entered]
        self.taken = {task.clause for task in ledger.draft.tasks} | entered

    @property
    def which(self) -> int:
        """Which of the same words of the text they are."""
        return which_of(self.text, self.span)

    @property
    def task(self) -> DraftTask | None:
        """The task in whose words they stand, else the one before them."""
        before = [task for task in self.tasks if task.span[0] <= self.span[0]]
        return before[-1] if before else next(iter(self.tasks), None)

    @property
    def clause(self) -> dict[str, Any] | None:
        """The smallest numbered place of the text in which they begin."""
        at = self.span[0]
        holding = [one for one in self.ledger.reading.found["clauses"] if one["span"][0] <= at < one["span"][1]]
        return min(holding, key=lambda one: one["span"][1] - one["span"][0], default=None)

    def read(self) -> TaskReading:
        """What the reader finds in these words alone."""
        return read_passage(self.text, self.span, self.ledger.document.issued_date)


@door(roles=OFFICE)
def add_missed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what words of the document are; where they stand (from, to: offsets in its newest reading) is the address."""
    user: Any = request.user
    document = selectors.get_document(user=user, pk=pk)
    kind = request.GET.get("kind", "")
    pointed = _pointed(request, selectors.draft_ledger(document))
    if kind not in _TITLES or pointed is None:
        raise NotYours
    form = _form(request, CorrectionKind(kind), pointed)

    def do(data: dict[str, Any]) -> str:
        clause, anchor, which, value = _correction(CorrectionKind(kind), pointed, data)
        services.correct(
            user=user,
            document_id=pk,
            kind=CorrectionKind(kind),
            clause=clause,
            anchor=anchor,
            which=which,
            value=value,
            at=timezone.now(),
        )
        return f"{reverse('policy-document', args=[pk])}#found-{clause}"

    return act_page(
        request,
        form=form,
        do=do,
        title=_TITLES[CorrectionKind(kind)],
        about=f"“{pointed.words if len(pointed.words) <= 200 else pointed.words[:200] + '…'}”",
        consequences=[Consequence(_("补充会保留，以后重新识别仍然有效"), "undoable")],
        act_label=_("补充"),
        back_url=reverse("policy-document", args=[pk]),
    )


def _pointed(request: HttpRequest, ledger: selectors.DraftLedger) -> Pointed | None:
    ends = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(end.isdecimal() and len(end) < 9 for end in ends):
        return None
    span = chosen(ledger.reading.text, int(ends[0]), int(ends[1]))
    return Pointed(ledger, span) if span else None


def _form(request: HttpRequest, kind: CorrectionKind, pointed: Pointed) -> forms.Form:
    data = request.POST or None
    if kind is CorrectionKind.NEW_TASK:
        return NewTaskForm(data, initial=_first_words(pointed), taken=pointed.taken)
    if kind is CorrectionKind.DUE:
        return NewDueForm(data, initial=_first_day(pointed), measures=_measure_choices(pointed))
    tasks = [(task.clause, f"{task.clause} {task.title[:40]}") for task in pointed.tasks]
    initial: dict[str, Any] = {"clause": pointed.task.clause if pointed.task else ""}
    if kind is CorrectionKind.NEW_MEASURE:
        return PlaceForm(data, initial=initial, tasks=tasks)
    if kind is CorrectionKind.NEW_UNIT:
        units = unit_choices()
        resolved = selectors.resolve_names({(pointed.words, None)}, on=pointed.ledger.document.issued_date)
        initial["organisation_id"] = str(resolved[(pointed.words, None)].organisation_id or "")
        return NewUnitOfTaskForm(data, initial=initial, tasks=tasks, units=units)
    figure = next(iter(pointed.read().figures), None)
    if figure is not None:
        initial |= {"low": figure.low, "high": figure.high, "unit": figure.unit or "", "period": figure.period or ""}
    return NewFigureForm(data, initial=initial, tasks=tasks)


def _first_words(pointed: Pointed) -> dict[str, str]:
    clause = pointed.clause
    label = clause["clause"] if clause else ""
    if not label or label in pointed.taken:
        label = f"{label}补"
    return {"clause": label, "title": pointed.read().title or pointed.words[:60]}


def _first_day(pointed: Pointed) -> dict[str, Any]:
    deadline = next((each for each in pointed.read().deadlines if each.date), None)
    measures = _measures(pointed)
    holding = (key for key, (_task, each) in measures.items() if each.span[0] <= pointed.span[0] < each.span[1])
    own = next(holding, f"{pointed.task.clause}#0" if pointed.task else "")
    return {"measure": own, "date": deadline.date if deadline else None}


def _measures(pointed: Pointed) -> dict[str, tuple[DraftTask, Any]]:
    """The measures of the tasks, by clause and place in it."""
    return {f"{task.clause}#{at}": (task, each) for task in pointed.tasks for at, each in enumerate(task.measures)}


def _measure_choices(pointed: Pointed) -> list[tuple[str, str]]:
    return [(key, f"{task.clause} {each.text[:50]}") for key, (task, each) in _measures(pointed).items()]


def _correction(kind: CorrectionKind, pointed: Pointed, data: dict[str, Any]) -> tuple[str, str, int, dict[str, Any]]:
    """The clause, the words, which of them, and what shall stand there."""
    if kind is CorrectionKind.DUE:
        task, measure = _measures(pointed)[data["measure"]]
        value = {"date": data["date"].isoformat(), "text": pointed.words, "which": pointed.which}
        return task.clause, measure.text, measure.which, value
    if kind is CorrectionKind.NEW_TASK:
        return data["clause"], pointed.words, pointed.which, {"title": data["title"]}
    if kind is CorrectionKind.NEW_UNIT:
        name = dict(unit_choices())[data["organisation_id"]]
        value = {"name": name, "role": data["role"], "organisation_id": data["organisation_id"]}
        return data["clause"], pointed.words, pointed.which, value
    if kind is CorrectionKind.NEW_FIGURE:
        plain = {name: None if data[name] is None else str(data[name]) for name in ("low", "high")}
        value = plain | {"unit": data["unit"], "period": data["period"]}
        return data["clause"], pointed.words, pointed.which, value
    return data["clause"], pointed.words, pointed.which, {}
