"""Dated figures: the value of a day, a day without one, and files that do not say what they must."""

from datetime import date
from decimal import Decimal

import pytest

from kouan.law import figures
from kouan.law.figures import register
from kouan.law.figures.register import FiguresMalformed, FigureUnknown, NoFigureOnDay, Strength

DAY = date(2026, 11, 23)

HISTORY = """
trial.limit:
  zh: 试验限值
  en: Limit of the trial
  unit: CNY
  values:
    - {since: 2016-04-08, value: 2000, clause: 甲, source: 乙, strength: text, checked_on: 2026-01-01}
    - {since: 2019-01-01, value: "5000.50", clause: 甲, source: 乙, strength: weak, checked_on: 2026-01-01}
    - {since: 2025-01-01, value: null, clause: 甲, source: 乙, strength: text, checked_on: 2026-01-01}
"""


@pytest.fixture
def history(monkeypatch):
    read = register.read_figures(HISTORY, "trial.yaml")
    monkeypatch.setattr(register, "all_figures", lambda: read)


def test_it_works():
    assert figures.get("ceb.single_limit_cny", DAY) == 5000
    assert figures.get("ceb.max_nodes_per_message", DAY) == 100
    assert figures.get("ceb.max_list_lines", DAY) == 99
    assert figures.get("ceb.tax_factor", DAY) == Decimal("0.70")


def test_every_figure_says_what_it_must():
    for key, history in figures.all_figures().items():
        assert "." in key and key.islower()
        assert all(figure.checked_on <= DAY for figure in history)


def test_a_weak_source_is_marked():
    assert figures.describe("ceb.single_limit_cny", DAY).strength is Strength.WEAK
    assert figures.describe("ceb.max_list_lines", DAY).strength is Strength.TEXT


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2016, 4, 8), 2000),
        (date(2018, 12, 31), 2000),
        (date(2019, 1, 1), Decimal("5000.50")),
        (date(2024, 12, 31), Decimal("5000.50")),
    ],
)
def test_the_value_is_that_of_the_day(history, day, value):
    assert figures.get("trial.limit", day) == value


@pytest.mark.parametrize("day", [date(2016, 4, 7), date(2025, 1, 1), date(2026, 11, 23)])
def test_a_day_without_a_figure_raises(history, day):
    with pytest.raises(NoFigureOnDay):
        figures.get("trial.limit", day)


def test_no_figure_stands_before_its_first_day():
    for key, values in figures.all_figures().items():
        with pytest.raises(NoFigureOnDay):
            figures.get(key, date(values[0].since.year - 1, 1, 1))


def test_an_unknown_figure_raises():
    with pytest.raises(FigureUnknown):
        figures.get("ceb.nothing", DAY)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("since: 2019-01-01", "since: 2016-04-08"),
        ("since: 2019-01-01", "since: soon"),
        ("value: 2000", "value: 2000.5"),
        ("value: 2000", "value: true"),
        ("value: 2000", 'value: "about 2000"'),
        ("source: 乙, strength: weak", "source: '', strength: weak"),
        ("strength: weak", "strength: sure"),
        ("unit: CNY", "units: CNY"),
        ("clause: 甲, source: 乙, strength: weak", "source: 乙, strength: weak"),
    ],
)
def test_a_file_that_does_not_say_what_it_must_is_refused(written, instead):
    with pytest.raises(FiguresMalformed):
        register.read_figures(HISTORY.replace(written, instead, 1), "trial.yaml")
