"""The same document as text, web page, Word and PDF gives the same tasks; what cannot be read says why."""

from __future__ import annotations

import io
import zipfile

import pytest

from kouan.supervision.reading.document import read_file
from kouan.supervision.reading.files import text_of
from kouan.supervision.reading.problems import LARGEST_FILE, UnreadableFile

PARAGRAPHS = [
    "关于加强口岸工作的意见",
    "各区人民政府，市人民政府各部门：",
    "一、重点任务",
    "（一）优化通关流程。统筹推进两步申报，持续压缩整体通关时间，提高口岸通行效率和服务水平。（牵头单位：市商务局〈市口岸办〉；配合单位：武汉海关、市财政局）",
    "（二）完善基础设施。建成码头2座。（责任单位：武汉东湖新技术开发区、武汉经济技术开发区管委会）",
]
UNITS = [
    ("一(一)", "市商务局", "lead"),
    ("一(一)", "武汉海关", "support"),
    ("一(一)", "市财政局", "support"),
    ("一(二)", "武汉东湖新技术开发区管委会", "responsible"),
    ("一(二)", "武汉经济技术开发区管委会", "responsible"),
]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def units_of(content: bytes, name: str) -> list[tuple[str, str, str]]:
    return [(task.clause, unit.name, unit.role) for task in read_file(content, name).tasks for unit in task.units]


def codes_of(content: bytes, name: str) -> list[str]:
    return [one.code.removeprefix("document.") for one in read_file(content, name).problems]


def word(body: str, **parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(f"word/{name}.xml", text)
    return stream.getvalue()


def paragraph(text: str, before: str = "") -> str:
    return f"<w:p>{before}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def pdf(pages: list[list[tuple[int, str]]], trailer: str = "") -> bytes:
    """Write a PDF with a Chinese font that is not embedded: a list of (indent in points, line) for each page."""
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    ]
    for at, lines in enumerate(pages):
        drawn = "".join(
            f"BT /F1 16 Tf {80 + indent} {760 - 28 * row} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
            for row, (indent, text) in enumerate(lines)
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * at} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream")
    raw = b"%PDF-1.7\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(raw))
        raw += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(raw)}\n%%EOF"
    return raw + end.encode()


def lines_of(paragraphs: list[str], width: int = 26) -> list[tuple[int, str]]:
    """Set paragraphs as a printer does: first lines indented by two signs, full lines of the same width."""
    lines = []
    for text in paragraphs:
        lines.append((32, text[: width - 2]))
        lines += [(0, text[at : at + width]) for at in range(width - 2, len(text), width)]
    return lines


def test_a_text_is_left_as_it_is():
    text = "\n".join(PARAGRAPHS)
    assert text_of(text.encode(), "a.txt") == text
    assert text_of(text.encode("gb18030"), "a.txt") == text
    assert text_of(text.encode("utf-8-sig"), "a.txt") == text
    assert text_of(text.encode("utf-16"), "a.txt") == text
    assert units_of(text.encode("gb18030"), "a.txt") == UNITS
    assert units_of(text.replace("\n", "\r\n").encode(), "a.md") == UNITS


def test_a_web_page():
    page = "".join(f"<p style='text-indent:2em'><span>{one}</span></p>" for one in PARAGRAPHS)
    page = page.replace("〈", "&lt;").replace("〉", "&gt;")
    head = "<!DOCTYPE html><html><head><title>x</title><script>责任单位：甲</script></head>"
    page = f"{head}<body><nav>首页</nav>{page}</body>"
    assert units_of(page.encode(), "a.html") == UNITS
    assert units_of(page.replace("<head>", "<head><meta charset=gbk>").encode("gbk"), "a.htm") == UNITS
    assert "首页" not in text_of(page.encode(), "a.html")


