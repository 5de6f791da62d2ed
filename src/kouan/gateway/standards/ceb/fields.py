"""How a field of the CEB standard is written down: one line per element, and everything else follows from it.

The lines stand in ``declarations`` and ``receipts`` as defaults of dataclass fields. Reading, writing, checking, JSON
and the reference page are all derived from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from functools import cache
from operator import attrgetter
from typing import Any, Literal

Value = str | None  # exactly the characters of the element; None where it is absent, "" where it is present but empty

MANDATORY, OPTIONAL, ACCEPTED = "M", "O", "X"

# Month and day that exist in every year; 29 February is left to the slow and exact reading.
_DAY = (
    r"(?:19|20)[0-9]{2}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
)
_CLOCK = r"(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
_SHAPES = {
    "date": _DAY,
    "time": _DAY + _CLOCK,
    "stamp": _DAY + _CLOCK + "[0-9]{3}",
}
Shape = Literal["", "date", "time", "stamp", "digits"]


@dataclass(frozen=True, slots=True)
class Field:
    """One element of the standard: our word, the standard's word, its form and need, and what it means.

    form: ``C36`` exactly 36 characters, ``C..60`` at most 60, ``N19,5`` decimal (digits in all, digits after the
    point), ``N9`` whole number of at most nine digits, ``INT`` whole number of 32 bits, ``XML`` any content.
    need: ``M`` mandatory, ``O`` optional, ``X`` beyond the schema: read because it is seen in practice, never written.
    shortest, longest: characters allowed (for ``C`` forms). values: the allowed values, where they are few.
    always: where schema and handbook differ and a sender does better to give the element: the value to write where
    there is none, ``""`` if one has to be given. sent_longest: the stricter of two lengths; beyond it reading warns and
    writing refuses.
    """

    name: str
    element: str
    form: str
    need: str
    zh: str
    shortest: int
    longest: int | None
    values: tuple[str, ...]
    shape: Shape
    always: str | None = None
    sent_longest: int | None = None

    @property
    def en(self) -> str:
        """The English name, made from our word."""
        return self.name.replace("_", " ")

    @property
    def is_number(self) -> bool:
        """True for decimals and whole numbers."""
        return self.form[0] in "NI"

    @property
    def may_be_empty(self) -> bool:
        """True if an empty element says the same as none, and neither is a fault."""
        return self.shortest == 0 and not self.is_number

    def pattern(self, character: str) -> str:
        """Give a regular expression for values that are certainly right; some right ones it lets pass by.

        character: the class of characters that free text may hold where the pattern is used.
        """
        if self.is_number:
            if "," in self.form:
                return r"[0-9]{1,14}(?:\.[0-9]{1,5})?"
            return f"[0-9]{{1,{9 if self.form == 'INT' else self.form[1:]}}}"
        if self.values:
            pattern = "|".join(map(re.escape, self.values))
        elif self.shape == "digits":
            pattern = f"[0-9]{{{self.shortest},{self.longest}}}"
        elif self.shape:
            pattern = _SHAPES[self.shape]
        else:
            longest = self.sent_longest or ("" if self.longest is None else self.longest)
            return f"{character}{{{0 if self.may_be_empty else self.shortest},{longest}}}"
        return f"(?:{pattern}){'?' if self.may_be_empty else ''}"


def mandatory(element: str, form: str, zh: str, *, shortest: int | None = None, **more: Any) -> Any:
    """Declare an element that must be there and, unless ``shortest=0``, must not be empty."""
    return _declare(MANDATORY, element, form, zh, 1 if shortest is None else shortest, **more)


def optional(element: str, form: str, zh: str, *, shortest: int | None = None, **more: Any) -> Any:
    """Declare an element that may be left out; the schema lets it be empty unless ``shortest`` says more."""
    return _declare(OPTIONAL, element, form, zh, 0 if shortest is None else shortest, **more)


def accepted(element: str, form: str, zh: str) -> Any:
    """Declare an element that the schema does not know but real messages carry: read, never written."""
    return _declare(ACCEPTED, element, form, zh, 0)


def _declare(
    need: str,
    element: str,
    form: str,
    zh: str,
    shortest: int,
    *,
    values: str = "",
    shape: Shape = "",
    always: str | None = None,
    sent_longest: int | None = None,
) -> Any:
    longest: int | None = None
    if match := re.fullmatch(r"C([0-9]+)", form):
        shortest = longest = int(match[1])
    elif match := re.fullmatch(r"C\.\.([0-9]*)", form):
        longest = int(match[1]) if match[1] else None
    elif not re.fullmatch(r"N[0-9]+(,[0-9]+)?|INT|XML", form):
        raise ValueError(f"{element}: unknown form {form}")
    allowed = tuple(values.split())
    specification = Field("", element, form, need, zh, shortest, longest, allowed, shape, always, sent_longest)
    return field(default=None, metadata={"specification": specification})


@cache
def fields_of(block: type) -> tuple[Field, ...]:
    """Give the fields of a block in the order of the schema."""
    return tuple(replace(one.metadata["specification"], name=one.name) for one in fields(block))


@cache
def positions_of(block: type) -> dict[str, int]:
    """Give the place of each element of a block, by the standard's word."""
    return {one.element: place for place, one in enumerate(fields_of(block))}


def values_of(record: Any) -> tuple[Value, ...]:
    """Give the values of a block in the order of the schema."""
    return _getter_of(type(record))(record)


@cache
def _getter_of(block: type) -> Callable[[Any], tuple[Value, ...]]:
    names = [one.name for one in fields_of(block)]
    if len(names) == 1:
        return lambda record: (getattr(record, names[0]),)
    return attrgetter(*names)
