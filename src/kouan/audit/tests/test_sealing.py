"""The sealer: everything that was committed is sealed once, in whatever order writers commit."""

import datetime as dt
import json
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise

import pytest
from django.db import connection, transaction

from kouan.audit.exports import append_line, list_exports, read_last_line
from kouan.audit.leaves import list_leaves
from kouan.audit.merkle import NOTHING, root_of, seal_hash
from kouan.audit.models import AuditEntry, AuditSeal
from kouan.audit.services import adopt_cluster, export_seals, record, seal, verify
from kouan.audit.services.sealing import last_exported
from kouan.audit.types import SystemActor

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)
ACTOR = SystemActor("test")


def write(number=1, at=AT):
    return [record(actor=ACTOR, act="test", subject_kind="thing", subject_id=str(n), at=at) for n in range(number)]


def sealed_ids():
    found = []
    for row in AuditSeal.objects.order_by("number"):
        found += [
            leaf.id for leaf in list_leaves(cluster=row.cluster, from_txid=row.from_txid, until_txid=row.until_txid)
        ]
    return found


@pytest.fixture(autouse=True)
def a_database_to_commit_in(committed_database):
    seal(at=AT)


def test_it_works():
    written = write(3)
    [row] = seal(at=AT)
    leaves = list_leaves(cluster=row.cluster, from_txid=row.from_txid, until_txid=row.until_txid)
    assert [leaf.id for leaf in leaves] == written
    assert (row.count, row.first_id, row.last_id) == (3, written[0], written[-1])
    assert bytes(row.root) == root_of(leaf.hash for leaf in leaves)
    assert bytes(row.hash) == seal_hash(row.to_columns())
    assert seal(at=AT) == []


def test_seals_are_chained_and_counted_by_day():
    days = [AT, AT, AT + dt.timedelta(days=1)]
    for at in days:
        write()
        seal(at=at)
    rows = list(AuditSeal.objects.order_by("number"))
    assert bytes(rows[0].previous) == NOTHING
    for one, following in pairwise(rows):
        assert bytes(following.previous) == bytes(one.hash)
        assert following.from_txid == one.until_txid
    assert [(str(row.day), row.sequence) for row in rows][-2:] == [("2026-11-22", len(rows) - 1), ("2026-11-23", 1)]


def test_an_entry_is_not_sealed_before_its_transaction_ends():
    wrote, may_end = threading.Event(), threading.Event()

    def slow_writer():
        with transaction.atomic():
            write()
            wrote.set()
            may_end.wait(10)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert wrote.wait(10)
    later = write()
    assert seal(at=AT) == [], "an entry above a running transaction would leave the running one out"
    may_end.set()
    writer.join()
    [row] = seal(at=AT)
    assert row.count == 2
    assert set(later) < set(sealed_ids())


def test_no_entry_is_skipped_or_sealed_twice_among_many_writers():
    done = threading.Event()

    def writer(number):
        try:
            for turn in range(12):
                with transaction.atomic():
                    write(1 + turn % 3)
                    if (number + turn) % 4 == 0:
                        transaction.set_rollback(True)
                if turn % 5 == number % 5:
                    write()
        finally:
            connection.close()

    def sealer():
        try:
            while not done.is_set():
                seal(at=AT, most=7)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        sealers = [pool.submit(sealer) for _ in range(2)]
        writers = [pool.submit(writer, number) for number in range(6)]
        wait(writers)
        done.set()
        for future in [*writers, *sealers]:
            future.result()
    seal(at=AT)
    sealed = sealed_ids()
    assert sorted(sealed) == sorted(AuditEntry.objects.values_list("id", flat=True))
    assert len(sealed) == len(set(sealed)) == sum(AuditSeal.objects.values_list("count", flat=True))


def test_a_seal_has_at_most_so_many_entries_unless_one_transaction_wrote_more():
    for _ in range(5):
        write()
    with transaction.atomic():
        write(9)
    write()
    assert [row.count for row in seal(at=AT, most=2)] == [2, 2, 1, 9, 1]


