"""Sheets whose values do not begin in the first cell, and what a csv may hold."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from kouan.screens.sheets import Limits, SheetNotReadable, read_cells, read_rows


def _workbook(cells: dict[str, object]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        for place, value in cells.items():
            page.write(place, value)
    return buffer.getvalue()


def test_empty_rows_and_columns_before_the_first_value_keep_the_places_of_the_others():
    data = _workbook({"C2": "数量", "D3": 2, "C4": 1.5})
    assert read_rows(data, "a.xlsx", Limits()) == [
        ["", "", "", ""],
        ["", "", "数量", ""],
        ["", "", "", "2"],
        ["", "", "1.5", ""],
    ]
    assert read_cells(data, "a.xlsx", Limits())[2] == ["", "", "", 2.0]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"a" * 200_000, "a.csv", "-980004"),
        (b"," * 200, "a.csv", "-980002"),
        (b"a\n" * 50_002, "a.csv", "-980002"),
        (b"", "a.csv", "-980003"),
        (_workbook({}), "a.xlsx", "-980003"),
        (_workbook({"A1": "1", "ZZ1": "2"}), "a.xlsx", "-980002"),
    ],
)
@pytest.mark.parametrize("read", [read_cells, read_rows])
def test_what_cannot_be_read_is_refused_with_its_reason(read, data, name, code):
    with pytest.raises(SheetNotReadable) as refusal:
        read(data, name, Limits())
    assert refusal.value.problem.code == code


@pytest.mark.parametrize("read", [read_cells, read_rows])
def test_a_workbook_that_swells_is_refused_before_it_is_read(read):
    swollen = io.BytesIO(_workbook({"A1": "1"}))
    with zipfile.ZipFile(swollen, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/more.xml", "w") as part:
        for _ in range(520):
            part.write(bytes(1024 * 1024))
    with pytest.raises(SheetNotReadable, match="too large when it is unpacked"):
        read(swollen.getvalue(), "a.xlsx", Limits())
