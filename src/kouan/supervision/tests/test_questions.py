"""Pages of supervision ask the database as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kouan.kernel.identifiers import uuid7
from kouan.supervision.factories import Town

pytestmark = pytest.mark.django_db
MORE = 12


@pytest.fixture
def town():
    return Town(at=timezone.now())


def many(row: Any, change: Callable[[Any, int], None] = lambda row, number: None) -> None:
    """Store more rows like one."""
    copies = []
    for number in range(1, MORE + 1):
        copy = type(row).objects.get(pk=row.pk)
        copy.pk = uuid7()
        change(copy, number)
        copies.append(copy)
    type(row).objects.bulk_create(copies)


def count(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def _number(row: Any, number: int) -> None:
    row.number = 100 + number


def _letter(row: Any, number: int) -> None:
    row.number, row.about_date = 100 + number, row.about_date - timedelta(days=number)


def _since(row: Any, number: int) -> None:
    row.since -= timedelta(days=40 * number)
    row.until -= timedelta(days=40 * number)


LISTS: dict[str, tuple[str, Callable[[Any, int], None]]] = {
    "tasks": ("task", lambda row, number: setattr(row, "clause", f"九{number}")),
    "reports": ("submitted_report", _since),
    "warnings": ("warning", _letter),
    "meetings": ("meeting", lambda row, number: None),
    "coordination": ("coordination_case", lambda row, number: None),
    "formal-inspections": ("formal_inspection", lambda row, number: None),
    "conferences": ("conference", lambda row, number: setattr(row, "name", f"联席会议 {number}")),
    "own-duties": ("measure", _number),
    "supervision-calendar": ("measure", _number),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["office", "liaison"])
def test_a_list_asks_as_much_for_many_as_for_one(town, name, who):
    thing, change = LISTS[name]
    row = getattr(town, thing)
    client = Client()
    client.force_login(getattr(town, who))
    url = reverse(name)
    count(client, url)
    few = count(client, url)
    many(row, change)
    assert count(client, url) <= few


def test_a_task_and_a_meeting_ask_as_much_for_many_lines_as_for_one(town):
    assert town.decision
    client = Client()
    client.force_login(town.office)
    for name, owner, line in (
        ("task", town.task, town.measure),
        ("meeting", town.meeting, town.decision),
        ("meeting", town.meeting, town.attendance),
        ("conference", town.conference, town.seat),
        ("conference", town.conference, town.topic),
    ):
        url = reverse(name, args=[owner.pk])
        count(client, url)
        few = count(client, url)
        many(line, _number if hasattr(line, "number") else lambda row, number: None)
        assert count(client, url) <= few, (name, type(line).__name__)
