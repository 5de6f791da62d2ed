"""Files of a list: what they hold, how far they go, and that nothing in them can run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from openpyxl import load_workbook

from kouan.screens.lists import Column, ListPage, TextFilter, exports

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
ATTACKS = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1+1", "＋1", "－1", "＠x", '=HYPERLINK("x")']

PAGE = ListPage(
    key="files",
    title="样品",
    columns=[
        Column("label", "名称", sort="label"),
        Column("score", "分数", kind="quantity"),
        Column("value", "金额", "value_fen", kind="money", unit="元"),
        Column("seen", "见到", "seen_at", kind="when"),
        Column("long", "长号", lambda row: "420106199001011234"),
    ],
    filters=[TextFilter("q", "名称", fields=["label"])],
    default_sort="label",
    export_limit=30,
)


def ask(query: str) -> Any:
    request = RequestFactory().get(f"/samples{query}")
    request.user = get_user_model()(username="demo", name="演示")
    return request


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def sheet_of(response: Any) -> Any:
    return load_workbook(io.BytesIO(content(response)))


@pytest.fixture
def rows(samples: Any) -> Any:
    samples.objects.create(label="甲", rank=1, score=Decimal("-2.50"), value_fen=123_456, seen_at=NOW)
    samples.objects.create(label="乙", rank=2)
    return samples.objects.all()


def test_numbers_times_and_blanks_keep_their_kind(rows: Any) -> None:
    book = sheet_of(PAGE.respond(ask("?export=xlsx"), rows, at=NOW))
    table = list(book.worksheets[0].iter_rows(values_only=True))
    assert table[0] == ("名称", "分数", "金额（元）", "见到", "长号")
    by_name = {row[0]: row for row in table[1:]}
    assert by_name["甲"] == ("甲", -2.5, 1234.56, datetime.fromisoformat("2026-11-22T14:05"), "420106199001011234")
    assert by_name["乙"] == ("乙", None, 0, None, "420106199001011234")


def test_the_second_sheet_says_where_it_came_from(rows: Any) -> None:
    book = sheet_of(PAGE.respond(ask("?export=xlsx&q=甲"), rows, at=NOW))
    notes = dict(book.worksheets[1].iter_rows(values_only=True))
    assert notes["筛选"] == "名称：甲"
    assert notes["数据时间"] == "2026-11-22 14:05:00 +0800"
    assert notes["行数"] == "1"


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_is_a_formula(samples: Any, attack: str) -> None:
    samples.objects.create(label=attack, rank=1)
    book = sheet_of(PAGE.respond(ask("?export=xlsx"), samples.objects.all(), at=NOW))
    cell = book.worksheets[0]["A2"]
    assert cell.data_type == "s"
    # openpyxl reads line breaks back as \n, as XML does.
    assert cell.value.replace("\r", "\n").replace("_x000D_", "\n") == attack.replace("\r", "\n")
    text = content(PAGE.respond(ask("?export=csv"), samples.objects.all(), at=NOW)).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert lines[1][0] == "'" + attack


def test_csv_numbers_stay_numbers_even_below_zero(rows: Any) -> None:
    text = content(PAGE.respond(ask("?export=csv"), rows, at=NOW)).decode("utf-8-sig")
    line = next(row for row in csv.reader(io.StringIO(text)) if row[0] == "甲")
    assert line == ["甲", "-2.50", "1234.56", "2026-11-22 14:05:00", "420106199001011234"]


def test_at_the_limit_the_file_says_that_it_is_cut(samples: Any) -> None:
    samples.objects.bulk_create(samples(label=f"{number:03}", rank=0) for number in range(31))
    response = PAGE.respond(ask("?export=xlsx"), samples.objects.all(), at=NOW)
    assert response["X-Row-Count"] == "30"
    notes = dict(sheet_of(response).worksheets[1].iter_rows(values_only=True))
    assert "30" in notes["注意"]


def test_every_export_is_told_before_it_leaves(rows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[exports.Export] = []
    monkeypatch.setattr(exports, "_auditors", [lambda request, export: told.append(export)])
    PAGE.respond(ask("?export=csv&q=甲"), rows, at=NOW)
    (export,) = told
    assert (export.list_key, export.kind, export.row_count, export.is_cut) == ("files", "csv", 1, False)
    assert export.filters == (("q", "•"),)


def test_an_auditor_that_fails_keeps_the_file_back(rows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: Any, export: Any) -> None:
        raise RuntimeError("no audit, no file")

    monkeypatch.setattr(exports, "_auditors", [refuse])
    with pytest.raises(RuntimeError):
        PAGE.respond(ask("?export=csv"), rows, at=NOW)


def test_a_list_without_exports_answers_with_its_page(rows: Any) -> None:
    closed = ListPage(key="closed", title="样品", columns=PAGE.columns, export_limit=0)
    assert b"<!doctype html>" in closed.respond(ask("?export=xlsx"), rows, at=NOW).content
