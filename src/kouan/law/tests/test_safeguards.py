"""The table of safeguards names evidence that exists, and reads as a page and as a workbook."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pytest
from django.urls import reverse

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.law.safeguards import Answer, all_safeguards

ROOT = Path(__file__).parents[4]


def test_all_code_and_screens_that_are_named_exist():
    for one in all_safeguards():
        assert all(find_spec(path) for path in one.code), one.area
        assert all(reverse(name) for name in one.screens), one.area


def test_all_tests_that_are_named_exist():
    for one in all_safeguards():
        for test in one.tests:
            path, _sep, name = test.partition("::")
            text = (ROOT / path).read_text(encoding="utf-8")
            assert f"def {name}(" in text or not name, test


def test_each_area_stands_once():
    areas = [(one.norm, one.area) for one in all_safeguards()]
    assert len(set(areas)) == len(areas)


@pytest.mark.django_db
def test_the_page_narrows_and_gives_a_workbook(client):
    client.force_login(make_user(Role.SECURITY_ADMIN))
    page = client.get(reverse("safeguards"), {"norm": "cryptography", "answer": "operator"}).text
    assert "物理和环境安全" in page
    assert "告知和同意" not in page
    book = client.get(reverse("safeguards"), {"answer": "operator", "export": "xlsx"}).content
    rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
    assert len(rows) == 1 + sum(one.answer is Answer.OPERATOR for one in all_safeguards())
