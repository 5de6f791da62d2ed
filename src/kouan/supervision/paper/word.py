"""Papers as Word files, so that an office can go on writing in them."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from kouan.supervision.paper import layout
from kouan.supervision.paper.types import Block, Paper, Table

_RED = RGBColor(0xD7, 0x00, 0x0F)
_STYLES = {0: "body", 1: "first", 2: "second", 3: "body"}


def to_word(paper: Paper) -> bytes:
    """Set a paper as a Word file on the grid of 22 lines by 28 characters."""
    document = Document()
    _set_up(document)
    if paper.mark and paper.kind == "letter":
        _letter_head(document, paper)
    elif paper.mark:
        _line(document, paper.mark, "title", _mark_points(paper.mark, 44), colour=_RED, before=Mm(35))
        _line(document, paper.number, "body", layout.BODY_POINTS, before=Pt(layout.LINE_POINTS))
        if paper.printer or paper.date:
            _two_ends(document, paper.printer, paper.date, layout.BODY_POINTS)
        _border(document.add_paragraph(), "bottom", "D7000F", 12)
    if paper.title:
        _line(document, paper.title, "title", layout.TITLE_POINTS, before=Pt(layout.LINE_POINTS), after=Pt(16))
    if paper.addressee:
        _paragraph(document, f"{paper.addressee}：", "body", indent=False)
    for block in paper.blocks:
        _body(document, block)
    if paper.attendance:
        _paragraph(document, "", "body")
        for label, names in paper.attendance:
            _attended(document, label, names)
    if paper.kind == "letter" and (paper.signer or paper.date):
        _paragraph(document, "", "body")
        name, day = _characters(paper.signer), _characters(paper.date)
        left = min(layout.CHARACTERS - 2 - name, layout.CHARACTERS - 4 - day)
        for words, indent in ((paper.signer, left), (paper.date, left + 2)):
            signed = _paragraph(document, words, "body", align=WD_ALIGN_PARAGRAPH.LEFT, indent=False)
            signed.paragraph_format.left_indent = Pt(indent * layout.CHARACTER_POINTS)
    if paper.copies or (paper.printer and paper.mark):
        _imprint(document, paper)
    if paper.annex is not None:
        _annex(document, paper.annex, alone=not paper.mark and not paper.title)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_up(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH_MM), Mm(layout.PAGE_HEIGHT_MM)
    section.top_margin, section.left_margin = Mm(layout.TOP_MM), Mm(layout.LEFT_MM)
    section.right_margin = Mm(layout.PAGE_WIDTH_MM - layout.LEFT_MM - layout.TEXT_WIDTH_MM)
    section.bottom_margin = Mm(layout.PAGE_HEIGHT_MM - layout.TOP_MM - layout.TEXT_HEIGHT_MM)
    section.footer_distance = Mm(28 - 7)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(layout.LINE_POINTS * 20)))
    grid.set(qn("w:charSpace"), str(round((layout.CHARACTER_POINTS - layout.BODY_POINTS) * 4096)))
    normal = document.styles["Normal"]
    _dress(normal, "body", layout.BODY_POINTS)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    document.settings.odd_and_even_pages_header_footer = True
    _folio(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _folio(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _folio(footer: Any, align: Any) -> None:
    """— 1 — in 4号 宋体, at the right of odd pages and the left of even ones."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    run = paragraph.add_run("— ")
    _dress(run, "page", layout.NOTE_POINTS)
    field = paragraph.add_run()
    _dress(field, "page", layout.NOTE_POINTS)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        field._r.append(element)
    _dress(paragraph.add_run(" —"), "page", layout.NOTE_POINTS)


def _dress(thing: Any, font: str, points: float) -> None:
    name = layout.WORD_FONTS[font]
    thing.font.size = Pt(points)
    thing.font.name = "Times New Roman" if font == "body" else name
    properties = thing.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    fonts.set(qn("w:eastAsia"), name)


