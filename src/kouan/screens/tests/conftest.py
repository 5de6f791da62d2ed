"""A table of the tests' own: rows with ties and blanks, which no app's table needs to have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from kouan.screens import framing
from kouan.screens.lists import exports


@pytest.fixture(scope="session")
def sample_model() -> Any:
    with isolate_apps("kouan.screens"):

        class Group(models.Model):
            name = models.CharField(max_length=20)

            class Meta:
                app_label = "screens"
                db_table = "screens_test_group"

        class Sample(models.Model):
            label = models.CharField(max_length=60)
            rank = models.IntegerField()
            score = models.DecimalField(max_digits=9, decimal_places=2, null=True)
            seen_at = models.DateTimeField(null=True)
            value_fen = models.BigIntegerField(default=0)
            is_open = models.BooleanField(default=True)
            group = models.ForeignKey(Group, models.CASCADE, null=True)

            class Meta:
                app_label = "screens"
                db_table = "screens_test_sample"

        Sample.Group = Group  # type: ignore[attr-defined]
        yield Sample


@pytest.fixture
def samples(db: None, sample_model: Any) -> Iterator[Any]:
    """The model with its table, gone with the test's transaction."""
    with connection.schema_editor() as editor:
        editor.create_model(sample_model.Group)
        editor.create_model(sample_model)
    return sample_model


@pytest.fixture(autouse=True)
def plain_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame to which no other app has said anything: these tests stand on their own."""
    monkeypatch.setattr(framing, "_read_person", lambda user: framing.Person(user.name, "演示单位"))
    monkeypatch.setattr(framing, "_read_roles", lambda user: getattr(user, "roles", ()))
    monkeypatch.setattr(framing, "_read_notifications", None)
    monkeypatch.setattr(exports, "_auditors", [])
