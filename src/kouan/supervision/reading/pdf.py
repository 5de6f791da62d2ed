"""The text of a PDF: without page headers and numbers, its lines joined to paragraphs by where they stand on the page.

A line that reaches the right margin goes on in the next one, unless that is indented as first lines are; so the text
comes out as it was written, also where a line ends by chance with a full stop.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from threading import Lock
from typing import Any

from kouan.records.problems import Problem
from kouan.supervision.reading.layout import NUMBERED, WIDTHS
from kouan.supervision.reading.problems import LONGEST_TEXT, UnreadableFile, problem

MOST_PAGES = 2000
_FEWEST_REPEATS = 3
_ONE_AT_A_TIME = Lock()
"""PDFium may be used by one thread at a time only."""
_PAGE_NUMBER = re.compile(r"[-—–·•\s]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–·•\s]*")
_UNSEEN = str.maketrans("", "", "\ufffe\u0000\u00ad")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page: its words, where it begins and ends from the left, the size of its signs (points)."""

    words: str
    left: float
    right: float
    size: float


def text_of_pdf(content: bytes) -> tuple[str, list[Problem]]:
    """Get the text out of a PDF, and say which pages hold none. Raises UnreadableFile."""
    with _ONE_AT_A_TIME:
        pages = _pages(content)
    empty = [number for number, page in enumerate(pages, start=1) if not page]
    if len(empty) == len(pages):
        raise UnreadableFile(problem("scanned"))
    text = "\n".join(_paragraphs(_without_edges(pages)))
    return text, [problem("scanned_in_part", pages="、".join(map(str, empty[:20])))] if empty else []


def _pages(content: bytes) -> list[list[_Line]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        if "password" in str(fault).lower() or "security" in str(fault).lower():
            raise UnreadableFile(problem("encrypted")) from fault
        raise UnreadableFile(problem("damaged", kind="PDF")) from fault
    pages: list[list[_Line]] = []
    length = 0
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableFile(problem("too_many_pages", limit=MOST_PAGES))
        for index in range(len(document)):
            pages.append(_lines(document, index))
            length += sum(len(line.words) for line in pages[-1])
            if length > LONGEST_TEXT:
                raise UnreadableFile(problem("text_too_long", limit=LONGEST_TEXT))
    except pypdfium2.PdfiumError as fault:
        raise UnreadableFile(problem("damaged", kind="PDF")) from fault
    finally:
        document.close()
    if not pages:
        raise UnreadableFile(problem("empty"))
    return pages


def _lines(document: Any, index: int) -> list[_Line]:
    """Read the lines of a page with their places."""
    page = document[index]
    try:
        textpage = page.get_textpage()
        try:
            text = textpage.get_text_range()
            has_places = len(text) == textpage.count_chars()
            return [line for match in re.finditer(r"[^\r\n\f]+", text) if (line := _line(textpage, match, has_places))]
        finally:
            textpage.close()
    finally:
        page.close()


def _line(textpage: Any, match: re.Match[str], has_places: bool) -> _Line | None:
    words = match.group().translate(_UNSEEN)
    if not words.strip():
        return None
    if not has_places:
        return _Line(words.strip(), 0, float(len(words)), 1)
    first = match.start() + len(match.group()) - len(match.group().lstrip())
    last = match.start() + len(match.group().rstrip()) - 1
    left, _, _, _ = textpage.get_charbox(first)
    _, bottom, right, top = textpage.get_charbox(last)
    _, low, _, high = textpage.get_charbox(first)
    sizes = [textpage.get_charbox(at) for at in range(first, min(first + 8, last + 1))]
    return _Line(words.strip(), left, right, max([top - bottom, high - low, *(box[3] - box[1] for box in sizes)]))


def _without_edges(pages: list[list[_Line]]) -> list[_Line]:
    """Put the pages together without page numbers and without first or last lines that most pages have (headers)."""
    edges: Counter[str] = Counter()
    for page in pages:
        edges.update({line.words for line in (*page[:1], *page[-1:])})
    repeated = {words for words, count in edges.items() if count >= _FEWEST_REPEATS and count * 2 > len(pages)}
    lines: list[_Line] = []
    for page in pages:
        kept = list(page)
        for place in (0, -1):
            while kept and (kept[place].words in repeated or _PAGE_NUMBER.fullmatch(kept[place].words)):
                kept.pop(place)
        lines += kept
    return lines


def _paragraphs(lines: list[_Line]) -> list[str]:
    """Join the lines that go on."""
    if not lines:
        return []
    size = sorted(line.size for line in lines)[len(lines) // 2] or 1
    left = _margin([line.left for line in lines if line.right - line.left > 8 * size], size)
    right = _right_margin([line.right for line in lines], size)
    is_indented = [line.left > left + 1.2 * size for line in lines]
    has_indents = sum(is_indented) * 20 > len(lines)
    paragraphs = [lines[0].words]
    for index in range(1, len(lines)):
        before, line = lines[index - 1], lines[index]
        is_full = before.right > right - 1.9 * size
        begins = is_indented[index] if has_indents else bool(NUMBERED.match(line.words.translate(WIDTHS)))
        if is_full and not begins:
            paragraphs[-1] += _joint(before.words, line.words) + line.words
        else:
            paragraphs.append(line.words)
    return paragraphs


def _margin(places: list[float], size: float) -> float:
    """Give the place from which most lines begin: the leftmost of those that are common."""
    counts = Counter(round(place / size * 2) for place in places)
    common = [place for place, count in counts.items() if count * 8 >= len(places)]
    return min(common, default=0) * size / 2


def _right_margin(places: list[float], size: float) -> float:
    """Give the place at which full lines end: the rightmost that several lines share."""
    counts = Counter(round(place / size * 2) for place in places)
    shared = [place for place in counts if counts[place - 1] + counts[place] + counts[place + 1] >= min(3, len(places))]
    return max(shared, default=0) * size / 2


def _joint(before: str, after: str) -> str:
    """Give the space between two Latin words that a line break parted."""
    return (
        " " if before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii() and after[:1].isalpha() else ""
    )
