"""Looking at a case by number and check value, not faster than people do."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from kouan.accounts.rules import Mistake
from kouan.notices.models import TrackingLook
from kouan.notices.tracking import Tracked, find_tracked

MOST_LOOKS_A_MINUTE = 30
MOST_FAILURES = 10
FAILURES_COUNT_FOR = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)


class ThereAreTooManyLooks(Mistake):
    """An address has looked, or looked in vain, too often."""

    def __init__(self) -> None:
        super().__init__(
            "NOTICES-TOO-OFTEN",
            "",
            "查询过于频繁，请稍后再试。",
            "Too many looks. Please try again later.",
            "同一网络一分钟至多查询 30 次，15 分钟内至多错误 10 次。",
            "A network may look 30 times a minute and be wrong 10 times in 15 minutes.",
        )


def track(*, number: str, check: str, address: str, at: datetime) -> Tracked | None:
    """Give the case of a number and its check value, None without one. Raises ThereAreTooManyLooks.

    A look counts as failed before it is made, in a transaction of its own: many at the same time count as many.
    """
    look = _count_look(address, at)
    found = find_tracked(number, check)
    if found is not None:
        TrackingLook.objects.filter(pk=look.pk).update(is_found=True)
    return found


@transaction.atomic
def _count_look(address: str, at: datetime) -> TrackingLook:
    looks = TrackingLook.objects.filter(address=address)
    failures = looks.filter(is_found=False, at__gt=at - FAILURES_COUNT_FOR)
    if (
        looks.filter(at__gt=at - _MINUTE)[:MOST_LOOKS_A_MINUTE].count() >= MOST_LOOKS_A_MINUTE
        or failures[:MOST_FAILURES].count() >= MOST_FAILURES
    ):
        raise ThereAreTooManyLooks
    return TrackingLook.objects.create(address=address, is_found=False, at=at)


def forget_old_looks(*, at: datetime) -> int:
    """Remove the looks that no longer count; return how many went."""
    return TrackingLook.objects.filter(at__lt=at - FAILURES_COUNT_FOR).delete()[0]
