"""Files attached to a declaration: passive ones pass whatever their bytes look like, active ones do not hide."""

import io
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from kouan.gateway.standards.dec.attached_files import LARGEST_FILE, MOST_OBJECTS, check_file
from kouan.gateway.standards.dec.generate import make_pdf

PDF = make_pdf()


def codes_of(content: bytes) -> list[str]:
    return [one.code for one in check_file("a.pdf", content)]


def written(change=lambda writer: None) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PDF)))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def named(**names) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in names.items()})


def action(kind: str) -> DictionaryObject:
    return named(S=NameObject(kind), URI=TextStringObject("x"))


def packed(objects: list[bytes]) -> bytes:
    """A PDF all of whose objects but the streams stand in one compressed object stream, as editors write them."""
    made = b"%PDF-1.5\n"
    head, body = b"", b""
    for number, one in enumerate(objects, 1):
        head += b"%d %d " % (number, len(body))
        body += one + b" "
    squeezed = zlib.compress(head + body)
    stream_no, table_no = len(objects) + 1, len(objects) + 2
    at_stream = len(made)
    made += b"%d 0 obj<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (
        stream_no, len(objects), len(head), len(squeezed),
    ) + squeezed + b"\nendstream endobj\n"  # fmt: skip
    at_table = len(made)
    rows = b"\0\0\0\0\xff" + b"".join(
        b"\x02" + stream_no.to_bytes(3, "big") + bytes([index]) for index in range(len(objects))
    )
    rows += b"\x01" + at_stream.to_bytes(3, "big") + b"\0" + b"\x01" + at_table.to_bytes(3, "big") + b"\0"
    made += b"%d 0 obj<</Type/XRef/Size %d/W[1 3 1]/Root 1 0 R/Length %d>>stream\n" % (
        table_no, table_no + 1, len(rows),
    ) + rows + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % at_table  # fmt: skip
    return made


PACKED = [
    b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
]  # fmt: skip


def test_plain_files_pass():
    assert codes_of(PDF) == []
    assert codes_of(written()) == []
    assert codes_of(packed(PACKED)) == []


def test_a_scan_whose_bytes_look_like_names_passes():
    noise = random.Random(1).randbytes(2_000_000) + b" /JS /Launch /XFA /EmbeddedFile "

    def add_picture(writer: PdfWriter) -> None:
        picture = StreamObject()
        picture.set_data(noise)
        picture.update(named(Type=NameObject("/XObject"), Subtype=NameObject("/Image"), Width=NumberObject(1)))
        writer.pages[0][NameObject("/Resources")][NameObject("/XObject")] = named(I=writer._add_object(picture))

    assert b"/JS" in written(add_picture)
    assert codes_of(written(add_picture)) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda writer: writer.root_object.update(named(Names=named(JavaScript=named(Names=ArrayObject())))),
        lambda writer: writer.add_attachment("a.exe", b"MZ"),
        lambda writer: writer.root_object.update(named(OpenAction=action("/JavaScript"))),
        lambda writer: writer.root_object.update(named(OpenAction=writer._add_object(action("/Launch")))),
        lambda writer: writer.root_object.update(named(AcroForm=named(XFA=ArrayObject()))),
        lambda writer: writer.root_object.update(named(Fields=ArrayObject([named(A=action("/SubmitForm"))]))),
        lambda writer: writer.pages[0].update(named(AA=named(O=action("/JavaScript")))),
        lambda writer: writer.pages[0].update(
            named(Annots=ArrayObject([named(Type=NameObject("/Annot"), Subtype=NameObject("/RichMedia"))]))
        ),
        lambda writer: writer.root_object.update(
            named(OpenAction=DictionaryObject({NameObject("/S"): writer._add_object(NameObject("/JavaScript"))}))
        ),
        lambda writer: writer.encrypt("secret", algorithm="RC4-128"),
    ],
    ids=["script", "attachment", "open", "launch", "xfa", "submit", "page", "media", "by reference", "encrypted"],
)  # fmt: skip
def test_what_acts_by_itself_is_refused(change):
    assert codes_of(written(change)) == ["-960063"]


def test_names_do_not_hide_in_signs_or_in_packed_objects():
    hidden = PDF.replace(b"<</Type/Catalog", b"<</OpenAction<</S/J#61vaScript/J#53(x)>>/Type/Catalog")
    assert b"/JavaScript" not in hidden
    assert codes_of(hidden) == ["-960063"]
    inside = packed([PACKED[0].replace(b">>", b"/OpenAction<</S/Launch/F(cmd.exe)>>>>"), *PACKED[1:]])
    assert b"/Launch" not in inside
    assert codes_of(inside) == ["-960063"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00", "-960061"),
        (PDF[:-7], "-960062"),
        (b"%PDF-1.4\n%%EOF\n", "-960071"),
        (b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", "-960071"),
        (packed(PACKED[:2]), "-960071"),
        (b"%PDF-1.4\n1 0 obj" + b"[" * 100_000 + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF", "-960071"),
        (PDF + b" " * LARGEST_FILE + b"%%EOF", "-960064"),
    ],
)
def test_what_is_no_whole_file_is_refused(content, code):
    assert codes_of(content) == [code]


def test_objects_beyond_measure_are_refused():
    many = b"".join(b"%d 0 obj 1 endobj\n" % number for number in range(10, MOST_OBJECTS + 20))
    assert codes_of(PDF.split(b"xref")[0] + many + b"trailer<</Root 1 0 R>>\n%%EOF") == ["-960071"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_ends_in_an_answer(data):
    place = data.draw(st.integers(5, len(PDF) - 20))
    length = data.draw(st.integers(0, 40))
    put = data.draw(st.binary(max_size=40))
    assert set(codes_of(PDF[:place] + put + PDF[place + length :])) <= {"-960061", "-960062", "-960063", "-960071"}
