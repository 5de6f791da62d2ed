"""writes docs/law (clauses and dated figures) or says what a figure is on a day.

./kouan law write                                      docs/law/matrix.md and docs/law/figures.md
./kouan law figure ceb.single_limit_cny --on 2026-11-22
"""

from __future__ import annotations

import argparse
from datetime import date

from kouan.project.hub import CommandFailed
from kouan.project.places import ROOT, data_folder

FOLDER = ROOT / "docs" / "law"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("write", help="生成 docs/law / write docs/law")
    asking = acts.add_parser("figure", help="查询某日的数值 / what a figure is on a day")
    asking.add_argument("key")
    asking.add_argument("--on", type=date.fromisoformat, required=True, metavar="DATE", help="日期 / the day")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; no database is needed."""
    if args.act == "figure":
        return tell_figure(args.key, args.on)
    from kouan.project.database import set_up_django

    set_up_django(data_folder())
    FOLDER.mkdir(parents=True, exist_ok=True)
    from kouan.law.matrix import written_pages

    for name, text in written_pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print((FOLDER / name).relative_to(ROOT))
    return 0


def tell_figure(key: str, day: date) -> int:
    """Print a figure with its unit and source."""
    from kouan.law.figures import FigureUnknown, NoFigureOnDay, describe

    try:
        figure = describe(key, day)
    except (FigureUnknown, NoFigureOnDay) as missing:
        raise CommandFailed(f"没有这一数值：{missing}\nThere is no such figure: {missing}") from missing
    print(f"{figure.value} {figure.unit}\n{figure.zh} / {figure.en}\n自 / since {figure.since}")
    print(f"条款 / clause: {figure.clause}\n来源 / source: {figure.source}（{figure.strength}, {figure.checked_on}）")
    return 0
