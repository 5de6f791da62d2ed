"""Indicators: entered with evidence by their owner, corrected without loss, computed by the apps, forecast honestly."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.accounts.selectors import local_date
from kouan.indicators import registry, selectors
from kouan.indicators.codes import Shape
from kouan.indicators.models import Reading
from kouan.indicators.rules import TheReadingDoesNotFit, forecast
from kouan.indicators.services import define_indicator, enter_reading
from kouan.indicators.types import Point

AT = timezone.now()
TODAY = local_date(AT)


@pytest.fixture
def owner(db):
    office = make_user(Role.PORT_OFFICE_CLERK)
    person = make_user(Role.LIAISON, organisation=make_organisation("agency"))
    define_indicator(
        actor=office, at=AT, key="routes", name_zh="航线", meaning="条数", unit="条", period="month", shape="flow",
        source="批复", owner_id=person.organisation_id,
    )  # fmt: skip
    return person


def enter(person, since, until, value, evidence="批复"):
    return enter_reading(
        actor=person, at=AT, key="routes", since=since, until=until, value=Decimal(value), evidence=evidence
    )


def test_it_works(owner):
    enter(owner, TODAY, TODAY, 2)
    standing = selectors.standing_of(key="routes", on=TODAY)
    assert (standing.value, standing.as_of, standing.is_stale) == (2, TODAY, False)


def test_a_correction_counts_once_and_both_stay(owner):
    enter(owner, TODAY, TODAY, 2)
    enter(owner, TODAY, TODAY, 3)
    assert selectors.standing_of(key="routes", on=TODAY).value == 3
    assert Reading.objects.count() == 2


@pytest.mark.parametrize(
    ("since", "until", "evidence"),
    [
        (TODAY, TODAY + timedelta(days=1), "批复"),
        (TODAY, TODAY - timedelta(days=1), "批复"),
        (TODAY, TODAY, " "),
        (TODAY - timedelta(days=5), TODAY, "批复"),
    ],
)
def test_what_does_not_fit_is_refused(owner, since, until, evidence):
    enter(owner, TODAY - timedelta(days=2), TODAY - timedelta(days=1), 1)
    with pytest.raises(TheReadingDoesNotFit):
        enter(owner, since, until, 1, evidence)


def test_only_the_owner_enters(owner):
    with pytest.raises(NotAllowed):
        enter(make_user(Role.LIAISON, organisation=make_organisation("agency")), TODAY, TODAY, 1)


def test_a_key_is_used_once(owner):
    with pytest.raises(TheReadingDoesNotFit):
        define_indicator(
            actor=make_user(Role.PORT_OFFICE_CLERK), at=AT, key="measures_closed", name_zh="x", meaning="x", unit="x",
            period="month", shape="flow", source="x", owner_id=owner.organisation_id,
        )  # fmt: skip


def test_nothing_entered_is_nothing_not_zero(owner):
    standing = selectors.standing_of(key="routes", on=TODAY)
    assert (standing.value, standing.forecast, standing.is_stale) == (None, None, True)


def test_a_flow_goes_on_at_its_pace():
    points = [Point(date(2026, 1, 1), date(2026, 7, 2), Decimal(3))]
    found = forecast(points=points, shape=Shape.FLOW, until=date(2026, 7, 2))
    assert (found.value, found.method) == (Decimal("6.0"), "pace")


def test_a_level_follows_its_line():
    points = [Point(date(2026, m, 1), date(2026, m, 1), Decimal(10 * m)) for m in (1, 2, 3, 4)]
    found = forecast(points=points, shape=Shape.LEVEL, until=date(2026, 4, 1))
    assert found.method == "trend"
    assert Decimal(120) < found.value < Decimal(133)


@pytest.mark.parametrize(
    ("points", "shape", "until"),
    [
        ([], Shape.FLOW, date(2026, 7, 1)),
        ([Point(date(2026, 1, 1), date(2026, 1, 9), Decimal(3))], Shape.FLOW, date(2026, 1, 9)),
        ([Point(date(2026, 1, 1), date(2026, 1, 1), Decimal(3))] * 4, Shape.LEVEL, date(2026, 6, 1)),
        ([Point(date(2026, 1, 1), date(2026, 12, 31), Decimal(3))], Shape.FLOW, date(2026, 12, 31)),
    ],
)
def test_too_little_gives_no_forecast(points, shape, until):
    assert forecast(points=points, shape=shape, until=until) is None


@pytest.mark.django_db
def test_every_computed_indicator_answers():
    assert {"measures_closed", "measures_overdue"} <= {each.key for each in registry.computed()}
    for definition in registry.computed():
        assert selectors.standing_of(key=definition.key, on=TODAY).definition.meaning


def test_two_apps_cannot_take_one_key():
    taken = registry.computed()[0].key
    with pytest.raises(registry.TheIndicatorIsTaken):
        registry.register(taken, "x", meaning="x", unit="x", source="x", compute=lambda since, until: 1)
