"""The matrix of a document: clause → tasks → units → state → evidence → indicator → the part of Kouan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse

from kouan.accounts import selectors as accounts
from kouan.indicators import selectors as indicators
from kouan.law.clauses import Clause, all_clauses
from kouan.screens.formats import is_english
from kouan.supervision.correcting import clause_key
from kouan.supervision.models import Measure, PolicyDocument, Target, Task
from kouan.supervision.selectors.documents import newest_reading

if TYPE_CHECKING:
    from kouan.accounts.models import User


@dataclass(frozen=True)
class Part:
    """The part of Kouan that carries a clause out. progress: built, partly, not_yet."""

    words: str
    progress: str
    modules: tuple[str, ...]
    screens: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MatrixRow:
    """One clause with all that hangs on it; ``gaps`` names what is missing, in words of ``GAPS``."""

    clause: str
    title: str
    task: Any
    lead: str
    units: tuple[str, ...]
    measures: int
    closed: int
    proven: int
    due: Any
    targets: tuple[tuple[str, str], ...]
    part: Part | None
    gaps: tuple[str, ...]


def matrix_of(document: PolicyDocument, *, user: User) -> list[MatrixRow]:
    """Give a row for every clause that was read as a task, and for every task of the ledger besides."""
    counted = ~Q(measures__state="cancelled")
    rows = Task.objects.visible_to(user).filter(document=document, parent__isnull=True).defer("search")
    tasks = {
        row.clause: row
        for row in rows.annotate(
            measure_count=Count("measures", filter=counted, distinct=True),
            closed_count=Count("measures", filter=Q(measures__state="closed"), distinct=True),
        )
    }
    names = accounts.organisation_names(each for row in tasks.values() for each in row.organisation_ids)
    proven = _proven(document)
    targets = _targets(document)
    parts = {clause.number: clause for clause in all_clauses() if clause.document == document.number}
    read = [(clause_key(each), each["title"] or each["text"][:60]) for each in newest_reading(document).found["tasks"]]
    known = {key for key, _title in read}
    if not user.sees_all_cases:
        read = [pair for pair in read if pair[0] in tasks]
    extra = [(key, row.title) for key, row in sorted(tasks.items()) if key not in known]
    return [
        _row(key, title, tasks.get(key), names, proven, targets, parts, has_parts=bool(parts))
        for key, title in [*read, *extra]
    ]


def _row(
    key: str,
    title: str,
    task: Any,
    names: dict[UUID, str],
    proven: dict[UUID, int],
    targets: dict[UUID, list[Target]],
    parts: dict[str, Clause],
    *,
    has_parts: bool,
) -> MatrixRow:
    part = _part(parts.get(key))
    if task is None:
        return MatrixRow(key, title, None, "", (), 0, 0, 0, None, (), part, ("not_entered",))
    own = targets.get(task.pk, [])
    shown = tuple((each.text, _indicator_name(each.indicator_key)) for each in own)
    units = tuple(names[each] for each in task.organisation_ids if each in names)
    gaps = []
    if not units:
        gaps.append("no_unit")
    elif task.lead_id is None and len(units) > 1:
        gaps.append("no_lead")
    if task.due_date is None:
        gaps.append("no_deadline")
    if not proven.get(task.pk):
        gaps.append("no_evidence")
    if any(not each.indicator_key for each in own):
        gaps.append("no_indicator")
    if has_parts and (part is None or part.progress == "not_yet"):
        gaps.append("no_part")
    return MatrixRow(
        key,
        task.title,
        task,
        names.get(task.lead_id, "") if task.lead_id else "",
        tuple(name for name in units if not task.lead_id or name != names.get(task.lead_id)),
        task.measure_count,
        task.closed_count,
        proven.get(task.pk, 0),
        task.due_date,
        shown,
        part,
        tuple(gaps),
    )


def _proven(document: PolicyDocument) -> dict[UUID, int]:
    rows = Measure.objects.filter(task__document=document, evidence__is_accepted=True).order_by()
    return dict(rows.values_list("task_id").annotate(n=Count("pk", distinct=True)))


def _targets(document: PolicyDocument) -> dict[UUID, list[Target]]:
    found: dict[UUID, list[Target]] = {}
    for target in Target.objects.filter(task__document=document):
        found.setdefault(target.task_id, []).append(target)  # type: ignore[attr-defined]
    return found


def _indicator_name(key: str) -> str:
    if not key:
        return ""
    return str(indicators.get_indicator(key=key).name)


def _part(clause: Clause | None) -> Part | None:
    if clause is None:
        return None
    screens = []
    for name in clause.screens:
        try:
            screens.append((name, reverse(name)))
        except NoReverseMatch:
            continue
    words = clause.en if is_english() else clause.zh
    return Part(words, str(clause.progress), tuple(clause.code), tuple(screens))


def count_gaps(rows: Sequence[MatrixRow]) -> dict[str, int]:
    """Count how often each gap stands in a matrix."""
    found: dict[str, int] = {}
    for row in rows:
        for gap in row.gaps:
            found[gap] = found.get(gap, 0) + 1
    return found
