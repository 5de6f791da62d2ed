"""A new version of a table: read from a file, checked, approved, and standing from its day on."""

from datetime import UTC, date, datetime

import pytest

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.audit.types import Actor, SystemActor
from kouan.decisions import selectors
from kouan.decisions.reading import read_table_file
from kouan.decisions.services import versions as services
from kouan.decisions.types import NoVersionInForce, TableNotAcceptable, TableUnknown

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACTOR = SystemActor("测试")

FILE = """
key: trial
name: {zh: 试验, en: Trial}
since: 2026-12-01
source: 测试
policy: first
inputs:
  - {name: mode, type: string, zh: 方式, en: Mode}
  - {name: weight, type: number, zh: 重量, en: Weight}
outputs:
  - {name: lane, type: string, zh: 通道, en: Lane, choices: [red, green]}
rows:
  - {id: heavy, when: {weight: "> 30"}, then: {lane: red}}
  - {id: rest, then: {lane: green}}
"""


def load(text: str = FILE, actor: Actor = ACTOR):
    return services.load_table(actor=actor, at=AT, raw=text.encode())


def approve(number: int, at: datetime = AT, actor: Actor = ACTOR):
    return services.approve_version(actor=actor, at=at, key="trial", number=number)


@pytest.mark.django_db
def test_it_works():
    version = load()
    assert (version.number, version.state) == (1, "draft")
    with pytest.raises(NoVersionInForce):
        selectors.evaluate("trial", {"mode": "", "weight": 31}, date(2026, 12, 1))
    approve(1)
    assert selectors.evaluate("trial", {"mode": "", "weight": 31}, date(2026, 12, 1)).outputs["lane"] == "red"
    with pytest.raises(NoVersionInForce):
        selectors.evaluate("trial", {"mode": "", "weight": 31}, date(2026, 11, 30))


@pytest.mark.django_db
def test_a_later_version_decides_from_its_day_and_the_earlier_one_can_be_replayed():
    load()
    approve(1)
    load(FILE.replace("2026-12-01", "2027-01-01").replace("> 30", "> 10"))
    approve(2)
    case = {"mode": "", "weight": 20}
    assert selectors.evaluate("trial", case, date(2026, 12, 31)).outputs["lane"] == "green"
    later = selectors.evaluate("trial", case, date(2027, 1, 1))
    assert (later.version, later.outputs["lane"]) == (2, "red")
    assert selectors.evaluate_version("trial", 1, case).outputs["lane"] == "green"
    with pytest.raises(TableUnknown):
        selectors.evaluate_version("trial", 3, case)


@pytest.mark.django_db
def test_loading_the_same_file_again_keeps_the_version():
    assert load().pk == load().pk


@pytest.mark.django_db
def test_a_version_cannot_begin_before_it_is_approved_once_another_stands():
    load()
    approve(1)
    load(FILE.replace("2026-12-01", "2026-11-01").replace("> 30", "> 10"))
    with pytest.raises(services.SinceInThePast):
        approve(2)


@pytest.mark.django_db
def test_two_versions_cannot_begin_on_one_day():
    load()
    approve(1)
    load(FILE.replace("> 30", "> 10"))
    with pytest.raises(services.SinceTaken):
        approve(2)


@pytest.mark.django_db
def test_who_drew_it_up_does_not_approve_it():
    author = make_user(Role.PORT_OFFICE_CLERK)
    load(actor=author)
    with pytest.raises(services.ApprovedByItsAuthor):
        approve(1, actor=author)
    assert approve(1).state == "active"


@pytest.mark.django_db
def test_what_is_active_or_discarded_stays_so():
    load()
    services.discard_version(actor=ACTOR, at=AT, key="trial", number=1)
    for act in (services.approve_version, services.discard_version):
        with pytest.raises(services.NotADraft):
            act(actor=ACTOR, at=AT, key="trial", number=1)
    assert load().number == 2
    approve(2)
    with pytest.raises(services.NotADraft):
        services.discard_version(actor=ACTOR, at=AT, key="trial", number=2)


@pytest.mark.django_db
def test_the_built_in_table_is_installed_once_and_left_alone():
    assert services.install_builtin_tables(actor=ACTOR, at=AT) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "instead", "pointer"),
    [
        ('"> 30"', '"> 3O"', "/rows/heavy/when/weight"),
        ('"> 30"', '"[[ 1 .."', "/rows/heavy/when/weight"),
        ("then: {lane: red}", "then: {lane: amber}", "/rows/heavy/then/lane"),
        ("then: {lane: red}", "then: {lane: 3}", "/rows/heavy/then/lane"),
        ("then: {lane: red}", "then: {road: red}", "/rows/heavy/then/road"),
        ("when: {weight:", "when: {width:", "/rows/heavy/when/width"),
        ("id: rest, then", 'id: rest, when: {weight: "> 1"}, then', "/rows/rest"),
        ("id: rest", "id: heavy", "/rows/heavy"),
        ("name: weight", "name: len", "/inputs/len"),
        ("name: weight", "name: mode", "/inputs/mode"),
    ],
)
def test_a_mistake_is_refused_and_its_cell_named(written, instead, pointer):
    with pytest.raises(TableNotAcceptable) as refused:
        load(FILE.replace(written, instead, 1))
    assert pointer in [problem.pointer for problem in refused.value.problems]


BOMB = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "key: [",
        "just words",
        BOMB,
        "\x00",
        FILE.replace("policy: first", "policy: last"),
        FILE.replace("since: 2026-12-01", "since: soon"),
        FILE.replace("type: number", "type: money"),
        FILE.replace("key: trial", "key: Trial Table"),
        FILE.replace('"> 30"', "30"),
        FILE.replace("source: 测试", ""),
        FILE.replace("rows:", "lines:"),
        FILE + "more: 1\n",
        "[" * 5000,
        "x: " + "a" * 1_000_001,
    ],
)
def test_what_is_no_table_is_refused(text):
    with pytest.raises(TableNotAcceptable) as refused:
        read_table_file(text.encode())
    assert refused.value.problems[0].zh and refused.value.problems[0].en


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(TableNotAcceptable):
        read_table_file(b"\xff\xfe\x00key")
