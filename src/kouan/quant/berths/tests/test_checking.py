"""The checker rejects every kind of wrong plan."""

from __future__ import annotations

import dataclasses

import pytest

from kouan.quant.berths.checking import check_plan, cost_of
from kouan.quant.berths.problem import Anchorage, Berth, BerthPlan, BerthProblem, Placing, Ship

PROBLEM = BerthProblem(
    ships=(
        Ship("甲", 2, (5, 8), latest_departure=20, draught_cm=700, enter=((2, 9),), leave=((7, 12), (15, 20))),
        Ship("乙", 3, (4, None), length_cm=9000),
    ),
    berths=(Berth("东", 1, 30, closed=((20, 22),), length_cm=10000, depth_cm=800), Berth("西", depth_cm=650)),
    water_level=((0, 0), (10, -150)),
    keel_clearance_cm=20,
    anchorages=(Anchorage("锚地", ships=1, longest_cm=9500),),
)
GOOD = BerthPlan((0, 0), (2, 7), (7, 11), (None, 0))


def test_it_works():
    """A good plan has no fault, and its cost is the sum of the times in port."""
    assert check_plan(PROBLEM, GOOD) == []
    assert cost_of(PROBLEM, GOOD) == 5 + 8


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"starts": (1, 7), "departures": (7, 11)}, "到港"),  # before she arrives
        ({"departures": (6, 11)}, "作业时间"),  # sails too soon
        ({"starts": (2, 6), "departures": (7, 10)}, "重叠"),  # two ships in one place
        ({"berths": (1, 0)}, "水深"),  # too shallow
        ({"berths": (0, 1)}, "不得靠"),  # a berth she may not use
        ({"berths": (0, 2)}, "不存在"),  # no such berth
        ({"starts": (9, 3), "departures": (15, 7)}, "进港时窗"),
        ({"starts": (8, 3), "departures": (13, 7)}, "离港时窗"),
        ({"starts": (8, 3), "departures": (13, 7)}, "水深"),  # the water falls during her stay
        ({"starts": (2, 17), "departures": (7, 21)}, "封闭"),
        ({"starts": (2, 28), "departures": (7, 32)}, "未开放"),
        ({"starts": (8, 3), "departures": (21, 7)}, "最晚"),
        ({"anchorages": (None, None)}, "锚位"),  # waits nowhere
        ({"starts": (8, 13), "departures": (15, 17), "anchorages": (0, 0)}, "超容"),  # two in a place for one
        ({"berths": (0,)}, "船舶数"),
    ],
)
def test_wrong_plans_are_rejected(change, word):
    """Each change breaks one rule, and the checker says which."""
    assert any(word in zh for zh, _ in check_plan(PROBLEM, dataclasses.replace(GOOD, **change)))


def test_a_fixed_decision_may_not_move():
    """A plan that moves what stands is wrong."""
    ship = Ship("甲", 0, (5,), fixed=Placing(0, 3))
    problem = BerthProblem((ship,), (Berth("1"),))
    assert check_plan(problem, BerthPlan((0,), (3,), (8,), (None,))) == []
    assert "已定" in check_plan(problem, BerthPlan((0,), (2,), (7,), (None,)))[0][0]
