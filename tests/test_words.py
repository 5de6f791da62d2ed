"""Every model and every state has its line in docs/glossary.md; docs/states is drawn from the tables."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from enum import Enum
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.translation import override

from kouan.project.places import ROOT
from kouan.project.state_drawings import draw, find_machines, written_pages
from kouan.screens.pieces import to_chip

STATES = ROOT / "docs" / "states"
FAMILIES = {"OrganisationState": "organisation", "PersonState": "person", "DelegationState": "delegation",
            "RequestState": "delegation_request", "CheckState": "check",
            "ReviewState": "review", "InspectionState": "inspection", "TicketState": "ticket", "CaseState": "case",
            "State": "decision_version", "GoodsState": "goods", "ApplicationState": "goods_application",
            "DocumentState": "policy_document", "MeasureState": "measure",
            "TaskState": "task", "ReportState": "report", "ExtensionState": "extension", "WarningState": "warning",
            "FormalInspectionState": "formal_inspection", "SeatState": "seat", "MeetingState": "meeting",
            "TopicState": "topic", "AnnualPlanState": "annual_plan", "CoordinationState": "coordination",
            "JointInspectionState": "joint_inspection",
            "CertificateState": "certificate", "AppointmentState": "appointment",
            "TokenState": "token",
            "NoticeState": "notice", "EndpointState": "endpoint", "MailState": "mail"}  # fmt: skip


def glossary() -> dict[str, dict[str, str]]:
    """Read the glossary: by section, our words and the Chinese ones."""
    sections: dict[str, dict[str, str]] = {}
    for part in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        rows = [re.split(r"\s*\|\s*", line.strip().strip("|").strip()) for line in body.splitlines() if "|" in line]
        assert all(len(row) == 4 and all(row) for row in rows), f"{title}: a line has not its four words"
        assert len({row[0] for row in rows}) == len(rows), f"{title}: a word stands twice"
        sections[title] = {row[0].strip("`"): row[1] for row in rows[2:]}
    return sections


GLOSSARY = glossary()


def states() -> Iterator[tuple[str, type[Enum]]]:
    """Give the classes of states of every app."""
    for name in settings.KOUAN_APPS:
        for part in ("states", "codes"):
            if find_spec(f"{name}.{part}"):
                module = importlib.import_module(f"{name}.{part}")
                for one in vars(module).values():
                    is_ours = isinstance(one, type) and one.__module__ == module.__name__
                    if is_ours and issubclass(one, Enum) and one.__name__.endswith("State"):
                        yield name.rpartition(".")[2], one


def test_every_model_is_listed_by_the_name_on_the_screens():
    wrong = []
    for model in apps.get_models():
        if model.__module__.startswith("kouan."):
            with override("zh-hans"):
                ours, shown = model.__name__, str(model._meta.verbose_name)
            if GLOSSARY.get(model._meta.app_label, {}).get(ours) != shown:
                wrong.append(f"{model._meta.label} {shown}")
    assert not wrong, "docs/glossary.md lacks or names differently:\n" + "\n".join(wrong)


def test_every_state_is_listed_by_the_word_on_the_screens():
    wrong, found = [], 0
    for app, kind in states():
        for state in kind:
            found += 1
            with override("zh-hans"):
                family = FAMILIES.get(kind.__name__)
                shown = to_chip(state, family).word if family else state.label  # type: ignore[attr-defined]
                if GLOSSARY.get(app, {}).get(f"{kind.__name__}.{state.value}") != str(shown):
                    wrong.append(f"{app}: {kind.__name__}.{state.value} {shown}")
    assert found > 40
    assert not wrong, "docs/glossary.md lacks or names differently:\n" + "\n".join(wrong)


def test_nothing_is_listed_that_is_not_there():
    models = {(m._meta.app_label, m.__name__) for m in apps.get_models()}
    known = models | {(app, f"{kind.__name__}.{state.value}") for app, kind in states() for state in kind}
    labels = {name.rpartition(".")[2] for name in settings.KOUAN_APPS} - {"law"}
    listed = {(app, word) for app, words in GLOSSARY.items() if app in labels for word in words}
    assert not listed - known


def test_the_drawings_are_as_the_tables():
    pages = written_pages()
    assert {path.name for path in STATES.glob("*")} == set(pages), "run ./kouan states"
    for name, text in pages.items():
        assert (STATES / name).read_text(encoding="utf-8") == text, "run ./kouan states"


@pytest.mark.parametrize("machine", list(find_machines()), ids=lambda machine: f"{machine.app}-{machine.name}")
def test_a_drawing_has_every_arrow_and_no_other(machine):
    drawn = set()
    for before, after, acts in re.findall(r"^ +(\w+) --> (\w+): (.+)$", draw(machine), re.MULTILINE):
        drawn |= {((before, act), after) for act in acts.split(", ")}
    assert drawn == {((str(before), str(act)), str(after)) for (before, act), after in machine.table.items()}


@pytest.mark.parametrize("machine", list(find_machines()), ids=lambda machine: f"{machine.app}-{machine.name}")
def test_every_state_can_be_reached(machine):
    reached = {next(iter(machine.states))}
    while more := {after for (before, _), after in machine.table.items() if before in reached} - reached:
        reached |= more
    assert reached == set(machine.states)
