"""The played national side of a demonstration: what it holds, what it decides, how it behaves.

Never production: everything here works on the counterpart's own memory, which only a demonstration has. What it decides
comes back to Kouan as messages, by the same way as every official answer.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from kouan.accounts.access import NotYours, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.gateway.counterparts.standard_edition.behaviour import MODES, Behaviour
from kouan.gateway.counterparts.standard_edition.ledger import Ledger

if TYPE_CHECKING:
    from kouan.accounts.models import User

MOST_SECONDS = 3600


class NoSuchAnswer(ValueError):
    """The played side does not know such an answer or behaviour."""


def ledger_path() -> Path:
    """Give the file in which the played side remembers."""
    return Path(settings.DATA) / "counterpart" / "ledger.db"


def is_played() -> bool:
    """Whether there is a played national side."""
    return ledger_path().exists()


def list_held(*, q: str, kind: str, limit: int) -> list[dict[str, Any]]:
    """Show what the played side holds, newest first. Raises NotYours where nothing is played."""
    with _ledger() as ledger:
        return ledger.list_nodes(kind=kind, q=q, limit=limit)


def behaviour() -> Behaviour:
    """Tell how the played side behaves. Raises NotYours where nothing is played."""
    with _ledger() as ledger:
        return ledger.behaviour


def decide_as_played(*, user: User, node_id: int, status: str, info: str, at: datetime) -> dict[str, Any]:
    """Let the played side give a node an answer; return the node. Raises NotYours, NotAllowed, NoSuchAnswer."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with _ledger() as ledger, transaction.atomic():
        node = ledger.get_node(node_id)
        if node is None:
            raise NotYours
        audit.record(
            actor=user,
            act="play_decision",
            subject_kind="counterpart",
            subject_id=f"{node['kind']} {node['number']}",
            at=at,
            detail={"status": status, "is_demo": True},
        )
        ledger.owe(node_id, status, info, time.time())
    return node


def set_behaviour(*, user: User, mode: str, seconds: float, at: datetime) -> None:
    """Change how the played side behaves from now on. Raises NotYours, NotAllowed, NoSuchAnswer."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    if mode not in MODES or not 0 <= seconds <= MOST_SECONDS:
        raise NoSuchAnswer(mode)
    with _ledger() as ledger, transaction.atomic():
        audit.record(
            actor=user,
            act="play_behaviour",
            subject_kind="counterpart",
            subject_id="standard_edition",
            at=at,
            detail={"mode": mode, "seconds": seconds, "is_demo": True},
        )
        ledger.behaviour = replace(ledger.behaviour, mode=mode, seconds=seconds)


def _ledger() -> Ledger:
    path = ledger_path()
    if not path.exists():
        raise NotYours
    return Ledger(path)
