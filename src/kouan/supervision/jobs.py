"""What supervision does by itself: reminders and letters by the rules, every morning."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.supervision.services.meetings import remind_of_meetings
from kouan.supervision.services.warning import issue_due_warnings


@app.periodic(cron="30 0 * * *")
@app.task(name="issue_due_warnings", queueing_lock="issue_due_warnings", pass_context=False)
def issue_warnings(timestamp: int) -> None:
    """Issue the reminders and warning letters that are due; every morning at half past eight in Wuhan."""
    issue_due_warnings(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.periodic(cron="40 0 * * *")
@app.task(name="remind_of_meetings", queueing_lock="remind_of_meetings", pass_context=False)
def remind_office_of_meetings(timestamp: int) -> None:
    """Remind the office of meetings of the conference that are due or overdue by the rules; every morning."""
    remind_of_meetings(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
