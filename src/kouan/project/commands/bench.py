"""runs one of the benchmarks in `benchmarks/`; without a name, lists them.

Everything after the name goes to the benchmark; every one takes --help, and --json for one JSON object instead of a
table.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import sys
from pathlib import Path

from kouan.project.hub import CommandFailed
from kouan.project.places import ROOT

BENCHMARKS = ROOT / "benchmarks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("name", nargs="?", help="基准名称 / the benchmark's name")
    parser.add_argument("words", nargs=argparse.REMAINDER, help="基准的参数 / what goes to the benchmark")


def run(args: argparse.Namespace) -> int:
    """List the benchmarks, or run one and return its status."""
    found = list_benchmarks()
    if args.name is None:
        for name, summary in found.items():
            print(f"{name:<16} {summary}")
        return 0
    if args.name not in found:
        raise CommandFailed(
            f"没有名为 {args.name} 的基准；现有：{'、'.join(found) or '无'}。\n"
            f"There is no benchmark {args.name}; there are: {', '.join(found) or 'none'}."
        )
    sys.path.insert(0, str(ROOT))
    return int(load(BENCHMARKS / f"{args.name}.py").main(args.words) or 0)


def list_benchmarks(folder: Path = BENCHMARKS) -> dict[str, str]:
    """Return the name of every benchmark with the first line of its docstring, without running any."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body):
            found[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return found


def load(path: Path):
    """Import a benchmark from its file."""
    spec = importlib.util.spec_from_file_location(f"benchmarks.{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
