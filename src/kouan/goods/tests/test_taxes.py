"""Taxes line by line from dated tables, and what a firm records of bills and payments. Oracle: worked by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal as D

import pytest

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.gateway.standards.dec.goods import GoodsLine
from kouan.gateway.standards.dec.types import Declaration
from kouan.goods import factories as make
from kouan.goods import selectors
from kouan.goods.assessing import Assessment, WhyNot, assess
from kouan.goods.elements import Rates
from kouan.goods.services.taxing import assess_declaration, record_tax
from kouan.kernel.dates import CHINA_TIME

DAY = date(2026, 11, 10)
RATES = {"8471300000": Rates(D(10), D(0), D(13)), "3304100000": Rates(D(5), D(15), D(13))}
AT = datetime(2026, 11, 23, 10, tzinfo=CHINA_TIME)


def _said(*lines: GoodsLine, **head: str) -> Declaration:
    made = Declaration("4.8")
    for name, value in head.items():
        setattr(made.head, name, value)
    made.lines = list(lines)
    return made


def _line(total: str, hs_code: str = "8471300000", currency: str = "CNY", duty_mode: str = "1") -> GoodsLine:
    return GoodsLine(hs_code=hs_code, total_price=total, currency=currency, duty_mode=duty_mode, goods_name="演示")


def _assessed(said: Declaration, **exchange: D) -> Assessment:
    return assess(said, on_date=DAY, rates=RATES, exchange=exchange)


def test_it_works_for_a_price_at_the_place_of_entry() -> None:
    [line] = _assessed(_said(_line("1000.00"), price_terms="1")).lines
    assert (line.base_fen, line.duty_fen, line.consumption_fen, line.vat_fen) == (100_000, 10_000, 0, 14_300)


def test_consumption_tax_is_part_of_its_own_base() -> None:
    """(1000 + 50) / 0.85 × 15 % = 185.29; VAT on 1000 + 50 + 185.294… = 160.59."""
    [line] = _assessed(_said(_line("1000", "3304100000"), price_terms="1")).lines
    assert (line.duty_fen, line.consumption_fen, line.vat_fen) == (5_000, 18_529, 16_059)


def test_freight_and_insurance_are_shared_by_value_and_turned_into_yuan() -> None:
    """FOB 1000 + 3000 USD at 7.0; freight 200 USD; insurance 0.3 % of 29,400 = 88.20: 29,488.20, a quarter of it."""
    said = _said(_line("1000", currency="USD"), _line("3000", currency="USD"), price_terms="3", freight_mark="3",
                 freight_rate="200", freight_currency="USD", insurance_mark="1", insurance_rate="0.3")  # fmt: skip
    first, second = _assessed(said, USD=D(7)).lines
    assert (first.base_fen, second.base_fen) == (737_205, 2_211_615)
    assert _assessed(said, USD=D(7)).exchange == {"USD": D(7)}


@pytest.mark.parametrize(
    ("line", "head", "why"),
    [
        (_line("1000", "0101210010"), {"price_terms": "1"}, WhyNot.NO_RATE),
        (_line("1000", currency="USD"), {"price_terms": "1"}, WhyNot.NO_EXCHANGE),
        (_line(""), {"price_terms": "1"}, WhyNot.NO_VALUE),
        (_line("1000"), {"price_terms": "6"}, WhyNot.TERMS),
        (_line("1000", duty_mode="3"), {"price_terms": "1"}, WhyNot.EXEMPT),
        (_line("1000", duty_mode="5"), {"price_terms": "1"}, WhyNot.OTHER_MODE),
        (_line("1000"), {"price_terms": "3", "freight_mark": "2", "freight_rate": "10"}, WhyNot.NO_VALUE),
    ],
)
def test_what_is_not_known_is_not_computed_and_says_why(line: GoodsLine, head: dict[str, str], why: WhyNot) -> None:
    found = _assessed(_said(line, **head))
    assert found.lines[0].why_not is why and found.total_fen == 0
    assert found.is_whole == (why is WhyNot.EXEMPT)


@pytest.fixture
def declared():
    firm = make.make_agent()
    channel, window = make.make_channel(firm.pk), make.make_window(firm.pk)
    make.send(channel, make.make_message(lines=1), at=AT)
    row = make.the_declaration()
    make.hear(window, make.imported(row.client_no), at=AT)
    for minutes, code in enumerate(("7", "L", "T"), 1):
        at = AT + timedelta(minutes=minutes)
        make.hear(window, make.channel_said(code, at), at=at)
    return make.the_declaration(), make_user(Role.TRADER_CLERK, organisation=firm), window


@pytest.mark.django_db
def test_an_old_declaration_is_computed_as_it_was_when_rates_change_later(declared) -> None:
    row, _clerk, _window = declared
    said = selectors.read_version(row.message_id).declaration
    hs_code, currency = said.lines[0].hs_code or "", said.lines[0].currency or ""
    assert assess_declaration(row, said).lines[0].why_not is WhyNot.NO_EXCHANGE
    make.load_notes("customs_exchange_rate", {currency: "7.1"}, since=date(2026, 1, 1))
    assert assess_declaration(row, said).lines[0].why_not is WhyNot.NO_RATE
    make.load_notes("tariff", {hs_code: "duty=10;consumption=0;vat=13"}, since=date(2026, 1, 1))
    before = assess_declaration(row, said)
    assert before.lines[0].why_not is None and before.lines[0].rates is not None
    assert (before.lines[0].rates.since, before.on_date) == (date(2026, 1, 1), DAY.replace(day=23))
    make.load_notes("tariff", {hs_code: "duty=20;consumption=0;vat=13"}, since=date(2026, 12, 1))
    make.load_notes("customs_exchange_rate", {currency: "6.5"}, since=date(2026, 12, 1))
    assert assess_declaration(row, said) == before


@pytest.mark.django_db
def test_it_is_customs_turn_once_payments_cover_the_bills(declared) -> None:
    row, clerk, window = declared
    assert (row.tax, row.waits_for, row.due_for, row.due_date) == ("due", "declarant", "pay", date(2026, 12, 8))
    given = {"user": clerk, "declaration_id": row.pk}
    record_tax(**given, kind="bill", amount_fen=100_00, number="B1", at=AT)
    record_tax(**given, kind="paid", amount_fen=60_00, number="P1", at=AT)
    row.refresh_from_db()
    assert (row.tax, row.waits_for) == ("due", "declarant") and selectors.tax_standing(row).owed_fen == 40_00
    record_tax(**given, kind="paid", amount_fen=40_00, number="P2", at=AT)
    row.refresh_from_db()
    assert (row.tax, row.waits_for, row.due_date, row.state) == ("paid", "customs", None, "tax_due")
    at = AT + timedelta(hours=1)
    make.hear(window, make.channel_said("F", at), at=at)
    row.refresh_from_db()
    assert (row.state, row.waits_for) == ("released", "nobody")
