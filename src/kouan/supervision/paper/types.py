"""What stands on an official paper, whatever it is set with. Plain text only; layout belongs to the setters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["letter", "minutes", "brief"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the body. level: 0 plain, 1 一、 (黑体), 2 （一） (楷体), 3 1. (仿宋)."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table as an annex on pages across. widths are shares."""

    title: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: 版头 (mark, number), 主体 (title, addressee, blocks, signer, date), 版记 (copies, printer, printed).

    A paper without mark and title is a table alone. attendance: pairs (出席, names), for minutes. No seal anywhere.
    """

    kind: Kind
    mark: str = ""
    number: str = ""
    title: str = ""
    addressee: str = ""
    blocks: tuple[Block, ...] = ()
    signer: str = ""
    date: str = ""
    attendance: tuple[tuple[str, str], ...] = ()
    copies: str = ""
    printer: str = ""
    printed: str = ""
    annex: Table | None = None
    is_demo: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form for the setters."""
        return asdict(self)
