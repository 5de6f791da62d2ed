"""Every act that a service writes into the audit has a word in the log."""

import ast
from collections.abc import Iterator

from kouan.audit import acts
from kouan.clearance import states
from kouan.project.places import ROOT

MACHINES = {"review": states.ReviewAct, "inspection": states.InspectionAct, "ticket": states.TicketAct}
MADE_OF_PARTS = {"resend_message", "resend_receipt"}


def written() -> Iterator[tuple[str, str]]:
    """Give the literal acts and kinds of subjects of every call of record, by keyword."""
    for path in (ROOT / "src" / "kouan").rglob("*.py"):
        if {"tests", "standards"} & set(path.parts) or path.name == "recording.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            given = {one.arg: one.value for one in node.keywords} if isinstance(node, ast.Call) else {}
            if "act" in given and "subject_kind" in given:
                for name in ("act", "subject_kind"):
                    value = given[name]
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        yield name, value.value


def test_every_act_and_subject_has_a_word():
    found = set(written())
    assert ("act", "create_organisation") in found
    known = {"act": dict(acts.list_acts()), "subject_kind": dict(acts.list_subjects())}
    assert not sorted(value for name, value in found if value not in known[name])


def test_every_act_of_a_state_table_has_a_word():
    wanted = {f"{act}_{kind}" for kind, machine in MACHINES.items() for act in machine} | MADE_OF_PARTS
    assert not wanted - set(dict(acts.list_acts()))


def test_an_unknown_act_is_shown_as_it_is():
    assert acts.word_of_act("never_heard_of") == "never_heard_of"
