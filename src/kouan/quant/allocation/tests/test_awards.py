"""Money goes to nobody twice, within every budget, and each refusal has its reason."""

import itertools
import json
import random

import pytest

from kouan.quant.allocation import awards
from kouan.quant.allocation.checker import check_awards
from kouan.quant.allocation.readers import read_awards
from kouan.quant.allocation.types import Awarded, Awards, Claim
from kouan.quant.reading import UnusableProblem
from kouan.quant.solving import Stop


def random_claims(seed: int) -> Awards:
    """Nine claims that are paid whole or not at all, two pots, ceilings, subjects, exclusions."""
    draw = random.Random(seed)
    claims = tuple(
        Claim(
            f"c{k}",
            f"firm{draw.randrange(3)}",
            draw.choice(["sea", "rail"]),
            draw.randrange(1, 60) * 100,
            draw.randrange(1, 40),
            draw.choice(["", f"voyage{draw.randrange(4)}"]),
            draw.choice(["west", "east"]),
        )
        for k in range(9)
    )
    return Awards(
        {"sea": 9000, "rail": 7000},
        claims,
        {"*": 8000, "firm0": 5000},
        (("c0", "c1"), ("c2", "c3", "c4")),
        group_most={"east": 9000},
    )


@pytest.mark.parametrize("seed", range(25))
def test_it_equals_brute_force(seed):
    problem = random_claims(seed)
    best = 0.0
    for paid in itertools.product((False, True), repeat=len(problem.claims)):
        amounts = {claim.name: claim.amount if taken else 0 for claim, taken in zip(problem.claims, paid, strict=True)}
        reasons = {name: (("理由", "reason"),) for name, fen in amounts.items() if not fen}
        value, faults = check_awards(problem, Awarded(amounts, reasons))
        if not faults:
            best = max(best, value)
    result = awards.solve(problem, Stop(600))
    value, faults = check_awards(problem, result.found())
    assert not faults and result.status == "optimal" and value == pytest.approx(best) == pytest.approx(result.objective)
    refused = [name for name, fen in result.found().paid.items() if not fen]
    assert all(result.found().reasons[name] for name in refused)


def test_partial_payment_uses_the_pot_to_the_last_fen():
    problem = Awards(
        {"pot": 1001}, (Claim("a", "x", "pot", 900, 9, least=0), Claim("b", "y", "pot", 700, 5, least=100))
    )
    result = awards.solve(problem, Stop(600))
    assert result.found().paid == {"a": 900, "b": 101}
    assert "1001" in result.found().reasons["b"][0][0]


def test_the_same_voyage_is_paid_once_and_the_refusal_says_so():
    problem = Awards(
        {"a": 1000, "b": 1000}, (Claim("一", "x", "a", 500, 5, "航次1"), Claim("二", "y", "b", 500, 4, "航次1"))
    )
    result = awards.solve(problem, Stop(600))
    assert result.found().paid == {"一": 500, "二": 0}
    assert "不重复支付" in result.found().reasons["二"][0][0] and "'一'" in result.found().reasons["二"][0][1]


def test_spreading_serves_the_worst_off_first():
    claims = (Claim("a", "x", "pot", 1000, 100, least=0), Claim("b", "y", "pot", 1000, 1, least=0))
    greedy = awards.solve(Awards({"pot": 1000}, claims), Stop(600)).found()
    fair = awards.solve(Awards({"pot": 1000}, claims, fairness="spread"), Stop(600)).found()
    assert greedy.paid == {"a": 1000, "b": 0} and fair.smallest_share == pytest.approx(0.5, abs=0.01)


def test_group_leasts_that_clash_are_named():
    claims = (
        Claim("a", "x", "pot", 1000, 1, group="g"),
        Claim("b", "y", "pot", 1000, 1, group="h"),
        Claim("c", "z", "pot", 10, 1, group="k"),
    )
    result = awards.solve(Awards({"pot": 1500}, claims, group_least={"g": 900, "h": 900, "k": 5}), Stop(600))
    assert (
        result.status == "infeasible"
        and "“g”" in result.reasons[0][0]
        and "“h”" in result.reasons[0][0]
        and "“k”" not in result.reasons[0][0]
    )


def test_the_checker_rejects_what_breaks_a_rule():
    problem = random_claims(1)
    everything = Awarded({claim.name: claim.amount for claim in problem.claims}, {})
    assert len(check_awards(problem, everything)[1]) >= 2


def test_it_reads_json():
    data = {"pots": {"p": 100}, "claims": [{"name": "a", "applicant": "x", "pot": "p", "amount": 50, "score": 1.5}]}
    assert read_awards(json.dumps(data)).claims[0].amount == 50


@pytest.mark.parametrize(
    "change",
    [
        {"pots": {"p": -1}},
        {"pots": {"p": 1.5}},
        {"pots": {}},
        {"claims": []},
        {"claims": [{"name": "a", "applicant": "x", "pot": "p", "amount": 50}]},
        {"claims": [{"name": "a", "applicant": "x", "pot": "p", "amount": -50, "score": 1}]},
        {"claims": [{"name": "a", "applicant": "x", "pot": "p", "amount": 50, "score": 1}] * 2},
        {"exclusions": [["a", "nobody"]]},
        {"fairness": "whim"},
        {"surprise": 1},
    ],
)
def test_contradictions_in_json_are_refused(change):
    data = {
        "pots": {"p": 100},
        "claims": [{"name": "a", "applicant": "x", "pot": "p", "amount": 50, "score": 1}],
    } | change
    with pytest.raises(UnusableProblem):
        read_awards(json.dumps(data))


@pytest.mark.parametrize("text", ['{"pots": {"p": 1},\n "claims": [', '{"pots": {"p": NaN}}', "[]", "[" * 100_000])
def test_broken_json_is_refused(text):
    with pytest.raises(UnusableProblem):
        read_awards(text)
