"""The smallest reasons why nothing works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from kouan.quant.solving import Status, Stop

Item = TypeVar("Item")


def smallest_conflict(items: Sequence[Item], works: Callable[[list[Item]], bool]) -> list[Item]:
    """Items that cannot hold together while every set without one of them can.

    ``works`` says whether a set of items can hold; if it holds for some set, it must hold for all its parts. Empty
    where all items hold together. About ``k log(n / k)`` questions for a conflict of k among n.

    Reference: U. Junker, "QuickXplain: preferred explanations and relaxations", AAAI 2004.
    """
    everything = list(items)
    if works(everything):
        return []

    def find(ground: list[Item], added: bool, among: list[Item]) -> list[Item]:
        if added and not works(ground):
            return []
        if len(among) == 1:
            return among
        half = len(among) // 2
        left, right = among[:half], among[half:]
        from_right = find(ground + left, True, right)
        from_left = find(ground + from_right, bool(from_right), left)
        return from_left + from_right

    return find([], False, everything) if everything else []


def smallest_clash(items: Sequence[Item], settle: Callable[[list[Item], Stop], Status], stop: Stop) -> list[Item]:
    """The smallest set of items whose demands were proved to clash, each question answered within two seconds.

    settle: the status of the problem with these items alone. A question that is not settled in time counts as no
    clash; the set is empty where therefore nothing was proved.
    """

    def works(chosen: list[Item]) -> bool:
        return not chosen or settle(chosen, Stop(min(2.0, stop.remaining()), gap=1e9, cancelled=stop)) != "infeasible"

    return smallest_conflict(items, works)
