"""Problems and plans of allocation."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kouan.quant.reading import UnusableProblem


@dataclass(frozen=True, slots=True)
class Assignment:
    """Each job to exactly one agent: cost and use ``(agents, jobs)``, capacity ``(agents,)``.

    maximise: cost is a profit. References: the generalised assignment problem, OR-Library "gapinfo".
    """

    cost: np.ndarray
    use: np.ndarray
    capacity: np.ndarray
    maximise: bool = False

    def __post_init__(self) -> None:
        if self.cost.ndim != 2 or self.cost.shape != self.use.shape or self.capacity.shape != (len(self.cost),):
            raise UnusableProblem("费用、占用和容量三表大小不符", "the tables of cost, use and capacity differ in size")
        if not self.cost.size:
            raise UnusableProblem("至少要有一个单位和一件任务", "at least one agent and one job are needed")
        if not all(np.isfinite(values).all() for values in (self.cost, self.use, self.capacity)):
            raise UnusableProblem("数据含有非有限数", "the data hold a number that is not finite")
        if self.use.min() < 0 or self.capacity.min() < 0:
            raise UnusableProblem("占用和容量不能为负", "use and capacity must not be negative")


@dataclass(frozen=True, slots=True)
class Packing:
    """A set of items of greatest value with at most one item of each row: value ``(items,)``, rows of item numbers."""

    value: np.ndarray
    rows: tuple[np.ndarray, ...]

    def __post_init__(self) -> None:
        if not len(self.value) or not np.isfinite(self.value).all():
            raise UnusableProblem("物品的价值缺失或不是有限数", "values of items are missing or not finite")
        for number, row in enumerate(self.rows, 1):
            if row.size and (row.min() < 0 or row.max() >= len(self.value)):
                raise UnusableProblem(
                    f"约束 {number} 指向不存在的物品", f"row {number} names an item that does not exist"
                )


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim for money: who, from which pot, for what; ``amount`` in fen; score by which claims are compared.

    subject: what is paid for (a voyage, a train, a project): the same subject is never paid twice.
    least: the smallest part that makes sense; equal to amount where a claim is paid whole or not at all.
    """

    name: str
    applicant: str
    pot: str
    amount: int
    score: float
    subject: str = ""
    group: str = ""
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Awards:
    """Claims against pots of money.

    pots: budget in fen by name. ceilings: most fen by applicant (``*`` for all others). group_least,
    group_most: least and most fen by group.
    exclusions: sets of claim names of which at most one is paid. fairness: ``score`` maximises the score paid;
    ``spread`` first maximises the smallest share paid among applicants, then the score.
    """

    pots: dict[str, int]
    claims: tuple[Claim, ...]
    ceilings: dict[str, int] = field(default_factory=dict)
    exclusions: tuple[tuple[str, ...], ...] = ()
    group_least: dict[str, int] = field(default_factory=dict)
    group_most: dict[str, int] = field(default_factory=dict)
    fairness: str = "score"

    def __post_init__(self) -> None:
        names = [claim.name for claim in self.claims]
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise UnusableProblem(f"申请“{twice}”出现两次", f"claim '{twice}' is listed twice")
        if self.fairness not in ("score", "spread"):
            raise UnusableProblem(f"不认识的公平规则“{self.fairness}”", f"unknown rule of fairness '{self.fairness}'")
        known = set(names)
        for claim in self.claims:
            if claim.pot not in self.pots:
                raise UnusableProblem(
                    f"申请“{claim.name}”的资金池“{claim.pot}”不存在",
                    f"claim '{claim.name}' names no pot: '{claim.pot}'",
                )
            if claim.amount <= 0 or not np.isfinite(claim.score) or claim.score < 0:
                raise UnusableProblem(
                    f"申请“{claim.name}”的金额或得分不合规", f"amount or score of claim '{claim.name}' is not allowed"
                )
            if claim.least is not None and not 0 <= claim.least <= claim.amount:
                raise UnusableProblem(
                    f"申请“{claim.name}”的最低额超出申请额", f"the least of claim '{claim.name}' exceeds its amount"
                )
        for members in self.exclusions:
            strange = [name for name in members if name not in known]
            if strange:
                raise UnusableProblem(
                    f"互斥组指向不存在的申请“{strange[0]}”", f"an exclusion names no claim: '{strange[0]}'"
                )
        limits = (*self.pots.values(), *self.ceilings.values(), *self.group_least.values(), *self.group_most.values())
        if any(limit < 0 for limit in limits):
            raise UnusableProblem("预算和限额不能为负", "budgets and ceilings must not be negative")


@dataclass(frozen=True, slots=True)
class Awarded:
    """Fen paid by claim name (0 for a refusal), and for each refusal or cut its reasons in Chinese and English."""

    paid: dict[str, int]
    reasons: dict[str, tuple[tuple[str, str], ...]]
    smallest_share: float | None = None
