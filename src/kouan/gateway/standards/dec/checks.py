"""What is wrong with a goods declaration: the form of every value in its edition, and what values mean together.

The standard publishes no error codes; every problem speaks with one of ours (see ``codes``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Protocol

from kouan.kernel import dates
from kouan.records.problems import Problem

from .codes import problem
from .fields import Edition, Field, Nested, fields_of, parts_of, read_all
from .rules import RULES
from .types import BLOCKS, ROOT, Declaration

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class Codes(Protocol):
    """The code tables of a day, in the alphabetic generation."""

    def has(self, table: str, code: str) -> bool | None:
        """Say whether a code stands; None where the table cannot be relied on to be whole."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a declaration is judged by. codes: None judges no codes."""

    on_date: date
    codes: Codes | None = None


def check(declaration: Declaration, context: Context) -> None:
    """Check form and meaning; what is found joins the problems of the declaration."""
    declaration.problems += check_form(declaration, declaration.edition)
    for rule in RULES:
        declaration.problems += rule(declaration)
    if context.codes is not None:
        declaration.problems += check_codes(declaration, context.codes)


def check_form(declaration: Declaration, edition: Edition, *, strict: bool = False) -> list[Problem]:
    """Check counts, needs, lengths, numbers and dates. strict: by the edition alone, as a sender has to."""
    return list(_Form(declaration, edition, strict).all())


@dataclass(slots=True)
class _Form:
    declaration: Declaration
    edition: Edition
    strict: bool

    def all(self) -> Iterator[Problem]:
        for block in BLOCKS:
            value = getattr(self.declaration, block.name)
            together = value if block.is_list else [] if value is None else [value]
            wrapper = f"/{block.wrapper}" if block.wrapper else ""
            if len(together) > block.most:
                yield problem(
                    "-960011", f"/{ROOT}{wrapper}", element=block.element, count=len(together), most=block.most
                )
            if block.name == "lines" and not together and not self._has_missing("DecLists"):
                yield problem("-960010", f"/{ROOT}{wrapper}/{block.element}", element=block.element)
            together = together[: block.most]
            if len(together) >= _MANY and _pass_at_a_glance(together, self.edition, self.strict):
                continue
            for place, one in enumerate(together, 1):
                pointer = f"/{ROOT}{wrapper}/{block.element}" + (f"[{place}]" if block.is_list else "")
                yield from self.block(one, pointer)

    def _has_missing(self, element: str) -> bool:
        return any(one.code == "-960010" and element in one.pointer for one in self.declaration.problems)

    def block(self, record: Any, pointer: str) -> Iterator[Problem]:
        plan = _plan_of(type(record), self.edition, self.strict)
        for value, (most, fits, is_wanted, part) in zip(plan.read(record), plan.tests, strict=True):
            if not value:
                if not is_wanted:
                    continue
            elif len(value) <= most or (fits is not None and fits(value)):
                continue
            if isinstance(part, Nested):
                wrapper = f"/{part.wrapper}" if part.wrapper else ""
                for place, one in enumerate(value, 1):
                    yield from self.block(one, f"{pointer}{wrapper}/{part.element}[{place}]")
            elif found := self._fault(part, value, f"{pointer}/{part.element}"):
                yield found

    def _fault(self, field: Field, value: str | None, pointer: str) -> Problem | None:
        words = {"label": field.label, "element": field.element}
        if not value:
            if field.needed_to_save:
                return problem("-960020", pointer, **words)
            if field.needed_to_declare:
                return problem("-960021" if self.declaration.only_saves else "-960020", pointer, **words)
            return None
        if field.is_obsolete:
            return None
        if field.form(self.edition).kind == "none":
            return problem("-960028", pointer, edition=self.edition, **words)
        if field.is_number:
            return self._number_fault(field, value, pointer, words)
        return self._text_fault(field, value, pointer, words)

    def _number_fault(self, field: Field, value: str, pointer: str, words: dict[str, str]) -> Problem | None:
        form = field.form(self.edition) if self.strict else field.loosest
        if len(value) > 64 or not _NUMBER.fullmatch(value):
            return problem("-960024", pointer, value=shown(value), **words)
        whole, _, decimals = value.lstrip("-").partition(".")
        decimals = decimals.rstrip("0")
        if len(decimals) > form.decimals or len(whole.lstrip("0")) + len(decimals) > form.digits:
            return problem("-960025", pointer, value=shown(value), form=form.text, **words)
        return None

    def _text_fault(self, field: Field, value: str, pointer: str, words: dict[str, str]) -> Problem | None:
        loosest, own = field.loosest, field.form(self.edition)
        limit = own.longest if self.strict else loosest.longest
        if limit and len(value) > limit:
            return problem("-960022", pointer, count=len(value), most=limit, **words)
        if field.values and value not in field.values:
            return problem("-960026", pointer, value=shown(value), allowed="、".join(field.values), **words)
        if field.shape == "date" and not _is_date(value):
            return problem("-960027", pointer, value=shown(value), **words)
        if own.longest and len(value) > own.longest:
            return problem("-960023", pointer, count=len(value), most=own.longest, edition=self.edition, **words)
        return None


_Test = tuple[int, Callable[[str], Any] | None, bool, Field | Nested]
"""What lets a value pass without a closer look: no longer than this, or this says yes; whether it may not be absent."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the values of one type of block are gone through: read all at once, most of them passed at a glance."""

    read: Callable[[Any], tuple[Any, ...]]
    tests: tuple[_Test, ...]