def test_the_export_holds_every_seal_once_with_its_entries(tmp_path):
    folder = tmp_path / "audit"
    for at in (AT, AT, AT + dt.timedelta(days=1)):
        written = write(2)
        seal(at=at)
        export_seals(folder=folder)
    assert export_seals(folder=folder) == 0
    files = list_exports(folder)
    assert [path.name for path in files] == ["audit-seals-2026-11-22.jsonl", "audit-seals-2026-11-23.jsonl"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    lines = [json.loads(line) for path in files for line in path.read_text().splitlines()]
    assert [line["seal"]["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert list(lines[-1]["leaves"]) == [str(entry) for entry in written]


def test_the_export_catches_up_after_a_crash_that_tore_a_line(tmp_path):
    write()
    seal(at=AT)
    export_seals(folder=tmp_path)
    [path] = list_exports(tmp_path)
    whole = path.read_bytes()
    write()
    seal(at=AT)
    path.write_bytes(whole + b'{"seal": {"number": 9')
    assert export_seals(folder=tmp_path) == 1
    assert path.read_bytes().startswith(whole + b'{"seal":{')
    assert verify(folder=tmp_path).is_sound


@pytest.mark.parametrize("size", [1, 65_534, 65_535, 65_536, 65_537, 200_000])
def test_the_last_line_is_found_however_long(tmp_path, size):
    day = dt.date(2026, 11, 22)
    for line in ("first", "x" * size):
        append_line(tmp_path, day, line)
    [path] = list_exports(tmp_path)
    assert read_last_line(path) == "x" * size
    with path.open("ab") as file:
        file.write(b"torn")
    assert read_last_line(path) == "x" * size
    append_line(tmp_path, day, "after")
    assert path.read_text().splitlines() == ["first", "x" * size, "after"]


def test_an_empty_folder_has_no_seal(tmp_path):
    assert last_exported(tmp_path) == 0
    (tmp_path / "audit-seals-2026-11-22.jsonl").write_bytes(b"torn")
    assert last_exported(tmp_path) == 0


def pretend_to_come_from(cluster, txids):
    """Have entries stand there as after a restore: written by another cluster, its numbers above ours."""
    with connection.cursor() as cursor:
        for txid in txids:
            [entry] = write()
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER never_changed")
            cursor.execute(
                "UPDATE audit_auditentry SET cluster = %s, txid = %s::text::xid8 WHERE id = %s", [cluster, txid, entry]
            )
            cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER never_changed")


def test_after_a_move_to_another_cluster_nothing_is_left_out(tmp_path):
    """A dump restored elsewhere: sealed and unsealed entries of the earlier cluster, numbers beginning anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        here = cursor.fetchone()[0]
        cursor.execute("TRUNCATE audit_auditentry, audit_auditseal")
    pretend_to_come_from(77, [10**12, 10**12 + 5])
    seal_of_before = AuditSeal(
        number=1, day=AT.date(), sequence=1, sealed_at=AT, cluster=77, from_txid=0, until_txid=10**12 + 1, count=1
    )
    leaves = list_leaves(cluster=77, from_txid=0, until_txid=10**12 + 1)
    seal_of_before.first_id = seal_of_before.last_id = leaves[0].id
    seal_of_before.root, seal_of_before.previous = root_of(leaf.hash for leaf in leaves), NOTHING
    seal_of_before.hash = seal_hash(seal_of_before.to_columns())
    seal_of_before.save(force_insert=True)
    adopt_cluster()
    write(2)
    closing, first_here = seal(at=AT)
    assert (closing.cluster, closing.from_txid, closing.until_txid, closing.count) == (77, 10**12 + 1, 10**12 + 6, 1)
    assert (first_here.cluster, first_here.from_txid, first_here.count) == (here, 0, 2)
    export_seals(folder=tmp_path)
    proof = verify(folder=tmp_path)
    assert proof.is_sound
    assert (proof.sealed_entries, proof.unsealed_entries) == (4, 0)


def test_a_cluster_is_adopted_once_and_for_new_entries():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry ALTER COLUMN cluster SET DEFAULT 12345")
    adopt_cluster()
    adopt_cluster()
    [entry] = write()
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        assert AuditEntry.objects.get(id=entry).cluster == cursor.fetchone()[0]
