"""Ships, berths, water and anchorages of one planning period, in whole units of time, centimetres and cost.

Times are whole numbers on one axis (minutes, hours: the caller's choice, the same everywhere). Intervals are
half-open. The cost of a plan is the sum over ships of

    priority x (departure - arrival)
  + lateness_cost x max(0, departure - due)
  + berth_costs[berth]
  + berth_change_cost, if the ship was planned at another berth
  + delay_cost x max(0, start - planned start)

so that no ship ever gains by starting later. The ``DBAP`` files of Kramer, Lalla-Ruiz, Iori and Voss (2019) use the
first term alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kouan.quant.reading import UnusableProblem

Window = tuple[int, int]
LARGEST = 2**40


class BadBerthProblem(UnusableProblem):
    """A problem that contradicts itself; says which ship, berth or area, and why."""


@dataclass(frozen=True, slots=True)
class Placing:
    """A ship at a berth from a start."""

    berth: int
    start: int


@dataclass(frozen=True, slots=True)
class Ship:
    """One call that needs a berth.

    handling: time at each berth, ``None`` where she may not lie.
    latest_departure: she has to be gone by then. due: the wished departure.
    enter, leave: moments at which she may berth and sail (tide in the channel, daylight); ``None`` for always.
    fixed: a decision that stands. planned: the earlier plan, for re-planning.
    """

    name: str
    arrival: int
    handling: tuple[int | None, ...]
    priority: int = 1
    latest_departure: int | None = None
    due: int | None = None
    lateness_cost: int = 0
    berth_costs: tuple[int, ...] = ()
    length_cm: int = 0
    draught_cm: int = 0
    enter: tuple[Window, ...] | None = None
    leave: tuple[Window, ...] | None = None
    fixed: Placing | None = None
    planned: Placing | None = None


@dataclass(frozen=True, slots=True)
class Berth:
    """A place for one ship at a time. depth_cm is below chart datum; ``None`` and 0 length ask nothing."""

    name: str
    opens: int = 0
    closes: int | None = None
    closed: tuple[Window, ...] = ()
    length_cm: int = 0
    depth_cm: int | None = None


@dataclass(frozen=True, slots=True)
class Anchorage:
    """An area where ships wait: at most ``ships`` at once, each taking her length and the separation of the room."""

    name: str
    ships: int
    room_cm: int | None = None
    separation_cm: int = 0
    longest_cm: int | None = None
    deepest_draught_cm: int | None = None


@dataclass(frozen=True, slots=True)
class BerthProblem:
    """One planning period.

    water_level: steps (since, centimetres above chart datum), first at or before every time in question; empty for 0.
    keel_clearance_cm: least water under the keel during the whole stay.
    anchorages: empty asks nothing of waiting ships; otherwise each waits in one area from arrival to berthing.
    """

    ships: tuple[Ship, ...]
    berths: tuple[Berth, ...]
    water_level: tuple[tuple[int, int], ...] = ()
    keel_clearance_cm: int = 0
    anchorages: tuple[Anchorage, ...] = ()
    berth_change_cost: int = 0
    delay_cost: int = 0
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.berths:
            raise BadBerthProblem("没有泊位", "there is no berth")
        _check_numbers(self)
        for ship in self.ships:
            _check_ship(ship, self)
        for berth in self.berths:
            if berth.closes is not None and berth.closes <= berth.opens:
                raise BadBerthProblem(
                    f"泊位{berth.name}关闭时间{berth.closes}不晚于开放时间{berth.opens}",
                    f"berth {berth.name} closes at {berth.closes}, not after it opens at {berth.opens}",
                )
            _check_windows(berth.closed, f"泊位{berth.name}的封闭时段", f"closed period of berth {berth.name}")
        if list(self.water_level) != sorted(set(self.water_level)) or len(
            {since for since, _ in self.water_level}
        ) != len(self.water_level):
            raise BadBerthProblem("水位时刻须严格递增", "the times of the water level have to increase")


@dataclass(frozen=True, slots=True)
class BerthPlan:
    """A plan: ship by ship, the berth (index), the start, the end of handling, the departure, and the waiting area.

    anchorages holds an index or ``None`` (not waiting, or the problem asks nothing of waiting ships).
    """

    berths: tuple[int, ...]
    starts: tuple[int, ...]
    departures: tuple[int, ...]
    anchorages: tuple[int | None, ...]


def _check_numbers(problem: BerthProblem) -> None:
    for ship in problem.ships:
        times = [ship.arrival, ship.priority, ship.lateness_cost, ship.length_cm, ship.draught_cm]
        times += [x for x in (ship.latest_departure, ship.due) if x is not None] + list(ship.berth_costs)
        times += [h for h in ship.handling if h is not None]
        if any(not 0 <= x <= LARGEST for x in times):
            raise BadBerthProblem(
                f"船舶{ship.name}有负数或过大的数值", f"ship {ship.name} has a negative or too large number"
            )
    if problem.berth_change_cost < 0 or problem.delay_cost < 0 or problem.keel_clearance_cm < 0:
        raise BadBerthProblem("费用与富余水深不得为负", "costs and keel clearance may not be negative")


def _check_ship(ship: Ship, problem: BerthProblem) -> None:
    if len(ship.handling) != len(problem.berths):
        raise BadBerthProblem(
            f"船舶{ship.name}给出{len(ship.handling)}个作业时间，泊位有{len(problem.berths)}个",
            f"ship {ship.name} gives {len(ship.handling)} handling times for {len(problem.berths)} berths",
        )
    if ship.berth_costs and len(ship.berth_costs) != len(problem.berths):
        raise BadBerthProblem(
            f"船舶{ship.name}的泊位费用数与泊位数不符",
            f"ship {ship.name} gives {len(ship.berth_costs)} berth costs for {len(problem.berths)} berths",
        )
    if any(h is not None and h <= 0 for h in ship.handling):
        raise BadBerthProblem(
            f"船舶{ship.name}的作业时间须大于零", f"ship {ship.name} has a handling time that is not above zero"
        )
    for placing in (ship.fixed, ship.planned):
        if placing is not None and not 0 <= placing.berth < len(problem.berths):
            raise BadBerthProblem(
                f"船舶{ship.name}指定的泊位不存在", f"ship {ship.name} is placed at a berth that does not exist"
            )
    for windows, zh, en in ((ship.enter, "进港时窗", "entering window"), (ship.leave, "离港时窗", "leaving window")):
        if windows is not None:
            _check_windows(windows, f"船舶{ship.name}的{zh}", f"{en} of ship {ship.name}")


def _check_windows(windows: tuple[Window, ...], zh: str, en: str) -> None:
    for since, until in windows:
        if not 0 <= since < until <= LARGEST:
            raise BadBerthProblem(f"{zh}[{since}, {until})无效", f"{en} [{since}, {until}) is not valid")
