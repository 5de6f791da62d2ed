from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.audit.models import AuditEntry
from kouan.safekeeping import selectors
from kouan.safekeeping.models import DestroyedKey
from kouan.safekeeping.rules import due_date_of
from kouan.safekeeping.safe import KeyGone, Safe, safe
from kouan.safekeeping.services import keys as services

pytestmark = pytest.mark.django_db
OLD, NOW = datetime(2025, 1, 20, tzinfo=UTC), datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 9)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KOUAN_KEYS = tmp_path / "keys"
    safe.cache_clear()
    yield Safe(tmp_path / "keys")
    safe.cache_clear()


@pytest.fixture
def keeper():
    return make_user(Role.SECURITY_ADMIN)


def retain(keeper, months=12, since=TODAY):
    return services.set_retention(actor=keeper, months=months, ground="档案管理规定", since=since, at=NOW)


def test_it_works(keeper, folder, django_capture_on_commit_callbacks):
    kept = folder.keep("某人".encode(), OLD)
    retain(keeper)
    with django_capture_on_commit_callbacks(execute=True):
        services.destroy_key(actor=keeper, month="2025-01", at=NOW)
    with pytest.raises(KeyGone):
        folder.take(kept)
    (month,) = selectors.list_months(on_date=TODAY)
    assert (month.month, month.destroyed_at, month.due_date) == ("2025-01", NOW, date(2026, 2, 1))
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"set_retention", "destroy_key"}


@pytest.mark.parametrize(
    ("month", "months", "due"),
    [("2025-01", 12, date(2026, 2, 1)), ("2025-12", 1, date(2026, 2, 1)), ("2025-11", 1, date(2026, 1, 1))],
)
def test_the_time_runs_from_the_end_of_the_month(month, months, due):
    assert due_date_of(month, months) == due


def test_a_month_within_its_retention_stays(keeper, folder):
    kept = folder.keep(b"x", OLD)
    retain(keeper, months=14)
    with pytest.raises(NotAllowed):
        services.destroy_key(actor=keeper, month="2025-01", at=NOW)
    assert folder.take(kept) == b"x"


def test_without_a_retention_nothing_can_be_destroyed(keeper, folder):
    folder.keep(b"x", OLD)
    with pytest.raises(NotAllowed):
        services.destroy_key(actor=keeper, month="2025-01", at=NOW)
    assert folder.months() == ["2025-01"]


@pytest.mark.parametrize("month", ["2024-01", "nothing", "../2025-01"])
def test_a_month_that_is_not_there_is_refused(keeper, month):
    retain(keeper)
    with pytest.raises(NotAllowed):
        services.destroy_key(actor=keeper, month=month, at=NOW)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.PORT_OFFICE_CLERK])
def test_nobody_else_may(role, keeper, folder):
    folder.keep(b"x", OLD)
    retain(keeper)
    other = make_user(role)
    with pytest.raises(NotAllowed):
        services.destroy_key(actor=other, month="2025-01", at=NOW)
    with pytest.raises(NotAllowed):
        services.set_retention(actor=other, months=1, ground="x", since=TODAY, at=NOW)


def test_a_retention_cannot_change_the_past_nor_a_day_twice(keeper):
    retain(keeper)
    for since in (TODAY, date(2026, 3, 8)):
        with pytest.raises(NotAllowed):
            retain(keeper, months=1, since=since)


def test_a_crash_between_record_and_file_is_mended(keeper, folder):
    folder.keep(b"x", OLD)
    DestroyedKey.objects.create(month="2025-01", due_date=TODAY, ground="x", destroyed_at=NOW)
    assert services.finish_destroying(at=NOW) == 1
    assert folder.months() == []
    assert services.finish_destroying(at=NOW) == 0
