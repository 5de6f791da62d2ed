"""loads, approves and tries decision tables.

./kouan decisions load FILE.yaml            keeps it as a draft: the next version of its table
./kouan decisions approve KEY NUMBER        lets a draft decide from its first day on
./kouan decisions discard KEY NUMBER        gives a draft up
./kouan decisions list                      the tables and their versions
./kouan decisions try KEY '{"trade_mode": "9610", …}' [--on DATE] [--version N]

docs/howto/change-a-decision-table.md says how such a file is written; every cell is checked and named when wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from kouan.project.hub import CommandFailed
from kouan.project.places import data_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    loading = acts.add_parser("load", help="载入为待批准的新版本 / keep a file as a draft")
    loading.add_argument("file", type=Path, metavar="FILE.yaml")
    approving = acts.add_parser("approve", help="批准 / approve a draft")
    discarding = acts.add_parser("discard", help="作废 / give up a draft")
    for one in (approving, discarding):
        one.add_argument("key")
        one.add_argument("number", type=int)
    listing = acts.add_parser("list", help="列出判定表 / list the tables")
    trying = acts.add_parser("try", help="试算 / decide about one case")
    trying.add_argument("key")
    trying.add_argument("context", metavar="JSON")
    trying.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help="日期 / the day")
    trying.add_argument("--version", type=int, default=None, metavar="N", help="指定版本 / this version")
    for one in (loading, approving, discarding, listing, trying):
        one.add_argument("--data", metavar="DIR", help="数据目录 / the data folder")


def run(args: argparse.Namespace) -> int:
    """Do what was asked over the database of the data folder."""
    from kouan.project.database import prepared_django

    with prepared_django(data_folder(args.data)):
        return {"load": load, "approve": approve, "discard": discard, "list": show, "try": try_out}[args.act](args)


def load(args: argparse.Namespace) -> int:
    """Keep a file as a draft, or name every cell that is wrong."""
    from django.utils import timezone

    from kouan.decisions.services.versions import load_table
    from kouan.decisions.types import TableNotAcceptable
    from kouan.project.actors import command_line

    try:
        raw = args.file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"无法读取 {args.file}：{error}\nCannot read {args.file}: {error}") from error
    try:
        version = load_table(actor=command_line(), at=timezone.now(), raw=raw)
    except TableNotAcceptable as refused:
        for problem in refused.problems:
            print(f"{problem.severity:<7} {problem.pointer}\n    {problem.zh}\n    {problem.en}", file=sys.stderr)
        return 1
    print(f"{version.table_id} 第 {version.number} 版 / version {version.number}: {version.state}, {version.since}")
    return 0


def approve(args: argparse.Namespace) -> int:
    """Let a draft decide from its first day on."""
    from django.utils import timezone

    from kouan.decisions.services.versions import approve_version
    from kouan.project.actors import command_line

    with refusals_in_words():
        version = approve_version(actor=command_line(), at=timezone.now(), key=args.key, number=args.number)
    print(f"{args.key} 第 {args.number} 版自 {version.since} 起启用 / stands from {version.since}")
    return 0


def discard(args: argparse.Namespace) -> int:
    """Give up a draft."""
    from django.utils import timezone

    from kouan.decisions.services.versions import discard_version
    from kouan.project.actors import command_line

    with refusals_in_words():
        discard_version(actor=command_line(), at=timezone.now(), key=args.key, number=args.number)
    print(f"{args.key} 第 {args.number} 版已作废 / discarded")
    return 0


def show(args: argparse.Namespace) -> int:
    """Print the tables and their versions, newest first."""
    from django.utils import timezone

    from kouan.decisions.selectors import list_tables, list_versions

    for table in list_tables(timezone.localdate()):
        print(f"{table.key}  {table.name_zh} / {table.name_en}")
        for version in list_versions(table.key):
            stands = " *" if version.number == table.standing_number else ""  # type: ignore[attr-defined]
            print(f"    {version.number:>4}  {version.get_state_display()}  {version.since}{stands}")
    return 0


def try_out(args: argparse.Namespace) -> int:
    """Print what a table decides about one case, with the row that fired."""
    from django.utils import timezone

    from kouan.decisions.selectors import evaluate, replay

    try:
        context = json.loads(args.context)
    except ValueError as error:
        raise CommandFailed(f"不是合法的 JSON：{error}\nNot valid JSON: {error}") from error
    if not isinstance(context, dict):
        raise CommandFailed("应为一个 JSON 对象\nA JSON object is expected")
    with refusals_in_words():
        if args.version is not None:
            decision = replay(args.key, args.version, context)
        else:
            decision = evaluate(args.key, context, args.on or timezone.localdate())
    answer = {
        "version": decision.version,
        "row": decision.row,
        "rows": decision.rows,
        "outputs": dict(decision.outputs),
        "said_by": dict(decision.said_by),
        "problem": decision.problem.to_dict() if decision.problem else None,
    }
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 1 if decision.problem else 0


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Say a refusal of the services as the command's own failure."""
    from kouan.accounts.access import Refusal
    from kouan.decisions.types import NoVersionInForce, TableUnknown

    try:
        yield
    except Refusal as refusal:
        raise CommandFailed(f"{refusal.problem.zh}{refusal.problem.fix_zh}\n{refusal.problem.en}") from refusal
    except (TableUnknown, NoVersionInForce) as missing:
        raise CommandFailed(f"没有这一判定表、版本或当日有效的版本\n{missing}") from missing
