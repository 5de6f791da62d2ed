"""Writes of the code tables: taking in a sheet, and the small set that comes with Kouan."""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from kouan.audit.services import record
from kouan.audit.types import Actor
from kouan.kernel.identifiers import uuid7
from kouan.records.problems import Problem
from kouan.reference import selectors
from kouan.reference.builtin import builtin_sheets
from kouan.reference.models import Code, CodeImport, CodeTable
from kouan.reference.reading import OWN_LAYOUT, SheetUnreadable, fits_own_layout, known_layouts, read_sheet
from kouan.reference.rules import plan_changes, to_pinyin
from kouan.reference.types import CONTENT, ImportReport, Layout, Plan, SheetRow, StoredRow

IMPORT_LOCK = 0x4B4F5531
MOST_FILES = 200


def import_folder(
    *,
    folder: Path,
    actor: Actor,
    at: datetime,
    since: date | None = None,
    source: str = "",
    may_correct: bool = False,
    replaces_list: bool = False,
) -> list[ImportReport]:
    """Take in every CSV of a folder, each sheet in a transaction of its own, in the order of their names.

    A sheet with a problem of severity "error" is refused as a whole and does not stop the others. Taking in the same
    folder again changes nothing.
    """
    paths = sorted(folder.glob("*.csv"))[:MOST_FILES]
    return [
        import_sheet(
            raw=path.read_bytes(),
            sheet=path.name,
            actor=actor,
            at=at,
            since=since,
            source=source,
            may_correct=may_correct,
            replaces_list=replaces_list,
        )
        for path in paths
    ]


def import_sheet(
    *,
    raw: bytes,
    sheet: str,
    actor: Actor,
    at: datetime,
    layout: Layout | None = None,
    since: date | None = None,
    source: str = "",
    is_builtin: bool = False,
    may_correct: bool = False,
    replaces_list: bool = False,
) -> ImportReport:
    """Take in one sheet of codes: all of it, or nothing when a row cannot be taken.

    ``layout`` is found by the file's name or its heading when not given. ``since`` is the first day for rows that name
    none; without it the layout's own day counts.
    """
    try:
        layout = layout or known_layouts().get(sheet) or (OWN_LAYOUT if fits_own_layout(raw) else None)
        if layout is None:
            return _refused(sheet, 0, [_unknown_layout(sheet)])
        rows, problems = read_sheet(raw, layout, since or layout.since)
    except SheetUnreadable as unreadable:
        return _refused(sheet, 0, [unreadable.problem])
    if problems:
        return _refused(sheet, len(rows), problems)
    with transaction.atomic():
        _lock_imports()
        plans = _plan(rows, is_builtin=is_builtin, may_correct=may_correct, replaces_list=replaces_list)
        problems = [problem for plan in plans.values() for problem in plan.problems]
        if any(problem.severity == "error" for problem in problems):
            return _refused(sheet, len(rows), problems)
        brought_by = CodeImport(
            sheet=sheet,
            digest=hashlib.sha256(raw).hexdigest(),
            source=source or layout.source,
            is_builtin=is_builtin,
            since_date=min((row.since for row in rows), default=at.date()),
            imported_at=at,
            actor_id=actor.pk,
            actor_label=actor.audit_label,
            added=sum(len(plan.add) for plan in plans.values()),
            replaced=sum(len(plan.replace) for plan in plans.values()),
            closed=sum(len(plan.close) for plan in plans.values()),
            unchanged=sum(plan.unchanged for plan in plans.values()),
        )
        changes = any(plan.changes_anything for plan in plans.values())
        changes = _write_tables(rows, layout) or changes
        if changes:
            brought_by.save(force_insert=True)
            for table, plan in plans.items():
                _write_plan(table, plan, brought_by)
            _record(actor, brought_by, tables=sorted(plans))
    return ImportReport(
        sheet=sheet,
        rows=len(rows),
        added=brought_by.added,
        replaced=brought_by.replaced,
        closed=brought_by.closed,
        unchanged=brought_by.unchanged,
        problems=tuple(problems),
        import_id=brought_by.id if changes else None,
    )


