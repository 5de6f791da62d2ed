"""The small set of codes that comes with Kouan: written by us, each group with its source (builtin_codes/)."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from kouan.reference.types import Layout

FOLDER = Path(__file__).parent / "builtin_codes"


@dataclass(frozen=True, slots=True)
class BuiltinSheet:
    """One group of codes: its bytes, how to read them and where the facts come from."""

    name: str
    raw: bytes
    layout: Layout
    source: str


@lru_cache(maxsize=1)
def builtin_sheets() -> tuple[BuiltinSheet, ...]:
    """Every group of builtin_codes/groups.yaml, in its order."""
    groups = yaml.safe_load((FOLDER / "groups.yaml").read_text(encoding="utf-8"))
    return tuple(
        BuiltinSheet(
            name=group["file"],
            raw=(FOLDER / group["file"]).read_bytes(),
            source=group["source"],
            layout=Layout(
                file=group["file"],
                table=group["table"],
                name_zh=group["name"]["zh"],
                name_en=group["name"]["en"],
                columns={column: column for column in group["columns"]},
                since=group["since"],
                source=group["source"],
                is_complete=group["complete"],
            ),
        )
        for group in groups
    )
