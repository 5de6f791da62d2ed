"""The tags of the list page: its rows, totals and page buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kouan.screens.html import icon_html
from kouan.screens.lists.columns import Column

register = template.Library()


@register.simple_tag
def list_rows(page: Any, columns: Sequence[Column], rows: Sequence[Any]) -> SafeString:
    """The body of the table. Made in Python: a template loop over thousands of cells costs tens of milliseconds."""
    has_ticks = bool(page.bulk)
    labels = [str(column.label) for column in columns]
    classes = [column.classes for column in columns]
    tick_label = _("选中这一行")
    parts = []
    for row in rows:
        url = page.row_url(row) if page.row_url else ""
        cells = format_html_join(
            "",
            '<td class="{}" data-label="{}">{}</td>',
            (
                (
                    " ".join(name for name in (classes[at], "" if at else "stuck", _blank(column, row)) if name),
                    labels[at],
                    column.show(row) if at else _first(column, row, url),
                )
                for at, column in enumerate(columns)
            ),
        )
        tick = (
            format_html(
                '<td class="tick"><input type="checkbox" name="pk" value="{}" form="bulk-{}" aria-label="{}"></td>',
                row.pk,
                page.key,
                tick_label,
            )
            if has_ticks
            else ""
        )
        href = format_html(' data-href="{}"', url) if url else ""
        parts.append(format_html("<tr{}>{}{}</tr>", href, tick, cells))
    return mark_safe("\n".join(parts))  # noqa: S308 - made of format_html above


def _blank(column: Column, row: Any) -> str:
    return "blank" if column.is_blank(row) else ""


def _first(column: Column, row: Any, url: str) -> SafeString:
    """The first cell leads to the row's page, unless the column has an address of its own."""
    shown = column.show(row)
    return format_html('<a href="{}" data-row-link>{}</a>', url, shown) if url and column.url is None else shown


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
