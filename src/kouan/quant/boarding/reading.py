"""Read boarding problems: the JSON files of the HHCRSP benchmark.

Form: ``patients`` (id, time_window, required_caregivers of service and duration, and for two
of them a synchronization: simultaneous, or sequential with a least and a largest distance between the starts),
``services`` (id, default_duration), ``caregivers`` (id, abilities), one of ``central_offices`` where all begin and
end, and ``distances``, first row and column the office. Tardiness is soft; a service never starts before its window.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from kouan.quant.boarding.problem import BadBoardingProblem, BoardingProblem, Task, Team, Visit

UNIT = 1000
MOST_VISITS = 20_000


def read_hhcrsp(text: str, name: str = "") -> BoardingProblem:
    """Read an HHCRSP file. Raises BadBoardingProblem with the line or the path, and the reason."""
    data = _Node(_load(text), "")
    offices = data.get("central_offices").items()
    if len(offices) != 1:
        data.get("central_offices").refuse("应恰有一个中心", "there should be exactly one office")
    services = {one.get("id").word(): one for one in data.get("services").items()}
    patients, rows = data.get("patients").items(), data.get("distances").items()
    if len(patients) > MOST_VISITS:
        data.get("patients").refuse(f"多于{MOST_VISITS}", f"more than {MOST_VISITS}")
    if len(rows) != len(patients) + 1:
        data.get("distances").refuse(
            f"应有{len(patients) + 1}行，实有{len(rows)}行", f"should have {len(patients) + 1} rows, has {len(rows)}"
        )
    ways = []
    for row in rows:
        cells = row.items()
        if len(cells) != len(rows):
            row.refuse(f"应有{len(rows)}个数，实有{len(cells)}个", f"should have {len(rows)} numbers, has {len(cells)}")
        ways.append(tuple(cell.number() for cell in cells))
    teams = [
        Team(one.get("id").word(), frozenset(_known(skill, services) for skill in one.get("abilities").items()))
        for one in data.get("caregivers").items()
    ]
    visits = tuple(_visit(one, place, services) for place, one in enumerate(patients, 1))
    return BoardingProblem(visits, tuple(teams), tuple(ways), UNIT, divisor=3, name=name)


def _load(text: str) -> Any:
    def refuse(word: str) -> Any:
        line = text.count("\n", 0, text.index(word)) + 1
        raise BadBoardingProblem(f"第 {line} 行附近：数值无效：{word}", f"about line {line}: not a number: {word}")

    try:
        return json.loads(text, parse_float=Decimal, parse_constant=refuse)
    except json.JSONDecodeError as fault:
        zh, en = f"第{fault.lineno}行：不是有效的 JSON，或文件中断", f"line {fault.lineno}: not valid JSON, or cut off"
        raise BadBoardingProblem(zh, en) from None
    except BadBoardingProblem:
        raise
    except (RecursionError, ValueError):
        raise BadBoardingProblem(
            "JSON 嵌套过深或数值过长", "the JSON is nested too deeply, or a number is too long"
        ) from None


class _Node:
    """A value of the file that knows its path."""

    def __init__(self, value: Any, path: str) -> None:
        self.value, self.path = value, path

    def refuse(self, zh: str, en: str) -> Any:
        raise BadBoardingProblem(f"{self.path or '/'}：{zh}", f"{self.path or '/'}: {en}")

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def get(self, key: str) -> _Node:
        if not isinstance(self.value, dict):
            self.refuse("应为对象", "should be an object")
        if key not in self.value:
            self.refuse(f"缺少 {key}", f"{key} is missing")
        return _Node(self.value[key], f"{self.path}/{key}")

    def items(self) -> list[_Node]:
        if not isinstance(self.value, list):
            self.refuse("应为数组", "should be a list")
        return [_Node(x, f"{self.path}/{i}") for i, x in enumerate(self.value)]

    def word(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            self.refuse("应为文字", "should be text")
        return self.value

    def number(self) -> int:
        """The number in parts of the unit, not below zero."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            self.refuse("应为数值", "should be a number")
        if not 0 <= self.value <= 10**9:
            self.refuse(f"{str(self.value)[:20]} 超出 0 至 10⁹", f"{str(self.value)[:20]} is outside 0 to 10^9")
        return round(self.value * UNIT)


def _known(skill: _Node, services: dict[str, _Node]) -> str:
    word = skill.word()
    return word if word in services else skill.refuse(f"没有服务“{word}”", f"there is no service “{word}”")


def _visit(one: _Node, place: int, services: dict[str, _Node]) -> Visit:
    since, until = _pair(one.get("time_window"))
    needed = one.get("required_caregivers").items()
    if not 1 <= len(needed) <= 2:
        one.get("required_caregivers").refuse("应为一项或两项", "should be one or two")
    after, within = 0, 0
    if len(needed) == 2:
        how = one.get("synchronization")
        kind = how.get("type").word()
        if kind == "sequential":
            after, within = _pair(how.get("distance"))
        elif kind != "simultaneous":
            how.get("type").refuse(f"不认识“{kind}”", f"“{kind}” is not known")
    tasks = []
    for k, need in enumerate(needed):
        skill = _known(need.get("service"), services)
        duration = need.get("duration") if need.has("duration") else services[skill].get("default_duration")
        tasks.append(Task(skill, duration.number(), after if k else 0, within if k else 0))
    return Visit(one.get("id").word(), place, tuple(tasks), since, until)


def _pair(node: _Node) -> tuple[int, int]:
    both = node.items()
    if len(both) != 2:
        node.refuse("应为两个数", "should be two numbers")
    low, high = both[0].number(), both[1].number()
    if high < low:
        node.refuse("第二个数小于第一个", "the second number is below the first")
    return low, high
