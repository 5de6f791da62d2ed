"""Reads of indicators: what there is, and where each stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language

from kouan.accounts.access import NotYours
from kouan.indicators import registry
from kouan.indicators.codes import Shape
from kouan.indicators.models import ComputedMonth, Indicator, Reading
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
    if definition.is_computed:
        return _months_of(definition, since, until, _kept_months([definition.key], since, until)[definition.key])[0]
    rows = Reading.objects.filter(indicator__key=definition.key, until__gte=since, until__lte=until).order_by("id")
    return _newest(rows.values_list("since", "until", "value"))


def months_between(since: dt.date, until: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """Cut a time into months: first and last day of each, the last one no later than ``until``."""
    begin = since
    while begin <= until:
        following = dt.date(begin.year + begin.month // 12, begin.month % 12 + 1, 1)
        yield begin, min(following - dt.timedelta(days=1), until)
        begin = following


def compute_month(definition: Definition, begin: dt.date, end: dt.date) -> Decimal | None:
    """Let the app count one month (both days inclusive)."""
    assert definition.compute is not None
    value = definition.compute(begin, end + dt.timedelta(days=1))
    return None if value is None else Decimal(value)


def _months_of(
    definition: Definition, since: dt.date, until: dt.date, kept: dict[dt.date, ComputedMonth]
) -> tuple[list[Point], dt.datetime | None]:
    """The months as the job counted them, and when; a month that it has not counted, or not to its end, is counted now.

    The month that runs is taken as of the last count, which says how far it reaches.
    """
    found, counted_at = [], None
    for begin, end in months_between(since, until):
        row = kept.get(begin)
        if row is None or (end < until and row.until < end):
            value = compute_month(definition, begin, end)
        else:
            value, end = row.value, min(row.until, end)
            counted_at = max(counted_at or row.computed_at, row.computed_at)
        if value is not None:
            found.append(Point(begin, end, value))
    return found, counted_at


def _kept_months(keys: Sequence[str], since: dt.date, until: dt.date) -> dict[str, dict[dt.date, ComputedMonth]]:
    kept: dict[str, dict[dt.date, ComputedMonth]] = {key: {} for key in keys}
    for row in ComputedMonth.objects.filter(key__in=keys, since__gte=since, since__lte=until):
        kept[row.key][row.since] = row
    return kept


def _newest(rows: Iterable[tuple[dt.date, dt.date, Decimal]]) -> list[Point]:
    """The last value that was entered for each time; rows come in the order of entering."""
    newest = {(begin, end): Point(begin, end, value) for begin, end, value in rows}
    return sorted(newest.values(), key=lambda point: point.until)


def standing_of(*, key: str, on: dt.date | None = None) -> Standing:
    """Give where an indicator stands on a day: the year so far, how fresh, and what the year's end will bring."""
    return standings_of([get_indicator(key=key)], on=on)[0]


def standings_of(definitions: Sequence[Definition], *, on: dt.date | None = None) -> list[Standing]:
    """Give where some indicators stand on a day, in their order; two queries."""
    day = on or timezone.localdate()
    begin = dt.date(day.year, 1, 1)
    kept = _kept_months([each.key for each in definitions if each.is_computed], begin, day)
    entered: dict[str, list[tuple[dt.date, dt.date, Decimal]]] = {}
    wanted = [each.key for each in definitions if not each.is_computed]
    rows = Reading.objects.filter(indicator__key__in=wanted, until__gte=begin, until__lte=day).order_by("id")
    for key, since, until, value in rows.values_list("indicator__key", "since", "until", "value"):
        entered.setdefault(key, []).append((since, until, value))
    found = []
    for each in definitions:
        points, counted_at = (
            _months_of(each, begin, day, kept[each.key])
            if each.is_computed
            else (_newest(entered.get(each.key, [])), None)
        )
        found.append(_standing(each, points, counted_at, day))
    return found


def _standing(
    definition: Definition, points: Sequence[Point], counted_at: dt.datetime | None, day: dt.date
) -> Standing:
    if not points:
        return Standing(definition, day.year, None, None, not definition.is_computed, None)
    as_of = points[-1].until
    value = sum((point.value for point in points), Decimal(0)) if definition.shape == Shape.FLOW else points[-1].value
    ahead = forecast(points=points, shape=definition.shape, until=as_of)
    stale = not definition.is_computed and (day - as_of).days > definition.fresh_days
    return Standing(definition, day.year, value, as_of, stale, ahead, tuple(points), counted_at)


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
