"""Reads safeguards.yaml: what norms of protection ask for, and what in Kouan or whose duty answers it. No database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "safeguards.yaml"
_KEYS = {"area", "area_en", "zh", "en", "answer", "screens", "code", "tests", "duty_zh", "duty_en"}


class SafeguardsMalformed(ValueError):
    """The file does not say what it must."""


class Answer(StrEnum):
    """Who answers a demand."""

    PRODUCT = "product"
    SHARED = "shared"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Safeguard:
    """One demand in our words, and its evidence: screens by name, packages or modules, tests as ``path::name``.

    ``duty_zh`` and ``duty_en`` say what is left to whoever runs Kouan; empty where nothing is.
    """

    norm: str
    norm_zh: str
    norm_en: str
    area: str
    area_en: str
    zh: str
    en: str
    answer: Answer
    screens: tuple[str, ...]
    code: tuple[str, ...]
    tests: tuple[str, ...]
    duty_zh: str
    duty_en: str


@lru_cache(maxsize=1)
def all_safeguards() -> tuple[Safeguard, ...]:
    """Every demand, in the order of the norms; raises SafeguardsMalformed."""
    described = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(_read(norm, item) for norm in described["norms"] for item in norm["demands"])


def _read(norm: dict[str, Any], item: Any) -> Safeguard:
    if not isinstance(item, dict) or not {"area", "area_en", "zh", "en", "answer"} <= item.keys() <= _KEYS:
        raise SafeguardsMalformed(f"{norm['key']}: {item} needs area, area_en, zh, en, answer and nothing unknown")
    one = Safeguard(
        norm=norm["key"], norm_zh=norm["zh"], norm_en=norm["en"], area=str(item["area"]),
        area_en=str(item["area_en"]), zh=item["zh"], en=item["en"],
        answer=Answer(item["answer"]), screens=tuple(item.get("screens", ())), code=tuple(item.get("code", ())),
        tests=tuple(item.get("tests", ())), duty_zh=item.get("duty_zh", ""), duty_en=item.get("duty_en", ""),
    )  # fmt: skip
    has_evidence = bool(one.screens or one.code or one.tests)
    if has_evidence is (one.answer is Answer.OPERATOR):
        raise SafeguardsMalformed(f"{one.norm} {one.area}: the product's answer has evidence, the operator's has none")
    if bool(one.duty_zh and one.duty_en) is (one.answer is Answer.PRODUCT):
        raise SafeguardsMalformed(f"{one.norm} {one.area}: a duty of the operator is said in both languages")
    return one
