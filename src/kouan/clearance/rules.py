"""What the gate may rest on. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kouan.declarations.states import RELEASING
from kouan.goods.states import GRANTING, GoodsState


class GateReason(StrEnum):
    """Why the gate says yes or no."""

    RELEASED = "released"
    NOT_RELEASED = "not_released"
    NEVER_ANSWERED = "never_answered"
    LEFT_ALREADY = "left_already"
    DEPARTED = "departed"
    WITHDRAWN = "withdrawn"
    UNDECLARED = "undeclared"
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"


def may_goods_leave(
    *, state: str, released_at: datetime | None, left_at: datetime | None, is_second_step: bool
) -> GateReason:
    """报关单货物凭海关放行提离：放行、结关或担保放行的官方回执针对当前版本；两步申报的完整申报不撤销概要申报的放行。

    Goods leave on customs' release, or where duty is guaranteed. Source: 中华人民共和国海关法 第二十三条、第二十九条.
    Of a two-step declaration the release of the outline holds while the complete declaration is worked on, unless
    customs inspects, examines again or deletes.
    """
    if left_at is not None:
        return GateReason.LEFT_ALREADY
    if state == GoodsState.DELETED:
        return GateReason.WITHDRAWN
    if state in (*GRANTING, GoodsState.GUARANTEED):
        return GateReason.RELEASED
    if is_second_step and released_at and state not in (GoodsState.INSPECTED, GoodsState.EXAMINED_AGAIN):
        return GateReason.RELEASED
    return GateReason.NEVER_ANSWERED if state in _UNANSWERED else GateReason.NOT_RELEASED


_UNANSWERED = frozenset({GoodsState.AWAITING_CHANNEL, GoodsState.SENT})


def may_leave(
    *, official_status: str, left_at: datetime | None, is_withdrawn: bool = False, departed_at: datetime | None = None
) -> GateReason:
    """货物凭海关放行提离：未收到对当前版本的官方放行回执（800、899），监管场所不得放行货物离场。

    Goods leave a supervision place only on customs' release, imports into the country and exports to the port and out
    of it. Source: 中华人民共和国海关法 第二十三条、第二十九条.
    The status is that of the current version; an answer to an earlier version does not count, nor does the release of a
    declaration that was cancelled since.
    """
    if departed_at is not None:
        return GateReason.DEPARTED
    if left_at is not None:
        return GateReason.LEFT_ALREADY
    if is_withdrawn:
        return GateReason.WITHDRAWN
    if official_status in RELEASING:
        return GateReason.RELEASED
    return GateReason.NOT_RELEASED if official_status else GateReason.NEVER_ANSWERED
