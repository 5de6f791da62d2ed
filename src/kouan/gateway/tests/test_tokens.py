"""Tokens of machines: what they cover, how long, how one takes the place of another, and what their use costs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.audit.models import AuditEntry
from kouan.audit.types import SystemActor
from kouan.gateway.codes import Carrier, Scope, TokenState
from kouan.gateway.models import Message, Token
from kouan.gateway.monitoring import WARNED_BEFORE, list_tokens
from kouan.gateway.rules import TheTokenDoesNotFit
from kouan.gateway.services import tokens
from kouan.gateway.services.connections import close_connection, open_connection
from kouan.gateway.services.tokens import MOST_TOKENS, Terms, issue_token, issue_token_for, replace_token, revoke_token
from kouan.gateway.standards.dxp.codec import wrap
from kouan.gateway.standards.dxp.types import Message as Envelope
from kouan.gateway.standards.dxp.types import TransferInfo
from kouan.notices.services.telling import to_tellings
from kouan.workflow.models import Event

pytestmark = pytest.mark.django_db
ACTOR = SystemActor("测试")
CEB = '<ceb:CEB{kind}Message guid="{guid}" xmlns:ceb="http://www.chinaport.gov.cn/ceb"></ceb:CEB{kind}Message>'


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def manager():
    return make_user(Role.FIRM_MANAGER, organisation=make_organisation("agent"))


@pytest.fixture
def channel(manager):
    return open_connection(
        actor=ACTOR,
        organisation_id=manager.organisation_id,
        name="甲",
        carrier=Carrier.HTTP,
        at=timezone.now(),
        cop_code="4201960001",
    )


def send(client, token: str, kind: str = "621", guid: str = "1"):
    body = CEB.format(kind=kind, guid=guid)
    return client.post("/api/v1/messages", body, "application/xml", headers={"Authorization": f"Bearer {token}"})


def fetch(client, token: str):
    return client.get("/api/v1/receipts", headers={"Authorization": f"Bearer {token}"})


def issue(channel, *, at: datetime | None = None, **terms) -> str:
    return issue_token(actor=ACTOR, connection_id=channel.pk, at=at or timezone.now(), terms=Terms(**terms))


def problem_of(answer) -> dict:
    [problem] = answer.json()["problems"]
    return problem


def test_a_token_opens_what_it_covers_and_the_refusal_names_what_is_missing(client, channel):
    token = issue(channel, scopes=[Scope.FETCH])
    assert fetch(client, token).status_code == 200
    refused = send(client, token)
    assert refused.status_code == 403
    problem = problem_of(refused)
    assert problem["code"] == "-983026" and "send" in problem["zh"] and "send" in problem["en"]
    assert not Message.objects.exists()


@pytest.mark.parametrize(("path", "scope"), [("/api/v1/cases?number=1", Scope.LOOK), ("/api/v1/receipts", Scope.FETCH)])
def test_each_operation_asks_for_its_own_scope(client, channel, path, scope):
    for given in (Scope.SEND, Scope.FETCH, Scope.LOOK):
        headers = {"Authorization": f"Bearer {issue(channel, scopes=[given])}"}
        assert client.get(path, headers=headers).status_code == (200 if given == scope else 403)


def test_an_ended_token_says_since_when(client, channel):
    at = timezone.now()
    token = issue(channel, at=at - timedelta(days=2), until=at - timedelta(days=1))
    refused = send(client, token)
    assert refused.status_code == 401
    problem = problem_of(refused)
    ended = timezone.localtime(at - timedelta(days=1)).isoformat(timespec="seconds")
    assert problem["code"] == "-983025" and ended in problem["zh"] and ended in problem["en"]


def test_a_token_ends_while_it_is_remembered(client, channel, monkeypatch):
    at = timezone.now()
    token = issue(channel, until=at + timedelta(seconds=2))
    assert fetch(client, token).status_code == 200
    monkeypatch.setattr("kouan.gateway.admitting.timezone.now", lambda: at + timedelta(seconds=3))
    assert fetch(client, token).status_code == 401


def test_a_token_may_be_for_some_documents_only(client, channel):
    token = issue(channel, kinds=["621"])
    assert send(client, token, "621").status_code == 202
    refused = send(client, token, "311", "2")
    assert refused.status_code == 403
    assert problem_of(refused)["code"] == "-930008" and "311" in problem_of(refused)["zh"]
    assert Message.objects.count() == 1


def test_an_envelope_is_judged_by_what_it_carries(client, channel):
    def wrapped(kind: str) -> bytes:
        info = TransferInfo(
            message_id=f"0198A000-0000-7000-8000-000000000{kind}",
            sender="DXPENT0000000001",
            receivers=["DXPENTTEST000001"],
            created="2026-06-01T10:00:00",
            message_type=f"CEB{kind}Message",
        )
        return wrap(Envelope(info, CEB.format(kind=kind, guid=kind).encode()))

    headers = {"Authorization": f"Bearer {issue(channel, kinds=['621'])}"}
    assert client.post("/api/v1/messages", wrapped("621"), "application/xml", headers=headers).status_code == 202
    assert client.post("/api/v1/messages", wrapped("311"), "application/xml", headers=headers).status_code == 403
    empty = b"<DxpMsg><Data>AAAAAAAAAAAAAAAAAAAAAAAA</Data></DxpMsg>"
    assert client.post("/api/v1/messages", empty, "application/xml", headers=headers).status_code == 403


def test_old_and_new_hold_together_until_the_old_ones_day(client, channel, manager):
    at = timezone.now()
    old = issue(channel, name="ERP", scopes=[Scope.FETCH], kinds=["621"], until=at + timedelta(days=300))
    row = Token.objects.get()
    new = replace_token(user=manager, token_id=row.pk, until=at + timedelta(days=365), overlap=timedelta(days=7), at=at)
    row.refresh_from_db()
    successor = row.successor
    assert (successor.name, successor.scopes, successor.kinds) == ("ERP", ["fetch"], ["621"])
    assert row.until == at + timedelta(days=7)
    assert [fetch(client, token).status_code for token in (old, new)] == [200, 200]
    Token.objects.filter(pk=row.pk).update(until=at)
    cache.clear()
    assert fetch(client, new).status_code == 200
    problem = problem_of(fetch(client, old))
    assert problem["code"] == "-983025" and successor.mark in problem["zh"]
    assert AuditEntry.objects.filter(act="replace_token").exists()
    with pytest.raises(TheTokenDoesNotFit):
        replace_token(user=manager, token_id=row.pk, until=at + timedelta(days=9), overlap=timedelta(), at=at)


def test_a_replacement_never_lengthens_the_old_one(channel, manager):
    at = timezone.now()
    issue(channel, until=at + timedelta(days=2))
    row = Token.objects.get()
    replace_token(user=manager, token_id=row.pk, until=at + timedelta(days=9), overlap=timedelta(days=30), at=at)
    row.refresh_from_db()
    assert row.until == at + timedelta(days=2)


def test_a_revoked_token_is_refused_and_others_are_not(client, channel, manager):
    one, other = issue(channel), issue(channel)
    revoke_token(user=manager, token_id=Token.objects.order_by("since").first().pk, at=timezone.now())
    refused = fetch(client, one)
    assert refused.status_code == 401 and problem_of(refused)["code"] == "-983024"
    assert fetch(client, other).status_code == 200


def test_a_closed_connection_opens_to_no_token(client, channel, manager):
    token = issue(channel)
    close_connection(user=manager, connection_id=channel.pk, at=timezone.now())
    assert problem_of(fetch(client, token))["code"] == "ACCESS-SIGN-IN"


def test_only_the_firms_own_administrator_holds_its_tokens(channel, manager):
    at = timezone.now()
    issue(channel, until=at + timedelta(days=9))
    token = Token.objects.get()
    terms = Terms(until=at + timedelta(days=9))
    for user in (make_user(Role.SYSTEM_ADMIN), make_user(Role.PORT_OFFICE_CLERK)):
        with pytest.raises(NotAllowed):
            issue_token_for(user=user, connection_id=channel.pk, terms=terms, at=at)
        with pytest.raises(NotAllowed):
            replace_token(user=user, token_id=token.pk, until=terms.until, overlap=timedelta(), at=at)
    stranger = make_user(Role.FIRM_MANAGER)
    with pytest.raises(NotYours):
        issue_token_for(user=stranger, connection_id=channel.pk, terms=terms, at=at)
    with pytest.raises(NotYours):
        replace_token(user=stranger, token_id=token.pk, until=terms.until, overlap=timedelta(), at=at)
    for user in (stranger, make_user(Role.PORT_OFFICE_CLERK)):
        with pytest.raises(NotYours):
            revoke_token(user=user, token_id=token.pk, at=at)
    revoke_token(user=make_user(Role.SYSTEM_ADMIN), token_id=token.pk, at=at)


@pytest.mark.parametrize("days", [None, 0, -1, 367])
def test_a_token_has_to_end_and_within_the_time_that_the_installation_allows(channel, manager, days, settings):
    settings.KOUAN_TOKEN_DAYS = 365
    at = timezone.now()
    until = None if days is None else at + timedelta(days=days)
    with pytest.raises(TheTokenDoesNotFit):
        issue_token_for(user=manager, connection_id=channel.pk, terms=Terms(until=until), at=at)


def test_a_connection_has_so_many_tokens_and_no_more(channel, manager):
    at = timezone.now()
    terms = Terms(until=at + timedelta(days=9))
    for _ in range(MOST_TOKENS):
        issue_token_for(user=manager, connection_id=channel.pk, terms=terms, at=at)
    with pytest.raises(TheTokenDoesNotFit):
        issue_token_for(user=manager, connection_id=channel.pk, terms=terms, at=at)


def test_use_is_noted_once_a_minute_and_a_remembered_token_costs_nothing(client, channel, monkeypatch):
    token = issue(channel)
    assert fetch(client, token).status_code == 200
    row = Token.objects.get()
    assert row.last_used_at and row.last_used_address == "127.0.0.1"
    with CaptureQueriesContext(database) as asked:
        fetch(client, token)
    assert not [one for one in asked if "gateway_token" in one["sql"]]
    cache.clear()
    fetch(client, token)
    assert Token.objects.get().last_used_at == row.last_used_at
    later = row.last_used_at + timedelta(minutes=1)
    monkeypatch.setattr("kouan.gateway.admitting.timezone.now", lambda: later)
    cache.clear()
    fetch(client, token)
    assert Token.objects.get().last_used_at == later


def test_two_processes_note_one_use():
    organisation = make_organisation("agent")
    channel = open_connection(
        actor=ACTOR, organisation_id=organisation.pk, name="甲", carrier=Carrier.HTTP, at=timezone.now()
    )
    issue(channel)
    at = timezone.now()
    pk = Token.objects.get().pk
    tokens.note_use(pk, address="192.0.2.1", at=at)
    tokens.note_use(pk, address="192.0.2.2", at=at + timedelta(seconds=59))
    assert Token.objects.get().last_used_address == "192.0.2.1"


def test_people_are_told_once_before_a_token_ends(channel, manager):
    at = timezone.now()
    issue(channel, until=at + WARNED_BEFORE - timedelta(hours=1))
    issue(channel, until=at + WARNED_BEFORE + timedelta(days=1))
    issue(channel)
    assert tokens.warn_of_tokens(at=at) == 1
    assert tokens.warn_of_tokens(at=at) == 0
    event = Event.objects.get(kind=tokens.EVENT_KIND)
    assert event.subject_id == channel.pk
    [telling] = to_tellings([event])
    assert telling.topic.key == "connection.token_ends" and Role.FIRM_MANAGER in telling.topic.roles
    assert telling.organisation_ids == {manager.organisation_id}
    assert telling.subject.url == reverse("connection", args=[channel.pk])


def test_a_replaced_token_ends_without_a_warning(channel, manager):
    at = timezone.now()
    issue(channel, until=at + timedelta(days=3))
    row = Token.objects.get()
    replace_token(user=manager, token_id=row.pk, until=at + timedelta(days=99), overlap=timedelta(days=1), at=at)
    assert tokens.warn_of_tokens(at=at) == 0


def test_the_page_shows_tokens_and_no_secrets(client, channel, manager):
    at = timezone.now()
    text = issue(channel, name="仓储系统", until=at + timedelta(days=3))
    client.force_login(manager)
    page = client.get(reverse("connection", args=[channel.pk])).text
    assert "仓储系统" in page and Token.objects.get().mark in page and text not in page
    assert "有效，即将到期" in page
    [shown] = list_tokens(channel.pk, at=at)
    assert shown.state == TokenState.ENDING and shown.holds


def test_the_pages_issue_replace_and_revoke(client, channel, manager):
    client.force_login(manager)
    last_day = timezone.localdate() + timedelta(days=30)
    given = {"name": "ERP", "last_day": f"{last_day}", "scopes": ["send"], "kinds": ["621"]}
    page = client.post(reverse("issue-token", args=[channel.pk]), given)
    token = Token.objects.get()
    assert token.mark in page.text and timezone.localdate(token.until) == last_day + timedelta(days=1)
    assert (token.scopes, token.kinds, token.issued_by_id) == (["send"], ["621"], manager.pk)
    wrong = client.post(reverse("issue-token", args=[channel.pk]), given | {"scopes": ["site"]})
    assert wrong.status_code == 422 and Token.objects.count() == 1
    far = client.post(reverse("issue-token", args=[channel.pk]), given | {"last_day": "2099-01-01"})
    assert far.status_code == 422 and "不超过" in far.text
    client.post(reverse("replace-token", args=[token.pk]), {"last_day": f"{last_day}", "overlap": "1"})
    token.refresh_from_db()
    assert token.successor and token.until < timezone.now() + timedelta(days=1, minutes=1)
    client.post(reverse("revoke-token", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at
