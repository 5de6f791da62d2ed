"""A document's text cut into paragraphs and marked pieces, so that every extraction stands at its characters. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kouan.supervision.correcting import Draft, DraftTask

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked place: what it is (who, deadline, figure, head, member), and what hangs on it for the page."""

    span: Span
    kind: str
    hint: str = ""
    query: Mapping[str, Any] | None = None
    is_fixed: bool = False
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A place without width: where a task or a measure begins."""

    at: int
    kind: str
    label: str
    query: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, marked or not; or a point (empty text)."""

    text: str
    at: int
    mark: Mark | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text as read."""

    at: int
    pieces: tuple[Piece, ...]
    is_in_task: bool = False


def paragraphs(
    text: str, marks: Iterable[Mark], points: Iterable[Point], tasks: Sequence[Span] = ()
) -> list[Paragraph]:
    """Cut a text at its lines, marks and points. A mark that overlaps an earlier one is left out."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda each: (each.span[0], each.span[0] - each.span[1])):
        if mark.span[0] < mark.span[1] and (not kept or mark.span[0] >= kept[-1].span[1]):
            kept.append(mark)
    ordered = sorted(points, key=lambda point: point.at)
    found, begin = [], 0
    for line in text.split("\n"):
        end = begin + len(line)
        if line.strip():
            inside = any(span[0] < end and span[1] > begin for span in tasks)
            found.append(Paragraph(begin, tuple(_pieces(text, begin, end, kept, ordered)), inside))
        begin = end + 1
    return found


def _pieces(text: str, begin: int, end: int, marks: Sequence[Mark], points: Sequence[Point]) -> Iterable[Piece]:
    inside = [mark for mark in marks if mark.span[0] < end and mark.span[1] > begin]
    here = [point for point in points if begin <= point.at < end]
    cuts = {begin, end}
    for mark in inside:
        cuts |= {max(mark.span[0], begin), min(mark.span[1], end)}
    cuts |= {point.at for point in here}
    ordered = sorted(cuts)
    for start, stop in zip(ordered, [*ordered[1:], end], strict=True):
        for point in here:
            if point.at == start:
                yield Piece("", start, point=point)
        if start < stop:
            mark = next((each for each in inside if each.span[0] <= start and stop <= each.span[1]), None)
            yield Piece(text[start:stop], start, mark)


def marks_of(draft: Draft, head: Mapping[str, Any], unsure: Iterable[str], roles: Mapping[str, str]) -> list[Mark]:
    """The marks of all that was read: units with their roles, deadlines, figures, the head. roles: their words."""
    doubtful = set(unsure)
    found = []
    for task in draft.tasks:
        for unit in task.units:
            if unit.span is not None:
                query = {"kind": "unit", "clause": task.clause, "anchor": unit.anchor, "which": unit.which}
                hint = f"{roles.get(unit.role, unit.role)}：{unit.name}"
                found.append(Mark(unit.span, "who", hint, query, unit.fix is not None, unit.name in doubtful))
        found += _times_and_figures(task)
    for key, span in head.get("spans", {}).items():
        if key != "copies":
            found.append(Mark((span[0], span[1]), "head"))
    return found


def _times_and_figures(task: DraftTask) -> Iterable[Mark]:
    for deadline in task.deadlines:
        day = deadline.date.isoformat() if deadline.date else deadline.precision
        anchor, which = (task.measures[0].text, task.measures[0].which) if task.measures else ("", 0)
        query = {"kind": "due", "clause": task.clause, "anchor": anchor, "which": which}
        yield Mark(deadline.span, "deadline", day, query)
    for measure in task.measures:
        for deadline in measure.deadlines:
            day = deadline.date.isoformat() if deadline.date else deadline.precision
            query = {"kind": "due", "clause": task.clause, "anchor": measure.text, "which": measure.which}
            yield Mark(deadline.span, "deadline", day, query)
    for figure in task.figures:
        query = {"kind": "figure", "clause": task.clause, "anchor": figure.text, "which": figure.which}
        yield Mark(figure.span, "figure", figure.text, query, figure.fix is not None)


def points_of(draft: Draft) -> list[Point]:
    """Where tasks and their measures begin."""
    found = []
    for task in draft.tasks:
        found.append(Point(task.span[0], "task", task.clause))
        if len(task.measures) > 1:
            for number, measure in enumerate(task.measures, start=1):
                query = {"kind": "measure", "clause": task.clause, "anchor": measure.text, "which": measure.which}
                found.append(Point(measure.span[0], "measure", str(number), query))
    return found
