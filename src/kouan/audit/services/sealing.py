"""The sealer: takes the entries of finished transactions, seals them in a chain, exports the seals.

Every entry carries the number of the transaction that wrote it. All transactions below the oldest one that still runs
have ended, so a range of numbers below it will never gain another entry: sealing ranges that follow each other leaves
nobody out, however long a writer takes to commit, and writers never wait for the sealer.

Transaction numbers belong to one PostgreSQL cluster. After a restore into another one they begin anew; entries
therefore also carry the cluster's own identifier, a column default that ``adopt_cluster`` sets, and the sealer closes
what it finds of the earlier cluster before it goes on.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from kouan.audit.exports import append_line, list_exports, read_last_line
from kouan.audit.leaves import Leaf, list_leaves
from kouan.audit.merkle import NOTHING, root_of, seal_hash
from kouan.audit.models import AuditEntry, AuditSeal

ENTRIES_A_SEAL = 100_000
SEALS_A_RUN = 1_000
_SEALER_LOCK = 0x6B6F7561_6E000002  # "kouan", 2: held by whoever seals


def seal(*, at: dt.datetime, most: int = ENTRIES_A_SEAL) -> list[AuditSeal]:
    """Seal what finished transactions have written since the last seal; return the new seals, often none.

    One sealer works at a time: a second one returns at once. ``most`` entries go into one seal, more only where a
    single transaction wrote more.
    """
    sealed = []
    while one := _seal_once(at, most):
        sealed.append(one)
    return sealed


def adopt_cluster() -> None:
    """Have new entries carry the identifier of the cluster in which they are written; changes nothing if they do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        identifier = cursor.fetchone()[0]
        cursor.execute(
            "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a "
            "ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
            "WHERE d.adrelid = 'audit_auditentry'::regclass AND a.attname = 'cluster'"
        )
        if str(identifier) not in cursor.fetchone()[0]:
            cursor.execute(f"ALTER TABLE audit_auditentry ALTER COLUMN cluster SET DEFAULT {int(identifier)}")


def export_seals(*, folder: Path) -> int:
    """Append the seals that the folder does not have yet, one JSON object a line, a file a day; return their number.

    A line holds the seal and the hash of each of its entries, so that a verifier can name the entry that differs. The
    hashes are left out where the entries no longer give the seal's root: what is tampered is not exported as sound.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = 0
    for row in AuditSeal.objects.filter(number__gt=last_exported(folder)).order_by("number")[:SEALS_A_RUN]:
        leaves = list_leaves(cluster=row.cluster, from_txid=row.from_txid, until_txid=row.until_txid)
        line = {"seal": row.to_columns() | {"hash": bytes(row.hash).hex()}, "leaves": {}}
        if root_of(leaf.hash for leaf in leaves) == bytes(row.root):
            line["leaves"] = {str(leaf.id): leaf.hash.hex() for leaf in leaves}
        append_line(folder, row.day, json.dumps(line, separators=(",", ":")))
        done += 1
    return done


def last_exported(folder: Path) -> int:
    """Return the number of the last seal in the folder; 0 where there is none."""
    for path in reversed(list_exports(folder)):
        if line := read_last_line(path):
            return json.loads(line)["seal"]["number"]
    return 0


@transaction.atomic
def _seal_once(at: dt.datetime, most: int) -> AuditSeal | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        if not cursor.fetchone()[0]:
            return None
        # The bound first, the entries in a later statement: its snapshot sees all that ended below the bound.
        cursor.execute(
            "SELECT system_identifier, pg_snapshot_xmin(pg_current_snapshot())::text FROM pg_control_system()"
        )
        here, oldest_running = cursor.fetchone()
    last = AuditSeal.objects.order_by("-number").first()
    for cluster, from_txid, until_txid in _ranges(last, here, int(oldest_running), most):
        leaves = list_leaves(cluster=cluster, from_txid=from_txid, until_txid=until_txid)
        if leaves:
            return _write(last, at, leaves, cluster, from_txid, until_txid)
    return None


def _ranges(last: AuditSeal | None, here: int, oldest_running: int, most: int) -> Iterator[tuple[int, int, int]]:
    """Give the ranges (cluster, from, until) that may hold unsealed entries, in the order in which to look."""
    if last is not None and last.cluster != here:
        # All of the earlier cluster's transactions have ended with it: close with its highest entry.
        rest = AuditEntry.objects.filter(cluster=last.cluster, txid__gte=last.until_txid).order_by("-txid").first()
        if rest is not None:
            yield last.cluster, last.until_txid, rest.txid + 1
    of_here = AuditSeal.objects.filter(cluster=here).order_by("-number").first()
    from_txid = of_here.until_txid if of_here else 0
    waiting = AuditEntry.objects.filter(cluster=here, txid__gte=from_txid, txid__lt=oldest_running)
    too_many = waiting.order_by("txid").values_list("txid", flat=True)[most : most + 1].first()
    yield here, from_txid, min(oldest_running, max(too_many, _second(waiting))) if too_many else oldest_running


def _second(waiting) -> int:
    """The number after the first transaction that waits: the smallest range that holds an entry."""
    first = waiting.order_by("txid").values_list("txid", flat=True).first()
    return first + 1


def _write(
    last: AuditSeal | None, at: dt.datetime, leaves: list[Leaf], cluster: int, from_txid: int, until_txid: int
) -> AuditSeal:
    day = timezone.localdate(at)
    row = AuditSeal(
        number=last.number + 1 if last else 1,
        day=max(day, last.day) if last else day,
        sealed_at=at,
        cluster=cluster,
        from_txid=from_txid,
        until_txid=until_txid,
        first_id=leaves[0].id,
        last_id=leaves[-1].id,
        count=len(leaves),
        root=root_of(leaf.hash for leaf in leaves),
        previous=bytes(last.hash) if last else NOTHING,
    )
    row.sequence = last.sequence + 1 if last and last.day == row.day else 1
    row.hash = seal_hash(row.to_columns())
    row.save(force_insert=True)
    return row
