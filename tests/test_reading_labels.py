"""The reader against the labels made by hand: as good as promised on every document, of every style."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kouan.project.commands.bench import BENCHMARKS, load
from kouan.project.places import ROOT
from kouan.supervision.reading.document import read_document

LABELS = sorted((BENCHMARKS / "documents_labels").glob("*.json"))


@pytest.fixture(scope="module")
def bench():
    yield load(BENCHMARKS / "documents.py")
    sys.modules.pop("benchmarks.documents", None)


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_tasks_units_and_seats_are_those_of_the_labels(path: Path, bench):
    label = json.loads(path.read_text(encoding="utf-8"))
    source = ROOT / label["source"]["file"]
    if not source.is_file():
        pytest.skip(f"{label['source']['file']} is not beside the project")
    scores, differences = bench.compare(label, read_document(source.read_bytes().decode("utf-8")))
    for kind in ("tasks", "units", "bodies"):
        assert min(scores[kind].precision, scores[kind].recall) >= 0.98, "\n".join(differences)
    assert min(scores["deadlines"].precision, scores["deadlines"].recall) >= 0.9, "\n".join(differences)


def test_the_comparison_sees_what_is_missed_and_what_is_invented(bench):
    text = "一、任务\n（一）甲。（市商务局、市财政局负责）"
    at = text.index("市商务局")
    unit = {"name": "市商务局", "role": "lead", "span": [at, at + 4]}
    task = {"clause": "一(一)", "by": "note", "span": [5, len(text)], "units": [unit], "deadlines": [], "figures": []}
    label = {"tasks": [{**task, "not_counted": []}], "bodies": [], "defaults": []}
    scores, differences = bench.compare(label, read_document(text))
    assert (scores["tasks"].precision, scores["tasks"].recall) == (1, 1)
    assert (scores["units"].labelled, scores["units"].read, scores["units"].both) == (1, 2, 0)
    assert len(differences) == 3
