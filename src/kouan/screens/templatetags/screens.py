"""The tags of every template of Kouan: chips, facts, times, figures, names, problems, fields and frames."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import segno
from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kouan.records.problems import Problem
from kouan.screens import formats, masking
from kouan.screens import related as registered
from kouan.screens.html import NONE_HTML, chip_html, icon_html, when_html
from kouan.screens.pieces import TONE_ICONS, Agency, Moment, NextStep, Tone, to_chip

register = template.Library()


@register.simple_tag
def icon(name: str, label: Any = "") -> SafeString:
    """`{% icon "check" %}`: an icon of the sprite."""
    return icon_html(name, label)


@register.simple_tag
def qr_code(text: str, label: Any = "") -> SafeString:
    """`{% qr_code url "进度查询" %}`: a text as a QR code, black on white on every screen and on paper."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=1, border=2, omitsize=True, lineclass=None)
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', label, mark_safe(drawn))  # noqa: S308


@register.simple_tag
def chip(state: Any, family: str = "") -> SafeString:
    """`{% chip case.state "case" %}`: a state as colour, icon and word."""
    return chip_html(to_chip(state, family))


@register.simple_tag
def when(value: datetime | date | None, seconds: bool = False) -> SafeString:
    """`{% when case.received_at %}`: 2026-11-22 14:05, how long ago in the tooltip."""
    return when_html(value, with_seconds=seconds)


@register.simple_tag
def duration(value: timedelta | int | float | None) -> str:
    """`{% duration moment.took %}`: 1 小时 55 分; numbers are seconds."""
    return formats.to_duration(value)


@register.simple_tag
def money(value: int | Decimal | None, currency: str = "") -> str:
    """`{% money case.value_fen %}`: integer fen or Decimal; the currency's code follows where it is not in a header."""
    shown = formats.to_money(value)
    return f"{shown} {currency}" if currency and value is not None else shown


@register.simple_tag
def quantity(value: int | float | Decimal | None, unit: Any = "") -> str:
    """`{% quantity line.net_weight_kg "千克" %}`."""
    shown = formats.to_quantity(value)
    return f"{shown} {unit}" if unit and value is not None else shown


@register.simple_tag
def count(value: int | None) -> str:
    """`{% count total %}`: thousands separated."""
    return formats.to_count(value)


@register.simple_tag
def code_name(code: Any, name: Any = "") -> SafeString:
    """`{% code_name "142" "人民币" %}`: a code and its name, together."""
    if code in (None, ""):
        return NONE_HTML
    if not name:
        return format_html('<span class="code-name"><span class="code">{}</span></span>', code)
    return format_html('<span class="code-name"><span class="code">{}</span>{}</span>', code, name)


@register.simple_tag
def masked(value: str | None, kind: str = "", reveal_url: str = "") -> SafeString:
    """`{% masked person.identity "id" %}`: personal data masked; `reveal_url` is the act that shows and records it."""
    if not value:
        return NONE_HTML
    shown = masking.to_masked(str(value), kind)
    if reveal_url:
        link = format_html(
            '<a href="{}" data-dialog title="{}">{}</a>',
            reveal_url,
            _("查看须说明事由并留痕"),
            icon_html("eye-off", _("查看")),
        )
        return format_html('<span class="masked">{}{}</span>', shown, link)
    return format_html('<span class="masked" title="{}">{}{}</span>', _("已脱敏"), shown, icon_html("lock"))


@register.simple_tag
def fact(label: Any, value: Any = None, unit: Any = "", note: Any = "") -> SafeString:
    """`{% fact "申报企业" case.owner_name %}`: one cell of the fact strip. A ready piece of HTML stays as it is."""
    shown_unit = format_html('<span class="unit">{}</span>', unit) if unit else ""
    shown_note = format_html("<small>{}</small>", note) if note else ""
    shown = (
        when_html(value)
        if isinstance(value, datetime)
        else value
        if hasattr(value, "__html__")
        else formats.to_text(value)
    )
    return format_html('<div class="fact"><dt>{}{}</dt><dd>{}{}</dd></div>', label, shown_unit, shown, shown_note)


@register.simple_tag
def pair(label: Any, value: Any = None) -> SafeString:
    """`{% pair "运输方式" value %}`: a label and its value in a list of pairs."""
    shown = (
        when_html(value)
        if isinstance(value, datetime)
        else value
        if hasattr(value, "__html__")
        else formats.to_text(value)
    )
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, shown)


