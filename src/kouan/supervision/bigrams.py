"""Full text in Chinese without a dictionary: every two neighbouring characters are a word of the index.

A query finds words and parts of words alike; what the index finds is compared with the text itself, so that "口建" does
not find 口岸建设. No extension of the database is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9a-z]+")
LONGEST_QUERY = 60


class _ToVector(Func):
    function = "array_to_tsvector"
    template = "%(function)s(%(expressions)s::text[])"
    output_field = SearchVectorField()  # type: ignore[assignment]


class _ToQuery(Func):
    template = "(%(expressions)s)::tsquery"
    output_field = SearchQueryField()  # type: ignore[assignment]


class _Matches(Func):
    arg_joiner = " @@ "
    template = "(%(expressions)s)"
    output_field = BooleanField()  # type: ignore[assignment]


def plain(text: str) -> str:
    """A text as it is compared: widths made one, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def grams(text: str) -> list[str]:
    """The words of the index of a text: characters, pairs of characters, Latin words and numbers."""
    found: set[str] = set()
    for run in _RUNS.findall(plain(text)):
        if run[0].isascii():
            found.add(run[:60])
        else:
            found.update(run)
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return sorted(found)


def vector_of(*texts: str) -> Func:
    """The value of a SearchVectorField for these texts."""
    return _ToVector(Value(grams("\n".join(texts))))


def find(rows: QuerySet, words: str, *, field: str = "search", compared: Sequence[str]) -> QuerySet:
    """Narrow rows to those with all the words; ``compared`` are the text columns that the index was made of."""
    chunks = plain(words)[:LONGEST_QUERY].split()
    lexemes: list[str] = []
    for chunk in chunks:
        for run in _RUNS.findall(chunk):
            if run[0].isascii():
                lexemes.append(f"'{run}':*")
            elif len(run) == 1:
                lexemes.append(f"'{run}'")
            else:
                lexemes += [f"'{run[at : at + 2]}'" for at in range(len(run) - 1)]
    if not lexemes:
        return rows.none()
    rows = rows.filter(_Matches(F(field), _ToQuery(Value(" & ".join(lexemes)))))
    for chunk in chunks:
        held = Q()
        for column in compared:
            held |= Q(**{f"{column}__icontains": chunk})
        rows = rows.filter(held)
    return rows
