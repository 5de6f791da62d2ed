"""Which pages of the broker's desk stand in whose navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import Role
from kouan.brokerage import selectors
from kouan.brokerage.codes import RowResult, Waits
from kouan.goods import libraries
from kouan.screens import navigation
from kouan.screens.pieces import Chip, Tone, register_chips

_TONES = {
    Waits.DRAFT: Tone.IDLE, Waits.BOUNCED: Tone.REFUSED, Waits.TO_CHECK: Tone.WAITING, Waits.TO_SEND: Tone.DONE,
    Waits.TO_SIGN: Tone.WAITING, Waits.RETURNED: Tone.REFUSED, Waits.QUESTION: Tone.WAITING, Waits.TAX: Tone.WAITING,
    Waits.DELEGATION: Tone.OVERDUE, Waits.REQUEST: Tone.WAITING, Waits.OTHER: Tone.WAITING,
}  # fmt: skip


def register() -> None:
    """Enter the pages into the navigation, say what stands look like, and offer the libraries to the forms."""
    trader = [Role.TRADER_CLERK]
    navigation.register(
        "my_work", _("待办队列"), "broker-queue", roles=trader, icon="inbox", order=5,
        badge=lambda user: selectors.count_waiting(user) or None,
    )  # fmt: skip
    navigation.register("single_window", _("客户资料"), "broker-clients", roles=trader, icon="building", order=30)
    navigation.register("single_window", _("商品资料"), "broker-articles", roles=trader, icon="table", order=31)
    navigation.register("single_window", _("批量办理"), "broker-batches", roles=trader, icon="rows", order=32)
    register_chips("waits", {one: Chip(one.label, tone) for one, tone in _TONES.items()})
    register_chips(
        "batch_row",
        {
            RowResult.WAITING: Chip(RowResult.WAITING.label, Tone.IDLE),
            RowResult.DONE: Chip(RowResult.DONE.label, Tone.DONE),
            RowResult.REFUSED: Chip(RowResult.REFUSED.label, Tone.REFUSED),
        },
    )
    libraries.offer("trader_code", "pick-broker-clients")
    libraries.offer("article_no", "pick-broker-articles")
    libraries.offer_learning("learn-one-broker-library")
