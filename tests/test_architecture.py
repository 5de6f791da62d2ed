"""What import contracts cannot say: whose models are whose, what a door may touch, how files are named."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kouan.project.places import ROOT

SOURCES = ROOT / "src" / "kouan"
DOORS = {"views", "api", "admin", "jobs", "management", "forms", "urls"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
NO_SUBJECT = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc", "exceptions"}


def modules() -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Give every module that is neither a test nor a migration, with the parts of its path below `kouan`."""
    for path in sorted(SOURCES.rglob("*.py")):
        parts = path.relative_to(SOURCES).with_suffix("").parts
        if not {"tests", "migrations"} & set(parts) and "factories" not in parts:
            yield path, parts


def imported_at_run_time(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give the line and full name of every import that is carried out, not those for type checkers only."""
    if isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.unparse(tree.test):
        return
    if isinstance(tree, ast.Import):
        yield from ((tree.lineno, alias.name) for alias in tree.names)
    elif isinstance(tree, ast.ImportFrom) and tree.module and tree.level == 0:
        yield from ((tree.lineno, f"{tree.module}.{alias.name}") for alias in tree.names)
    for child in ast.iter_child_nodes(tree):
        yield from imported_at_run_time(child)


def foreign_models(app: str, source: str) -> list[int]:
    """Return the lines on which a module of an app imports the models of another."""
    found = []
    for line, name in imported_at_run_time(ast.parse(source)):
        parts = name.split(".")
        if parts[0] == "kouan" and len(parts) > 2 and parts[1] != app and "models" in parts[2:]:
            found.append(line)
    return found


def managers_used(source: str) -> list[int]:
    """Return the lines on which a module asks a model's manager."""
    tree = ast.parse(source)
    return sorted(node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in MANAGERS)


def test_nobody_imports_the_models_of_another_app():
    found = [
        f"{path}:{line}" for path, parts in modules() for line in foreign_models(parts[0], path.read_text("utf-8"))
    ]
    assert not found, "call the services or selectors of that app instead:\n" + "\n".join(found)


def test_no_door_touches_a_table():
    found = [
        f"{path}:{line}"
        for path, parts in modules()
        if len(parts) > 1 and parts[1] in DOORS
        for line in managers_used(path.read_text("utf-8"))
    ]
    assert not found, "a door calls one service or selector:\n" + "\n".join(found)


def test_every_file_is_named_by_its_subject():
    found = [str(path) for path, parts in modules() if NO_SUBJECT & set(parts)]
    assert not found


def test_every_app_is_installed():
    from django.conf import settings

    apps = {f"kouan.{path.parent.name}" for path in SOURCES.glob("*/apps.py")}
    assert set(settings.KOUAN_APPS) == apps


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("from kouan.accounts.models import User", [1]),
        ("import kouan.accounts.models", [1]),
        ("from kouan.accounts import models", [1]),
        ("def f():\n    from kouan.accounts.models import User", [2]),
        ("from kouan.law.models import Clause", []),
        ("from kouan.accounts.selectors import get_user", []),
        ("if TYPE_CHECKING:\n    from kouan.accounts.models import User", []),
    ],
)
def test_the_search_for_foreign_models_sees_them(source, lines):
    assert foreign_models("law", source) == lines


def test_the_search_for_managers_sees_them():
    assert managers_used("x = Case.objects.all()\ny = Case._default_manager") == [1, 2]
