"""Standing bodies that a document sets up: a joint conference or a leading group, and who sits in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kouan.supervision.reading.layout import Sheet
from kouan.supervision.reading.names import Item, items_of, names_of, trim
from kouan.supervision.reading.types import Body, BodyMember, BodyRole, BodySeat

_SITTING = r"联席会议|领导小组|协调小组|工作专班|指挥部|协调机制"
_KINDS = rf"{_SITTING}|委员会|工作组"
_NAME = re.compile(rf"(?:建立|成立|设立|组建|健全)(?:了)?(?P<name>[\u4e00-\u9fff“”《》、]{{0,40}}?(?:{_KINDS}))")
_CONSISTS = re.compile(
    rf"(?:{_SITTING})(?:成员)?(?:单位)?[^,。;:\n]{{0,10}}由(?P<who>[^;。:\n]{{4,1500}}?)(?:等)?"
    r"(?:\d{1,3}|[一二三四五六七八九十]{1,4})?个?(?:部门|单位|部门和单位|成员单位|部门\(单位\)|单位和部门)?组成"
)
_LISTED = re.compile(r"(?:成员单位|组成单位|参加单位)(?:包括|有(?!关)|为|由|:|主要包括)[: ]*(?P<who>[^;。\n]{4,1500})")
_SET_UP = re.compile(
    r"设(?:有)?(?P<seat>第一召集人|副召集人|总召集人|召集人|第一组长|副组长|组长|联络员)(?:[若干\d一二三四五六七八九十两]{1,3}[人名位])?,?"
    r"(?:分别)?由(?P<who>[^,;。:\n]{2,300}?)(?:分别)?(?:共同)?(?:担任|兼任)"
)
_OFFICE = re.compile(r"(?:办公室|秘书处)设在(?P<who>[^,;。\n]{2,60})")
_HOLDER = re.compile(r"(?:长|主任|书记|领导|负责人|同志|总理|委员|检察官)(?:\([^()]{1,12}\))?$")
_TAIL = re.compile(
    r"(?:等)?(?:部门和单位|部门\(单位\)|单位和部门|部门|单位)?(?:的)?(?:有关|相关|主要|分管)*(?:负责人|负责同志|领导同志|领导|同志)?$"
)
_BODY_WORDS = re.compile(rf"(?:{_SITTING})")
_LONGEST = 6000


@dataclass(slots=True)
class _Sitting:
    name: str
    place: tuple[int, int]
    members: list[BodyMember] = field(default_factory=list)
    others: list[BodySeat] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)


def bodies_in(sheet: Sheet, stretches: list[tuple[int, int]], title: tuple[str, tuple[int, int]] | None) -> list[Body]:
    """Find the bodies that the stretches of a document (its own words under each number) set up.

    title: the document's title with its place in the flow; a document may be about one body from end to end.
    """
    sittings: list[_Sitting] = []
    for start, end in stretches:
        for first, last in _paragraphs(sheet.flow, start, end):
            if not _BODY_WORDS.search(sheet.flow, first, last):
                continue
            _read_paragraph(sheet, first, last, sittings, title)
    return [
        Body(one.name, sheet.span(*one.place), tuple(one.members), tuple(one.others)) for one in sittings if one.members
    ]


def _paragraphs(flow: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        stop = flow.find("\n", at, end)
        stop = end if stop < 0 else stop
        if stop - at > 6:
            yield at, min(stop, at + _LONGEST)
        at = stop + 1


def _read_paragraph(
    sheet: Sheet, start: int, end: int, sittings: list[_Sitting], title: tuple[str, tuple[int, int]] | None
) -> None:
    flow = sheet.flow
    named = _NAME.search(flow, start, end)
    offices = list(_OFFICE.finditer(flow, start, end))
    lists = [*_CONSISTS.finditer(flow, start, end), *_LISTED.finditer(flow, start, end)]
    appointed = [(match.span("who"), match["seat"]) for match in _SET_UP.finditer(flow, start, end)]
    appointed += _appointments(flow, start, end)
    if not (offices or lists or appointed):
        return
    sitting = _sitting(sheet, named, sittings, title, start, end)
    if sitting is None:
        return
    for match in lists:
        _seat_units(sheet, sitting, match.span("who"), "member")
    for who, seat in appointed:
        _appoint(sheet, sitting, who, seat, bool(lists))
    for match in offices:
        _seat_units(sheet, sitting, match.span("who"), "office", every=True)


def _sitting(
    sheet: Sheet,
    named: re.Match[str] | None,
    sittings: list[_Sitting],
    title: tuple[str, tuple[int, int]] | None,
    start: int,
    end: int,
) -> _Sitting | None:
    """Give the body that a paragraph is about: the one it sets up, or the last one, or that of the title."""
    if named and len(named["name"]) > 4:
        name = sheet.words(*named.span("name"))
        known = next((one for one in sittings if one.name == name), None)
        if known is None:
            known = _Sitting(name, named.span("name"))
            sittings.append(known)
        return known
    if sittings:
        return sittings[-1]
    if title:
        match = re.search(rf"[\u4e00-\u9fff“”]{{2,40}}?(?:{_KINDS})", title[0])
        if match:
            words = re.sub(r"^.*(?:关于|同意|建立|成立|印发|设立|调整)", "", match.group())
            at = sheet.flow.find(words)
            if words and at >= 0:
                sittings.append(_Sitting(words, (at, at + len(words))))
                return sittings[-1]
    match = _BODY_WORDS.search(sheet.flow, start, end)
    if match is None:
        return None
    sittings.append(_Sitting(match.group(), match.span()))
    return sittings[-1]


def _appointments(flow: str, start: int, end: int) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield who is appointed to which seat, sentence by sentence: 由A任第一召集人, B、C为召集人, D等为成员."""
    at = start
    while at < end:
        stop = min([found for sign in "。;" if (found := flow.find(sign, at, end)) >= 0], default=end)
        first = at
        for match in re.finditer(
            r"(?:共同)?(?:担任|兼任|任(?![)）])|为|作为)(?P<between>[^,;。:、\n]{0,24}?)"
            r"(?P<seat>第一召集人|副召集人|总召集人|召集人|第一组长|副组长|组长|联络员|成员单位|成员|牵头单位)",
            flow[at:stop],
        ):
            yield (first, at + match.start()), match["seat"]
            first = at + match.end()
            if first < stop and flow[first] in ",、":
                first += 1
        at = stop + 1


