"""What is typed about a table: the grid with its rows, an example, the months of a replay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.decisions.cells import as_meant, as_typed
from kouan.decisions.rules import MOST_ROWS
from kouan.decisions.types import Input, Output, Row, TableContent, ValueType

MOST_TYPED = 1000


class HeadForm(forms.Form):
    """From when a version decides, and on what ground."""

    since = forms.DateField(label=_("启用日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(label=_("依据"), max_length=400, required=False)


class ExampleForm(forms.Form):
    """The name under which a trial is kept as an example."""

    name = forms.CharField(label=_("用例名称"), max_length=120)


class ReplayForm(forms.Form):
    """How many months back."""

    months = forms.IntegerField(label=_("回放月数"), min_value=1, max_value=24, initial=3)


def rows_typed(content: TableContent, typed: Any) -> tuple[Row, ...]:
    """Read the rows of the grid in the order in which they stand on the page.

    typed: the parameters of the form: ``row`` names the rows in order; ``ROW.zh``, ``ROW.en``, ``ROW.when.NAME`` and
    ``ROW.then.NAME`` hold what was typed in each.
    """
    return tuple(_row(content, key[:20], typed) for key in typed.getlist("row")[: MOST_ROWS + 1])


def _row(content: TableContent, key: str, typed: Any) -> Row:
    stands = next((row.when for row in content.rows if row.id == key), {})
    when = {
        column.name: cell
        for column in content.inputs
        if (cell := _cell(column, typed.get(f"{key}.when.{column.name}", ""), stands.get(column.name, "")))
    }
    then = {
        column.name: value
        for column in content.outputs
        if (value := _result(column, typed.getlist(f"{key}.then.{column.name}"))) not in (None, "", [])
    }
    return Row(key, when, then, typed.get(f"{key}.zh", "")[:200].strip(), typed.get(f"{key}.en", "")[:200].strip())


def _cell(column: Input, typed: str, stands: str) -> str:
    """A condition as it is meant; one that says what stands there already stays as it is written."""
    typed = typed[:MOST_TYPED]
    return stands if typed.strip() == as_typed(stands, column).strip() else as_meant(typed, column)


def _result(column: Output, typed: Sequence[str]) -> Any:
    """A result in the type of its column; what cannot be read stays a text, which the check then names."""
    texts = [text.replace("\x00", "").strip()[:MOST_TYPED] for text in typed]
    if column.collect and not column.choices:
        texts = [part.strip() for text in texts for part in text.replace("；", ";").split(";")]
    values = [_value(column.type, text) for text in texts if text]
    if column.collect or column.type is ValueType.STRINGS:
        return values if len(values) > 1 else (values[0] if values else None)
    return values[0] if values else None


def _value(column_type: ValueType, text: str) -> Any:
    if column_type is ValueType.BOOLEAN:
        return {"yes": True, "no": False}.get(text, text)
    if column_type is ValueType.NUMBER:
        try:
            return float(text) if "." in text else int(text)
        except ValueError:
            return text
    return text


def arranged(rows: tuple[Row, ...], act: str) -> tuple[Row, ...]:
    """Do what a button of the grid says: ``up:ROW``, ``down:ROW``, ``remove:ROW`` or ``add:ROW`` (after that row)."""
    verb, _colon, key = act.partition(":")
    place = next((at for at, row in enumerate(rows) if row.id == key), None)
    if place is None:
        return rows
    changed = list(rows)
    if verb == "remove":
        del changed[place]
    elif verb == "add":
        changed.insert(place + 1, Row(_fresh_id(rows), {}, {}))
    elif verb == "up" and place:
        changed[place - 1 : place + 1] = changed[place], changed[place - 1]
    elif verb == "down" and place + 1 < len(changed):
        changed[place : place + 2] = changed[place + 1], changed[place]
    return tuple(changed)


def _fresh_id(rows: Sequence[Row]) -> str:
    taken = {row.id for row in rows}
    return next(key for number in range(1, len(rows) + 2) if (key := f"r{number}") not in taken)


def with_rows(content: TableContent, rows: tuple[Row, ...]) -> TableContent:
    """The table with other rows."""
    return replace(content, rows=rows)


def example_context(content: TableContent, context: Mapping[str, Any]) -> dict[str, Any]:
    """A context in a form that can be stored: decimals become numbers."""
    return {
        name: value if isinstance(value, str | bool | list | int) else float(value) for name, value in context.items()
    }
