"""Writes of the keys: the retention that the office sets, and the destruction of a key whose time is over."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from kouan.accounts.access import NotAllowed, require_role
from kouan.accounts.codes import Role
from kouan.audit.services import record
from kouan.audit.types import Actor
from kouan.safekeeping import selectors
from kouan.safekeeping.models import DestroyedKey, Retention
from kouan.safekeeping.safe import safe
from kouan.safekeeping.subjects import list_subjects

log = logging.getLogger("kouan.safekeeping")


def set_retention(*, actor: Actor, months: int, ground: str, since: date, at: datetime) -> Retention:
    """Enter how long originals stay readable, from a day on; what was entered before stays.

    Raises NotAllowed for anyone but a security administrator, for a day in the past, and for one that is taken.
    """
    require_role(actor, Role.SECURITY_ADMIN)
    if since < timezone.localdate(at):
        raise NotAllowed(
            "保存期限不能自过去的日期起改变。", "A retention cannot change from a past day on.",
            "请填写今天或以后的日期。", "Give today or a later day.", code="-970001", pointer="since",
        )  # fmt: skip
    try:
        with transaction.atomic():
            row = Retention.objects.create(since=since, months=months, ground=ground, entered_at=at)
            record(
                actor=actor, act="set_retention", subject_kind="retention", subject_id=str(row.pk), at=at,
                detail={"months": months, "since": since.isoformat(), "ground": ground},
            )  # fmt: skip
    except IntegrityError:
        raise NotAllowed(
            f"{since} 起的保存期限已有登记。", f"A retention from {since} on is entered already.",
            "请选择其他日期。", "Choose another day.", code="-970002", pointer="since",
        ) from None  # fmt: skip
    return row


def destroy_key(*, actor: Actor, month: str, at: datetime) -> None:
    """Destroy the key of a month whose time is over: nobody can read any more what was kept in it.

    It is written down and committed first and the file goes then, so that nothing is unreadable without a reason in
    the record; ``finish_destroying`` ends what a crash left in between. Raises NotAllowed.
    """
    require_role(actor, Role.SECURITY_ADMIN)
    today = timezone.localdate(at)
    found = next((one for one in selectors.list_months(on_date=today) if one.month == month), None)
    retention = selectors.retention_on(today)
    if found is None or retention is None or found.due_date is None or not found.is_due:
        raise NotAllowed(
            f"{month} 的密钥现在不能销毁。", f"The key of {month} cannot be destroyed now.",
            "只有超过保存期限的月份可以销毁；请先核对保存期限。",
            "Only a month beyond its retention can be erased; look at the retention first.", code="-970003",
        )  # fmt: skip
    with transaction.atomic():
        DestroyedKey.objects.create(
            month=month, due_date=found.due_date, ground=retention.ground[:300], destroyed_at=at
        )
        record(
            actor=actor, act="destroy_key", subject_kind="month_key", subject_id=month, at=at,
            detail={"due_date": found.due_date.isoformat(), "ground": retention.ground},
        )  # fmt: skip
        transaction.on_commit(lambda: safe().destroy(month))


def finish_destroying(*, at: datetime) -> int:
    """Remove the files of keys that are written down as destroyed; return how many were still there.

    Then let every app drop what in its rows could still tell two persons of such a month apart.
    """
    left = selectors.list_left_behind()
    for month in left:
        log.warning("the key of %s was written down as destroyed and lay there still", month)
        safe().destroy(month)
    for row in DestroyedKey.objects.filter(forgotten_at__isnull=True):
        for subject in list_subjects():
            subject.forget(row.month)
        row.forgotten_at = at
        row.save(update_fields=["forgotten_at"])
    return len(left)
