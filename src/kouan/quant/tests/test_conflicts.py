"""The smallest conflict is a conflict, and loses nothing."""

import itertools
import random

import pytest

from kouan.quant.conflicts import smallest_conflict


@pytest.mark.parametrize("seed", range(20))
def test_it_is_a_conflict_without_any_spare_part(seed):
    draw = random.Random(seed)
    clashes = [set(draw.sample(range(9), draw.randint(1, 4))) for _ in range(3)]

    def works(items):
        return not any(clash <= set(items) for clash in clashes)

    found = smallest_conflict(list(range(9)), works)
    assert not works(found)
    assert all(works(list(part)) for part in itertools.combinations(found, len(found) - 1))


def test_no_conflict_is_empty():
    assert smallest_conflict([1, 2, 3], lambda items: True) == []
    assert smallest_conflict([], lambda items: True) == []
