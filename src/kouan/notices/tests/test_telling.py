"""Telling: each committed event once to each organisation that it concerns and wants it, none lost."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.notices import selectors
from kouan.notices.codes import Scope
from kouan.notices.factories import CALLED, WHISPERED, happen, make_endpoint, make_thing
from kouan.notices.models import Dispatch, Follow, Notice, Progress, UntoldEvent
from kouan.notices.services import telling
from kouan.notices.services.choosing import choose, follow, read_all, read_notice
from kouan.notices.services.telling import tell_events
from kouan.workflow import selectors as workflow
from kouan.workflow.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.service]

AT = timezone.now()


def tell_all() -> int:
    done = 0
    while step := tell_events(at=timezone.now()):
        done += step
    return done


def numbers_of(user) -> list[str]:
    fresh = type(user).objects.get(pk=user.pk)
    return [notice.number for notice in selectors.list_notices(fresh).order_by("pk")]


def test_it_works():
    trader, other = make_user(), make_user()
    thing = make_thing([trader.organisation_id], number="T-7")
    happen(thing, "call", at=AT)
    assert tell_all() == 1
    assert numbers_of(trader) == ["T-7"]
    assert numbers_of(other) == []
    assert selectors.count_unread(trader) == 1


def test_telling_again_tells_nothing_twice():
    trader = make_user()
    happen(make_thing([trader.organisation_id]), "call", "call", at=AT)
    assert tell_all() == 2
    assert tell_all() == 0
    assert Notice.objects.count() == 2
    Progress.objects.update(last_event_id="00000000-0000-0000-0000-000000000000")
    assert tell_all() == 2
    assert Notice.objects.count() == 2, "the row of an organisation and an event is unique"


def test_what_nobody_wants_is_not_kept():
    trader = make_user()
    happen(make_thing([trader.organisation_id]), "whisper", at=AT)
    tell_all()
    assert not Notice.objects.exists()


def test_a_chosen_topic_is_told_and_one_that_was_taken_away_is_not():
    trader = make_user()
    choose(user=trader, topics=[WHISPERED.key], scope=Scope.ALL, at=AT)
    happen(make_thing([trader.organisation_id]), "whisper", "call", at=AT)
    tell_all()
    assert [notice.topic for notice in selectors.list_notices(trader)] == [WHISPERED.key]


def test_the_organisations_choice_holds_for_those_who_did_not_choose():
    one = make_user()
    colleague = make_user(organisation=one.organisation)
    choose(user=one, topics=[WHISPERED.key], scope=Scope.ALL, at=AT, for_organisation=True)
    choose(user=colleague, topics=[CALLED.key], scope=Scope.ALL, at=AT)
    happen(make_thing([one.organisation_id]), "whisper", "call", at=AT)
    tell_all()
    assert [notice.topic for notice in selectors.list_notices(one)] == [WHISPERED.key]
    assert [notice.topic for notice in selectors.list_notices(colleague)] == [CALLED.key]


def test_only_declared_cases_or_only_followed_ones():
    trader = make_user()
    mine = make_thing([trader.organisation_id], declarers=[trader.organisation_id], number="MINE")
    seen = make_thing([trader.organisation_id], number="SEEN")
    followed = make_thing([trader.organisation_id], number="FOLLOWED")
    follow(user=trader, subject_id=followed.id, at=AT)
    for thing in (mine, seen, followed):
        happen(thing, "call", "whisper", at=AT)
    tell_all()
    assert numbers_of(trader) == ["MINE", "SEEN", "FOLLOWED", "FOLLOWED"], "a followed case with all its topics"
    choose(user=trader, topics=[CALLED.key], scope=Scope.DECLARED, at=AT)
    assert numbers_of(trader) == ["MINE", "FOLLOWED", "FOLLOWED"]
    choose(user=trader, topics=[CALLED.key], scope=Scope.FOLLOWED, at=AT)
    assert numbers_of(trader) == ["FOLLOWED", "FOLLOWED"]
    assert Follow.objects.count() == 1


def test_an_agent_is_told_of_clients_while_the_delegation_holds_and_once_where_both_are_parties():
    client, agent = make_organisation(), make_user(organisation=make_organisation("agent"))
    delegation = make_delegation(client=client, agent=agent.organisation)
    happen(make_thing([client.pk], number="CLIENT"), "call", at=AT)
    happen(make_thing([client.pk, agent.organisation_id], number="BOTH"), "call", at=AT)
    tell_all()
    assert numbers_of(agent) == ["CLIENT", "BOTH"]
    delegation.until = timezone.now()
    delegation.save()
    assert numbers_of(agent) == ["BOTH"]


def test_reading_one_and_reading_all():
    trader = make_user()
    colleague = make_user(organisation=trader.organisation)
    happen(make_thing([trader.organisation_id]), "call", "call", "call", at=AT)
    tell_all()
    read_notice(user=trader, pk=Notice.objects.order_by("pk")[0].pk)
    assert selectors.count_unread(trader) == 2
    read_all(user=trader)
    assert selectors.count_unread(trader) == 0
    assert selectors.count_unread(colleague) == 3, "what one has read, a colleague has not"
    happen(make_thing([trader.organisation_id]), "call", at=AT)
    tell_all()
    assert selectors.count_unread(trader) == 1


def test_an_event_that_cannot_be_told_is_set_aside_and_its_neighbours_are_told(monkeypatch):
    trader = make_user()
    good, bad = make_thing([trader.organisation_id], number="GOOD"), make_thing([], number="BAD")
    write = telling.to_tellings

    def fail_at_the_bad(events):
        if any(event.subject_id == bad.id for event in events):
            raise ValueError("poison")
        return write(events)

    monkeypatch.setattr(telling, "to_tellings", fail_at_the_bad)
    for thing in (good, bad, good):
        happen(thing, "call", at=AT)
    assert tell_all() == 3
    assert numbers_of(trader) == ["GOOD", "GOOD"]
    [untold] = UntoldEvent.objects.all()
    assert Event.objects.get(pk=untold.pk).subject_id == bad.id
    admin = make_user(Role.SYSTEM_ADMIN)
    with pytest.raises(ValueError, match="poison"):
        telling.tell_again(user=admin, at=AT)
    with pytest.raises(NotAllowed):
        telling.tell_again(user=trader, at=AT)
    monkeypatch.setattr(telling, "to_tellings", write)
    assert telling.tell_again(user=admin, at=AT) == 1
    assert not UntoldEvent.objects.exists()


def test_endpoints_get_their_topics_and_a_full_line_is_kept_aside(monkeypatch):
    monkeypatch.setattr(telling, "MOST_WAITING", 2)
    firm = make_organisation()
    make_endpoint(firm.pk, at=AT, topics=[WHISPERED.key])
    make_endpoint(firm.pk, at=AT, is_active=False)
    make_endpoint(firm.pk, at=AT, scope=Scope.DECLARED)
    thing = make_thing([firm.pk])
    happen(thing, "whisper", "call", "whisper", at=AT)
    tell_all()
    assert Dispatch.objects.filter(state="waiting").count() == 2
    happen(thing, "whisper", at=AT)
    tell_all()
    assert [row.error for row in Dispatch.objects.filter(state="dead")] == [telling.OVERFLOW]
    assert "T-1" in Dispatch.objects.earliest("pk").body


def test_the_bell_asks_a_bounded_number_of_questions(django_assert_max_num_queries):
    trader = make_user()
    happen(make_thing([trader.organisation_id]), *["call"] * 30, at=AT)
    tell_all()
    with django_assert_max_num_queries(4):
        assert selectors.count_unread(trader) == 30


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_missed(monkeypatch):
    """Two writers: the one whose event has the smaller id commits last."""
    monkeypatch.setattr(workflow, "CLOCKS_DIFFER_BY", timedelta())
    Progress.objects.get_or_create(pk=1)
    trader = make_user()
    early, late = (make_thing([trader.organisation_id], number=name) for name in ("EARLY", "LATE"))
    written, may_commit = threading.Event(), threading.Event()

    def write_and_wait():
        with transaction.atomic():
            happen(early, "call", at=AT)
            written.set()
            may_commit.wait(20)
        connection.close()

    writer = threading.Thread(target=write_and_wait)
    writer.start()
    written.wait(20)
    happen(late, "call", at=AT)
    assert tell_all() == 0, "nothing is settled while an older writer is at work"
    may_commit.set()
    writer.join()
    told = 0
    while told < 2:  # an event of this very millisecond is not settled yet
        told += tell_all()
    assert numbers_of(trader) == ["EARLY", "LATE"]
