"""What a document says after a person's corrections: pure, from a stored reading and the corrections kept with it.

A correction hangs on the words (clause, words, which of the same words), so it still holds when a better reader reads
the document again; one whose words are not found any more is given back as unapplied, never lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from kouan.supervision.passages import Span, place_of
from kouan.supervision.reading.document import read_passage
from kouan.supervision.reading.types import task_to_plain


@dataclass(frozen=True, slots=True)
class Fix:
    """A correction as it is kept: what it is about, the words it hangs on, what shall stand there."""

    id: Any
    kind: str
    clause: str
    anchor: str
    which: int
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DraftUnit:
    """A unit of a task as it will stand in the ledger. ``fix``: the correction that changed it."""

    name: str
    alias: str | None
    role: str
    span: Span | None
    anchor: str
    which: int
    organisation_id: str = ""
    is_by_default: bool = False
    fix: Any = None


@dataclass(frozen=True, slots=True)
class DraftFigure:
    """A figure that a task aims at."""

    text: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    period: str
    span: Span
    which: int = 0
    fix: Any = None


@dataclass(frozen=True, slots=True)
class DraftDeadline:
    """A time by which."""

    text: str
    date: date | None
    precision: str
    span: Span


@dataclass(frozen=True, slots=True)
class DraftMeasure:
    """A measure as the ledger will track it."""

    text: str
    span: Span
    deadlines: tuple[DraftDeadline, ...]
    which: int = 0
    due: date | None = None
    due_text: str = ""
    fix: Any = None


@dataclass(frozen=True, slots=True)
class DraftTask:
    """A task as it will stand in the ledger; ``due`` is what its note says for all its measures."""

    clause: str
    title: str
    text: str
    span: Span
    units: tuple[DraftUnit, ...]
    measures: tuple[DraftMeasure, ...]
    figures: tuple[DraftFigure, ...]
    deadlines: tuple[DraftDeadline, ...]
    due: date | None = None
    due_text: str = ""
    title_as_read: str = ""
    fixes: tuple[Any, ...] = ()

    @property
    def has_lead(self) -> bool:
        """Whether a unit is marked as leading."""
        return any(unit.role == "lead" for unit in self.units)

    @property
    def lead_by_order(self) -> DraftUnit | None:
        """The unit that stands first where no unit is marked as lead: an offer, for a person to confirm."""
        return None if self.has_lead or not self.units else self.units[0]


@dataclass(slots=True)
class Draft:
    """All tasks of a document, and the corrections whose words were not found."""

    tasks: list[DraftTask] = field(default_factory=list)
    dropped: list[tuple[str, str, Any]] = field(default_factory=list)
    unapplied: list[Fix] = field(default_factory=list)


def clause_key(task: Mapping[str, Any]) -> str:
    """The name of a clause within a document: its label, before it the annex where it stands in one."""
    return f"附{task['part']}·{task['clause']}" if task.get("part") else str(task["clause"])


def draft_of(found: Mapping[str, Any], fixes: Sequence[Fix] = (), text: str = "") -> Draft:
    """Lay corrections over a reading of a text; the later of two for the same words counts."""
    by_clause: dict[str, list[Fix]] = {}
    for fix in fixes:
        by_clause.setdefault(fix.clause, []).append(fix)
    draft = Draft()
    used: set[Any] = set()
    tasks = [_plain_task(plain, clause_key(plain)) for plain in found["tasks"]]
    missed = _missed_tasks(found, fixes, text, {task.clause for task in tasks})
    used |= {fix for task in missed for fix in task.fixes}
    for task in sorted([*tasks, *missed], key=lambda each: each.span):
        key, own = task.clause, by_clause.get(task.clause, [])
        whole = _last(own, "task", task.title_as_read, 0)
        if whole is not None and whole.value.get("drop"):
            used.add(whole.id)
            draft.dropped.append((key, task.title, whole.id))
            continue
        draft.tasks.append(_apply(task, own, used, text))
    draft.unapplied = [fix for fix in _newest(fixes) if fix.id not in used]
    return draft


def _plain_task(plain: Mapping[str, Any], key: str) -> DraftTask:
    deadlines = tuple(_deadline(each) for each in plain["deadlines"])
    due = _last_day(deadlines)
    measures = [_measure(each) for each in plain["measures"]] or [DraftMeasure(plain["text"], tuple(plain["span"]), ())]
    seen: dict[str, int] = {}
    units = []
    for each in plain["units"]:
        which = seen.get(each["name"], 0)
        seen[each["name"]] = which + 1
        by_default = each.get("default") is not None
        units.append(
            DraftUnit(
                each["name"], each["alias"], each["role"], tuple(each["span"]), each["name"], which, "", by_default
            )
        )
    figures = [_figure(each) for each in plain["figures"]]
    known = {figure.span for figure in figures}
    for measure in plain["measures"]:
        figures += [_figure(each) for each in measure["figures"] if tuple(each["span"]) not in known]
    return DraftTask(
        clause=key,
        title=plain["title"] or plain["text"][:60],
        text=plain["text"],
        span=tuple(plain["span"]),
        units=tuple(units),
        measures=tuple(_numbered(measures)),
        figures=tuple(_numbered(figures)),
        deadlines=deadlines,
        due=due.date if due else None,
        due_text=due.text if due else "",
        title_as_read=plain["title"],
    )


def _missed_tasks(found: Mapping[str, Any], fixes: Sequence[Fix], text: str, known: set[str]) -> list[DraftTask]:
    """Give the tasks that a person found in the text and the reader did not, each with its correction."""
    day = found["head"]["date"]
    missed = []
    for fix in _newest(fixes):
        span = place_of(text, fix.anchor, fix.which) if fix.kind == "new_task" and fix.clause not in known else None
        if span is not None:
            reading = read_passage(text, span, date.fromisoformat(day) if day else None)
            plain = task_to_plain(reading) | {"title": fix.value["title"], "span": span}
            missed.append(replace(_plain_task(plain, fix.clause), fixes=(fix.id,)))
    return missed


def _apply(task: DraftTask, fixes: Sequence[Fix], used: set[Any], text: str) -> DraftTask:
    def last(kind: str, anchor: str, which: int = 0) -> Fix | None:
        fix = _last(fixes, kind, anchor, which)
        if fix is not None:
            used.add(fix.id)
        return fix

    units = []
    for unit in task.units:
        fix = last("unit", unit.anchor, unit.which)
        if fix is None:
            units.append(unit)
        elif not fix.value.get("drop"):
            units.append(
                replace(
                    unit,
                    role=fix.value.get("role") or unit.role,
                    organisation_id=fix.value.get("organisation_id") or "",
                    fix=fix.id,
                )
            )
    for fix in _newest(fixes):
        if fix.kind == "new_unit":
            used.add(fix.id)
            name, value = fix.value["name"], fix.value
            span = place_of(text, fix.anchor, fix.which)
            units.append(DraftUnit(name, None, value["role"], span, name, 0, value["organisation_id"], False, fix.id))
    measures = []
    for measure in [*task.measures, *_missed_measures(fixes, used, text)]:
        fix = last("measure", measure.text, measure.which)
        if fix is not None and fix.value.get("drop"):
            continue
        due = last("due", measure.text, measure.which)
        measures.append(_dated(replace(measure, fix=fix.id if fix else measure.fix), due, task, text))
    figures = []
    for figure in task.figures:
        fix = last("figure", figure.text, figure.which)
        if fix is None:
            figures.append(figure)
        elif not fix.value.get("drop"):
            figures.append(_refigured(figure, fix))
    figures += _missed_figures(fixes, used, text)
    title = last("title", "")
    return replace(
        task,
        title=title.value["title"] if title else task.title,
        units=tuple(sorted(units, key=lambda unit: unit.role != "lead")),
        measures=tuple(sorted(measures, key=lambda measure: measure.span)),
        figures=tuple(figures),
        fixes=(*task.fixes, title.id) if title else task.fixes,
    )


def _missed_measures(fixes: Sequence[Fix], used: set[Any], text: str) -> Iterable[DraftMeasure]:
    for fix, span in _placed(fixes, "new_measure", text):
        used.add(fix.id)
        yield DraftMeasure(fix.anchor, span, (), which=fix.which, fix=fix.id)


def _missed_figures(fixes: Sequence[Fix], used: set[Any], text: str) -> Iterable[DraftFigure]:
    for fix, span in _placed(fixes, "new_figure", text):
        used.add(fix.id)
        plain = DraftFigure(fix.anchor, None, None, "", "", span, fix.which)
        yield _refigured(plain, fix)


def _placed(fixes: Sequence[Fix], kind: str, text: str) -> Iterable[tuple[Fix, Span]]:
    for fix in _newest(fixes):
        span = place_of(text, fix.anchor, fix.which) if fix.kind == kind else None
        if span is not None:
            yield fix, span


def _dated(measure: DraftMeasure, fix: Fix | None, task: DraftTask, text: str) -> DraftMeasure:
    if fix is not None:
        day = date.fromisoformat(fix.value["date"]) if fix.value.get("date") else None
        words = fix.value.get("text", "")
        span = place_of(text, words, fix.value["which"]) if "which" in fix.value else None
        pointed_at = (DraftDeadline(words, day, "day", span),) if span else ()
        deadlines = (*measure.deadlines, *pointed_at)
        return replace(measure, deadlines=deadlines, due=day, due_text=words, fix=fix.id)
    own = _last_day(measure.deadlines)
    if own is not None:
        return replace(measure, due=own.date, due_text=own.text)
    return replace(measure, due=task.due, due_text=task.due_text)


def _refigured(figure: DraftFigure, fix: Fix) -> DraftFigure:
    value = fix.value
    return replace(
        figure,
        low=_decimal(value.get("low")),
        high=_decimal(value.get("high")),
        unit=value.get("unit", figure.unit),
        period=value.get("period", figure.period),
        fix=fix.id,
    )


def _last(fixes: Sequence[Fix], kind: str, anchor: str, which: int) -> Fix | None:
    fitting = [fix for fix in fixes if (fix.kind, fix.anchor, fix.which) == (kind, anchor, which)]
    return fitting[-1] if fitting else None


def _newest(fixes: Iterable[Fix]) -> list[Fix]:
    """The corrections that count: the later of two for the same words, and every missed unit."""
    newest = {(fix.clause, fix.kind, fix.anchor, fix.which, _missed_unit(fix)): fix for fix in fixes}
    return list(newest.values())


def _missed_unit(fix: Fix) -> str:
    return fix.value["organisation_id"] if fix.kind == "new_unit" else ""


def _numbered(items: Sequence[Any]) -> list[Any]:
    """Count the items that have the same words."""
    seen: dict[str, int] = {}
    numbered = []
    for item in items:
        which = seen.get(item.text, 0)
        seen[item.text] = which + 1
        numbered.append(replace(item, which=which))
    return numbered


def _measure(plain: Mapping[str, Any]) -> DraftMeasure:
    return DraftMeasure(plain["text"], tuple(plain["span"]), tuple(_deadline(each) for each in plain["deadlines"]))


def _deadline(plain: Mapping[str, Any]) -> DraftDeadline:
    day = date.fromisoformat(plain["date"]) if plain["date"] else None
    return DraftDeadline(plain["text"], day, plain["precision"], tuple(plain["span"]))


def _figure(plain: Mapping[str, Any]) -> DraftFigure:
    return DraftFigure(
        plain["text"],
        _decimal(plain["low"]),
        _decimal(plain["high"]),
        plain["unit"] or "",
        plain["period"] or "",
        tuple(plain["span"]),
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def _last_day(deadlines: Sequence[DraftDeadline]) -> DraftDeadline | None:
    dated = [each for each in deadlines if each.date is not None]
    if dated:
        return max(dated, key=lambda each: each.date)  # type: ignore[arg-type,return-value]
    return deadlines[0] if deadlines else None
