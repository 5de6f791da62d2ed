"""The text of a file, whatever its kind: bounded in size, with a clear answer where there is none."""

from __future__ import annotations

import re
from pathlib import PurePath

from kouan.records.problems import Problem
from kouan.supervision.reading.problems import LARGEST_FILE, LONGEST_TEXT, UnreadableFile, problem

_TEXTS = {"", "txt", "text", "md", "markdown", "csv", "tsv", "htm", "html", "shtml", "xhtml"}
_HTML = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body|\?xml[^>]*>\s*<html)",
    re.I | re.S,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.I)
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def text_of(content: bytes, name: str) -> str:
    """Get the text out of a file. Raises UnreadableFile.

    A text file is decoded and left as it is, so that offsets into the text are offsets into the file.
    """
    return take_text(content, name)[0]


def take_text(content: bytes, name: str) -> tuple[str, list[Problem]]:
    """Get the text out of a file with what was missed in it. Raises UnreadableFile."""
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(problem("file_too_large", limit=LARGEST_FILE // 1024 // 1024))
    text, problems = _taken(content, PurePath(name).suffix.lstrip(".").lower())
    if not text.strip("\ufeff \t\r\n\f\u3000"):
        raise UnreadableFile(problem("empty"))
    if len(text) > LONGEST_TEXT:
        raise UnreadableFile(problem("text_too_long", limit=LONGEST_TEXT))
    return text, problems


def _taken(content: bytes, suffix: str) -> tuple[str, list[Problem]]:
    """Choose by what the file is, then by what it is called."""
    if content[:1024].lstrip().startswith(b"%PDF-") or suffix == "pdf":
        from kouan.supervision.reading.pdf import text_of_pdf

        return text_of_pdf(content)
    if content.startswith(_OLD_WORD):
        is_locked = "EncryptedPackage".encode("utf-16-le") in content
        raise UnreadableFile(problem("encrypted") if is_locked else problem("kind_unknown", kind=suffix or "doc"))
    if content.startswith(b"PK\x03\x04") or suffix == "docx":
        from kouan.supervision.reading.word import text_of_word

        return text_of_word(content), []
    if _HTML.match(content[:4096]) or suffix in {"htm", "html", "shtml", "xhtml"}:
        from kouan.supervision.reading.html import text_of_html

        return text_of_html(decode(content, _CHARSET.search(content[:4096]))), []
    if suffix not in _TEXTS and b"\0" in content[:4096]:
        raise UnreadableFile(problem("kind_unknown", kind=suffix))
    return decode(content), []


def decode(content: bytes, declared: re.Match[bytes] | None = None) -> str:
    """Decode the bytes of a text: UTF-8, UTF-16 with its mark, GB18030, or what it declares. Raises UnreadableFile."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
        if declared and declared[1].lower() in (b"big5", b"big5-hkscs"):
            encodings.insert(1, "big5hkscs")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and _is_likely(text, encoding):
            return text
    raise UnreadableFile(problem("encoding"))


def _is_likely(text: str, encoding: str) -> bool:
    """True unless a text decoded by trial is mostly signs that no Chinese text is made of (Latin-1 read as GB18030)."""
    if encoding != "gb18030":
        return True
    sample = [sign for sign in text[:20_000] if sign > "\x7f"]
    usual = sum(
        "\u4e00" <= sign <= "\u9fff"
        or "\u3000" <= sign <= "\u303f"
        or "\uff00" <= sign <= "\uffef"
        or sign in "“”‘’—…·"
        for sign in sample
    )
    return usual * 10 >= len(sample) * 7
