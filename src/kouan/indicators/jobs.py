"""What indicators do by themselves: counting, so that pages need not."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.indicators.services import refresh_computed


@app.periodic(cron="*/10 * * * *")
@app.task(name="refresh_indicators", queueing_lock="refresh_indicators", pass_context=False)
def refresh_indicators(timestamp: int) -> None:
    """Count the running month of every computed indicator, and months that were never counted; every ten minutes."""
    refresh_computed(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.periodic(cron="10 17 * * *")
@app.task(name="refresh_indicators_of_year", queueing_lock="refresh_indicators_of_year", pass_context=False)
def refresh_indicators_of_year(timestamp: int) -> None:
    """Count the whole year anew; every night at ten past one in Wuhan."""
    refresh_computed(at=dt.datetime.fromtimestamp(timestamp, dt.UTC), whole_year=True)
