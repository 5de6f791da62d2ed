"""The type of a document 单据类型 ``Type``: a prefix of two signs, and behind it the step of a two-step declaration.

Edition 4.8: signs one and two are the prefix, blank for an ordinary declaration; sign three is 0 or blank for one
declaration at once, 5 for the outline (概要申报) and 6 for the complete declaration (完整申报) that follows it.
Edition 3.1 has the prefix alone. Source: the public field list of edition 4.8. Pure.
"""

from __future__ import annotations

from typing import Literal

Step = Literal["", "outline", "complete"]
_MARKS: dict[str, Step] = {"": "", " ": "", "0": "", "5": "outline", "6": "complete"}
_MARK_OF: dict[str, str] = {"outline": "5", "complete": "6"}
SUMMED_UP = frozenset({"CL", "EC"})
"""Prefixes under which the taxes of a month are paid together 汇总征税."""
WITH_LIST = frozenset({"L", "D"})
"""Entry types of declarations that go along with a list 报关单清单."""


def parts_of(document_type: str | None) -> tuple[str, str]:
    """Take a type apart: the prefix, and the sign of the step. A single sign without its blanks is the step's."""
    text = (document_type or "").rstrip()
    if len(text.lstrip()) == 1:
        return "", text.lstrip()
    return text[:2].strip(), text[2:3]


def prefix_of(document_type: str | None) -> str:
    """Give the prefix; empty for an ordinary declaration."""
    return parts_of(document_type)[0]


def step_of(document_type: str | None) -> Step | None:
    """Give the step of a two-step declaration, empty for one declared at once; None for a sign without a meaning."""
    return _MARKS.get(parts_of(document_type)[1])


def compose_type(prefix: str, step: str) -> str:
    """Write a type of prefix and step."""
    mark = _MARK_OF.get(step, "")
    return f"{prefix:<2}{mark}" if mark else prefix
