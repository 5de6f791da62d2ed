"""What a draft of the routing table would have said of cases that were decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.clearance.services.routing import _context
from kouan.clearance.tests.test_pipeline import channels, work  # noqa: F401 - a fixture
from kouan.decisions import selectors
from kouan.decisions.engine import CompiledTable
from kouan.decisions.services.editing import begin_version, save_version
from kouan.decisions.services.replaying import ask_replay, run_replay
from kouan.decisions.types import Row, Seen, TableContent, ValueType
from kouan.declarations.factories import send
from kouan.declarations.facts import lock_cases
from kouan.declarations.models import Case
from kouan.declarations.replays import COLUMNS, group_decided
from kouan.gateway.standards.ceb.generate import parcels

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def decided(channels):  # noqa: F811
    send(channels, parcels(40, at=AT, seed=5), at=AT)
    work(AT)
    assert Case.objects.filter(routed_version=1).count() == 40
    return Case.objects.all()


def groups(seen):
    return list(group_decided(seen, AT - timedelta(days=1), AT + timedelta(days=1)))


def test_a_group_says_of_every_case_what_routing_saw(decided):
    """The oracle is the context that routing itself makes of a case."""
    numbers = {"gross_weight_kg", "total_value_cny"}
    found = Counter()
    for group in groups([Seen(name) for name in COLUMNS]):
        found[tuple(sorted((name, str(value)) for name, value in group.context.items()))] += group.count
    wanted = Counter()
    for case in lock_cases([case.pk for case in decided]):
        context = _context(case)
        wanted[tuple(sorted((name, str(context[name])) for name in COLUMNS))] += 1
    assert found == wanted and set(COLUMNS) >= numbers


@pytest.mark.parametrize("limits", [(100.0,), (50.0, 100.0, 400.0), ()])
def test_numbers_are_grouped_by_their_place_among_limits(decided, limits):
    found = {group.context["total_value_cny"]: group.count for group in groups([Seen("total_value_cny", limits)])}
    values = [float(case.total_value) for case in decided]

    def place(value):
        return sum(limit <= value for limit in limits), value in limits

    assert sorted(found.values()) == sorted(Counter(map(place, values)).values())
    assert {place(value) for value in found} == {place(value) for value in values}


def editing(rows):
    actor = make_user(Role.PORT_OFFICE_CLERK)
    version = begin_version(actor=actor, at=AT, key="parcel_routing", number=1)
    content = TableContent.from_json(version.content)
    problems = save_version(
        actor=actor, at=AT, key="parcel_routing", number=version.number, digest=version.digest, since=version.since,
        source="试", rows=rows(content.rows),
    )  # fmt: skip
    assert not [problem for problem in problems if problem.is_error]
    return actor, version.number


def run(actor, number):
    asked = ask_replay(actor=actor, at=AT + timedelta(minutes=1), key="parcel_routing", number=number, months=1)
    return run_replay(replay_id=asked.pk, at=AT + timedelta(minutes=2)).result


def test_the_same_table_changes_nothing(decided):
    result = run(*editing(lambda rows: rows))
    assert (result["cases"], result["changed"], result["undecided"], result["changes"]) == (40, 0, 0, {})


def test_a_replay_counts_what_deciding_each_case_anew_gives(decided):
    def rows(before):
        heavy = Row("over_trial", {"gross_weight_kg": "> 1.5"}, {"agencies": "police"}, "重件", "heavy")
        return (heavy, *before[:-1][2:], before[-1])

    actor, number = editing(rows)
    result = run(actor, number)
    old = CompiledTable("t", 1, TableContent.from_json(selectors.get_version("parcel_routing", 1).content))
    new = CompiledTable("t", 2, TableContent.from_json(selectors.get_version("parcel_routing", number).content))
    changed, fired = 0, Counter()
    for case in lock_cases([case.pk for case in decided]):
        then, now = old.decide(_context(case)), new.decide(_context(case))
        fired.update(now.rows)
        changed += any(set_of(then.outputs[name]) != set_of(now.outputs[name]) for name in now.outputs)
    assert 0 < changed < 40
    assert (result["changed"], result["rows"]) == (changed, dict(fired))
    kinds = [kind for found in result["changes"].values() for kind in found]
    assert Case.objects.filter(pk__in=[kind["newest"] for kind in kinds]).exists()


def set_of(value):
    return set(value) if isinstance(value, tuple | list) else value


def test_cases_outside_the_time_and_not_routed_stay_out(decided):
    assert not list(group_decided([], AT - timedelta(days=2), AT - timedelta(days=1)))
    Case.objects.update(routed_version=0)
    assert not groups([])


def test_what_the_table_asks_is_known():
    content = TableContent.from_json(selectors.get_version("parcel_routing", 1).content)
    assert {column.name for column in content.inputs} == set(COLUMNS)
    assert all(replace(column).type in ValueType for column in content.inputs)
