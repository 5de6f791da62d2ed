"""Figures, times, masks and the tags that write them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from kouan.records.problems import Problem
from kouan.screens import formats, masking
from kouan.screens.pieces import Chip, Tone, register_chips, to_chip


def render(text: str, **context: Any) -> str:
    return Template("{% load screens %}" + text).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0 秒", "0 s"),
        (0.4, "0.4 秒", "0.4 s"),
        (41, "41 秒", "41 s"),
        (60, "1 分", "1 min"),
        (3599.7, "1 小时", "1 h"),
        (6900, "1 小时 55 分", "1 h 55 min"),
        (86_400, "1 天", "1 d"),
        (183_600, "2 天 3 小时", "2 d 3 h"),
        (-120, "−2 分", "−2 min"),
        (None, "—", "—"),
    ],
)
def test_durations(seconds: float | None, zh: str, en: str) -> None:
    assert formats.to_duration(seconds) == zh
    with translation.override("en"):
        assert formats.to_duration(timedelta(seconds=seconds) if seconds is not None else None) == en


def test_times_are_the_office_s() -> None:
    assert formats.to_when(datetime(2026, 11, 22, 6, 5, 9, tzinfo=UTC)) == "2026-11-22 14:05"
    assert formats.to_when(datetime(2026, 11, 22, 6, 5, 9, tzinfo=UTC), with_seconds=True) == "2026-11-22 14:05:09"
    assert formats.to_when(date(2026, 11, 22)) == "2026-11-22"


def test_money_is_fen_or_decimal_and_nothing_else() -> None:
    assert formats.to_money(128_600) == "1,286.00"
    assert formats.to_money(Decimal("117.03")) == "117.03"
    assert formats.to_money(-5) == "−0.05"
    assert formats.to_money(None) == "—"
    with pytest.raises(TypeError):
        formats.to_money(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("1234567.89100"), "1,234,567.891"), (12, "12"), (Decimal("0.00001"), "0.00001"), (0, "0"), (100, "100")],
)
def test_quantities_lose_no_digit_and_show_no_idle_zero(value: Any, shown: str) -> None:
    assert formats.to_quantity(value) == shown


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [(999, "999", "999"), (12_000, "1.2 万", "12k"), (1_030_000, "103 万", "1M"), (120_000_000, "1.2 亿", "120M")],
)
def test_large_counts_in_the_words_of_each_language(value: int, zh: str, en: str) -> None:
    assert formats.to_large_count(value) == zh
    with translation.override("en"):
        assert formats.to_large_count(value) == en


@pytest.mark.parametrize(
    ("value", "kind", "masked"),
    [
        ("张三", "name", "张•"),
        ("欧阳小明", "name", "欧••明"),
        ("John Smith", "name", "J••• S••••"),
        ("420106199001011234", "id", "4201••••••••••••34"),
        ("E12345678", "id", "E•••••••8"),
        ("13812345678", "phone", "138••••5678"),
        ("a@b.cn", "mail", "•@b.cn"),
        ("wang@b.cn", "mail", "w•••@b.cn"),
        ("6222021234567890", "account", "••••••••••••7890"),
        ("X", "", "•"),
        ("", "id", ""),
        (None, "id", ""),
    ],
)
def test_masks_show_too_little_to_use(value: str | None, kind: str, masked: str) -> None:
    assert masking.to_masked(value, kind) == masked


def test_a_chip_has_colour_icon_and_word() -> None:
    html = render("{% chip state %}", state=Chip("已放行", Tone.DONE))
    assert 'class="chip tone-done"' in html and "#check" in html and "<span>已放行</span>" in html


def test_a_registered_state_is_found_by_its_stored_value() -> None:
    register_chips("sample", {"held": Chip("暂缓", Tone.WAITING)})
    assert "暂缓" in render('{% chip "held" "sample" %}')


def test_an_unknown_state_is_shown_as_unknown() -> None:
    assert to_chip("731", "sample").tone == Tone.UNKNOWN
    assert "未知状态 731" in render('{% chip "731" "sample" %}')
    assert "无状态" in render('{% chip "" "sample" %}')


def test_a_time_says_its_exact_moment() -> None:
    html = render("{% when at %}", at=datetime(2026, 11, 22, 6, 5, 9, tzinfo=UTC))
    assert 'datetime="2026-11-22T14:05:09+08:00"' in html
    assert 'title="2026-11-22 14:05:09 +0800"' in html
    assert ">2026-11-22 14:05<" in html


def test_a_problem_speaks_the_page_s_language() -> None:
    problem = Problem("CEB-1", "/head/buyer", "error", "姓名为空", "The name is empty", "请填写", "Fill it in")
    zh = render("{% problem p %}", p=problem)
    assert "姓名为空" in zh and "请填写" in zh and "CEB-1" in zh and "/head/buyer" in zh and "empty" not in zh
    assert render("{% problem p %}", p=problem.to_dict()) == zh
    with translation.override("en"):
        en = render("{% problem p %}", p=problem)
    assert "The name is empty" in en and "Fill it in" in en and "姓名" not in en


@pytest.mark.parametrize(
    "tag",
    [
        "{% fact bad bad bad bad %}",
        "{% pair bad bad %}",
        "{% code_name bad bad %}",
        "{% masked bad %}",
        "{% highlight bad bad %}",
    ],
)
def test_tags_escape(tag: str) -> None:
    assert "<script" not in render(tag, bad="<script>x</script>")


def test_what_was_searched_is_marked_in_any_case() -> None:
    assert render('{% highlight "MSC Oscar" "oscar" %}') == "MSC <mark>Oscar</mark>"
    assert render('{% highlight "a.b" "." %}') == "a<mark>.</mark>b"
