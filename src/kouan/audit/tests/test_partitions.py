"""Tables partitioned by month: where rows go, how months are made and dropped."""

import datetime as dt

import pytest
from django.db import connection, models

from kouan.audit.models import AuditEntry
from kouan.audit.partitions import (
    CreatePartitionedTable,
    TheTableCannotBePartitioned,
    drop_months,
    ensure_partitions,
    list_partitioned_tables,
    month_starts,
)
from kouan.audit.services import record
from kouan.audit.types import SystemActor
from kouan.kernel.identifiers import uuid7

TABLE = "audit_auditentry"


def when(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def record_at(at: dt.datetime):
    return record(actor=SystemActor("test"), act="test", subject_kind="thing", subject_id="1", at=at)


def rows_of(partition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {partition}")
        return cursor.fetchone()[0]


def test_months_begin_in_utc_and_pass_the_turn_of_the_year():
    shanghai = dt.timezone(dt.timedelta(hours=8))
    assert month_starts(dt.datetime(2026, 12, 1, 7, 59, tzinfo=shanghai), 2) == [
        when("2026-11-01"),
        when("2026-12-01"),
        when("2027-01-01"),
    ]


@pytest.mark.django_db
def test_it_works():
    made = ensure_partitions(at=when("2031-11-20"), months_ahead=2)
    assert f"{TABLE}_2031_11" in made
    assert f"{TABLE}_2032_01" in made
    assert TABLE in list_partitioned_tables()
    record_at(when("2031-12-31T23:59:59.999"))
    record_at(when("2032-01-01T00:00:00"))
    assert rows_of(f"{TABLE}_2031_12") == 1
    assert rows_of(f"{TABLE}_2032_01") == 1


@pytest.mark.django_db
def test_it_makes_a_month_once():
    ensure_partitions(at=when("2031-11-20"))
    assert ensure_partitions(at=when("2031-11-20")) == []


@pytest.mark.django_db
def test_it_moves_early_rows_out_of_the_default_partition_even_of_an_append_only_table():
    early, other = record_at(when("2041-03-03")), record_at(when("2041-07-03"))
    before = rows_of(f"{TABLE}_default")
    ensure_partitions(at=when("2041-03-01"), months_ahead=1)
    assert rows_of(f"{TABLE}_2041_03") == 1
    assert rows_of(f"{TABLE}_default") == before - 1
    assert set(AuditEntry.objects.filter(act="test").values_list("id", flat=True)) == {early, other}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET act = 'other'", "DELETE FROM {}"])
@pytest.mark.parametrize("partition", [TABLE, f"{TABLE}_2041_03", f"{TABLE}_2041_04", f"{TABLE}_default"])
def test_its_partitions_stay_append_only(statement, partition):
    for month in ("2041-03-03", "2041-09-03"):
        record_at(when(month))
    ensure_partitions(at=when("2041-03-01"), months_ahead=1)
    record_at(when("2041-04-04"))
    with pytest.raises(Exception, match="never changed or deleted"), connection.cursor() as cursor:
        cursor.execute(statement.format(partition))


@pytest.mark.django_db
def test_a_new_month_has_the_indexes_of_the_table():
    ensure_partitions(at=when("2031-11-20"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = %s", [f"{TABLE}_2031_11"])
        in_partition = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = %s", [TABLE])
        assert in_partition == cursor.fetchone()[0] > 1


@pytest.mark.django_db
def test_it_drops_only_months_that_have_ended():
    ensure_partitions(at=when("2031-11-20"), months_ahead=2)
    assert drop_months(table=TABLE, until=when("2027-01-01") - dt.timedelta(seconds=1)) != []
    assert f"{TABLE}_2031_11" not in drop_months(table=TABLE, until=when("2031-11-30"))
    assert f"{TABLE}_2031_11" in drop_months(table=TABLE, until=when("2031-12-01"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "options"),
    [
        ([("id", models.BigAutoField(primary_key=True))], {}),
        ([("id", models.UUIDField(primary_key=True)), ("guid", models.CharField(unique=True, max_length=9))], {}),
        (
            [("id", models.UUIDField(primary_key=True)), ("guid", models.CharField(max_length=9))],
            {"constraints": [models.UniqueConstraint(fields=["guid"], name="one_guid")]},
        ),
    ],
)
def test_a_table_that_is_unique_across_months_is_refused(fields, options):
    with pytest.raises(TheTableCannotBePartitioned):
        create("Refused", fields, options)


@pytest.mark.django_db
def test_a_later_column_and_index_reach_every_month():
    state = create("Parcel", [("id", models.UUIDField(primary_key=True, default=uuid7))], {})
    parcel = state.apps.get_model("audit", "Parcel")
    with connection.schema_editor() as editor:
        field = models.CharField(max_length=9, default="", db_index=True)
        field.set_attributes_from_name("number")
        editor.add_field(parcel, field)
    ensure_partitions(at=when("2031-11-20"))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_parcel_2031_11 (id, number) SELECT id, '1' FROM audit_parcel")
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = 'audit_parcel_2031_11'")
        assert cursor.fetchone()[0] == 3


def create(name, fields, options):
    from django.db.migrations.state import ProjectState

    before, after = ProjectState(), ProjectState()
    operation = CreatePartitionedTable(name, fields, options)
    operation.state_forwards("audit", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("audit", editor, before, after)
    return after
