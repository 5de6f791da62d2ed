"""The whole reading of a document: its head, its clauses, what they order, and what could not be read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date

from kouan.records.problems import Problem
from kouan.supervision.reading.bodies import bodies_in
from kouan.supervision.reading.closing import end_of_body
from kouan.supervision.reading.defaults import Rule, defaults_in
from kouan.supervision.reading.files import take_text
from kouan.supervision.reading.heads import first_day, head_of
from kouan.supervision.reading.layout import NUMBERED, Sheet
from kouan.supervision.reading.notes import notes_in
from kouan.supervision.reading.numbering import RANKS, Node, tree_of
from kouan.supervision.reading.problems import LONGEST_TEXT, UnreadableFile, problem
from kouan.supervision.reading.tables import Table, is_flattened, tables_in, tasks_of_tables
from kouan.supervision.reading.tasks import Place, left_open, places_of, task_of, title_of
from kouan.supervision.reading.types import Clause, DocumentReading, Head, Span, TaskReading


def read_file(content: bytes, name: str) -> DocumentReading:
    """Read a file; one that gives no text gives a reading with that problem."""
    try:
        text, problems = take_text(content, name)
    except UnreadableFile as fault:
        return DocumentReading("", problems=(fault.problem,))
    reading = read_document(text)
    return replace(reading, problems=(*problems, *reading.problems))


def read_document(text: str) -> DocumentReading:
    """Read a text; spans in the answer are offsets into it."""
    if not text.strip():
        return DocumentReading(text, problems=(problem("empty"),))
    if len(text) > LONGEST_TEXT:
        return DocumentReading("", problems=(problem("text_too_long", limit=LONGEST_TEXT),))
    tables = tables_in(text)
    sheet = Sheet(text, tables=[(table.start, table.end) for table in tables])
    nodes, parts = tree_of(sheet)
    head = head_of(sheet, nodes[0].start if nodes else None)
    last_nodes = {node.part: node for node in nodes}
    stops = {part: end_of_body(sheet.flow, node, parts[part][1]) for part, node in last_nodes.items()}
    places = places_of(sheet, nodes, stops)
    rules = defaults_in(sheet, parts, (note for place in places for note in place.notes), nodes)
    noted = [
        place
        for place in places
        if (place.notes or _is_covered(place, rules)) and not _stands_in(tables, sheet.place(place.start))
    ]
    speaks_from = first_day(head)
    tasks = [task_of(sheet, place, rules, speaks_from) for place in noted]
    tasks = sorted(
        [*tasks, *tasks_of_tables(text, tables, speaks_from, len(parts) if nodes else 0)], key=lambda task: task.span
    )
    bodies = bodies_in(sheet, [(place.node.body, place.end) for place in places] or parts, _title_in_flow(sheet, head))
    return DocumentReading(
        text=text,
        head=head,
        clauses=tuple(_clauses(sheet, nodes, stops)),
        tasks=tuple(tasks),
        bodies=tuple(bodies),
        defaults=tuple(rule.default for rule in rules),
        problems=tuple(_problems(sheet, places, tasks, tables)),
        gaps=sheet.gaps,
    )


def read_passage(text: str, span: Span, issued_on: date | None) -> TaskReading:
    """Read a stretch of a text as one task, whatever the numbering says, because a person pointed at it."""
    sheet = Sheet(text[slice(*span)], base=span[0])
    numbered = NUMBERED.match(sheet.flow)
    end = len(sheet.flow)
    node = Node("passage", 0, 0, numbered.end() if numbered else 0, end)
    return task_of(sheet, Place(node, 0, end, notes_in(sheet, node.body, end)), [], issued_on)


def _is_covered(place: Place, rules: list[Rule]) -> bool:
    """True for an item without a note of its own in a chapter whose heading says once for all who is in charge."""
    return place.node.is_leaf and any(rule.covers_silent and rule.start < place.start < rule.end for rule in rules)


def _stands_in(tables: list[Table], at: int) -> bool:
    """True if a place of the text stands in one of the tables, which are in the order of the text."""
    index = bisect_right(tables, at, key=lambda table: table.start) - 1
    return index >= 0 and at < tables[index].end


def _title_in_flow(sheet: Sheet, head: Head) -> tuple[str, tuple[int, int]] | None:
    return (head.title.value, head.title.span) if head.title else None


def _clauses(sheet: Sheet, nodes: list[Node], stops: dict[int, int]) -> list[Clause]:
    places = {id(node): index for index, node in enumerate(nodes)}
    found = []
    for node in nodes:
        end = max(node.body, min(node.end, stops.get(node.part, node.end)))
        words = sheet.flow[node.start : end].rstrip(" \n*#")
        found.append(
            Clause(
                node.label,
                title_of(sheet, node),
                RANKS[node.kind],
                sheet.span(node.start, node.start + len(words)),
                places[id(node.parent)] if node.parent else None,
                node.part,
            )
        )
    return found


def _problems(sheet: Sheet, places: list[Place], tasks: list[TaskReading], tables: list[Table]) -> list[Problem]:
    found: list[Problem] = []
    for table in tables:
        if table.left_out:
            found.append(problem("columns_left_out", columns="、".join(table.left_out)))
        if table.uneven:
            found.append(problem("rows_uneven", count=table.uneven))
    if not tables and is_flattened(sheet.flow):
        found.append(problem("table_flattened"))
    wrong = sheet.raw.count("\ufffd")
    if wrong:
        found.append(problem("wrong_characters", count=wrong))
    repeated = [place.node.label for place in places if place.node.label.endswith("]")]
    if repeated:
        found.append(problem("number_repeated", clauses="、".join(repeated[:10])))
    if not tasks:
        is_in_articles = any(place.node.kind == "article" for place in places)
        found.append(problem("articles" if is_in_articles else "no_notes" if places else "no_numbers"))
    for index in left_open(sheet, places):
        found.append(problem("clause_without_note", f"/clauses/{index}", clause=places[index].node.label))
    return found
