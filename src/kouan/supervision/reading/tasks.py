"""The tasks of a document: the smallest numbered places that say who carries them out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from kouan.supervision.reading.deadlines import deadlines_in
from kouan.supervision.reading.defaults import Rule, with_leads
from kouan.supervision.reading.figures import figures_in
from kouan.supervision.reading.layout import Sheet
from kouan.supervision.reading.measures import measures_in
from kouan.supervision.reading.notes import Note, notes_in
from kouan.supervision.reading.numbering import Node
from kouan.supervision.reading.types import Measure, Span, TaskReading, UnitMention

_TITLE_STOPS = "。:;\n!"
_LONGEST_TITLE = 80
_LONGEST_FORMALITY = 160
_SHORT_REST = 12
_IN_FORCE = re.compile(r"(?:施行|执行|实施|有效期|生效|解释)")
_AFTER_NOTE = re.compile(
    r"[。;, *]*(?:时序进度|完成时[限间]|时间节点|进度安排|时限|成果形式|责任领导|责任人|联系人|备注)"
)


@dataclass(slots=True)
class Place:
    """A numbered place with the notes that stand in its own words. start, end: its own words in the flow.

    reach: where the words of its task end, if the items below it have no notes of their own and belong to it.
    """

    node: Node
    start: int
    end: int
    notes: list[Note] = field(default_factory=list)
    is_last: bool = False
    reach: int | None = None


def places_of(sheet: Sheet, nodes: Iterable[Node], stops: dict[int, int]) -> list[Place]:
    """Give each numbered place its notes; a note that closes a list belongs to what the list belongs to.

    stops: where the last place of each part ends, before signature and foot.
    """
    places = []
    for node in nodes:
        end = min(node.own_end, stops.get(node.part, node.own_end))
        places.append(Place(node, node.start, max(node.body, end), notes_in(sheet, node.body, max(node.body, end))))
    last_of_part = {place.node.part: place for place in places}
    for place in last_of_part.values():
        place.is_last = True
    by_node = {id(place.node): place for place in places}
    for place in places:
        _roll_up(place, by_node)
    noted_below: set[int] = set()
    for place in reversed(places):
        if place.notes and place.node.children and place.reach is None and id(place.node) not in noted_below:
            place.reach = min(place.node.end, stops[place.node.part])
        if place.node.parent and (place.notes or id(place.node) in noted_below):
            noted_below.add(id(place.node.parent))
    return places


def _roll_up(place: Place, by_node: dict[int, Place]) -> None:
    """Move the note after the last of several numbered items to their parent, if it stands apart from that item."""
    children = [by_node[id(child)] for child in place.node.children]
    if len(children) < 2 or place.notes or any(child.notes or not child.node.is_leaf for child in children[:-1]):
        return
    last = children[-1]
    if not last.node.is_leaf or not last.notes:
        return
    apart = all(note.opens_paragraph for note in last.notes)
    if apart or not any(child.node.at_line_start for child in children):
        place.notes, last.notes = last.notes, []
        place.reach = max(note.end for note in place.notes)


def left_open(sheet: Sheet, places: list[Place]) -> list[int]:
    """Give the index of each place without a note beside one with a note: nobody is said to be in charge of it."""
    noted = {id(place.node) for place in places if place.notes}
    have_noted_leaf = {id(place.node.parent) for place in places if place.notes and place.node.is_leaf}
    below_noted: set[int] = set()
    found = []
    for index, place in enumerate(places):
        node = place.node
        if node.parent is not None and (id(node.parent) in noted or id(node.parent) in below_noted):
            below_noted.add(id(node))
        elif (
            node.parent is not None
            and node.is_leaf
            and not place.notes
            and id(node.parent) in have_noted_leaf
            and not _only_puts_in_force(sheet.flow, place)
        ):
            found.append(index)
    return found


def _only_puts_in_force(flow: str, place: Place) -> bool:
    """True for 本措施自印发之日起施行 and its kin."""
    return place.end - place.start < _LONGEST_FORMALITY and bool(_IN_FORCE.search(flow, place.start, place.end))


def task_of(sheet: Sheet, place: Place, rules: list[Rule], issued_on: date | None) -> TaskReading:
    """Read the task of a place that has a note. issued_on: the document's own day."""
    node, flow = place.node, sheet.flow
    notes = sorted(place.notes, key=lambda note: note.start)
    if place.reach is None:
        end = _end(sheet, place, notes, is_last=not node.children and place.is_last)
        words_end = min(end, place.end)
    else:
        end = words_end = place.reach - (place.reach - node.body - len(flow[node.body : place.reach].rstrip(" \n\f*#")))
    title, title_end = _title(sheet, node, place)
    without = [(note.start, note.end) for note in notes]
    is_parted = flow[title_end - 1 : title_end] in _TITLE_STOPS or any(note.start == title_end for note in notes)
    words_start = title_end if title_end < end and is_parted else node.body
    deadlines = tuple(deadlines_in(sheet, node.body, words_end, issued_on))
    measures = tuple(
        Measure(
            sheet.words(*stretch),
            sheet.span(*stretch),
            tuple(each for each in deadlines if each.lies_in(sheet.span(*stretch))),
            tuple(figures_in(sheet, *stretch)),
        )
        for stretch in measures_in(sheet, words_start, words_end, without)
    )
    text = "".join(sheet.words(first, last) for first, last in _outside(node.body, words_end, without)).strip()
    return TaskReading(
        clause=node.label,
        title=title,
        text=text,
        span=sheet.span(node.start, end),
        units=tuple(_units(sheet, notes, rules, node.start)),
        deadlines=deadlines,
        figures=tuple(figures_in(sheet, node.body, words_end, without)),
        measures=measures,
        notes=tuple(sheet.span(note.start, note.end) for note in notes),
        part=node.part,
    )


