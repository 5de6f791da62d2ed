"""What notices do by themselves: letters are written and sent, old notices go."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.kernel.identifiers import first_uuid7_at
from kouan.notices.services import choosing, mailing, tracking

NOTICE_KEPT = dt.timedelta(days=90)


@app.periodic(cron="* * * * *")
@app.task(name="write_mail", queueing_lock="write_mail", pass_context=False)
def write_mail(timestamp: int) -> None:
    """Write the letters that are due and send what waits in the outbox; every minute."""
    at = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    while mailing.write_due_letters(at=at):
        pass
    mailing.send_due_letters(at=at)


@app.periodic(cron="*/15 * * * *")
@app.task(name="forget_looks", queueing_lock="forget_looks", pass_context=False)
def forget_looks(timestamp: int) -> None:
    """Remove looks at the tracking page that no longer count; every quarter of an hour."""
    tracking.forget_old_looks(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.periodic(cron="17 3 * * *")
@app.task(name="forget_notices", queueing_lock="forget_notices", pass_context=False)
def forget_notices(timestamp: int) -> None:
    """Remove notices older than 90 days and letters older than 30; every night."""
    at = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    while choosing.forget_old_notices(before=first_uuid7_at(at - NOTICE_KEPT)):
        pass
    mailing.forget_old_letters(at=at)
