"""Writes of indicators: defining one, entering a reading."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, NotYours, require_role
from kouan.accounts.codes import Role
from kouan.accounts.selectors import local_date
from kouan.audit import services as audit
from kouan.audit.types import Actor, SystemActor
from kouan.indicators import registry, selectors
from kouan.indicators.models import ComputedMonth, Indicator, Reading
from kouan.indicators.rules import TheReadingDoesNotFit, check_reading

if TYPE_CHECKING:
    from kouan.accounts.models import User


def define_indicator(
    *,
    actor: Actor,
    at: datetime,
    key: str,
    name_zh: str,
    meaning: str,
    unit: str,
    period: str,
    shape: str,
    source: str,
    owner_id: UUID,
    name_en: str = "",
    fresh_days: int = 45,
    is_demo: bool = False,
) -> Indicator:
    """Define an indicator that a unit will enter; its key is new and stays."""
    require_role(actor, Role.PORT_OFFICE_CLERK)
    if registry.find_computed(key) or Indicator.objects.filter(key=key).exists():
        raise TheReadingDoesNotFit("INDICATOR-KEY", "key", "该标识已被使用。", "This key is taken.")
    with transaction.atomic():
        row = Indicator.objects.create(
            key=key,
            name_zh=name_zh.strip(),
            name_en=name_en.strip(),
            meaning=meaning.strip(),
            unit=unit.strip(),
            period=period,
            shape=shape,
            source=source.strip(),
            fresh_days=fresh_days,
            owner_id=owner_id,
            is_demo=is_demo,
        )
        audit.record(
            actor=actor, act="define_indicator", subject_kind="indicator", subject_id=row.pk, at=at, detail={"key": key}
        )
    return row


def enter_reading(
    *,
    actor: User | SystemActor,
    at: datetime,
    key: str,
    since: date,
    until: date,
    value: Decimal,
    evidence: str,
    file_name: str = "",
    content: bytes = b"",
) -> Reading:
    """Enter a value with its evidence; for a time that has one already it is a correction, and both stay.

    Only the unit that owns the indicator enters it. Raises NotAllowed, NotYours and TheReadingDoesNotFit.
    """
    require_role(actor, Role.LIAISON, Role.PRINCIPAL, Role.PORT_OFFICE_CLERK)
    row = selectors.find_row(key)
    if row is None:
        raise NotYours
    if not isinstance(actor, SystemActor) and actor.organisation_id != row.owner_id:
        raise NotAllowed(
            "该指标由其填报单位填报。",
            "Only the unit that owns the indicator enters it.",
            "如填报单位有误，请联系口岸办。",
            "If the owner is wrong, ask the port office.",
        )
    year = selectors.points_of(selectors.get_indicator(key=key), since=date.min, until=date.max)
    check_reading(since=since, until=until, today=local_date(at), evidence=evidence, points=year)
    with transaction.atomic():
        reading = Reading.objects.create(
            indicator=row,
            since=since,
            until=until,
            value=value,
            evidence=evidence.strip(),
            file_name=file_name[:200],
            raw=content or None,
            entered_by_id=actor.pk or UUID(int=0),
            entered_by_label=actor.audit_label[:120],
            entered_at=at,
        )
        audit.record(
            actor=actor,
            act="enter_reading",
            subject_kind="indicator",
            subject_id=row.pk,
            at=at,
            detail={"since": since.isoformat(), "until": until.isoformat(), "value": str(value)},
        )
    return reading


def refresh_computed(*, at: datetime, whole_year: bool = False) -> int:
    """Count the months of the year that have no value yet or still run, or all of them; return how many were counted.

    Months that are over still change (a parcel received in June is released in July), so a nightly run counts the year.
    The first days of a month count the one before as well.
    """
    today = local_date(at)
    months = list(selectors.months_between(date(today.year, 1, 1), today))
    running = {begin for begin, _end in months[-2 if today.day <= 3 else -1 :]}
    known = set(ComputedMonth.objects.filter(since__year=today.year).values_list("key", "since"))
    rows = [
        ComputedMonth(
            key=each.key, since=begin, until=end, value=selectors.compute_month(each, begin, end), computed_at=at
        )
        for each in registry.computed()
        for begin, end in months
        if whole_year or begin in running or (each.key, begin) not in known
    ]
    ComputedMonth.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key", "since"],
        update_fields=["until", "value", "computed_at"],
    )
    return len(rows)
