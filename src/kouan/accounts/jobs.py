"""What accounts do by themselves."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.accounts import services


@app.periodic(cron="43 * * * *")
@app.task(name="forget_failed_sign_ins", queueing_lock="forget_failed_sign_ins", pass_context=False)
def forget_failed_sign_ins(timestamp: int) -> None:
    """Remove failed sign-ins that no longer count; every hour."""
    services.forget_old_failures(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
