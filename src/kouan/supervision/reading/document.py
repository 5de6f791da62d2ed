"""The whole reading of a document: its head, its clauses, what they order, and what could not be read."""

from __future__ import annotations

from kouan.supervision.reading.files import text_of
from kouan.supervision.reading.problems import LONGEST_TEXT, UnreadableFile, problem
from kouan.supervision.reading.types import DocumentReading


def read_file(content: bytes, name: str) -> DocumentReading:
    """Read a file; one that gives no text gives a reading with that problem."""
    try:
        text = text_of(content, name)
    except UnreadableFile as fault:
        return DocumentReading("", problems=(fault.problem,))
    return read_document(text)


def read_document(text: str) -> DocumentReading:
    """Read a text; spans in the answer are offsets into it."""
    if not text.strip():
        return DocumentReading(text, problems=(problem("empty"),))
    if len(text) > LONGEST_TEXT:
        return DocumentReading("", problems=(problem("text_too_long", limit=LONGEST_TEXT),))
    return DocumentReading(text)
