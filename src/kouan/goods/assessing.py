"""Assessing: the taxes of an import declaration, line by line, from the rates of one day. Pure; customs' word counts.

The dutiable value is what was paid, with freight and insurance up to the place of entry (关税法 §24), in yuan at the
rate of exchange of that day (关税法 §60). A line whose rate, exchange or terms are not known is not computed, and says
why; nothing is ever taken for zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kouan.gateway.standards.dec.goods import GoodsLine
from kouan.gateway.standards.dec.head import Head
from kouan.gateway.standards.dec.rules import number_of
from kouan.gateway.standards.dec.types import Declaration
from kouan.goods.elements import Rates
from kouan.kernel.money import round_to_fen, to_fen

YUAN = "CNY"
_TAXED, _FREE = "1", "3"
_ADDED = {"1": "", "2": "i", "3": "fi", "4": "f", "7": "fi"}
"""What each price term leaves out of the value at the place of entry: freight, insurance, both."""
RATES_OF_COMPLETION = date(2024, 12, 1)
"""From this day the law at hand says whose day's rates count."""


class WhyNot(StrEnum):
    """Why the taxes of a line are not computed."""

    NO_RATE = "no_rate"
    NO_EXCHANGE = "no_exchange"
    NO_VALUE = "no_value"
    TERMS = "terms"
    EXEMPT = "exempt"
    OTHER_MODE = "other_mode"


@dataclass(frozen=True, slots=True)
class AssessedLine:
    """The taxes of one line in fen, with base and rates; or why there are none."""

    line_no: int
    hs_code: str
    name: str
    why_not: WhyNot | None = None
    base_fen: int = 0
    rates: Rates | None = None
    duty_fen: int = 0
    consumption_fen: int = 0
    vat_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.duty_fen + self.consumption_fen + self.vat_fen


@dataclass(frozen=True, slots=True)
class Assessment:
    """The taxes of a declaration by the rates of a day. exchange: yuan for one unit of each currency that was used."""

    on_date: date
    lines: list[AssessedLine] = field(default_factory=list)
    exchange: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def computed(self) -> list[AssessedLine]:
        """The lines that could be computed."""
        return [line for line in self.lines if line.why_not is None]

    @property
    def is_whole(self) -> bool:
        """Whether every line that is taxed could be computed."""
        return all(line.why_not in (None, WhyNot.EXEMPT) for line in self.lines)

    @property
    def duty_fen(self) -> int:
        return sum(line.duty_fen for line in self.lines)

    @property
    def consumption_fen(self) -> int:
        return sum(line.consumption_fen for line in self.lines)

    @property
    def vat_fen(self) -> int:
        return sum(line.vat_fen for line in self.lines)

    @property
    def total_fen(self) -> int:
        return sum(line.total_fen for line in self.lines)


def assess(
    said: Declaration, *, on_date: date, rates: Mapping[str, Rates], exchange: Mapping[str, Decimal]
) -> Assessment:
    """Compute the taxes of an import. rates: by HS code. exchange: yuan for one unit of each currency."""
    known = {**exchange, YUAN: Decimal(1)}
    values = [_in_yuan(number_of(line.total_price), line.currency, known) for line in said.lines]
    whole = sum((value for value in values if value is not None), Decimal(0))
    added = _added(said.head, whole, known)
    lines = [
        _assess_line(place, line, value, added, whole, rates.get(line.hs_code or ""))
        for place, (line, value) in enumerate(zip(said.lines, values, strict=True), 1)
    ]
    used = {line.currency for line in said.lines} | {said.head.freight_currency, said.head.insurance_currency}
    return Assessment(on_date, lines, {code: rate for code, rate in exchange.items() if code in used})


def currencies_of(said: Declaration) -> set[str]:
    """Name the currencies whose exchange is needed."""
    head = said.head
    named = {line.currency for line in said.lines}
    named |= {head.freight_currency, head.insurance_currency, head.other_fee_currency}
    return {code for code in named if code and code != YUAN}


def _assess_line(
    place: int, line: GoodsLine, value: Decimal | None, added: Decimal | WhyNot, whole: Decimal, rates: Rates | None
) -> AssessedLine:
    about = (place, line.hs_code or "", line.goods_name or "")
    if line.duty_mode == _FREE:
        return AssessedLine(*about, WhyNot.EXEMPT)
    if line.duty_mode not in (_TAXED, None, ""):
        return AssessedLine(*about, WhyNot.OTHER_MODE)
    if number_of(line.total_price) is None:
        return AssessedLine(*about, WhyNot.NO_VALUE)
    if value is None:
        return AssessedLine(*about, WhyNot.NO_EXCHANGE)
    if isinstance(added, WhyNot):
        return AssessedLine(*about, added)
    if rates is None:
        return AssessedLine(*about, WhyNot.NO_RATE)
    base = round_to_fen(value + (added * value / whole if whole else Decimal(0)))
    taxes = rates.taxes_on(base)
    return AssessedLine(
        *about, None, to_fen(base), rates, to_fen(taxes["duty"]), to_fen(taxes["consumption"]), to_fen(taxes["vat"])
    )


def _added(head: Head, whole: Decimal, known: Mapping[str, Decimal]) -> Decimal | WhyNot:
    """Give what belongs to the dutiable value besides the prices, in yuan."""
    parts = _ADDED.get(head.price_terms or "")
    if parts is None:
        return WhyNot.TERMS
    freight = _fee(head.freight_mark, head.freight_rate, head.freight_currency, whole, head, known)
    if "f" not in parts:
        freight = Decimal(0)
    if isinstance(freight, WhyNot):
        return freight
    insurance = _fee(head.insurance_mark, head.insurance_rate, head.insurance_currency, whole + freight, head, known)
    if "i" not in parts:
        insurance = Decimal(0)
    other = _fee(head.other_fee_mark, head.other_fee_rate, head.other_fee_currency, whole, head, known)
    if isinstance(insurance, WhyNot):
        return insurance
    return other if isinstance(other, WhyNot) else freight + insurance + other


def _fee(
    mark: str | None, rate: str | None, currency: str | None, value: Decimal, head: Head, known: Mapping[str, Decimal]
) -> Decimal | WhyNot:
    """Give a fee in yuan: 1 a rate in per cent of a value, 2 a price for a ton, 3 an amount."""
    number = number_of(rate)
    if not mark or number is None:
        return Decimal(0)
    if mark == "1":
        return value * number / 100
    if mark == "2":
        weight = number_of(head.gross_weight_kg)
        if weight is None:
            return WhyNot.NO_VALUE
        number = number * weight / 1000
    amount = _in_yuan(number, currency, known)
    return WhyNot.NO_EXCHANGE if amount is None else amount


def _in_yuan(amount: Decimal | None, currency: str | None, known: Mapping[str, Decimal]) -> Decimal | None:
    rate = known.get(currency or "")
    return None if amount is None or rate is None else amount * rate
