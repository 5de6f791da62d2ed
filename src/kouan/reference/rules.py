"""What an import does to the rows that are there, and how a name is found by its sound. No database."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from pypinyin import Style, lazy_pinyin

from kouan.records.problems import Problem
from kouan.reference.types import Plan, SheetRow, StoredRow


def plan_changes(
    existing: Iterable[StoredRow],
    incoming: Sequence[SheetRow],
    *,
    is_builtin: bool = False,
    may_correct: bool = False,
    replaces_list: bool = False,
) -> Plan:
    """Say what taking in ``incoming`` changes in one table.

    An old meaning stays for its days: a row that says something new from a later day closes the old one on that day.
    A row that contradicts what stands for the very same first day is refused, unless it is a correction
    (``may_correct``) or what stands is of the small built-in set, which the office's own tables overrule. With
    ``replaces_list`` a code that the new list no longer has ends on the first day of the new list.
    """
    plan = Plan()
    stored: dict[str, list[StoredRow]] = defaultdict(list)
    for row in existing:
        stored[row.content[0]].append(row)
    groups: dict[str, list[SheetRow]] = defaultdict(list)
    for row in _without_repeats(incoming):
        groups[row.code].append(row)
    kept: set = set()
    for code, rows in groups.items():
        if len({row.content for row in rows}) > 1 and _overlap(rows):
            plan.problems.append(_stands_twice(code, rows))
        _plan_code(plan, stored[code], rows, kept, is_builtin=is_builtin, may_correct=may_correct)
    if replaces_list and incoming:
        first_day = min(row.since for row in incoming)
        for code, rows in stored.items():
            for row in rows:
                if code not in groups and row.until is None and row.since < first_day:
                    plan.close.append((row, first_day))
    return plan


def _plan_code(
    plan: Plan,
    stored: list[StoredRow],
    rows: list[SheetRow],
    kept: set,
    *,
    is_builtin: bool,
    may_correct: bool,
) -> None:
    fresh = []
    for row in rows:
        same = next((old for old in stored if row.agrees_with(old.content) and _covers(old, row)), None)
        if same is None:
            fresh.append(row)
            continue
        kept.add(same.id)
        if row.until is not None and same.until is None:
            plan.close.append((same, row.until))
        else:
            plan.unchanged += 1
    for row in fresh:
        rivals = [old for old in stored if old.id not in kept and _meets(old, row)]
        if not rivals:
            plan.add.append(row)
        elif is_builtin and any(not old.is_builtin for old in rivals):
            plan.unchanged += 1
        else:
            _settle(plan, rivals, row, kept, is_only_one=len(rows) == 1, may_correct=may_correct)


def _settle(
    plan: Plan, rivals: list[StoredRow], row: SheetRow, kept: set, *, is_only_one: bool, may_correct: bool
) -> None:
    earlier = [old for old in rivals if old.since < row.since]
    others = [old for old in rivals if old.since >= row.since]
    if others:
        yields = others[0].is_builtin or (may_correct and others[0].since == row.since)
        if not yields:
            plan.problems.append(_contradicts(row, others[0]))
            return
        plan.replace.append((others[0], row))
        kept.add(others[0].id)
    else:
        plan.add.append(row)
    if is_only_one:
        for old in earlier:
            plan.close.append((old, row.since))
            kept.add(old.id)


def _without_repeats(rows: Sequence[SheetRow]) -> list[SheetRow]:
    return list({(row.content, row.since, row.until): row for row in rows}.values())


def _covers(old: StoredRow, row: SheetRow) -> bool:
    return old.since <= row.since and (old.until is None or old.until == row.until or row.since < old.until)


def _meets(old: StoredRow, row: SheetRow) -> bool:
    return (old.until is None or row.since < old.until) and (row.until is None or old.since < row.until)


def _overlap(rows: Sequence[SheetRow]) -> bool:
    ordered = sorted(rows, key=lambda row: row.since)
    return any(first.until is None or later.since < first.until for first, later in pairwise(ordered))


def _stands_twice(code: str, rows: Sequence[SheetRow]) -> Problem:
    names = "、".join(dict.fromkeys(row.name_zh or row.name_en for row in rows))
    lines = "、".join(str(row.line) for row in rows)
    return Problem(
        code="REF-TWICE",
        pointer=f"/{rows[0].line}",
        severity="warning",
        zh=f"代码 {code} 在第 {lines} 行各有一种含义（{names}），全部保留；换算到其他代码时不作猜测",
        en=f"The code {code} has several meanings ({names}); all are kept, and converting it is refused",
        fix_zh="如为笔误，请更正原表",
        fix_en="Mend the sheet if this is a slip",
    )


def _contradicts(row: SheetRow, old: StoredRow) -> Problem:
    day = old.since.isoformat()
    return Problem(
        code="REF-CONFLICT",
        pointer=f"/{row.line}",
        severity="error",
        zh=f"第 {row.line} 行：代码 {row.code} 自 {day} 起已另有内容（{old.content[3] or old.content[4]}），未改动",
        en=f"Line {row.line}: the code {row.code} says something else from {day} on; it was left as it is",
        fix_zh="含义变更请给出更晚的启用日期；更正笔误请加 --correct",
        fix_en="Give a later first day for a new meaning, or add --correct to mend a slip",
    )


def to_pinyin(name: str) -> tuple[str, str]:
    """The sound of a Chinese name without tones and its initials: 人民币 → ("renminbi", "rmb").

    Letters and digits stay, everything else falls away. A character with several sounds takes its usual one.
    """
    keep: Any = _keep_letters  # pypinyin takes a list too; its types do not say so
    syllables = [syllable for syllable in lazy_pinyin(name, style=Style.NORMAL, errors=keep) if syllable]
    return "".join(syllables)[:200], "".join(syllable[0] for syllable in syllables)[:60]


def _keep_letters(text: str) -> list[str]:
    return [character.lower() for character in text if character.isascii() and character.isalnum()]
