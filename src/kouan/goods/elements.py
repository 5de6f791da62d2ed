"""Declaration elements and tariff of HS codes, from the dated tables that the office imported; never guessed.

Table ``hs_elements``: code is the HS code, note the elements in their order with ``;`` between. Table ``tariff``: code
is the HS code, note the rates in per cent as ``duty=8;vat=13;consumption=0``. Where a table is not loaded, or has no
row of the day, the field is free and the page says so; no duty is computed without its rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from kouan.kernel.money import round_to_fen
from kouan.reference import selectors as reference
from kouan.reference.selectors import Noted

ELEMENTS, TARIFF = "hs_elements", "tariff"
_RATES = ("duty", "consumption", "vat")


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of one HS code on a day, in per cent; ad valorem only. since, source: of the row of the table."""

    duty: Decimal
    consumption: Decimal
    vat: Decimal
    since: date = date.min
    source: str = ""

    def taxes_on(self, value: Decimal) -> dict[str, Decimal]:
        """Estimate the taxes on a dutiable value, in its currency, rounded to the cent.

        Import value added tax is charged on value, duty and consumption tax, and consumption tax on itself too
        (消费税暂行条例 §9, 增值税暂行条例 §14): customs' own assessment counts, this is an estimate.
        """
        duty = value * self.duty / 100
        consumption = (value + duty) / (1 - self.consumption / 100) * self.consumption / 100
        vat = (value + duty + consumption) * self.vat / 100
        taxes = {"duty": duty, "consumption": consumption, "vat": vat}
        return {name: round_to_fen(amount) for name, amount in taxes.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables say of one HS code. elements: None while no table says; rates likewise."""

    hs_code: str
    name: str = ""
    elements: tuple[str, ...] | None = None
    rates: Rates | None = None


def known_of(hs_codes: Iterable[str], on_date: date) -> list[Known]:
    """Look up HS codes, each once and in their order."""
    wanted = list(dict.fromkeys(code for code in hs_codes if code))
    elements = reference.notes_of(ELEMENTS, wanted, on_date)
    tariff = reference.notes_of(TARIFF, wanted, on_date)
    return [_known(code, elements.get(code), tariff.get(code)) for code in wanted]


def _known(code: str, elements: Noted | None, tariff: Noted | None) -> Known:
    found = elements or tariff
    listed = tuple(part.strip() for part in elements.note.split(";") if part.strip()) if elements else None
    return Known(code, found.name if found else "", listed, rates_of(tariff) if tariff else None)


def rates_of(noted: Noted) -> Rates | None:
    """Read rates as the table writes them; None where one is missing or no number between 0 and 300."""
    given = dict(part.strip().split("=", 1) for part in noted.note.split(";") if "=" in part)
    try:
        numbers = [Decimal(given[name].strip()) for name in _RATES]
    except (KeyError, InvalidOperation):
        return None
    if not all(0 <= number <= 300 for number in numbers) or numbers[1] >= 100:
        return None
    return Rates(*numbers, since=noted.since, source=noted.source)


def missing_elements(specification: str, elements: Sequence[str]) -> list[str]:
    """Name the elements for which a specification, parted by ``|``, has nothing."""
    parts = specification.split("|") if specification else []
    return [name for place, name in enumerate(elements) if place >= len(parts) or not parts[place].strip()]
