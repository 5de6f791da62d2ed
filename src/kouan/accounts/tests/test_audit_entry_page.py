"""The page of one audit entry proves it against its seal, which needs real commits."""

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.audit.services import record, seal


def test_an_entry_shows_whether_it_fits_its_seal(committed_database):
    auditor, at = Client(), timezone.now()
    auditor.force_login(make_user(Role.AUDIT_ADMIN))
    entry = record(actor=make_user(), act="delegate", subject_kind="delegation", subject_id="1", at=at)
    url = reverse("audit-entry", args=[entry])
    assert "尚未封存" in auditor.get(url).content.decode()
    seal(at=at)
    assert "该记录与封存一致" in auditor.get(url).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditentry SET act = 'forged' WHERE id = %s", [entry])
    assert "与封存值不符" in auditor.get(url).content.decode()
