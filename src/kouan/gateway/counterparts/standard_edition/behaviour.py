"""How the played national side answers: which states, in which order, after how long, and how badly. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

INFO = {
    "1": "[Code:2;Desc:暂存成功（演示）]",
    "2": "[Code:2;Desc:申报中（演示）]",
    "3": "[Code:3;Desc:发送海关成功（演示）]",
    "4": "[Code:4;Desc:发送海关失败（演示）]",
    "100": "[Code:1300;Desc:人工退单（演示）]",
    "120": "[Code:1800;Desc:逻辑校验通过（演示）]",
    "300": "[Code:1200;Desc:待人工审核（演示）]",
    "399": "[Code:2300;Desc:审核通过（演示）]",
    "500": "[Code:2400;Desc:布控查验（演示）]",
    "501": "[Code:2501;Desc:扣留移送通关（演示）]",
    "502": "[Code:2502;Desc:扣留移送缉私（演示）]",
    "503": "[Code:2503;Desc:扣留移送法规（演示）]",
    "599": "[Code:2599;Desc:其他扣留（演示）]",
    "505": "[Code:2505;Desc:移交（演示）]",
    "600": "[Code:2550;Desc:挂起（演示）]",
    "700": "[Code:2700;Desc:退运（演示）]",
    "800": "[Code:2600;Desc:放行（演示）]",
    "899": "[Code:2800;Desc:结关（演示）]",
}
"""What stands in ``returnInfo``; the form follows texts seen in practice, the words are ours."""

_TO_STORE = ("2", "3", "120")
CLOSED, RELEASED, CONCLUDED = "899", "800", "399"
LIST_ENDINGS: dict[str, tuple[str, ...]] = {
    "release": ("399", "800", "899"),
    "manual": ("300", "399", "800"),
    "inspect": ("500",),
    "hold": ("600",),
    "return": ("100",),
    "detain": ("501",),
    "send_back": ("700",),
    "wait": (),
}
"""How a list may go on after it is stored (120); an export list is closed (899) once its goods left the country."""
APPLICATION_ENDINGS: dict[str, tuple[str, ...]] = {
    "grant": ("399",),
    "return": ("100",),
    "fail": ("4",),
    "wait": (),
}
"""How a document that is examined may go on: a cancellation, a return, an arrival, a departure, a summary."""
RETURN_ENDINGS: dict[str, tuple[str, ...]] = APPLICATION_ENDINGS | {
    "grant": ("800",),
    "review": ("300", "800"),
    "inspect": ("500",),
    "hand_over": ("505",),
    "hold": ("600",),
}
"""How the return of exported goods (213) may go on."""


MODES = ("normal", "silent", "down")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the played side does; every share is a probability from 0 to 1.

    mode: ``normal``; ``silent`` stores and never answers; ``down`` takes nothing. seconds: between two answers of one
    node. endings: weights of the ways a list may go. applications: of those of a document that is examined, of which
    one that its kind does not know counts as ``grant``. late, twice: shares of answers that arrive ten times as late as
    they were given, or arrive a second time. shuffled: the share of nodes whose answers arrive out of order. seed makes
    a run repeatable.
    """

    mode: str = "normal"
    seconds: float = 2.0
    endings: dict[str, float] = field(
        default_factory=lambda: {"release": 0.82, "manual": 0.08, "inspect": 0.05, "return": 0.03, "hold": 0.02}
    )
    late: float = 0.0
    twice: float = 0.0
    shuffled: float = 0.0
    seed: int = 0
    applications: dict[str, float] = field(default_factory=lambda: {"grant": 1.0})

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Planned:
    """One answer that will be given: the state, when it is decided and when it arrives, in seconds from now."""

    status: str
    decided_seconds: float
    arrives_seconds: float


def plan(behaviour: Behaviour, kind: str, draw: random.Random) -> list[Planned]:
    """Plan the answers to one node of a kind, in the order in which they arrive."""
    if behaviour.mode != "normal":
        return []
    planned = []
    for place, status in enumerate(_states(behaviour, kind, draw), start=1):
        decided = behaviour.seconds * place
        planned.append(Planned(status, decided, decided * (10 if draw.random() < behaviour.late else 1)))
    if len(planned) > 1 and draw.random() < behaviour.shuffled:
        arrivals = [one.arrives_seconds for one in planned]
        draw.shuffle(arrivals)
        planned = [
            replace(one, arrives_seconds=max(arrives, one.decided_seconds))
            for one, arrives in zip(planned, arrivals, strict=True)
        ]
    repeated = [replace(one, arrives_seconds=one.arrives_seconds + 1.0) for one in planned]
    planned += [one for one in repeated if draw.random() < behaviour.twice]
    return sorted(planned, key=lambda one: one.arrives_seconds)


_NOT_ENTERED = frozenset({"505", "507", "509", "605", "701", "215"})
"""Export documents that are concluded (399) without being entered (120); handbook 202205, states of the receipts."""


def _states(behaviour: Behaviour, kind: str, draw: random.Random) -> Iterator[str]:
    yield from _TO_STORE[:-1] if kind in _NOT_ENTERED else _TO_STORE
    if kind in ("621", "603"):
        ending = LIST_ENDINGS[_drawn(behaviour.endings, draw)]
        yield from ending if kind == "621" else (status for status in ending if status != CLOSED)
    elif kind in ("623", "625", "711", "213") or kind in _NOT_ENTERED:
        ways = RETURN_ENDINGS if kind == "213" else APPLICATION_ENDINGS
        yield from ways.get(_drawn(behaviour.applications, draw), ways["grant"])


def _drawn(weights: dict[str, float], draw: random.Random) -> str:
    names = list(weights)
    return names[0] if len(names) == 1 else draw.choices(names, [weights[name] for name in names])[0]
