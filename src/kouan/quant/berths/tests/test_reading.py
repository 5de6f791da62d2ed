"""DBAP files: what is read, and what is refused with line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from kouan.quant.berths.problem import BadBerthProblem, BerthProblem
from kouan.quant.berths.reading import read_dbap
from kouan.quant.berths.solver import solve
from kouan.quant.plain_data import read_dataclass
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop

BENCH = Path(__file__).parents[5] / "../shared/bench/berths"
SMALL = "2\n2\n3 4\n1 2\n5 99999\n6 7\n50 60\n40 41\n"


def test_it_works():
    """Ships, berths, limits and forbidden berths."""
    problem = read_dbap(SMALL)
    assert [s.arrival for s in problem.ships] == [3, 4]
    assert [s.handling for s in problem.ships] == [(5, None), (6, 7)]
    assert [s.latest_departure for s in problem.ships] == [40, 41]
    assert [(b.opens, b.closes) for b in problem.berths] == [(1, 50), (2, 60)]


def test_priorities_and_surplus_limits():
    """Twice as many numbers in the last line are limits and priorities; other surplus there is ignored."""
    assert [s.priority for s in read_dbap(SMALL.replace("40 41", "40 41 3 2")).ships] == [3, 2]
    surplus = read_dbap(SMALL.replace("50 60", "50 60 60").replace("40 41", "40 41 41"))
    assert [s.priority for s in surplus.ships] == [1, 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "船舶数"),  # empty
        (SMALL[:20], "第5行"),  # cut within the table
        ("\n".join(SMALL.split("\n")[:6]), "第6行之后"),  # cut before the closings
        (SMALL.replace("3 4", "3 -4"), "第3行.*-4"),  # negative time
        (SMALL.replace("3 4", "3 nan"), "第3行.*nan"),
        (SMALL.replace("3 4", "3 4 5"), "第3行"),  # too many arrivals
        (SMALL + "9 9\n", "第9行"),  # something follows
        (SMALL.replace("2\n2\n", "2\n0\n", 1), "泊位数"),
        ("9999999999\n1\n1\n1\n", "不合理"),  # a false count cannot take the memory
        (SMALL.replace("6 7", "6 0"), "作业时间"),  # handling without time
        (SMALL.replace("1 2\n5", "1 70\n5"), "泊位2"),  # closes before it opens
    ],
)
def test_broken_files_are_refused(text, words):
    """Every refusal names the place and the reason."""
    with pytest.raises(BadBerthProblem, match=words):
        read_dbap(text)


def test_json_carries_every_field():
    """Nested objects, lists, nulls and the defaults of what is left out."""
    text = """{"berths": [{"name": "东", "depth_cm": 800, "closed": [[3, 5]]}],
      "ships": [{"name": "甲", "arrival": 0, "handling": [4], "enter": null, "planned": {"berth": 0, "start": 1}}],
      "water_level": [[0, 10]], "anchorages": [{"name": "锚", "ships": 2}]}"""
    problem = read_dataclass(BerthProblem, text)
    assert problem.berths[0].closed == ((3, 5),) and problem.water_level == ((0, 10),)
    assert problem.ships[0].planned is not None and problem.ships[0].planned.start == 1
    assert problem.anchorages[0].ships == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"ships": [],\n"berths": [}', "第2行"),  # not JSON
        ('{"ships": []}', "/berths：缺少"),
        ('{"ships": [], "berths": [{"name": "1", "opens": NaN}]}', "NaN"),
        ('{"ships": [], "berths": [{"name": "1", "opens": 0.5}]}', "0.5"),
        ('{"ships": [], "berths": [{"name": "1", "opens": "x"}]}', "/berths/0/opens应为整数"),
        ('{"ships": [], "berths": [{"name": "1", "draft": 3}]}', "/berths/0/draft"),  # unknown field
        ('{"ships": [], "berths": [{"name": "1", "closed": [[3]]}]}', "/berths/0/closed/0"),
        ("[" * 200_000, "不是|过深|应为"),  # bombs
    ],
)
def test_broken_json_is_refused(text, words):
    """Every refusal names the path or line and the reason."""
    with pytest.raises(UnusableProblem, match=words):
        read_dataclass(BerthProblem, text)


@pytest.mark.skipif(not BENCH.is_dir(), reason="the public instances are not here")
@pytest.mark.parametrize(("name", "least"), [("f30x3-01", 1763), ("f40x5-01", 2301)])
def test_public_instances_keep_their_value(name, least):
    """No bound above the proved optimum, no plan below it, and the two within one in a hundred."""
    problem = read_dbap((BENCH / f"{name}.txt").read_text(encoding="utf-8"))
    result = solve(problem, Stop(None, gap=0.01))
    assert result.objective is not None and result.bound is not None
    assert result.bound <= least <= result.objective <= 1.011 * result.bound
