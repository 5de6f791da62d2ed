"""checks the sources without running them: style, types, layers, missing migrations.

The same checks run as tests in ./kouan test.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass

from kouan.project.places import ROOT


@dataclass(frozen=True)
class SourceCheck:
    """One program that reads the sources; status 0 means that all is well. mend: what to do when it is not."""

    name: str
    command: tuple[str, ...]
    mend: str


def python_module(*words: str) -> tuple[str, ...]:
    """Return the command line that runs a module of this environment."""
    return (sys.executable, "-m", *words)


CHECKS = [
    SourceCheck("style", python_module("ruff", "check", "--quiet", "."), ".venv/bin/ruff check --fix ."),
    SourceCheck("format", python_module("ruff", "format", "--check", "--quiet", "."), ".venv/bin/ruff format ."),
    SourceCheck(
        "layers",
        (sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"),
        "docs/architecture.md",
    ),
    SourceCheck(
        "migrations",
        python_module("kouan.project", "manage", "makemigrations", "--check", "--dry-run"),
        "./kouan manage makemigrations",
    ),
    SourceCheck("types", python_module("pyright", "--level", "error"), "pyproject.toml [tool.pyright]"),
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""


def run(args: argparse.Namespace) -> int:
    """Run every check; return 1 when one of them complains."""
    complaints = 0
    for check in CHECKS:
        said = complaint_of(check, start(check))
        print(f"{check.name:<12} {'ok' if said is None else 'FAILED'}", flush=True)
        if said is not None:
            complaints += 1
            print(said)
    return 1 if complaints else 0


def start(check: SourceCheck) -> subprocess.Popen[str]:
    """Start a check; its output is small enough to wait in the pipe."""
    return subprocess.Popen(
        check.command,
        cwd=ROOT,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def complaint_of(check: SourceCheck, running: subprocess.Popen[str]) -> str | None:
    """Wait for a check and return what it has to complain about; None when all is well."""
    said, _ = running.communicate()
    return None if running.returncode == 0 else f"{said}\n→ {check.mend}"