def test_a_table_in_a_web_page_keeps_its_merged_cells():
    page = (
        "<html><body><table><tr><th>序号</th><th>工作任务</th><th>主要内容</th><th>责任单位</th></tr>"
        "<tr><td rowspan=2>1</td><td rowspan=2>建设</td><td>建码头</td><td>市交通局</td></tr>"
        "<tr><td>建机场</td><td>市商务局<br>市财政局</td></tr></table></body></html>"
    )
    assert units_of(page.encode(), "a.html") == [
        ("1", "市交通局", "responsible"),
        ("1-2", "市商务局", "responsible"),
        ("1-2", "市财政局", "responsible"),
    ]


def test_a_word_document():
    assert units_of(word("".join(map(paragraph, PARAGRAPHS))), "a.docx") == UNITS


def test_automatic_numbers_of_word_are_written_out():
    numbering = (
        f"<w:numbering {W}><w:abstractNum w:abstractNumId='7'>"
        "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>"
        "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='（%2）'/></w:lvl>"
        "</w:abstractNum><w:num w:numId='3'><w:abstractNumId w:val='7'/></w:num></w:numbering>"
    )

    def numbered(level: int, text: str) -> str:
        return paragraph(text, f"<w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='3'/></w:numPr></w:pPr>")

    body = numbered(0, "总体要求") + numbered(0, "任务")
    body += numbered(1, "甲。（责任单位：市商务局）") + numbered(1, "乙。（责任单位：市财政局）")
    found = units_of(word(body, numbering=numbering), "a.docx")
    assert found == [("二(一)", "市商务局", "responsible"), ("二(二)", "市财政局", "responsible")]


def test_deleted_words_are_out_and_inserted_words_are_in():
    body = (
        "<w:p><w:r><w:t>一、甲。（责任单位：</w:t></w:r><w:del><w:r><w:delText>市财政局</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>市商务局）</w:t></w:r></w:ins></w:p>"
    )
    assert units_of(word(body), "a.docx") == [("一", "市商务局", "responsible")]


def test_a_pdf_gives_its_paragraphs():
    lines = lines_of(PARAGRAPHS)
    pages = [[*lines[:6], (200, "— 1 —")], [*lines[6:], (200, "— 2 —")]]
    assert text_of(pdf(pages), "a.pdf").split("\n") == PARAGRAPHS
    assert units_of(pdf(pages), "a.pdf") == UNITS


def test_a_scan_says_so():
    assert codes_of(pdf([[], []]), "a.pdf") == ["scanned"]
    assert codes_of(pdf([lines_of(PARAGRAPHS), []]), "a.pdf") == ["scanned_in_part"]


def test_an_encrypted_file_says_so():
    locked = "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{}> /U <{}> >> /ID [<00><00>]".format(
        "ab" * 32, "cd" * 32
    )
    assert codes_of(pdf([lines_of(PARAGRAPHS)], locked), "a.pdf") == ["encrypted"]
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert codes_of(office, "a.docx") == ["encrypted"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"%PDF-1.7\nnothing", "a.pdf", "damaged"),
        (b"PK\x03\x04nothing", "a.docx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a.doc", "kind_unknown"),
        (b"\x00\x01\x02", "a.ofd", "kind_unknown"),
        (b"", "a.txt", "empty"),
        (b" \n\n ", "a.txt", "empty"),
        (bytes(range(128, 256)) * 20, "a.txt", "encoding"),
    ],
)
def test_what_cannot_be_read_says_why(content, name, code):
    assert codes_of(content, name) == [code]


def test_a_zip_that_is_no_document_and_one_with_entities():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "x")
    assert codes_of(stream.getvalue(), "a.zip") == ["kind_unknown"]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "word/document.xml", f"<!DOCTYPE x [<!ENTITY a 'b'>]><w:document {W}><w:body>&a;</w:body></w:document>"
        )
    assert codes_of(stream.getvalue(), "a.docx") == ["damaged"]


def test_a_file_beyond_all_bounds_is_refused():
    with pytest.raises(UnreadableFile) as refused:
        text_of(b" " * (LARGEST_FILE + 1), "a.txt")
    assert refused.value.problem.code == "document.file_too_large"
