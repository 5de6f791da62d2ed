"""Draws docs/states from the NEXT tables of the apps' `states.py`: one page an app, one drawing a table.

A table is a dictionary (state, act) → state whose name is NEXT or ends so. A test compares the pages with this.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import kouan

Table = Mapping[tuple[StrEnum, StrEnum], StrEnum]

_MADE = "<!-- 由 `./kouan states` 生成，请勿手改 / written by `./kouan states`; do not edit -->\n"


@dataclass(frozen=True, slots=True)
class Machine:
    """One table of an app: the name of its dictionary, its states in the order of their class, and who leads where."""

    app: str
    name: str
    states: type[StrEnum]
    acts: type[StrEnum]
    table: Table


def find_machines() -> Iterator[Machine]:
    """Find the tables of every app, in the order of their names and of the module."""
    for found in pkgutil.iter_modules(kouan.__path__):
        try:
            module = importlib.import_module(f"kouan.{found.name}.states")
        except ModuleNotFoundError as missing:
            if missing.name not in (f"kouan.{found.name}", f"kouan.{found.name}.states"):
                raise
            continue
        for name, table in vars(module).items():
            if name.endswith("NEXT") and isinstance(table, dict):
                state, act = next(iter(table))
                yield Machine(found.name, name, type(state), type(act), table)


def written_pages() -> dict[str, str]:
    """The pages of docs/states by their file names, as they should stand."""
    pages: dict[str, list[str]] = {}
    for machine in find_machines():
        begin = [_MADE, f"# {machine.app}\n", f"`src/kouan/{machine.app}/states.py`\n"]
        pages.setdefault(f"{machine.app}.md", begin).append(draw(machine))
    return {name: "\n".join(parts) for name, parts in pages.items()}


def draw(machine: Machine) -> str:
    """Draw one table as a Mermaid state diagram; a state from which nothing leads on ends the drawing.

    The acts between the same two states share an arrow. Labels are stored values, which docs/glossary.md explains.
    """
    arrows: dict[tuple[StrEnum, StrEnum], list[StrEnum]] = {}
    for (before, act), after in machine.table.items():
        arrows.setdefault((before, after), []).append(act)
    reached = {state for pair in arrows for state in pair}
    lines = [f"    {before} --> {after}: {', '.join(acts)}" for (before, after), acts in arrows.items()]
    ends = [state for state in machine.states if state in reached and state not in {before for before, _ in arrows}]
    about = (machine.states.__doc__ or "").partition("\n")[0]
    return "\n".join(
        [
            f"## {machine.states.__name__}\n",
            f"{about} (`{machine.name}`)\n",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {next(iter(machine.states))}",
            *lines,
            *(f"    {state} --> [*]" for state in ends),
            "```\n",
        ]
    )
