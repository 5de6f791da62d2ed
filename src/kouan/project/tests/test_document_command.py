"""`./kouan document`: JSON for machines, words for people, a workbook in which nothing can run."""

from __future__ import annotations

import io
import json
import sys

import openpyxl
import pytest

from kouan.project.hub import main

TEXT = (
    "一、任务\n（一）甲。每年新开3至5条航线，2024年6月底前完成。（牵头单位：市商务局〈市口岸办〉；责任单位：市财政局）\n"
    "（二）=1+1。（责任单位：市税务局）"
)


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_has_the_agreed_shape(document, capsys):
    assert main(["document", "read", str(document), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"file", "head", "clauses", "tasks", "bodies", "defaults", "problems", "gaps"}
    task = found["tasks"][0]
    start = TEXT.index("市商务局")
    assert task["clause"] == "一(一)" and task["title"] == "甲"
    lead = {"name": "市商务局", "alias": "市口岸办", "role": "lead", "span": [start, start + 4], "default": None}
    assert task["units"][0] == lead
    assert task["deadlines"][0]["date"] == "2024-06-30" and task["deadlines"][0]["precision"] == "month"
    figure = task["figures"][0]
    assert (figure["low"], figure["high"], figure["unit"], figure["period"]) == (3, 5, "条", "year")
    assert TEXT[slice(*figure["span"])] == figure["text"] == "3至5条"
    assert [set(one) for one in task["measures"]] == [{"text", "span", "deadlines", "figures"}]


def test_the_text_is_read_from_the_standard_input_too(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode("gb18030"))))
    assert main(["document", "read", "-", "--json", "--text"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == TEXT


def test_the_status_says_how_it_went(tmp_path, capsys):
    plain = tmp_path / "plain.txt"
    plain.write_text("今天天气很好。", encoding="utf-8")
    assert main(["document", "read", str(plain)]) == 1
    assert main(["document", "read", str(tmp_path / "missing.txt"), "--json"]) == 2
    assert "document.not_opened" in capsys.readouterr().out


def test_the_ledger_is_a_workbook_in_which_nothing_runs(document, tmp_path, monkeypatch):
    monkeypatch.setattr("kouan.project.database.set_up_django", lambda data: None)
    target = tmp_path / "ledger.xlsx"
    assert main(["document", "ledger", str(document), "-o", str(target), "--data", str(tmp_path / "data")]) == 0
    rows = list(openpyxl.load_workbook(target).worksheets[0].values)
    assert [row[1] for row in rows[1:]] == ["一(一)", "一(二)"]
    assert rows[1][4:6] == ("市商务局（市口岸办）", "市财政局")
    cells = [cell for row in openpyxl.load_workbook(target).worksheets[0].iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells] and not [cell for cell in cells if cell.data_type == "f"]


def test_no_ledger_is_written_of_a_text_without_tasks(tmp_path):
    plain = tmp_path / "plain.txt"
    plain.write_text("今天天气很好。", encoding="utf-8")
    assert main(["document", "ledger", str(plain), "-o", str(tmp_path / "ledger.xlsx")]) == 1
    assert not (tmp_path / "ledger.xlsx").exists()
