"""What the safe does by itself."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.safekeeping.services.keys import finish_destroying as finish


@app.periodic(cron="17 * * * *")
@app.task(name="finish_destroying", queueing_lock="finish_destroying", pass_context=False)
def finish_destroying(timestamp: int) -> None:
    """Remove keys that were written down as destroyed when a crash came between, and what is left of them; hourly."""
    finish(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
