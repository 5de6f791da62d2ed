"""Dropping months of the audit whose time of keeping is over: the one way in which entries may go."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from kouan.audit.partitions import count_rows_by_month, drop_months
from kouan.audit.services.recording import record
from kouan.audit.types import Actor

TABLE = "audit_auditentry"
SHORTEST = dt.timedelta(days=183)
"""Network logs are kept for at least six months: 网络安全法 (2017), 第二十一条第三项."""


class TheRetentionIsTooShort(ValueError):
    """Entries younger than six months can never be dropped."""


@transaction.atomic
def drop_old_entries(*, actor: Actor, before: dt.datetime, at: dt.datetime) -> list[str]:
    """Drop the months that end at or before a moment; return them as ``YYYY-MM``. Each is written into the audit.

    Raises TheRetentionIsTooShort. The exported seals stay, with the hash of every entry dropped.
    """
    if before > at - SHORTEST:
        raise TheRetentionIsTooShort(f"{before.isoformat()} is less than {SHORTEST.days} days ago")
    counts = count_rows_by_month(table=TABLE)
    months = []
    for name in drop_months(table=TABLE, until=before):
        month = name.removeprefix(f"{TABLE}_").replace("_", "-")
        record(
            actor=actor,
            act="drop_audit_month",
            subject_kind="audit_month",
            subject_id=month,
            at=at,
            detail={"entries": counts[name]},
        )
        months.append(month)
    return months
