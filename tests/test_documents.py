"""What an operator can set, run or be given stands in docs/operations.md; decisions are numbered."""

from __future__ import annotations

import ast
import re

from kouan.project.hub import list_commands
from kouan.project.places import ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SOURCES = [ROOT / "kouan", ROOT / "conftest.py", *(ROOT / "src" / "kouan").rglob("*.py")]
VARIABLE = re.compile(r"^(KOUAN_[A-Z_]+|DATABASE_URL)$")


def strings_of(source: str) -> set[str]:
    """Return all string constants of a module."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def missing(names: set[str], form: str = "`{}`") -> list[str]:
    """Return the names that the document does not mention in code letters."""
    return sorted(name for name in names if form.format(name) not in OPERATIONS)


def test_every_setting_is_documented():
    found = {
        text
        for path in SOURCES
        if "tests" not in path.parts
        for text in strings_of(path.read_text(encoding="utf-8"))
        if VARIABLE.match(text)
    }
    assert {"KOUAN_HOSTS", "KOUAN_PGBIN", "DATABASE_URL"} <= found
    assert not missing(found)


def test_every_command_is_documented():
    assert not missing(set(list_commands()), "`./kouan {}`")
    ours = {path.stem for path in (ROOT / "src" / "kouan").glob("*/management/commands/*.py")} - {"__init__"}
    assert not missing(ours)


def test_every_job_is_documented():
    from procrastinate.contrib.django import app

    jobs = {name for name, task in app.tasks.items() if task.func.__module__.startswith("kouan.")}
    assert not missing(jobs)


def test_every_role_and_permission_is_documented():
    from django.apps import apps

    from kouan.accounts.codes import Role

    permissions = {code for model in apps.get_models() for code, _ in model._meta.permissions}
    assert not missing({role.value for role in Role} | permissions)


def test_what_is_documented_exists():
    named = set(re.findall(r"`\./kouan ([a-z]+)`", OPERATIONS))
    assert named == set(list_commands())


def test_every_decision_is_numbered_once_and_has_its_parts():
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(re.match(r"(\d{4})-", record.name)[1]) for record in records]  # type: ignore[index]
    assert numbers == list(range(1, len(numbers) + 1))
    for record in records:
        text = record.read_text(encoding="utf-8")
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text, f"{record.name}: {part}"
