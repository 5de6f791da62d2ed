"""Share pots of money among claims without duplication, and say of each refusal why.

The plan is exact (HiGHS on whole fen). The rule ``spread`` first makes the worst-off applicant's share as large as it
can be, then pays the greatest score that keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kouan.quant import linear
from kouan.quant.allocation.types import Awarded, Awards, Claim
from kouan.quant.conflicts import smallest_conflict
from kouan.quant.solving import Result, Stop

Reason = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Columns:
    chosen: np.ndarray
    parts: np.ndarray
    share: int | None


def solve(problem: Awards, stop: Stop, seed: int = 0) -> Result[Awarded]:
    """Pay claims so that the score of what is paid is greatest; the objective is score times the share paid."""
    floor = 0.0
    if problem.fairness == "spread":
        model, columns = _model(problem, with_share=True)
        answer = linear.solve(model, stop, seed=seed)
        if answer.outcome == "infeasible":
            return Result("infeasible", None, None, None, stop.elapsed(), seed, reasons=_why_impossible(problem))
        if answer.values is None or columns.share is None or answer.outcome != "optimal":
            return Result("unknown", None, None, None, stop.elapsed(), seed)
        floor = max(0.0, float(answer.values[columns.share]) - 1e-6)
    model, columns = _model(problem, share_at_least=floor)
    answer = linear.solve(model, stop, seed=seed)
    if answer.outcome == "infeasible":
        return Result("infeasible", None, None, None, stop.elapsed(), seed, reasons=_why_impossible(problem))
    proved = None if answer.bound is None else -answer.bound
    if answer.values is None:
        return Result("unknown", None, proved, None, stop.elapsed(), seed)
    paid = _whole_fen(problem, answer.values, columns)
    objective = sum(claim.score * paid[claim.name] / claim.amount for claim in problem.claims)
    fine = max((claim.score / claim.amount for claim in problem.claims), default=0.0) * len(problem.claims)
    settled = (
        answer.outcome == "optimal" and proved is not None and proved - objective <= fine + 1e-6 * max(1.0, objective)
    )
    shares = _shares(problem, paid)
    awarded = Awarded(paid, _reasons(problem, paid, settled), min(shares.values()) if shares else None)
    bound = None if proved is None else objective if settled else max(proved, objective)
    return Result("optimal" if settled else "feasible", objective, bound, awarded, stop.elapsed(), seed)


def _model(
    problem: Awards, *, with_share: bool = False, share_at_least: float = 0.0, without_least: bool = False
) -> tuple[linear.Model, _Columns]:
    """Columns: chosen (0 or 1), the part of its amount that each claim gets, the share of the worst-off applicant."""
    claims = problem.claims
    amount = np.array([claim.amount for claim in claims], dtype=np.float64)
    model = linear.Model()
    chosen = model.add_columns(np.zeros(len(claims)), 0.0, 1.0, whole=True)
    parts = model.add_columns(
        np.zeros(len(claims)) if with_share else np.array([-claim.score for claim in claims]), 0.0, 1.0
    )
    share = int(model.add_columns(np.array([-1.0]), 0.0, 1.0)[0]) if with_share else None
    every = np.arange(len(claims))
    least = np.array([1.0 if claim.least is None else claim.least / claim.amount for claim in claims])
    model.add_rows(
        np.stack([every, every]), np.stack([parts, chosen]), np.array([[1.0], [-1.0]]), -np.inf, 0.0, len(claims)
    )
    model.add_rows(
        np.stack([every, every]),
        np.stack([parts, chosen]),
        np.stack([np.ones(len(claims)), -least]),
        0.0,
        np.inf,
        len(claims),
    )

    def money(numbers: list[int], low: float, high: float) -> None:
        scale = max(high if np.isfinite(high) else low, 1.0)
        model.add_rows(
            0,
            parts[numbers],
            amount[numbers] / scale,
            low / scale if np.isfinite(low) else low,
            high / scale if np.isfinite(high) else high,
            1,
        )

    for pot, budget in problem.pots.items():
        numbers = [k for k, claim in enumerate(claims) if claim.pot == pot]
        if numbers:
            money(numbers, -np.inf, budget)
    for applicant, numbers in _by_applicant(problem).items():
        ceiling = problem.ceilings.get(applicant, problem.ceilings.get("*"))
        if ceiling is not None:
            money(numbers, -np.inf, ceiling)
        asked = float(amount[numbers].sum())
        if share is not None:
            model.add_rows(
                0, np.append(parts[numbers], share), np.append(amount[numbers] / asked, -1.0), 0.0, np.inf, 1
            )
        elif share_at_least > 0:
            model.add_rows(0, parts[numbers], amount[numbers] / asked, share_at_least, np.inf, 1)
    for sums, is_least in ((problem.group_least, True), (problem.group_most, False)):
        for group, fen in sums.items():
            numbers = [k for k, claim in enumerate(claims) if claim.group == group]
            if is_least and without_least:
                continue
            if numbers:
                money(numbers, fen if is_least else -np.inf, np.inf if is_least else fen)
            elif is_least and fen > 0:
                model.add_rows(np.zeros(0), np.zeros(0), np.zeros(0), 1.0, np.inf, 1)
    for members in _exclusive(problem):
        model.add_rows(0, chosen[members], 1.0, -np.inf, 1.0, 1)
    return model, _Columns(chosen, parts, share)


def _by_applicant(problem: Awards) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for k, claim in enumerate(problem.claims):
        numbers.setdefault(claim.applicant, []).append(k)
    return numbers


def _exclusive(problem: Awards) -> list[list[int]]:
    """Sets of claim numbers of which one at most is paid: the same subject, and the stated exclusions."""
    place = {claim.name: k for k, claim in enumerate(problem.claims)}
    subjects: dict[str, list[int]] = {}
    for k, claim in enumerate(problem.claims):
        if claim.subject:
            subjects.setdefault(claim.subject, []).append(k)
    stated = [sorted({place[name] for name in members}) for members in problem.exclusions]
    return [members for members in (*subjects.values(), *stated) if len(members) > 1]


def _whole_fen(problem: Awards, values: np.ndarray, columns: _Columns) -> dict[str, int]:
    """Whole fen, rounded down but never below the least of a claim and never above its amount; then the fen that
    rounding lost on partial claims go back while pots, ceilings and groups allow it."""
    paid: dict[str, int] = {}
    for k, claim in enumerate(problem.claims):
        least = claim.amount if claim.least is None else claim.least
        if values[columns.chosen[k]] < 0.5 or values[columns.parts[k]] < 1e-9:
            paid[claim.name] = 0
        else:
            paid[claim.name] = max(
                least, min(claim.amount, int(np.floor(float(values[columns.parts[k]]) * claim.amount + 1e-4)))
            )
    _trim(problem, paid)
    for claim in sorted(problem.claims, key=lambda one: -one.score / one.amount):
        if 0 < paid[claim.name] < claim.amount:
            paid[claim.name] += max(0, min(claim.amount - paid[claim.name], _room(problem, paid, claim)))
    return paid


def _limits(problem: Awards, claim: Claim) -> list[tuple[int, list[str]]]:
    """The limits that a claim stands under: (most fen, names of the claims that share it)."""
    limits = [(problem.pots[claim.pot], [one.name for one in problem.claims if one.pot == claim.pot])]
    ceiling = problem.ceilings.get(claim.applicant, problem.ceilings.get("*"))
    if ceiling is not None:
        limits.append((ceiling, [one.name for one in problem.claims if one.applicant == claim.applicant]))
    if claim.group in problem.group_most:
        limits.append(
            (problem.group_most[claim.group], [one.name for one in problem.claims if one.group == claim.group])
        )
    return limits


def _room(problem: Awards, paid: dict[str, int], claim: Claim) -> int:
    return min(limit - sum(paid[name] for name in names) for limit, names in _limits(problem, claim))


def _trim(problem: Awards, paid: dict[str, int]) -> None:
    """Take back the fen by which the solver's tolerance overran a limit, from claims that may be paid in part."""
    for claim in problem.claims:
        for limit, names in _limits(problem, claim):
            over = sum(paid[name] for name in names) - limit
            for one in problem.claims:
                if over > 0 and one.name in names and paid[one.name]:
                    least = one.amount if one.least is None else one.least
                    cut = min(over, paid[one.name] - least)
                    paid[one.name] -= cut
                    over -= cut


