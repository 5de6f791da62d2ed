"""What passes between the parts: rows of a sheet, the frozen tables of the hot path, and why a code is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kouan.records.problems import Problem
from kouan.reference.codes import Generation


class CodeTableUnknown(LookupError):
    """There is no code table of this key."""


class CodeMissing(LookupError):
    """No code of the wanted generation stands for this value on that day."""


class CodeAmbiguous(LookupError):
    """Several codes stand for this value; choosing one would be a guess.

    ``candidates`` holds each possible code with its Chinese name.
    """

    def __init__(self, message: str, candidates: tuple[tuple[str, str], ...]):
        super().__init__(message)
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class Layout:
    """How the columns of one kind of sheet map to a code row.

    ``columns`` maps our field to the sheet's heading. Where one sheet holds many tables, ``table_column`` names the
    column that says which, and ``table_prefix`` stands before it.
    """

    file: str
    table: str
    name_zh: str
    name_en: str
    columns: Mapping[str, str]
    since: date | None = None
    source: str = ""
    is_complete: bool = False
    table_column: str = ""
    table_prefix: str = ""
    table_name_column: str = ""


CONTENT: tuple[str, ...] = ("code", "customs_code", "ciq_code", "name_zh", "name_en", "note")
"""What a row says, besides its days."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet as read; ``line`` is where it stands in the file.

    ``silent`` names the parts of the content for which the sheet has no column: it neither says nor denies them.
    """

    line: int
    table: str
    table_name: str
    code: str
    customs_code: str
    ciq_code: str
    name_zh: str
    name_en: str
    note: str
    since: date
    until: date | None
    silent: frozenset[str] = frozenset()

    @property
    def content(self) -> tuple[str, ...]:
        """What the row says, without its days."""
        return (self.code, self.customs_code, self.ciq_code, self.name_zh, self.name_en, self.note)

    def agrees_with(self, content: tuple[str, ...]) -> bool:
        """Whether all that the row says is what ``content`` says."""
        return all(
            said == stored or name in self.silent
            for name, said, stored in zip(CONTENT, self.content, content, strict=True)
        )


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row that the database holds, as the planner sees it."""

    id: UUID
    content: tuple[str, ...]
    since: date
    until: date | None
    is_builtin: bool


@dataclass(slots=True)
class Plan:
    """What an import would change in one table."""

    add: list[SheetRow] = field(default_factory=list)
    replace: list[tuple[StoredRow, SheetRow]] = field(default_factory=list)
    close: list[tuple[StoredRow, date]] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        return bool(self.add or self.replace or self.close)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one sheet. ``import_id`` is empty when nothing changed or the sheet was refused."""

    sheet: str
    rows: int
    added: int
    replaced: int
    closed: int
    unchanged: int
    problems: tuple[Problem, ...]
    import_id: UUID | None = None

    @property
    def is_refused(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Entry:
    """A code in memory, valid from ``since`` until the day before ``until``."""

    code: str
    customs_code: str
    ciq_code: str
    name_zh: str
    name_en: str
    since: date
    until: date | None

    def stands_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def in_generation(self, generation: Generation) -> str:
        if generation == Generation.CURRENT:
            return self.code
        return self.customs_code if generation == Generation.CUSTOMS else self.ciq_code


class CodeShelf:
    """All code rows of the database, indexed once per process by table, generation and code."""

    __slots__ = ("_complete", "_index", "size")

    def __init__(self, rows: Iterable[tuple[str, Entry]], complete: Iterable[str]):
        index: dict[tuple[str, str], dict[str, list[Entry]]] = {}
        self.size = 0
        for table, entry in rows:
            self.size += 1
            for generation in Generation:
                value = entry.in_generation(generation)
                if value:
                    index.setdefault((table, generation.value), {}).setdefault(value, []).append(entry)
        self._index = {
            key: {code: tuple(entries) for code, entries in by_code.items()} for key, by_code in index.items()
        }
        self._complete = frozenset(complete)

    def entries(self, table: str, code: str, generation: str) -> tuple[Entry, ...]:
        by_code = self._index.get((table, generation))
        return by_code.get(code, ()) if by_code else ()

    def holds(self, table: str) -> bool:
        return (table, Generation.CURRENT.value) in self._index

    def is_complete(self, table: str) -> bool:
        return table in self._complete


class Codes:
    """The code tables as they stood on one day. Made by ``selectors.load_codes``; never changes.

    Each question takes another day by ``on_date``, and another generation than the current one by ``generation``.
    """

    __slots__ = ("_shelf", "on_date")

    def __init__(self, shelf: CodeShelf, on_date: date):
        self._shelf = shelf
        self.on_date = on_date

    def has(
        self, table: str, code: str, on_date: date | None = None, *, generation: Generation = Generation.CURRENT
    ) -> bool:
        """Whether the table holds this code on that day."""
        day = on_date or self.on_date
        return any(entry.stands_on(day) for entry in self._shelf.entries(table, code, generation.value))

    def may_refuse(
        self, table: str, code: str, on_date: date | None = None, *, generation: Generation = Generation.CURRENT
    ) -> bool:
        """Whether the code is certainly wrong: the table is known to be whole and does not hold it.

        A partial table (the small built-in ones) never refuses: what it does not know may still be right.
        """
        return self._shelf.is_complete(table) and not self.has(table, code, on_date, generation=generation)

    def is_loaded(self, table: str) -> bool:
        """Whether anything of the table is here at all."""
        return self._shelf.holds(table)

    def is_complete(self, table: str) -> bool:
        """Whether the table is known to hold every code."""
        return self._shelf.is_complete(table)

    def name(
        self,
        table: str,
        code: str,
        lang: str = "zh",
        on_date: date | None = None,
        *,
        generation: Generation = Generation.CURRENT,
    ) -> str | None:
        """What the code means, or None. A code that means several things names them all."""
        names: dict[str, None] = {}
        for entry in self._standing(table, code, on_date, generation):
            chosen = (entry.name_en or entry.name_zh) if lang.startswith("en") else (entry.name_zh or entry.name_en)
            names[chosen] = None
        return " / ".join(names) if names else None

    def convert(
        self,
        table: str,
        value: str,
        from_generation: Generation,
        to_generation: Generation,
        on_date: date | None = None,
    ) -> str:
        """The code of another generation for the same thing.

        Raises CodeMissing when the table says nothing, CodeAmbiguous when it says more than one.
        """
        found: dict[str, str] = {}
        for entry in self._standing(table, value, on_date, from_generation):
            other = entry.in_generation(to_generation)
            if other:
                found.setdefault(other, entry.name_zh or entry.name_en)
        if not found:
            raise CodeMissing(f"{table}: {from_generation.value} {value!r} has no {to_generation.value} code")
        if len(found) > 1:
            raise CodeAmbiguous(
                f"{table}: {from_generation.value} {value!r} may be {to_generation.value} {', '.join(found)}",
                tuple(found.items()),
            )
        return next(iter(found))

    def _standing(self, table: str, code: str, on_date: date | None, generation: Generation) -> list[Entry]:
        day = on_date or self.on_date
        return [entry for entry in self._shelf.entries(table, code, generation.value) if entry.stands_on(day)]
