"""Proving the audit: whatever is tampered is found and named, whatever is sound is not."""

import datetime as dt
import json
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kouan.audit.exports import list_exports
from kouan.audit.models import AuditEntry, AuditSeal
from kouan.audit.services import TheRetentionIsTooShort, drop_old_entries, export_seals, record, seal, verify
from kouan.audit.types import SystemActor

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)
ACTOR = SystemActor("test")
ENTRIES = 12

CHANGES = {
    "at": "at + interval '1 microsecond'",
    "actor_id": "gen_random_uuid()",
    "actor_label": "actor_label || '.'",
    "organisation_id": "gen_random_uuid()",
    "act": "'other'",
    "subject_kind": "''",
    "subject_id": "subject_id || '0'",
    "purpose": "' '",
    "count": "count + 1",
    "digest": "'\\x00'",
    "detail": """detail || '{"n": 1.0}'""",
    "request_id": "'r'",
}
"""One way to tamper with each column that no seal's range hangs on."""


@pytest.fixture
def folder(committed_database, tmp_path):
    """Sealed and exported: a few seals over a dozen entries."""
    for n in range(ENTRIES):
        record(
            actor=ACTOR, act="test", subject_kind="thing", subject_id=str(n), at=AT, detail={"n": 1, "text": f"第{n}件"}
        )
    seal(at=AT, most=4)
    export_seals(folder=tmp_path)
    return tmp_path


@pytest.fixture
def tamper():
    """Statements carried out behind the triggers' back, taken back afterwards where asked."""

    def carry_out(*statements):
        with connection.cursor() as cursor:
            lift_triggers(cursor)
            for statement in statements:
                cursor.execute(statement)
            lift_triggers(cursor, "ENABLE")

    return carry_out


def lift_triggers(cursor, word="DISABLE"):
    for table in ("audit_auditentry", "audit_auditseal"):
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def kinds(proof):
    return [finding.kind for finding in proof.findings]


def entries():
    return list(AuditEntry.objects.filter(act="test").order_by("id").values_list("id", flat=True))


def test_it_works(folder):
    record(actor=ACTOR, act="test", subject_kind="thing", subject_id="young", at=AT)
    proof = verify(folder=folder)
    assert proof.is_sound
    assert proof.seals == proof.exported_seals == AuditSeal.objects.count() >= 3
    assert proof.sealed_entries == AuditEntry.objects.count() - 1
    assert (proof.unsealed_entries, proof.unsealed_since, proof.unexported_seals) == (1, AT, 0)
    assert proof.head == bytes(AuditSeal.objects.latest("number").hash).hex()


def test_what_is_sealed_and_not_yet_exported_is_no_fault(folder):
    record(actor=ACTOR, act="test", subject_kind="thing", subject_id="young", at=AT)
    seal(at=AT)
    proof = verify(folder=folder)
    assert proof.is_sound
    assert proof.unexported_seals == 1


def test_a_changed_column_is_found_whichever_it_is(folder, tamper):
    entry = entries()[5]
    for column, value in CHANGES.items():
        with transaction.atomic():
            tamper(f"UPDATE audit_auditentry SET {column} = {value} WHERE id = '{entry}'")
            [finding] = verify(folder=folder).findings
            assert (finding.kind, finding.entry) == ("entry_changed", str(entry)), column
            assert kinds(verify(folder=None)) == ["entries_differ"], column
            transaction.set_rollback(True)


def test_a_deleted_and_an_inserted_entry_are_found_and_named(folder, tamper):
    gone = entries()[3]
    copy = "SELECT '0193b5c5-0000-7000-8000-000000000000', at, actor_id, actor_label, organisation_id, act, "
    tamper(
        f"DELETE FROM audit_auditentry WHERE id = '{gone}'",
        "INSERT INTO audit_auditentry (id, at, actor_id, actor_label, organisation_id, act, subject_kind, subject_id, "
        f"purpose, count, digest, detail, request_id, cluster, txid) {copy} subject_kind, subject_id, purpose, count, "
        f"digest, detail, request_id, cluster, txid FROM audit_auditentry WHERE id = '{entries()[8]}'",
    )
    found = {(finding.kind, finding.entry) for finding in verify(folder=folder).findings}
    assert found == {("entry_deleted", str(gone)), ("entry_inserted", "0193b5c5-0000-7000-8000-000000000000")}


@pytest.mark.parametrize("change", ["txid = '9000000000000000000'", "cluster = 5", "cluster = 5, txid = '1'"])
def test_an_entry_moved_out_of_its_seal_is_found(folder, tamper, change):
    entry = entries()[5]
    tamper(f"UPDATE audit_auditentry SET {change} WHERE id = '{entry}'")
    found = {(finding.kind, finding.entry) for finding in verify(folder=folder).findings}
    assert found == {("entry_deleted", str(entry)), ("entry_forged", str(entry))}


def test_a_cut_end_is_found_where_the_file_stands_elsewhere(folder, tamper):
    last = AuditSeal.objects.latest("number")
    tamper(
        f"DELETE FROM audit_auditentry WHERE txid >= '{last.from_txid}' AND txid < '{last.until_txid}'",
        f"DELETE FROM audit_auditseal WHERE number = {last.number}",
    )
    found = kinds(verify(folder=folder))
    assert found[0] == "seal_deleted"
    assert found.count("entry_deleted") == last.count
    assert verify(folder=None).is_sound, "without the file nothing is left to see"
    assert kinds(verify(folder=None, head=bytes(last.hash).hex())) == ["head_unknown"]


def test_a_seal_cut_out_of_the_middle_breaks_the_chain(folder, tamper):
    tamper("DELETE FROM audit_auditseal WHERE number = 2")
    assert kinds(verify(folder=folder)) == ["seal_deleted"]
    assert "chain_broken" in kinds(verify(folder=None))


