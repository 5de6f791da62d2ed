"""Taking in sheets of codes: what is added, changed, closed, refused, and what stays as it was."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kouan.audit.types import SystemActor
from kouan.reference import selectors, services
from kouan.reference.codes import Generation
from kouan.reference.types import CodeAmbiguous, CodeMissing

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
HEADING = "table,code,customs_code,ciq_code,name_zh,name_en,note,since,until\n"


def take_in(*lines: str, since: date | None = date(2020, 1, 1), **how: Any):
    raw = (HEADING + "\n".join(lines) + "\n").encode()
    return services.import_sheet(raw=raw, sheet="trial.csv", actor=SystemActor("测试"), at=AT, since=since, **how)


def codes_of(report) -> set[str]:
    return {problem.code for problem in report.problems}


def test_it_works():
    report = take_in("lane,A,1,11,绿色通道,Green lane,,,", "lane,B,2,12,红色通道,Red lane,,2021-06-01,")
    assert (report.rows, report.added, report.problems) == (2, 2, ())
    codes = selectors.load_codes(DAY)
    assert codes.name("lane", "A") == "绿色通道"
    assert codes.name("lane", "2", "en", generation=Generation.CUSTOMS) == "Red lane"
    assert not codes.has("lane", "B", date(2021, 5, 31))
    assert selectors.convert("lane", "12", Generation.CIQ, Generation.CUSTOMS, DAY) == "2"


def test_taking_the_same_sheet_in_again_changes_nothing():
    take_in("lane,A,1,11,绿色通道,,,,")
    again = take_in("lane,A,1,11,绿色通道,,,,")
    assert (again.added, again.unchanged, again.import_id) == (0, 1, None)


def test_a_new_meaning_from_a_later_day_leaves_the_old_one_its_days():
    take_in("lane,A,1,,绿色通道,,,,")
    report = take_in("lane,A,1,,快速通道,,,,", since=date(2024, 1, 1))
    assert (report.added, report.closed) == (1, 1)
    codes = selectors.load_codes(DAY)
    assert codes.name("lane", "A", "zh", date(2023, 12, 31)) == "绿色通道"
    assert codes.name("lane", "A", "zh", date(2024, 1, 1)) == "快速通道"
    again = take_in("lane,A,1,,绿色通道,,,,")
    assert (again.added, again.closed, again.problems) == (0, 0, ())


def test_a_contradiction_on_the_same_day_is_refused_unless_it_is_a_correction():
    take_in("lane,A,1,,绿色通道,,,,")
    refused = take_in("lane,A,1,,绿色通到,,,,", "lane,B,2,,红色通道,,,,")
    assert refused.is_refused and codes_of(refused) == {"REF-CONFLICT"}
    assert not selectors.load_codes(DAY).has("lane", "B")
    mended = take_in("lane,A,1,,绿道,,,,", may_correct=True)
    assert (mended.replaced, mended.added) == (1, 0)
    assert selectors.load_codes(DAY).name("lane", "A") == "绿道"


def test_an_earlier_day_never_overrules_a_later_row():
    take_in("lane,A,1,,绿色通道,,,,", since=date(2024, 1, 1))
    assert codes_of(take_in("lane,A,1,,快速通道,,,,", since=date(2020, 1, 1))) == {"REF-CONFLICT"}
    assert take_in("lane,A,1,,快速通道,,,2020-01-01,2024-01-01").added == 1


def test_a_code_that_a_new_list_lacks_ends_only_when_asked():
    take_in("lane,A,1,,绿色通道,,,,", "lane,B,2,,红色通道,,,,")
    take_in("lane,A,1,,绿色通道,,,,", since=date(2025, 1, 1))
    assert selectors.load_codes(DAY).has("lane", "B")
    take_in("lane,A,1,,绿色通道,,,,", since=date(2025, 1, 1), replaces_list=True)
    codes = selectors.load_codes(DAY)
    assert not codes.has("lane", "B") and codes.has("lane", "B", date(2024, 12, 31)) and codes.has("lane", "A")


def test_an_office_table_overrules_the_built_in_set_and_never_the_other_way_round():
    report = take_in("currency,CNY,142,156,人民币（元）,,,2018-08-01,")
    assert (report.replaced, report.added) == (1, 0)
    services.install_builtin_codes(actor=SystemActor("测试"), at=AT)
    assert selectors.load_codes(DAY).name("currency", "CNY") == "人民币（元）"


def test_a_code_with_two_meanings_is_kept_told_and_never_converted():
    report = take_in("lane,A,1,,绿色通道,,,,", "lane,A,9,,其他通道,,,,")
    assert not report.is_refused and codes_of(report) == {"REF-TWICE"}
    assert selectors.load_codes(DAY).name("lane", "A") == "绿色通道 / 其他通道"
    with pytest.raises(CodeAmbiguous) as refused:
        selectors.convert("lane", "A", Generation.CURRENT, Generation.CUSTOMS, DAY)
    assert refused.value.candidates == (("1", "绿色通道"), ("9", "其他通道"))
    assert selectors.convert("lane", "9", Generation.CUSTOMS, Generation.CURRENT, DAY) == "A"


def test_a_code_without_its_other_generation_is_missing():
    take_in("lane,A,,,绿色通道,,,,")
    with pytest.raises(CodeMissing):
        selectors.convert("lane", "A", Generation.CURRENT, Generation.CUSTOMS, DAY)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("lane,A,1,,绿色通道,,,", "REF-WIDTH"),
        ("lane,A,1,,绿色通道,,,,,,", "REF-WIDTH"),
        ("lane,,1,,绿色通道,,,,", "REF-CODE"),
        ("lane," + "A" * 41 + ",1,,绿色通道,,,,", "REF-CODE"),
        ("lane,A,1\x07,,绿色通道,,,,", "REF-CODE"),
        ("lane,A,1,,,,,,", "REF-NAME"),
        ("lane,A,1,," + "长" * 701 + ",,,,", "REF-NAME"),
        ("lane,A,1,,绿色通道,,,2020-13-01,", "REF-DATE"),
        ("lane,A,1,,绿色通道,,,2020-01-01,2020-01-01", "REF-PERIOD"),
        ("车道,A,1,,绿色通道,,,,", "REF-TABLE"),
        (",A,1,,绿色通道,,,,", "REF-TABLE"),
    ],
)
def test_a_row_that_cannot_be_taken_refuses_its_sheet_and_is_named(line, code):
    report = take_in("lane,B,2,,红色通道,,,,", line)
    assert report.is_refused
    assert [(problem.code, problem.pointer) for problem in report.problems] == [(code, "/3")]
    assert not selectors.load_codes(DAY).has("lane", "B")


def test_a_row_without_any_first_day_is_refused():
    assert codes_of(take_in("lane,A,1,,绿色通道,,,,", since=None)) == {"REF-SINCE"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "REF-LAYOUT"),
        (b"a,b\n1,2\n", "REF-LAYOUT"),
        (HEADING.encode() + b'lane,"A,1\n', "REF-CSV"),
        (HEADING.encode() + b"lane,A\x00,1,,x,,,,\n", "REF-BINARY"),
        (HEADING.encode() + b"\xff\xff\xff,A,1,,x,,,,\n", "REF-ENCODING"),
        (HEADING.encode() + b"lane,A,1,,x,,,,\n" * 1_100_000, "REF-SIZE"),
        (HEADING.encode() + b"lane,A,1,,x,,,2020-01-01,\n" * 100_001, "REF-SIZE"),
    ],
    ids=["empty", "heading", "quote", "nul", "encoding", "bytes", "rows"],
)
def test_a_file_that_is_no_sheet_is_refused(raw, code):
    report = services.import_sheet(raw=raw, sheet="trial.csv", actor=SystemActor("测试"), at=AT)
    assert report.is_refused and codes_of(report) == {code}


def test_gb18030_and_a_byte_order_mark_are_read():
    text = HEADING + "lane,A,1,,绿色通道,,,2020-01-01,\n"
    for raw in (text.encode("gb18030"), text.encode("utf-8-sig")):
        assert not services.import_sheet(raw=raw, sheet="t.csv", actor=SystemActor("测试"), at=AT).problems


def test_known_sheets_are_told_by_their_heading_too():
    report = services.import_sheet(raw=b"x,y\n1,2\n", sheet="country.csv", actor=SystemActor("测试"), at=AT)
    assert codes_of(report) == {"REF-HEADING"}


def test_one_refused_sheet_stops_no_other(tmp_path):
    (tmp_path / "a.csv").write_text(HEADING + "lane,,1,,绿色通道,,,,\n")
    (tmp_path / "b.csv").write_text(HEADING + "lane,B,2,,红色通道,,,2020-01-01,\n")
    first, second = services.import_folder(folder=tmp_path, actor=SystemActor("测试"), at=AT)
    assert first.is_refused and second.added == 1


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("CNY", "CNY"),
        ("人民", "CNY"),
        ("renmin", "CNY"),
        ("rmb", "CNY"),
        ("US d", "USD"),
        ("my", "MYR"),
        ("meiy", "USD"),
        ("xilan", "NZD"),
        ("港", "HKD"),
    ],
)
def test_a_picker_finds_by_code_name_pinyin_and_initials(typed, first):
    assert selectors.find_codes("currency", typed, on_date=DAY)[0].code == first


def test_a_picker_gives_the_generation_that_is_asked(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = selectors.find_codes("currency", "rmb", on_date=DAY, generation=Generation.CUSTOMS)
    assert [(choice.code, choice.name_zh) for choice in found] == [("142", "人民币")]
    assert selectors.find_codes("currency", "", on_date=DAY, limit=5)[4]
    assert selectors.find_codes("currency", "%", on_date=DAY) == []
    assert selectors.find_codes("wrap_type", "托盘", on_date=DAY, generation=Generation.CUSTOMS) == []


def test_a_sheet_without_a_column_leaves_what_stands_there():
    raw = "代码,中文名称,原报关代码,原报检代码,原报检中文名称\n5,航空运输,5,4,航空运输\n2,水运,2,1,水路运输\n"
    report = services.import_sheet(raw=raw.encode(), sheet="transport_mode.csv", actor=SystemActor("测试"), at=AT)
    assert (report.unchanged, report.replaced, report.added) == (1, 1, 0)
    codes = selectors.load_codes(DAY)
    assert codes.name("transport_mode", "5", "en") == "Air"
    assert (codes.name("transport_mode", "2"), codes.name("transport_mode", "2", "en")) == ("水运", "Waterway")
