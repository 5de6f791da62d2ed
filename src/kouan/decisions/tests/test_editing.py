"""Writing a table on the screen: begun, saved right or wrong, tried with examples, submitted, approved by another."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.audit.models import AuditEntry
from kouan.decisions import selectors
from kouan.decisions.cells import as_meant, as_typed, check_cell, read_simple
from kouan.decisions.differences import differences
from kouan.decisions.models import DecisionTableVersion
from kouan.decisions.services import editing, versions
from kouan.decisions.types import Example, Input, Policy, Row, TableContent, TableNotAcceptable, ValueType

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
KEY = "parcel_routing"
CASE = {
    "trade_mode": "9610", "ie_flag": "I", "customs_code": "4700", "place_code": "P1", "hs_chapters": ["33"],
    "country": "502", "gross_weight_kg": 1, "total_value_cny": 90,
}  # fmt: skip


@pytest.fixture
def clerk(db):
    return make_user(Role.PORT_OFFICE_CLERK)


@pytest.fixture
def version(clerk):
    return editing.begin_version(actor=clerk, at=AT, key=KEY, number=1)


def save(clerk, version, rows=None, **changes):
    content = TableContent.from_json(version.content)
    columns = {"digest": version.digest, "since": date(2026, 12, 1), "source": "某通知", "rows": rows or content.rows}
    columns |= changes
    problems = editing.save_version(actor=clerk, at=AT, key=KEY, number=version.number, **columns)
    version.refresh_from_db()
    return problems


def test_it_works(clerk, version):
    row = Row("wine", {"hs_chapters": 'some($, # in ["99"])'}, {"agencies": "police"}, "酒", "wine")
    content = TableContent.from_json(version.content)
    assert not [p for p in save(clerk, version, (row, *content.rows)) if p.is_error]
    case = CASE | {"hs_chapters": ["99"]}
    example = Example("酒归公安", case, {"agencies": ["customs", "police"]})
    editing.add_example(actor=clerk, at=AT, key=KEY, number=version.number, example=example)
    editing.submit_version(actor=clerk, at=AT, key=KEY, number=version.number)
    with pytest.raises(versions.ApprovedByItsAuthor):
        versions.approve_version(actor=clerk, at=AT, key=KEY, number=version.number)
    other = make_user(Role.PORT_OFFICE_CLERK)
    versions.approve_version(actor=other, at=AT, key=KEY, number=version.number)
    assert "police" in selectors.evaluate(KEY, case, date(2026, 12, 1)).outputs["agencies"]
    assert "police" not in selectors.evaluate(KEY, case, date(2026, 11, 30)).outputs["agencies"]
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert acts >= {"begin_decision_version", "save_decision_version", "submit_decision_version"}


def test_beginning_twice_gives_the_one_in_hand(clerk, version):
    assert editing.begin_version(actor=clerk, at=AT, key=KEY, number=1).pk == version.pk


def test_a_wrong_cell_is_kept_and_told_and_cannot_be_submitted(clerk, version):
    content = TableContent.from_json(version.content)
    wrong = Row("oops", {"gross_weight_kg": '"heavy"'}, {"agencies": "nobody"})
    pointers = {p.pointer for p in save(clerk, version, (wrong, *content.rows)) if p.is_error}
    assert pointers == {"/rows/oops/when/gross_weight_kg", "/rows/oops/then/agencies"}
    assert TableContent.from_json(version.content).rows[0] == wrong
    with pytest.raises(TableNotAcceptable):
        editing.submit_version(actor=clerk, at=AT, key=KEY, number=version.number)


def test_an_example_that_fails_stops_the_submission(clerk, version):
    example = Example("错的预期", CASE, {"agencies": ["police"]})
    editing.add_example(actor=clerk, at=AT, key=KEY, number=version.number, example=example)
    with pytest.raises(TableNotAcceptable) as refused:
        editing.submit_version(actor=clerk, at=AT, key=KEY, number=version.number)
    assert [p.code for p in refused.value.problems if p.is_error] == ["DEC-EXAMPLE"]
    editing.remove_example(actor=clerk, at=AT, key=KEY, number=version.number, name="错的预期")
    editing.submit_version(actor=clerk, at=AT, key=KEY, number=version.number)


def test_two_who_save_at_once_do_not_overwrite_each_other(clerk, version):
    digest = version.digest
    save(clerk, version, TableContent.from_json(version.content).rows[1:])
    with pytest.raises(editing.ChangedMeanwhile):
        save(clerk, version, digest=digest)


def test_what_was_submitted_is_not_edited_until_it_is_sent_back(clerk, version):
    editing.submit_version(actor=clerk, at=AT, key=KEY, number=version.number)
    with pytest.raises(versions.NotADraft):
        save(clerk, version)
    editing.send_back_version(actor=clerk, at=AT, key=KEY, number=version.number)
    save(clerk, version)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SYSTEM_ADMIN, Role.TRADER_CLERK])
def test_nobody_else_writes(role, version):
    with pytest.raises(NotAllowed):
        save(make_user(role), version)


def posted(version, **changes):
    """What the page sends back when nothing was typed."""
    content = TableContent.from_json(version.content)
    columns = {column.name: column for column in content.inputs}
    typed = {"digest": version.digest, "since": "2026-12-01", "source": "某通知", "act": "save"}
    typed["row"] = [row.id for row in content.rows]
    for row in content.rows:
        typed |= {f"{row.id}.zh": row.zh, f"{row.id}.en": row.en}
        typed |= {f"{row.id}.when.{name}": as_typed(cell, columns[name]) for name, cell in row.when.items()}
        typed |= {
            f"{row.id}.then.{name}": {True: "yes", False: "no"}.get(value, value)
            if not isinstance(value, list)
            else value
            for name, value in row.then.items()
        }
    return typed | changes


def test_the_page_gives_back_what_the_table_says(client, clerk, version):
    client.force_login(clerk)
    page = reverse("decision-edit", args=[KEY, version.number])
    before = TableContent.from_json(version.content)
    assert client.post(page, posted(version)).status_code == 302
    version.refresh_from_db()
    assert differences(before, TableContent.from_json(version.content)) == []
    assert version.since == date(2026, 12, 1)


def test_rows_are_moved_added_and_removed_by_buttons(client, clerk, version):
    client.force_login(clerk)
    page = reverse("decision-edit", args=[KEY, version.number])

    def ids():
        version.refresh_from_db()
        return [row["id"] for row in version.content["rows"]]

    first, second, *rest = ids()
    for act, wanted in (
        (f"down:{first}", [second, first, *rest]),
        (f"up:{first}", [first, second, *rest]),
        (f"add:{first}", [first, "r1", second, *rest]),
        ("remove:r1", [first, second, *rest]),
    ):
        assert client.post(page, posted(version, act=act)).status_code == 200
        assert ids() == wanted


def test_bare_codes_become_a_condition_and_wrong_ones_are_named_in_place(client, clerk, version):
    client.force_login(clerk)
    row = version.content["rows"][0]["id"]
    typed = posted(version) | {f"{row}.when.trade_mode": "9610，1210", f"{row}.when.gross_weight_kg": "heavy"}
    answer = client.post(reverse("decision-edit", args=[KEY, version.number]), typed)
    page = answer.content.decode()
    assert answer.status_code == 200 and "cell-problem" in page and 'value="heavy"' in page
    assert f'href="#cell-{row}.when.gross_weight_kg"' in page and f'id="cell-{row}.when.gross_weight_kg"' in page
    version.refresh_from_db()
    assert version.content["rows"][0]["when"]["trade_mode"] == '"9610", "1210"'


def test_approval_is_offered_to_everybody_but_the_author(client, clerk, version):
    editing.submit_version(actor=clerk, at=AT, key=KEY, number=version.number)
    approve = reverse("decision-approve", args=[KEY, version.number])
    for person, is_offered in ((clerk, False), (make_user(Role.PORT_OFFICE_CLERK), True)):
        client.force_login(person)
        page = client.get(reverse("decision-version", args=[KEY, version.number])).content.decode()
        assert (approve in page) is is_offered


def test_a_trial_is_kept_as_an_example(client, clerk, version):
    client.force_login(clerk)
    typed = {f"in_{name}": ",".join(v) if isinstance(v, list) else v for name, v in CASE.items()} | {"name": "化妆品"}
    client.post(reverse("decision-keep-example", args=[KEY, version.number]), typed)
    page = client.get(reverse("decision-edit", args=[KEY, version.number])).content.decode()
    version.refresh_from_db()
    [example] = version.content["examples"]
    assert example["name"] == "化妆品" and "customs" in example["expected"]["agencies"]
    assert "化妆品" in page and "相符" in page


def test_the_comparison_names_what_changed(client, clerk, version):
    client.force_login(clerk)
    content = TableContent.from_json(version.content)
    row = Row("wine", {"hs_chapters": 'some($, # in ["99"])'}, {"agencies": "police"}, "酒类", "wine")
    save(clerk, version, (content.rows[1], content.rows[0], row, *content.rows[3:]))
    page = client.get(reverse("decision-compare", args=[KEY, version.number, 1])).content.decode()
    assert "酒类" in page and "新增" in page and "删去" in page and "移动" in page


def test_a_draft_in_hand_decides_as_it_was_saved_last(clerk, version):
    before = selectors.evaluate_version(KEY, version.number, CASE)
    content = TableContent.from_json(version.content)
    save(clerk, version, (Row("all", {}, {"agencies": "police"}), *content.rows))
    after = selectors.evaluate_version(KEY, version.number, CASE)
    assert "police" not in before.outputs["agencies"] and "police" in after.outputs["agencies"]
    assert DecisionTableVersion.objects.get(table_id=KEY, number=1).digest != version.digest


TEXT = Input("mode", ValueType.STRING, "方式", "mode")
LIST = Input("chapters", ValueType.STRINGS, "章", "chapters")


@pytest.mark.parametrize(
    ("column", "typed", "cell"),
    [
        (TEXT, "9610", '"9610"'),
        (TEXT, " 9610、1210 ", '"9610", "1210"'),
        (TEXT, 'in ["9610"]', 'in ["9610"]'),
        (TEXT, '"9610"', '"9610"'),
        (TEXT, "not in", "not in"),
        (TEXT, "", ""),
        (LIST, "02 03", 'some($, # in ["02", "03"])'),
        (Input("kg", ValueType.NUMBER, "重", "kg"), "30", "30"),
    ],
)
def test_what_is_typed_bare_is_quoted(column, typed, cell):
    assert as_meant(typed, column) == cell


@pytest.mark.parametrize(
    ("column", "cell", "typed"),
    [
        (TEXT, '"9610", "1210"', "9610, 1210"),
        (TEXT, 'in ["9610"]', "9610"),
        (TEXT, 'not in ["9610"]', 'not in ["9610"]'),
        (TEXT, '"a b"', '"a b"'),
        (LIST, 'some($, # in ["02"])', "02"),
        (LIST, 'none($, # in ["02"])', 'none($, # in ["02"])'),
        (Input("kg", ValueType.NUMBER, "重", "kg"), "> 30", "> 30"),
    ],
)
def test_a_cell_is_shown_as_it_would_be_typed(column, cell, typed):
    assert as_typed(cell, column) == typed
    assert read_simple(as_meant(typed, column)) == read_simple(cell)


@given(st.text(max_size=40))
def test_whatever_is_typed_stays_or_becomes_a_right_cell(typed):
    for column in (TEXT, LIST):
        cell = as_meant(typed, column)
        if cell != typed.replace("\x00", "").strip():
            assert read_simple(cell) and not check_cell(cell, column, [column])
        assert as_meant(cell, column) == cell


ROWS = st.lists(st.sampled_from("abcdefg"), unique=True, min_size=1)


@given(ROWS, ROWS)
def test_differences_explain_every_row(before, after):
    """The oracle: take what stayed, and see that it stands in the same order in both."""

    def table(ids):
        return TableContent(Policy.FIRST, (), (), tuple(Row(one, {}, {}) for one in ids))

    found = differences(table(before), table(after))
    kinds = {change.row.id: change.kind for change in found}
    assert {name for name, kind in kinds.items() if kind == "added"} == set(after) - set(before)
    assert {name for name, kind in kinds.items() if kind == "removed"} == set(before) - set(after)
    moved = {name for name, kind in kinds.items() if kind == "moved"}
    still = [name for name in before if name in after and name not in moved]
    assert still == [name for name in after if name in before and name not in moved]
