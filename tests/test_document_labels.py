"""The hand-made labels of the documents benchmark: every span shows the text it claims, every name comes from it."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LABELS = sorted((ROOT / "benchmarks" / "documents_labels").glob("*.json"))
TASK_ROLES = {"lead", "responsible", "support", "implement", "participate", "unmarked"}
BODY_ROLES = {"first_convenor", "convenor", "member", "office"}
PRECISIONS = {"day", "month", "quarter", "half_year", "year", "ongoing"}
BRACKETS = {"〈": "〉", "<": ">", "(": ")", "（": "）"}
LONGEST_TEXT = 40  # labels point at the documents, they do not copy them


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def entries(node):
    """Yield every object within a label that points at characters."""
    if isinstance(node, dict):
        if "span" in node:
            yield node
        for value in node.values():
            yield from entries(value)
    elif isinstance(node, list):
        for value in node:
            yield from entries(value)


def without_spaces(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(params=LABELS, ids=lambda path: path.stem)
def label(request):
    return read(request.param)


@pytest.fixture
def source(label):
    path = ROOT / label["source"]["file"]
    if not path.is_file():
        pytest.skip(f"{label['source']['file']} is not beside the project")
    return path.read_bytes()


@pytest.fixture
def text(source):
    return source.decode("utf-8")


def test_there_are_labels():
    assert LABELS


def test_the_labels_are_of_this_very_file(label, source):
    assert hashlib.sha256(source).hexdigest() == label["source"]["sha256"]


def test_every_span_shows_the_text_it_claims(label, text):
    for entry in entries(label):
        start, end = entry["span"]
        assert 0 <= start < end <= len(text), entry
        assert text[start:end].strip() == text[start:end], entry
        if entry.get("text") is not None:
            assert without_spaces(text[start:end]) == without_spaces(entry["text"]), entry


def test_every_name_is_what_is_written_or_what_it_was_shortened_from(label, text):
    of_tasks = [(unit, unit["name"]) for task in label["tasks"] for unit in task["units"]]
    of_defaults = [(unit, unit["name"]) for default in label["defaults"] for unit in default["units"]]
    of_bodies = [(member, member["unit"]) for body in label["bodies"] for member in body["members"]]
    for unit, name in of_tasks + of_defaults + of_bodies:
        written = unit["text"]
        assert name == written or name.startswith(written) or name.endswith(written), unit
        if unit["alias"]:
            after = text[unit["span"][1] :]
            assert after[1:].startswith(unit["alias"] + BRACKETS[after[0]]), unit


def test_what_belongs_to_a_task_stands_in_it_and_in_order(label):
    for task in label["tasks"]:
        for kind in ("units", "deadlines", "figures", "measures"):
            spans = [entry["span"] for entry in task[kind]]
            assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans)), (task, kind)
            assert all(task["span"][0] <= start and end <= task["span"][1] for start, end in spans), (task, kind)
    spans = [task["span"] for task in label["tasks"]]
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


def test_the_values_are_of_the_agreed_kinds(label):
    clauses = [task["clause"] for task in label["tasks"]]
    assert len(clauses) == len(set(clauses))
    for task in label["tasks"]:
        assert task["by"] in {"note", "sentence"}
        assert task["units"], task["clause"]
        assert {unit["role"] for unit in task["units"]} <= TASK_ROLES
        for figure in task["figures"]:
            low, high = figure["low"], figure["high"]
            assert low is not None or high is not None, figure
            assert low is None or high is None or low <= high, figure
    for body in label["bodies"]:
        assert {member["role"] for member in body["members"]} <= BODY_ROLES
    for default in label["defaults"]:
        assert set(default["applies"]) <= set(clauses)
    for deadline in [of for holder in label["tasks"] + label["defaults"] for of in holder["deadlines"]]:
        assert deadline["precision"] in PRECISIONS
        assert (deadline["date"] is None) == (deadline["precision"] == "ongoing"), deadline
        assert deadline["date"] is None or date.fromisoformat(deadline["date"])


def test_no_sentence_is_copied(label):
    for entry in entries(label):
        for key in ("text", "name", "unit", "title"):
            assert len(entry.get(key) or "") <= LONGEST_TEXT, entry


def test_the_opinion_on_ports_holds_its_thirteen_tasks_and_twenty_four_members():
    label = read(ROOT / "benchmarks" / "documents_labels" / "武政〔2018〕33号.json")
    assert [task["clause"] for task in label["tasks"]] == [
        *(f"二(一){number}" for number in (1, 2, 3, 4)),
        *(f"二(二){number}" for number in (1, 2, 3, 4)),
        *(f"二(三){number}" for number in (1, 2, 3)),
        "三(一)",
        "三(二)",
    ]
    roles = [member["role"] for member in label["bodies"][0]["members"]]
    assert [roles.count(role) for role in ("first_convenor", "convenor", "member", "office")] == [1, 2, 24, 1]
    assert not any(task["deadlines"] for task in label["tasks"])
    assert [figure["text"] for task in label["tasks"] for figure in task["figures"]] == ["3至5条"]
