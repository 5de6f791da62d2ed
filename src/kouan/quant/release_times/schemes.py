"""What a study says beside its log: what each stamp means and when agencies are open, and the path expected of cases.

A scheme is YAML or JSON:

    agencies:
      海关: {hours: {mon-fri: "08:30-12:00 14:00-17:30"}}
    stamps:
      申报: {agency: 海关, state: await_agency}
      审单: {agency: 海关, state: work}

A path is text, steps in order between ``->``, steps in any order joined by ``&``; ``?`` after a step lets it be
missing, ``+`` lets it come again: ``申报 -> 审单+ & 查验? -> 放行``. A name that holds such signs
stands in double quotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kouan.quant.opening_hours import NotHours, OpeningHours, read_hours
from kouan.quant.plain_data import parse_yaml
from kouan.quant.reading import UnusableProblem
from kouan.quant.release_times.attribution import STATES, After, Scheme
from kouan.quant.release_times.conformance import Block, Step
from kouan.quant.release_times.log import NotAsked

MOST_SCHEME_BYTES = 1_000_000
_STEP = re.compile(r'\s*(?:"([^"]+)"|([^"]*?[^"\s?+*]))\s*([?+*]{0,2})\s*')


class UnreadableScheme(NotAsked):
    """A scheme breaks its form; says where and why."""


def read_scheme(text: str, zone: str = "Asia/Shanghai") -> Scheme:
    """Read what stamps mean and when agencies are open. Raises UnreadableScheme."""
    if len(text) > MOST_SCHEME_BYTES:
        raise UnreadableScheme("方案文件过大", "the scheme is too large")
    try:
        data = parse_yaml(text)
    except UnusableProblem as error:
        raise UnreadableScheme(f"方案{error.zh}", f"the scheme: {error.en}") from None
    data = _table(data, "scheme")
    strange = sorted(set(map(str, data)) - {"agencies", "stamps"})
    if strange:
        raise UnreadableScheme(f"方案中没有这一项：{strange[0]}", f"a scheme has no '{strange[0]}'")
    hours = {
        str(name): _hours(str(name), given, zone)
        for name, given in _table(data.get("agencies") or {}, "agencies").items()
    }
    meaning = {}
    for stamp, given in _table(data.get("stamps"), "stamps").items():
        given = _table(given, f"stamps.{stamp}")
        strange = sorted(set(map(str, given)) - {"agency", "state"})
        if strange:
            raise UnreadableScheme(f"stamps.{stamp} 没有这一项：{strange[0]}", f"stamps.{stamp} has no '{strange[0]}'")
        agency, state = given.get("agency"), given.get("state")
        if not isinstance(agency, str) or state not in STATES:
            raise UnreadableScheme(
                f"stamps.{stamp} 应写明 agency（单位）与 state（{'、'.join(STATES)}）",
                f"stamps.{stamp} names an agency and a state, one of {', '.join(STATES)}",
            )
        meaning[str(stamp)] = After(agency, state)
    idle = sorted(set(hours) - {after.agency for after in meaning.values()})
    if idle:
        raise UnreadableScheme(f"单位“{idle[0]}”没有任何环节", f"the agency '{idle[0]}' has no stamp")
    return Scheme(meaning, hours)


def read_path(text: str) -> list[Block]:
    """Read an expected path. Raises NotAsked."""
    blocks: list[Block] = []
    for part in _split(text, "->"):
        steps = []
        for one in _split(part, "&"):
            match = _STEP.fullmatch(one)
            if not match:
                raise NotAsked(
                    f"“{one.strip() or text}”不是步骤，路径应写作 a -> b & c? -> d+",
                    f"'{one.strip() or text}' is no step; a path is written as a -> b & c? -> d+",
                )
            marks = match[3]
            steps.append(
                Step(
                    (match[1] or match[2]).strip(),
                    optional="?" in marks or "*" in marks,
                    repeats="+" in marks or "*" in marks,
                )
            )
        blocks.append(steps[0] if len(steps) == 1 else tuple(steps))
    return blocks


def _split(text: str, sign: str) -> list[str]:
    """Split at a sign outside double quotes."""
    parts = [""]
    for piece in re.split(f'("[^"]*"|{re.escape(sign)})', text):
        if piece == sign:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _hours(agency: str, given: Any, zone: str) -> OpeningHours:
    given = _table(given, f"agencies.{agency}")
    try:
        if set(given) != {"hours"}:
            raise NotHours("应只有 hours（开放时间）一项", "it has hours and nothing else")
        return read_hours(given["hours"], zone)
    except NotHours as error:
        raise UnreadableScheme(f"agencies.{agency}：{error.zh}", f"agencies.{agency}: {error.en}") from None


def _table(given: Any, where: str) -> Mapping[Any, Any]:
    if not isinstance(given, Mapping):
        raise UnreadableScheme(f"{where} 应为“名称: 内容”的表", f"{where} is a table of names")
    return given
