"""A sheet with faults: told row by row on the page, written into the same workbook, and nothing in it carried out."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from kouan.accounts.access import NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.audit.types import SystemActor
from kouan.declarations.factories import make_sheet, make_values
from kouan.declarations.models import Sheet
from kouan.declarations.services.declaring_sheets import KEPT, declare_sheet, keep_sheet
from kouan.declarations.sheet_layouts import IMPORT
from kouan.declarations.sheet_marks import annotate, marks_of
from kouan.declarations.sheets import SheetParcel, read_sheet
from kouan.gateway.codes import SignerKind
from kouan.gateway.models import Message
from kouan.gateway.services.appointments import appoint_key_service
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key
from kouan.records.problems import Problem
from kouan.screens.marking import RESULT_TITLE

TITLES = [*IMPORT.titles.values()]
UNIT = Problem("-1", "/CEB621Message/Inventory[1]/InventoryList[2]/unit", "error", "=单位不对", "wrong", "@改", "mend")
WEIGHT = Problem("-2", "/CEB621Message/Inventory[1]/InventoryHead/netWeight", "warning", "净重可疑", "doubtful")
WHOLE = Problem("-3", "/CEB621Message/Inventory[1]", "error", "整票不对", "all wrong")


def say(problem):
    return problem.zh


def parcel(*problems):
    return SheetParcel(make_values(), [2, 5], list(problems))


def annotated(data, name="a.xlsx", parcels=None):
    return load_workbook(io.BytesIO(annotate(data, name, parcels or [parcel(UNIT, WEIGHT, WHOLE)], say)))


def column(title):
    return TITLES.index(title) + 1


SHEET = make_sheet([make_values() | {"goods": make_values()["goods"] * 4}])


def test_a_problem_stands_at_its_row_and_column():
    found = [(mark.row, mark.title) for mark in marks_of(parcel(UNIT, WEIGHT, WHOLE, WEIGHT))]
    assert found == [(5, "计量单位"), (2, "净重千克"), (2, "")]


def test_the_workbook_comes_back_with_colours_comments_and_a_result_column():
    page = annotated(SHEET).active
    result = len(TITLES) + 1
    assert page.cell(1, result).value == RESULT_TITLE
    assert page.cell(2, result).value == "净重千克：净重可疑\n整票不对"
    assert page.cell(5, result).value == "计量单位：=单位不对"
    unit, weight = page.cell(5, column("计量单位")), page.cell(2, column("净重千克"))
    assert (unit.comment.text, weight.comment.text) == ("=单位不对", "净重可疑")
    assert unit.fill.start_color.rgb != weight.fill.start_color.rgb
    assert page.cell(2, column("企业内部编号")).value == "C1"
    assert page.cell(3, result).value is None


def test_what_is_written_is_never_a_formula():
    raw = annotate(SHEET, "a.xlsx", [parcel(UNIT)], lambda problem: '=HYPERLINK("http://x","y")')
    cell = load_workbook(io.BytesIO(raw)).active.cell(5, len(TITLES) + 1)
    assert cell.data_type == "s"
    assert b"<f>" not in b"".join(zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml").split())


def test_formulas_and_links_of_the_workbook_do_not_come_back():
    book = load_workbook(io.BytesIO(SHEET))
    book.active.cell(2, column("商品名称")).value = "=cmd|' /C calc'!A0"
    book.active.cell(3, column("商品名称")).value = "+1"
    book.active.cell(3, column("商品名称")).data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    page = annotated(buffer.getvalue()).active
    assert page.cell(2, column("商品名称")).value is None
    assert (page.cell(3, column("商品名称")).value, page.cell(3, column("商品名称")).data_type) == ("+1", "s")


def test_what_the_clerk_made_of_the_workbook_stays_and_old_marks_go():
    book = load_workbook(io.BytesIO(annotate(SHEET, "a.xlsx", [parcel(UNIT, WEIGHT)], say)))
    book.active.cell(2, 1).font = Font(bold=True)
    book.active.cell(2, 1).comment = Comment("自己的批注", "clerk")
    book.create_sheet("第二页")
    buffer = io.BytesIO()
    book.save(buffer)
    again = annotated(buffer.getvalue(), parcels=[parcel(WHOLE)])
    page = again.active
    assert again.sheetnames[-1] == "第二页"
    assert page.cell(2, 1).font.bold and page.cell(2, 1).comment.text == "自己的批注"
    assert page.cell(5, column("计量单位")).comment is None
    assert page.cell(5, column("计量单位")).fill.fill_type is None
    assert [cell.value for cell in page[1]].count(RESULT_TITLE) == 1
    assert (page.cell(2, len(TITLES) + 1).value, page.cell(5, len(TITLES) + 1).value) == ("整票不对", "✓")


def test_a_csv_comes_back_as_a_workbook_of_texts():
    line = ",".join("=1+1" if title == "商品名称" else "C1" for title in TITLES)
    data = ("\n".join([",".join(TITLES), *[line] * 5])).encode("gb18030")
    page = annotated(data, "a.csv").active
    cell = page.cell(2, column("商品名称"))
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert page.cell(5, len(TITLES) + 1).value == "计量单位：=单位不对"


def test_the_annotated_workbook_reads_like_the_first_one():
    raw = annotate(SHEET, "a.xlsx", [parcel(UNIT)], say)
    assert [one.values for one in read_sheet(raw, "b.xlsx")] == [one.values for one in read_sheet(SHEET, "a.xlsx")]


# Services and doors --------------------------------------------------------------------------------------------------


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def clerk(db, at):
    firm = make_organisation("agent", customs_code="420196YS05", name_zh="演示报关")
    appoint_key_service(
        actor=SystemActor("t"), organisation_id=firm.pk, kind=SignerKind.TEST, document_no="委托 1",
        key=demo_rsa_key("演示报关", since=at), at=at,
    )  # fmt: skip
    return make_user(Role.TRADER_CLERK, organisation=firm)


def two_parcels():
    bad = make_values() | {"internal_no": "C2", "net_weight_kg": "9"}
    return make_sheet([make_values(), bad])


def test_a_sheet_is_declared_once_and_its_faults_are_left_out(clerk, at):
    sheet = keep_sheet(user=clerk, name="a.xlsx", data=two_parcels(), at=at)
    declared = declare_sheet(user=clerk, sheet_id=sheet.pk, at=at)
    assert (len(declared.message_ids), Message.objects.count()) == (4, 4)
    assert declare_sheet(user=clerk, sheet_id=sheet.pk, at=at).message_ids == declared.message_ids
    assert Message.objects.count() == 4


def test_a_sheet_that_was_never_declared_goes_after_a_month(clerk, at):
    keep_sheet(user=clerk, name="old.xlsx", data=two_parcels(), at=at - KEPT * 2)
    keep_sheet(user=clerk, name="new.xlsx", data=two_parcels(), at=at)
    assert list(Sheet.objects.values_list("name", flat=True)) == ["new.xlsx"]


def test_nobody_else_declares_it(clerk, at):
    sheet = keep_sheet(user=clerk, name="a.xlsx", data=two_parcels(), at=at)
    with pytest.raises(NotYours):
        declare_sheet(user=make_user(Role.TRADER_CLERK), sheet_id=sheet.pk, at=at)


def test_the_page_tells_row_by_row_gives_the_workbook_back_and_declares(clerk):
    client = Client()
    client.force_login(clerk)
    file = io.BytesIO(two_parcels())
    file.name = "清单.xlsx"
    page = client.post(reverse("upload-sheet"), {"file": file}, follow=True)
    assert "净重千克" in page.text and "1 票须改正" in page.text
    sheet = page.context["sheet"]
    back = client.get(reverse("annotated-sheet", args=[sheet.pk]))
    book = load_workbook(io.BytesIO(back.content)).active
    assert book.cell(3, column("净重千克")).comment
    assert "%E6%B8%85%E5%8D%95" in back["Content-Disposition"]
    declared = client.post(reverse("sheet", args=[sheet.pk]))
    assert declared.url.startswith(reverse("sheet-result"))
    assert client.get(reverse("sheet", args=[sheet.pk])).url == declared.url


def test_what_is_no_sheet_is_told_on_the_page(clerk):
    client = Client()
    client.force_login(clerk)
    file = io.BytesIO(b"PK\x03\x04 no sheet")
    file.name = "a.xlsx"
    assert "-950004" in client.post(reverse("upload-sheet"), {"file": file}).text
    assert not Sheet.objects.exists()
