"""A document comes in, is read, corrected, read again and entered into the ledger."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.supervision.codes import CorrectionKind, Frequency
from kouan.supervision.factories import TEXT, Town
from kouan.supervision.models import Measure, PolicyDocument, ReadingVersion, Responsibility, Task
from kouan.supervision.selectors import documents as selectors
from kouan.supervision.services import documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return Town(at=timezone.now())


def test_it_works(town):
    assert town.document.number == "临政〔2025〕8号"
    assert str(town.document.issued_date) == "2025-03-01"
    assert list(Task.objects.order_by("position").values_list("clause", flat=True)) == ["一(一)1", "一(一)2", "二(一)"]
    roles = dict(Responsibility.objects.filter(task__clause="一(一)2").values_list("name_as_written", "role"))
    assert roles == {"市商务局": "lead", "市交通局": "support"}
    due = Measure.objects.filter(task__clause="一(一)2").order_by("due_date").values_list("due_date", flat=True)
    assert [str(day) for day in due] == ["2026-06-30", "2026-12-31"]


def test_units_are_those_of_the_register(town):
    task = Task.objects.get(clause="一(一)1")
    assert task.organisation_ids == [town.bureau.pk, town.airport.pk]
    assert set(town.document.organisation_ids) == {town.bureau.pk, town.airport.pk, town.office_home.pk}


def test_who_stands_first_leads_only_where_a_person_says_so(town):
    assert Task.objects.get(clause="一(一)1").lead_id == town.bureau.pk
    other = documents.receive_text(user=town.office, text=TEXT.replace("8号", "9号"), at=town.at)
    documents.confirm_document(
        user=town.office, document_id=other.pk, lead_by_order=False, frequency=Frequency.MONTHLY, at=town.at
    )
    assert Task.objects.get(document=other, clause="一(一)1").lead_id is None
    assert Task.objects.get(document=other, clause="一(一)2").lead_id == town.office_home.pk


def test_the_figure_is_a_target(town):
    assert (town.target.low, town.target.high, town.target.unit, town.target.period) == (3, 5, "条", "year")


def test_the_same_file_is_kept_once(town):
    with pytest.raises(documents.TheDocumentIsHere):
        documents.receive_text(user=town.office, text=TEXT, at=town.at)
    assert PolicyDocument.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 not a text \x00\x01"])
def test_what_cannot_be_read_is_said_and_nothing_is_kept(town, content):
    with pytest.raises(documents.TheDocumentCannotBeRead) as refused:
        documents.receive_document(user=town.office, file_name="扫描件.txt", content=content, at=town.at)
    assert refused.value.problems[0].zh
    assert PolicyDocument.objects.count() == 1


def test_only_the_port_office_brings_documents_in(town):
    with pytest.raises(NotAllowed):
        documents.receive_text(user=town.liaison, text="一、工作", at=town.at)


def correct(town, document, kind, clause, anchor, value, which=0):
    return documents.correct(
        user=town.office, document_id=document.pk, kind=kind, clause=clause, anchor=anchor, which=which, value=value,
        at=town.at,
    )  # fmt: skip


def test_a_correction_holds_when_the_document_is_read_again(town, monkeypatch):
    document = documents.receive_text(user=town.office, text=TEXT.replace("8号", "10号"), at=town.at)
    correct(town, document, CorrectionKind.UNIT, "一(一)1", "临江机场集团", {"role": "support", "organisation_id": ""})
    correct(town, document, CorrectionKind.TITLE, "一(一)1", "", {"title": "新开航线"})
    reading = ReadingVersion.objects.get(document=document)
    moved = dict(reading.found)
    real = documents.read_file

    def better(content, name):
        found = real(content, name)
        monkeypatch.setattr(type(found), "to_dict", lambda self: moved | {"gaps": [[0, 1]]})
        return found

    monkeypatch.setattr(documents, "read_file", better)
    assert documents.read_again(user=town.office, document_id=document.pk, at=town.at)
    monkeypatch.undo()
    draft = selectors.draft_ledger(document).draft
    task = next(task for task in draft.tasks if task.clause == "一(一)1")
    assert selectors.newest_reading(document).number == 2
    assert task.title == "新开航线"
    assert {unit.name: unit.role for unit in task.units} == {"市交通局": "responsible", "临江机场集团": "support"}
    assert draft.unapplied == []


def test_a_correction_whose_words_are_gone_is_shown_not_lost(town):
    correct(town, town.document, CorrectionKind.UNIT, "一(一)1", "没有的单位", {"drop": True})
    assert len(selectors.draft_ledger(town.document).draft.unapplied) == 1


def test_a_correction_can_be_taken_back(town):
    document = documents.receive_text(user=town.office, text=TEXT.replace("8号", "11号"), at=town.at)
    made = correct(town, document, CorrectionKind.TASK, "一(一)1", "拓展国际航线", {"drop": True})
    assert "一(一)1" not in [task.clause for task in selectors.draft_ledger(document).draft.tasks]
    documents.take_back_correction(user=town.office, document_id=document.pk, correction_id=made.pk, at=town.at)
    assert "一(一)1" in [task.clause for task in selectors.draft_ledger(document).draft.tasks]


def test_confirming_twice_adds_nothing(town):
    before = Task.objects.count()
    count = documents.confirm_document(
        user=town.office, document_id=town.document.pk, lead_by_order=True, frequency=Frequency.MONTHLY, at=town.at
    )
    assert (count, Task.objects.count()) == (0, before)


def test_a_name_that_was_valid_on_the_day_leads_to_its_successor(town):
    new = make_organisation("agency", agency="agriculture", name_zh="市农业农村局")
    new.aliases.create(kind="former", name_zh="市农委", until="2026-01-01")
    found = selectors.resolve_names({("市农委", None)}, on=town.document.issued_date)
    assert found["市农委", None].organisation_id == new.pk
    assert found["市农委", None].how == "alias"
    later = selectors.resolve_names({("市农委", None)}, on=timezone.localdate())
    assert (later["市农委", None].organisation_id, later["市农委", None].how) == (new.pk, "other_day")


def test_a_stranger_sees_neither_document_nor_tasks(town):
    stranger = make_user(Role.LIAISON, organisation=town.elsewhere)
    assert not selectors.list_documents(stranger).exists()
    assert selectors.list_documents(town.liaison).count() == 1


def test_a_unit_sees_a_document_only_once_it_is_confirmed(town):
    documents.receive_text(user=town.office, text=TEXT.replace("8号", "12号"), at=town.at)
    assert selectors.list_documents(town.liaison).count() == 1
    assert selectors.list_documents(town.office).count() == 2


@pytest.mark.parametrize(
    ("words", "found"), [("国际航线", 1), ("际航", 1), ("航线际", 0), ("联合查验 平台", 1), ("8号", 1), ("X", 0)]
)
def test_search_finds_words_and_parts_of_words(town, words, found):
    assert selectors.find_documents(selectors.list_documents(town.office), words).count() == found


def test_a_clause_stands_once_in_the_ledger(town):
    with pytest.raises(IntegrityError):
        Task.objects.create(
            source="document", source_label="x", document=town.document, clause="一(一)1", title="x", text="x",
            entered_at=town.at, entered_by_id=town.office.pk,
        )  # fmt: skip
