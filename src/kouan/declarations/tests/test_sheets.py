"""Sheets as people and attackers send them."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from kouan.declarations.sheet_layouts import IMPORT
from kouan.declarations.sheets import LIMITS, read_sheet
from kouan.screens.sheets import SheetNotReadable

TITLES = [*IMPORT.titles.values()]


def sheet(rows, titles=TITLES, formula=None) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    page.write_row(0, 0, titles)
    for number, row in enumerate(rows, start=1):
        for place, title in enumerate(titles):
            if title in row:
                page.write(number, place, row[title])
    if formula:
        page.write_formula(1, 0, formula, None, "")
    book.close()
    return buffer.getvalue()


def test_rows_of_one_number_make_one_parcel():
    rows = [{"企业内部编号": "C1", "商品名称": "甲", "数量": 2, "单价": 10.5}, {"企业内部编号": "C1", "商品名称": "乙"}]
    [parcel] = read_sheet(sheet(rows), "a.xlsx")
    assert (parcel.rows, len(parcel.values["goods"])) == ([2, 3], 2)
    assert parcel.values["goods"][0]["quantity"] == "2"
    assert parcel.values["goods"][0]["price"] == "10.5"


def test_heads_that_differ_are_told_and_nothing_is_lost():
    rows = [{"企业内部编号": "C1", "订单编号": "D1"}, {"企业内部编号": "C1", "订单编号": "D2"}]
    [parcel] = read_sheet(sheet(rows), "a.xlsx")
    assert [problem.code for problem in parcel.problems] == ["-950007"]
    assert parcel.values["order_no"] == "D1"


def test_a_row_without_number_is_told_at_its_row():
    [parcel] = read_sheet(sheet([{"商品名称": "甲"}]), "a.xlsx")
    assert parcel.problems[0].code == "-950006" and "2" in parcel.problems[0].zh


def test_a_formula_is_not_carried_out():
    [parcel] = read_sheet(sheet([{"商品名称": "甲"}], formula='=HYPERLINK("x")'), "a.xlsx")
    assert parcel.problems[0].code == "-950006"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "-950004"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "-950004"),
        (b"\xff\xfe\x00\xd8", "a.csv", "-950004"),
        (b"", "a.csv", "-950003"),
        ("甲,乙\n1,2\n".encode(), "a.csv", "-950005"),
        (b"x" * (10 * 1024 * 1024 + 1), "a.csv", "-950001"),
        (b"a" * 200_000, "a.csv", "-950004"),
        (b"," * 200, "a.csv", "-950002"),
    ],
)
def test_what_is_no_sheet_is_refused_with_its_reason(data, name, code):
    with pytest.raises(SheetNotReadable) as refusal:
        read_sheet(data, name)
    assert refusal.value.problem.code == code


def test_too_many_rows_are_refused_before_they_are_read():
    lines = ",".join(TITLES) + "\n" + "C1\n" * (LIMITS.rows + 1)
    with pytest.raises(SheetNotReadable) as refusal:
        read_sheet(lines.encode(), "a.csv")
    assert refusal.value.problem.code == "-950002"


def test_gb18030_is_read():
    text = ",".join(TITLES) + "\nC1\n"
    [parcel] = read_sheet(text.encode("gb18030"), "a.csv")
    assert parcel.values["internal_no"] == "C1"
