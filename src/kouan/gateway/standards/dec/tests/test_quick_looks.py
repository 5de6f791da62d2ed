"""What passes at a glance passes the closer look too, for every field of every block in both editions."""

from __future__ import annotations

from itertools import chain

import pytest

from kouan.gateway.standards.dec.checks import _Form, _plan_of
from kouan.gateway.standards.dec.fields import EDITIONS, Edition, Field, parts_of
from kouan.gateway.standards.dec.types import BLOCKS, Declaration

_LENGTHS = (1, 2, 3, 4, 5, 8, 10, 18, 20, 32, 40, 50, 64, 70, 100, 128, 150, 255, 400, 2000)
_TEXTS = ["0", "1", "9", "I", "-", "20261123", "20261301", "-1.5", "1.50000", "00012", "1e5", "１", "1.", ".5", " 5",
          "9" * 19, "9" * 14 + "." + "9" * 5, "9" * 15 + ".99999", "0.00000000001", "1\n"]  # fmt: skip
_VALUES = [*_TEXTS, *(sign * length for sign in ("1", "甲") for length in chain(_LENGTHS, [n + 1 for n in _LENGTHS]))]


def _fields() -> list[tuple[type, Field]]:
    found: list[tuple[type, Field]] = []
    blocks = [block.block for block in BLOCKS]
    while blocks:
        block = blocks.pop()
        for part in parts_of(block):
            if isinstance(part, Field):
                found.append((block, part))
            else:
                blocks.append(part.block)
    return found


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("strict", [False, True])
def test_a_glance_lets_nothing_pass_that_the_closer_look_would_not(edition: Edition, strict: bool) -> None:
    form = _Form(Declaration(edition), edition, strict)
    for block, field in _fields():
        plan = _plan_of(block, edition, strict)
        [(most, fits, is_wanted, _part)] = [test for test in plan.tests if test[3] == field]
        assert is_wanted or form._fault(field, None, "/x") is None
        for value in _VALUES:
            if len(value) <= most or (fits is not None and fits(value)):
                assert form._fault(field, value, "/x") is None, (block, field.name, value)
