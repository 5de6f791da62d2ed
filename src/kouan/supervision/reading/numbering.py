"""The tree of a document by its numbers: 一、→（一）→ 1. →（1）→ ①, or 第X章 → 第X条; never by markup."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from kouan.supervision.reading.layout import Sheet

RANKS = {
    "part": 0,
    "chapter": 1,
    "section": 2,
    "article": 3,
    "cn": 3,
    "cn_bracket": 4,
    "named": 5,
    "n": 5,
    "n_bracket": 6,
    "circle": 7,
}
_CN = "一二三四五六七八九十百零〇"
_MARKER = re.compile(
    rf"(?P<line>(?:^|(?<=\n))[ #*>\\-]*)?(?:"
    rf"(?P<cn>[{_CN}]{{1,5}})[、.](?![{_CN}])"
    rf"|\((?P<cn_bracket>[{_CN}]{{1,5}})\)[、.]?"
    r"|(?<![\d.])(?P<n>\d{1,3})\\?[.、](?!\d)"
    r"|\((?P<n_bracket>\d{1,3})\)"
    r"|(?P<circle>[①-⑳])"
    rf"|第(?P<article>[{_CN}\d]{{1,6}})条"
    rf"|第(?P<chapter>[{_CN}\d]{{1,4}})章"
    rf"|第(?P<section>[{_CN}\d]{{1,4}})节"
    rf"|第(?P<part>[{_CN}\d]{{1,4}})(?:部分|编)"
    rf"|(?P<named>(?:任务|措施|行动|工程|专项)[{_CN}\d]{{1,3}})[:、. ]"
    r")"
)
_ONLY_BEGIN_LINES = frozenset({"article", "chapter", "section", "part", "named"})
_SENTENCE_ENDS = "。;:!?)]〕”】"
_LONGEST_TITLE = 60
_ANNEX = re.compile(r"(?:^|(?<=\n))[ #*]*附 *件 *[\d一二三四五六七八九十]{0,3} *:?[^\n。]{0,80}(?=\n|$)")
_LARGEST_LIST = 20_000
"""Markers that are looked at; a document of 300 pages has a tenth of them."""


@dataclass(slots=True)
class Node:
    """A numbered place in the flow. start: where its number begins; body: after it; end: of all that is below."""

    kind: str
    value: int
    start: int
    body: int
    end: int = 0
    part: int = 0
    at_line_start: bool = True
    label: str = ""
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list, repr=False)

    @property
    def own_end(self) -> int:
        """Where its own words end and those of its first child begin."""
        return self.children[0].start if self.children else self.end

    @property
    def is_leaf(self) -> bool:
        """True if nothing is numbered below it."""
        return not self.children


@dataclass(slots=True)
class _Marker:
    kind: str
    value: int
    start: int
    end: int
    at_line_start: bool
    words: str


def tree_of(sheet: Sheet) -> tuple[list[Node], list[tuple[int, int]]]:
    """Give all numbered places in the order of the text, and the parts of the document as spans of the flow."""
    flow = sheet.flow
    markers = _in_sequence(flow, list(_markers(flow)))
    starts = _part_starts(flow, markers)
    bounds = list(zip(starts, [*starts[1:], len(flow)], strict=True))
    nodes: list[Node] = []
    at = 0
    for index, (_start, end) in enumerate(bounds):
        first = at
        while at < len(markers) and markers[at].start < end:
            at += 1
        nodes += _nest(markers[first:at], end, index)
    return nodes, bounds


def number_of(words: str) -> int:
    """Give the value of a Chinese or Arabic numeral below a thousand; 0 if it is none.

    >>> number_of("二十一"), number_of("十"), number_of("一百零三"), number_of("12")
    (21, 10, 103, 12)
    """
    if words.isdigit():
        return int(words)
    digits = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
    total, digit = 0, 0
    for sign in words:
        if sign in digits:
            digit = digits[sign]
        elif sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
    return total + digit


def _markers(flow: str) -> Iterator[_Marker]:
    for count, match in enumerate(_MARKER.finditer(flow)):
        if count >= _LARGEST_LIST:
            return
        kind = match.lastgroup
        if kind is None or kind == "line":
            continue
        words = match[kind]
        value = ord(words) - ord("①") + 1 if kind == "circle" else number_of(words[2:] if kind == "named" else words)
        line = match["line"]
        start = match.start() + len(line or "")
        if line is None and not _may_stand_inside(flow, kind, start):
            continue
        if kind in _ONLY_BEGIN_LINES and line is None:
            continue
        yield _Marker(kind, value, start, match.end(), line is not None, words)


def _may_stand_inside(flow: str, kind: str, start: int) -> bool:
    """True if a number inside a line may begin a clause: after the end of a sentence or right after a short title."""
    before = flow[start - 1] if start else "\n"
    return before in _SENTENCE_ENDS or before in " *" or kind == "cn_bracket"


def _in_sequence(flow: str, markers: list[_Marker]) -> list[_Marker]:
    """Drop the numbers inside lines that go on with no list: references, enumerations in passing."""
    later = _next_values(markers)
    kept: list[_Marker] = []
    last: dict[str, int] = {}
    for index, marker in enumerate(markers):
        if marker.at_line_start:
            accepted = True
        elif marker.value == 1:
            begins = later[index] and (_follows_sentence(flow, marker.start) or _follows_title(flow, kept, marker))
            accepted = begins or (
                bool(kept) and not flow[kept[-1].end : marker.start].strip() and kept[-1].kind == "cn"
            )
        else:
            is_next = marker.value == last.get(marker.kind, 0) + 1
            accepted = is_next and (_follows_sentence(flow, marker.start) or _follows_title(flow, kept, marker))
        if not accepted:
            continue
        for kind, rank in RANKS.items():
            if rank > RANKS[marker.kind] and marker.value == 1 and kind != marker.kind:
                last.pop(kind, None)
        last[marker.kind] = marker.value
        kept.append(marker)
    return kept


def _next_values(markers: list[_Marker]) -> list[bool]:
    """For each number: whether the one after it (value + 1) comes before the same kind begins again."""
    answers = [False] * len(markers)
    seen: dict[str, set[int]] = {}
    for index in range(len(markers) - 1, -1, -1):
        marker = markers[index]
        values = seen.setdefault(marker.kind, set())
        answers[index] = marker.value + 1 in values
        if marker.value == 1:
            values.clear()
        values.add(marker.value)
    return answers


def _follows_sentence(flow: str, start: int) -> bool:
    """True if the words before a number end with a stop or a bracket, perhaps with a few spaces after it."""
    return flow[max(0, start - 8) : start].rstrip(" *")[-1:] in _SENTENCE_ENDS


def _follows_title(flow: str, kept: list[_Marker], marker: _Marker) -> bool:
    """True if only a title without a stop stands between the number above and this one (一、总体要求（一）…)."""
    if not kept or RANKS[kept[-1].kind] >= RANKS[marker.kind]:
        return False
    between = flow[kept[-1].end : marker.start]
    return 0 < len(between) <= 40 and not any(sign in between for sign in "。;,:\n")


def _part_starts(flow: str, markers: list[_Marker]) -> list[int]:
    """Give where the parts begin: the document, each annex after it, each attached text that numbers anew."""
    starts = [0]
    annexes = [match.start() for match in _ANNEX.finditer(flow)]
    tops = [one for one in markers if RANKS[one.kind] <= 3 and one.at_line_start]
    last = 0
    for index, marker in enumerate(tops):
        before = tops[index - 1].start if index else 0
        annex = bisect_right(annexes, before)
        if index and annex < len(annexes) and annexes[annex] < marker.start:
            starts.append(annexes[annex])
            last = 0
        elif index and marker.kind == "cn" and marker.value == 1 and last >= 1:
            starts.append(_start_of_attached(flow, before, marker.start))
            last = 0
        if marker.kind == "cn":
            last = marker.value
    tail = [at for at in annexes if at > (tops[-1].start if tops else 0) and at > starts[-1]]
    if tail and tops:
        starts.append(tail[0])
    return starts


def _start_of_attached(flow: str, after: int, before: int) -> int:
    """Give where a text that numbers anew begins: at the last title line (…的方案) before its first number."""
    at = flow.rfind("\n", after, before)
    best = at + 1
    while at > after:
        previous = flow.rfind("\n", after, at)
        line = flow[max(previous, after) + 1 : at].strip(" #*")
        if (
            line and not line.endswith(tuple("。;:,!")) and len(line) <= _LONGEST_TITLE and "关于" in line
        ) or line.endswith(("方案", "措施", "办法", "计划", "意见", "要点", "制度", "规则", "分工", "清单")):
            return max(previous, after) + 1
        at = previous
        if before - at > 3000:
            break
    return best


def _nest(markers: list[_Marker], end: int, part: int) -> list[Node]:
    """Make a tree of the numbers of one part: a number stands below the last one of a higher rank.

    A number that the document uses twice in one place is told apart: 一(二), 一(二)[2].
    """
    nodes: list[Node] = []
    stack: list[Node] = []
    seen: dict[str, int] = {}
    for marker in markers:
        node = Node(marker.kind, marker.value, marker.start, marker.end, end, part, marker.at_line_start)
        while stack and RANKS[stack[-1].kind] >= RANKS[node.kind]:
            stack.pop().end = marker.start
        if stack:
            node.parent = stack[-1]
            stack[-1].children.append(node)
        label = _label(node, marker.words)
        seen[label] = seen.get(label, 0) + 1
        node.label = label if seen[label] == 1 else f"{label}[{seen[label]}]"
        stack.append(node)
        nodes.append(node)
    return nodes


def _label(node: Node, words: str) -> str:
    """Give the way down to a number: 二(一)1. Articles count through a document and need no chapter."""
    own = {
        "part": "第{}部分",
        "chapter": "第{}章",
        "section": "第{}节",
        "article": "第{}条",
        "cn": "{}",
        "cn_bracket": "({})",
        "named": "{}",
        "n": "{}",
        "n_bracket": "({})",
        "circle": "{}",
    }[node.kind]
    if node.kind == "circle":
        shown = chr(ord("①") + node.value - 1)
    elif node.kind == "named":
        shown = words
    elif node.kind in ("n", "n_bracket"):
        shown = str(node.value)
    else:
        shown = to_chinese(node.value)
    above = node.parent.label if node.parent and node.kind != "article" else ""
    return above + own.format(shown)


def to_chinese(value: int) -> str:
    """Write a number below a thousand in Chinese numerals."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words = digits[hundreds] + "百" if hundreds else ""
    if hundreds and not tens and ones:
        words += "零"
    if tens:
        words += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    return words + (digits[ones] if ones else "") or "零"
