"""The text as people read it: one width of signs, and no page breaks in the middle of a sentence.

Nothing is changed in the text itself. A ``Sheet`` holds beside it a *flow*: the same characters in one width (（ as (,
， as ,), without the places where a page or a line break tears a sentence. Every place of the flow is a place of the
text, so that whatever is found in the flow has its characters in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kouan.supervision.reading.types import Span

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code not in (0xFF0E,)}
WIDTHS = _FULL_WIDTH | str.maketrans("　\u00a0\t\r．︰﹙﹚＜＞［］【】﹝﹞｛｝{}", "    .:()<>[][]〔〕()()")
"""One character for one character."""

NUMBERED = re.compile(
    r"[ #*>\\]*(?:[一二三四五六七八九十百零〇]{1,5}[、.]|\([一二三四五六七八九十百零〇]{1,5}\)|\d{1,3}\\?[.、](?!\d)"
    r"|\(\d{1,3}\)|[①-⑳]|第[一二三四五六七八九十百零〇\d]{1,6}(?:条|章|节|部分|编))"
)
_PAGE_NUMBER = re.compile(r" *(?:[-—–·]+ *\d{1,4} *[-—–·]+|第 *\d{1,4} *页(?: *[,/]? *共 *\d{1,4} *页)?) *$")
_BARE_NUMBER = re.compile(r" *\d{1,4} *$")
_BEGINS_ANEW = re.compile(
    r" *(?:[#|>*\-=_]|附 *件|抄送|主送|印发|责任单位|牵头|配合单位|时序进度|完成时|"
    r"[\u4e00-\u9fff]{2,8}: *[\u4e00-\u9fff]{2,}局)"
)
_ENDS = "。;:!?)]〕”』"
_INDENT = re.compile(r" {2,}")
_LONGEST_WRAP = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text that holds more than spaces: its place, and itself in one width."""

    start: int
    end: int
    text: str


class Sheet:
    """A text with its flow, and the way back from the flow to the text.

    base: where the text itself stands in a longer one (a cell of a table); places and spans count from there.
    tables: stretches whose lines are rows, never halves of a sentence.
    """

    def __init__(self, raw: str, base: int = 0, tables: Sequence[Span] = ()) -> None:
        self.raw = raw
        self.base = base
        even = raw.translate(WIDTHS)
        self.gaps = tuple(_find_gaps(even, tables))
        self._starts: list[int] = []  # where in the flow a piece begins
        self._shifts: list[int] = []  # and how much further on it stands in the text
        pieces, at, length = [], 0, 0
        for start, end in [*self.gaps, (len(even), len(even))]:
            self._starts.append(length)
            self._shifts.append(at - length)
            pieces.append(even[at:start])
            length += start - at
            at = end
        self.flow = "".join(pieces)

    def place(self, at: int) -> int:
        """Give the place in the text of a character of the flow."""
        return self.base + at + self._shifts[bisect_right(self._starts, at) - 1]

    def span(self, start: int, end: int) -> Span:
        """Give the span in the text of a span of the flow."""
        if end <= start:
            return self.place(start), self.place(start)
        return self.place(start), self.place(end - 1) + 1

    def words(self, start: int, end: int) -> str:
        """Give the characters of a span of the flow as the text has them, without what a page break tore in."""
        found, at = [], start
        while at < end:
            index = bisect_right(self._starts, at) - 1
            stop = min(end, self._starts[index + 1]) if index + 1 < len(self._starts) else end
            shift = self._shifts[index]
            found.append(self.raw[at + shift : stop + shift])
            at = stop
        return "".join(found)


def mended(raw: str) -> str:
    """Give a text without the gaps; for what comes out of pages (PDF), where the lines are the printer's."""
    sheet = Sheet(raw)
    return sheet.words(0, len(sheet.flow))


def lines_of(even: str) -> Iterator[Line]:
    """Yield the lines that hold more than spaces."""
    at = 0
    for piece in even.split("\n"):
        if piece.strip(" \f"):
            yield Line(at, at + len(piece), piece.strip("\f"))
        at += len(piece) + 1


def _find_gaps(even: str, tables: Sequence[Span]) -> Iterator[Span]:
    """Yield what stands between the two halves of a sentence that a page or a line break tore apart."""
    lines = list(_outside(lines_of(even), tables))
    width = _width_of_wrapping(lines)
    has_indents = sum(bool(_INDENT.match(line.text)) for line in lines) > 2
    before: Line | None = None
    skipped: list[Line] = []
    for line in lines:
        if _PAGE_NUMBER.match(line.text) or (before and _BARE_NUMBER.match(line.text) and "\f" in even):
            skipped.append(line)
            continue
        if before is not None and (_is_torn(before, line) or (width and _is_wrapped(before, line, width, has_indents))):
            yield before.start + len(before.text.rstrip()), line.end - len(line.text.lstrip())
        else:
            for page in skipped:
                yield page.start, page.end
        skipped = []
        before = line


def _outside(lines: Iterator[Line], tables: Sequence[Span]) -> Iterator[Line]:
    """Yield the lines that stand in no table; both come in the order of the text."""
    ahead = iter([*tables, (1 << 60, 1 << 60)])
    start, end = next(ahead)
    for line in lines:
        while line.start >= end:
            start, end = next(ahead)
        if line.start < start:
            yield line


def _is_torn(before: Line, after: Line) -> bool:
    """True if a sentence stops in the middle at the end of one line and goes on in the next."""
    text, follows = before.text.rstrip(), after.text.strip()
    if text[-1] in _ENDS or NUMBERED.match(after.text) or _BEGINS_ANEW.match(after.text):
        return False
    is_running = "。" in text or (text.count(",") + text.count("、") > 1 and len(text) > 24) or text[-1] in ",、"
    if not is_running or "|" in text or "|" in follows or text.count('"') % 2:
        return False
    goes_on = any(sign in follows for sign in "。;,、)]〕") and len(follows) > 1
    opened = text.count("(") > text.count(")") or text.count("〔") > text.count("〕")
    return goes_on or opened


def _is_wrapped(before: Line, after: Line, width: int, has_indents: bool) -> bool:
    """True if the line is as full as lines go and the next one goes on with its paragraph.

    Where first lines are indented, any other line goes on; else a number or a label begins a paragraph.
    """
    text = before.text.rstrip()
    if len(text) < width - 3:
        return False
    if has_indents:
        return not _INDENT.match(after.text)
    begins_anew = text[-1] in _ENDS and _BEGINS_ANEW.match(after.text)
    return text[-1] == "第" or not (NUMBERED.match(after.text) or begins_anew)


def _width_of_wrapping(lines: list[Line]) -> int:
    """Give the length at which lines are wrapped, 0 where each paragraph is one line."""
    if len(lines) < 8:
        return 0
    lengths = sorted(len(line.text.rstrip()) for line in lines)
    width = lengths[len(lengths) * 9 // 10]
    if not 16 <= width <= _LONGEST_WRAP or lengths[-1] > width + 6:
        return 0
    open_ended = [line for line in lines if line.text.rstrip()[-1] not in _ENDS and len(line.text) > 12]
    full = sum(len(line.text.rstrip()) >= width - 3 for line in open_ended)
    return width if full >= 4 and full * 10 >= len(open_ended) * 3 else 0
