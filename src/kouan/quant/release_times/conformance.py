"""Conformance of cases to an expected path, by the cheapest alignment of each variant.

An expected path is a row of blocks. A block is one step, or several steps in any order. A step may be optional and may
be repeated. The cost of a case is the least number of steps that are missing plus stamps that are unexpected; 0 means
that the case went as expected. Adriansyah 2014 for alignments; for paths of this shape they are found exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from kouan.quant.release_times.coding import match_paths
from kouan.quant.release_times.log import EventLog, NotAsked

MOST_IN_BLOCK = 10
MOST_CELLS = 1 << 26


@dataclass(frozen=True, slots=True)
class Step:
    """One expected activity: mandatory unless optional, once unless it may be repeated."""

    activity: str
    optional: bool = False
    repeats: bool = False


Block = Step | tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Conformance:
    """How cases fit the expected path.

    cost: int64 ``(cases,)``; fitness: float64 ``(cases,)``, 1 less the cost over the cost of the worst alignment.
    missing, unexpected: how often, by activity, a mandatory step was missing or a stamp did not fit.
    """

    cost: np.ndarray
    fitness: np.ndarray
    missing: dict[str, int]
    unexpected: dict[str, int]

    @property
    def share_fitting(self) -> float:
        return float((self.cost == 0).mean())


def check_path(log: EventLog, expected: Sequence[Block]) -> Conformance:
    """Align every case to the expected path.

    Steps that the log never shows are allowed (they are then missing); stamps that the path does not name are
    unexpected. Raises NotAsked for an empty path, a step named twice within a block, or more than MOST_IN_BLOCK there.
    """
    blocks = [block if isinstance(block, tuple) else (block,) for block in expected]
    if not blocks or not all(blocks):
        raise NotAsked("预期路径是空的", "the expected path is empty")
    for block in blocks:
        if len(block) > MOST_IN_BLOCK:
            raise NotAsked(
                f"不分先后的一组至多 {MOST_IN_BLOCK} 步", f"a block in any order has at most {MOST_IN_BLOCK} steps"
            )
        if len({step.activity for step in block}) < len(block):
            raise NotAsked("一组之内环节重复", "a step is named twice within a block")
    codes = {name: code for code, name in enumerate(log.activities)}
    first, width, steps, optional, repeats = [], [], [], [], []
    total = 0
    for block in blocks:
        first.append(total)
        width.append(len(block))
        total += 1 << len(block)
        row = [-1] * MOST_IN_BLOCK
        row[: len(block)] = [codes.get(step.activity, -2) for step in block]
        steps.append(row)
        optional.append(sum(1 << place for place, step in enumerate(block) if step.optional))
        repeats.append(sum(1 << place for place, step in enumerate(block) if step.repeats))
    path, chief, bearers = match_paths(log.offsets, log.activity)
    lengths = np.diff(log.offsets)[chief]
    if total * int(lengths.max() + 1) > MOST_CELLS:
        raise NotAsked(
            f"最长案件有 {int(lengths.max())} 条记录，过长而无法比对",
            f"the longest case has {int(lengths.max())} stamps: too long to align",
        )
    lacking = np.zeros((len(blocks), MOST_IN_BLOCK), dtype=np.int64)
    strange = np.zeros(len(log.activities), dtype=np.int64)
    cost = _align(
        log.offsets,
        log.activity,
        chief,
        bearers,
        np.array(first),
        np.array(width),
        np.array(steps),
        np.array(optional),
        np.array(repeats),
        total,
        lacking,
        strange,
    )
    mandatory = sum(not step.optional for block in blocks for step in block)
    fitness = 1 - cost / np.maximum(1, lengths + mandatory)
    missing: dict[str, int] = {}
    for place, block in enumerate(blocks):
        for number, step in enumerate(block):
            if lacking[place, number]:
                missing[step.activity] = missing.get(step.activity, 0) + int(lacking[place, number])
    unexpected = {log.activities[code]: int(strange[code]) for code in np.flatnonzero(strange)}
    return Conformance(cost[path], fitness[path], missing, unexpected)


@njit(cache=True, nogil=True)
def _align(offsets, activity, chief, bearers, first, width, steps, optional, repeats, total, lacking, strange):
    """The least cost of each variant; counts of what was missing and strange are added to the last two arrays."""
    blocks = first.size
    costs = np.empty(chief.size, np.int64)
    far = np.int64(1 << 40)
    for variant in range(chief.size):
        low, high = offsets[chief[variant]], offsets[chief[variant] + 1]
        length = high - low
        best = np.full((length + 1, total), far)
        # How a state was reached: 0 skip of a step, 1 next block, 2 fitting stamp, 3 strange stamp; and which step.
        how = np.zeros((length + 1, total), np.int8)
        which = np.zeros((length + 1, total), np.int8)
        best[0, 0] = 0
        for row in range(length + 1):
            for block in range(blocks):
                full = (1 << width[block]) - 1
                for mask in range(full + 1):
                    here = first[block] + mask
                    value = best[row, here]
                    if value >= far:
                        continue
                    for step in range(width[block]):
                        if not (mask >> step) & 1:
                            there = first[block] + (mask | (1 << step))
                            price = value + (0 if (optional[block] >> step) & 1 else 1)
                            if price < best[row, there]:
                                best[row, there], how[row, there], which[row, there] = price, 0, step
                    if mask == full and block + 1 < blocks and value < best[row, first[block + 1]]:
                        best[row, first[block + 1]], how[row, first[block + 1]] = value, 1
                    if row == length:
                        continue
                    act = activity[low + row]
                    for step in range(width[block]):
                        if steps[block, step] != act:
                            continue
                        done = (mask >> step) & 1
                        if done and not (repeats[block] >> step) & 1:
                            continue
                        there = first[block] + (mask | (1 << step))
                        if value < best[row + 1, there]:
                            best[row + 1, there], how[row + 1, there] = value, 2
                            which[row + 1, there] = -1 if done else step
                    if value + 1 < best[row + 1, here]:
                        best[row + 1, here], how[row + 1, here] = value + 1, 3
        block = blocks - 1
        mask = (1 << width[block]) - 1
        row = length
        costs[variant] = best[row, first[block] + mask]
        while row > 0 or block > 0 or mask > 0:
            here = first[block] + mask
            kind = how[row, here]
            if kind == 0:
                step = which[row, here]
                mask &= ~(1 << step)
                if not (optional[block] >> step) & 1:
                    lacking[block, step] += bearers[variant]
            elif kind == 1:
                block -= 1
                mask = (1 << width[block]) - 1
            elif kind == 2:
                row -= 1
                if which[row + 1, here] >= 0:
                    mask &= ~(1 << which[row + 1, here])
            else:
                row -= 1
                strange[activity[low + row]] += bearers[variant]
    return costs
