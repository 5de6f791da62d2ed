"""Notes that say who does something: where they stand, and what they make of whom.

Styles, as found in documents of governments of all levels from 2018 to 2025: labels in brackets of any kind
（责任单位：A、B，C）, （牵头单位：A；配合单位：B；落实单位：C）; verbs （A牵头，B、C按职责分工负责）; labels on a
line of their own; bare lists at the end of a paragraph （A、B）; a closing sentence 由A牵头，B配合.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kouan.supervision.reading.layout import Sheet
from kouan.supervision.reading.names import CLOSING, Item, Name, is_unit, items_of, names_of, trim
from kouan.supervision.reading.types import UnitRole

_DUTY = (
    r"牵头|主办|主责|责任|负责|承办|配合|协办|协同|协助|支持|落实|实施|执行|参加|参与|联合|指导|监督|督办|完成|推进|组织|"
    r"主管|分工|办理"
)
LABEL = re.compile(
    rf"(?P<kind>(?:(?:第一|主要|共同|省|市|区|县|州|直|级|本项|具体|工作|任务|项目)){{0,3}}"
    rf"(?:(?:{_DUTY})(?:和|及|与|或|、|/|\((?:{_DUTY})\))?){{1,3}}"
    rf"(?:的)?(?:市直|省直)?(?:单位|部门|机构|主体|处室|科室|地区))(?:名称)?(?:\([^()]{{0,12}}\))?[ *]*:"
)
OTHER_LABEL = re.compile(
    r"(?:(?:牵头|责任|分管|包保|联系|督导|主管){1,2}(?:省|市|州|区|县|厅|局|院|班子)?级?领导|责任人|负责人|联系人|联络员|完成时[限间]|时间节点|时限要求|时序进度|完成期限|进度安排|工作时限|"
    r"成果形式|预期成果|政策依据|备注|实施期限|执行期限|实施时间|责任时限|时限)[ *]*:"
)
_ROLES: list[tuple[re.Pattern[str], UnitRole]] = [
    (re.compile(r"牵头|主办|主责|总牵头|主要责任"), "lead"),
    (re.compile(r"配合|协办|协同|协助|支持|联合"), "support"),
    (re.compile(r"参加|参与|成员"), "participate"),
    (re.compile(r"落实|实施|执行|推进"), "implement"),
    (re.compile(r"责任|负责|承办|完成|办理|分工|主管"), "responsible"),
]
_VERB = re.compile(
    r"(?:等(?:有关|相关|市直|省直|市级|省级)?(?:部门|单位|地区|部门和单位|部门单位|单位和部门)?)?"
    r"(?:[按依]照?(?:各自)?(?:部门)?(?:的)?(?:职责|职能|任务|工作)?(?:分工|权限|职责)?[,]?)?(?:各自|分别|共同|分工|具体|组织|抓好|做好|"
    r"统筹|协调|联合|各负其责)*"
    r"(?P<verb>(?:牵头|主办|负责|负总责|配合|协办|协同|协助|参加|参与|落实|实施|承办|推进|办理|抓落实|指导|支持)+"
    r"(?:(?:组织)?(?:实施|落实|推进|做好|抓好|完成))?)$"
)
_PURE_VERB_ONLY = re.compile(
    r"(?:等(?:有关|相关)?(?:部门|单位|地区)?)?[按依]照?(?:各自)?(?:的)?(?:职责|职能|任务|工作)(?:分工|权限)?$"
)
_ASIDE = re.compile(r"下同|不再|除外|第一位|首位|为牵头|以下简称|排名")
_FOR_ALL = re.compile(r"^以下|(?:均|都)(?:需|须|由|要|应|为)")
_MARKED = re.compile(r"\((?P<verb>牵头|总牵头|主办|主责|配合|协办|负责|责任)(?:单位|部门)?\)$")
_TOGETHER = re.compile(r"(?:牵头)?(?:会同|联合(?!会|社))")
_SENTENCE_ENDS = ("。", ";", "!", "”", "")
_LONGEST_NOTE = 1500
_SENTENCE = re.compile(
    r"(?:^|(?<=[。;\n]))(?:(?:此项|该项|本项|上述|以上|具体)?(?:工作|任务|措施|事项)?由)"
    r"(?P<body>[^。;\n]{3,200})[。;]?(?=\n|$|[ *]*$)"
)


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit with the role that the note gives it."""

    name: Name
    role: UnitRole


@dataclass(frozen=True, slots=True)
class Note:
    """A note in the flow: the whole of it with its bracket, what is inside, whom it names.

    opens_paragraph: true if nothing stands before it in its line.
    """

    start: int
    end: int
    inside: tuple[int, int]
    units: tuple[NamedUnit, ...]
    opens_paragraph: bool


def notes_in(sheet: Sheet, start: int, end: int) -> list[Note]:
    """Find the notes within a stretch of the flow, in order."""
    found = list(_bracketed(sheet, start, end))
    found += _unbracketed(sheet, start, end, found)
    if not found:
        found += _sentences(sheet, start, end)
    return sorted(found, key=lambda note: note.start)


