"""The clauses of 武政〔2018〕33号 and what answers each."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from django.urls import reverse

from kouan.law.clauses import all_clauses

POLICY = Path(__file__).parents[5] / "shared" / "policy" / "武政〔2018〕33号.txt"


def test_every_task_of_the_document_stands_once():
    numbers = [clause.number for clause in all_clauses()]
    expected = [f"二(一){n}" for n in range(1, 5)] + [f"二(二){n}" for n in range(1, 5)]
    expected += [f"二(三){n}" for n in range(1, 4)] + ["三(一)", "三(二)"]
    assert numbers == expected


def test_all_code_that_is_named_exists():
    missing = [path for clause in all_clauses() for path in clause.code if find_spec(path) is None]
    assert not missing


def test_all_screens_that_are_named_exist():
    for clause in all_clauses():
        for name in clause.screens:
            assert reverse(name).startswith("/")


def test_no_clause_is_copied_from_the_document():
    if not POLICY.exists():
        pytest.skip("no ../shared beside the project")
    text = "".join(POLICY.read_text(encoding="utf-8").split())
    for clause in all_clauses():
        for part in clause.zh.replace("：", "，").split("，"):
            assert len(part) < 24 or part not in text
