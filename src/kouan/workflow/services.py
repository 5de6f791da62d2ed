"""Moving: a state changes, its event and its audit entry are written, all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection as database
from django.db import models
from psycopg import Cursor

from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.kernel.identifiers import uuid7

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class NotPossibleNow(Exception):
    """The act does not fit the state in which the thing is, or somebody was quicker."""

    def __init__(self, act: str, state: str) -> None:
        super().__init__(f"{act} is not possible in state {state}")
        self.act, self.state = act, state


@dataclass(frozen=True, slots=True)
class Happening:
    """One event about to be written."""

    subject_id: UUID
    kind: str
    act: str
    from_state: str = ""
    to_state: str = ""
    object_id: UUID | None = None
    actor_id: UUID | None = None
    actor_label: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def move(
    *,
    row: models.Model,
    subject_id: UUID,
    act: A,
    table: Mapping[tuple[S, A], S],
    actor: Actor,
    at: datetime,
    purpose: str = "",
    data: Mapping[str, Any] | None = None,
    **changes: Any,
) -> S:
    """Do an act on one row: its ``state`` goes where ``table`` says, together with ``changes``.

    row: has ``state`` and ``state_since``; it is changed only while it still stands where it was read. subject_id:
    the case on whose timeline the event stands. data: words for the reader, without personal data.
    Raises NotPossibleNow when the act does not fit the state or somebody was quicker.
    """
    before: str = row.state  # type: ignore[attr-defined]
    state_type = type(next(iter(table.values())))
    after = table.get((state_type(before), act))
    if after is None:
        raise NotPossibleNow(str(act), before)
    kind = row._meta.model_name or ""
    columns = {"state": str(after), "state_since": at, **changes}
    if not type(row)._default_manager.filter(pk=row.pk, state=before).update(**columns):
        raise NotPossibleNow(str(act), before)
    for name, value in columns.items():
        setattr(row, name, value)
    happening = Happening(
        subject_id, kind, str(act), before, str(after), row.pk, actor.pk, actor.audit_label, data or {}
    )
    record_events([happening], at=at)
    audit.record(
        actor=actor,
        act=f"{act}_{kind}",
        subject_kind=kind,
        subject_id=row.pk,
        at=at,
        purpose=purpose,
        detail={"from": before, "to": str(after)},
    )
    return after


_COPY_EVENTS = (
    "copy workflow_event (id, subject_id, object_id, kind, act, from_state, to_state, actor_id, actor_label, at, data)"
    " from stdin"
)


def record_events(happenings: Sequence[Happening], *, at: datetime) -> None:
    """Write events of any number of subjects with one COPY, in the caller's transaction."""
    if not happenings:
        return
    with Cursor(database.connection).copy(_COPY_EVENTS) as copy:
        for one in happenings:
            copy.write_row(
                (uuid7(), one.subject_id, one.object_id, one.kind, one.act, one.from_state, one.to_state, one.actor_id,
                 one.actor_label[:120], at, msgspec.json.encode(one.data).decode() if one.data else "{}")
            )  # fmt: skip
