"""`./kouan audit verify`: what it says and how it ends."""

import datetime as dt
import json

import pytest
from django.db import connection

from kouan.audit.services import export_seals, record, seal
from kouan.audit.types import SystemActor
from kouan.project.hub import main

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)


@pytest.fixture
def verify(committed_database, tmp_path, monkeypatch, capsys):
    """Write two entries, seal and export them; call the command over that database."""
    for number in range(2):
        record(actor=SystemActor("test"), act="test", subject_kind="thing", subject_id=str(number), at=AT)
    seal(at=AT)
    export_seals(folder=tmp_path)
    monkeypatch.setenv("DATABASE_URL", committed_database)
    monkeypatch.setenv("KOUAN_DATA", str(tmp_path / "data"))

    def call(*words, seals=tmp_path):
        status = main(["audit", "verify", "--seals", str(seals), *words])
        return status, *capsys.readouterr()

    return call


def test_a_sound_audit_ends_with_0(verify):
    status, out, _err = verify()
    assert status == 0
    assert "未发现篡改" in out
    assert "Nothing is tampered" in out


def test_a_tampered_one_ends_with_1_and_names_the_entry(verify):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditentry SET act = 'x' WHERE act = 'test' AND subject_id = '1' RETURNING id")
        changed = str(cursor.fetchone()[0])
    status, out, _err = verify("--json")
    assert status == 1
    proof = json.loads(out)
    assert not proof["sound"]
    assert [(finding["kind"], finding["entry"]) for finding in proof["findings"]] == [("entry_changed", changed)]
    assert changed in verify()[1]


def test_no_folder_ends_with_2(verify, tmp_path):
    status, _out, err = verify(seals=tmp_path / "nothing")
    assert status == 2
    assert "没有目录" in err
