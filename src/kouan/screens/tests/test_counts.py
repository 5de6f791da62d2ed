"""Counts of the frame are kept for seconds, and made anew after the person acted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory

from kouan.screens import counts

PERSON = SimpleNamespace(pk="7f0c")


@pytest.fixture(autouse=True)
def seconds(settings):
    settings.KOUAN_COUNT_SECONDS = 60
    cache.clear()
    yield
    cache.clear()


class Waiting:
    """Counts how often it is asked, and answers one more each time."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def __call__(self, user):
        return self.answers.pop(0)


def test_a_count_is_asked_once():
    waiting = Waiting(3, 4)
    assert [counts.count_for(PERSON, "drafts", waiting) for _ in range(3)] == [3, 3, 3]
    assert counts.count_for(SimpleNamespace(pk="8a11"), "drafts", waiting) == 4


def test_nothing_waiting_is_kept_too():
    waiting = Waiting(None)
    assert [counts.count_for(PERSON, "drafts", waiting) for _ in range(2)] == [None, None]


def test_after_an_act_it_is_asked_again(rf: RequestFactory, settings):
    waiting = Waiting(3, 2)
    assert counts.count_for(PERSON, "drafts", waiting) == 3
    act = rf.post("/drafts/")
    act.COOKIES[settings.SESSION_COOKIE_NAME] = "a session"
    answer = counts.ActedMiddleware(lambda request: HttpResponse())(act)
    following = rf.get("/")
    following.COOKIES.update({name: morsel.value for name, morsel in answer.cookies.items()})
    assert counts.count_for(PERSON, "drafts", waiting, since=counts.acted_at(following)) == 2
    assert counts.count_for(PERSON, "drafts", waiting, since=counts.acted_at(following)) == 2


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_is_no_act(rf: RequestFactory, settings, method):
    request = getattr(rf, method)("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "a session"
    assert not counts.ActedMiddleware(lambda _: HttpResponse())(request).cookies


def test_machines_get_no_cookie(rf: RequestFactory):
    assert not counts.ActedMiddleware(lambda _: HttpResponse())(rf.post("/api/v1/messages")).cookies


@pytest.mark.parametrize("value", ["", "soon", "nan", "1e400"])
def test_a_cookie_that_somebody_wrote_harms_nobody(rf: RequestFactory, value):
    request = rf.get("/")
    request.COOKIES["acted_at"] = value
    waiting = Waiting(1, 1)
    assert counts.count_for(PERSON, "drafts", waiting, since=counts.acted_at(request)) == 1
