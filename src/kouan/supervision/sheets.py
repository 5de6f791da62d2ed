"""Excel files of supervision: the matrix of a document, its duty table."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _


def matrix_sheet(document: Any, rows: Sequence[Any], gaps: Mapping[str, Any]) -> bytes:
    """The matrix as a workbook of one sheet, ready to be printed on A4 across."""
    heads = [
        (_("条款"), 10), (_("事项"), 34), (_("牵头单位"), 20), (_("其他责任单位"), 34), (_("举措"), 7),
        (_("已办结"), 7),
        (_("有佐证"), 7), (_("时限"), 12), (_("目标值"), 22), (_("指标"), 18), (_("系统支撑"), 34), (_("缺口"), 26),
    ]  # fmt: skip
    lines = [
        [
            row.clause,
            row.title,
            row.lead,
            "、".join(row.units),
            row.measures,
            row.closed,
            row.proven,
            row.due,
            "；".join(text for text, _name in row.targets),
            "；".join(name for _text, name in row.targets if name),
            f"{row.part.words}（{row.part.progress}）" if row.part else "",
            "、".join(str(gaps[key]) for key in row.gaps),
        ]
        for row in rows
    ]
    return _workbook(f"{document.number} {document.title}", heads, lines)


def duty_sheet(title: str, lines: Sequence[Sequence[Any]]) -> bytes:
    """The duty table (任务分解表) as a workbook."""
    heads = [
        (_("序号"), 6), (_("条款"), 10), (_("事项"), 26), (_("主要内容（举措）"), 56), (_("牵头单位"), 20),
        (_("其他责任单位"), 34), (_("时限"), 14), (_("目标值"), 20), (_("成果形式"), 16), (_("状态"), 10),
    ]  # fmt: skip
    return _workbook(title, heads, lines)


def evaluation_sheet(title: str, rows: Sequence[tuple[str, Any]]) -> bytes:
    """The yearly evaluation as a workbook; what has no figure stays empty."""
    heads = [
        (_("单位"), 34), (_("牵头举措"), 10), (_("办结"), 8), (_("按期办结（%）"), 14), (_("逾期"), 8),
        (_("延期（天）"), 12), (_("被退回"), 9), (_("报完成、无佐证"), 16), (_("按期报送（%）"), 14),
        (_("督办函"), 9), (_("逾期未复"), 10),
        (_("会议出席（%）"), 14),
    ]  # fmt: skip
    lines = [
        [
            name, one.measures, one.closed, one.marks["in_time"], one.overdue, one.delay_days, one.bounced,
            one.unproven, one.marks["reports_in_time"], one.warnings, one.warnings_unanswered,
            one.marks["attendance"],
        ]
        for name, one in rows
    ]  # fmt: skip
    return _workbook(title, heads, lines)


def _workbook(title: str, heads: Sequence[tuple[str, int]], lines: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    )
    sheet = book.add_worksheet()
    plain = {"font_name": "仿宋", "font_size": 11, "valign": "vcenter", "text_wrap": True, "border": 1}
    head_format = book.add_format(plain | {"bold": True, "font_name": "黑体", "align": "center", "bg_color": "#EBEFF4"})
    title_format = book.add_format(
        {"font_name": "方正小标宋简体", "font_size": 18, "align": "center", "valign": "vcenter"}
    )
    cell = book.add_format(plain)
    centre = book.add_format(plain | {"align": "center"})
    day = book.add_format(plain | {"align": "center", "num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, len(heads) - 1, title, title_format)
    sheet.set_row(0, 34)
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write(1, column, head, head_format)
    for at, line in enumerate(lines, start=2):
        for column, value in enumerate(line):
            if hasattr(value, "isoformat"):
                sheet.write_datetime(at, column, value, day)
            else:
                sheet.write(at, column, "" if value is None else value, centre if isinstance(value, int) else cell)
    sheet.freeze_panes(2, 2)
    sheet.autofilter(1, 0, max(len(lines) + 1, 2), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_footer(f"&L{timezone.localtime():%Y-%m-%d %H:%M}&R&P / &N")
    book.close()
    return buffer.getvalue()
