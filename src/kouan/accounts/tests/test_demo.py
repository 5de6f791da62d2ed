"""The demonstration: made twice it is there once, invented and marked throughout."""

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password

from kouan.accounts.demo import DEMO_PASSWORD, seed_accounts
from kouan.accounts.models import Delegation, Organisation, User
from kouan.accounts.rules import check_uscc
from kouan.accounts.selectors import list_demo_sign_ins

AT = dt.datetime(2026, 11, 22, 6, 5, tzinfo=dt.UTC)


@pytest.fixture
def seeded(db):
    seed_accounts(at=AT)


def test_made_twice_it_is_there_once(seeded):
    once = [model.objects.count() for model in (Organisation, User, Delegation)]
    seed_accounts(at=AT)
    assert [model.objects.count() for model in (Organisation, User, Delegation)] == once
    assert once[0] == 37


def test_everything_is_marked(seeded):
    assert all("演示" in row.name_zh and "demo" in row.name_en for row in Organisation.objects.filter(is_demo=True))


def test_everybody_can_sign_in_with_the_documented_password(seeded):
    assert DEMO_PASSWORD in (Path(__file__).parents[4] / "docs" / "operations.md").read_text()
    passwords = set(User.objects.filter(is_demo=True).values_list("password", flat=True))
    assert all(check_password(DEMO_PASSWORD, password) for password in passwords)
    shown = [person for group in list_demo_sign_ins() for person in group.people]
    assert len(shown) == User.objects.filter(is_demo=True).count()


def test_codes_have_their_form(seeded):
    for row in Organisation.objects.filter(is_demo=True):
        assert check_uscc(row.uscc) == row.uscc
        assert not row.customs_code or len(row.customs_code) == 10
