"""Demonstration exports: parcels of last month and this one in every state, what follows them, and a summed-up month.

Made by the same steps as real ones; the hands that send, carry and answer are those of ``demo``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from kouan.declarations import selectors as declarations
from kouan.gateway.standards.ceb import generate_exports as exports
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.generate_exports import ExportParcel
from kouan.gateway.standards.ceb.types import Node

_WORDS = {"311": "platform", "411": "payment_firm", "511": "carrier", "621": "declarant"}
_SENDER_OF = {"303": "311", "403": "411", "505": "511", "603": "621", "605": "621", "607": "621", "509": "511",
              "701": "621", "213": "621"}  # fmt: skip
EXPORTING = timedelta(days=50)
"""How far back the exports of last month may reach."""
_DAY = timedelta(days=1)
_SMOOTH = {"release": 1.0}
_ENDINGS = ("inspect", "hold", "detain", "send_back", "return", "wait", "manual")
"""How lists of yesterday stand: one or two of each."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What the demonstration can do: send a message of one of the chosen firms, let Kouan work and carry, let the
    played side answer until a moment, and say how it answers what is declared from now on."""

    chosen: Mapping[str, Any]
    send: Callable[[Any, bytes, datetime], None]
    carry: Callable[[datetime], None]
    answer: Callable[[datetime], None]
    behave: Callable[[dict[str, float], dict[str, float]], None]


def declare_exports(hands: Hands, *, at: datetime) -> None:
    """Let the chosen firms export: a month that is summed up, and one in which parcels stand in every state."""
    first = timezone.localtime(at).replace(day=1, hour=12, minute=0, second=0, microsecond=0)
    _export_last_month(hands, first - 14 * _DAY)
    _export_this_month(hands, at)


def _export_last_month(hands: Hands, begin: datetime) -> None:
    """Last month: parcels that left, one cancelled, one that came back, one on its way back; summed up, and asked for
    in vain."""
    hands.behave(_SMOOTH, {"grant": 1.0})
    made = _declare(hands, 14, at=begin, seed=901)
    simplified = _declare(hands, 3, at=begin, seed=902, procedure="A")
    hands.answer(begin + _DAY)
    numbers = _list_numbers(made)
    _hand_in(hands, "605", exports.cancellation(numbers[0], number="演示撤销01", at=begin + _DAY), begin + _DAY)
    _leave(hands, [*made[1:], *simplified], number="01", at=begin + _DAY)
    hands.answer(begin + 3 * _DAY)
    _hand_in(hands, "701", exports.summary(numbers[1:10], number="演示汇总01", at=begin + 7 * _DAY), begin + 7 * _DAY)
    returned = exports.goods_return(made[-1], numbers[-1], number="演示退货01", at=begin + 7 * _DAY)
    _hand_in(hands, "213", returned, begin + 7 * _DAY)
    hands.answer(begin + 8 * _DAY)
    hands.behave(_SMOOTH, {"inspect": 1.0})
    coming = exports.goods_return(made[-2], numbers[-2], number="演示退货02", at=begin + 8 * _DAY)
    _hand_in(hands, "213", coming, begin + 8 * _DAY)
    hands.answer(begin + 9 * _DAY)
    hands.behave(_SMOOTH, {"return": 1.0})
    _hand_in(hands, "701", exports.summary(numbers[10:11], number="演示汇总02", at=begin + 9 * _DAY), begin + 9 * _DAY)
    hands.answer(begin + 10 * _DAY)
    hands.behave(_SMOOTH, {"wait": 1.0})
    _hand_in(
        hands, "701", exports.summary(numbers[11:12], number="演示汇总03", at=begin + 11 * _DAY), begin + 11 * _DAY
    )
    hands.answer(begin + 12 * _DAY)


def _export_this_month(hands: Hands, at: datetime) -> None:
    """This month: parcels that left and may be summed up, and others in every state before."""
    hands.behave(_SMOOTH, {"grant": 1.0})
    gone = _declare(hands, 6, at=at - 4 * _DAY, seed=903)
    _declare(hands, 3, at=at - 4 * _DAY, seed=904)
    hands.answer(at - 3 * _DAY)
    _leave(hands, gone, number="02", at=at - 3 * _DAY)
    hands.answer(at - 2 * _DAY)
    waiting = _declare(hands, 2, at=at - 2 * _DAY, seed=908)
    hands.answer(at - 1.5 * _DAY)
    hands.behave(_SMOOTH, {"wait": 1.0})
    for place, number in enumerate(_list_numbers(waiting)[:1], start=2):
        node = exports.cancellation(number, number=f"演示撤销{place:02d}", at=at - 1.5 * _DAY)
        _hand_in(hands, "605", node, at - 1.5 * _DAY)
    for place, ending in enumerate(_ENDINGS):
        hands.behave({ending: 1.0}, {"grant": 1.0})
        _declare(hands, 1 + place % 2, at=at - _DAY, seed=910 + place, trade_mode="9810" if place == 6 else "9610")
    hands.answer(at - timedelta(hours=4))
    hands.behave(_SMOOTH, {"grant": 1.0})
    _declare(hands, 3, at=at - timedelta(hours=3), seed=905, kinds=("303", "603"))
    _declare(hands, 2, at=at - timedelta(hours=2), seed=906, other_seller=True)
    _declare(hands, 4, at=at - timedelta(minutes=20), seed=907)


def _leave(hands: Hands, made: Sequence[ExportParcel], *, number: str, at: datetime) -> None:
    """Let parcels go to the port under one master bill, and leave the country."""
    waybills = [parcel.waybill.waybill_no or "" for parcel in made]
    _hand_in(hands, "607", exports.master_bill(waybills, number=f"演示总单{number}", at=at), at)
    _hand_in(hands, "509", exports.departure(waybills, number=f"演示离境{number}", at=at), at)


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


def _hand_in(hands: Hands, kind: str, node: Node, at: datetime) -> None:
    _rename(node.head, hands.chosen)
    raw = encode(exports.envelope(kind, [node], guid=exports.guid_of(f"demo {kind} {node.head.internal_no}")))
    hands.send(hands.chosen[_SENDER_OF[kind]], raw, at)
    hands.carry(at)


def _list_numbers(made: Sequence[ExportParcel]) -> list[str]:
    """Give the numbers that customs gave the lists, empty where it gave none."""
    found = declarations.list_numbers_of([parcel.list_head.internal_no or "" for parcel in made])
    return [found.get(parcel.list_head.internal_no or "", "") for parcel in made]
