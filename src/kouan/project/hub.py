"""The `kouan` command: finds the subcommands in `kouan.project.commands` and runs one.

A subcommand is a module there: the first line of its docstring is its help, `add_arguments(parser)` declares what it
takes, `run(args) -> int` does it and returns the exit status. Only the chosen one is imported (for `--help`, the
docstrings are read from the sources), so that a command that needs no database never loads Django.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
from pathlib import Path
from typing import Any

COMMANDS = Path(__file__).parent / "commands"


class CommandFailed(Exception):
    """A command cannot go on; the text says why, in Chinese and English, and how to mend it."""


def list_commands() -> dict[str, str]:
    """Return the name of every subcommand with its docstring, without importing any."""
    found = {}
    for path in sorted(COMMANDS.glob("*.py")):
        if not path.stem.startswith("_"):
            found[path.stem] = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return found


def main(argv: list[str] | None = None) -> int:
    """Run the subcommand that the arguments name; return its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    commands = list_commands()
    parser = argparse.ArgumentParser(
        prog="kouan", description="口岸 Kouan：城市口岸综合管理系统 / runs a city's ports of entry as one system"
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="命令 / commands")
    chosen = next((word for word in argv if not word.startswith("-")), None)
    module: Any = None
    for name, text in commands.items():
        summary = text.partition("\n")[0]
        one = subparsers.add_parser(
            name, help=summary, description=text, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        if name == chosen:
            module = importlib.import_module(f"kouan.project.commands.{name}")
            module.add_arguments(one)
    if chosen is None:
        args = parser.parse_args(argv)
        parser.print_help()
        return 0 if not argv else 2
    takes_the_rest = getattr(module, "TAKES_THE_REST", False)
    args, rest = parser.parse_known_args(argv)
    if rest and not takes_the_rest:
        parser.error(f"无法识别的参数 / unrecognized arguments: {' '.join(rest)}")
    args.rest = rest
    try:
        return int(module.run(args) or 0)
    except CommandFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
