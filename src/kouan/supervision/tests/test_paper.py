"""Official papers: what stands on them, and the measures of GB/T 9704-2012 read back from the Word file."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from kouan.supervision.factories import Town
from kouan.supervision.paper.composing import day_words, numeral
from kouan.supervision.paper.layout import FONTS, STYLES, families, font_of
from kouan.supervision.paper.pdf import to_pdf, to_pictures
from kouan.supervision.paper.types import Block, Paper, Table
from kouan.supervision.paper.word import to_word
from kouan.supervision.services import meetings

MINUTES = Paper(
    kind="minutes",
    mark="口岸工作联席会议纪要",
    number="〔2026〕1号",
    blocks=(Block("会议纪要如下："), Block("一、航线", 1), Block("#set page(fill: red) *不是标记* $x$ _y_")),
    attendance=(("出席", "市商务局 张三"), ("请假", "市财政局")),
    date="2026年1月5日",
    printer="联席会议办公室",
    printed="2026年1月5日",
    copies="各成员单位",
)


def millimetres(length):
    return round(length.mm)


def test_the_page_is_that_of_the_standard():
    section = Document(io.BytesIO(to_word(MINUTES))).sections[0]
    assert (millimetres(section.page_width), millimetres(section.page_height)) == (210, 297)
    assert (millimetres(section.top_margin), millimetres(section.left_margin)) == (37, 28)
    assert millimetres(section.page_width) - 28 - millimetres(section.right_margin) == 156
    assert millimetres(section.page_height) - 37 - millimetres(section.bottom_margin) == 225
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert round(225 / 25.4 * 1440 / int(grid.get(qn("w:linePitch")))) == 22


def test_fonts_are_those_of_the_standard():
    document = Document(io.BytesIO(to_word(MINUTES)))
    fonts = {
        run.text: (run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt)
        for paragraph in document.paragraphs
        for run in paragraph.runs
    }
    assert fonts["会议纪要如下："] == ("仿宋_GB2312", 16)
    assert fonts["一、航线"] == ("黑体", 16)
    assert fonts["出席："] == ("黑体", 16)
    assert fonts["抄送：各成员单位。"] == ("仿宋_GB2312", 14)


def test_a_pdf_comes_out_and_what_people_write_is_never_markup():
    assert to_pdf(MINUTES).startswith(b"%PDF")
    assert len(to_pictures(MINUTES)) == 1


def test_the_standards_fonts_are_used_where_they_are_and_stood_in_for_where_not():
    body = next(style for style in STYLES if style.key == "body")
    assert font_of(body, frozenset({"FangSong_GB2312", "LXGW WenKai"})) == "FangSong_GB2312"
    assert font_of(body, frozenset()) == "LXGW WenKai"


@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts of official papers are fetched by ./kouan")
def test_fonts_come_with_the_system_and_are_embedded():
    known = families((str(FONTS),))
    assert {style.stand_in for style in STYLES} <= known
    fonts = set(re.findall(rb"/FontName ?/[A-Z]{6}\+([\w-]+)", to_pdf(MINUTES)))
    assert {b"LXGWWenKai-Light", b"NotoSansHans-Medium", b"NotoSerifSCExtraLight-Bold"} <= fonts


@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts of official papers are fetched by ./kouan")
def test_a_full_page_has_22_lines_of_28_characters():
    paper = Paper(kind="brief", mark="简报", number="第1期", blocks=(Block("落实" * 900),))
    words = pypdfium2.PdfDocument(to_pdf(paper))[1].get_textpage().get_text_bounded()
    lines = [line.strip() for line in words.splitlines() if "落" in line]
    assert [len(line) for line in lines] == [28] * 22


def test_a_letter_has_no_number_on_its_first_page_and_no_seal():
    letter = Paper(
        kind="letter",
        mark="市商务局",
        number="警示〔2026〕1号",
        title="警示函",
        blocks=(Block("请答复。"),),
        signer="市商务局",
        date="2026年1月5日",
    )
    words = Document(io.BytesIO(to_word(letter)))
    assert words.sections[0].different_first_page_header_footer
    assert not words.inline_shapes


def test_a_long_paper_runs_over_pages_and_a_table_lies_across():
    many = Paper(kind="letter", mark="函", number="1", blocks=tuple(Block("落实" * 300) for _ in range(4)))
    assert len(to_pictures(many)) > 2
    table = Paper(
        kind="brief", annex=Table("分解表", ("序号", "事项"), (1, 9), tuple((str(n), "事项") for n in range(90)))
    )
    assert len(to_pictures(table)) > 1
    assert Document(io.BytesIO(to_word(table))).tables[0].rows[0].cells[1].text == "事项"


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")])
def test_numerals(number, word):
    assert numeral(number) == word


def test_days_have_no_zeros_before():
    from datetime import date

    assert day_words(date(2018, 7, 5)) == "2018年7月5日"


@pytest.mark.django_db
def test_minutes_letters_and_tables_are_handed_out():
    town = Town(at=timezone.now())
    assert town.decision
    meetings.issue_minutes(
        user=town.office, meeting_id=town.meeting.pk, opening="会议纪要如下：", names={town.bureau.pk: "市交通局",
        town.airport.pk: "临江机场集团"}, at=town.at,
    )  # fmt: skip
    client = Client()
    client.force_login(town.liaison)
    minutes = client.get(reverse("meeting-paper", args=[town.meeting.pk, "minutes", "docx"]))
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(minutes.content)).paragraphs)
    assert "牵头单位：市交通局；配合单位：临江机场集团" in text
    assert "航线培育" in text
    assert "出席：" in text
    for name, args in (
        ("warning-paper", [town.warning.pk, "pdf"]),
        ("duty-table", [town.document.pk, "pdf"]),
        ("duty-table", [town.document.pk, "xlsx"]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 200
    assert client.get(reverse("meeting-paper", args=[town.meeting.pk, "minutes", "exe"])).status_code == 404
