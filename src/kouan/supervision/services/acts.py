"""Acts that make or change a row without moving its state: their event and audit entry, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.workflow.services import Happening, record_events


def write_act(
    *,
    act: str,
    row: models.Model,
    subject_id: UUID,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    purpose: str = "",
) -> None:
    """Write that somebody did something to a row; ``subject_id`` is the thing on whose timeline it stands."""
    kind = row._meta.model_name or ""
    state = str(getattr(row, "state", ""))
    event = Happening(subject_id, kind, act, "", state, row.pk, actor.pk, actor.audit_label, data or {})
    record_events([event], at=at)
    audit.record(
        actor=actor,
        act=f"{act}_{kind}",
        subject_kind=kind,
        subject_id=row.pk,
        at=at,
        purpose=purpose,
        detail=dict(data or {}),
    )
