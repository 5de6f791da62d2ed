"""The console names the persons of the demonstration and nobody else."""

import io

import pytest
from django.core.management import call_command

from kouan.accounts.factories import make_user


@pytest.mark.django_db
def test_demo_persons_are_named_with_their_password_and_real_ones_are_not():
    make_user("officer", username="visitor", is_demo=True)
    make_user("officer", username="real")
    shown = io.StringIO()
    call_command("show_sign_ins", stdout=shown)
    assert "visitor" in shown.getvalue()
    assert "口令" in shown.getvalue()
    assert "real" not in shown.getvalue()


@pytest.mark.django_db
def test_without_a_demonstration_there_is_nothing_to_name():
    make_user("officer", username="real")
    shown = io.StringIO()
    call_command("show_sign_ins", stdout=shown)
    assert shown.getvalue() == ""