def install_builtin_codes(*, actor: Actor, at: datetime) -> list[ImportReport]:
    """Bring in the small set of codes that comes with Kouan; again and again without harm.

    It never touches a row that the office imported.
    """
    return [
        import_sheet(
            raw=sheet.raw,
            sheet=sheet.name,
            actor=actor,
            at=at,
            layout=sheet.layout,
            source=sheet.source,
            is_builtin=True,
        )
        for sheet in builtin_sheets()
    ]


def _plan(rows: Sequence[SheetRow], **how: bool) -> dict[str, Plan]:
    by_table: dict[str, list[SheetRow]] = defaultdict(list)
    for row in rows:
        by_table[row.table].append(row)
    return {
        table: plan_changes(selectors.stored_rows(table), rows_of_table, **how)
        for table, rows_of_table in by_table.items()
    }


def _lock_imports() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _write_tables(rows: Sequence[SheetRow], layout: Layout) -> bool:
    """Make the tables that are not there yet; say whether a table became complete by this sheet."""
    names = {row.table: row.table_name for row in rows}
    present = {table.key: table for table in CodeTable.objects.filter(key__in=names)}
    CodeTable.objects.bulk_create(
        [
            CodeTable(
                key=key,
                name_zh=(name or key)[:120],
                name_en=layout.name_en if layout.table else "",
                is_complete=layout.is_complete,
            )
            for key, name in names.items()
            if key not in present
        ]
    )
    if not layout.is_complete:
        return False
    return CodeTable.objects.filter(key__in=present, is_complete=False).update(is_complete=True) > 0


def _write_plan(table: str, plan: Plan, brought_by: CodeImport) -> None:
    Code.objects.bulk_create([_to_code(row, table, brought_by, uuid7()) for row in plan.add], batch_size=2000)
    replacing = [_to_code(_fill_in(row, old), table, brought_by, old.id) for old, row in plan.replace]
    Code.objects.bulk_update(
        replacing,
        [*CONTENT[1:], "pinyin", "initials", "since", "until", "brought_by"],
        batch_size=500,
    )
    for old, day in plan.close:
        Code.objects.filter(pk=old.id).update(until=day)


def _fill_in(row: SheetRow, old: StoredRow) -> SheetRow:
    """The row, with what it is silent about as it stands already."""
    stored = dict(zip(CONTENT, old.content, strict=True))
    return dataclasses.replace(row, **{name: stored[name] for name in row.silent})


def _record(actor: Actor, brought_by: CodeImport, tables: list[str]) -> None:
    counts = {name: getattr(brought_by, name) for name in ("added", "replaced", "closed", "unchanged")}
    record(
        actor=actor,
        act="import_codes",
        subject_kind="code_import",
        subject_id=brought_by.id,
        at=brought_by.imported_at,
        detail={"sheet": brought_by.sheet, "digest": brought_by.digest, "tables": tables[:50], **counts},
    )


def _to_code(row: SheetRow, table: str, brought_by: CodeImport, pk: UUID) -> Code:
    pinyin, initials = to_pinyin(row.name_zh)
    return Code(
        id=pk,
        table_id=table,
        code=row.code,
        customs_code=row.customs_code,
        ciq_code=row.ciq_code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        note=row.note,
        pinyin=pinyin,
        initials=initials,
        since=row.since,
        until=row.until,
        brought_by=brought_by,
    )


def _refused(sheet: str, rows: int, problems: list[Problem]) -> ImportReport:
    return ImportReport(sheet=sheet, rows=rows, added=0, replaced=0, closed=0, unchanged=0, problems=tuple(problems))


def _unknown_layout(sheet: str) -> Problem:
    return Problem(
        code="REF-LAYOUT",
        pointer="",
        severity="error",
        zh=f"不认识 {sheet} 的表头",
        en=f"The heading of {sheet} is not known",
        fix_zh="使用列 table、code、customs_code、ciq_code、name_zh、name_en、note、since、until",
        fix_en="Use the columns table, code, customs_code, ciq_code, name_zh, name_en, note, since, until",
    )
