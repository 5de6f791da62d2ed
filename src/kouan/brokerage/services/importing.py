"""Importing a library from a spreadsheet: what is right is kept, what is wrong is told at its row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from kouan.brokerage.services.keeping import TheEntryDoesNotFit, keep_articles, keep_clients
from kouan.brokerage.sheets import ARTICLE_TITLES, CLIENT_TITLES, read_library
from kouan.records.problems import Problem

if TYPE_CHECKING:
    from kouan.accounts.models import User

TITLES = {"clients": CLIENT_TITLES, "articles": ARTICLE_TITLES}
_KEEP = {"clients": keep_clients, "articles": keep_articles}


@dataclass(slots=True)
class Imported:
    """What became of a sheet: how many rows were kept, and what is wrong at which row."""

    kept: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)


def import_library(*, user: User, library: str, data: bytes, name: str, at: datetime) -> Imported:
    """Import a sheet of clients or articles (``library``). Raises SheetNotReadable where it is none."""
    result = Imported()
    titles = TITLES[library]
    for row in read_library(data, name, titles):
        try:
            with transaction.atomic():
                _KEEP[library](user=user, sets=[row.values], at=at)
            result.kept += 1
        except TheEntryDoesNotFit as mistake:
            found = mistake.problem
            where = titles.get(found.pointer, found.pointer)
            result.problems.append(
                (row.number, Problem(found.code, where, found.severity, found.zh, found.en, found.fix_zh, found.fix_en))
            )
    return result
