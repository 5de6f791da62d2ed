"""The small set of codes that comes with Kouan."""

from datetime import UTC, date, datetime

import pytest

from kouan.audit.types import SystemActor
from kouan.reference import selectors, services
from kouan.reference.codes import Generation
from kouan.reference.types import CodeMissing

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def test_it_works():
    codes = selectors.load_codes(DAY)
    assert codes.has("trade_mode", "9610")
    assert codes.has("currency", "142", generation=Generation.CUSTOMS)
    assert not codes.has("currency", "142")
    assert codes.name("country", "JPN") == "日本"
    assert codes.name("country", "116", "en", generation=Generation.CUSTOMS) == "Japan"


def test_installing_again_changes_nothing():
    reports = services.install_builtin_codes(actor=SystemActor("测试"), at=AT)
    assert reports
    assert all(report.import_id is None and not report.problems for report in reports)


def test_no_code_stands_before_its_first_day():
    codes = selectors.load_codes(DAY)
    assert not codes.has("trade_mode", "9610", date(2018, 7, 31))
    assert codes.has("trade_mode", "9610", date(2018, 8, 1))
    assert not codes.has("trade_mode", "9710", date(2022, 4, 30))


def test_a_partial_table_refuses_nothing():
    codes = selectors.load_codes(DAY)
    assert not codes.has("country", "XKX")
    assert not codes.may_refuse("country", "XKX")
    assert codes.may_refuse("transport_mode", "Q")
    assert not codes.may_refuse("transport_mode", "5")


def test_the_table_says_nothing():
    with pytest.raises(CodeMissing):
        selectors.convert("currency", "999", Generation.CUSTOMS, Generation.CURRENT, DAY)
