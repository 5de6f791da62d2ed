"""Readers of generalised assignment and set packing files, and of claims in JSON.

Formats: J. E. Beasley, OR-Library, page "gapinfo" (one or several instances); X. Delorme, X. Gandibleux, J. Rodriguez,
set packing instances (``pb_…rnd….dat``): rows and items, values, then of each row its length and item numbers.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from kouan.quant.allocation.types import Assignment, Awards, Claim, Packing
from kouan.quant.reading import Numbers, UnreadableInstance, UnusableProblem

MOST = 5_000_000


def guess_format(text: str) -> str:
    """``awards``, ``assignment`` or ``packing``, told from the file."""
    if text.lstrip()[:1] in "{[":
        return "awards"
    words = text.split()
    try:
        first, second = int(words[0]), int(words[1])
    except (ValueError, IndexError):
        return "packing"
    if len(words) == 2 + 2 * first * second + first:
        return "assignment"
    if _is_packing(words, first, second):
        return "packing"
    alone = len(next(line for line in text.splitlines() if line.strip()).split()) == 1
    # Neither fits, the file is broken: a table of costs fills it, rows of a packing name few of the items.
    return "assignment" if alone or len(words) >= first * second else "packing"


def _is_packing(words: list[str], rows: int, items: int) -> bool:
    """Whether rows of stated lengths lead from the values exactly to the end."""
    place = 2 + items
    for _ in range(rows):
        if place >= len(words) or not words[place].isdigit():
            return False
        place += 1 + int(words[place])
    return place == len(words)


def read_assignment(text: str, *, number: int | None = None, maximise: bool = False) -> Assignment:
    """Read one instance; of a file that holds several, the one of this number (from 1)."""
    words = text.split(maxsplit=2)
    several = len(words) > 2 and not _is_single(text)
    numbers = Numbers(text)
    count = numbers.integer("算例个数", "the number of instances", 1, 10_000) if several else 1
    if count > 1 and number is None:
        raise UnreadableInstance(
            1, f"文件含 {count} 个算例，请用 --number 选择", f"the file holds {count} instances; choose one by --number"
        )
    if number is not None and not 1 <= number <= count:
        raise UnusableProblem(f"文件只有 {count} 个算例", f"the file holds {count} instances only")
    chosen: Assignment | None = None
    for turn in range(1, count + 1):
        agents = numbers.integer("单位数", "the number of agents", 1, 100_000)
        jobs = numbers.integer("任务数", "the number of jobs", 1, 1_000_000)
        cost = numbers.numbers(agents * jobs, "费用", "a cost").reshape(agents, jobs)
        use = numbers.numbers(agents * jobs, "占用", "a use", 0).reshape(agents, jobs)
        capacity = numbers.numbers(agents, "容量", "a capacity", 0)
        if turn == (number or 1):
            chosen = Assignment(cost, use, capacity, maximise)
    numbers.end()
    assert chosen is not None
    return chosen


def _is_single(text: str) -> bool:
    """Whether the first two numbers are agents and jobs of one instance, rather than a count of instances."""
    words = text[:400].split()[:3]
    try:
        agents, jobs = int(words[0]), int(words[1])
    except (ValueError, IndexError):
        return True
    if len(text.split()) == 2 + 2 * agents * jobs + agents:
        return True
    return len(next(line for line in text.splitlines() if line.strip()).split()) != 1


def read_packing(text: str) -> Packing:
    """Read a set packing file."""
    numbers = Numbers(text)
    rows = numbers.integer("约束数", "the number of rows", 0, MOST)
    items = numbers.integer("物品数", "the number of items", 1, MOST)
    value = numbers.numbers(items, "价值", "a value", 0)
    members = []
    for _ in range(rows):
        length = numbers.integer("约束长度", "the length of a row", 0, items)
        members.append(numbers.integers(length, "物品编号", "the number of an item", 1, items) - 1)
        if len(np.unique(members[-1])) != length:
            raise UnreadableInstance(numbers.line, "同一约束中物品重复", "an item stands twice in one row")
    numbers.end()
    return Packing(value, tuple(members))


def read_awards(text: str) -> Awards:
    """Read claims and pots from JSON; money is whole fen.

    ``{"pots": {name: fen}, "claims": [{"name", "applicant", "pot", "amount", "score", "subject"?, "group"?, "least"?}],
    "ceilings"?: {applicant: fen}, "exclusions"?: [[name, …]], "group_least"?, "group_most"?,
    "fairness"?: "score"|"spread"}``
    """
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as fault:
        raise UnreadableInstance(
            fault.lineno, f"JSON 有误：第 {fault.colno} 列", f"broken JSON at column {fault.colno}"
        ) from None
    except RecursionError:
        raise UnusableProblem("JSON 嵌套过深", "the JSON is nested too deeply") from None
    if not isinstance(data, dict):
        raise UnusableProblem("最外层应为对象", "the outermost value must be an object")
    strange = set(data) - {"pots", "claims", "ceilings", "exclusions", "group_least", "group_most", "fairness"}
    if strange:
        raise UnusableProblem(
            f"不认识的字段：{'、'.join(sorted(strange))}", f"unknown fields: {', '.join(sorted(strange))}"
        )
    claims = data.get("claims")
    if not isinstance(claims, list) or not claims:
        raise UnusableProblem("缺少申请 claims", "claims are missing")
    exclusions = data.get("exclusions", [])
    if not isinstance(exclusions, list) or not all(
        isinstance(names, list) and all(isinstance(n, str) for n in names) for names in exclusions
    ):
        raise UnusableProblem("exclusions 应为名称列表的列表", "exclusions must be a list of lists of names")
    return Awards(
        _money_table(data, "pots", required=True),
        tuple(_claim(number, claim) for number, claim in enumerate(claims, 1)),
        _money_table(data, "ceilings"),
        tuple(tuple(names) for names in exclusions),
        _money_table(data, "group_least"),
        _money_table(data, "group_most"),
        str(data.get("fairness", "score")),
    )


def _no_constant(name: str) -> float:
    raise UnusableProblem(f"JSON 中不允许 {name}", f"{name} is not allowed in the JSON")


def _money_table(data: dict[str, Any], field: str, *, required: bool = False) -> dict[str, int]:
    table = data.get(field, None if required else {})
    if not isinstance(table, dict) or not all(
        isinstance(fen, int) and not isinstance(fen, bool) for fen in table.values()
    ):
        raise UnusableProblem(f"{field} 应为“名称: 整数分”", f"{field} must map names to whole fen")
    return {str(name): fen for name, fen in table.items()}


def _claim(number: int, data: Any) -> Claim:
    where = f"第 {number} 条申请", f"claim {number}"
    if not isinstance(data, dict):
        raise UnusableProblem(f"{where[0]}不是对象", f"{where[1]} is not an object")
    for name in ("name", "applicant", "pot"):
        if not isinstance(data.get(name), str) or not data[name]:
            raise UnusableProblem(f"{where[0]}缺少 {name}", f"{where[1]} lacks {name}")
    for name in ("amount", "least"):
        if (name in data or name == "amount") and (
            not isinstance(data.get(name), int) or isinstance(data.get(name), bool)
        ):
            raise UnusableProblem(f"{where[0]}的 {name} 应为整数分", f"{name} of {where[1]} must be whole fen")
    if not isinstance(data.get("score"), int | float) or isinstance(data.get("score"), bool):
        raise UnusableProblem(f"{where[0]}缺少得分 score", f"{where[1]} lacks a score")
    strange = set(data) - {"name", "applicant", "pot", "amount", "score", "subject", "group", "least"}
    if strange:
        raise UnusableProblem(
            f"{where[0]}有不认识的字段：{'、'.join(sorted(strange))}",
            f"{where[1]} has unknown fields: {', '.join(sorted(strange))}",
        )
    return Claim(
        data["name"],
        data["applicant"],
        data["pot"],
        data["amount"],
        float(data["score"]),
        str(data.get("subject", "")),
        str(data.get("group", "")),
        data.get("least"),
    )
