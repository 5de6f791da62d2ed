"""Reads of the ledger: tasks, measures, their lights, and what is behind each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, get_visible
from kouan.screens.pieces import Chip
from kouan.supervision import bigrams
from kouan.supervision.codes import Progress
from kouan.supervision.looks import CHIPS, light_chip
from kouan.supervision.models import Evidence, Extension, Measure, Node, PolicyDocument, Responsibility, Target, Task
from kouan.supervision.rules import Light, Rules, light_of, seen_progress
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.states import MeasureState

if TYPE_CHECKING:
    from kouan.accounts.models import User

OPEN_STATES = (MeasureState.OPEN, MeasureState.CLAIMED, MeasureState.BOUNCED)


@dataclass(frozen=True)
class TrackedMeasure:
    """A measure as the ledger shows it: its light, what time shows, and whether it is claimed without proof."""

    row: Measure
    light: Light
    seen: str
    is_unproven: bool

    @property
    def chip(self) -> Chip:
        """The light as a chip."""
        return light_chip(self.light)


def list_tasks(user: User) -> QuerySet[Task]:
    """Give the tasks that a person may see, with counts of their measures."""
    measures = Q(measures__state="cancelled")
    return (
        Task.objects.visible_to(user)
        .select_related("document")
        .defer("search", "document__raw", "document__search")
        .annotate(
            measure_count=Count("measures", filter=~measures),
            closed_count=Count("measures", filter=Q(measures__state="closed")),
            bounced_count=Count("measures", filter=Q(measures__state="bounced")),
            delay_total=Sum("measures__delay_days"),
        )
    )


def find_tasks(rows: QuerySet, words: str) -> QuerySet:
    """Narrow tasks to those with these words in title or text."""
    return bigrams.find(rows, words, compared=["title", "text"])


def tasks_of_unit(rows: QuerySet, ids: Iterable[str]) -> QuerySet:
    """Narrow tasks to those of any of these units."""
    return rows.filter(organisation_ids__overlap=list(ids))


def overdue(rows: QuerySet, *, on: date) -> QuerySet:
    """Narrow tasks to those with an open measure whose deadline has passed."""
    late = Measure.objects.filter(task=OuterRef("pk"), state__in=OPEN_STATES, due_date__lt=on)
    return rows.filter(Exists(late))


def get_task(*, user: User, pk: UUID) -> Task:
    """Give one task; raises NotYours."""
    return get_visible(Task.objects.select_related("document", "parent", "plan"), user, pk=pk)


def get_measure(*, user: User, pk: UUID) -> Measure:
    """Give one measure with its task; raises NotYours."""
    return get_visible(Measure.objects.select_related("task__document"), user, pk=pk)


def list_measures(user: User) -> QuerySet[Measure]:
    """Give the measures that a person may see, with whether somebody else accepted evidence of them."""
    accepted = Evidence.objects.filter(measure=OuterRef("pk"), is_accepted=True)
    return (
        Measure.objects.visible_to(user)
        .select_related("task")
        .defer("task__search", "task__text")
        .annotate(is_proven=Exists(accepted))
    )


def unproven(rows: QuerySet) -> QuerySet:
    """Narrow measures to those reported as done without evidence that anybody accepted."""
    return rows.filter(is_proven=False, state__in=OPEN_STATES).filter(Q(progress=Progress.DONE) | Q(percent=100))


def measures_of(task: Task, *, on: date | None = None) -> list[TrackedMeasure]:
    """Give the measures of a task that may be seen, with their lights."""
    day = on or timezone.localdate()
    rules = rules_on(day)
    accepted = Evidence.objects.filter(measure=OuterRef("pk"), is_accepted=True)
    rows = task.measures.annotate(is_proven=Exists(accepted)).prefetch_related("nodes", "evidence", "extensions")
    return [track(row, on=day, rules=rules) for row in rows.order_by("number")]


def track(row: Measure, *, on: date, rules: Rules) -> TrackedMeasure:
    """Show a measure as of a day; ``is_proven`` has been annotated."""
    light = light_of(state=row.state, percent=row.percent, begun=row.begun_date, due=row.due_date, on=on, rules=rules)
    seen = seen_progress(percent=row.percent, begun=row.begun_date, due=row.due_date, on=on, rules=rules)
    says_done = row.progress == Progress.DONE or row.percent == 100
    return TrackedMeasure(row, light, seen, says_done and not row.is_proven)  # type: ignore[attr-defined]


def duties_of(task: Task) -> list[Responsibility]:
    """Give who answers for a task that may be seen, those who handed over too, in order."""
    return list(task.responsibilities.select_related("measure").order_by("measure__number", "number", "since_date"))


def unit_names(rows: Iterable[Any]) -> dict[UUID, str]:
    """Give the names of the units of tasks or measures that a page shows; one query."""
    return accounts.organisation_names(each for row in rows for each in row.organisation_ids)


def get_evidence(*, user: User, pk: UUID) -> Evidence:
    """Give one piece of evidence of a measure that may be seen; raises NotYours."""
    found = Evidence.objects.select_related("measure__task").filter(pk=pk).first()
    if found is None:
        raise NotYours
    get_visible(Measure.objects, user, pk=found.measure.pk)
    return found


def get_extension(*, user: User, pk: UUID) -> Extension:
    """Give one request for more time, of a measure that may be seen; raises NotYours."""
    found = Extension.objects.select_related("measure__task").filter(pk=pk).first()
    if found is None:
        raise NotYours
    get_visible(Measure.objects, user, pk=found.measure.pk)
    return found


def get_target(*, user: User, pk: UUID) -> Target:
    """Give one target of a task that may be seen; raises NotYours."""
    found = Target.objects.select_related("task").filter(pk=pk).first()
    if found is None:
        raise NotYours
    get_visible(Task.objects, user, pk=found.task.pk)
    return found


def get_duty(*, user: User, pk: UUID) -> Responsibility:
    """Give one line of who answers for what, of a task that may be seen; raises NotYours."""
    found = Responsibility.objects.select_related("task").filter(pk=pk).first()
    if found is None:
        raise NotYours
    get_visible(Task.objects, user, pk=found.task.pk)
    return found


def list_targets(task: Task) -> list[Target]:
    """Give the targets of a task that may be seen."""
    return list(task.targets.all())


def list_subtasks(task: Task, user: User) -> list[Task]:
    """Give the tasks below a task that the person may see."""
    return list(list_tasks(user).filter(parent=task).order_by("due_date", "id"))


def waiting_extensions() -> QuerySet[Extension]:
    """Give the requests for more time that wait; the port office's list."""
    return Extension.objects.filter(state="asked").select_related("measure__task").order_by("asked_at")


