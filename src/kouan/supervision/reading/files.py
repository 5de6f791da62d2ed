"""The text of a file, whatever its kind: bounded in size, with a clear answer where there is none."""

from __future__ import annotations

from kouan.supervision.reading.problems import LARGEST_FILE, LONGEST_TEXT, UnreadableFile, problem


def text_of(content: bytes, name: str) -> str:
    """Get the text out of a file. Raises UnreadableFile.

    A text file is decoded and left as it is, so that offsets into the text are offsets into the file.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(problem("file_too_large", limit=LARGEST_FILE // 1024 // 1024))
    text = decode(content)
    if not text.strip():
        raise UnreadableFile(problem("empty"))
    if len(text) > LONGEST_TEXT:
        raise UnreadableFile(problem("text_too_long", limit=LONGEST_TEXT))
    return text


def decode(content: bytes) -> str:
    """Decode the bytes of a text: UTF-8, UTF-16 with its mark, else GB18030. Raises UnreadableFile."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(problem("encoding"))
