"""What the reader missed: words that a person points at become tasks, measures, units, deadlines and figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kouan.supervision.codes import Frequency
from kouan.supervision.correcting import Fix, draft_of
from kouan.supervision.factories import Town
from kouan.supervision.models import Correction, Task
from kouan.supervision.passages import chosen, place_of, which_of
from kouan.supervision.reading.document import read_document
from kouan.supervision.selectors import documents as selectors
from kouan.supervision.services import documents

TEXT = """临江市人民政府关于口岸工作的意见
临政〔2025〕12号

各区人民政府，市政府有关部门：
一、拓展航线
1.每年新开3至5条国际航线。（责任单位：市交通局）
2.建设水运口岸，2026年6月底前完工。由市商务局办理，年吞吐量达到200万标箱。
二、优化服务
对货物实行先验放后检测。

临江市人民政府
2025年3月1日
"""

MISSED = "建设水运口岸，2026年6月底前完工。"


@given(st.text("ab \n", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_words_are_found_where_they_were_pointed_at(text, start, end):
    span = chosen(text, start, end)
    if span is None:
        assert not 0 <= start < end <= len(text) or not text[start:end].strip()
        return
    words = text[slice(*span)]
    place = place_of(text, words, which_of(text, span))
    assert place is not None
    assert "".join(text[slice(*place)].split()) == "".join(words.split())


@given(st.text("甲乙丙", min_size=1, max_size=8), st.integers(0, 8))
def test_words_are_found_again_when_lines_are_torn_elsewhere(words, at):
    text = f"前文。{words}后文"
    torn = f"另一前文。\n{words[:at]}\n　{words[at:]} 后文"
    span = place_of(torn, words, which_of(text, (3, 3 + len(words))))
    assert span is not None
    assert "".join(torn[slice(*span)].split()) == words


def test_a_missed_task_is_read_from_its_words():
    found = read_document(TEXT)
    words = "2.建设水运口岸，2026年6月底前完工。由市商务局办理，年吞吐量达到200万标箱。"
    draft = draft_of(found.to_dict(), [Fix(1, "new_task", "一、2", words, 0, {"title": "水运口岸"})], found.text)
    task = next(task for task in draft.tasks if task.clause == "一、2")
    assert (task.title, TEXT[slice(*task.span)]) == ("水运口岸", words)
    assert task.due == date(2026, 6, 30)
    assert [TEXT[slice(*each.span)] for each in task.figures] == [each.text for each in task.figures] != []
    assert draft.unapplied == []


def test_a_missed_task_gives_way_when_the_reader_learns_to_find_it():
    found = read_document(TEXT).to_dict()
    known = found["tasks"][0]["clause"]
    draft = draft_of(found, [Fix(1, "new_task", known, MISSED, 0, {"title": "重复"})], TEXT)
    assert [task.clause for task in draft.tasks].count(known) == 1
    assert [fix.id for fix in draft.unapplied] == [1]


@pytest.fixture
def town(db):
    return Town(at=timezone.now())


@pytest.fixture
def document(town):
    return documents.receive_text(user=town.office, text=TEXT, at=town.at)


@pytest.fixture
def point(town, document):
    """Point at words and say what they are; give the answer of the page."""
    client = Client()
    client.force_login(town.office)

    def act(kind, words, data=None):
        at = selectors.newest_reading(document).text.index(words)
        address = reverse("add-missed", args=[document.pk])
        url = f"{address}?{urlencode({'kind': kind, 'from': at, 'to': at + len(words)})}"
        return client.get(url) if data is None else client.post(url, data)

    return act


def task_of(document, clause):
    return next(task for task in selectors.draft_ledger(document).draft.tasks if task.clause == clause)


def test_what_was_pointed_at_goes_into_the_ledger(town, document, point):
    bureau = str(town.bureau.pk)
    first = selectors.draft_ledger(document).draft.tasks[0].clause
    form = point("new_task", MISSED).context["form"]
    label = form.initial["clause"]
    assert point("new_task", MISSED, {"clause": label, "title": "水运口岸"}).status_code == 302
    assert (
        point("new_unit", "市商务局", {"clause": label, "organisation_id": bureau, "role": "lead"}).status_code == 302
    )
    office = str(town.office_home.pk)
    assert (
        point("new_unit", "市商务局", {"clause": label, "organisation_id": office, "role": "support"}).status_code
        == 302
    )
    figure = point("new_figure", "年吞吐量达到200万标箱").context["form"].initial
    assert figure["low"] == Decimal(200)
    assert point(
        "new_figure", "年吞吐量达到200万标箱", {"clause": label, "low": 200, "unit": "万标箱", "period": "year"}
    ).url
    assert point("new_measure", "由市商务局办理", {"clause": label}).status_code == 302
    task = task_of(document, label)
    assert [unit.role for unit in task.units] == ["lead", "support"]
    assert [measure.text for measure in task.measures][-1] == "由市商务局办理"
    assert point("due", "2026年6月底前").context["form"].initial["date"] == date(2026, 6, 30)
    last = f"{label}#{len(task.measures) - 1}"
    assert point("due", "2026年6月底前", {"measure": last, "date": "2026-06-30"}).status_code == 302
    count = documents.confirm_document(
        user=town.office, document_id=document.pk, lead_by_order=False, frequency=Frequency.MONTHLY, at=town.at
    )
    assert count == 2
    entered = Task.objects.get(document=document, clause=label)
    assert entered.lead_id == town.bureau.pk
    assert entered.measures.get(text="由市商务局办理").due_date == date(2026, 6, 30)
    assert {unit.name for unit in task_of(document, first).units} == {"市交通局"}


def test_a_clause_stands_for_one_task(document, point):
    taken = selectors.draft_ledger(document).draft.tasks[0].clause
    answer = point("new_task", MISSED, {"clause": taken, "title": "水运口岸"})
    assert answer.status_code == 200
    assert "这一条款已有事项" in answer.text
    assert "水运口岸" in answer.text
    assert not Correction.objects.filter(document=document).exists()


@pytest.mark.parametrize(
    "query", ["kind=new_task", "kind=new_task&from=5&to=5", "kind=task&from=1&to=9", "kind=due&from=9&to=99999999"]
)
def test_an_address_that_points_at_nothing_is_not_found(town, document, query):
    client = Client()
    client.force_login(town.office)
    assert client.get(f"{reverse('add-missed', args=[document.pk])}?{query}").status_code == 404


def test_the_page_offers_what_is_no_task(town, document):
    client = Client()
    client.force_login(town.office)
    page = client.get(reverse("policy-document", args=[document.pk])).text
    assert "作为事项" in page
    assert "data-pointing" in page
