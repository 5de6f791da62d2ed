"""How long the runs of a randomised search should be."""

from __future__ import annotations


def luby(turn: int) -> int:
    """The turn-th number, from 1, of 1, 1, 2, 1, 1, 2, 4, …: restarts that lose little to any best length.

    Reference: Luby, Sinclair and Zuckerman, "Optimal speedup of Las Vegas algorithms" (1993).
    """
    power = 1
    while power < turn + 1:
        power *= 2
    return power // 2 if power == turn + 1 else luby(turn - power // 2 + 1)
