"""The one shape of everything that is wrong, and of everything that is lost, on every door."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and how to mend it; in Chinese and English.

    code: the standard's own error code where it has one, else one of Kouan's range.
    pointer: path to the field in the words of the message (``/CEB621Message/Inventory[1]/InventoryHead/buyerName``).
    severity: an error refuses the node or message; a warning only tells.
    zh, en: a plain sentence. fix_zh, fix_en: the way to mend it.
    """

    code: str
    pointer: str
    severity: Severity
    zh: str
    en: str
    fix_zh: str = ""
    fix_en: str = ""

    @property
    def is_error(self) -> bool:
        """True if it refuses what it points at."""
        return self.severity == "error"

    def to_dict(self) -> dict[str, str]:
        """Give the plain form for JSON."""
        return asdict(self)


def has_error(problems: list[Problem] | tuple[Problem, ...]) -> bool:
    """True if one of the problems refuses what it points at."""
    return any(problem.severity == "error" for problem in problems)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that the target cannot carry: where it stood, what it was, and why it is not there any more."""

    pointer: str
    value: str
    zh: str
    en: str

    def to_dict(self) -> dict[str, str]:
        """Give the plain form for JSON."""
        return asdict(self)