def test_a_changed_seal_is_found_whatever_was_changed(folder, tamper):
    values = dict.fromkeys(["root", "previous", "hash"], "sha256('x')") | {
        "count": "count + 1",
        "until_txid": "(until_txid::text::bigint + 1)::text::xid8",
        "sealed_at": "sealed_at + interval '1 second'",
        "sequence": "sequence + 100",
        "day": "day + 1",
    }
    for column, value in values.items():
        with transaction.atomic():
            tamper(f"UPDATE audit_auditseal SET {column} = {value} WHERE number = 2")
            [finding] = verify(folder=folder).findings
            assert (finding.kind, finding.seal) == ("seal_changed", 2), column
            assert not verify(folder=None).is_sound, column
            transaction.set_rollback(True)


def test_an_entry_changed_together_with_its_whole_chain_is_found_by_the_file(folder, tamper):
    """Somebody with all rights rewrites the entry and every seal after it; only the file outside contradicts."""
    with connection.cursor() as cursor:
        lift_triggers(cursor)
        cursor.execute("DELETE FROM audit_auditseal")
        cursor.execute("UPDATE audit_auditentry SET act = 'forged' WHERE id = %s", [entries()[0]])
        seal(at=AT, most=4)
    assert verify(folder=None).is_sound
    assert "seal_changed" in kinds(verify(folder=folder))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda line: line | {"seal": line["seal"] | {"count": 99}}, "export_changed"),
        (lambda line: line | {"seal": line["seal"] | {"hash": "00" * 32}}, "export_changed"),
        (lambda line: {"seal": line["seal"]}, "export_unreadable"),
    ],
)
def test_a_changed_file_is_found(folder, change, kind):
    [path] = list_exports(folder)
    lines = path.read_text().splitlines()
    lines[1] = json.dumps(change(json.loads(lines[1])))
    path.write_text("\n".join(lines) + "\n")
    assert kinds(verify(folder=folder))[0] == kind


def test_a_line_cut_out_of_the_file_is_found(folder):
    [path] = list_exports(folder)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:1] + lines[2:]) + "\n")
    [finding] = verify(folder=folder).findings
    assert (finding.kind, finding.seal) == ("export_missing", 2)


def test_hashes_of_entries_changed_in_the_file_prove_nothing_and_disturb_nothing(folder, tamper):
    [path] = list_exports(folder)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        line["leaves"] = dict.fromkeys(line["leaves"], "00" * 32)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert verify(folder=folder).is_sound
    tamper(f"UPDATE audit_auditentry SET act = 'x' WHERE id = '{entries()[0]}'")
    assert kinds(verify(folder=folder)) == ["entries_differ"]


def test_tampered_entries_are_not_exported_as_sound(folder, tamper, tmp_path):
    tamper(f"UPDATE audit_auditentry SET act = 'x' WHERE id = '{entries()[0]}'")
    elsewhere = tmp_path / "elsewhere"
    export_seals(folder=elsewhere)
    assert kinds(verify(folder=elsewhere)) == ["entries_differ"]


def test_months_dropped_after_their_time_are_no_fault(committed_database, tmp_path):
    old = dt.datetime.now(dt.UTC)
    record(actor=ACTOR, act="test", subject_kind="thing", subject_id="old", at=old)
    seal(at=old)
    export_seals(folder=tmp_path)
    with pytest.raises(TheRetentionIsTooShort):
        drop_old_entries(actor=ACTOR, before=old, at=old)
    later = old + dt.timedelta(days=365)
    assert f"{old:%Y-%m}" in drop_old_entries(actor=ACTOR, before=later - dt.timedelta(days=184), at=later)
    proof = verify(folder=tmp_path)
    assert proof.is_sound
    assert proof.dropped_entries > 0
    assert AuditEntry.objects.get(act="drop_audit_month", subject_id=f"{old:%Y-%m}").detail["entries"] > 0
    assert verify(folder=None).is_sound


TAMPERINGS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(0, ENTRIES - 1), st.sampled_from(sorted(CHANGES))),
        st.tuples(st.just("delete"), st.integers(0, ENTRIES - 1), st.just("")),
        st.tuples(st.just("copy"), st.integers(0, ENTRIES - 1), st.just("")),
        st.tuples(st.just("swap"), st.integers(0, ENTRIES - 2), st.just("")),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one[1],
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tamperings=TAMPERINGS)
def test_tampering_anything_is_found_and_every_entry_is_named(folder, tamperings):
    """Any few changes, deletions, copies and swaps of sealed entries: each touched entry is named, and no other."""
    ids, touched = entries(), set()
    with transaction.atomic(), connection.cursor() as cursor:
        lift_triggers(cursor)
        for kind, place, column in tamperings:
            entry = ids[place]
            if kind == "change":
                cursor.execute(f"UPDATE audit_auditentry SET {column} = {CHANGES[column]} WHERE id = %s", [entry])
                touched.add(entry)
            elif kind == "delete":
                cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [entry])
                touched.add(entry)
            elif kind == "copy" and (row := AuditEntry.objects.filter(id=entry).first()):
                row.id = UUID(int=entry.int ^ 1)
                row.save(force_insert=True)
                touched.add(row.id)
            elif kind == "swap":
                pair = [entry, ids[place + 1]]
                cursor.execute("UPDATE audit_auditentry SET subject_id = 's' || subject_id WHERE id IN (%s, %s)", pair)
                touched.update(pair)
        proof = verify(folder=folder)
        transaction.set_rollback(True)
    assert {finding.entry for finding in proof.findings} == {str(entry) for entry in touched}
