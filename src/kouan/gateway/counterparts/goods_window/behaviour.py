"""How the played window answers a declaration: which channels, in which order, after how long. Pure.

``saved`` and every ending begin with the import response 0; the channels from 7 on stand for what the declarant does on
the national page and customs after it.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from typing import Any

from kouan.gateway.standards.dec.channels import meaning_of

IMPORTED, NOT_IMPORTED = "response 0", "response 1"
"""The import response, where the others are channels."""
ENDINGS: dict[str, tuple[str, ...]] = {
    "saved": (IMPORTED,),
    "release": (IMPORTED, "7", "L", "G", "F", "R"),
    "tax": (IMPORTED, "7", "L", "G", "T", "F", "R"),
    "tax_open": (IMPORTED, "7", "L", "G", "T"),
    "guarantee": (IMPORTED, "7", "L", "G", "B", "F"),
    "inspect": (IMPORTED, "7", "L", "C", "S", "G", "F"),
    "inspect_open": (IMPORTED, "7", "L", "C"),
    "return": (IMPORTED, "7", "L", "Z"),
    "again": (IMPORTED, "7", "L", "G", "M"),
    "not_accepted": (IMPORTED, "7", "E"),
    "by_hand": (IMPORTED, "7", "L", "H"),
    "file": (IMPORTED, "N"),
    "declaring_failed": (IMPORTED, "Y"),
    "no_right": (IMPORTED, "8"),
    "centre": (IMPORTED, "9"),
    "uploaded": (IMPORTED, "2", "3"),
    "upload_failed": (IMPORTED, "2", "4"),
    "declaring": (IMPORTED, "6"),
    "deleted": (IMPORTED, "7", "L", "D"),
    "notice": (IMPORTED, "7", "L", "W", "I", "a"),
    "refused": (NOT_IMPORTED,),
    "silence": (),
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the window behaves. endings: weights; seconds: between answers; twice, late: how often an answer comes twice
    or behind its successor.
    """

    seconds: float = 3.0
    endings: dict[str, float] = field(default_factory=lambda: {"saved": 1.0})
    twice: float = 0.0
    late: float = 0.0
    seed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form."""
        return asdict(self)


def plan(behaviour: Behaviour, draw: random.Random) -> list[tuple[str, float]]:
    """Choose the answers to one declaration, each with its delay in seconds."""
    names = list(behaviour.endings)
    [ending] = draw.choices(names, [behaviour.endings[name] for name in names])
    planned = [(code, behaviour.seconds * place) for place, code in enumerate(ENDINGS[ending], 1)]
    for place in range(2, len(planned)):
        if draw.random() < behaviour.late:
            code, _delay = planned[place - 1]
            planned[place - 1] = (code, planned[place][1] + behaviour.seconds / 2)
    planned += [(code, delay + behaviour.seconds) for code, delay in planned if draw.random() < behaviour.twice]
    return planned


_NOTES = {"Z": "第 1 项商品编号与品名不符，请修改（演示）", "E": "随附单证不全，不予受理（演示）",
          "T": "应缴税款已核定（演示）",
          "N": "第 1 份随附单据无法打开，请重传（演示）", "4": "报文解析失败（演示）"}  # fmt: skip


def note_of(code: str) -> str:
    """Give the note with which a channel is answered, marked as a demonstration."""
    return _NOTES.get(code) or f"{meaning_of(code)[0]}（演示）"
