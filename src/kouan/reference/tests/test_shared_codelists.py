"""The published code lists beside the project (../shared), taken in whole: crosswalk, ambiguity, idempotence, speed."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import transaction

from kouan.audit.types import SystemActor
from kouan.reference import selectors, services
from kouan.reference.codes import Generation
from kouan.reference.reading import known_layouts
from kouan.reference.types import CodeAmbiguous, CodeMissing

FOLDER = Path(__file__).parents[5] / "shared" / "domain" / "codelists"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
CURRENT, CUSTOMS, CIQ = Generation.CURRENT, Generation.CUSTOMS, Generation.CIQ

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="no ../shared/domain/codelists beside the project"),
]


@pytest.fixture(scope="module")
def reports(django_db_setup, django_db_blocker):
    """The lists taken in once for all tests of this module, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield services.import_folder(folder=FOLDER, actor=SystemActor("测试"), at=AT)
        transaction.set_rollback(True)


def test_it_works(reports):
    assert {report.sheet for report in reports} == {path.name for path in FOLDER.glob("*.csv")}
    assert not [(report.sheet, report.problems) for report in reports if report.is_refused]
    codes = selectors.load_codes(DAY)
    for layout in known_layouts().values():
        if not layout.table_column:
            with open(FOLDER / layout.file, encoding="utf-8", newline="") as handle:
                for row in csv.DictReader(handle):
                    assert codes.has(layout.table, row[layout.columns["code"]]), (layout.table, row)


def test_what_the_official_lists_say_twice_is_told(reports):
    told = {(report.sheet, problem.pointer) for report in reports for problem in report.problems}
    assert {sheet for sheet, _pointer in told} == {
        "ceb_error_codes_202205.csv",
        "country.csv",
        "manifest_road_codes.csv",
        "port.csv",
    }
    assert all(problem.severity == "warning" for report in reports for problem in report.problems)


def test_the_crosswalk_agrees_with_the_sheet_row_by_row(reports):
    """Every conversion of a sheet with three generations, against a plain reading of the sheet itself."""
    codes = selectors.load_codes(DAY)
    for file in ("country.csv", "currency.csv", "package_type.csv", "port.csv", "transport_mode.csv"):
        layout = known_layouts()[file]
        with open(FOLDER / file, encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        columns = {CURRENT: "code", CUSTOMS: "customs_code", CIQ: "ciq_code"}
        for source in Generation:
            for target in Generation:
                means: dict[str, set[str]] = {}
                for row in rows:
                    found = means.setdefault(row[layout.columns[columns[source]]], set())
                    found.add(row[layout.columns[columns[target]]])
                for value, expected in means.items():
                    assert said(codes, layout.table, value, source, target) == (
                        expected if len(expected) == 1 else None
                    )


def said(codes, table, value, source, target):
    try:
        return {codes.convert(table, value, source, target)}
    except CodeAmbiguous as ambiguous:
        assert len(ambiguous.candidates) > 1
        return None


@pytest.mark.parametrize(
    ("table", "value", "source", "target", "expected"),
    [
        ("currency", "142", CUSTOMS, CURRENT, "CNY"),
        ("currency", "CNY", CURRENT, CIQ, "156"),
        ("country", "116", CUSTOMS, CURRENT, "JPN"),
        ("country", "USA", CURRENT, CUSTOMS, "502"),
        ("country", "244", CUSTOMS, CURRENT, "ZAF"),
        ("wrap_type", "22", CURRENT, CUSTOMS, "2"),
        ("container_type", "12", CURRENT, CUSTOMS, "L"),
    ],
)
def test_known_conversions(reports, table, value, source, target, expected):
    assert selectors.convert(table, value, source, target, DAY) == expected


@pytest.mark.parametrize(
    ("table", "value", "source", "target"),
    [
        ("country", "ZAF", CURRENT, CUSTOMS),  # South Africa, and "Africa other": the official list says both
        ("country", "699", CUSTOMS, CURRENT),
        ("wrap_type", "7", CUSTOMS, CURRENT),
        ("transport_mode", "9", CUSTOMS, CURRENT),
        ("container_type", "L", CUSTOMS, CURRENT),
    ],
)
def test_what_is_ambiguous_is_refused(reports, table, value, source, target):
    with pytest.raises(CodeAmbiguous):
        selectors.convert(table, value, source, target, DAY)


def test_what_is_missing_is_refused(reports):
    for table, value in (("country", "000"), ("nothing", "142"), ("currency", "304")):
        with pytest.raises(CodeMissing):
            selectors.convert(table, value, CUSTOMS, CURRENT, DAY)
    with pytest.raises(CodeMissing):
        selectors.convert("currency", "142", CUSTOMS, CURRENT, date(2018, 7, 31))


def test_taking_them_in_again_changes_nothing(reports):
    again = services.import_folder(folder=FOLDER, actor=SystemActor("测试"), at=AT)
    assert [(report.sheet, report.added, report.replaced, report.closed) for report in again] == [
        (report.sheet, 0, 0, 0) for report in reports
    ]
    assert all(report.import_id is None for report in again)


def test_the_whole_lists_now_refuse_what_they_do_not_hold(reports):
    codes = selectors.load_codes(DAY)
    assert codes.may_refuse("country", "XYZ") and not codes.may_refuse("country", "JPN")
    assert codes.may_refuse("unit", "999", generation=CUSTOMS) and not codes.may_refuse("unit", "035")


def test_an_error_code_with_two_texts_says_both(reports):
    assert " / " in (selectors.load_codes(DAY).name("ceb_error", "-621027") or "")


def test_the_tables_are_read_once_for_many_questions(reports, django_assert_num_queries):
    selectors.load_codes(DAY)
    with django_assert_num_queries(1):
        codes = selectors.load_codes(date(2026, 1, 1))
        assert codes.has("country", "JPN") and codes.name("port", "CHN290")
