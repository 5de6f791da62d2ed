"""Two-step, early and summed-up declaration: the marks of the message, the versions, and the days by which to act."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from kouan.gateway.standards.dec.codec import encode
from kouan.gateway.standards.dec.document_types import compose_type, prefix_of, step_of
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.gateway.standards.dec.reader import decode
from kouan.goods import factories as make
from kouan.goods.codes import Deadline, Procedure, Step, TaxKind
from kouan.goods.composing import Sender, compose, values_of
from kouan.goods.deadlines import deadlines_of, reminder_of, workday_of_next_month
from kouan.goods.judging import Standing, judge
from kouan.goods.services.timing import remind_of_deadlines
from kouan.goods.states import GoodsState, may_be_sent_anew
from kouan.kernel.dates import CHINA_TIME
from kouan.workflow import selectors as workflow

NO = UUID(int=1)
DAY = make.DAY
AT = datetime(2026, 11, 23, 10, tzinfo=CHINA_TIME)


@pytest.mark.parametrize(
    ("written", "prefix", "step"),
    [("", "", ""), ("CL", "CL", ""), ("  5", "", "outline"), ("CL6", "CL", "complete"), ("5", "", "outline"),
     ("SW0", "SW", ""), ("  6   ", "", "complete"), ("  7", "", None)],
)  # fmt: skip
def test_the_type_of_a_document_is_prefix_and_step(written: str, prefix: str, step: str | None) -> None:
    assert (prefix_of(written), step_of(written)) == (prefix, step)
    if step is not None:
        assert (prefix_of(compose_type(prefix, step)), step_of(compose_type(prefix, step))) == (prefix, step)


def test_blanks_before_the_step_are_kept_on_the_way() -> None:
    declaration = make_declaration(1, day=DAY)
    declaration.head.document_type = compose_type("", "outline")
    assert decode(encode(declaration)).head.document_type == "  5"


def test_form_values_there_and_back_keep_step_prefix_and_list() -> None:
    values = values_of(make_declaration(1, day=DAY)) | {
        "step": "complete", "document_type": "CL", "entry_type": "D", "list_no": "L00000000000000001",
    }  # fmt: skip
    made = compose(values, sender=Sender("4201980001", "91420100MA4KNDEM19", "演示报关行"))
    assert (made.head.document_type, made.signing.list_seq_no) == ("CL6", "L00000000000000001")
    again = values_of(made)
    assert [again[name] for name in ("step", "document_type", "list_no")] == ["complete", "CL", "L00000000000000001"]


def _verdict(standing: Standing | None, step: str) -> Any:
    return judge(sender=NO, agent=NO, trader=NO, standing=standing, digest=UUID(int=9), client_no="K1", step=step)


def test_the_second_step_may_follow_a_released_outline_and_nothing_else_may() -> None:
    released = Standing(NO, 1, UUID(int=2), GoodsState.RELEASED, step="outline")
    assert _verdict(released, "complete").finding is None
    assert _verdict(released, "").problem.code == "-961005"
    assert _verdict(Standing(NO, 1, UUID(int=2), GoodsState.RELEASED), "complete").problem.code == "-961005"
    assert _verdict(Standing(NO, 1, UUID(int=2), GoodsState.DELETED, step="outline"), "complete").problem is not None
    assert (
        _verdict(Standing(NO, 2, UUID(int=2), GoodsState.SAVED, step="complete"), "outline").problem.code == "-961007"
    )
    assert _verdict(None, "complete").problem.severity == "warning"


def test_may_be_sent_anew_is_open_states_and_missing_second_steps() -> None:
    for state in GoodsState:
        row = SimpleNamespace(state=state, step="outline")
        assert may_be_sent_anew(row) == (state != GoodsState.DELETED)


def _row(**values: Any) -> Any:
    plain = {"direction": "I", "procedure": Procedure.ORDINARY, "document_type": "", "step": "", "tax": "",
             "state": GoodsState.SAVED, "entry_date": date(2026, 11, 1)}  # fmt: skip
    return SimpleNamespace(**(plain | values))


def _dues(row: Any, **known: Any) -> list[tuple[Deadline, date]]:
    known = {"declared": None, "billed": None} | known
    return [(due.what, due.until) for due in deadlines_of(row, **known)]


def test_imports_are_declared_within_fourteen_days_of_entry() -> None:
    """海关法 §24: fourteen days from the day on which the conveyance is declared."""
    assert _dues(_row()) == [(Deadline.DECLARE, date(2026, 11, 15))]
    assert _dues(_row(), declared=date(2026, 11, 10)) == []
    assert _dues(_row(state=GoodsState.RETURNED), declared=date(2026, 11, 10)) == _dues(_row())
    assert _dues(_row(direction="E")) == _dues(_row(entry_date=None)) == []
    assert _dues(_row(entry_date=date(2019, 5, 1))) == [], "no figure is at hand for that day"


def test_the_second_step_is_due_until_it_is_declared() -> None:
    outline = _row(procedure=Procedure.TWO_STEP, step=Step.OUTLINE, state=GoodsState.RELEASED)
    assert _dues(outline, declared=date(2026, 11, 2)) == [(Deadline.COMPLETE, date(2026, 11, 15))]
    complete = _row(procedure=Procedure.TWO_STEP, step=Step.COMPLETE)
    assert _dues(complete) == [(Deadline.COMPLETE, date(2026, 11, 15))]
    assert _dues(complete, declared=date(2026, 11, 9)) == []


def test_tax_is_paid_within_fifteen_days_counted_as_the_law_of_the_day_says() -> None:
    """From 2024-12-01 from the completed declaration (关税法 §43), before from the bill (海关法 §60)."""
    due = _row(tax=TaxKind.DUE, state=GoodsState.TAX_DUE)
    new = deadlines_of(due, declared=date(2026, 11, 2), billed=date(2026, 11, 5))
    assert [(one.until, one.clause) for one in new] == [(date(2026, 11, 17), "关税法 第四十三条")]
    old = deadlines_of(due, declared=date(2024, 11, 2), billed=date(2024, 11, 5))
    assert [(one.until, one.clause) for one in old] == [(date(2024, 11, 20), "海关法 第六十条")]
    assert _dues(_row(tax=TaxKind.PAID), declared=date(2026, 11, 2)) == []


def test_summed_up_tax_is_paid_by_the_fifth_working_day_of_the_next_month() -> None:
    due = _row(tax=TaxKind.DUE, document_type="CL")
    assert _dues(due, declared=date(2026, 11, 2)) == [(Deadline.PAY, date(2026, 12, 7))]
    assert workday_of_next_month(date(2026, 12, 31), 5) == date(2027, 1, 7)
    assert workday_of_next_month(date(2026, 7, 31), 1) == date(2026, 8, 3)


def test_early_declaration_has_a_deadline_only_where_the_office_entered_one() -> None:
    early = _row(procedure=Procedure.EARLY, entry_date=date(2026, 11, 20), state=GoodsState.RECEIVED)
    assert _dues(early, declared=date(2026, 11, 10)) == []
    assert _dues(early, declared=date(2026, 11, 10), arrival_days=14) == [(Deadline.ARRIVE, date(2026, 11, 24))]


def test_a_reminder_is_near_today_or_passed() -> None:
    today = date(2026, 11, 10)
    said = [reminder_of(today + timedelta(days=days), today) for days in (-1, 0, 1, 3, 4)]
    assert said == ["passed", "today", "near", "near", None]


@pytest.mark.django_db
def test_a_declaration_goes_through_both_steps() -> None:
    firm = make.make_agent()
    channel, window = make.make_channel(firm.pk), make.make_window(firm.pk)

    def as_step(step: str) -> Any:
        def change(made: Any) -> None:
            made.head.document_type = compose_type("", step)
            made.head.entry_date = "20261120"

        return change

    make.send(channel, make.make_message(change=as_step("outline")), at=AT)
    row = make.the_declaration()
    assert (row.procedure, row.step, row.due_for, row.due_date) == (
        "two_step",
        "outline",
        "complete",
        date(2026, 12, 4),
    )
    make.hear(window, make.imported(row.client_no), at=AT)
    for minutes, code in ((1, "7"), (2, "L"), (3, "F")):
        make.hear(window, make.channel_said(code, AT + timedelta(minutes=minutes)), at=AT + timedelta(minutes=minutes))
    row = make.the_declaration()
    assert (row.state, row.due_for) == ("released", "complete") and row.declared_at == AT + timedelta(minutes=1)

    later = AT + timedelta(days=1)
    make.send(channel, make.make_message(change=as_step("complete")), at=later)
    row = make.the_declaration()
    assert (row.version, row.step, row.state, row.due_for) == (2, "complete", "sent", "complete")
    assert row.released_at is not None and row.declared_at is None

    assert remind_of_deadlines(at=later) == 0, "more than three days are left"
    near = datetime(2026, 12, 2, 9, tzinfo=CHINA_TIME)
    assert remind_of_deadlines(at=near) == 1 and remind_of_deadlines(at=near) == 0
    passed = datetime(2026, 12, 5, 9, tzinfo=CHINA_TIME)
    assert remind_of_deadlines(at=passed) == 1 and remind_of_deadlines(at=passed) == 0
    acts = [event.act for event in workflow.list_events(subject_id=row.pk) if event.kind == "goods_deadline"]
    assert acts == ["complete_near", "complete_passed"]