def count_by_state(user: User) -> dict[str, int]:
    """Count the measures that a person may see by state."""
    rows = Measure.objects.visible_to(user).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def count_overdue(user: User, *, on: date) -> int:
    """Count the open measures whose deadline has passed."""
    return Measure.objects.visible_to(user).filter(state__in=OPEN_STATES, due_date__lt=on).count()


def coming_due(user: User, *, on: date, until: date) -> list[Measure]:
    """Give the open measures that a person may see and that fall due in a time, and those that are late."""
    rows = Measure.objects.visible_to(user).filter(state__in=OPEN_STATES, due_date__lte=until)
    return list(rows.select_related("task").order_by(F("due_date").asc(), "id")[:200])


def measures_between(user: User, *, since: date, until: date) -> list[Measure]:
    """Give the measures that a person may see and that fall due in a time, closed ones too."""
    rows = Measure.objects.visible_to(user).filter(due_date__gte=since, due_date__lte=until)
    return list(rows.exclude(state=MeasureState.CANCELLED).select_related("task").order_by("due_date", "id")[:500])


def nodes_between(user: User, *, since: date, until: date) -> list[Node]:
    """Give the steps of such measures that fall due in a time."""
    rows = Node.objects.filter(measure__in=Measure.objects.visible_to(user), due_date__gte=since, due_date__lte=until)
    return list(rows.select_related("measure").order_by("due_date", "id")[:500])


def late_measures(user: User, *, on: date) -> list[Measure]:
    """Give the open measures whose deadline has passed, the latest first."""
    rows = Measure.objects.visible_to(user).filter(state__in=OPEN_STATES, due_date__lt=on)
    return list(rows.select_related("task").order_by("due_date", "id")[:100])


def counts_for_brief(user: User, *, on: date) -> dict[str, int]:
    """Count the measures that a person may see by state, those that are late, and those without proof."""
    counts = {state.value: 0 for state in MeasureState} | count_by_state(user)
    return counts | {
        "overdue": count_overdue(user, on=on),
        "unproven": unproven(list_measures(user)).count(),
    }


def duty_lines(document: PolicyDocument, *, user: User) -> list[list[Any]]:
    """Give the lines of a document's duty table: one a measure, as far as the person sees it."""
    rows = list_measures(user).filter(task__document=document).prefetch_related("task__targets")
    measures = list(rows.order_by("task__position", "number"))
    names = unit_names(measures)
    lines: list[list[Any]] = []
    for number, row in enumerate(measures, start=1):
        others = [names[each] for each in row.organisation_ids if each in names and each != row.lead_id]
        lines.append(
            [
                number,
                row.task.clause,
                row.task.title,
                row.text,
                names.get(row.lead_id, "") if row.lead_id else "",
                "、".join(others),
                row.due_date or row.due_text,
                "；".join(target.text for target in row.task.targets.all()),
                row.task.result_form,
                str(CHIPS["measure"][MeasureState(row.state)].word),
            ]
        )
    return lines


def counts_for_indicators(since: date, until: date) -> dict[str, int]:
    """Count what indicators need: entered, closed, closed in time, late at the end of the time."""
    closed = Measure.objects.filter(closed_at__date__gte=since, closed_at__date__lt=until)
    in_time = closed.filter(Q(due_date__isnull=True) | Q(closed_at__date__lte=F("due_date")))
    entered = Measure.objects.filter(task__entered_at__date__gte=since, task__entered_at__date__lt=until)
    late = Measure.objects.filter(due_date__lt=until).exclude(state="cancelled")
    late = late.filter(Q(closed_at__isnull=True) | Q(closed_at__date__gte=until))
    return {
        "entered": entered.count(),
        "closed": closed.count(),
        "in_time": in_time.count(),
        "late": late.count(),
    }
