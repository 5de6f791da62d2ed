"""Reading a spreadsheet of declarations: one row a goods line, rows of one internal number make one parcel. Pure.

Bounded in bytes, rows and columns; formulas are never carried out (their stored values count); a cell that Excel made
a number is taken as the digits it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kouan.declarations.sheet_layouts import LAYOUTS, Layout, layout_of
from kouan.records.problems import Problem
from kouan.screens.sheets import Limits, SheetNotReadable, read_cells

LIMITS = Limits(size=10 * 1024 * 1024, rows=10_000, codes="-95")


@dataclass(slots=True)
class SheetParcel:
    """One parcel of a sheet: its values, the rows it stands in, and what is wrong."""

    values: dict[str, Any]
    rows: list[int]
    problems: list[Problem] = field(default_factory=list)

    @property
    def layout(self) -> Layout:
        """The columns in which it stands."""
        return LAYOUTS[self.values.get("direction", "I")]


def read_sheet(data: bytes, name: str) -> list[SheetParcel]:
    """Read the first sheet of an xlsx or a csv file into parcels. Raises SheetNotReadable."""
    rows = read_cells(data, name, LIMITS)
    layout, columns = columns_of(rows[0])
    return _group(layout, columns, rows[1:])


def columns_of(header: Sequence[Any]) -> tuple[Layout, dict[str, int]]:
    """Tell of which kind a sheet is, and find its columns by their titles, in any order. Raises SheetNotReadable."""
    titles = [text_of(cell).replace("*", "").strip() for cell in header]
    layout = layout_of(titles)
    names = {title: name for name, title in layout.titles.items()}
    found: dict[str, int] = {}
    for place, title in enumerate(titles):
        if name := names.get(title):
            found.setdefault(name, place)
    missing = [layout.titles[name] for name in layout.needed if name not in found]
    if missing:
        raise SheetNotReadable(_problem(
            "-950005", f"缺少列：{'、'.join(missing)}", f"Columns are missing: {', '.join(missing)}",
            "请使用模板的列名", "Use the column titles of the template",
        ))  # fmt: skip
    return layout, found


def _group(layout: Layout, columns: dict[str, int], rows: Sequence[Sequence[Any]]) -> list[SheetParcel]:
    parcels: dict[str, SheetParcel] = {}
    for number, row in enumerate(rows, start=2):
        cells = {name: text_of(row[place]) if place < len(row) else "" for name, place in columns.items()}
        if not any(cells.values()):
            continue
        key = cells["internal_no"]
        if not key:
            orphan = SheetParcel({"direction": layout.direction, "goods": []}, [number])
            parcels.setdefault(f"#{number}", orphan).problems.append(
                _problem(
                    "-950006",
                    f"第 {number} 行缺少企业内部编号",
                    f"Row {number} has no internal number",
                    "请填写",
                    "Fill it in",
                    "internal_no",
                )
            )
            continue
        head = {name: cells.get(name, "") for name in layout.head}
        parcel = parcels.setdefault(key, SheetParcel({**head, "direction": layout.direction, "goods": []}, []))
        parcel.rows.append(number)
        for name, value in head.items():
            if value and parcel.values[name] and value != parcel.values[name]:
                parcel.problems.append(
                    _problem(
                        "-950007",
                        f"第 {number} 行的{layout.head[name]}与同一编号的前一行不同",
                        f"Row {number}: {name} differs from the row above of the same number",
                        "同一企业内部编号的表头各列应相同",
                        "The head columns of one internal number have to agree",
                        name,
                    )
                )
            parcel.values[name] = parcel.values[name] or value
        parcel.values["goods"].append({name: cells.get(name, "") for name in layout.goods})
    return list(parcels.values())


def text_of(cell: Any) -> str:
    """Give a cell as the text it shows: whole numbers without a point, dates as the standard writes them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y%m%d%H%M%S")
    if isinstance(cell, date):
        return cell.strftime("%Y%m%d")
    return str(cell).strip()


def _problem(code: str, zh: str, en: str, fix_zh: str, fix_en: str, pointer: str = "") -> Problem:
    return Problem(code, pointer, "error", zh, en, fix_zh, fix_en)