SEVERITY_CLASSES = {"error": "", "warning": "warning"}


def problem_texts(problem: Problem | Mapping[str, str]) -> dict[str, str]:
    """A problem in the page's language: code, pointer, what, mend and its class. A stored one may come as a mapping."""
    if isinstance(problem, Mapping):
        problem = Problem(**problem)  # type: ignore[arg-type]
    english = formats.is_english()
    severity = problem.severity
    return {
        "code": problem.code,
        "pointer": problem.pointer,
        "what": problem.en if english else problem.zh,
        "mend": problem.fix_en if english else problem.fix_zh,
        "severity": SEVERITY_CLASSES.get(severity, ""),
        "icon": "alert" if severity == "warning" else "cross",
    }


@register.inclusion_tag("screens/parts/problem.html")
def problem(problem: Any) -> dict[str, str]:
    """`{% problem p %}`: what is wrong, where, how to mend it, and its code."""
    return problem_texts(problem)


@register.inclusion_tag("screens/parts/problems.html")
def problems(problems: Sequence[Any], title: Any = "") -> dict[str, Any]:
    """`{% problems list %}`: all problems of a page in one box."""
    return {"problems": problems, "title": title}


@register.inclusion_tag("screens/parts/next_step.html")
def next_step(step: NextStep | None) -> dict[str, Any]:
    """`{% next_step step %}`: whose turn it is, and for what."""
    return {"step": step}


@register.inclusion_tag("screens/parts/spine.html")
def spine(moments: Sequence[Moment]) -> dict[str, Any]:
    """`{% spine moments %}`: the timeline of a case."""
    return {"moments": moments}


@register.inclusion_tag("screens/parts/agencies.html")
def agencies(agencies: Sequence[Agency]) -> dict[str, Any]:
    """`{% agencies list %}`: every agency's part, side by side."""
    return {"agencies": agencies}


@register.inclusion_tag("screens/parts/related.html", takes_context=True)
def related(context: Mapping[str, Any], kind: str, pk: Any) -> dict[str, Any]:
    """`{% related "ticket" ticket.pk %}`: what apps above know about a thing."""
    return {"related": registered.related_to(kind, pk, context["request"].user)}


@register.inclusion_tag("screens/parts/empty.html")
def empty(title: Any, why: Any = "", act: Any = "", url: str = "", icon: str = "inbox") -> dict[str, Any]:
    """`{% empty "没有待办" "今天的都办完了" %}`: why there is nothing, and what to do next."""
    return {"title": title, "why": why, "act": act, "url": url, "icon": icon}


@register.inclusion_tag("screens/parts/field.html")
def field(
    bound: BoundField, width: int = 4, unit: Any = "", official: Any = "", known: Any = "", picker: str = ""
) -> dict[str, Any]:
    """`{% field form.gross_weight_kg width=3 unit="千克" official="grossWeight" %}`: one field of a form.

    `official` is the standard's name of the field; `known` says where a filled-in value came from;
    `picker` is the address that a picker asks for choices.
    """
    attrs: dict[str, Any] = {"aria-describedby": f"{bound.auto_id}-about"}
    if picker:
        attrs |= {"data-picker": picker, "autocomplete": "off"}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    kind = getattr(bound.field.widget, "input_type", "")
    is_choices = kind == "radio" or type(bound.field.widget).__name__ == "CheckboxSelectMultiple"
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attrs),
        "width": width,
        "unit": unit,
        "official": official,
        "known": known,
        "is_check": kind == "checkbox" and not is_choices,
        "is_choices": is_choices,
    }


@register.simple_tag
def chip_icon(tone: Any) -> SafeString:
    """The icon of a tone alone, for marks whose word stands beside them."""
    return icon_html(TONE_ICONS[Tone(tone)])


@register.simple_tag
def highlight(text: Any, q: str) -> SafeString:
    """A text with what was searched for marked in it."""
    words = [word for word in str(q).split() if word]
    if not words:
        return format_html("{}", text)
    pattern = re.compile("(" + "|".join(re.escape(word) for word in words) + ")", re.IGNORECASE)
    pieces = pattern.split(str(text))
    return format_html_join(
        "", "{}{}", ((_marked(piece) if index % 2 else piece, "") for index, piece in enumerate(pieces))
    )


def _marked(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)
