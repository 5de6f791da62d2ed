"""Who declares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sender:
    """The firm that declares: its customs code, its name, and the number by which the national side knows it."""

    code: str
    name: str
    dxp_id: str
