"""Reads of indicators: what there is, and where each stands."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language

from kouan.accounts.access import NotYours
from kouan.indicators import registry
from kouan.indicators.codes import Shape
from kouan.indicators.models import Indicator, Reading
from kouan.indicators.rules import forecast
from kouan.indicators.types import Definition, Point, Standing

if TYPE_CHECKING:
    from kouan.accounts.models import User


def list_indicators(*, user: User | None = None) -> list[Definition]:
    """Give every indicator, computed ones first; those that are entered only to whom they are visible."""
    rows = Indicator.objects.visible_to(user) if user else Indicator.objects.all()
    return [*registry.computed(), *(_definition(row) for row in rows.order_by("key"))]


def get_indicator(*, key: str) -> Definition:
    """Give one indicator; raises NotYours where there is none of this key."""
    found = registry.find_computed(key)
    if found is not None:
        return found
    row = Indicator.objects.filter(key=key).first()
    if row is None:
        raise NotYours("indicator_key")
    return _definition(row)


def find_row(key: str) -> Indicator | None:
    """Give the row of an indicator that people enter."""
    return Indicator.objects.filter(key=key).first()


def list_readings(*, key: str) -> list[Reading]:
    """Give all readings of an indicator that people enter, corrected ones too, the youngest first."""
    return list(Reading.objects.filter(indicator__key=key).defer("raw").order_by("-since", "-id"))


def find_reading(*, key: str, pk: object) -> Reading:
    """Give one reading with its file; raises NotYours."""
    found = Reading.objects.filter(indicator__key=key, pk=pk).first()
    if found is None:
        raise NotYours
    return found


def points_of(definition: Definition, *, since: dt.date, until: dt.date) -> list[Point]:
    """Give the values from a day to another (both inclusive): by month where computed, as entered otherwise."""
    if definition.compute is not None:
        return _computed_points(definition, since, until)
    newest: dict[tuple[dt.date, dt.date], Point] = {}
    rows = Reading.objects.filter(indicator__key=definition.key, until__gte=since, until__lte=until).order_by("id")
    for begin, end, value in rows.values_list("since", "until", "value"):
        newest[begin, end] = Point(begin, end, value)
    return sorted(newest.values(), key=lambda point: point.until)


def _computed_points(definition: Definition, since: dt.date, until: dt.date) -> list[Point]:
    assert definition.compute is not None
    found = []
    begin = since
    while begin <= until:
        next_month = dt.date(begin.year + begin.month // 12, begin.month % 12 + 1, 1)
        end = min(next_month - dt.timedelta(days=1), until)
        value = definition.compute(begin, end + dt.timedelta(days=1))
        if value is not None:
            found.append(Point(begin, end, Decimal(value)))
        begin = next_month
    return found


def standing_of(*, key: str, on: dt.date | None = None) -> Standing:
    """Give where an indicator stands on a day: the year so far, how fresh, and what the year's end will bring."""
    definition = get_indicator(key=key)
    day = on or timezone.localdate()
    points = points_of(definition, since=dt.date(day.year, 1, 1), until=day)
    if not points:
        return Standing(definition, day.year, None, None, not definition.is_computed, None)
    as_of = points[-1].until
    value = sum((point.value for point in points), Decimal(0)) if definition.shape == Shape.FLOW else points[-1].value
    ahead = forecast(points=points, shape=definition.shape, until=as_of)
    stale = not definition.is_computed and (day - as_of).days > definition.fresh_days
    return Standing(definition, day.year, value, as_of, stale, ahead, tuple(points))


def _definition(row: Indicator) -> Definition:
    english = (get_language() or "").startswith("en")
    return Definition(
        key=row.key,
        name=(english and row.name_en) or row.name_zh,
        meaning=row.meaning,
        unit=row.unit,
        period=row.period,
        shape=row.shape,
        source=row.source,
        fresh_days=row.fresh_days,
        owner_id=row.owner_id,
        pk=row.pk,
    )
