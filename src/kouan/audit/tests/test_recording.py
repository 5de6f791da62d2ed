"""Writing the audit: one entry, in the caller's transaction, for good."""

import datetime as dt
import hashlib
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from kouan.audit.models import AuditEntry, AuditSeal
from kouan.audit.services import digest_of_ids, record, record_batch, seal
from kouan.audit.types import SystemActor
from kouan.kernel.identifiers import time_of_uuid7, uuid7

AT = dt.datetime(2026, 11, 22, 6, 5, 4, 321000, tzinfo=dt.UTC)
SYSTEM = SystemActor("入库", organisation_id=UUID(int=7), request_id="req-1")


@pytest.mark.django_db
def test_it_works(django_assert_num_queries):
    with django_assert_num_queries(1):
        entry_id = record(
            actor=SYSTEM,
            act="lift_hold",
            subject_kind="case",
            subject_id=UUID(int=9),
            at=AT,
            detail={"why": "复核"},
            purpose="复核",
        )
    entry = AuditEntry.objects.get(id=entry_id)
    assert (entry.at, entry.act, entry.subject_id, entry.detail) == (AT, "lift_hold", str(UUID(int=9)), {"why": "复核"})
    assert (entry.actor_label, entry.organisation_id, entry.request_id) == ("入库", UUID(int=7), "req-1")
    assert (entry.count, entry.digest, entry.purpose) == (1, None, "复核")
    assert time_of_uuid7(entry.id) == AT
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text, system_identifier FROM pg_control_system()")
        assert cursor.fetchone() == (str(entry.txid), entry.cluster)


@pytest.mark.django_db
def test_a_batch_has_one_entry_with_number_and_digest():
    ids = [uuid7() for _ in range(3)]
    entry_id = record_batch(
        actor=SYSTEM, act="store", subject_kind="message", ids_digest=digest_of_ids(ids), count=3, at=AT
    )
    entry = AuditEntry.objects.get(id=entry_id)
    assert entry.count == 3
    assert bytes(entry.digest) == hashlib.sha256(b"".join(sorted(i.bytes for i in ids))).digest()
    assert digest_of_ids(reversed(ids)) == digest_of_ids(ids)


def test_an_entry_stands_only_if_the_act_does(committed_database):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(actor=SYSTEM, act="fail", subject_kind="case", subject_id="1", at=AT)
        raise RuntimeError
    assert not AuditEntry.objects.filter(act="fail").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_an_entry_cannot_be_changed_or_deleted(change):
    record(actor=SYSTEM, act="lift_hold", subject_kind="case", subject_id="1", at=AT)
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        rows = AuditEntry.objects.filter(act="lift_hold")
        rows.update(act="other") if change == "update" else rows.delete()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditseal"])
def test_the_audit_cannot_be_emptied(table):
    with pytest.raises(DatabaseError, match="never changed or deleted"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL kouan.audit_may_be_emptied = 'off'")
        cursor.execute(f"TRUNCATE {table}")


def test_a_seal_cannot_be_changed_or_deleted(committed_database):
    record(actor=SYSTEM, act="lift_hold", subject_kind="case", subject_id="1", at=AT)
    assert seal(at=AT)
    for change in (lambda rows: rows.update(count=0), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            change(AuditSeal.objects.all())
