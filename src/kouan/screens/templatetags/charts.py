"""The tags that put charts on a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kouan.screens import charts

register = template.Library()


@register.inclusion_tag("screens/charts/time_bar.html")
def time_bar(bar: charts.Bar) -> dict[str, Any]:
    """`{% time_bar bar %}`: where the time of one case went."""
    return {"bar": bar}


@register.inclusion_tag("screens/charts/stacked_bars.html")
def stacked_bars(chart: charts.StackedBars) -> dict[str, Any]:
    """`{% stacked_bars chart %}`: several bars on one scale."""
    return {"chart": chart, "labels": chart.labels}


@register.inclusion_tag("screens/charts/distribution.html")
def distribution(chart: charts.Distribution) -> dict[str, Any]:
    """`{% distribution chart %}`: a histogram with its median and promise."""
    return {"chart": chart, "labels": chart.labels, "height": charts.HEIGHT, "bottom": charts.HEIGHT - charts.BOTTOM}


@register.inclusion_tag("screens/charts/interactive.html")
def interactive(chart: charts.Interactive) -> dict[str, Any]:
    """`{% interactive chart %}`: a chart that echarts draws; the page also needs `{% chart_scripts %}`."""
    return {"chart": chart, "labels": chart.labels, "data_id": f"chart-{chart.key}"}


@register.inclusion_tag("screens/charts/scripts.html")
def chart_scripts() -> dict[str, Any]:
    """`{% chart_scripts %}` in the block `scripts`: echarts and our colours for it."""
    return {}


@register.simple_tag
def spark(values: Sequence[float], label: Any = "", series: int = 1) -> SafeString:
    """`{% spark values "近 12 个月" %}`: a small line without axes, which says its last value to screen readers."""
    points = charts.to_spark(values)
    if not points:
        return format_html('<span class="none">{}</span>', _("数据不足"))
    return format_html(
        '<svg class="spark series-{}" viewBox="0 0 96 24" role="img" aria-label="{}">'
        '<polyline class="series-line" points="{}"/></svg>',
        series,
        label,
        points,
    )
