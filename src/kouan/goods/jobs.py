"""What goods declarations do by themselves: waiting ones are sent on, people reminded, spreadsheets worked on."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from kouan.goods.services.sheeting import send_sheet, try_sheet
from kouan.goods.services.storing import send_waiting
from kouan.goods.services.timing import remind_of_deadlines


@app.periodic(cron="* * * * *")
@app.task(name="send_waiting_goods", queueing_lock="send_waiting_goods", pass_context=False)
def send_waiting_goods(timestamp: int) -> None:
    """Send on declarations that came while no channel to the national side was open; every minute."""
    send_waiting(at=dt.datetime.fromtimestamp(timestamp, dt.UTC))


@app.periodic(cron="*/10 * * * *")
@app.task(name="remind_of_goods_deadlines", queueing_lock="remind_of_goods_deadlines", pass_context=False)
def remind_of_goods_deadlines(timestamp: int) -> None:
    """Remind people of deadlines of goods declarations that have come near or are over; every ten minutes."""
    while remind_of_deadlines(at=dt.datetime.fromtimestamp(timestamp, dt.UTC)):
        pass


@app.task(name="try_goods_sheet", pass_context=False)
def try_goods_sheet(sheet_id: str) -> None:
    """Try out a spreadsheet of goods declarations that was uploaded; asked for on its page."""
    try_sheet(sheet_id=UUID(sheet_id), at=timezone.now())


@app.task(name="send_goods_sheet", pass_context=False)
def send_goods_sheet(sheet_id: str) -> None:
    """Send what is fit of a spreadsheet of goods declarations; asked for on its page."""
    send_sheet(sheet_id=UUID(sheet_id), at=timezone.now())