def _end(sheet: Sheet, place: Place, notes: list[Note], is_last: bool) -> int:
    """Give where a task ends: after its last note and what belongs to it, not with an unnumbered paragraph beyond.

    is_last: the last place of its part, where the document's closing words may follow the note in the same line.
    """
    flow = sheet.flow
    end = place.end
    while end > place.start and flow[end - 1] in " \n\f*#":
        end -= 1
    if not notes:
        return end
    last = notes[-1].end
    at = last
    while at < end:
        stop = flow.find("\n", at, end)
        stop = end if stop < 0 else stop
        line = flow[at:stop]
        goes_on = not line.strip() or _AFTER_NOTE.match(line)
        if not goes_on and (at > last or (is_last and len(line) > _SHORT_REST)):
            break
        if line.strip(" *。;"):
            last = stop
        at = stop + 1
    return max(last, place.node.body)


def title_of(sheet: Sheet, node: Node) -> str:
    """Give the title of a numbered place as the text has it."""
    return _title(sheet, node, Place(node, node.start, node.own_end))[0]


def _title(sheet: Sheet, node: Node, place: Place) -> tuple[str, int]:
    """Give the title of a place and where it ends: up to the first stop, if that comes soon."""
    flow = sheet.flow
    limit = min(place.end, node.body + _LONGEST_TITLE)
    at = node.body
    while at < limit and flow[at] not in _TITLE_STOPS:
        at += 1
    start = node.body
    if at >= limit and at < place.end:
        comma = flow.find(",", node.body, limit)
        at = comma if comma > 0 else limit
        return sheet.words(start, at).strip(" *#　"), node.body
    for note in place.notes:
        at = min(at, note.start) if note.start > node.body else at
    is_stop = at < place.end and flow[at] in _TITLE_STOPS
    stop = at + 1 if is_stop else at
    return sheet.words(start, at).strip(" *#　"), stop


def _units(sheet: Sheet, notes: list[Note], rules: list[Rule], start: int) -> list[UnitMention]:
    """Give the units of the notes, then those that the document names once for all; each with one role once."""
    found: dict[tuple[str, str], UnitMention] = {}
    for note in notes:
        for unit, index in with_leads(note.units, note, rules):
            mention = UnitMention(
                unit.name.name, unit.role, sheet.span(unit.name.start, unit.name.end), unit.name.alias, index
            )
            found.setdefault((mention.name, mention.role), mention)
    names = {name for name, _ in found}
    for index, rule in enumerate(rules):
        holds = rule.default.kind == "units" and rule.start <= max([start, *(note.end for note in notes)]) <= rule.end
        for unit in rule.units if holds else ():
            if unit.name.name not in names:
                span: Span = sheet.span(unit.name.start, unit.name.end)
                mention = UnitMention(unit.name.name, unit.role, span, unit.name.alias, index)
                found.setdefault((mention.name, mention.role), mention)
    return list(found.values())


def _outside(start: int, end: int, without: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found, at = [], start
    for first, last in sorted(without):
        if at < first:
            found.append((at, min(first, end)))
        at = max(at, last)
    if at < end:
        found.append((at, end))
    return found
