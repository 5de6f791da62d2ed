"""What clerks type and upload names persons: no column shows it, and it goes with the key of its month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.declarations.factories import make_values
from kouan.declarations.models import Draft
from kouan.declarations.services.drafting import begin_draft, save_draft
from kouan.safekeeping.models import DestroyedKey
from kouan.safekeeping.safe import safe

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2019, 5, 6, tzinfo=UTC)


@pytest.fixture
def clerk():
    return make_user(Role.TRADER_CLERK, organisation=make_organisation("agent", customs_code="420196YS05"))


@pytest.fixture
def erased(clerk):
    draft = save_draft(user=clerk, draft_id=None, values=make_values(), at=LONG_AGO)
    DestroyedKey.objects.create(
        month="2019-05",
        due_date="2022-06-01",
        ground="档案管理规定第九条",
        destroyed_at=datetime(2022, 6, 2, tzinfo=UTC),
    )
    safe().destroy("2019-05")
    return draft


def test_no_column_shows_what_was_typed(clerk):
    values = make_values()
    draft = save_draft(user=clerk, draft_id=None, values=values, at=timezone.now())
    assert Draft.objects.get().values == values
    with connection.cursor() as cursor:
        cursor.execute("select d::text from declarations_draft d")
        row = cursor.fetchone()[0]
    for name in ("buyer_name", "buyer_id_number", "buyer_phone", "consignee_address"):
        assert values[name]
        assert values[name] not in row
        assert values[name].encode().hex() not in row
    assert str(draft.pk) in row


def test_a_draft_of_an_erased_month_says_so_and_can_be_thrown_away(client, clerk, erased):
    client.force_login(clerk)
    page = client.get(reverse("draft", args=[erased.pk]), follow=True)
    assert page.status_code == 200
    assert "2022-06-02" in page.text
    assert "档案管理规定第九条" in page.text
    assert client.get(reverse("drafts")).status_code == 200
    client.post(reverse("discard-draft", args=[erased.pk]))
    assert not Draft.objects.exists()


def test_a_new_draft_is_begun_beside_one_that_is_erased(clerk, erased):
    Draft.objects.update(title="")
    assert begin_draft(user=clerk, at=timezone.now()).pk != erased.pk
