"""passes all tests: style, types, architecture, then every test on a throw-away PostgreSQL.

What is not listed below goes to pytest: paths, -k WORD, -m MARK, -x, -n 2 …
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Never

from kouan.project.places import ROOT

TAKES_THE_REST = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--fast", action="store_true", help="不跑浏览器测试 / leave out the browser's journeys")
    parser.add_argument("--pgbin", metavar="DIR", help="改用该目录中的 PostgreSQL / use the PostgreSQL in this folder")


def run(args: argparse.Namespace) -> Never:
    """Become pytest, so that whoever stops the command stops the tests."""
    environment = dict(os.environ)
    if args.pgbin:
        environment["KOUAN_PGBIN"] = str(Path(args.pgbin).resolve())
    words = [sys.executable, "-m", "pytest"]
    if args.fast:
        environment["KOUAN_FAST"] = "1"
    os.chdir(ROOT)
    os.execve(sys.executable, [*words, *args.rest], environment)
