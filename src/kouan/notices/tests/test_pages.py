"""The pages: the bell, what is told, what is chosen, letters, endpoints."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.notices import addresses, selectors
from kouan.notices.codes import Pace
from kouan.notices.factories import CALLED, WHISPERED, happen, make_thing
from kouan.notices.models import Dispatch, Endpoint, Mail, Notice, Reader
from kouan.notices.services import mailing
from kouan.notices.services.telling import tell_events

pytestmark = [pytest.mark.django_db, pytest.mark.service]

AT = timezone.now()


@pytest.fixture
def trader():
    return make_user()


@pytest.fixture
def told(trader):
    """A trader with three unread notices."""
    happen(make_thing([trader.organisation_id], number="T-9"), "call", "call", "call", at=AT)
    tell_events(at=AT)
    return trader


@pytest.fixture(autouse=True)
def public_names(monkeypatch):
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["8.8.8.8"])


def test_the_bell_counts_lists_opens_and_reads(client, told):
    client.force_login(told)
    page = client.get(reverse("notices"))
    bell = re.search(r'href="/notices/" title="通知">.*?<span class="count">(\d+)</span>', page.content.decode())
    assert bell and bell[1] == "3"
    assert page.content.decode().count("T-9") == 3
    first = Notice.objects.earliest("pk")
    assert client.get(reverse("notice", args=[first.pk])).url == "/things/1/"
    assert selectors.count_unread(told) == 2
    client.post(reverse("read-notices"), {"pk": [str(Notice.objects.latest("pk").pk)]})
    assert selectors.count_unread(told) == 1
    client.post(reverse("read-all-notices"))
    assert selectors.count_unread(told) == 0


def test_the_list_asks_the_same_however_many_notices(
    client, told, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(told)
    client.get(reverse("notices"))
    with django_assert_max_num_queries(24) as asked:
        client.get(reverse("notices"))
    happen(make_thing([told.organisation_id]), *["call"] * 20, at=AT)
    tell_events(at=AT)
    with django_assert_num_queries(len(asked)):
        client.get(reverse("notices"))


def test_choosing_and_going_back(client, trader):
    client.force_login(trader)
    client.post(reverse("notice-choices"), {"topics": [WHISPERED.key], "scope": "declared"})
    assert selectors.choice_of(trader) == selectors.Choice((WHISPERED.key,), "declared", "person")
    client.post(reverse("notice-choices") + "?for=organisation", {"topics": [], "scope": "all"})
    client.post(reverse("notice-choices"), {"reset": "1"})
    assert selectors.choice_of(trader) == selectors.Choice((), "all", "organisation")
    client.post(reverse("notice-choices") + "?for=organisation", {"reset": "1"})
    choice = selectors.choice_of(trader)
    assert choice.source == "roles" and CALLED.key in choice.topics and WHISPERED.key not in choice.topics


def choose_mail(client, pace="at_once", address="clerk@example.com"):
    client.post(reverse("notice-mail"), {"address": address, "pace": pace})
    return Mail.objects.latest("pk").body.partition("/notices/mail/")[2].split()[0]


def test_mail_goes_to_a_confirmed_address_alone_and_tells_what_is_new_once(client, trader, settings):
    settings.EMAIL_HOST = "mail.example.com"
    client.force_login(trader)
    token = choose_mail(client)
    happen(make_thing([trader.organisation_id], number="BEFORE"), "call", at=AT)
    tell_events(at=AT)
    assert mailing.write_due_letters(at=AT + timedelta(hours=1)) == 0, "not confirmed"
    client.get(reverse("confirm-mail", args=[token]))
    happen(make_thing([trader.organisation_id], number="T-5"), "call", at=AT)
    tell_events(at=AT)
    later = timezone.now() + timedelta(minutes=2)
    assert mailing.write_due_letters(at=later) == 1
    letter = Mail.objects.latest("pk")
    assert (letter.subject, letter.address) == ("呼叫 T-5", "clerk@example.com")
    assert "BEFORE" not in letter.body
    mailing.write_due_letters(at=later + timedelta(minutes=2))
    assert Mail.objects.count() == 2
    assert mailing.send_due_letters(at=later) == 2
    assert [one.subject for one in mail.outbox] == ["请确认接收口岸通知的邮箱", "呼叫 T-5"]
    assert mailing.send_due_letters(at=later) == 0


def test_a_digest_counts_and_speaks_the_readers_language(client, trader):
    trader.language = "en"
    trader.save()
    client.force_login(trader)
    client.get(reverse("confirm-mail", args=[choose_mail(client, "daily")]))
    due = Reader.objects.get(pk=trader.pk).mail_due_at
    assert timezone.localtime(due).hour == 8
    happen(make_thing([trader.organisation_id]), *["call"] * 60, at=AT)
    tell_events(at=AT)
    assert mailing.write_due_letters(at=due - timedelta(minutes=1)) == 0
    assert mailing.write_due_letters(at=due) == 1
    letter = Mail.objects.latest("pk")
    assert letter.subject == "Kouan: 60 notices" and "And 10 more" in letter.body
    assert letter.state == "kept", "no mail server is set"


def test_a_server_that_is_away_is_tried_again_and_given_up_at_last(client, trader, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example.com"
    client.force_login(trader)
    choose_mail(client)

    def fail(self):
        raise ConnectionRefusedError("nobody")

    monkeypatch.setattr(mail.EmailMessage, "send", fail)
    at = timezone.now()
    for attempt in range(1, mailing.MOST_ATTEMPTS + 1):
        assert mailing.send_due_letters(at=at) == 0
        letter = Mail.objects.get()
        assert letter.attempts == attempt and "nobody" in letter.error
        at = letter.due_at
    assert letter.state == "failed"


@pytest.mark.parametrize("link", ["nonsense", None])
def test_a_link_of_another_or_a_forged_one_confirms_nothing(client, trader, link):
    client.force_login(trader)
    token = choose_mail(client)
    client.force_login(make_user())
    assert client.get(reverse("confirm-mail", args=[link or token])).status_code == 404
    assert not Reader.objects.filter(is_confirmed=True).exists()


def test_the_next_digest(settings):
    at = datetime(2026, 11, 23, 0, 30, tzinfo=timezone.get_fixed_timezone(0))  # 08:30 in Wuhan
    assert timezone.localtime(mailing.next_due(Pace.DAILY, at)).strftime("%d %H:%M") == "24 08:00"
    assert timezone.localtime(mailing.next_due(Pace.HOURLY, at)).strftime("%d %H:%M") == "23 09:00"
    assert mailing.next_due(Pace.NEVER, at) is None


def test_the_outbox_is_the_administrators_and_says_that_nothing_goes_out(client, trader):
    client.force_login(trader)
    choose_mail(client)
    assert client.get(reverse("outbox")).status_code == 403
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    page = client.get(reverse("outbox")).content.decode()
    assert "未设置邮件服务器" in page and "clerk@example.com" not in page, "addresses are masked"
    assert client.get(reverse("letter", args=[Mail.objects.get().pk])).status_code == 200


def test_an_endpoint_from_opening_to_closing(client, trader):
    client.force_login(trader)
    given = {"name": "ERP", "url": "https://erp.example.com/hook", "topics": [CALLED.key], "scope": "all"}
    page = client.post(reverse("new-endpoint"), given).content.decode()
    secret = re.search(r"whsec_[\w+/=]+", page)
    assert secret
    endpoint = Endpoint.objects.get()
    shown = client.get(reverse("endpoint", args=[endpoint.pk])).content.decode()
    assert secret[0] not in shown and "erp.example.com" in shown
    client.post(reverse("ping-endpoint", args=[endpoint.pk]))
    assert Dispatch.objects.get().topic == "ping"
    turned = client.post(reverse("turn-endpoint-key", args=[endpoint.pk])).content.decode()
    assert re.search(r"whsec_[\w+/=]+", turned)[0] != secret[0]
    client.post(reverse("close-endpoint", args=[endpoint.pk]))
    dead = client.get(reverse("undelivered"))
    assert len(dead.context["rows"]) == 1
    client.post(reverse("reopen-endpoint", args=[endpoint.pk]))
    client.post(reverse("resend-undelivered"), {"pk": [str(Dispatch.objects.get().pk)]})
    assert Dispatch.objects.get().state == "waiting"


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://a.example/", "nonsense"])
def test_a_bad_address_is_said_at_its_field(client, trader, url, monkeypatch):
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["127.0.0.1"])
    client.force_login(trader)
    page = client.post(reverse("new-endpoint"), {"name": "x", "url": url, "topics": [], "scope": "all"})
    assert page.status_code == 422 and page.context["form"].errors["url"]
    assert not Endpoint.objects.exists()


def test_strangers_resend_nothing(client, trader):
    Dispatch.objects.create(
        endpoint_id=trader.pk, organisation_id=trader.organisation_id, event_id=trader.pk, topic="x", body="{}",
        state="dead", created_at=AT,
    )  # fmt: skip
    client.force_login(make_user())
    client.post(reverse("resend-undelivered"), {"pk": [str(Dispatch.objects.get().pk)]})
    assert Dispatch.objects.get().state == "dead"
    assert len(client.get(reverse("undelivered")).context["rows"]) == 0
