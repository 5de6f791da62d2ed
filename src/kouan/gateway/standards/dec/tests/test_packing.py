"""The zip with its files: what belongs together passes; paths, bombs, false and active files do not."""

import io
import zipfile
from datetime import date

import pytest

from kouan.gateway.standards.dec.attached import Attachment
from kouan.gateway.standards.dec.attached_files import LARGEST_FILE
from kouan.gateway.standards.dec.codec import UnreadableMessage, encode
from kouan.gateway.standards.dec.generate import make_declaration, make_pdf
from kouan.gateway.standards.dec.packing import check_packet, pack, unpack
from kouan.gateway.standards.dec.reading import is_packet, read

PDF = make_pdf()
NAME = "4700INV0000000001.pdf"


def declared(*names):
    made = make_declaration(1, day=date(2026, 11, 23))
    made.attachments = [Attachment(name, "00000001", "US", size=str(len(PDF))) for name in names]
    return made


def zipped(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def codes_of(files, *names):
    made = declared(*names)
    packet = unpack(pack(encode(made), files, message_name="a.xml"))
    return [one.code for one in check_packet(made, packet)]


def test_it_works():
    made = declared(NAME)
    body = pack(encode(made), {NAME: PDF}, message_name="a.xml")
    assert is_packet(body)
    packet = unpack(body)
    assert (packet.raw, packet.files) == (encode(made), {NAME: PDF})
    assert check_packet(made, packet) == []
    assert body == pack(encode(made), {NAME: PDF}, message_name="a.xml")
    assert read(body).kind == "DecMessage"


def test_a_bare_message_is_a_packet_without_files():
    raw = encode(declared(NAME))
    assert unpack(raw).files == {}
    assert check_packet(declared(NAME), unpack(raw)) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00", "-960061"),
        (b"<html>", "-960061"),
        (PDF[:-7], "-960062"),
        (PDF.replace(b"<</Type/Catalog", b"<</JavaScript 1 0 R/Type/Catalog", 1), "-960063"),
        (PDF + b" ", "-960065"),
    ],
)
def test_a_file_is_what_it_claims_to_be(content, code):
    assert codes_of({NAME: content}, NAME)[0] == code


def test_files_and_names_belong_together():
    assert codes_of({}, NAME) == ["-960059"]
    assert codes_of({"other.pdf": PDF}) == ["-960060"]


@pytest.mark.parametrize("name", ["../a.pdf", "x/a.pdf", "x\\a.pdf", "C:a.pdf", "x/"])
def test_paths_are_refused(name):
    with pytest.raises(UnreadableMessage) as refusal:
        unpack(zipped(**{"a.xml": encode(declared()), name: PDF}))
    assert refusal.value.problem.code == "-960066"


def test_a_bomb_is_stopped_by_what_it_unpacks_to():
    bomb = zipped(**{"a.xml": encode(declared()), NAME: b"\0" * (LARGEST_FILE + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableMessage) as refusal:
        unpack(bomb)
    assert refusal.value.problem.code == "-960064"


@pytest.mark.parametrize(
    "files",
    [{NAME: PDF}, {"a.xml": b"<a/>", "b.xml": b"<b/>"}, {f"{n}.pdf": PDF for n in range(12)}],
)
def test_one_message_and_at_most_ten_files(files):
    with pytest.raises(UnreadableMessage):
        unpack(zipped(**files))


@pytest.mark.parametrize("cut", [10, 60, -30])
def test_a_damaged_zip_is_refused(cut):
    with pytest.raises(UnreadableMessage):
        unpack(pack(encode(declared(NAME)), {NAME: PDF}, message_name="a.xml")[:cut])


def test_no_path_is_packed():
    with pytest.raises(ValueError, match="no path"):
        pack(b"<a/>", {"../x": PDF}, message_name="a.xml")
