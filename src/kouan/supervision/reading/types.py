"""What is read out of an official document; frozen, plain, each with its place in the text.

A span is a pair of character offsets ``(from, to)`` into ``DocumentReading.text``, the text as read; the end is
exclusive. What the text does not say is absent (``None`` or empty), never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from kouan.records.problems import Problem, has_error

Span = tuple[int, int]

UnitRole = Literal["lead", "responsible", "support", "implement", "participate", "unmarked"]
"""What a note makes of a unit: 牵头, 责任 or 负责, 配合, 落实, 参加, or nothing said."""

BodyRole = Literal["first_convenor", "convenor", "member", "office"]
"""第一召集人, 召集人, 成员, 办公室."""

Precision = Literal["day", "ten_days", "month", "quarter", "half_year", "year", "recurring", "relative", "ongoing"]
"""How exactly a deadline is named. The last three have no date: 每月25日前, 印发之日起30日内, 持续推进."""

Period = Literal["day", "week", "month", "quarter", "half_year", "year"]

DefaultKind = Literal["first_is_lead", "units", "explanation", "validity"]
"""What a document says once for many places:

first_is_lead: the unit named first leads (排在第一位的为牵头部门，下同).
units: these units carry out every task without being named there (以下均需各县（市、区）政府落实，不再列出).
explanation: what a name or a word covers wherever it stands (各区人民政府〈含开发区管委会，下同〉).
validity: how long the document itself is in force (有效期至2024年12月31日).
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of the text that is an element of the head."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Head:
    """The head and the foot of a document (GB/T 9704-2012, 版头 and 版记).

    signed_on: 成文日期; printed_on: 印发日期. Either may be absent.
    addressee: 主送机关 as it stands. copies: 抄送机关 as the text parts them, shared endings left as they stand.
    """

    issuer: Found | None = None
    number: Found | None = None
    title: Found | None = None
    addressee: Found | None = None
    signed_on: date | None = None
    signed_span: Span | None = None
    printed_on: date | None = None
    printed_span: Span | None = None
    copies: tuple[Found, ...] = ()

    @property
    def date(self) -> date | None:
        """The day of the document: signed, or else printed."""
        return self.signed_on or self.printed_on


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit in a note with what the note makes of it.

    name: the full name, with the ending it shares with its neighbours. alias: a second name in brackets after it.
    span: the characters of the text that name it. default: the index in ``DocumentReading.defaults`` of what gave
    this unit or this role, where the note itself does not.
    """

    name: str
    role: UnitRole
    span: Span
    alias: str | None = None
    default: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time by which, with the last day it allows. inherits_year: the year stands earlier in the text."""

    text: str
    date: date | None
    precision: Precision
    span: Span
    inherits_year: bool = False

    def lies_in(self, span: Span) -> bool:
        """True if all its characters stand within a span of the text."""
        return span[0] <= self.span[0] and self.span[1] <= span[1]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the text aims at: from ``low`` to ``high``, one of them absent where the text leaves it open.

    unit: as the text has it (条, %, 万元, 个百分点). period: the time that the number is meant for, where it is said.
    """

    text: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    period: Period | None
    span: Span


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing to do within a task."""

    text: str
    span: Span
    deadlines: tuple[Deadline, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered place of the document. part: 0 for the document itself, then each annex or attached text.

    label: the way down to it (``二(一)1``), unique within its part: a number used twice has ``[2]`` after it.
    parent: index in ``DocumentReading.clauses``.
    span: the whole of it with all that is below it.
    """

    label: str
    title: str
    level: int
    span: Span
    parent: int | None = None
    part: int = 0


@dataclass(frozen=True, slots=True)
class TaskReading:
    """What a clause orders, and of whom.

    text: the words of the task without its number, its notes and the damage of page breaks.
    span: from its number to its end. notes: the places that say who. No units means that the text names none.
    """

    clause: str
    title: str
    text: str
    span: Span
    units: tuple[UnitMention, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    figures: tuple[Figure, ...] = ()
    measures: tuple[Measure, ...] = ()
    notes: tuple[Span, ...] = ()
    part: int = 0


@dataclass(frozen=True, slots=True)
class BodyMember:
    """A unit in a body, or the holder of an office as the text names it (市人民政府分管副市长)."""

    unit: str
    role: BodyRole
    span: Span
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class BodySeat:
    """A seat that the roles do not name: 副召集人, 牵头单位, 联络员. position: what the text calls it."""

    unit: str
    position: str
    span: Span


@dataclass(frozen=True, slots=True)
class Body:
    """A standing body that the document sets up: a joint conference, a leading group."""

    name: str
    span: Span
    members: tuple[BodyMember, ...] = ()
    others: tuple[BodySeat, ...] = ()


@dataclass(frozen=True, slots=True)
class Default:
    """What the document says once for all that stands in ``scope``."""

    kind: DefaultKind
    text: str
    span: Span
    scope: Span
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """All that was read out of a document. gaps: places of the text that page breaks tore into it."""

    text: str
    head: Head = Head()
    clauses: tuple[Clause, ...] = ()
    tasks: tuple[TaskReading, ...] = ()
    bodies: tuple[Body, ...] = ()
    defaults: tuple[Default, ...] = ()
    problems: tuple[Problem, ...] = ()
    gaps: tuple[Span, ...] = ()

    @property
    def is_readable(self) -> bool:
        """True unless a problem kept it from being read at all."""
        return not has_error(self.problems)

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form for JSON (docs/standards/documents.md)."""
        return {
            "head": _head_to_plain(self.head),
            "tasks": [task_to_plain(one) for one in self.tasks],
            "bodies": [_body_to_plain(one) for one in self.bodies],
            "defaults": [
                {
                    "kind": one.kind,
                    "text": one.text,
                    "span": list(one.span),
                    "scope": list(one.scope),
                    "units": list(one.units),
                }
                for one in self.defaults
            ],
            "clauses": [
                {
                    "clause": one.label,
                    "title": one.title,
                    "level": one.level,
                    "span": list(one.span),
                    "parent": one.parent,
                    "part": one.part,
                }
                for one in self.clauses
            ],
            "problems": [one.to_dict() for one in self.problems],
            "gaps": [list(one) for one in self.gaps],
        }


def _head_to_plain(head: Head) -> dict[str, Any]:
    found = {"issuer": head.issuer, "number": head.number, "title": head.title, "addressee": head.addressee}
    spans: dict[str, Any] = {key: list(one.span) for key, one in found.items() if one}
    day_span = head.signed_span or head.printed_span
    if day_span:
        spans["date"] = list(day_span)
    spans["copies"] = [list(one.span) for one in head.copies]
    return {
        **{key: one.value if one else None for key, one in found.items()},
        "date": head.date.isoformat() if head.date else None,
        "signed_on": head.signed_on.isoformat() if head.signed_on else None,
        "printed_on": head.printed_on.isoformat() if head.printed_on else None,
        "copies": [one.value for one in head.copies],
        "spans": spans,
    }


def task_to_plain(task: TaskReading) -> dict[str, Any]:
    """A task as plain values for JSON."""
    return {
        "clause": task.clause,
        "part": task.part,
        "title": task.title,
        "text": task.text,
        "span": list(task.span),
        "units": [
            {"name": one.name, "alias": one.alias, "role": one.role, "span": list(one.span), "default": one.default}
            for one in task.units
        ],
        "deadlines": [_deadline_to_plain(one) for one in task.deadlines],
        "figures": [_figure_to_plain(one) for one in task.figures],
        "measures": [
            {
                "text": one.text,
                "span": list(one.span),
                "deadlines": [_deadline_to_plain(each) for each in one.deadlines],
                "figures": [_figure_to_plain(each) for each in one.figures],
            }
            for one in task.measures
        ],
        "notes": [list(one) for one in task.notes],
    }


def _deadline_to_plain(deadline: Deadline) -> dict[str, Any]:
    return {
        "text": deadline.text,
        "date": deadline.date.isoformat() if deadline.date else None,
        "precision": deadline.precision,
        "span": list(deadline.span),
        "inherits_year": deadline.inherits_year,
    }


def _figure_to_plain(figure: Figure) -> dict[str, Any]:
    return {
        "text": figure.text,
        "low": _number(figure.low),
        "high": _number(figure.high),
        "unit": figure.unit,
        "period": figure.period,
        "span": list(figure.span),
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _body_to_plain(body: Body) -> dict[str, Any]:
    return {
        "name": body.name,
        "span": list(body.span),
        "members": [
            {
                "unit": one.unit,
                "alias": one.alias,
                "role": one.role,
                "span": list(one.span),
            }
            for one in body.members
        ],
        "others": [{"unit": one.unit, "position": one.position, "span": list(one.span)} for one in body.others],
    }
