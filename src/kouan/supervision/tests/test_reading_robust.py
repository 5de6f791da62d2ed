"""Whatever the text: an answer, never a crash; every place lies in the text and shows what it claims."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kouan.supervision.reading.document import read_document, read_file
from kouan.supervision.reading.layout import Sheet, mended
from kouan.supervision.reading.problems import LONGEST_TEXT
from kouan.supervision.reading.types import DocumentReading, Span

PIECES = [
    "一、",
    "二、",
    "（一）",
    "（二）",
    "1.",
    "2．",
    "（1）",
    "①",
    "第一条 ",
    "第一章 ",
    "附件1",
    "\n",
    "\r\n",
    "\f",
    " ",
    "　",
    "。",
    "；",
    "：",
    "（",
    "）",
    "(",
    ")",
    "〔",
    "〕",
    "〈",
    "〉",
    "《",
    "》",
    "“",
    "”",
    "、",
    "，",
    "责任单位：",
    "牵头单位:",
    "（责任单位：",
    "市商务局",
    "市商务局〈市口岸办〉",
    "武汉东湖新技术开发区、",
    "江夏区人民政府",
    "省财政厅、商务厅",
    "等国务院相关部门",
    "牵头",
    "按职责分工负责",
    "配合",
    "以下均需各区落实，不再列出",
    "下同",
    "排在第一位的部门为牵头部门，下同",
    "2021年6月底前",
    "12月底前",
    "每月10日前",
    "有效期5年",
    "每年新开3至5条国际航线",
    "不低于30%",
    "最高100万元、50万元",
    "联席会议由",
    "任联席会议第一召集人",
    "为成员",
    "办公室设在市商务局",
    "抄送：",
    "关于加强工作的通知",
    "武政〔2018〕33号",
    "各区人民政府：",
    "序号,任务,责任单位\n",
    "1,建设,市商务局\n",
    "|序号|任务|责任单位|\n",
    '"',
    "\t",
    "— 2 —\n",
    "0",
    "9999年99月99日",
    "\ud7ff",
    "\U0001f6a2",
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map("".join)


def spans_of(node: object, key: str = "") -> Iterator[Span]:
    """Yield every span within the plain form of a reading."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from spans_of(value, name)
    elif isinstance(node, list):
        if len(node) == 2 and all(isinstance(one, int) for one in node) and key in SPANS:
            yield node[0], node[1]
        else:
            for one in node:
                yield from spans_of(one, key)


SPANS = {"span", "scope", "notes", "gaps", "issuer", "number", "title", "addressee", "date", "copies"}


def without_gaps(reading: DocumentReading, span: Span) -> str:
    """Give the characters of a span without the damage of page breaks."""
    return "".join(
        sign
        for at, sign in enumerate(reading.text[slice(*span)], start=span[0])
        if not any(first <= at < last for first, last in reading.gaps)
    )


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_text_has_an_answer_whose_places_lie_in_it(text):
    reading = read_document(text)
    for start, end in spans_of(reading.to_dict()):
        assert 0 <= start <= end <= len(text)
    for task in reading.tasks:
        for one in (*task.deadlines, *task.figures, *task.measures):
            assert one.text == without_gaps(reading, one.span)
        for unit in task.units:
            assert unit.name and "\n" not in unit.name
        assert task.notes
    clauses = [(one.part, one.label) for one in reading.clauses]
    assert len(set(clauses)) == len(clauses)
    assert len({(task.part, task.clause) for task in reading.tasks}) == len(reading.tasks)
    assert all(clauses[one.parent][0] == one.part for one in reading.clauses if one.parent is not None)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_the_flow_leads_back_to_the_text(text):
    sheet = Sheet(text)
    assert sheet.words(0, len(sheet.flow)) == mended(text)
    kept = [at for at in range(len(text)) if not any(start <= at < end for start, end in sheet.gaps)]
    assert [sheet.place(at) for at in range(len(sheet.flow))] == kept


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.docx", "a.pdf", "a.html", "a.md", "a.xyz", "-"]))
def test_any_file_has_an_answer(content, name):
    reading = read_file(content, name)
    assert reading.is_readable or reading.problems


@pytest.mark.parametrize(
    "head", [b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]
)
def test_what_only_begins_like_a_file_is_named(head):
    reading = read_file(head + bytes(range(256)) * 4, "a")
    assert reading.problems
    for problem in reading.problems:
        assert problem.zh and problem.en and problem.fix_zh and problem.fix_en


def test_a_text_beyond_all_bounds_is_refused():
    assert [one.code for one in read_document("口" * (LONGEST_TEXT + 1)).problems] == ["document.text_too_long"]


def test_a_document_of_three_hundred_pages_is_read():
    article = "（{}）完善口岸功能。" + "统筹推进口岸建设，提高通关效率。" * 30 + "（责任单位：市商务局、市财政局）\n"
    text = "一、重点任务\n" + "".join(article.format("一二三四五六七八九十"[at % 10]) for at in range(380))
    assert len(text) > 300 * 22 * 28
    reading = read_document(text)
    assert len(reading.tasks) == 380
    assert all(len(task.units) == 2 for task in reading.tasks)
