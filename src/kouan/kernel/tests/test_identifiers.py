"""Identifiers of version 7: the layout of RFC 9562, order, and bounds."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouan.kernel.identifiers import first_uuid7_at, time_of_uuid7, uuid7, uuid7_at

TIMES = st.timedeltas(dt.timedelta(0), dt.timedelta(days=190_000)).map(
    lambda since: dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + since
)


def test_the_example_of_the_rfc_carries_its_time():
    """RFC 9562, appendix A.6: 017F22E2-79B0-7CC3-98C4-DC0C0C07398F is 2022-02-22 14:22:22.00 GMT-05:00."""
    example = UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    assert time_of_uuid7(example) == dt.datetime(2022, 2, 22, 19, 22, 22, tzinfo=dt.UTC)
    assert first_uuid7_at(dt.datetime(2022, 2, 22, 19, 22, 22, tzinfo=dt.UTC)) < example


def test_version_and_variant_are_those_of_the_rfc():
    identifier = uuid7()
    assert identifier.version == 7
    assert identifier.variant == "specified in RFC 4122"


def test_identifiers_of_a_process_stand_in_order_and_never_repeat():
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    with ThreadPoolExecutor(4) as pool:
        from_threads = [i for batch in pool.map(lambda _: [uuid7() for _ in range(5_000)], range(4)) for i in batch]
    assert len(set(from_threads)) == 20_000


@given(TIMES)
def test_an_identifier_of_a_time_carries_it_and_lies_within_its_bounds(at):
    identifier = uuid7_at(at)
    millisecond = at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert identifier.version == 7
    assert time_of_uuid7(identifier) == millisecond
    assert first_uuid7_at(at) < identifier < first_uuid7_at(millisecond + dt.timedelta(milliseconds=1))


@given(TIMES, st.timedeltas(dt.timedelta(milliseconds=1), dt.timedelta(days=3650)))
def test_identifiers_sort_as_their_times_do(at, later):
    assert uuid7_at(at) < uuid7_at(at + later)


def test_identifiers_of_the_same_time_stand_in_the_order_in_which_they_were_made():
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    made = [uuid7_at(at) for _ in range(5_000)]
    assert made == sorted(set(made))


def test_a_naive_time_and_another_version_are_refused():
    with pytest.raises(ValueError):
        uuid7_at(dt.datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError):
        time_of_uuid7(UUID("00000000-0000-4000-8000-000000000000"))
