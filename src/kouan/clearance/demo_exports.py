"""Demonstration exports: parcels of last month and this one in every state, what follows them, and a summed-up month.

Made by the same steps as real ones; the hands that send, carry and answer are those of ``demo``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kouan.declarations import selectors as declarations
from kouan.gateway.standards.ceb import generate_exports as exports
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.generate_exports import ExportParcel
from kouan.gateway.standards.ceb.types import Node

_WORDS = {"311": "platform", "411": "payment_firm", "511": "carrier", "621": "declarant"}
_SENDER_OF = {"303": "311", "403": "411", "505": "511", "603": "621", "605": "621", "607": "621", "509": "511",
              "701": "621", "213": "621"}  # fmt: skip
LAST_MONTH = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class Hands:
    """What the demonstration can do: send a message of one of the chosen firms, let Kouan work and carry, and let the
    played side answer until a moment."""

    chosen: Mapping[str, Any]
    send: Callable[[Any, bytes, datetime], None]
    carry: Callable[[datetime], None]
    answer: Callable[[datetime], None]


def declare_exports(hands: Hands, *, at: datetime) -> None:
    """Let the chosen firms export: a month that is released, left the country and summed up, and one that is not."""
    before = _declare(hands, 12, at=at - LAST_MONTH, seed=901)
    _declare(hands, 3, at=at - LAST_MONTH, seed=902, procedure="A")
    hands.answer(at - LAST_MONTH + timedelta(days=1))
    _follow(hands, before, at=at - LAST_MONTH + timedelta(days=1))
    hands.answer(at - LAST_MONTH + timedelta(days=3))
    released = [number for number in _list_numbers(before) if number]
    _hand_in(hands, "701", exports.summary(released[2:], number="演示汇总01", at=at), at - timedelta(days=20))
    hands.answer(at - timedelta(days=19))
    _declare(hands, 8, at=at - timedelta(days=2), seed=903)
    _declare(hands, 3, at=at - timedelta(days=2), seed=904, trade_mode="9810")
    hands.answer(at - timedelta(hours=20))
    _declare(hands, 3, at=at - timedelta(hours=3), seed=905, kinds=("303", "603"))
    _declare(hands, 2, at=at - timedelta(hours=2), seed=906, other_seller=True)
    _declare(hands, 4, at=at - timedelta(hours=1), seed=907)


def _declare(
    hands: Hands, count: int, *, at: datetime, seed: int, kinds: Sequence[str] = exports.PARCEL_KINDS,
    other_seller: bool = False, **more: Any,
) -> list[ExportParcel]:  # fmt: skip
    made = list(exports.export_parcels(count, at=at, seed=seed, **more))
    for parcel in made:
        _belong_to(parcel, hands.chosen)
        if other_seller:
            parcel.order.merchant_code = "420196YS99"
    for kind, raw in exports.export_messages(made, kinds=kinds, seed=seed):
        hands.send(hands.chosen[_SENDER_OF[kind]], raw, at)
    hands.carry(at)
    return made


def _belong_to(parcel: ExportParcel, chosen: Mapping[str, Any]) -> None:
    for block in (parcel.order, parcel.receipt, parcel.waybill, parcel.list_head):
        _rename(block, chosen)


def _rename(block: Any, chosen: Mapping[str, Any]) -> None:
    for kind, word in _WORDS.items():
        for suffix, value in (("code", chosen[kind].firm.customs_code), ("name", chosen[kind].firm.name_zh)):
            if getattr(block, f"{word}_{suffix}", None):
                setattr(block, f"{word}_{suffix}", value)


def _follow(hands: Hands, made: Sequence[ExportParcel], *, at: datetime) -> None:
    """Let the goods leave under one bill, and one list be cancelled, one parcel come back."""
    numbers = _list_numbers(made)
    leaving = [parcel.waybill.waybill_no or "" for parcel in made[2:]]
    _hand_in(hands, "607", exports.master_bill(leaving, number="演示总单01", at=at), at)
    _hand_in(hands, "509", exports.departure(leaving, number="演示离境01", at=at), at)
    if numbers[0]:
        _hand_in(hands, "605", exports.cancellation(numbers[0], number="演示撤销01", at=at), at)
    if numbers[-1]:
        _hand_in(hands, "213", exports.goods_return(made[-1], numbers[-1], number="演示退货01", at=at), at)


def _hand_in(hands: Hands, kind: str, node: Node, at: datetime) -> None:
    _rename(node.head, hands.chosen)
    raw = encode(exports.envelope(kind, [node], guid=exports.guid_of(f"demo {kind} {node.head.internal_no}")))
    hands.send(hands.chosen[_SENDER_OF[kind]], raw, at)
    hands.carry(at)


def _list_numbers(made: Sequence[ExportParcel]) -> list[str]:
    """Give the numbers that customs gave the lists, empty where it gave none."""
    found = declarations.list_numbers_of([parcel.list_head.internal_no or "" for parcel in made])
    return [found.get(parcel.list_head.internal_no or "", "") for parcel in made]
