"""takes in code tables (CSV), converts codes between their generations, lists the tables.

./kouan codes import DIR            every CSV of a folder, in the published layouts or in Kouan's own:
                                    table,code,customs_code,ciq_code,name_zh,name_en,note,since,until
./kouan codes convert currency 142 customs current
./kouan codes list

A sheet with an error is refused as a whole and stops no other; taking the same folder in again changes nothing.
Exit status of import: 0 when every sheet was taken, 1 when one was refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from kouan.project.hub import CommandFailed
from kouan.project.places import data_folder

GENERATIONS = ("current", "customs", "ciq")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    taking = acts.add_parser("import", help="导入目录中的全部 CSV / take in every CSV of a folder")
    taking.add_argument("folder", type=Path, metavar="DIR")
    taking.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="启用日期 / first day of validity")
    taking.add_argument("--source", default="", help="来源 / where the sheets come from")
    taking.add_argument("--correct", action="store_true", help="更正同日启用的内容 / mend what begins on the same day")
    taking.add_argument(
        "--replace-list",
        action="store_true",
        help="新表未列的代码自新表启用日起停用 / codes that the new list lacks end on its first day",
    )
    taking.add_argument("--json", action="store_true", help="每个文件输出一行 JSON / one JSON object a file")
    converting = acts.add_parser("convert", help="换算代码 / convert a code to another generation")
    converting.add_argument("table")
    converting.add_argument("value")
    converting.add_argument("from_generation", choices=GENERATIONS, metavar="FROM")
    converting.add_argument("to_generation", choices=GENERATIONS, metavar="TO")
    converting.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help="日期 / the day")
    listing = acts.add_parser("list", help="列出代码表 / list the tables")
    listing.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help="日期 / the day")
    for one in (taking, converting, listing):
        one.add_argument("--data", metavar="DIR", help="数据目录 / the data folder")


def run(args: argparse.Namespace) -> int:
    """Do what was asked over the database of the data folder."""
    from kouan.project.database import prepared_django

    if args.act == "import" and not args.folder.is_dir():
        raise CommandFailed(f"没有目录 {args.folder}\nThere is no folder {args.folder}")
    with prepared_django(data_folder(args.data)):
        return {"import": take_in, "convert": convert, "list": show_tables}[args.act](args)


def take_in(args: argparse.Namespace) -> int:
    """Take in a folder and say what became of each sheet."""
    from django.utils import timezone

    from kouan.project.actors import command_line
    from kouan.reference.services import import_folder

    reports = import_folder(
        folder=args.folder,
        at=timezone.now(),
        actor=command_line(),
        since=args.since,
        source=args.source,
        may_correct=args.correct,
        replaces_list=args.replace_list,
    )
    if not reports:
        raise CommandFailed(f"{args.folder} 中没有 CSV 文件\nThere is no CSV in {args.folder}")
    for report in reports:
        if args.json:
            counts = {name: getattr(report, name) for name in ("rows", "added", "replaced", "closed", "unchanged")}
            problems = [problem.to_dict() for problem in report.problems]
            print(json.dumps({"sheet": report.sheet, **counts, "problems": problems}, ensure_ascii=False))
            continue
        verdict = (
            "拒收 / refused" if report.is_refused else "已导入 / taken" if report.import_id else "无变化 / no change"
        )
        print(
            f"{report.sheet:<36} {verdict:<18} {report.rows:>6} 行 / rows"
            f"  +{report.added} 更新 {report.replaced} 停用 {report.closed} 未变 {report.unchanged}"
        )
        for problem in report.problems:
            print(f"    {problem.severity:<7} {problem.code} {problem.pointer}  {problem.zh}", file=sys.stderr)
            print(f"            {problem.en}", file=sys.stderr)
    return 1 if any(report.is_refused for report in reports) else 0


def convert(args: argparse.Namespace) -> int:
    """Print the code of another generation; status 1 where it is missing or not certain."""
    from django.utils import timezone

    from kouan.reference.codes import Generation
    from kouan.reference.selectors import convert as convert_code
    from kouan.reference.types import CodeAmbiguous, CodeMissing

    day = args.on or timezone.localdate()
    try:
        print(
            convert_code(args.table, args.value, Generation(args.from_generation), Generation(args.to_generation), day)
        )
    except CodeMissing as missing:
        raise CommandFailed(f"代码表中没有对应的代码：{missing}\nNo such code: {missing}") from missing
    except CodeAmbiguous as ambiguous:
        candidates = "、".join(f"{code} {name}" for code, name in ambiguous.candidates)
        raise CommandFailed(f"对应多个代码，不作猜测：{candidates}\nSeveral codes: {ambiguous}") from ambiguous
    return 0


def show_tables(args: argparse.Namespace) -> int:
    """Print every table with its codes in force."""
    from django.utils import timezone

    from kouan.reference.selectors import list_tables

    for table in list_tables(args.on or timezone.localdate()):
        whole = "完整 / complete" if table.is_complete else "选录 / partial"
        print(f"{table.key:<36} {table.in_force_count:>6}  {whole:<16} {table.name_zh}")
    return 0
