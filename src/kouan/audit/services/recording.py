"""Writing the audit: one entry for a human act, one for a machine batch, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kouan.audit.models import AuditEntry
from kouan.audit.types import Actor
from kouan.kernel.identifiers import uuid7_at


def record(
    *,
    actor: Actor,
    act: str,
    subject_kind: str,
    subject_id: UUID | str,
    at: dt.datetime,
    detail: dict[str, Any] | None = None,
    purpose: str = "",
) -> UUID:
    """Write that somebody did something to one thing; return the entry's id.

    One INSERT in the caller's transaction: the entry stands if and only if the act does. ``act`` is a verb in lower
    snake case (``revoke_delegation``), ``detail`` says what changed, without personal data in clear, ``purpose`` why,
    where the law asks for it (looking at masked data, exporting).
    """
    return _append(
        actor=actor,
        act=act,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        at=at,
        detail=detail or {},
        purpose=purpose,
    )


def record_batch(
    *,
    act: str,
    subject_kind: str,
    ids_digest: bytes,
    count: int,
    at: dt.datetime,
    actor: Actor,
    detail: dict[str, Any] | None = None,
) -> UUID:
    """Write that the system did one thing to many: their number and the digest of their ids (see digest_of_ids)."""
    return _append(
        actor=actor,
        act=act,
        subject_kind=subject_kind,
        at=at,
        count=count,
        digest=ids_digest,
        detail=detail or {},
    )


def digest_of_ids(ids: Iterable[UUID]) -> bytes:
    """The SHA-256 over the 16 bytes of each id, in ascending order: the same batch gives the same digest."""
    return hashlib.sha256(b"".join(sorted(identifier.bytes for identifier in ids))).digest()


def _append(*, actor: Actor, at: dt.datetime, **columns: Any) -> UUID:
    entry = AuditEntry(
        id=uuid7_at(at),
        at=at,
        actor_id=actor.pk,
        actor_label=actor.audit_label,
        organisation_id=actor.organisation_id,
        request_id=actor.request_id,
        **columns,
    )
    entry.save(force_insert=True)
    return entry.id
