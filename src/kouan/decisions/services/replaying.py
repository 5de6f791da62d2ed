"""Replaying: a version is asked what it would have said of the cases that were decided in the last months."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app

from kouan.accounts.access import NotAllowed, require_role
from kouan.audit.services import record
from kouan.audit.types import Actor
from kouan.decisions import selectors
from kouan.decisions.decided import seen_by_all, source_of
from kouan.decisions.engine import CompiledTable
from kouan.decisions.models import Replay
from kouan.decisions.replaying import replay
from kouan.decisions.services.editing import EDITORS
from kouan.decisions.types import TableContent

MOST_MONTHS = 24
MOST_SECONDS = 300
"""A replay that takes longer is ended, so that it holds nothing up."""


def ask_replay(*, actor: Actor, at: datetime, key: str, number: int, months: int) -> Replay:
    """Have a version replayed over the last months; the job is due when this transaction is committed."""
    require_role(actor, *EDITORS)
    if source_of(key) is None or not 1 <= months <= MOST_MONTHS:
        raise NotAllowed(
            "该表没有可回放的办件，或月数不在 1 至 24 之间。",
            "No cases are kept for this table, or the months are not 1 to 24.",
            "请填写 1 至 24 个月。", "Give 1 to 24 months.", code="DEC-REPLAY", pointer="months",
        )  # fmt: skip
    version = selectors.get_version(key, number)
    with transaction.atomic():
        asked = Replay.objects.create(
            version=version, digest=version.digest, since_at=at - timedelta(days=round(months * 30.44)), until_at=at,
            asked_by_id=actor.pk, asked_by_label=actor.audit_label, asked_at=at,
        )  # fmt: skip
        record(
            actor=actor, act="replay_decision_version", subject_kind="decision_version", subject_id=version.id, at=at,
            detail={"key": key, "number": number, "months": months},
        )  # fmt: skip
        app.configure_task("replay_version").defer(replay_id=str(asked.pk))
    return asked


def run_replay(*, replay_id: UUID, at: datetime) -> Replay:
    """Do a replay that was asked for; one that has ended stays as it is. at: when it ends, but for its own time."""
    asked = Replay.objects.select_related("version").get(pk=replay_id)
    if asked.ended_at is not None:
        return asked
    begun = time.monotonic()
    try:
        with transaction.atomic():
            asked.result = _replay(asked).to_json()
    except DatabaseError as error:
        asked.error = str(error).splitlines()[0][:400]
    asked.seconds = time.monotonic() - begun
    asked.ended_at = at + timedelta(seconds=asked.seconds)
    asked.save(update_fields=["result", "error", "seconds", "ended_at"])
    return asked


def _replay(asked: Replay):
    version = asked.version
    source = source_of(version.table_id)
    assert source is not None
    draft = CompiledTable(version.table_id, version.number, TableContent.from_json(version.content))
    tables = {
        row.number: CompiledTable(row.table_id, row.number, TableContent.from_json(row.content))
        for row in selectors.list_decided_versions(version.table_id)
    }
    seen = seen_by_all([draft.seen, *(table.seen for table in tables.values())])
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = %s", [MOST_SECONDS * 1000])
    return replay(source(seen, asked.since_at, asked.until_at), draft, tables)
