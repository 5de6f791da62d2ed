"""Numbers are read with their lines, and refused with line and reason."""

import pytest

from kouan.quant.reading import Numbers, UnreadableInstance


def test_it_works():
    numbers = Numbers("3 4.5\n\n 7")
    assert numbers.integer("甲", "a") == 3
    assert numbers.number("乙", "b") == 4.5
    assert numbers.integer("丙", "c") == 7 and numbers.line == 3
    numbers.end()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1\nnan", 2),  # not a number
        ("1\ninf", 2),  # not finite
        ("1\n-4", 2),  # below the least
        ("1\n2.5", 2),  # not whole
        ("1\nabc", 2),  # a word
        ("1\n", 1),  # breaks off
        ("1\n1e999", 2),  # overflows to infinity
    ],
)
def test_a_bad_number_is_named_with_its_line(text, line):
    numbers = Numbers(text)
    numbers.integer("甲", "a")
    with pytest.raises(UnreadableInstance) as fault:
        numbers.integer("乙", "b", 0)
    assert fault.value.line == line and fault.value.zh and fault.value.en


def test_leftovers_are_refused():
    numbers = Numbers("1 2")
    numbers.integer("甲", "a")
    with pytest.raises(UnreadableInstance):
        numbers.end()


def test_a_false_count_does_not_take_the_memory():
    with pytest.raises(UnreadableInstance):
        Numbers("1 2 3").numbers(10**12, "数", "numbers")
    with pytest.raises(UnreadableInstance):
        Numbers("1 2 3").numbers(10**7, "数", "numbers")


def test_a_binary_file_is_refused():
    with pytest.raises(UnreadableInstance):
        Numbers("\x00\x01")
