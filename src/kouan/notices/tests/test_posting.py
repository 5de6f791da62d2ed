"""Posting over real connections: order, what each answer means, and that nothing goes where it may not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from kouan.kernel.identifiers import uuid7
from kouan.notices.addresses import to_networks
from kouan.notices.services import posting
from kouan.notices.services.posting import Gate, Item, Line, Outcome, Poster
from kouan.notices.signing import sign
from kouan.notices.tests.loops import run_alone
from kouan.notices.tests.receiver import receiver

SECRETS = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
HERE = ["127.0.0.0/8"]


def post(url: str, bodies: Sequence[bytes] = (b"{}",), allowed: Sequence[str] = HERE) -> tuple[Outcome, list[Item]]:
    items = [Item(uuid7(), uuid7(), body) for body in bodies]

    async def run() -> Outcome:
        gate = Gate(to_networks(allowed))
        outcome = await Poster(gate).post_line(Line(uuid7(), url, SECRETS, items))
        gate.close()
        return outcome

    return run_alone(run()), items


def test_it_works():
    with receiver() as (url, came):
        outcome, items = post(f"{url}/hook", [b'{"n":1}', b'{"n":2}'])
    assert outcome.delivered == [item.id for item in items] and not outcome.outage
    assert [body for _, _, body in came] == [b'{"n":1}', b'{"n":2}']
    for (path, headers, body), item in zip(came, items, strict=True):
        assert (path, headers["webhook-id"]) == ("/hook", str(item.event_id))
        timestamp = int(headers["webhook-timestamp"])
        signature = sign(SECRETS[0], message_id=str(item.event_id), timestamp=timestamp, body=body)
        assert headers["webhook-signature"] == signature


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_an_event_that_is_refused_lets_the_next_go_on(status):
    with receiver(lambda path, headers, body: (status if body == b"1" else 200, {})) as (url, came):
        outcome, items = post(url, [b"1", b"2"])
    assert outcome.refused == [(items[0].id, f"HTTP {status}")]
    assert outcome.delivered == [items[1].id] and len(came) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 403, 404, 408, 429, 500, 502, 503])
def test_an_endpoint_that_fails_ends_the_line(status):
    more = {"Location": "http://127.0.0.1:1/elsewhere", "Retry-After": "7"}
    with receiver(lambda path, headers, body: (status, more)) as (url, came):
        outcome, _ = post(url, [b"1", b"2"])
    assert outcome.outage == f"HTTP {status}" and outcome.retry_after == 7
    assert len(came) == 1, "neither the next event nor a redirect was tried"


def test_a_connection_that_the_endpoint_closes_after_each_answer_is_opened_anew():
    with receiver(lambda path, headers, body: (200, {"Connection": "close"})) as (url, came):
        outcome, items = post(url, [b"1", b"2", b"3"])
    assert outcome.delivered == [item.id for item in items] and len(came) == 3


def test_gone_is_said():
    with receiver(lambda path, headers, body: (410, {})) as (url, _came):
        assert post(url)[0].is_gone


def test_nobody_there_and_no_such_name():
    assert post("http://127.0.0.1:1/")[0].outage
    assert "name" in post("http://no-such-name.invalid/")[0].outage


def test_a_slow_endpoint_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.2)
    with receiver(lambda path, headers, body: asyncio.run(asyncio.sleep(1)) or (200, {})) as (url, _came):
        assert "no answer" in post(url)[0].outage


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
def test_an_address_inside_is_refused_at_the_connection(host):
    with receiver() as (url, came):
        outcome, _ = post(url.replace("127.0.0.1", host), allowed=[])
    assert "inside" in outcome.outage and came == []


def test_a_name_that_answers_differently_the_second_time_gains_nothing(monkeypatch):
    """DNS rebinding: judged and connected to is the same number, asked for once a connection."""
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    monkeypatch.setattr(posting, "resolve", resolve)
    with receiver() as (url, came):
        port = url.rpartition(":")[2]
        outcome, _ = post(f"http://rebinding.example:{port}/", allowed=["127.0.0.1/32"])
        assert outcome.delivered and len(asked) == 1 and came[0][1]["host"] == f"rebinding.example:{port}"
        outcome, _ = post(f"http://rebinding.example:{port}/", allowed=["127.0.0.1/32"])
    assert "inside" in outcome.outage and len(came) == 1
