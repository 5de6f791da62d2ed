"""What the audit does by itself: sealing, and making the partitions of the coming months."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from procrastinate.contrib.django import app

from kouan.audit import services
from kouan.audit.partitions import ensure_partitions


@app.periodic(cron="*/5 * * * * *")
@app.task(name="seal_audit", queueing_lock="seal_audit", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Seal what has been written and export the seals; every five seconds."""
    services.seal(at=dt.datetime.now(dt.UTC))
    services.export_seals(folder=settings.KOUAN_AUDIT_FOLDER)


@app.periodic(cron="17 * * * *")
@app.task(name="make_partitions", queueing_lock="make_partitions", pass_context=False)
def make_partitions(timestamp: int) -> None:
    """Make the partitions of the coming months; every hour, so that a table in use now is met free later."""
    ensure_partitions(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))
