"""What a later version of a declaration says otherwise than an earlier one. Pure.

A ``Statement`` is what one version says: fields of the head, and sections of lines, all as plain texts; a field that
says nothing is left out. ``compare`` gives an ``Amendment``, which is empty exactly when both say the same; ``apply``
makes the later statement of the earlier one, and ``reverse`` turns an amendment round. Lines are the same line when
what identifies them is, wherever they stand.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Fields = Mapping[str, str]
Identities = Mapping[str, Sequence[tuple[str, ...]]]
"""By section: the fields that tell a line, the surest first. Lines that share none of them are other lines."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one version says: the head, and by section the lines in their order."""

    head: Fields = field(default_factory=dict)
    lines: Mapping[str, Sequence[Fields]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field; empty where a version says nothing."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line that came, went, says something else or stands elsewhere; places count from 1, None where it is not."""

    old_place: int | None
    new_place: int | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def kind(self) -> Literal["added", "removed", "changed", "shifted"]:
        """What became of the line; ``shifted`` says the same at another place."""
        if self.old_place is None:
            return "added"
        if self.new_place is None:
            return "removed"
        return "changed" if self.fields else "shifted"


@dataclass(frozen=True, slots=True)
class SectionChange:
    """The lines of one section that are not what they were. A line that is not named says the same at its place."""

    old_count: int
    new_count: int
    lines: tuple[LineChange, ...]


@dataclass(frozen=True, slots=True)
class Amendment:
    """Everything that makes one statement of another."""

    head: tuple[FieldChange, ...] = ()
    sections: Mapping[str, SectionChange] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether both statements say the same."""
        return not self.head and not self.sections


def compare(old: Statement, new: Statement, identities: Identities | None = None) -> Amendment:
    """Say what ``new`` says otherwise than ``old``."""
    known = identities or {}
    sections = {}
    for name in dict.fromkeys([*old.lines, *new.lines]):
        before, after = old.lines.get(name, ()), new.lines.get(name, ())
        if found := tuple(_line_changes(before, after, known.get(name, ()))):
            sections[name] = SectionChange(len(before), len(after), found)
    return Amendment(_field_changes(old.head, new.head), dict(sorted(sections.items())))


def apply(old: Statement, amendment: Amendment) -> Statement:
    """Make the later statement: ``apply(old, compare(old, new))`` says what ``new`` says."""
    lines: dict[str, Sequence[Fields]] = {name: tuple(one) for name, one in old.lines.items() if one}
    for name, section in amendment.sections.items():
        if made := _applied(lines.get(name, ()), section):
            lines[name] = made
        else:
            lines.pop(name, None)
    return Statement(_with(old.head, amendment.head), lines)


def reverse(amendment: Amendment) -> Amendment:
    """Give the amendment that leads back: ``compare(new, old)`` out of ``compare(old, new)``."""
    sections = {
        name: SectionChange(
            section.new_count,
            section.old_count,
            _ordered(LineChange(one.new_place, one.old_place, _turned(one.fields)) for one in section.lines),
        )
        for name, section in amendment.sections.items()
    }
    return Amendment(_turned(amendment.head), sections)


def moved(section: SectionChange) -> frozenset[int]:
    """Give the old places of the fewest lines whose moving explains the new order; others only make room."""
    pairs = sorted(_kept_places(section))
    stays = _longest_rising([after for _before, after in pairs])
    return frozenset(before for at, (before, _after) in enumerate(pairs) if at not in stays)


# Fields --------------------------------------------------------------------------------------------------------------


def _field_changes(old: Fields, new: Fields) -> tuple[FieldChange, ...]:
    names = sorted({*old, *new})
    return tuple(
        FieldChange(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    )


def _with(fields: Fields, changes: Sequence[FieldChange]) -> Fields:
    made = {name: value for name, value in fields.items() if value}
    for change in changes:
        if change.new:
            made[change.name] = change.new
        else:
            made.pop(change.name, None)
    return made


def _turned(changes: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(one.name, one.new, one.old) for one in changes)


# Lines ---------------------------------------------------------------------------------------------------------------


def _line_changes(
    old: Sequence[Fields], new: Sequence[Fields], keys: Sequence[tuple[str, ...]]
) -> Sequence[LineChange]:
    pairs = _pairs(old, new, keys)
    found = []
    for before, after in pairs.items():
        changes = _field_changes(old[before], new[after])
        if changes or before != after:
            found.append(LineChange(before + 1, after + 1, changes))
    kept = set(pairs.values())
    found += [
        LineChange(place, None, _field_changes(line, {})) for place, line in enumerate(old, 1) if place - 1 not in pairs
    ]
    found += [
        LineChange(None, place, _field_changes({}, line)) for place, line in enumerate(new, 1) if place - 1 not in kept
    ]
    return _ordered(found)


def _ordered(lines: Sequence[LineChange] | Iterator[LineChange]) -> tuple[LineChange, ...]:
    """The lines as the later version has them, then those that are gone."""
    last = float("inf")
    return tuple(sorted(lines, key=lambda one: (one.new_place or last, one.old_place or last)))


def _pairs(old: Sequence[Fields], new: Sequence[Fields], keys: Sequence[tuple[str, ...]]) -> dict[int, int]:
    """Pair the lines that are the same: first those that say the same, then by each key that both have, in order."""
    pairs: dict[int, int] = {}
    left = set(range(len(new)))
    everything = tuple(sorted({name for line in (*old, *new) for name in line}))
    for key in (everything, *keys):
        of_new: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place in sorted(left, reverse=True):
            of_new[_told_by(new[place], key)].append(place)
        for place, line in enumerate(old):
            told = _told_by(line, key)
            if place not in pairs and (any(told) if key is everything else all(told)) and of_new.get(told):
                pairs[place] = of_new[told].pop()
                left.discard(pairs[place])
    return pairs


def _told_by(line: Fields, key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line.get(name, "") for name in key)


def _applied(old: Sequence[Fields], section: SectionChange) -> tuple[Fields, ...]:
    made: dict[int, Fields] = {}
    named = {one.old_place for one in section.lines}
    for place, line in enumerate(old, 1):
        if place not in named:
            made[place] = line
    for one in section.lines:
        if one.new_place is not None:
            made[one.new_place] = _with(old[one.old_place - 1] if one.old_place else {}, one.fields)
    return tuple(made[place] for place in sorted(made))


def _kept_places(section: SectionChange) -> Iterator[tuple[int, int]]:
    named = {one.old_place for one in section.lines}
    for one in section.lines:
        if one.old_place and one.new_place:
            yield one.old_place, one.new_place
    for place in range(1, section.old_count + 1):
        if place not in named:
            yield place, place


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Give the indexes of one longest rising run."""
    ends: list[int] = []  # by length less one: the smallest last value of a rising run
    last: list[int] = []  # its index
    before: list[int] = []
    for at, value in enumerate(values):
        length = bisect_left(ends, value)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        last[length : length + 1] = [at]
    found: set[int] = set()
    at = last[-1] if last else -1
    while at >= 0:
        found.add(at)
        at = before[at]
    return found