_MANY = 4
"""From so many blocks on it is quicker to look at columns than at blocks."""


def _pass_at_a_glance(records: Sequence[Any], edition: Edition, strict: bool) -> bool:
    """Say whether nothing in these blocks needs a closer look; what a column repeats is looked at once."""
    plan = _plan_of(type(records[0]), edition, strict)
    columns = zip(*map(plan.read, records), strict=True)
    for values, (most, fits, is_wanted, part) in zip(columns, plan.tests, strict=True):
        if isinstance(part, Nested):
            if any(values):
                return False
            continue
        filled = {value for value in set(values) if value}
        if is_wanted and not all(values):
            return False
        if filled and max(map(len, filled)) > most and (fits is None or not all(map(fits, filled))):
            return False
    return True


@cache
def _plan_of(block: type, edition: Edition, strict: bool) -> _Plan:
    return _Plan(read_all(block), tuple(_test_of(part, edition, strict) for part in parts_of(block)))


def _test_of(part: Field | Nested, edition: Edition, strict: bool) -> _Test:
    if isinstance(part, Nested):
        return -1, None, False, part
    is_wanted = part.needed_to_save or part.needed_to_declare
    own, loosest = part.form(edition), part.loosest
    if part.is_obsolete:
        return sys.maxsize, None, is_wanted, part
    if own.kind == "none":
        return -1, None, is_wanted, part
    if part.is_number:
        form = own if strict else loosest
        decimals = rf"(?:\.[0-9]{{1,{form.decimals}}})?" if form.decimals else ""
        whole = form.digits - form.decimals
        return -1, re.compile(rf"-?[0-9]{{1,{whole}}}{decimals}").fullmatch if whole else None, is_wanted, part
    limits = [form.longest for form in (own, own if strict else loosest) if form.longest]
    most = min(limits, default=sys.maxsize)
    if part.values:
        known = frozenset(one for one in part.values if len(one) <= most)
        return -1, known.__contains__ if not part.shape else None, is_wanted, part
    if part.shape == "date":
        return -1, (lambda value: len(value) <= most and _is_date(value)), is_wanted, part
    return most, None, is_wanted, part


@lru_cache(maxsize=4096)
def _is_date(value: str) -> bool:
    try:
        dates.parse_date(value)
    except ValueError:
        return False
    return True


def shown(value: str) -> str:
    """Shorten a value for a sentence."""
    return value if len(value) <= 40 else value[:37] + "…"


# Codes ---------------------------------------------------------------------------------------------------------------

HEAD_CODES: dict[str, tuple[str, str]] = {
    "customs_code": ("customs_district", "关区"), "port_code": ("customs_district", "关区"),
    "trade_mode": ("trade_mode", "监管方式"), "transport_mode": ("transport_mode", "运输方式"),
    "trade_country": ("country", "国别（地区）"), "trading_country": ("country", "国别（地区）"),
    "levy_nature": ("cit_cut_mode", "征免性质"), "price_terms": ("cit_trans_mode", "成交方式"),
    "package_type": ("wrap_type", "包装种类"), "freight_currency": ("currency", "币制"),
    "insurance_currency": ("currency", "币制"), "other_fee_currency": ("currency", "币制"),
    "port_of_call": ("port", "港口"), "departure_port": ("port", "港口"), "entry_port": ("domestic_port", "国内口岸"),
}  # fmt: skip
LINE_CODES: dict[str, tuple[str, str]] = {
    "origin_country": ("country", "国别（地区）"), "destination_country": ("country", "国别（地区）"),
    "currency": ("currency", "币制"), "unit": ("unit", "计量单位"), "legal_unit": ("unit", "计量单位"),
    "second_unit": ("unit", "计量单位"), "duty_mode": ("cit_duty_mode", "征免方式"),
    "district_code": ("domestic_district", "国内地区"),
}  # fmt: skip
"""Which code table the value of a field stands in, and what it is called."""


def check_codes(declaration: Declaration, codes: Codes) -> list[Problem]:
    """Check every coded value against the tables of the day; a table that may not be whole refuses nothing."""
    found = list(_codes_of(declaration.head, HEAD_CODES, f"/{ROOT}/DecHead", codes))
    if _lines_stand(declaration.lines, codes):
        return found
    for place, line in enumerate(declaration.lines, 1):
        found += _codes_of(line, LINE_CODES, f"/{ROOT}/DecLists/DecList[{place}]", codes)
    return found


_read_line_codes = attrgetter(*LINE_CODES)


def _lines_stand(lines: Sequence[Any], codes: Codes) -> bool:
    """Say whether no coded value of the lines is refused; what they repeat is asked once."""
    columns = zip(*map(_read_line_codes, lines), strict=True)
    return not any(
        value and codes.has(table, value) is False
        for values, (table, _label) in zip(columns, LINE_CODES.values(), strict=False)
        for value in set(values)
    )


def _codes_of(record: Any, tables: dict[str, tuple[str, str]], pointer: str, codes: Codes) -> Iterator[Problem]:
    for name, (table, label) in tables.items():
        value = getattr(record, name)
        if value and codes.has(table, value) is False:
            element = next(one.element for one in fields_of(type(record)) if one.name == name)
            yield problem("-960048", f"{pointer}/{element}", table=label, value=shown(value))
