"""A quay as one line, ships as lengths of it for a time. Whole units of time, metres (or centimetres) and cost.

The cost of a plan is the sum over ships of

    priority x (departure - arrival) + away_cost x |position - wished position|
  + shift_cost, if the ship was planned at another position + delay_cost x max(0, start - planned start).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kouan.quant.reading import UnusableProblem

LARGEST = 2**31


class BadQuayProblem(UnusableProblem):
    """A problem that contradicts itself; says which ship or stretch, and why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a ship's lower end lies along the quay, and from when."""

    position: int
    start: int


@dataclass(frozen=True, slots=True)
class QuayShip:
    """One call. length includes the gap to her neighbours. fixed: a decision that stands; planned: the earlier plan."""

    name: str
    arrival: int
    handling: int
    length: int
    draught: int = 0
    priority: int = 1
    latest_departure: int | None = None
    wished: int | None = None
    away_cost: int = 0
    fixed: Spot | None = None
    planned: Spot | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch [low, high) of the quay that nobody may use during [since, until)."""

    low: int
    high: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch [low, high) with its depth; where no section is stated, depth asks nothing."""

    low: int
    high: int
    depth: int


@dataclass(frozen=True, slots=True)
class QuayProblem:
    """One planning period of one quay of the given length."""

    quay: int
    ships: tuple[QuayShip, ...]
    closures: tuple[Closure, ...] = ()
    sections: tuple[Section, ...] = ()
    shift_cost: int = 0
    delay_cost: int = 0
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not 0 < self.quay <= LARGEST or not 0 <= min(self.shift_cost, self.delay_cost) <= LARGEST:
            raise BadQuayProblem("岸线长度或费用无效", "the length of the quay or a cost is not valid")
        for ship in self.ships:
            _check_ship(ship, self)
        for one in self.closures:
            if not (0 <= one.low < one.high <= self.quay and 0 <= one.since < one.until <= LARGEST):
                raise BadQuayProblem(f"封闭区段{one}无效", f"the closure {one} is not valid")
        for one in self.sections:
            if not (0 <= one.low < one.high <= self.quay and one.depth >= 0):
                raise BadQuayProblem(f"水深区段{one}无效", f"the section {one} is not valid")

    def reaches(self, ship: QuayShip) -> list[tuple[int, int]]:
        """The intervals [low, high] of positions at which the depth suffices."""
        bars = sorted((max(0, s.low - ship.length + 1), s.high - 1) for s in self.sections if s.depth < ship.draught)
        out, low = [], 0
        for since, until in [*bars, (self.quay - ship.length + 1, self.quay)]:
            if low <= since - 1:
                out.append((low, since - 1))
            low = max(low, until + 1)
        return [(a, min(b, self.quay - ship.length)) for a, b in out if a <= self.quay - ship.length]


@dataclass(frozen=True, slots=True)
class QuayPlan:
    """Where and when each ship lies, in the order of the problem."""

    spots: tuple[Spot, ...]


def _check_ship(ship: QuayShip, problem: QuayProblem) -> None:
    zh, en = f"船舶{ship.name}", f"ship {ship.name}"
    numbers = [ship.arrival, ship.draught, ship.priority, ship.away_cost, ship.latest_departure, ship.wished]
    numbers += [x for spot in (ship.fixed, ship.planned) if spot for x in (spot.position, spot.start)]
    if any(x is not None and not 0 <= x <= LARGEST for x in numbers):
        raise BadQuayProblem(f"{zh}有负数或过大的数值", f"{en} has a negative or too large number")
    if not 0 < ship.handling <= LARGEST or not 0 < ship.length <= LARGEST:
        raise BadQuayProblem(f"{zh}的作业时间与长度须大于零", f"handling and length of {en} have to be above zero")
    if ship.length > problem.quay:
        raise BadQuayProblem(f"{zh}长于岸线", f"{en} is longer than the quay")
    if not problem.reaches(ship):
        raise BadQuayProblem(f"{zh}无足够水深的岸段", f"{en} finds no stretch that is deep enough")
    if ship.latest_departure is not None and ship.arrival + ship.handling > ship.latest_departure:
        raise BadQuayProblem(f"{zh}赶不上最晚离泊", f"{en} cannot be gone by her latest departure")
