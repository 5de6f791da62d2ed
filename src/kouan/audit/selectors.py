"""Reads of the audit. Who may read them is decided at the door: the audit administrator alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, CharField, Count, Min, Q, QuerySet, Value, When
from django.utils import timezone

from kouan.audit.leaves import list_leaves
from kouan.audit.merkle import root_of, seal_hash
from kouan.audit.models import AuditEntry, AuditSeal
from kouan.kernel.identifiers import first_uuid7_at

SEALED, WAITING = "sealed", "waiting"
LONGEST_WAIT = dt.timedelta(minutes=2)
"""After this long without a seal the sealer is taken to stand still."""


@dataclass(frozen=True)
class SealState:
    """How far the audit is sealed: the last seal, how many entries wait, and whether the sealer stands still."""

    last: AuditSeal | None
    waiting_count: int
    waiting_since: dt.datetime | None
    is_standing_still: bool


@dataclass(frozen=True)
class EntryProof:
    """An entry's seal, and whether the entries still give it; None and None for an entry that is not sealed yet."""

    seal: AuditSeal | None
    is_sound: bool | None


def list_entries() -> QuerySet[AuditEntry]:
    """Return all entries, each with ``seal_state``: sealed or waiting."""
    reached = {row.cluster: row.until_txid for row in _last_seals()}
    sealed = Q(pk__in=[])
    for cluster, until in reached.items():
        sealed |= Q(cluster=cluster, txid__lt=until)
    state = Case(When(sealed, then=Value(SEALED)), default=Value(WAITING), output_field=CharField())
    return AuditEntry.objects.annotate(seal_state=state)


def entries_between(rows: QuerySet, since: dt.date | None, to: dt.date | None) -> QuerySet:
    """Narrow entries to days of the office's calendar, both included; only the months asked are read."""
    if since:
        rows = rows.filter(id__gte=first_uuid7_at(_midnight(since)))
    if to:
        rows = rows.filter(id__lt=first_uuid7_at(_midnight(to + dt.timedelta(days=1))))
    return rows


def find_entries(rows: QuerySet, words: str) -> QuerySet:
    """Narrow entries to those with these words in the actor's name, or about exactly this subject or by this actor."""
    found = Q(actor_label__icontains=words) | Q(subject_id=words) | Q(request_id=words)
    try:
        found |= Q(actor_id=UUID(words))
    except ValueError:
        pass
    return rows.filter(found)


def list_entries_about(*, subject_kind: str, subject_id: str, limit: int) -> list[AuditEntry]:
    """Return the last entries about one subject, the youngest first."""
    rows = AuditEntry.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return list(rows.order_by("-id")[:limit])


def list_entries_by(*, actor_id: UUID, limit: int) -> list[AuditEntry]:
    """Return the last entries of one actor, the youngest first."""
    return list(AuditEntry.objects.filter(actor_id=actor_id).order_by("-id")[:limit])


def get_seal_state() -> SealState:
    """Return how far the audit is sealed now."""
    last = AuditSeal.objects.order_by("-number").first()
    waiting = AuditEntry.objects.all()
    if last is not None:
        waiting = waiting.filter(cluster=last.cluster, txid__gte=last.until_txid)
    counted = waiting.aggregate(count=Count("pk"), since=Min("at"))
    late = timezone.now() - LONGEST_WAIT
    stands_still = bool(counted["count"]) and (last is None or last.sealed_at < late) and counted["since"] < late
    return SealState(last, counted["count"], counted["since"], stands_still)


def prove_entry(entry: AuditEntry) -> EntryProof:
    """Return the seal that covers an entry, and whether all entries under it still give its root."""
    covering = AuditSeal.objects.filter(cluster=entry.cluster, from_txid__lte=entry.txid, until_txid__gt=entry.txid)
    row = covering.order_by("-from_txid").first()
    if row is None:
        return EntryProof(None, None)
    leaves = list_leaves(cluster=row.cluster, from_txid=row.from_txid, until_txid=row.until_txid)
    is_sound = (
        any(leaf.id == entry.id for leaf in leaves)
        and root_of(leaf.hash for leaf in leaves) == bytes(row.root)
        and seal_hash(row.to_columns()) == bytes(row.hash)
    )
    return EntryProof(row, is_sound)


def _last_seals() -> list[AuditSeal]:
    """The last seal of each cluster; nearly always one. One step in the index for each."""
    rows = AuditSeal.objects.order_by("-cluster", "-from_txid")
    found, row = [], rows.first()
    while row is not None:
        found.append(row)
        row = rows.filter(cluster__lt=row.cluster).first()
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
