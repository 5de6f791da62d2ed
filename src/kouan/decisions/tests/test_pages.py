"""The pages of the decision tables: who may see them, the grid, the rows that fired, the file."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from kouan.accounts.factories import make_user
from kouan.audit.types import SystemActor
from kouan.decisions import firing
from kouan.decisions.firing import Firings
from kouan.decisions.services import versions as services

pytestmark = pytest.mark.django_db

ROUTING = "parcel_routing"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def page_of(role: str = "officer", *, number: int = 1, **query: str) -> str:
    response = client_of(role).get(reverse("decision-version", args=[ROUTING, number]), query)
    assert response.status_code == 200
    return response.content.decode()


def fired_rows(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('<tr id="row-')[1:] if 'class="fired"' in part[:60]]


def test_it_works():
    page = page_of()
    assert "含 33、34" in page and "大于 30" in page and "1210 保税电商" in page and "市场监管" in page
    assert fired_rows(page) == []
    assert "parcel_routing" in client_of("port_office_clerk").get(reverse("decision-list")).content.decode()


def test_the_rows_that_fired_for_a_case_are_marked():
    page = page_of(rows="cosmetics,every_case,no_such_row")
    assert fired_rows(page) == ["cosmetics", "every_case"]
    assert "标出的 2 行" in page


def test_a_trial_marks_the_rows_that_fire_and_says_what_they_decide():
    page = page_of(**{"try": "1", "in_trade_mode": "1210", "in_hs_chapters": "33，02", "in_gross_weight_kg": "31"})
    assert fired_rows(page) == ["animal_products", "cosmetics", "heavy", "bonded", "every_case"]
    assert "试算结果" in page and "超重包裹" in page


def test_a_trial_that_cannot_be_read_says_so():
    page = page_of(**{"try": "1", "in_gross_weight_kg": "heavy <u>x"})
    assert "DEC-CONTEXT" in page and fired_rows(page) == [] and "<u>x" not in page


def test_a_draft_is_marked_as_one_and_the_standing_version_stays_first():
    raw = (Path(services.BUILTIN) / "parcel_routing.yaml").read_text().replace("2018-07-20", "2027-01-01")
    services.load_table(actor=SystemActor("测试"), at=AT, raw=raw.encode())
    assert "待批准的草案" in page_of(number=2)
    client = client_of("officer")
    assert "第 1 版" in client.get(reverse("decision", args=[ROUTING])).content.decode()


def test_the_grid_leaves_as_a_spreadsheet():
    response = client_of("officer").get(reverse("decision-version", args=[ROUTING, 1]), {"export": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("行", "说明") and "结果：涉及单位" in rows[0]
    assert len(rows) == 12 and rows[1][0] == "live_animals" and rows[11][0] == "every_case"
    notes = {row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert notes["启用日期"] == "2018-07-20"


def test_the_page_speaks_english():
    client = client_of("officer")
    client.cookies["django_language"] = "en"
    page = client.get(reverse("decision", args=[ROUTING])).content.decode()
    assert "any of 33, 34" in page and "Market supervision" in page and "over 30" in page


def test_a_version_is_read_in_few_queries(django_assert_max_num_queries):
    client = client_of("officer")
    client.get(reverse("decision", args=[ROUTING]))
    with django_assert_max_num_queries(18):
        client.get(reverse("decision", args=[ROUTING]))


def test_the_page_says_how_often_each_row_fired(monkeypatch):
    monkeypatch.setitem(firing._counters, ROUTING, lambda key, number: Firings(500, 320, {"cosmetics": 41}))
    page = page_of(counts="1")
    assert "命中次数" in page and ">41<" in page and "500" in page and "320" in page
    assert "统计命中次数" in page_of()


@pytest.mark.parametrize("role", ["trader_clerk", "site_clerk", "gate_clerk"])
def test_who_does_not_work_with_the_tables_may_not_see_them(role):
    for address in (reverse("decision-list"), reverse("decision", args=[ROUTING])):
        assert client_of(role).get(address).status_code == 403


def test_nobody_passes_without_signing_in():
    for address in (reverse("decision-list"), reverse("decision-version", args=[ROUTING, 1])):
        assert Client().get(address).status_code in (302, 401)


def test_a_table_or_version_that_is_not_there_is_not_found():
    client = client_of("officer")
    assert client.get(reverse("decision", args=["nothing"])).status_code == 404
    assert client.get(reverse("decision-version", args=[ROUTING, 99])).status_code == 404
