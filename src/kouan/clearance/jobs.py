"""What clearance does by itself: messages that were held too long go on."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.clearance.services.routing import sweep_held_messages


@app.periodic(cron="* * * * *")
@app.task(name="sweep_held_messages", queueing_lock="sweep_held_messages", pass_context=False)
def sweep_held(timestamp: int) -> None:
    """Ask again for signed messages whose lists were held for a companion, or for a closed channel; every minute."""
    sweep_held_messages(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
