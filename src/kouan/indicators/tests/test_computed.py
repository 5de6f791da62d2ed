"""What apps compute is counted by a job; pages read what was counted and count nothing that they need not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.indicators import registry, selectors
from kouan.indicators.codes import Shape
from kouan.indicators.models import ComputedMonth
from kouan.indicators.services import refresh_computed

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 20, 4, tzinfo=UTC)
TODAY = date(2026, 5, 20)


@pytest.fixture
def counted(monkeypatch):
    """One computed indicator that writes down what it was asked; nothing else is registered."""
    asked: list[tuple[date, date]] = []

    def compute(since: date, until: date) -> int:
        asked.append((since, until))
        return 10 * since.month

    monkeypatch.setattr(registry, "_computed", {})
    registry.register("parcels", "清单", meaning="件数", unit="件", source="试验", compute=compute, shape=Shape.FLOW)
    return asked


def test_it_works(counted):
    assert refresh_computed(at=AT) == 5
    counted.clear()
    standing = selectors.standing_of(key="parcels", on=TODAY)
    assert (standing.value, standing.as_of, standing.computed_at) == (Decimal(150), TODAY, AT)
    assert not counted


def test_only_the_running_month_is_counted_again(counted):
    refresh_computed(at=AT)
    counted.clear()
    assert refresh_computed(at=AT) == 1
    assert counted == [(date(2026, 5, 1), date(2026, 5, 21))]
    assert refresh_computed(at=AT, whole_year=True) == 5
    assert ComputedMonth.objects.count() == 5


def test_in_the_first_days_the_month_before_is_counted_to_its_end(counted):
    refresh_computed(at=datetime(2026, 4, 30, 4, tzinfo=UTC))
    counted.clear()
    refresh_computed(at=datetime(2026, 5, 1, 4, tzinfo=UTC))
    assert counted == [(date(2026, 4, 1), date(2026, 5, 1)), (date(2026, 5, 1), date(2026, 5, 2))]


def test_what_the_job_has_not_reached_is_counted_at_once(counted):
    refresh_computed(at=datetime(2026, 4, 20, 4, tzinfo=UTC))
    counted.clear()
    standing = selectors.standing_of(key="parcels", on=TODAY)
    assert standing.value == 150
    assert counted == [(date(2026, 4, 1), date(2026, 5, 1)), (date(2026, 5, 1), date(2026, 5, 21))]


def test_the_register_asks_a_bounded_number_of_questions(counted, django_assert_max_num_queries):
    for number in range(12):
        registry.register(
            f"more_{number}", "更多", meaning="件数", unit="件", source="试验", compute=lambda since, until: 1
        )
    client = Client()
    client.force_login(make_user(Role.PORT_OFFICE_CLERK))
    refresh_computed(at=timezone.now())
    client.get(reverse("indicators"))
    with django_assert_max_num_queries(18):
        assert client.get(reverse("indicators")).status_code == 200
