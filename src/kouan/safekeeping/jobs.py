"""What the safe does by itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from kouan.safekeeping import services


@app.periodic(cron="17 * * * *")
@app.task(name="finish_destroying", queueing_lock="finish_destroying", pass_context=False)
def finish_destroying(timestamp: int) -> None:
    """Remove keys that were written down as destroyed when a crash came between; every hour."""
    services.finish_destroying()
