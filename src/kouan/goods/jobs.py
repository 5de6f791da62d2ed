"""What goods declarations do by themselves: those that waited for a channel are sent on."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.goods.services.storing import send_waiting


@app.periodic(cron="* * * * *")
@app.task(name="send_waiting_goods", queueing_lock="send_waiting_goods", pass_context=False)
def send_waiting_goods(timestamp: int) -> None:
    """Send on declarations that came while no channel to the national side was open; every minute."""
    send_waiting(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
