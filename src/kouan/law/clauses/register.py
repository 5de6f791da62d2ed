"""Reads the YAML of this folder: one file per document. No database."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
_KEYS = {"clause", "zh", "en", "progress", "code", "screens"}


class ClausesMalformed(ValueError):
    """A file of clauses does not say what it must."""


class Progress(StrEnum):
    """How far Kouan answers a clause."""

    PARTLY = "partly"
    BUILT = "built"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a document: what it asks for in our words, and what in Kouan answers it.

    ``code`` are packages or modules, ``screens`` names of URL patterns.
    """

    document: str
    number: str
    zh: str
    en: str
    progress: Progress
    code: tuple[str, ...]
    screens: tuple[str, ...]


@lru_cache(maxsize=1)
def all_clauses() -> tuple[Clause, ...]:
    """Every clause, in the order of the documents and their clauses; raises ClausesMalformed."""
    clauses: list[Clause] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
        document = described["document"]
        clauses.extend(_read_clause(document, item, path.name) for item in described["clauses"])
    numbers = [(clause.document, clause.number) for clause in clauses]
    if len(set(numbers)) != len(numbers):
        raise ClausesMalformed("a clause stands twice")
    return tuple(clauses)


def _read_clause(document: str, item: Any, name: str) -> Clause:
    if not isinstance(item, dict) or item.keys() != _KEYS:
        raise ClausesMalformed(f"{name}: a clause needs exactly {', '.join(sorted(_KEYS))}")
    progress = Progress(item["progress"])
    if (progress is Progress.NOT_YET) is bool(item["code"]):
        raise ClausesMalformed(f"{name}: {item['clause']}: what is not built names no code, what is built names some")
    return Clause(
        document=document,
        number=item["clause"],
        zh=item["zh"],
        en=item["en"],
        progress=progress,
        code=tuple(item["code"]),
        screens=tuple(item["screens"]),
    )
