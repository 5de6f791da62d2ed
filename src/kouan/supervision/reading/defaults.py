"""What a document says once for many places: who leads by order, who carries out everything, what a name covers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kouan.supervision.reading.layout import NUMBERED, Sheet
from kouan.supervision.reading.notes import NamedUnit, Note, role_of, units_of
from kouan.supervision.reading.numbering import Node
from kouan.supervision.reading.types import Default, DefaultKind, UnitRole

_FIRST_LEADS = re.compile(
    r"(?:排|列|居)?(?:名)?(?:在)?(?:第一位|首位|第一|最前)(?:的)?(?:责任|牵头)?(?:单位|部门|者)?(?:即)?(?:均)?(?:为|是)(?:牵头|主要责任|第一责任|总牵头|主责|主办)"
    r"(?:单位|部门)?"
    r"|(?:牵头|主办|主责)(?:单位|部门)(?:排|列|居|位|位列|位于|排列?)(?:名)?(?:在|于)?(?:第一位|首位|第一|最前)"
)
_NOT_AGAIN = re.compile(
    r"(?:以下)?(?:均)?不再(?:一一|逐一|逐条|单独|分别|另行|重复)?(?:列出|列明|列示|注明|说明|赘述|重复|标注|罗列|列入)"
)
_DITTO = re.compile(r"下同")
_OPENING_WORDS = re.compile(
    r"(?:(?:以下|下列|上述|以上|本(?:文件|方案|措施|意见)(?:中)?)?(?:各项|各条|所有|全部)?(?:任务|措施|工作|事项|条款|政策|内容)?"
    r"(?:均|都|皆)?(?:还)?(?:需|须|要|请|应|涉及)?(?:由)?)"
)
_CLOSING_WORDS = re.compile(r"(?:均|都)?(?:为|是|作为|列为)(?:责任|配合|落实|牵头|实施)(?:单位|部门|主体)$")
_LABELLED = re.compile(
    r"(?P<label>(?:责任|牵头|负责|承办|配合|落实|实施)(?:单位|部门))(?:统一|一律)?(?:均|都|皆)(?:为|是|由) ?"
)
_IN_FORCE = re.compile(
    r"(?<=[,。;\n])[^,。;\n]{0,12}?(?P<words>有效期(?:限)?(?:为|至|到|截至|暂定)? ?"
    r"(?:\d{4}年\d{1,2}月\d{1,2}日|[\d一二两三四五六七八九十]{1,2}(?:个月|年)))"
)
_LONGEST = 300
MOST_DEFAULTS = 200
"""Documents have a handful; each is held against every task."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A default with what it adds: the units, and from where to where in the flow it holds.

    covers_silent: it stands for every item of a chapter, those without a note of their own too.
    """

    default: Default
    start: int
    end: int
    units: tuple[NamedUnit, ...] = ()
    only_at: int | None = None
    covers_silent: bool = False


def defaults_in(
    sheet: Sheet, parts: Iterable[tuple[int, int]], notes: Iterable[Note], nodes: Iterable[Node] = ()
) -> list[Rule]:
    """Find the defaults of a document in the order of the text."""
    notes = list(notes)
    chapters = [node for node in nodes if node.children]
    rules: list[Rule] = []
    for start, end in parts:
        rules += _first_leads(sheet, start, end, notes)
        rules += [_within_chapter(sheet, rule, chapters) for rule in _units_everywhere(sheet, start, end)]
        rules += _explanations(sheet, start, end)
        rules += _validity(sheet, start, end)
    return sorted(rules, key=lambda rule: rule.default.span)[:MOST_DEFAULTS]


def with_leads(units: tuple[NamedUnit, ...], note: Note, rules: list[Rule]) -> list[tuple[NamedUnit, int | None]]:
    """Let the unit named first lead where the document says so; give each unit with the index of that default."""
    index = next(
        (
            index
            for index, rule in enumerate(rules)
            if rule.default.kind == "first_is_lead"
            and rule.start <= note.start < rule.end
            and (rule.only_at is None or note.start <= rule.only_at < note.end)
        ),
        None,
    )
    pairs: list[tuple[NamedUnit, int | None]] = [(unit, None) for unit in units]
    if index is None or not units or any(unit.role == "lead" for unit in units):
        return pairs
    if units[0].role in ("responsible", "unmarked"):
        pairs[0] = (replace(units[0], role="lead"), index)
    return pairs


def _first_leads(sheet: Sheet, start: int, end: int, notes: list[Note]) -> list[Rule]:
    flow, found = sheet.flow, []
    for match in _FIRST_LEADS.finditer(flow, start, end):
        holds_on = bool(_DITTO.search(flow, match.end(), min(end, match.end() + 24)))
        inside = next((note for note in notes if note.start <= match.start() < note.end), None)
        first = inside.start if inside else start
        stop = match.end() + 3 if flow[match.end() : match.end() + 3] == ",下同" else match.end()
        default = _default(sheet, "first_is_lead", (match.start(), stop), (first, end))
        found.append(Rule(default, first, end, only_at=match.start() if inside and not holds_on else None))
    return found


def _units_everywhere(sheet: Sheet, start: int, end: int) -> list[Rule]:
    """Find 以下均需各县（市、区）政府落实，不再列出 and its kin."""
    flow, found = sheet.flow, []
    for match in _NOT_AGAIN.finditer(flow, start, end):
        window = max(start, match.start() - _LONGEST)
        opening = _innermost_opening(flow, window, match.start())
        stops = (flow.rfind(sign, window, match.start()) for sign in "。;:\n")
        first = max(window, *(stop + 1 for stop in stops), -1 if opening is None else opening + 1)
        numbered = NUMBERED.match(flow, first, match.start())
        first = numbered.end() if numbered else first
        units = _carried_out_by(sheet, first, match.start())
        if not units:
            continue
        begin = units[0].name.start
        if re.search(r"以上|上述|各项|所有|全部", flow[first:begin]):
            first = start
        default = _default(sheet, "units", (begin, match.end()), (first, end))
        default = replace(default, units=tuple(unit.name.name for unit in units))
        found.append(Rule(default, first, end, tuple(units)))
    return found


def _within_chapter(sheet: Sheet, rule: Rule, chapters: list[Node]) -> Rule:
    """Bound a default that heads a chapter (二、以下任务责任单位均为…) to that chapter, and let it cover all in it."""
    for node in chapters:
        if node.body <= rule.start < node.own_end and not sheet.flow[node.body : rule.start].strip(" *#"):
            default = replace(rule.default, scope=sheet.span(node.start, node.end))
            return replace(rule, default=default, start=node.start, end=node.end, covers_silent=True)
    return rule


def _carried_out_by(sheet: Sheet, start: int, end: int) -> list[NamedUnit]:
    """Read the units of the sentence before 不再列出: the pieces from 均需, 由, 以下 up to their verb."""
    flow = sheet.flow
    if labelled := _LABELLED.search(flow, start, end):
        return units_of(sheet, labelled.end(), end, role_of(labelled["label"]))
    leads = list(re.finditer(r"(?:以下|均|都)(?:均|都)?(?:需|须|要|应|请|由|涉及)+(?:由)?", flow[start:end]))
    if leads:
        start += leads[-1].end()
    words = flow[start:end].rstrip(",、 ")
    end = start + len(words)
    closing = _CLOSING_WORDS.search(words)
    role: UnitRole = "implement"
    if closing:
        role = "support" if "配合" in closing.group() else "implement" if "落实" in closing.group() else "responsible"
        end = start + closing.start()
    if not leads and (opening := _OPENING_WORDS.match(words)):
        start += opening.end()
    units = units_of(sheet, start, end, role)
    return [replace(unit, role=role) if unit.role == "unmarked" else unit for unit in units]


def _explanations(sheet: Sheet, start: int, end: int) -> list[Rule]:
    """Find what a name covers wherever it stands: 各区人民政府〈含开发区管委会，下同〉."""
    flow, found = sheet.flow, []
    for match in _DITTO.finditer(flow, start, end):
        window = max(start, match.start() - _LONGEST)
        opening = _innermost_opening(flow, window, match.start())
        closing = min(
            (at for sign in ")]〕〉" if (at := flow.find(sign, match.end(), match.end() + 2)) >= 0), default=-1
        )
        if opening is None or closing < 0:
            continue
        words = flow[opening + 1 : match.start()]
        if not re.match(r"(?:含|包括|包含|不含|除|指|以下简称)", words):
            continue
        default = _default(sheet, "explanation", (opening + 1, match.end()), (opening, end))
        found.append(Rule(default, opening, end))
    return found


def _validity(sheet: Sheet, start: int, end: int) -> list[Rule]:
    """Find how long the document itself is in force: 有效期至2024年12月31日, 有效期5年."""
    found = []
    for match in _IN_FORCE.finditer(sheet.flow, start, end):
        found.append(Rule(_default(sheet, "validity", match.span("words"), (start, end)), start, end))
    return found


def _innermost_opening(flow: str, start: int, end: int) -> int | None:
    depth = 0
    for at in range(end - 1, start - 1, -1):
        if flow[at] in ")]〕〉":
            depth += 1
        elif flow[at] in "([〔〈":
            if not depth:
                return at
            depth -= 1
    return None


def _default(sheet: Sheet, kind: DefaultKind, place: tuple[int, int], scope: tuple[int, int]) -> Default:
    return Default(kind, sheet.words(*place), sheet.span(*place), sheet.span(*scope))
