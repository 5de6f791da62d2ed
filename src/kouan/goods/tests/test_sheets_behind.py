"""Spreadsheets of goods declarations, worked on behind the page: tried, annotated, sent, and refused by name."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.goods import factories as make
from kouan.goods import selectors
from kouan.goods.composing import values_of
from kouan.goods.models import GoodsDeclaration
from kouan.goods.services.sheeting import annotate_sheet, ask_to_send, keep_sheet, send_sheet, try_sheet
from kouan.goods.sheets import HEAD_COLUMNS, LINE_COLUMNS
from kouan.kernel.dates import CHINA_TIME
from kouan.screens.marking import MOST_KEPT_ROWS, RESULT_TITLE

AT = datetime(2026, 11, 23, 10, tzinfo=CHINA_TIME)
TITLES = {**HEAD_COLUMNS, **LINE_COLUMNS}
pytestmark = pytest.mark.django_db


def _workbook(count: int = 3, *, options: dict[str, Any] | None = None, change: Any = None, empty: int = 0) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **(options or {})})
    page = book.add_worksheet()
    page.write_row(0, 0, list(TITLES.values()))
    at = 1
    for number in range(count):
        values = values_of(make_declaration(number, day=make.DAY, lines=2))
        for line in values["goods"]:
            for place, name in enumerate(TITLES):
                page.write_string(at, place, str((values | line).get(name, "")))
            at += 1
    if empty:
        page.write_string(at + empty, 0, "K1")
    if change:
        change(page)
    book.close()
    return buffer.getvalue()


@pytest.fixture
def clerk() -> Any:
    return make_user(Role.TRADER_CLERK, organisation=make.make_agent())


def _tried(clerk: Any, data: bytes, name: str = "sheet.xlsx") -> Any:
    sheet = keep_sheet(user=clerk, name=name, data=data, at=AT)
    try_sheet(sheet_id=sheet.pk, at=AT)
    return selectors.get_sheet(user=clerk, pk=sheet.pk)


def test_a_sheet_is_tried_sent_and_sent_once(clerk) -> None:
    make.make_window(clerk.organisation_id)
    sheet = _tried(clerk, _workbook())
    assert (sheet.state, sheet.total, sheet.done, sheet.fit) == ("tried", 3, 3, 3)
    ask_to_send(user=clerk, sheet_id=sheet.pk, at=AT)
    send_sheet(sheet_id=sheet.pk, at=AT)
    send_sheet(sheet_id=sheet.pk, at=AT)
    ask_to_send(user=clerk, sheet_id=sheet.pk, at=AT)
    sheet = selectors.get_sheet(user=clerk, pk=sheet.pk)
    assert (sheet.state, sheet.sent, selectors.outcome_of_sheet(sheet)["waiting"]) == ("sent", 3, 3)
    make.work(at=AT)
    assert GoodsDeclaration.objects.count() == 3
    assert selectors.outcome_of_sheet(sheet) == {"stored": 3, "refused": 0, "waiting": 0}


def test_sending_that_was_cut_off_goes_on_where_it_stopped(clerk) -> None:
    sheet = _tried(clerk, _workbook())
    ask_to_send(user=clerk, sheet_id=sheet.pk, at=AT)
    type(sheet).objects.filter(pk=sheet.pk).update(done=2, sent=2)
    send_sheet(sheet_id=sheet.pk, at=AT)
    make.work(at=AT)
    assert [row.client_no for row in GoodsDeclaration.objects.all()] == [
        values_of(make_declaration(2, day=make.DAY))["client_no"]
    ]


def _annotated(clerk: Any, sheet: Any) -> Any:
    data = annotate_sheet(user=clerk, sheet_id=sheet.pk, say=lambda one: one.zh)
    return load_workbook(io.BytesIO(data)).worksheets[0]


def _spoil(page: Any) -> None:
    page.write_string(2, list(TITLES).index("quantity"), "三")


def test_a_faulty_workbook_comes_back_with_its_faults_written_in(clerk) -> None:
    sheet = _tried(clerk, _workbook(change=_spoil))
    assert (sheet.fit, len(sheet.problems)) == (2, 1)
    page = _annotated(clerk, sheet)
    cell = page.cell(3, list(TITLES).index("quantity") + 1)
    assert cell.value == "三" and cell.comment is not None and cell.fill.fill_type == "solid"
    result = [row[-1].value for row in page.iter_rows(min_row=1)]
    assert result[0] == RESULT_TITLE and "成交数量" in result[2] and result[1] == result[3] == "✓"


def test_a_large_workbook_is_annotated_row_by_row(clerk) -> None:
    sheet = _tried(clerk, _workbook(change=_spoil, empty=MOST_KEPT_ROWS))
    page = _annotated(clerk, sheet)
    cell = page.cell(3, list(TITLES).index("quantity") + 1)
    assert cell.value == "三" and cell.fill.fill_type == "solid"
    assert page.cell(1, len(TITLES) + 1).value == RESULT_TITLE and "成交数量" in str(
        page.cell(3, len(TITLES) + 1).value
    )


def _formula(page: Any) -> None:
    page.write_formula(1, 3, "=1+1")


def _merged(page: Any) -> None:
    page.merge_range(1, 0, 2, 0, "K1")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: _workbook(change=_formula), "-980005"),
        (lambda: _workbook(change=_merged), "-980006"),
        (lambda: _workbook(options={"date_1904": True}), "-980007"),
        (lambda: b"a\n" * 100_001, "-980002"),
        (lambda: b"PK\x03\x04 nothing", "-980004"),
    ],
)
def test_what_could_be_misread_is_refused_by_name(clerk, data: Any, code: str) -> None:
    name = "sheet.csv" if code == "-980002" else "sheet.xlsx"
    sheet = _tried(clerk, data(), name)
    assert sheet.state == "unreadable"
    assert [mark["problem"]["code"] for mark in sheet.problems[0]["marks"]] == [code]


def test_100_000_rows_get_their_answer_without_being_read(clerk) -> None:
    sheet = _tried(clerk, _workbook(1, empty=100_000))
    assert sheet.problems[0]["marks"][0]["problem"]["code"] == "-980002"