def brackets_in(flow: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the outermost brackets of a stretch: the places of the opening sign and after the closing one.

    A bracket that is opened with one sign and closed with another still counts; one never closed ends with its line.
    """
    depth, at = 0, 0
    for place in range(start, end):
        sign = flow[place]
        if sign in "([〔〈":
            if not depth:
                at = place
            depth += 1
        elif sign in ")]〔〕〉" and depth:
            depth -= 1
            if not depth:
                yield at, place + 1
        elif sign == "\n" and depth:
            if LABEL.match(flow, at + 1, min(end, at + 40)):
                yield at, place
            depth = 0
    if depth and LABEL.match(flow, at + 1, min(end, at + 40)):
        yield at, end


def _bracketed(sheet: Sheet, start: int, end: int) -> Iterator[Note]:
    flow = sheet.flow
    for opening, closing in brackets_in(flow, start, end):
        if closing - opening > _LONGEST_NOTE:
            continue
        last = closing - 1 if flow[closing - 1] in CLOSING else closing
        inside = trim(flow, Item(opening + 1, last))
        if inside.end - inside.start < 2:
            continue
        line_start = not flow[flow.rfind("\n", max(start, opening - 12), opening) + 1 : opening].strip(" *#>") or (
            opening == start
        )
        if LABEL.search(flow, inside.start, min(inside.end, inside.start + 40)):
            units = units_of(sheet, inside.start, inside.end, "unmarked")
        elif _stands_after_sentence(flow, start, opening, closing, end):
            units = _units_by_verb(sheet, inside, may_be_bare=_before(flow, start, opening) in _SENTENCE_ENDS)
        else:
            continue
        if units:
            yield Note(opening, closing, (inside.start, inside.end), tuple(units), line_start)


def _stands_after_sentence(flow: str, start: int, opening: int, closing: int, end: int) -> bool:
    """True if a bracket stands where notes stand: after a stop, or at the end of its line or sentence."""
    after = flow[closing : min(end, closing + 6)].lstrip(" *")[:1]
    return _before(flow, start, opening) in _SENTENCE_ENDS or after in ("", "\n", "。", ";")


def _before(flow: str, start: int, opening: int) -> str:
    """Give the last sign before a bracket, empty at the beginning of the stretch."""
    return flow[max(start, opening - 6) : opening].rstrip(" \n*")[-1:]


def _units_by_verb(sheet: Sheet, inside: Item, *, may_be_bare: bool) -> list[NamedUnit]:
    """Read a bracket without a label: units and verbs; or, after the end of a sentence, units alone."""
    flow = sheet.flow
    units = units_of(sheet, inside.start, inside.end, "unmarked")
    if not units:
        return []
    if any(one.role != "unmarked" for one in units):
        likely = sum(is_unit(one.name.name) for one in units)
        return units if likely * 2 >= len(units) else []
    if not may_be_bare:
        return []
    words = flow[inside.start : inside.end]
    whole = all(
        any(item.start <= one.name.start < item.end or one.name.start <= item.start < one.name.end for one in units)
        for item in items_of(flow, inside.start, inside.end)
        if not _ASIDE.search(flow[item.start : item.end])
    )
    likely = [is_unit(name) and (len(name) >= 3 or name.startswith("各")) for name in (one.name.name for one in units)]
    strict = likely[0] and sum(likely) * 3 >= len(likely) * 2
    is_prose = re.search(
        r"[含见如指即以]|等$|\d|《|的|”|其中|不含|包括|试行|修订|暂行", words[:200]
    ) and not _ASIDE.search(words)
    return units if whole and strict and not is_prose else []


def _unbracketed(sheet: Sheet, start: int, end: int, bracketed: list[Note]) -> list[Note]:
    """Find labels outside of brackets: on their own line, or after the end of a sentence."""
    flow, found = sheet.flow, []
    taken = [(note.start, note.end) for note in bracketed]
    at = start
    while match := LABEL.search(flow, at, end):
        at = match.end()
        if any(first <= match.start() < last for first, last in taken):
            continue
        before = flow[max(start, match.start() - 6) : match.start()].rstrip(" *#-|")[-1:]
        if before not in ("", "\n", "。", ";", "!", "”", ")", "]", "〕", "—"):
            continue
        stop = _end_of_list(flow, match.end(), end)
        if flow[match.end() : stop].strip(" *") == "" and stop < end:
            stop = _end_of_list(flow, stop + 1, end)
        stop = _end_of_sentence(flow, match.end(), stop)
        units = units_of(sheet, match.start(), stop, "unmarked")
        at = max(at, stop)
        if units:
            line = flow[flow.rfind("\n", start, match.start()) + 1 : match.start()] if before not in ("",) else ""
            note = Note(match.start(), stop, (match.start(), stop), tuple(units), not line.strip(" *#>-"))
            found.append(note)
            taken.append((note.start, note.end))
    return found


def _end_of_list(flow: str, start: int, end: int) -> int:
    """Give the end of a line, or of a later one while lines end where a list goes on (市财政局、)."""
    at = start
    while (stop := flow.find("\n", at, end)) >= 0:
        if flow[start:stop].rstrip(" *")[-1:] not in ("、", ","):
            return stop
        at = stop + 1
    return end


def _end_of_sentence(flow: str, start: int, end: int) -> int:
    """Give where a note without a bracket stops: at a full stop, unless another label follows it."""
    at = start
    while (stop := flow.find("。", at, end)) >= 0:
        if not LABEL.match(flow, stop + 1, min(end, stop + 40)):
            return stop
        at = stop + 1
    return end


def _sentences(sheet: Sheet, start: int, end: int) -> Iterator[Note]:
    """Find a closing sentence that consists of nothing but who does it: 由A牵头，B、C配合。"""
    flow = sheet.flow
    for match in _SENTENCE.finditer(flow, start, end):
        body = match.span("body")
        units = units_of(sheet, body[0], body[1], "unmarked")
        items = items_of(flow, *body)
        if len(units) < len(items) or any(one.role == "unmarked" or not is_unit(one.name.name) for one in units):
            continue
        yield Note(match.start(), match.end(), body, tuple(units), False)


def units_of(sheet: Sheet, start: int, end: int, role: UnitRole) -> list[NamedUnit]:
    """Read what a note names: by its labels, and within each by its verbs."""
    flow = sheet.flow
    labels = sorted(
        [(match, True) for match in _outer(LABEL, flow, start, end)]
        + [(match, False) for match in _outer(OTHER_LABEL, flow, start, end)],
        key=lambda found: found[0].start(),
    )
    if not labels:
        return _by_verbs(sheet, start, end, role)
    units = _by_verbs(sheet, start, labels[0][0].start(), role) if labels[0][0].start() - start > 3 else []
    for index, (match, names_units) in enumerate(labels):
        stop = labels[index + 1][0].start() if index + 1 < len(labels) else end
        if names_units:
            units += _by_verbs(sheet, match.end(), stop, role_of(match["kind"]))
    return units


def role_of(words: str) -> UnitRole:
    """Give the role that a label or a verb stands for; ``unmarked`` where it is none of the known ones."""
    if "责任" in words and "牵头" not in words and "主要责任" not in words and "配合" not in words:
        return "responsible"
    for pattern, role in _ROLES:
        if pattern.search(words):
            return role
    return "unmarked"


def _outer(pattern: re.Pattern[str], flow: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the matches that stand at the beginning or after a separator."""
    for match in pattern.finditer(flow, start, end):
        before = flow[max(start, match.start() - 4) : match.start()].rstrip(" *")[-1:]
        if not before or before in "、,;。:\n([〔)]〕" or flow[match.start() - 1] == " ":
            yield match


def _by_verbs(sheet: Sheet, start: int, end: int, role: UnitRole) -> list[NamedUnit]:
    """Read units up to each verb; the verb says what all since the last verb do."""
    flow = sheet.flow
    units: list[NamedUnit] = []
    pending: list[Item] = []
    is_aside = False
    for item in items_of(flow, start, end):
        words = flow[item.start : item.end]
        bare = _outside_brackets(words)
        is_aside = is_aside or bool(_FOR_ALL.search(bare))
        if is_aside or len(words) > 120 or _ASIDE.search(bare):
            is_aside = is_aside and not _ASIDE.search(bare)
            continue
        if marked := _MARKED.search(words):
            units += _named(sheet, pending, role)
            units += _named(sheet, [Item(item.start, item.start + marked.start())], role_of(marked["verb"]))
            pending = []
            continue
        item, verb = _without_verb(flow, item)
        pending += _parted_together(flow, item)
        if verb:
            units += _named(sheet, pending, role_of(verb) if role_of(verb) != "unmarked" else role)
            pending = []
    return units + _named(sheet, pending, role)


def _outside_brackets(words: str) -> str:
    return re.sub(r"[(\[〔〈][^()\[\]〔〕〈〉]*[)\]〕〉]", "", words)


def _without_verb(flow: str, item: Item) -> tuple[Item, str]:
    """Part an item from the verb that ends it; the verb is empty where there is none."""
    words = flow[item.start : item.end]
    start, end = item.start, item.end
    lead = re.match(r"(?:由|会同|联合(?!会)|并由|其他由)", words)
    if lead and len(words) > lead.end() + 2:
        start += lead.end()
    found = _VERB.search(words)
    if found:
        end = item.start + found.start()
    else:
        tail = _PURE_VERB_ONLY.search(words)
        if tail:
            end = item.start + tail.start()
    return trim(flow, Item(start, max(start, end))), found["verb"] if found else ""


def _parted_together(flow: str, item: Item) -> list[Item]:
    """Part A会同B into its two units."""
    if item.start >= item.end:
        return []
    match = _TOGETHER.search(flow, item.start + 2, item.end - 2)
    if match and is_unit(flow[item.start : match.start()]):
        return [Item(item.start, match.start()), Item(match.end(), item.end)]
    return [item]


def _named(sheet: Sheet, items: list[Item], role: UnitRole) -> list[NamedUnit]:
    return [NamedUnit(name, role) for name in names_of(sheet, items)]
