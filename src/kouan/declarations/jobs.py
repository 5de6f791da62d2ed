"""What declarations do by themselves: answers that came before their documents are laid on them."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.declarations.services.unplaced import sweep_unplaced_answers


@app.periodic(cron="* * * * *")
@app.task(name="sweep_unplaced_answers", queueing_lock="sweep_unplaced_answers", pass_context=False)
def sweep_unplaced(timestamp: int) -> None:
    """Ask again for official answers whose document is there by now; every minute."""
    sweep_unplaced_answers(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
