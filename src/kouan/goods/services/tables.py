"""The code tables of a day, as the checks of goods declarations ask them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kouan.reference import selectors as reference
from kouan.reference.types import Codes


@dataclass(frozen=True, slots=True)
class Tables:
    """The alphabetic generation of the code tables; a table that is not loaded or not whole refuses nothing."""

    codes: Codes
    asked: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    """What was asked before: the lines of a batch repeat their units, currencies and countries."""

    def has(self, table: str, code: str) -> bool | None:
        """Say whether a code stands; None where the table cannot say."""
        key = (table, code)
        if key not in self.asked:
            self.asked[key] = self._has(table, code)
        return self.asked[key]

    def _has(self, table: str, code: str) -> bool | None:
        if not self.codes.is_loaded(table):
            return None
        if self.codes.has(table, code):
            return True
        return False if self.codes.may_refuse(table, code) else None


def tables_of(on_date: date) -> Tables:
    """Give the tables of a day."""
    return Tables(reference.load_codes(on_date))
