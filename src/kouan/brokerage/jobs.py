"""What the broker's desk does in the background."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from kouan.brokerage.services import batching


@app.task(name="run_batch", pass_context=False)
def run_batch(batch_id: str) -> None:
    """Send or hand over the drafts of a batch that wait; asked for on its page."""
    batching.run_batch(batch_id=UUID(batch_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="take_up_batches", queueing_lock="take_up_batches", pass_context=False)
def take_up_batches(timestamp: int) -> None:
    """Go on with batches whose worker was lost; every minute."""
    batching.take_up_stopped(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
