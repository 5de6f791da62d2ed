"""What the frame shows to whom: navigation by role, search within its time, looks, pages for errors."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import translation

from kouan.screens import errors, framing, looks, navigation, pickers, search
from kouan.screens.html import icon_html
from kouan.screens.icons import UnknownIcon
from kouan.screens.search import Hit

OFFICER = SimpleNamespace(is_authenticated=True, roles=["officer"])
CLERK = SimpleNamespace(is_authenticated=True, roles=["trader_clerk"])
NOBODY = SimpleNamespace(is_authenticated=False, roles=["officer"])


@pytest.fixture(autouse=True)
def empty_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(search, "_searchers", {})
    monkeypatch.setattr(framing, "_read_roles", lambda user: user.roles)


def labels(user: Any, path: str = "") -> dict[str, list[str]]:
    return {duty.key: [link.label for link in duty.links] for duty in navigation.list_duties(user, path)}


def test_everybody_sees_only_what_the_roles_may_use() -> None:
    navigation.register("clearance", "审核", "search", roles=["officer"])
    navigation.register("single_window", "申报", "design", roles=["trader_clerk"])
    assert labels(OFFICER) == {"clearance": ["审核"]}
    assert labels(CLERK) == {"single_window": ["申报"]}
    assert labels(NOBODY) == {}


def test_duties_stand_in_their_order_and_links_in_theirs() -> None:
    navigation.register("system", "人员", "looks")
    navigation.register("my_work", "后", "search", order=2)
    navigation.register("my_work", "先", "design", order=1)
    assert list(labels(CLERK)) == ["my_work", "system"]
    assert labels(CLERK)["my_work"] == ["先", "后"]


def test_a_page_stands_under_each_duty_that_it_belongs_to() -> None:
    navigation.register("system", "全部报文", "design", roles=["officer"])
    navigation.register("single_window", "本单位报文", "design", roles=["trader_clerk"])
    assert (labels(OFFICER), labels(CLERK)) == ({"system": ["全部报文"]}, {"single_window": ["本单位报文"]})


def test_an_entry_whose_page_is_not_there_is_left_out() -> None:
    navigation.register("planning", "规划", "a-page-of-tomorrow")
    assert labels(CLERK) == {}


def test_the_current_entry_is_the_longest_beginning() -> None:
    navigation.register("my_work", "样例", "design")
    navigation.register("my_work", "查找", "search")
    marked = [
        link.label for duty in navigation.list_duties(CLERK, "/design/list") for link in duty.links if link.is_current
    ]
    assert marked == ["样例"]


def test_an_entry_may_ask_more_than_roles_and_count() -> None:
    navigation.register("my_work", "待办", "design", may=lambda user: user is OFFICER, badge=lambda user: 3)
    assert labels(CLERK) == {}
    (duty,) = navigation.list_duties(OFFICER)
    assert duty.links[0].count == 3


def test_a_duty_nobody_knows_is_refused() -> None:
    with pytest.raises(navigation.UnknownDuty):
        navigation.register("misc", "杂项", "design")


def found(q: str, user: Any = OFFICER, **options: Any) -> dict[str, tuple[list[str], str]]:
    answers = search.find_everything(user, q, **options)
    return {str(each.label): ([str(hit.title) for hit in each.hits], str(each.trouble)) for each in answers}


def test_every_searcher_answers_within_its_limit(db: None) -> None:
    search.register("a", "单证", lambda user, q: [Hit(f"{q}{n}", "/") for n in range(50)], limit=3)
    search.register("b", "空", lambda user, q: [])
    assert found("  甲   乙 ") == {"单证": (["甲 乙0", "甲 乙1", "甲 乙2"], "")}


def test_searchers_of_other_roles_are_not_asked(db: None) -> None:
    search.register("a", "单证", lambda user, q: [Hit(q, "/")], roles=["officer"])
    assert found("甲乙", CLERK) == {}


def test_too_short_a_question_asks_nobody(db: None, django_assert_num_queries: Any) -> None:
    search.register("a", "单证", lambda user, q: [Hit(q, "/")])
    with django_assert_num_queries(0):
        assert found("甲") == {}


def test_a_query_that_outlasts_the_budget_is_ended_and_said(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(user: Any, q: str) -> list[Hit]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
        return []

    monkeypatch.setattr(search, "BUDGET_SECONDS", 0.05)
    search.register("slow", "慢", sleep)
    assert found("甲乙", clock=lambda: 0.0) == {"慢": ([], "未能查完，请缩小范围")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), 1")
        assert cursor.fetchone() == ("0", 1)


def test_who_would_begin_too_late_is_not_asked(db: None) -> None:
    times = iter([0.0, 0.1, 9.0])
    search.register("a", "先", lambda user, q: [Hit(q, "/")], order=1)
    search.register("b", "后", lambda user, q: [Hit(q, "/")], order=2)
    assert found("甲乙", clock=lambda: next(times)) == {"先": (["甲乙"], ""), "后": ([], "时间已到，未查询")}


@pytest.mark.parametrize("status", sorted(errors.TEXTS))
def test_error_pages_speak_both_languages_without_a_database(status: int, django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/x")
    zh = errors.show_error(request, status)
    assert zh.status_code == status
    page = zh.content.decode()
    assert errors.TEXTS[status]["zh"].title in page and errors.TEXTS[status]["en"].title in page
    with translation.override("en"):
        en = errors.show_error(request, status).content.decode()
    assert en.index(errors.TEXTS[status]["en"].title) < en.index(errors.TEXTS[status]["zh"].title)


def test_the_page_for_500_stays_upright_when_pages_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(errors, "render_to_string", broken)
    response = errors.server_error(RequestFactory().get("/x"))
    assert (response.status_code, response["Content-Type"]) == (500, "text/plain; charset=utf-8")


def test_the_way_back_is_only_ever_ours() -> None:
    ours = RequestFactory().get("/x", headers={"Referer": "http://testserver/y"})
    theirs = RequestFactory().get("/x", headers={"Referer": "http://testserver.example/y"})
    assert errors._back_url(ours) == "http://testserver/y"
    assert errors._back_url(theirs) == ""


@pytest.mark.parametrize(("cookie", "value"), [("dark", "dark"), ("pink", "auto"), ("", "auto")])
def test_a_look_is_one_of_those_there_are(cookie: str, value: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["kouan_theme"] = cookie
    assert looks.look_of(request, "theme") == value


OPTIONS = [
    pickers.Option("4201", "武汉关区", "WUH"),
    pickers.Option("4722", "东湖综保区"),
    pickers.Option("42", "湖北"),
    pickers.Option("116", "日本", "JPN"),
]


@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("42", ["42", "4201"]),
        ("dhz", ["4722"]),
        ("donghu", ["4722"]),
        ("东湖", ["4722"]),
        ("湖", ["42", "4722"]),
        ("jpn", ["116"]),
        ("wh", ["4201"]),
        ("没有", []),
        ("", ["4201", "4722", "42", "116"]),
    ],
)
def test_pickers_find_by_code_name_pinyin_and_initials(q: str, codes: list[str]) -> None:
    assert [option.code for option in pickers.find(OPTIONS, q)] == codes


def test_an_icon_that_is_not_drawn_is_refused() -> None:
    with pytest.raises(UnknownIcon):
        navigation.register("my_work", "待办", "design", icon="unicorn")
    with pytest.raises(UnknownIcon):
        icon_html("unicorn")


def test_a_request_for_another_host_is_a_bad_request(client):
    answer = client.get("/", headers={"host": "elsewhere.invalid"})
    assert answer.status_code == 400
    assert "elsewhere" not in answer.text
