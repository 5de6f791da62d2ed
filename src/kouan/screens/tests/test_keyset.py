"""Pages by key: every row once, in order, in both directions, whatever ties and blanks there are."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from kouan.screens.lists import keyset

START = datetime(2026, 11, 22, 6, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def rows(samples: Any) -> Any:
    groups = [samples.Group.objects.create(name=name) for name in ("甲", "乙")]
    samples.objects.bulk_create(
        samples(
            label=f"行 {number}",
            rank=number % 3,
            score=None if number % 4 == 0 else Decimal(number % 5) / 2,
            seen_at=None if number % 5 == 0 else START + timedelta(seconds=number % 7),
            group=None if number % 6 == 0 else groups[number % 2],
        )
        for number in range(47)
    )
    return samples.objects.select_related("group")


def flat(pages: list[list[int]]) -> list[int]:
    return [pk for page in pages for pk in page]


def walk(rows: Any, sort: keyset.Sort, size: int) -> list[list[int]]:
    pages, after = [], ""
    while True:
        taken = keyset.take(rows, sort, size=size, after=after)
        pages.append([row.pk for row in taken.rows])
        if not taken.after:
            return pages
        after = taken.after


def walk_back(rows: Any, sort: keyset.Sort, size: int) -> list[list[int]]:
    taken = keyset.take(rows, sort, size=size, from_end=True)
    pages = [[row.pk for row in taken.rows]]
    while taken.before:
        taken = keyset.take(rows, sort, size=size, before=taken.before)
        pages.append([row.pk for row in taken.rows])
    return pages[::-1]


def key_of(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name) if row is not None else None
    return row


def in_order(rows: Any, path: str, is_descending: bool) -> list[int]:
    """The order by Python: blanks last, ties by key in the same direction."""
    everything = list(rows)
    full = [row for row in everything if key_of(row, path) is not None]
    blank = [row for row in everything if key_of(row, path) is None]
    full.sort(key=lambda row: (key_of(row, path), row.pk), reverse=is_descending)
    blank.sort(key=lambda row: row.pk, reverse=is_descending)
    return [row.pk for row in full + blank]


@pytest.mark.parametrize("path", ["pk", "rank", "score", "seen_at"])
@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("size", [1, 7, 47, 60])
def test_every_row_once_in_order_both_ways(rows: Any, path: str, is_descending: bool, size: int) -> None:
    sort = keyset.to_sort(rows, path, is_descending=is_descending)
    wanted = in_order(rows, path, is_descending)
    assert flat(walk(rows, sort, size)) == wanted
    assert flat(walk_back(rows, sort, size)) == wanted


@pytest.mark.parametrize("is_descending", [False, True])
def test_related_and_annotated_paths(rows: Any, is_descending: bool) -> None:
    by_group = keyset.to_sort(rows, "group__name", is_descending=is_descending)
    pages = walk(rows, by_group, 5)
    assert sorted(flat(pages)) == sorted(row.pk for row in rows)
    assert flat(walk_back(rows, by_group, 5)) == flat(pages)
    blank = [row.pk for row in rows if row.group is None]
    assert set(flat(pages)[-len(blank) :]) == set(blank)

    filled = rows.annotate(filled=Coalesce(F("score"), Value(Decimal(-1))))
    sort = keyset.to_sort(filled, "filled", is_descending=is_descending)
    assert flat(walk(filled, sort, 6)) == in_order(filled, "filled", is_descending)


def test_going_back_from_a_page_gives_the_page_before(rows: Any) -> None:
    sort = keyset.to_sort(rows, "score", is_descending=True)
    first = keyset.take(rows, sort, size=10)
    second = keyset.take(rows, sort, size=10, after=first.after)
    back = keyset.take(rows, sort, size=10, before=second.before)
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    assert (first.before, back.before) == ("", "")
    assert back.after == first.after


def test_rows_that_come_in_between_do_not_shift_the_next_page(rows: Any, samples: Any) -> None:
    sort = keyset.to_sort(rows, "pk", is_descending=True)
    first = keyset.take(rows, sort, size=10)
    samples.objects.create(label="新来的", rank=0)
    second = keyset.take(rows, sort, size=10, after=first.after)
    assert second.rows[0].pk == first.rows[-1].pk - 1


@pytest.mark.parametrize("path", ["rank", "seen_at"])
def test_a_page_costs_one_query_without_offset_and_with_one_range(
    rows: Any, path: str, django_assert_num_queries: Any
) -> None:
    sort = keyset.to_sort(rows, path, is_descending=True)
    first = keyset.take(rows, sort, size=5)
    with django_assert_num_queries(1) as asked:
        keyset.take(rows, sort, size=5, after=first.after)
    sql = asked.captured_queries[0]["sql"]
    assert "OFFSET" not in sql and " OR " not in sql and "NULLS" not in sql


def test_only_the_page_at_the_border_to_the_blanks_costs_a_second_query(
    rows: Any, django_assert_num_queries: Any
) -> None:
    sort = keyset.to_sort(rows, "score", is_descending=False)
    filled = rows.filter(score__isnull=False).count()
    before = keyset.take(rows, sort, size=filled - 2)
    with django_assert_num_queries(2):
        keyset.take(rows, sort, size=5, after=before.after)
    inside = keyset.take(rows, sort, size=filled + 2)
    with django_assert_num_queries(1):
        keyset.take(rows, sort, size=5, after=inside.after)


def forge(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "a" * 5000,
        forge("score", "1.5"),
        forge("rank", 1, 1),
        forge("score", "one", 1),
        forge("score", ["1"], 1),
        forge("score", "1.5", None),
        forge("score", "1.5", {"a": 1}),
        base64.urlsafe_b64encode(b"[" * 400).decode(),
    ],
)
def test_a_foreign_cursor_is_named_unreadable(rows: Any, cursor: str) -> None:
    sort = keyset.to_sort(rows, "score", is_descending=False)
    with pytest.raises(keyset.UnreadableCursor):
        keyset.take(rows, sort, size=5, after=cursor)
