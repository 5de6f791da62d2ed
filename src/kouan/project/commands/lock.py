"""resolves the packages that pyproject.toml names into requirements.lock: pinned, with hashes, without hosts.

To add a package: name it in pyproject.toml, run ./kouan lock, commit both files. --upgrade takes newer versions;
without it, what is locked stays as far as pyproject.toml allows.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path

from kouan.project.hub import CommandFailed
from kouan.project.places import ROOT

OLDEST_PYTHON = "3.11"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("--upgrade", action="store_true", help="取较新的版本 / take newer versions")


def run(args: argparse.Namespace) -> int:
    """Write both lock files."""
    upgrade = ["--upgrade"] if args.upgrade else []
    compile_lock(["pyproject.toml", "--group", "test", *upgrade], ROOT / "requirements.lock")
    compile_lock(["--group", "pyproject.toml:node", *upgrade], ROOT / "requirements-node.lock")
    return 0


def compile_lock(words: list[str], lock: Path) -> None:
    """Have uv resolve for the oldest Python that Kouan runs on and for every system."""
    fixed = ["--python-version", OLDEST_PYTHON, "--universal", "--generate-hashes", "--no-annotate", "--no-header"]
    quiet = ["--no-emit-index-url", "--quiet"]
    command = ["uv", "pip", "compile", *words, *fixed, *quiet, "--output-file", str(lock)]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise CommandFailed("依赖解析失败，见上。\nThe packages could not be resolved; see above.")
