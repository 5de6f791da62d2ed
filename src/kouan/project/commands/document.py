"""reads official documents into tasks with responsible units; needs no server and no database.

document read FILE… --json            one object a line: head, tasks, bodies, defaults, clauses, problems
document ledger FILE -o FILE.xlsx     the tasks as a workbook, a row for each measure

FILE is a txt, md, csv, html, docx or pdf file, or - for a text on the standard input. Spans are character offsets in
the text as read, which `--text` adds to the object. Exit status: 0 clean, 1 with problems, 2 unreadable.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kouan.project.hub import CommandFailed

if TYPE_CHECKING:
    from kouan.supervision.reading.types import DocumentReading

CLEAN, WITH_PROBLEMS, UNREADABLE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    read = acts.add_parser("read", help="读出任务、责任单位、时限和指标 / read tasks, units, deadlines and figures")
    read.add_argument("files", nargs="+", metavar="FILE", help="公文，- 为标准输入 / documents, - for standard input")
    read.add_argument("--json", action="store_true", help="每行一个 JSON 对象 / one JSON object a line")
    read.add_argument("--text", action="store_true", help="JSON 中附上读出的正文 / add the text as read to the JSON")
    ledger = acts.add_parser("ledger", help="生成任务分解表 / write the tasks as a workbook")
    ledger.add_argument("file", metavar="FILE", help="公文，- 为标准输入 / a document, - for standard input")
    ledger.add_argument("-o", "--output", required=True, type=Path, metavar="FILE.xlsx", help="输出文件 / output")
    ledger.add_argument("--data", metavar="DIR", help="数据目录 / the data folder")


def run(args: argparse.Namespace) -> int:
    """Read or write; return the exit status."""
    if args.act == "ledger":
        return write_ledger(args)
    status = CLEAN
    for name in args.files:
        reading = reading_of(name)
        if args.json:
            plain = {"file": name, **reading.to_dict(), **({"text": reading.text} if args.text else {})}
            print(json.dumps(plain, ensure_ascii=False))
        else:
            print(in_words(name, reading))
        status = max(status, status_of(reading))
    return status


def write_ledger(args: argparse.Namespace) -> int:
    """Write the tasks of one document as a workbook; nothing is written where it has none."""
    reading = reading_of(args.file)
    for one in reading.problems:
        print(f"{one.severity:<7} {one.pointer}\n    {one.zh}{one.fix_zh}\n    {one.en} {one.fix_en}", file=sys.stderr)
    if not reading.tasks:
        return max(WITH_PROBLEMS, status_of(reading))
    from kouan.project.database import set_up_django
    from kouan.project.places import data_folder

    set_up_django(data_folder(args.data))
    from kouan.supervision.ledger_sheets import write_ledger_sheet

    try:
        with args.output.open("wb") as stream:
            count = write_ledger_sheet(stream, reading, source=Path(args.file).name)
    except OSError as fault:
        raise CommandFailed(f"无法写入 {args.output}：{fault}\nCannot write {args.output}: {fault}") from fault
    print(f"{args.output}: {len(reading.tasks)} 项任务、{count} 条措施 / tasks and measures")
    return status_of(reading)


def reading_of(name: str) -> DocumentReading:
    """Read a file, or the standard input for ``-``; what cannot be opened gives a reading that says so."""
    from kouan.supervision.reading.document import read_file
    from kouan.supervision.reading.problems import LARGEST_FILE, problem
    from kouan.supervision.reading.types import DocumentReading

    try:
        if name == "-":
            return read_file(sys.stdin.buffer.read(LARGEST_FILE + 1), "-")
        with Path(name).open("rb") as stream:
            return read_file(stream.read(LARGEST_FILE + 1), name)
    except OSError as fault:
        return DocumentReading("", problems=(problem("not_opened", reason=fault.strerror or fault),))


def status_of(reading: DocumentReading) -> int:
    """Give the exit status that a reading stands for."""
    if not reading.is_readable:
        return UNREADABLE
    return WITH_PROBLEMS if reading.problems else CLEAN


def in_words(name: str, reading: DocumentReading) -> str:
    """Describe a reading in lines for people."""
    title = reading.head.title.value if reading.head.title else "（未找到标题 / no title found）"
    lines = [f"{name}: {title}，{len(reading.tasks)} 项任务 / tasks"]
    for task in reading.tasks:
        units = "；".join(f"{unit.name}（{unit.role}）" for unit in task.units)
        lines.append(f"  {task.clause:<10} {task.title}：{units}")
        lines += [f"             {one.text} → {one.date or one.precision}" for one in task.deadlines]
        lines += [
            f"             {one.text} → {one.low}–{one.high} {one.unit} {one.period or ''}" for one in task.figures
        ]
    for body in reading.bodies:
        lines.append(f"  {body.name}：{len(body.members)} 个席位 / seats")
    for one in reading.problems:
        lines.append(
            f"  {one.severity:<7} {one.code} {one.pointer}\n    {one.zh}{one.fix_zh}\n    {one.en} {one.fix_en}"
        )
    return "\n".join(lines)
