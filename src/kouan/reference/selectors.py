"""Reads of the code tables: the frozen object of the hot path, the crosswalk, pickers and lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields import CharField
from django.db.models.functions import Cast

from kouan.reference.codes import Generation
from kouan.reference.models import Code, CodeImport, CodeTable
from kouan.reference.types import Codes, CodeShelf, CodeTableUnknown, Entry, StoredRow

MOST_CHOICES = 50

_loaded: tuple[tuple[int, str], CodeShelf] | None = None


def load_codes(on_date: date) -> Codes:
    """The code tables as they stand on a day, frozen, for checking many documents.

    One small query asks whether anything was imported since this process last read the tables (some 12,000 rows);
    only then they are read again. Take it once per batch.
    """
    global _loaded
    stamp = _stamp()
    if _loaded is None or _loaded[0] != stamp:
        _loaded = (stamp, _read_shelf())
    return Codes(_loaded[1], on_date)


def _stamp() -> tuple[int, str]:
    found = CodeImport.objects.aggregate(count=Count("id"), last=Max(Cast("id", CharField())))
    return found["count"], found["last"] or ""


def _read_shelf() -> CodeShelf:
    fields = ("table_id", "code", "customs_code", "ciq_code", "name_zh", "name_en", "since", "until")
    rows = Code.objects.order_by("table_id", "code", "since", "customs_code", "pk").values_list(*fields)
    complete = CodeTable.objects.filter(is_complete=True).values_list("key", flat=True)
    return CodeShelf(((row[0], Entry(*row[1:])) for row in rows.iterator(chunk_size=5000)), complete)


def convert(table: str, value: str, from_generation: Generation, to_generation: Generation, on_date: date) -> str:
    """The code of another generation for the same thing on a day: convert("currency", "142", CUSTOMS, CURRENT) → CNY.

    Raises CodeMissing when no row says it, CodeAmbiguous (with the candidates) when several do; never guesses.
    """
    return load_codes(on_date).convert(table, value, from_generation, to_generation)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a picker."""

    code: str
    name_zh: str
    name_en: str
    note: str


def find_codes(
    table: str,
    q: str,
    *,
    on_date: date,
    generation: Generation = Generation.CURRENT,
    limit: int = 20,
) -> list[Choice]:
    """The codes of a table that a few typed characters may mean, best first.

    Matches the code, the name (Chinese or English), the pinyin and its initials. An empty ``q`` gives the first rows.
    """
    column = {Generation.CURRENT: "code", Generation.CUSTOMS: "customs_code", Generation.CIQ: "ciq_code"}[generation]
    rows = _ranked(in_force(Code.objects.filter(table_id=table), on_date).exclude(**{column: ""}), q, column)
    choices: dict[tuple[str, str], Choice] = {}
    for row in rows[: min(limit, MOST_CHOICES) * 2]:
        code = getattr(row, column)
        choices.setdefault((code, row.name_zh or row.name_en), Choice(code, row.name_zh, row.name_en, row.note))
    return list(choices.values())[: min(limit, MOST_CHOICES)]


