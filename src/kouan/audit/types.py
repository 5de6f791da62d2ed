"""Who acts, as the audit knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


class Actor(Protocol):
    """Whoever acts: a person signed in, or a part of the system. Accounts' ``User`` is one."""

    @property
    def pk(self) -> UUID | None: ...

    @property
    def organisation_id(self) -> UUID | None: ...

    @property
    def audit_label(self) -> str: ...

    @property
    def request_id(self) -> str: ...


@dataclass(frozen=True)
class SystemActor:
    """A part of the system that acts by itself: a timer, a pipeline step, a connection."""

    audit_label: str
    organisation_id: UUID | None = None
    request_id: str = ""
    pk: None = None