def _shares(problem: Awards, paid: dict[str, int]) -> dict[str, float]:
    return {
        applicant: sum(paid[problem.claims[k].name] for k in numbers) / sum(problem.claims[k].amount for k in numbers)
        for applicant, numbers in _by_applicant(problem).items()
    }


def _reasons(problem: Awards, paid: dict[str, int], settled: bool) -> dict[str, tuple[Reason, ...]]:
    """For each claim that got less than it asked, the limits that stand in its way."""
    return {
        claim.name: tuple(_why_less(problem, paid, claim, settled))
        for claim in problem.claims
        if paid[claim.name] < claim.amount
    }


def _why_less(problem: Awards, paid: dict[str, int], claim: Claim, settled: bool) -> list[Reason]:
    reasons: list[Reason] = []
    for other in problem.claims:
        if other.name != claim.name and claim.subject and other.subject == claim.subject and paid[other.name]:
            reasons.append(
                (
                    f"不重复支付：同一事项“{claim.subject}”已由“{other.name}”（得分 {other.score:g}）支付",
                    f"no duplication: '{claim.subject}' is already paid under '{other.name}' (score {other.score:g})",
                )
            )
    for members in problem.exclusions:
        if claim.name in members:
            reasons += [
                (f"与已支付的“{name}”互斥", f"excluded by '{name}', which is paid")
                for name in members
                if name != claim.name and paid[name]
            ]
    if reasons and not paid[claim.name]:
        return reasons
    least = claim.amount if claim.least is None else claim.least
    missing = claim.amount - paid[claim.name] if paid[claim.name] else max(least, 1)
    labels = [(f"资金池“{claim.pot}”预算", f"the budget of pot '{claim.pot}'")]
    if problem.ceilings.get(claim.applicant, problem.ceilings.get("*")) is not None:
        labels.append((f"“{claim.applicant}”的上限", f"the ceiling of '{claim.applicant}'"))
    if claim.group in problem.group_most:
        labels.append((f"分组“{claim.group}”的上限", f"the most of group '{claim.group}'"))
    for (limit, names), (zh, en) in zip(_limits(problem, claim), labels, strict=True):
        used = sum(paid[name] for name in names)
        if limit - used < missing:
            if limit < least:
                reasons.append(
                    (f"{zh} {limit} 分，低于最低额 {least} 分", f"{en} is {limit} fen, below the least of {least} fen")
                )
                continue
            ahead = [name for name in names if paid[name] and name != claim.name]
            shown = "、".join(ahead[:3]) + (" 等" if len(ahead) > 3 else "")
            reasons.append(
                (
                    f"{zh} {limit} 分，已用 {used} 分，余额不足 {missing} 分" + (f"；占用者：{shown}" if ahead else ""),
                    f"{en} is {limit} fen, {used} are used, {missing} would be needed"
                    + (f"; used by: {', '.join(ahead[:3])}" if ahead else ""),
                )
            )
    if not reasons:
        reasons.append(
            (
                "支付本申请会使总得分降低或违反分组下限、公平规则"
                if settled
                else "时间用尽前未找到能支付本申请的更优方案",
                "paying it would lower the total score or break a group's least or the rule of fairness"
                if settled
                else "no better plan that pays it was found in time",
            )
        )
    return reasons


def _why_impossible(problem: Awards) -> tuple[Reason, ...]:
    """The groups whose least amounts cannot be met together."""

    def works(groups: list[str]) -> bool:
        part = Awards(
            problem.pots,
            problem.claims,
            problem.ceilings,
            problem.exclusions,
            {group: problem.group_least[group] for group in groups},
            problem.group_most,
        )
        return linear.solve(_model(part)[0], Stop(10)).outcome != "infeasible"

    clash = smallest_conflict(list(problem.group_least), works)
    if not clash:
        return (("约束互相矛盾", "the constraints contradict each other"),)
    listed = "、".join(f"“{group}”≥{problem.group_least[group]} 分" for group in clash)
    english = ", ".join(f"'{group}' at least {problem.group_least[group]} fen" for group in clash)
    return (
        (
            f"在预算、上限和互斥规则下，以下分组下限不能同时满足：{listed}",
            f"budgets, ceilings and exclusions do not allow these together: {english}",
        ),
    )