def _appoint(sheet: Sheet, sitting: _Sitting, who: tuple[int, int], seat: str, has_list: bool) -> None:
    start, end = who
    flow = sheet.flow
    words = flow[start:end]
    lead = re.match(r"[ *]*(?:.{0,20}?(?:联席会议|领导小组)(?:[^,、]{0,10})?)?由", words)
    if lead:
        start += lead.end()
    if seat.startswith("第一"):
        _seat_holders(sheet, sitting, (start, end), "first_convenor")
    elif seat in ("召集人", "总召集人", "组长"):
        _seat_holders(sheet, sitting, (start, end), "convenor")
    elif seat.startswith("成员"):
        if not has_list and "、" in flow[start:end] and "成员单位" not in flow[start:end]:
            _seat_units(sheet, sitting, (start, end), "member")
    else:
        if seat == "牵头单位":
            start = flow.rfind(",", start, end) + 1 or start
        for item in _holders(flow, start, end):
            sitting.others.append(BodySeat(_words(sheet, item), seat, sheet.span(item.start, item.end)))


def _seat_holders(sheet: Sheet, sitting: _Sitting, who: tuple[int, int], role: BodyRole) -> None:
    """Seat the holders of offices by the words of the text."""
    for item in _holders(sheet.flow, *who):
        _add(sitting, BodyMember(_words(sheet, item), role, sheet.span(item.start, item.end)))


def _holders(flow: str, start: int, end: int) -> list[Item]:
    """Part the holders of offices at 、 and at 和 between two of them: 教育部主要负责同志和国务院副秘书长."""
    found: list[Item] = []
    for item in items_of(flow, start, end):
        at = item.start
        for match in re.finditer("[和与]", flow[item.start : item.end]):
            middle = item.start + match.start()
            if _HOLDER.search(flow, at, middle) and _HOLDER.search(flow, middle + 1, item.end):
                found.append(Item(at, middle))
                at = middle + 1
        found.append(Item(at, item.end))
    return found


def _seat_units(sheet: Sheet, sitting: _Sitting, who: tuple[int, int], role: BodyRole, *, every: bool = False) -> None:
    """Seat units; what says only that their persons in charge sit there (…等部门相关负责人) is left out."""
    flow = sheet.flow
    start, end = who
    tail = _TAIL.search(flow[start:end])
    if tail and not every:
        end = start + tail.start()
    items: list[Item] = []
    for item in items_of(flow, start, end):
        items += _parted_at_as_well(flow, item)
    for name in names_of(sheet, [trimmed for item in items if (trimmed := trim(flow, item)).end > trimmed.start]):
        _add(sitting, BodyMember(name.name, role, sheet.span(name.start, name.end), name.alias))


def _parted_at_as_well(flow: str, item: Item) -> list[Item]:
    at = flow.find("以及", item.start, item.end)
    if at < 0:
        return [item]
    return [Item(item.start, at), Item(at + 2, item.end)]


def _add(sitting: _Sitting, member: BodyMember) -> None:
    if (member.unit, member.role) not in sitting.seen:
        sitting.seen.add((member.unit, member.role))
        sitting.members.append(member)


def _words(sheet: Sheet, item: Item) -> str:
    return re.sub(r"\s+", "", sheet.words(item.start, item.end))
