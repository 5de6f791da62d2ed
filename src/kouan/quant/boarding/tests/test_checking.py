"""The checker rejects every kind of wrong plan."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kouan.quant.boarding.checking import check_plan, cost_of
from kouan.quant.boarding.problem import BoardingPlan, BoardingProblem, Placed, Task, Team, Visit

PROBLEM = BoardingProblem(
    visits=(
        Visit("甲轮", 1, (Task("海事", 10, seats=2), Task("海关", 5, 0, 0)), 20, 30, last_start=40),
        Visit("乙轮", 2, (Task("海关", 5),), 0, 50, skip_penalty=9),
    ),
    teams=(Team("一队", frozenset({"海事"}), seats=3), Team("二队", frozenset({"海事", "海关"}), until=70, seats=1)),
    ways=((0, 8, 6), (8, 0, 4), (6, 4, 0)),
    divisor=3,
)
GOOD = ((Placed(0, 31), Placed(1, 31)), (Placed(1, 52),))


def test_it_works():
    """Way 8+8 and 8+4+6, lateness 1+1+2, largest 2: a third of their sum."""
    plan = BoardingPlan(GOOD)
    assert check_plan(PROBLEM, plan) == []
    assert cost_of(PROBLEM, plan) == Fraction(34 + 4 + 2, 3)


@pytest.mark.parametrize(
    ("visits", "word"),
    [
        (((Placed(0, 31), Placed(1, 32)), (Placed(1, 52),)), "同时或先后"),  # a minute apart
        (((Placed(0, 31), Placed(1, 30)), (Placed(1, 52),)), "同时或先后"),  # a minute too soon
        (((Placed(1, 31), Placed(1, 31)), (Placed(1, 52),)), "同一队伍"),
        (((Placed(1, 31), Placed(0, 31)), (Placed(1, 52),)), "座位"),
        (((Placed(0, 31), Placed(0, 31)), (Placed(1, 52),)), "不具备"),
        (((Placed(0, 19), Placed(1, 19)), (Placed(1, 52),)), "早于"),
        (((Placed(0, 41), Placed(1, 41)), (Placed(1, 52),)), "晚于"),
        (((Placed(0, 31), Placed(1, 31)), (Placed(1, 39),)), "赶不到"),  # the way takes four
        (((Placed(0, 31), Placed(1, 31)), (Placed(1, 60),)), "下班"),
        (((Placed(0, 31),), (Placed(1, 52),)), "任务数"),
        (((Placed(0, 31), Placed(7, 31)), (Placed(1, 52),)), "队伍不存在"),
        ((None, (Placed(1, 52),)), "必须登临"),
        (((Placed(0, 31), Placed(1, 31)),), "登临数"),
    ],
)
def test_wrong_plans_are_rejected(visits, word):
    """Each plan breaks one rule, and the checker says which."""
    assert any(word in zh for zh, _ in check_plan(PROBLEM, BoardingPlan(visits)))


def test_a_visit_left_out_costs_its_penalty():
    """The optional visit may be left out."""
    plan = BoardingPlan((GOOD[0], None))
    assert check_plan(PROBLEM, plan) == []
    assert cost_of(PROBLEM, plan) == Fraction(32 + 2 + 1, 3) + 9
