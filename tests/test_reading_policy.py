"""武政〔2018〕33号 as the city wrote it: thirteen tasks, their units, the conference of twenty-four members."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kouan.project.places import ROOT
from kouan.supervision.reading.document import read_file
from kouan.supervision.reading.types import DocumentReading

POLICY = Path(ROOT).parent / "shared" / "policy" / "武政〔2018〕33号.txt"
OFFICE, PORT, TRAFFIC = "市商务局", "武汉新港管委会", "市交通运输委"
ZONES = ["武汉东湖新技术开发区管委会", "武汉经济技术开发区管委会", "武汉临空港经济技术开发区管委会"]
AIRPORT, HARBOUR = "湖北机场集团", "武汉港航发展集团"
TASKS = {
    "二(一)1": [OFFICE],
    "二(一)2": ["市发展改革委", PORT, TRAFFIC, OFFICE, "市国土规划局"],
    "二(一)3": [PORT, TRAFFIC, *ZONES, "黄陂区人民政府", "新洲区人民政府", "江夏区人民政府"],
    "二(一)4": [OFFICE, "市财政局", AIRPORT, HARBOUR],
    "二(二)1": [TRAFFIC, OFFICE, "黄陂区人民政府", AIRPORT],
    "二(二)2": [TRAFFIC, OFFICE, ZONES[2], HARBOUR],
    "二(二)3": [PORT, TRAFFIC, OFFICE, "新洲区人民政府", HARBOUR],
    "二(二)4": [*ZONES, "江夏区人民政府", "黄陂区人民政府", "新洲区人民政府", AIRPORT, HARBOUR],
    "二(三)1": [OFFICE],
    "二(三)2": [PORT, TRAFFIC, OFFICE],
    "二(三)3": [PORT, TRAFFIC, OFFICE, "市财政局", AIRPORT, HARBOUR],
    "三(一)": [OFFICE],
    "三(二)": [OFFICE, "市财政局"],
}


@pytest.fixture(scope="module")
def reading() -> DocumentReading:
    if not POLICY.is_file():
        pytest.skip("../shared/policy is not beside the project")
    return read_file(POLICY.read_bytes(), POLICY.name)


def test_the_tasks_and_their_units(reading):
    assert {task.clause: [unit.name for unit in task.units] for task in reading.tasks} == TASKS
    assert {unit.role for task in reading.tasks for unit in task.units} == {"responsible"}
    aliases = {unit.alias for task in reading.tasks for unit in task.units if unit.name == OFFICE}
    assert aliases == {"市口岸办"}
    assert reading.problems == ()


def test_the_offsets_are_those_of_the_file(reading):
    text = POLICY.read_bytes().decode()
    assert reading.text == text
    for task in reading.tasks:
        assert [text[slice(*unit.span)] for unit in task.units if unit.name == OFFICE] in ([], [OFFICE])
        assert text[task.span[0]] in "1234("


def test_the_only_target_is_three_to_five_routes_a_year(reading):
    (figure,) = [one for task in reading.tasks for one in task.figures]
    assert (figure.low, figure.high, figure.unit, figure.period) == (Decimal(3), Decimal(5), "条", "year")
    assert [one for task in reading.tasks for one in task.deadlines] == []


def test_sentences_torn_by_pages_are_whole(reading):
    assert len(reading.gaps) == 4
    by_clause = {task.clause: task for task in reading.tasks}
    assert "所需配套专用设施设备" in by_clause["二(一)3"].text
    assert "武汉铁路国际邮路" in by_clause["二(二)2"].text


def test_a_task_of_five_measures(reading):
    (task,) = [task for task in reading.tasks if task.clause == "二(三)1"]
    assert len(task.measures) == 5


def test_the_conference(reading):
    (body,) = reading.bodies
    by_role = {role: [one.unit for one in body.members if one.role == role] for role in ("first_convenor", "convenor")}
    assert by_role == {
        "first_convenor": ["市人民政府分管副市长"],
        "convenor": ["市人民政府分管副秘书长", "市商务局(市口岸办)局长(主任)"],
    }
    assert sum(one.role == "member" for one in body.members) == 24
    assert [(one.unit, one.alias) for one in body.members if one.role == "office"] == [(OFFICE, "市口岸办")]


def test_the_head_and_the_foot(reading):
    head = reading.head
    assert head.issuer and head.issuer.value == "武汉市人民政府"
    assert head.number and head.number.value == "武政〔2018〕33号"
    assert head.title and head.title.value == "市人民政府关于加强新时代口岸工作的意见"
    assert (head.signed_on, head.printed_on, head.date) == (None, date(2018, 7, 20), date(2018, 7, 20))
    assert [one.value for one in head.copies][:2] == ["市委办公厅", "武汉警备区"]
