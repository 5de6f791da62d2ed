from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.safekeeping.models import Retention

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_organisation("port_office")


def test_the_security_administrator_enters_how_long(client, office):
    client.force_login(make_user(Role.SECURITY_ADMIN, organisation=office))
    answer = client.post(
        reverse("key-retention"), {"months": "36", "since": timezone.localdate().isoformat(), "ground": "某规定第三条"}
    )
    assert answer.status_code == 302
    assert "某规定第三条" in client.get(reverse("key-list")).content.decode()


def test_what_was_typed_stays_when_it_is_refused(client, office):
    client.force_login(make_user(Role.SECURITY_ADMIN, organisation=office))
    answer = client.post(reverse("key-retention"), {"months": "0", "since": "2020-01-01", "ground": "某规定"})
    assert answer.status_code == 422
    assert 'value="某规定"' in answer.content.decode()
    assert not Retention.objects.exists()


def test_the_audit_administrator_sees_and_does_not_act(client, office):
    client.force_login(make_user(Role.AUDIT_ADMIN, organisation=office))
    assert reverse("key-retention") not in client.get(reverse("key-list")).content.decode()
    assert client.get(reverse("key-retention")).status_code == 403
