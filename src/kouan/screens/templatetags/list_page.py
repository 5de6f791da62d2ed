"""The tags of the list page: its rows, totals and page buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kouan.screens.html import icon_html
from kouan.screens.lists.columns import Column, to_html

register = template.Library()


@register.simple_tag
def list_rows(page: Any, columns: Sequence[Column], rows: Sequence[Any]) -> SafeString:
    """The body of the table. Made in Python: a template loop over thousands of cells costs tens of milliseconds."""
    tick = _tick_html(page) if page.bulk else ""
    heads = [(column, column.classes, escape(str(column.label))) for column in columns]
    return mark_safe("\n".join(_row(page, heads, row, tick) for row in rows))  # noqa: S308 - escaped piece by piece


def _row(page: Any, heads: Sequence[tuple[Column, str, str]], row: Any, tick: str) -> str:
    url = to_html(page.row_url(row)) if page.row_url else ""
    cells = []
    for at, (column, classes, label) in enumerate(heads):
        value = column.value(row)
        shown = column.show_value(value, row)
        names = classes
        if at == 0:
            names = f"{names} stuck"
            if url and column.url is None:
                shown = f'<a href="{url}" data-row-link>{shown}</a>'
        elif value is None or value == "":
            names = f"{names} blank"
        cells.append(f'<td class="{names}" data-label="{label}">{shown}</td>')
    head = f' data-href="{url}"' if url else ""
    picking = tick.replace("PK", to_html(row.pk)) if tick else ""
    return f"<tr{head}>{picking}{''.join(cells)}</tr>"


@register.simple_tag
def choice_options(options: Sequence[Any]) -> SafeString:
    """The options of a choice; made in Python as the rows are, for a list has dozens of them."""
    made = [
        f'<option value="{to_html(each.value)}"{" selected" if each.is_chosen else ""}>{to_html(each.label)}</option>'
        for each in options
    ]
    return mark_safe("".join(made))  # noqa: S308 - escaped piece by piece


@register.simple_tag
def choice_boxes(options: Sequence[Any], key: str) -> SafeString:
    """The options of a choice of several."""
    made = [
        f'<label><input type="checkbox" name="{key}" value="{to_html(each.value)}"'
        f"{' checked' if each.is_chosen else ''}><span>{to_html(each.label)}</span></label>"
        for each in options
    ]
    return mark_safe("".join(made))  # noqa: S308 - escaped piece by piece


def _tick_html(page: Any) -> str:
    """The box that picks a row; PK stands for the row's key."""
    return format_html(
        '<td class="tick"><input type="checkbox" name="pk" value="PK" form="bulk-{}" aria-label="{}"></td>',
        page.key,
        _("选中这一行"),
    )


@register.simple_tag
def sum_of(column: Column, totals: dict[str, Any]) -> str:
    """The total of a column, written as the column's own values."""
    value = totals.get(column.key)
    return "" if value is None else column.as_text(value)


@register.simple_tag
def page_button(url: str, icon: str, label: Any) -> SafeString:
    """A button that turns the page; without an address it is shown as not to be had."""
    if not url:
        return format_html('<span class="button small" aria-disabled="true">{}{}</span>', icon_html(icon), label)
    return format_html('<a class="button small" href="{}" data-page="{}">{}{}</a>', url, icon, icon_html(icon), label)
