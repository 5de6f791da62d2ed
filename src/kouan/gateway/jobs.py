"""What the gateway does by itself beside the steps of messages."""

from __future__ import annotations

import datetime as dt

from procrastinate.contrib.django import app

from kouan.gateway.services import tokens


@app.periodic(cron="20 * * * *")
@app.task(name="warn_of_tokens", queueing_lock="warn_of_tokens", pass_context=False)
def warn_of_tokens(timestamp: int) -> None:
    """Warn of tokens of machines that end within two weeks and have no successor, once each; every hour."""
    tokens.warn_of_tokens(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
