"""How an element of a goods declaration is written down: one line each, from which all else is derived.

Forms: ``C18`` exactly that many characters, ``C..18`` at most, ``N19,5`` a decimal (digits in all, after the point),
``N9`` a whole number, ``B`` Base64, ``-`` not in that edition. Need: ``M`` the schema of 3.1 wants the element (it may
be empty), ``O`` it does not; ``S`` edition 4.8 wants a value for saving (暂存) and declaring, ``D`` for declaring.
Shapes: ``date``; ``places``, a text whose signs count by their place, so that blanks before them are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cache
from operator import attrgetter
from typing import Any, Literal, get_args, get_type_hints

Value = str | None  # exactly the characters of the element; None where it is absent
Edition = Literal["3.1", "4.8"]
EDITIONS: tuple[Edition, ...] = ("3.1", "4.8")


@dataclass(frozen=True, slots=True)
class Form:
    """What characters an element may hold in one edition. digits, decimals: of a number; longest: of a text."""

    text: str
    kind: Literal["text", "number", "base64", "none"]
    shortest: int = 0
    longest: int | None = None
    digits: int = 0
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One element: our word, the standard's, its form in each edition, who needs it, and what it means."""

    name: str
    element: str
    forms: tuple[Form, Form]
    is_in_schema: bool
    needed_to_save: bool
    needed_to_declare: bool
    zh: str
    values: tuple[str, ...]
    shape: Literal["", "date", "places"]

    @property
    def en(self) -> str:
        """The English name, made from our word."""
        return self.name.replace("_", " ")

    @property
    def label(self) -> str:
        """The Chinese name without its rule."""
        return re.split("[：，（]", self.zh, maxsplit=1)[0]

    def form(self, edition: Edition) -> Form:
        """Give the form in an edition."""
        return self.forms[EDITIONS.index(edition)]

    @property
    def loosest(self) -> Form:
        """The form that lets most pass: what is read is measured by it."""
        known = [form for form in self.forms if form.kind != "none"]
        return max(known, key=lambda form: (form.longest or 0, form.digits))

    @property
    def is_obsolete(self) -> bool:
        """True for elements that the standard keeps and no longer uses: nothing in them is judged."""
        return "已废弃" in self.zh

    @property
    def is_number(self) -> bool:
        """True for decimals and whole numbers."""
        return self.loosest.kind == "number"


@dataclass(frozen=True, slots=True)
class Nested:
    """Blocks inside a block: our word, the element around them (may be empty), their element, their type."""

    name: str
    wrapper: str
    element: str
    block: type


def element(
    name: str,
    form_31: str,
    form_48: str,
    need: str,
    zh: str,
    *,
    values: str = "",
    shape: Literal["", "date", "places"] = "",
) -> Any:
    """Declare one element; see the module for the forms and needs."""
    made = Field(
        name="", element=name, forms=(_form(form_31), _form(form_48)), is_in_schema="M" in need,
        needed_to_save="S" in need, needed_to_declare="S" in need or "D" in need, zh=zh, values=tuple(values.split()),
        shape=shape,
    )  # fmt: skip
    return field(default=None, metadata={"specification": made})


def nested(wrapper: str, name: str) -> Any:
    """Declare blocks inside a block."""
    return field(default_factory=list, metadata={"nested": (wrapper, name)})


def _form(text: str) -> Form:
    if text == "-":
        return Form(text, "none")
    if text == "B":
        return Form(text, "base64")
    if match := re.fullmatch(r"C(\.\.)?([0-9]+)", text):
        longest = int(match[2])
        return Form(text, "text", 0 if match[1] else longest, longest)
    if match := re.fullmatch(r"N([0-9]+)(?:,([0-9]+))?", text):
        return Form(text, "number", digits=int(match[1]), decimals=int(match[2] or 0))
    raise ValueError(f"unknown form {text}")


@cache
def fields_of(block: type) -> tuple[Field, ...]:
    """Give the elements of a block in their order."""
    return tuple(one for one in parts_of(block) if isinstance(one, Field))


@cache
def parts_of(block: type) -> tuple[Field | Nested, ...]:
    """Give the elements of a block and the blocks inside it, in their order."""
    return tuple(_parts(block))


def _parts(block: type) -> Iterator[Field | Nested]:
    hints = get_type_hints(block)
    for one in fields(block):
        if "specification" in one.metadata:
            yield replace(one.metadata["specification"], name=one.name)
        else:
            wrapper, name = one.metadata["nested"]
            yield Nested(one.name, wrapper, name, get_args(hints[one.name])[0])


@cache
def by_element(block: type) -> dict[str, Field]:
    """Give the elements of a block by the standard's word."""
    return {one.element: one for one in fields_of(block)}


@cache
def nested_by_element(block: type) -> dict[str, Nested]:
    """Give the blocks inside a block by the element that stands around them, or by their own."""
    return {one.wrapper or one.element: one for one in parts_of(block) if isinstance(one, Nested)}


@cache
def read_all(block: type) -> Callable[[Any], tuple[Any, ...]]:
    """Give a function that reads all parts of a block at once, in their order."""
    names = [part.name for part in parts_of(block)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: (getattr(record, names[0]),)


@cache
def names_by_element(block: type) -> dict[str, str]:
    """Give our words for the elements of a block by the standard's."""
    return {one.element: one.name for one in fields_of(block)}


@cache
def names_by_place(block: type) -> frozenset[str]:
    """Give our words for the elements of a block whose signs count by their place."""
    return frozenset(one.name for one in fields_of(block) if one.shape == "places")
