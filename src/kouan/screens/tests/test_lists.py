"""The list page as a door: the whole page, the table alone, filters, totals, presets, selection, query counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.test import RequestFactory

from kouan.screens.lists import (
    BulkAct,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    NumberRangeFilter,
    PickFilter,
    Preset,
    TextFilter,
    YesNoFilter,
    counting,
)
from kouan.screens.pieces import Emptiness

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)

NAMES = {"样品 7": "第七"}

PAGE = ListPage(
    key="samples",
    title="样品",
    columns=[
        Column("label", "名称", sort="label"),
        Column("rank", "次序", kind="count", sort="rank"),
        Column("seen", "见到", "seen_at", kind="when", sort="seen_at"),
        Column("value", "金额", "value_fen", kind="money", unit="元", sort="value_fen", total="value_fen"),
        Column("hidden", "备注", "label", shown=False),
    ],
    filters=[
        TextFilter("q", "名称", fields=["label"]),
        ChoiceFilter("rank", "次序", choices=[("0", "零"), ("1", "一"), ("2", "二")]),
        DateRangeFilter("seen", "见到", field="seen_at"),
        NumberRangeFilter("value", "金额", field="value_fen", scale=100),
        PickFilter(
            "owner", "企业", picker_url=lambda: "/pick", name_of=lambda value, _: NAMES.get(value), field="label"
        ),
        YesNoFilter("open", "未结", field="is_open"),
    ],
    presets=[Preset("first", "只看零", {"rank": "0"}, is_counted=True)],
    bulk=[BulkAct("claim", "领取", "design")],
    default_sort="-rank",
    row_url=lambda row: f"/samples/{row.pk}",
    page_size=25,
    empty=Emptiness("还没有样品", "先造一个", "造样品", "/samples/new"),
)


@pytest.fixture
def rows(samples: Any) -> Any:
    samples.objects.bulk_create(
        samples(
            label=f"样品 {number}",
            rank=number % 3,
            value_fen=number * 100,
            seen_at=datetime(2026, 11, 1, 15, 59, tzinfo=UTC) + timedelta(days=number),
            is_open=number % 2 == 0,
        )
        for number in range(60)
    )
    return samples.objects.all()


@pytest.fixture
def ask(db: None) -> Any:
    user = get_user_model()(username="demo", name="演示")

    def ask(query: str = "", **headers: str) -> Any:
        request = RequestFactory().get(f"/samples{query}", headers=headers)
        request.user = user
        return request

    return ask


def shown(response: Any) -> str:
    return response.content.decode()


def ids(rows: Any) -> set[int]:
    return {row.rank for row in rows}


def narrowed(request: Any, rows: Any) -> list[Any]:
    return list(PAGE.narrow(rows, PAGE.read(request).readings))


def test_the_whole_page_and_the_table_alone(rows: Any, ask: Any) -> None:
    page = shown(PAGE.respond(ask(), rows, at=NOW))
    assert "<!doctype html>" in page and "样品 59" in page and "共 <b>60</b> 条" in page
    part = shown(PAGE.respond(ask("", **{"HX-Request": "true", "HX-Target": "list-samples"}), rows, at=NOW))
    assert "<html" not in part and part.lstrip().startswith("<section") and "样品 59" in part


def test_both_forms_vary_by_who_asks(rows: Any, ask: Any) -> None:
    assert {"HX-Request", "HX-Target"} <= {
        name.strip() for name in PAGE.respond(ask(), rows, at=NOW)["Vary"].split(",")
    }


def test_the_number_of_queries_is_constant(rows: Any, ask: Any, django_assert_num_queries: Any) -> None:
    for query in ("", "?size=25", "?size=100&rank=1&q=样"):
        with django_assert_num_queries(3):  # the page, the count with its sum, the preset's count
            PAGE.respond(ask(query), rows, at=NOW)


def test_sums_are_of_everything_filtered_and_stay_fen(rows: Any, ask: Any) -> None:
    totals = counting.count_and_sum(rows, [PAGE.columns[3]])
    assert totals.sums == {"value": sum(range(60)) * 100}
    assert isinstance(totals.sums["value"], int)
    assert "1,770.00" in shown(PAGE.respond(ask(), rows, at=NOW))


def test_a_large_list_is_counted_to_a_bound(rows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "EXACT_TO", 20)
    totals = counting.count_and_sum(rows, [PAGE.columns[3]])
    assert not totals.count.is_exact
    assert totals.count.at_least == 20
    assert totals.sums == {}
    assert counting.count_to(rows, 20) == 21


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?q=样品+59", 1),
        ("?q=%00", 60),
        ("?rank=0&rank=1", 40),
        ("?rank=7", 60),
        ("?value_from=10&value_to=19", 10),
        ("?value_from=19&value_to=10", 10),
        ("?value_from=1,0", 50),
        ("?owner=样品+7", 1),
        ("?owner=样品+8", 60),
        ("?open=yes", 30),
        ("?open=no&rank=0", 10),
        # 2026-11-01 23:59 in Shanghai is 15:59 UTC: the day is the office's day.
        ("?seen_since=2026-11-01&seen_to=2026-11-01", 1),
        ("?seen_since=2026-11-02", 59),
        ("?seen_to=2026-11-03", 3),
        ("?seen_since=2026-11-05&seen_to=2026-11-04", 2),
    ],
)
def test_filters_narrow(rows: Any, ask: Any, query: str, count: int) -> None:
    assert len(narrowed(ask(query), rows)) == count


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?rank=7", "SCR-101"),
        ("?owner=样品+8", "SCR-101"),
        ("?seen_since=gestern", "SCR-102"),
        ("?seen_to=0001-01-01", "SCR-102"),
        ("?value_from=viel", "SCR-103"),
        ("?value_to=1e99", "SCR-103"),
        ("?value_to=NaN", "SCR-103"),
    ],
)
def test_what_a_filter_cannot_read_is_said(rows: Any, ask: Any, query: str, code: str) -> None:
    asked = PAGE.read(ask(query))
    assert [problem.code for problem in asked.problems] == [code]
    assert code in shown(PAGE.respond(ask(query), rows, at=NOW))


def test_unknown_sort_size_cursor_and_columns_fall_back(rows: Any, ask: Any) -> None:
    page = shown(PAGE.respond(ask("?sort=drop&size=1000000&after=zzz&cols=none"), rows, at=NOW))
    assert page.count("<tr data-href") == 25
    assert 'aria-sort="descending"' in page


def test_columns_are_chosen_and_remembered(rows: Any, ask: Any) -> None:
    response = PAGE.respond(ask("?cols=label&cols=hidden"), rows, at=NOW)
    assert response.cookies["kouan_columns_samples"].value == "label.hidden"
    request = ask()
    request.COOKIES["kouan_columns_samples"] = "label.hidden.foreign"
    assert [column.key for column in PAGE.read(request).columns] == ["label", "hidden"]


def test_the_active_filters_can_be_taken_away_one_by_one(rows: Any, ask: Any) -> None:
    page = shown(PAGE.respond(ask("?q=样品&rank=1&seen_since=2026-11-02"), rows, at=NOW))
    assert 'href="?rank=1&amp;seen_since=2026-11-02"' in page
    assert 'href="?q=%E6%A0%B7%E5%93%81&amp;seen_since=2026-11-02"' in page
    assert 'href="?q=%E6%A0%B7%E5%93%81&amp;rank=1"' in page


def test_nothing_at_all_and_nothing_that_matches_are_two_things(rows: Any, ask: Any) -> None:
    assert "还没有样品" in shown(PAGE.respond(ask(), rows.none(), at=NOW))
    none = shown(PAGE.respond(ask("?q=无此"), rows, at=NOW))
    assert "没有符合筛选的记录" in none and "还没有样品" not in none


def test_presets_count_and_mark_the_current_one(rows: Any, ask: Any) -> None:
    page = shown(PAGE.respond(ask("?rank=0"), rows, at=NOW))
    assert '<a href="?rank=0" aria-current="true">只看零<span class="count">20</span></a>' in page


def test_pages_lead_on_and_back(rows: Any, ask: Any) -> None:
    first = PAGE.read(ask())
    taken = PAGE._take(rows, first)
    second = shown(PAGE.respond(ask(first.url(after=taken.after)), rows, at=NOW))
    assert "before=" in second and "after=" in second


def test_a_selection_holds_only_visible_rows(rows: Any, ask: Any, samples: Any) -> None:
    visible = rows.filter(rank=0)
    foreign = rows.filter(rank=1).first()
    own = visible.first()
    request = ask()
    request.POST = QueryDict(f"pk={own.pk}&pk={foreign.pk}&pk=drop%20table")
    selection = PAGE.selection(request, visible)
    assert list(selection.rows) == [own]
    assert selection.asked_count == 3


def test_everything_that_matches_can_be_selected_up_to_the_limit(rows: Any, ask: Any) -> None:
    request = ask()
    request.POST = QueryDict("everything=1&query=rank%3D0")
    selection = PAGE.selection(request, rows)
    assert (len(selection.rows), selection.is_cut, ids(selection.rows)) == (20, False, {0})


def test_what_a_row_says_is_escaped(samples: Any, ask: Any) -> None:
    samples.objects.create(label="<script>alert(1)</script>", rank=1)
    page = shown(PAGE.respond(ask("?q=%3Cscript%3E"), samples.objects.all(), at=NOW))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_personal_data_is_masked_in_cells_and_files() -> None:
    column = Column("name", "姓名", lambda row: "欧阳小明", mask="name")
    assert "欧••明" in column.show(object())
    assert column.for_export(object()) == "欧••明"