def _line(
    document: Any, text: str, font: str, points: float, *, colour: Any = None, before: Any = None, after: Any = None
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    _dress(run, font, points)
    if colour is not None:
        run.font.color.rgb = colour
    if before is not None:
        paragraph.paragraph_format.space_before = before
    if after is not None:
        paragraph.paragraph_format.space_after = after
    return paragraph


def _paragraph(document: Any, text: str, font: str, *, indent: bool = True, align: Any = None) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align if align is not None else WD_ALIGN_PARAGRAPH.JUSTIFY
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * layout.CHARACTER_POINTS)
    _dress(paragraph.add_run(text), font, layout.BODY_POINTS)
    return paragraph


def _body(document: Any, block: Block) -> None:
    _paragraph(document, block.text, _STYLES[block.level])


def _attended(document: Any, label: str, names: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Pt(5 * layout.CHARACTER_POINTS)
    paragraph.paragraph_format.first_line_indent = Pt(-3 * layout.CHARACTER_POINTS)
    _dress(paragraph.add_run(f"{label}："), "first", layout.BODY_POINTS)
    _dress(paragraph.add_run(names), "body", layout.BODY_POINTS)


def _two_ends(document: Any, left: str, right: str, points: float) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(layout.TEXT_WIDTH_MM), 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(points)
    _dress(paragraph.add_run(f"{left}\t{right}"), "body", points)
    return paragraph


def _letter_head(document: Any, paper: Paper) -> None:
    """10.1: the mark, a double line under it and one at the foot of the first page, which bears no number."""
    head = _line(document, paper.mark, "title", _mark_points(paper.mark, 40), colour=_RED)
    _border(head, "bottom", "D7000F", 24, "thickThinSmallGap")
    if paper.number:
        _paragraph(document, paper.number, "body", indent=False, align=WD_ALIGN_PARAGRAPH.RIGHT)
    section = document.sections[0]
    section.different_first_page_header_footer = True
    _border(section.first_page_footer.paragraphs[0], "bottom", "D7000F", 24, "thinThickSmallGap")


def _mark_points(words: str, wanted: int) -> int:
    """As large as wanted, and so that the mark stays on one line."""
    return min(wanted, int(150 * layout.POINTS_PER_MM / len(words)))


def _characters(words: str) -> int:
    """How many characters wide a line is; letters and digits count half."""
    return round(sum(0.5 if each.isascii() else 1 for each in words))


def _border(paragraph: Any, side: str, colour: str, eighths: int, kind: str = "single") -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.append(borders)
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)


def _imprint(document: Any, paper: Paper) -> None:
    """版记: thick lines above and below, a thin one between."""
    _paragraph(document, "", "body")
    first = None
    if paper.copies:
        first = document.add_paragraph()
        first.paragraph_format.left_indent = Pt(4 * layout.NOTE_POINTS)
        first.paragraph_format.first_line_indent = Pt(-3 * layout.NOTE_POINTS)
        _dress(first.add_run(f"抄送：{paper.copies}。"), "body", layout.NOTE_POINTS)
        _border(first, "top", "000000", 8)
    last = _two_ends(document, paper.printer, f"{paper.printed}印发", layout.NOTE_POINTS)
    _border(last, "top", "000000", 6 if first is not None else 8)
    _border(last, "bottom", "000000", 8)


def _annex(document: Any, table: Table, *, alone: bool) -> None:
    section = document.sections[0] if alone else document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(layout.PAGE_HEIGHT_MM), Mm(layout.PAGE_WIDTH_MM)
    section.left_margin, section.right_margin = Mm(26), Mm(35)
    section.top_margin = section.bottom_margin = Mm(28)
    _line(document, table.title, "title", 18, after=Pt(6))
    grid = document.add_table(rows=1, cols=len(table.heads))
    grid.style = "Table Grid"
    whole = sum(table.widths)
    for cell, head in zip(grid.rows[0].cells, table.heads, strict=True):
        _cell(cell, head, "first", WD_ALIGN_PARAGRAPH.CENTER)
    for row in table.rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            _cell(cell, text, "body", WD_ALIGN_PARAGRAPH.LEFT)
    for column, share in zip(grid.columns, table.widths, strict=True):
        for cell in column.cells:
            cell.width = Mm(236 * share / whole)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)


def _cell(cell: Any, text: str, font: str, align: Any) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    _dress(paragraph.add_run(text), font, 10.5)