def _ranked(rows: QuerySet[Code], q: str, column: str) -> QuerySet[Code]:
    words = " ".join(q.split())[:60]
    if not words:
        return rows.order_by(column, "since")
    code_begins = Q(**{f"{column}__istartswith": words})
    matches = code_begins | _by_name(words) | _by_sound(words)
    rank = Case(
        When(Q(**{f"{column}__iexact": words}) | Q(name_zh=words), then=Value(0)),
        When(code_begins, then=Value(1)),
        When(Q(name_zh__startswith=words) | Q(initials=_to_sound(words)), then=Value(2)),
        When(Q(name_en__istartswith=words) | _by_beginning_of_sound(words), then=Value(3)),
        When(Q(name_zh__icontains=words), then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
    return rows.filter(matches).order_by(rank, column, "since")


def _by_name(words: str) -> Q:
    return Q(name_zh__icontains=words) | Q(name_en__icontains=words)


def _by_sound(words: str) -> Q:
    """By the beginning of the sound; by any part of it from two letters on."""
    sound = _to_sound(words)
    if len(sound) < 2:
        return _by_beginning_of_sound(words)
    return Q(pinyin__contains=sound) | Q(initials__contains=sound)


def _by_beginning_of_sound(words: str) -> Q:
    sound = _to_sound(words)
    return Q(pinyin__startswith=sound) | Q(initials__startswith=sound) if sound else Q(pk__in=[])


def _to_sound(words: str) -> str:
    return "".join(character for character in words.lower() if character.isascii() and character.isalnum())


def in_force(rows: QuerySet[Code], on_date: date) -> QuerySet[Code]:
    """The rows that stand on a day."""
    return rows.filter(since__lte=on_date).filter(Q(until__isnull=True) | Q(until__gt=on_date))


def list_tables(on_date: date) -> QuerySet[CodeTable]:
    """Every code table with ``in_force_count``, its codes on a day, and ``row_count``, all its rows.

    Code tables are open to everybody who is signed in, so these lists ask for no person.
    """
    stands = Q(codes__since__lte=on_date) & (Q(codes__until__isnull=True) | Q(codes__until__gt=on_date))
    return CodeTable.objects.annotate(
        row_count=Count("codes"),
        in_force_count=Count("codes", filter=stands),
        newest_since=Max("codes__since"),
    ).order_by("key")


def get_table(key: str) -> CodeTable:
    """One code table; raises CodeTableUnknown."""
    table = CodeTable.objects.filter(pk=key).first()
    if table is None:
        raise CodeTableUnknown(f"no code table {key!r}")
    return table


def list_codes(table: str) -> QuerySet[Code]:
    """The rows of a table, of all days, with the import that brought each."""
    return Code.objects.filter(table_id=table).select_related("brought_by")


def matching(rows: QuerySet[Code], q: str) -> QuerySet[Code]:
    """The rows that a few typed characters may mean: by a code of any generation, name, pinyin or initials."""
    words = " ".join(q.split())[:60]
    if not words:
        return rows
    by_code = Q(code__istartswith=words) | Q(customs_code__istartswith=words) | Q(ciq_code__istartswith=words)
    return rows.filter(by_code | _by_name(words) | _by_sound(words))


def last_import(table: str) -> CodeImport | None:
    """The import that last changed a table."""
    return CodeImport.objects.filter(codes__table_id=table).order_by("-imported_at", "-id").first()


def stored_rows(table: str) -> list[StoredRow]:
    """The rows of a table as the planner of an import sees them."""
    rows = Code.objects.filter(table_id=table).values_list(
        "id",
        "code",
        "customs_code",
        "ciq_code",
        "name_zh",
        "name_en",
        "note",
        "since",
        "until",
        "brought_by__is_builtin",
    )
    return [StoredRow(id=row[0], content=row[1:7], since=row[7], until=row[8], is_builtin=row[9]) for row in rows]


def stands_in(table: str, column: str, on_date: date) -> Exists | Value:
    """For lists of other apps: whether the code in a column of their rows stands in a table on a day.

    Blank where the table is not loaded: then nobody can say.
    """
    if not Code.objects.filter(table_id=table).exists():
        return Value(None, output_field=BooleanField())
    return Exists(in_force(Code.objects.filter(table_id=table, code=OuterRef(column)), on_date))


@dataclass(frozen=True, slots=True)
class Noted:
    """A code with what is noted of it, since when that stands, and where it comes from."""

    name: str
    note: str
    since: date
    source: str


def notes_of(table: str, codes: Iterable[str], on_date: date) -> dict[str, Noted]:
    """Give what is noted of codes of a table on a day; codes that do not stand are left out."""
    rows = in_force(Code.objects.filter(table_id=table, code__in=list(codes)), on_date)
    wanted = ("code", "name_zh", "note", "since", "brought_by__source")
    return {code: Noted(*said) for code, *said in rows.values_list(*wanted)}
