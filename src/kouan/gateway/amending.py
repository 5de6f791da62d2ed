"""How two versions of a declaration differ, in the words of the page: what matters first, codes with their names,
numbers with their units, personal data masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kouan.gateway.standards.statements import Guide, SaidField, guide_of
from kouan.records.amendments import (
    Amendment,
    FieldChange,
    Fields,
    LineChange,
    SectionChange,
    Statement,
    compare,
    moved,
)
from kouan.reference import selectors as reference
from kouan.reference.codes import Generation
from kouan.screens.formats import is_english, to_quantity
from kouan.screens.masking import to_masked
from kouan.screens.pieces import Chip, Tone

Readers = Callable[[str], Sequence[str]]
"""Says of a field (``gross_weight_kg``, ``line.hs_code``) who looks at it, by name."""

_MOST_SHOWN = 300
"""Characters of one value that are shown; free texts run to thousands."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field with what it said and says; ``step`` is by how much a number rose or fell."""

    name: str
    label: str
    old: str
    new: str
    step: str = ""
    is_masked: bool = False
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line that came, went, was changed or moved."""

    label: str
    title: str
    chip: Chip
    fields: tuple[ShownField, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """What belongs together, fields of the head and lines."""

    label: str
    fields: tuple[ShownField, ...]
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class ShownAmendment:
    """A whole difference, what matters first; ``is_partial`` where an original is gone and only kept fields are
    compared."""

    groups: tuple[ShownGroup, ...]
    readers: tuple[tuple[str, int], ...]
    is_partial: bool = False

    @property
    def count(self) -> int:
        """How many things differ."""
        return sum(len(group.fields) + len(group.lines) for group in self.groups)


def difference(old: Statement, new: Statement, standard: str) -> Amendment:
    """Compare two statements of a standard, lines by what identifies them there."""
    return compare(old, new, guide_of(standard).identities)


def changed_fields(old: Statement, new: Statement, amendment: Amendment) -> set[str]:
    """Give every field that differs; of a line that came or went all that it says, of one that moved none."""
    found = {change.name for change in amendment.head}
    for section, changes in amendment.sections.items():
        found |= {f"{section}.{change.name}" for line in changes.lines for change in line.fields}
    return found


def describe(
    old: Statement, new: Statement, *, standard: str, on_date: date, readers: Readers = lambda name: (),
    is_partial: bool = False,
) -> ShownAmendment:  # fmt: skip
    """Lay out how two statements differ, in the language of the page, with the code tables of a day."""
    guide = guide_of(standard)
    writer = _Writer(guide, on_date, readers)
    amendment = compare(old, new, guide.identities)
    fields: dict[str, list[tuple[int, ShownField]]] = {}
    for change in amendment.head:
        about = guide.of(change.name)
        shown = writer.field(about, change, old.head, new.head)
        fields.setdefault(about.group, []).append((about.rank, shown))
    lines: dict[str, list[ShownLine]] = {}
    for name, section in amendment.sections.items():
        group = guide.sections[name].group if name in guide.sections else "other"
        found = writer.lines(name, section, old.lines.get(name, ()), new.lines.get(name, ()))
        lines.setdefault(group, []).extend(found)
    groups = tuple(
        ShownGroup(
            word.en if is_english() else word.zh,
            tuple(shown for _rank, shown in sorted(fields.get(key, ()), key=lambda one: one[0])),
            tuple(lines.get(key, ())),
        )
        for key, word in guide.groups.items()
        if fields.get(key) or lines.get(key)
    )
    return ShownAmendment(groups, _counted(groups), is_partial)


def _counted(groups: Iterable[ShownGroup]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for group in groups:
        for one in (*group.fields, *group.lines):
            for reader in one.readers:
                counts[reader] = counts.get(reader, 0) + 1
    return tuple(counts.items())


class _Writer:
    """Writes changes in the words of the page."""

    def __init__(self, guide: Guide, on_date: date, readers: Readers) -> None:
        self._guide, self._readers = guide, readers
        self._codes = reference.load_codes(on_date)
        self._language = get_language() or "zh"

    def field(self, about: SaidField, change: FieldChange, old: Fields, new: Fields) -> ShownField:
        """Write one field; ``old`` and ``new`` are the records in which it stands."""
        before, after = self._value(about, change.old, old), self._value(about, change.new, new)
        label = about.word.en if is_english() else about.word.zh
        readers = tuple(self._readers(about.name))
        step = _step(change) if about.is_number and not about.mask else ""
        return ShownField(about.name, label, before, after, step, bool(about.mask), readers)

    def lines(
        self, name: str, section: SectionChange, old: Sequence[Fields], new: Sequence[Fields]
    ) -> Iterator[ShownLine]:
        """Write the lines of a section; one that only makes room for others is not told."""
        wandered = moved(section)
        for line in section.lines:
            is_moved = line.old_place in wandered
            if line.kind != "shifted" or is_moved:
                yield self._line(name, line, old, new, is_moved)

    def _line(
        self, name: str, line: LineChange, old: Sequence[Fields], new: Sequence[Fields], is_moved: bool
    ) -> ShownLine:
        before: Fields = old[line.old_place - 1] if line.old_place else {}
        after: Fields = new[line.new_place - 1] if line.new_place else {}
        section = self._guide.sections.get(name)
        word = (section.word.en if is_english() else section.word.zh) if section else name
        place = line.new_place or line.old_place
        abouts = sorted(
            ((self._guide.of(f"{name}.{change.name}"), change) for change in line.fields), key=lambda one: one[0].rank
        )
        shown = tuple(self.field(about, change, before, after) for about, change in abouts)
        readers = dict.fromkeys(reader for one in shown for reader in one.readers)
        title = " ".join((after or before).get(one, "") for one in self._guide.line_name.get(name, ()))
        return ShownLine(
            f"{word} {place}", title, _chip(line, is_moved), shown,
            tuple(readers),
        )  # fmt: skip

    def _value(self, about: SaidField, value: str, record: Fields) -> str:
        if not value:
            return ""
        if about.mask:
            return to_masked(value, about.mask)
        if about.codes:
            return f"{value} {self._name(about.codes, value)}".strip()
        if about.is_number:
            return f"{_number(value)} {about.unit or self._unit(about, record)}".strip()
        return value if len(value) <= _MOST_SHOWN else f"{value[:_MOST_SHOWN]}…"

    def _unit(self, about: SaidField, record: Fields) -> str:
        code = record.get(about.unit_from, "")
        if not code:
            return ""
        beside = self._guide.of(f"{about.name.rpartition('.')[0]}.{about.unit_from}".lstrip("."))
        return self._name(beside.codes, code) or code

    def _name(self, table: str, code: str) -> str:
        return self._codes.name(table, code, self._language, generation=Generation(self._guide.generation)) or ""


def _chip(line: LineChange, is_moved: bool) -> Chip:
    words = {"old": line.old_place, "new": line.new_place}
    if line.kind == "added":
        return Chip(_("新增"), Tone.DONE, "plus")
    if line.kind == "removed":
        return Chip(_("删除"), Tone.REFUSED, "cross")
    if not is_moved:
        return Chip(_("有修改"), Tone.RUNNING, "edit")
    text = _("由第 %(old)s 项移至第 %(new)s 项，并有修改") if line.fields else _("由第 %(old)s 项移至第 %(new)s 项")
    return Chip(text % words, Tone.RUNNING, "arrow")


def _number(value: str) -> str:
    try:
        return to_quantity(Decimal(value))
    except InvalidOperation:
        return value


def _step(change: FieldChange) -> str:
    try:
        by = Decimal(change.new) - Decimal(change.old)
    except InvalidOperation:
        return ""
    return f"{'+' if by > 0 else ''}{to_quantity(by)}"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of those that there are, and how they differ."""

    numbers: tuple[int, ...]
    old: int
    new: int
    amendment: ShownAmendment


def pair_of_versions(asked: Mapping[str, Any], numbers: Sequence[int]) -> tuple[int, int] | None:
    """Give the two versions that an address asks to compare (``old``, ``new``), else the last two; None without two."""
    if len(numbers) < 2:
        return None
    last_two = (numbers[-2], numbers[-1])
    try:
        old, new = int(asked.get("old", last_two[0])), int(asked.get("new", last_two[1]))
    except (TypeError, ValueError):
        return last_two
    return (old, new) if old in numbers and new in numbers else last_two
