"""Times as messages write them, and amounts in fen: there and back, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kouan.kernel import dates, money


def test_message_times_are_china_time():
    assert dates.parse_time("20160308112701") == datetime(2016, 3, 8, 3, 27, 1, tzinfo=UTC)
    assert dates.parse_stamp("20160323145101111") == datetime(2016, 3, 23, 6, 51, 1, 111000, tzinfo=UTC)
    assert dates.parse_date("20240229") == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["", "20230229", "2016030811270", "20160308112761", "２０１６０３０８", "20160308 "])
def test_times_that_do_not_exist_are_refused(text):
    with pytest.raises(ValueError):
        (dates.parse_date if len(text) <= 9 else dates.parse_time)(text)


EARLIEST = datetime(1900, 1, 2)  # noqa: DTZ001 (hypothesis asks for it without a zone)


@given(st.datetimes(min_value=EARLIEST, timezones=st.just(UTC)))
def test_a_stamp_comes_back_to_the_millisecond(at):
    again = dates.parse_stamp(dates.format_stamp(at))
    assert again == at.replace(microsecond=at.microsecond // 1000 * 1000)


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError):
        dates.format_time(datetime(2024, 1, 1))  # noqa: DTZ001


@given(st.integers(-(10**15), 10**15))
def test_fen_come_back(fen):
    assert money.to_fen(money.from_fen(fen)) == fen


def test_parts_of_a_fen_are_refused_or_rounded_on_request():
    with pytest.raises(ValueError):
        money.to_fen(Decimal("1.005"))
    assert money.round_to_fen(Decimal("1.005")) == Decimal("1.01")
