"""Outages: how a channel that does not answer is left alone for a while, and how everybody sees it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from kouan.gateway.codes import Step
from kouan.gateway.models import Connection, Work

log = logging.getLogger("kouan.gateway.outages")

_BACK_OFF = (timedelta(seconds=2), timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=60))
_NOTED_CHARACTERS = 2000


def note_outage(channel: Connection, detail: str, at: datetime) -> None:
    """Write down that a channel did not answer, and leave it alone for a while: the longer it fails, the longer."""
    failing_since = channel.failing_since or at
    failed_for = at - failing_since
    wait = next((step for step in _BACK_OFF if failed_for < step * 4), _BACK_OFF[-1])
    Connection.objects.filter(pk=channel.pk).update(
        retry_at=at + wait, failing_since=failing_since, last_error=detail[:_NOTED_CHARACTERS]
    )
    log.warning("channel %s does not answer: %s", channel.pk, detail)


def note_delivery(channel: Connection, at: datetime) -> None:
    """Write down that a channel took what it was sent: an outage is over.

    A standstill is not: it has no time of retry, and ends by itself.
    """
    Connection.objects.filter(pk=channel.pk).update(last_delivered_at=at)
    Connection.objects.filter(pk=channel.pk, retry_at__isnull=False).update(
        retry_at=None, failing_since=None, last_error=""
    )


def note_fetch(channel: Connection, at: datetime, *, taken: int) -> None:
    """Write down that a channel answered when asked for letters; an outage is over unless something waits to go out."""
    if taken:
        Connection.objects.filter(pk=channel.pk).update(last_received_at=at)
    if channel.retry_at is None:
        return
    waits = Work.objects.filter(connection_id=channel.pk, step=Step.DELIVER, is_parked=False)
    if not waits.exists():
        Connection.objects.filter(pk=channel.pk).update(retry_at=None, failing_since=None, last_error="")


def note_standstill(channel: Connection, *, since: datetime | None, detail: str) -> None:
    """Write down since when something does not get on though the channel answers; ``None`` when everything does.

    Such as files that nobody takes out of the folder. Unlike an outage it holds nothing back.
    """
    is_known = channel.failing_since is not None
    if since is not None and (not is_known or channel.retry_at is None):
        if (channel.failing_since, channel.last_error) != (since, detail):
            Connection.objects.filter(pk=channel.pk).update(failing_since=since, retry_at=None, last_error=detail)
            log.warning("channel %s stands still: %s", channel.pk, detail)
    elif since is None and is_known and channel.retry_at is None:
        Connection.objects.filter(pk=channel.pk).update(failing_since=None, last_error="")
