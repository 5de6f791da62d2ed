"""The form of a declaration: its pickers, the names beside its codes, and problems at the fields that they mean."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.declarations.export_forms import ExportForm
from kouan.declarations.factories import make_values
from kouan.declarations.forms import CODED, DeclarationForm, GoodsForm
from kouan.declarations.pointers import Typed, at_form_fields, typed_at
from kouan.declarations.services.drafting import check_values, save_draft
from kouan.records.problems import Problem
from kouan.reference import selectors as reference
from kouan.transport.tests.test_places import register


@pytest.mark.parametrize(
    ("pointer", "typed"),
    [
        ("/CEB621Message/Inventory[1]/InventoryHead/grossWeight", Typed("gross_weight_kg")),
        ("/CEB511Message/Logistics[1]/LogisticsHead/weight", Typed("gross_weight_kg")),
        ("/CEB511Message/Logistics[1]/weight", Typed("gross_weight_kg")),
        ("/CEB411Message/Payment[1]/PaymentHead/payerName", Typed("buyer_name")),
        ("/CEB311Message/Order[1]/OrderList[2]/itemName", Typed("name", 1)),
        ("/CEB621Message/Inventory[1]/InventoryList[3]/qty", Typed("quantity", 2)),
        ("/CEB621Message/Inventory[1]/InventoryList[1]/totalPrice", Typed("price", 0)),
        ("/CEB621Message/Inventory[1]/InventoryHead/nothing", None),
        ("/CEB621Message/Inventory[1]", None),
        ("/CEB999Message/Inventory[1]/InventoryHead/grossWeight", None),
        ("guid", None),
        ("", None),
    ],
)
def test_a_pointer_means_what_was_typed(pointer, typed):
    assert typed_at(pointer) == typed


def test_a_fault_that_two_documents_share_is_told_once_at_its_row():
    problem = Problem("-1", "/CEB311Message/Order[1]/OrderList[2]/unit", "error", "单位不对", "wrong unit")
    same = Problem("-2", "/CEB621Message/Inventory[1]/InventoryList[2]/unit", "error", "单位不对", "wrong unit")
    [told] = at_form_fields([problem, same], rows=[0, 4])
    assert (told.pointer, told.code) == ("goods-4-unit", "-1")


@pytest.fixture
def clerk(db):
    return make_user(Role.TRADER_CLERK, organisation=make_organisation("agent", customs_code="420196YS05"))


@pytest.fixture
def client(clerk):
    client = Client()
    client.force_login(clerk)
    return client


def draft_of(clerk, **values):
    return save_draft(user=clerk, draft_id=None, values=make_values() | values, at=timezone.now())


def posted(values):
    lines = values["goods"]
    head = {name: value for name, value in values.items() if name != "goods"}
    return (
        head
        | {f"goods-{row}-{name}": value for row, line in enumerate(lines) for name, value in line.items()}
        | {"goods-TOTAL_FORMS": len(lines), "goods-INITIAL_FORMS": 0}
    )


def test_every_coded_field_has_a_picker_of_a_table_that_is_there(db):
    names = set(DeclarationForm().fields) | set(GoodsForm().fields) | set(ExportForm().fields)
    assert set(CODED) <= names
    for table in set(CODED.values()):
        assert reference.get_table(table)


def test_the_name_stands_beside_a_code_that_is_there_already(client, clerk):
    register(code="T4722W")
    draft = draft_of(clerk, place_code="T4722W")
    page = client.get(reverse("draft", args=[draft.pk])).text
    tag = {found[1]: found[0] for found in re.findall(r'(<input[^>]* name="([\w-]+)"[^>]*>)', page)}
    assert 'data-name="澳大利亚"' in tag["departure_country"]
    assert 'data-name="澳大利亚"' in tag["goods-0-country"]
    assert "generation=customs" in tag["goods-0-unit"]
    assert "data-name" in tag["place_code"]
    assert "data-name" not in tag["goods-0-second_unit"]
    assert f'data-declared-on value="{timezone.localdate():%Y-%m-%d}"' in page


def test_checks_while_typing_point_at_the_fields_of_the_form(client, clerk):
    values = make_values() | {"gross_weight_kg": "0.5", "departure_country": "999"}
    values["goods"] = [{"name": ""}, {**values["goods"][0], "unit": "999"}]
    answer = client.post(reverse("check-draft", args=[draft_of(clerk).pk]), posted(values)).json()
    assert {"net_weight_kg", "departure_country", "goods-1-unit"} <= {one["pointer"] for one in answer["problems"]}


def test_a_refused_declaration_names_the_field_in_words(client, clerk):
    values = make_values()
    values["goods"] = [{**values["goods"][0], "quantity": "0"}]
    page = client.post(reverse("draft", args=[draft_of(clerk).pk]), posted(values) | {"do": "declare"}).text
    assert "商品第 1 行 · 数量" in page
    assert "data-check-now" in page


def test_the_kind_of_packing_reaches_the_list(clerk):
    values = make_values() | {"package_type": "x"}
    found = check_values(user=clerk, values=values, at=timezone.now())
    assert "/CEB621Message/Inventory[1]/InventoryHead/wrapType" in {problem.pointer for problem in found}


def test_places_are_found_by_name_on_their_day(client):
    register(code="T4722W")
    found = client.get(reverse("pick-places"), {"q": "T4722W"}).json()["options"]
    assert [one["code"] for one in found] == ["T4722W"]
    assert client.get(reverse("pick-places"), {"q": "", "on": "1999-01-01"}).json()["options"] == []
    assert client.get(reverse("pick-places"), {"on": "no day"}).status_code == 400
