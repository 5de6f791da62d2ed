"""Exports by form and by sheet: what was typed becomes the four documents, and problems stand where it was typed."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain

import pytest
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.declarations.composing import compose, problems_of
from kouan.declarations.export_forms import ExportForm, ExportGoodsForm
from kouan.declarations.factories import make_export_values, make_sheet, make_values
from kouan.declarations.services.reading import contexts_of
from kouan.declarations.sheet_layouts import EXPORT, IMPORT, layout_of
from kouan.declarations.sheet_marks import marks_of
from kouan.declarations.sheets import read_sheet
from kouan.declarations.types import Sender
from kouan.gateway.codes import SignaturePolicy
from kouan.screens.sheets import SheetNotReadable

AT = datetime(2026, 7, 13, 2, 0, tzinfo=UTC)
SENDER = Sender("420196YS01", "演示报关", "DXPENTDEMO000001")


def test_it_works():
    nodes = compose(make_export_values(), sender=SENDER, at=AT).nodes
    assert list(nodes) == ["303", "403", "505", "603"]
    order, receipt, waybill, listed = (node.head for node in nodes.values())
    assert (order.goods_value, receipt.amount_received, waybill.goods_info) == ("39.8", "42.8", "演示蓝牙耳机")
    assert (listed.direction, listed.procedure, listed.arrival_country) == ("E", "B", "502")
    assert {head.order_no for head in (order, receipt, listed)} == {"EO1"}


@pytest.mark.django_db
@pytest.mark.parametrize("trade_mode", ["9610", "9710", "9810"])
def test_what_is_composed_breaks_no_rule(trade_mode):
    values = make_export_values(trade_mode=trade_mode)
    found = problems_of(compose(values, sender=SENDER, at=AT), SENDER, contexts_of(AT)[SignaturePolicy.OFF])
    assert [problem for problem in found if problem.is_error] == []


def test_between_firms_no_receipt_of_payment_is_made_up():
    unpaid = make_export_values(trade_mode="9810", transaction_no="", payment_firm_name="", payment_firm_code="")
    assert list(compose(unpaid, sender=SENDER, at=AT).nodes) == ["303", "505", "603"]


@pytest.mark.parametrize("layout", [IMPORT, EXPORT])
def test_a_sheet_is_known_by_its_titles(layout):
    assert layout_of(layout.titles.values()) is layout


def test_a_sheet_of_exports_gives_what_was_typed():
    sets = [make_export_values(internal_no=f"EC{n}", waybill_no=f"EL{n}") for n in range(2)]
    parcels = read_sheet(make_sheet(sets), "exports.xlsx")
    for parcel, values in zip(parcels, sets, strict=True):
        assert parcel.layout is EXPORT
        typed = {name: value for name, value in parcel.values.items() if value and name != "goods"}
        assert typed == {name: value for name, value in values.items() if name != "goods"}
        assert [{k: v for k, v in line.items() if v} for line in parcel.values["goods"]] == values["goods"]


def test_a_sheet_without_a_needed_column_is_refused():
    with pytest.raises(SheetNotReadable, match="Columns are missing: 申报业务类型"):
        read_sheet("企业内部编号,订单编号,运单编号,商品编码,商品名称,数量,单价,运抵国\n1".encode(), "a.csv")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"procedure": "X"}, "procedure"), ({"arrival_country": "china"}, "arrival_country"),
        ({"gross_weight_kg": "heavy"}, "gross_weight_kg"), ({"currency": "dollars"}, "currency"),
        ({"waybill_no": ""}, "waybill_no"),
    ],
)  # fmt: skip
def test_a_problem_stands_at_the_value_that_it_means(change, name):
    [parcel] = read_sheet(make_sheet([make_export_values(**change)]), "exports.xlsx")
    context = contexts_of(AT)[SignaturePolicy.OFF]
    parcel.problems += problems_of(compose(parcel.values, sender=SENDER, at=AT), SENDER, context)
    assert name in {mark.name for mark in marks_of(parcel) if mark.problem.is_error}
    assert EXPORT.titles[name] in {mark.title for mark in marks_of(parcel)}


def test_the_form_asks_for_what_the_sheet_has():
    on_form = set(chain(ExportForm().fields, ExportGoodsForm().fields))
    assert set(EXPORT.titles) - on_form == {"exit_date", "received_time"}
    assert on_form - set(EXPORT.titles) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("values", [make_values, make_export_values])
def test_a_draft_is_filled_in_on_the_form_of_its_direction(client, values):
    clerk = make_user(Role.TRADER_CLERK, organisation=make_organisation("agent", customs_code="420196YS01"))
    client.force_login(clerk)
    direction = values().get("direction", "I")
    page = client.get(f"/drafts/new/?direction={direction}", follow=True)
    url = page.redirect_chain[-1][0]
    typed = {name: value for name, value in values().items() if name not in ("goods", "direction")}
    [line] = values()["goods"]
    data = {**typed, **{f"goods-0-{name}": value for name, value in line.items()}, "goods-TOTAL_FORMS": "1",
            "goods-INITIAL_FORMS": "0", "do": "declare"}  # fmt: skip
    page = client.post(url, data, follow=True)
    assert page.status_code == 200
    kinds = [message.kind for message in page.context["draft"].messages.order_by("number")]
    assert kinds == (["303", "403", "505", "603"] if direction == "E" else ["311", "411", "511", "621"])
    assert page.context["draft"].created_at <= timezone.now()
