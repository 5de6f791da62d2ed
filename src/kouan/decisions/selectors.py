"""Reads of decision tables: deciding, and the pages that show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language

from kouan.decisions.cells import names_in
from kouan.decisions.engine import CompiledTable
from kouan.decisions.models import DecisionTable, DecisionTableVersion, Replay
from kouan.decisions.states import State
from kouan.decisions.types import Decision, NoVersionInForce, TableContent, TableUnknown, VersionHead


def evaluate_many(key: str, contexts: Sequence[Mapping[str, Any]], on_date: date) -> list[Decision]:
    """Decide about many cases by the version that stands on a day, in their order.

    One query per call; each version is compiled once per process. A context is a value for every input column: texts,
    lists of texts, yes or no, numbers (int, float or Decimal). One that cannot be read gives a decision with a
    ``problem`` and stops no other. Raises NoVersionInForce.
    """
    head = get_version_in_force(key, on_date)
    table = _compiled(head.id, head.digest)
    return [table.decide(context) for context in contexts]


def evaluate(key: str, context: Mapping[str, Any], on_date: date) -> Decision:
    """Decide about one case by the version that stands on a day; raises NoVersionInForce."""
    return evaluate_many(key, [context], on_date)[0]


def evaluate_version(key: str, number: int, context: Mapping[str, Any]) -> Decision:
    """Decide as a certain version did or would, whether it stands or not; raises TableUnknown."""
    version = get_version(key, number)
    return _compiled(version.id, version.digest).decide(context)


def get_version_in_force(key: str, on_date: date) -> VersionHead:
    """The approved version that stands on a day; raises NoVersionInForce."""
    head = find_version_in_force(key, on_date)
    if head is None:
        raise NoVersionInForce(f"no approved version of the decision table {key!r} stands on {on_date}")
    return head


def find_version_in_force(key: str, on_date: date) -> VersionHead | None:
    """The approved version that stands on a day, or None."""
    row = (
        DecisionTableVersion.objects.filter(table_id=key, state=State.ACTIVE, since__lte=on_date)
        .order_by("-since")
        .values_list("id", "table_id", "number", "since", "digest")
        .first()
    )
    return VersionHead(*row) if row is not None else None


@lru_cache(maxsize=256)
def _compiled(version_id: UUID, digest: str) -> CompiledTable:
    """A version ready to decide. What decides never changes, so it may stay for the process's life; a draft may."""
    row = DecisionTableVersion.objects.only("table_id", "number", "content").get(pk=version_id)
    return CompiledTable(row.table_id, row.number, TableContent.from_json(row.content))


def list_tables(on_date: date) -> QuerySet[DecisionTable]:
    """Every table with the version that stands on a day and how many drafts wait.

    Adds ``standing_number``, ``standing_since`` and ``standing_rows`` (None where no version stands) and
    ``draft_count``. The doors let in only those who may see all tables.
    """
    standing = DecisionTableVersion.objects.filter(
        table_id=OuterRef("pk"), state=State.ACTIVE, since__lte=on_date
    ).order_by("-since")
    row_count = Func(F("content__rows"), function="jsonb_array_length", output_field=IntegerField())
    return DecisionTable.objects.annotate(
        standing_number=Subquery(standing.values("number")[:1]),
        standing_since=Subquery(standing.values("since")[:1]),
        standing_rows=Subquery(standing.annotate(row_count=row_count).values("row_count")[:1]),
        draft_count=Count("versions", filter=Q(versions__state=State.DRAFT)),
    ).order_by("key")


def get_version(key: str, number: int) -> DecisionTableVersion:
    """One version of a table; raises TableUnknown."""
    version = DecisionTableVersion.objects.select_related("table").filter(table_id=key, number=number).first()
    if version is None:
        raise TableUnknown(f"no version {number} of the decision table {key!r}")
    return version


def get_version_to_show(key: str, on_date: date) -> DecisionTableVersion:
    """The version that stands on a day, else the newest one; raises TableUnknown."""
    head = find_version_in_force(key, on_date)
    versions = DecisionTableVersion.objects.select_related("table").filter(table_id=key).order_by("-number")
    version = (versions if head is None else versions.filter(pk=head.id)).first()
    if version is None:
        raise TableUnknown(f"no decision table {key!r}")
    return version


def list_decided_versions(key: str) -> list[DecisionTableVersion]:
    """The versions of a table that decide or did."""
    return list(DecisionTableVersion.objects.filter(table_id=key, state=State.ACTIVE))


def list_replays(version: DecisionTableVersion, most: int = 10) -> list[Replay]:
    """The newest replays of a version, without what they found."""
    return list(Replay.objects.filter(version=version).defer("result")[:most])


def get_replay(pk: UUID) -> Replay:
    """One replay; raises TableUnknown."""
    found = Replay.objects.select_related("version__table").filter(pk=pk).first()
    if found is None:
        raise TableUnknown(f"no replay {pk}")
    return found


def list_versions(key: str) -> QuerySet[DecisionTableVersion]:
    """The versions of a table without their content, newest first."""
    return DecisionTableVersion.objects.filter(table_id=key).defer("content").order_by("-number")


def columns_asked(key: str, number: int, output: str, value: str) -> frozenset[str]:
    """The columns that the conditions of those rows ask which say ``value`` in a result; raises TableUnknown."""
    version = get_version(key, number)
    return _columns_asked(version.id, version.digest, output, value)


@lru_cache(maxsize=1024)
def _columns_asked(version_id: UUID, digest: str, output: str, value: str) -> frozenset[str]:
    content = TableContent.from_json(DecisionTableVersion.objects.only("content").get(pk=version_id).content)
    columns = {column.name for column in content.inputs}
    asked: set[str] = set()
    for row in content.rows:
        said = row.then.get(output)
        if value == said or (isinstance(said, list | tuple) and value in said):
            cells = {name: cell for name, cell in row.when.items() if cell.strip()}
            asked |= cells.keys() | {name for cell in cells.values() for name in names_in(cell)}
    return frozenset(asked & columns)


@dataclass(frozen=True, slots=True)
class FiredRows:
    """A table and the rows of it that fired, in the words of the page's language."""

    table: str
    rows: list[str]


def describe_rows(key: str, number: int, row_ids: Sequence[str]) -> FiredRows:
    """Name a table and some rows of one version of it; a row without words keeps its id."""
    version = get_version(key, number)
    is_english = (get_language() or "").startswith("en")
    words = {row["id"]: (row["en"] if is_english else row["zh"]) or row["id"] for row in version.content["rows"]}
    table = version.table.name_en if is_english else version.table.name_zh
    return FiredRows(table, [words.get(row_id, row_id) for row_id in row_ids])
