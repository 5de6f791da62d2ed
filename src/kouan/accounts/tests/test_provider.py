"""Signing in by an OpenID provider: from the button to the first page, and every way in which it must not work."""

from __future__ import annotations

import time
from itertools import count
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from kouan.accounts import services
from kouan.accounts.access import NotAllowed
from kouan.accounts.codes import Role
from kouan.accounts.factories import PASSWORD, make_user
from kouan.accounts.models import ProviderIdentity, User
from kouan.accounts.oidc.reading import MOST_BYTES, WHOLE_SECONDS, is_safe
from kouan.accounts.services.signing_in import LOCK_OUT
from kouan.accounts.tests.an_openid_provider import CLIENT, SECRET, OpenIdProvider, serve
from kouan.accounts.tests.test_signing_in import AT, HERE
from kouan.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    cache.clear()
    with serve() as served:
        settings.KOUAN_OIDC_ISSUER = served.issuer
        settings.KOUAN_OIDC_CLIENT, settings.KOUAN_OIDC_SECRET = CLIENT, SECRET
        yield served
    cache.clear()


def linked(provider: OpenIdProvider, *, role=Role.TRADER_CLERK, **columns) -> User:
    """A person who is linked to whom the provider vouches for."""
    person = make_user(role, **columns)
    ProviderIdentity.objects.create(
        user=person, issuer=provider.issuer, subject=provider.subject, linked_by_id=person.id, linked_at=AT
    )
    return person


def go(client: Client, start: str = ""):
    """Press the button, sign in at the provider, and come back; the last answer."""
    sent = client.get(start or reverse("provider-sign-in"))
    assert sent.status_code == 302, sent.text
    return come_back(client, httpx.get(sent.url).headers["Location"])


def come_back(client: Client, address: str):
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def is_in(client: Client) -> bool:
    return client.get(reverse("own-page")).status_code == 200


def assert_refused(response, status: int, code: str, client: Client) -> None:
    assert response.status_code == status, response.text
    assert code in response.text
    assert not is_in(client)


def test_from_the_button_to_the_first_page_and_out_again(provider, client):
    person = linked(provider)
    page = client.get(reverse("sign-in"), {"next": "/me"})
    assert "用统一身份认证登录" in page.text
    back = go(client, f"{reverse('provider-sign-in')}?next=/me")
    assert (back.status_code, back.url) == (302, "/me")
    assert person.name in client.get("/me").text
    entry = AuditEntry.objects.get(act="sign_in")
    assert (entry.actor_id, entry.detail["by"]) == (person.id, "provider")
    assert client.get(reverse("sign-in")).status_code == 302
    out = client.post(reverse("sign-out"))
    address = urlsplit(out.context["address"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/leave"
    said = parse_qs(address.query)
    assert said["post_logout_redirect_uri"] == ["http://testserver/sign-in"]
    assert said["id_token_hint"] and said["client_id"] == [CLIENT]
    assert not is_in(client)


def test_it_is_off_without_settings(client):
    assert "provider" not in client.get(reverse("sign-in")).content.decode().split("<main")[1]
    assert client.get(reverse("provider-sign-in")).status_code == 404
    assert client.get(reverse("provider-return")).status_code == 404


def test_english_words_and_an_own_label(provider, client, settings):
    settings.KOUAN_OIDC_LABEL_EN = "City Pass"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Sign in with City Pass" in client.get(reverse("sign-in")).text


def test_nobody_is_made_by_the_provider(provider, client):
    people = User.objects.count()
    refused = go(client)
    assert_refused(refused, 403, "OIDC-UNKNOWN", client)
    assert provider.subject in refused.text
    assert "未能登录" in refused.text and "no account is linked to you" in refused.text
    assert User.objects.count() == people
    entry = AuditEntry.objects.get(act="fail_sign_in")
    assert (entry.subject_kind, entry.subject_id) == ("provider_identity", provider.subject)


def test_no_role_comes_from_the_provider(provider, client):
    person = linked(provider, role=None)
    provider.claims = {"roles": ["system_admin"], "groups": ["port_office_clerk"]}
    go(client)
    person.refresh_from_db()
    assert is_in(client) and person.roles == []


def test_another_claim_may_name_the_person(provider, client, settings):
    settings.KOUAN_OIDC_CLAIM = "employee_no"
    person = linked(provider)
    provider.claims, provider.subject = {"employee_no": "u-10086"}, "something else"
    assert go(client).status_code == 302
    assert person.name in client.get(reverse("own-page")).text


@pytest.mark.parametrize("value", [None, "", 7, ["u-10086"], {"u": 1}, "a" * 256, "u-10086\x00"])
def test_a_claim_that_names_nobody_is_refused(provider, client, settings, value):
    settings.KOUAN_OIDC_CLAIM = "employee_no"
    linked(provider)
    provider.claims = {"employee_no": value}
    assert_refused(go(client), 403, "OIDC-SUBJECT", client)


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"nonce": "another"}, "OIDC-NONCE"),
        ({"nonce": None}, "OIDC-NONCE"),
        ({"iss": "https://elsewhere.example"}, "OIDC-CLAIMS"),
        ({"iss": None}, "OIDC-CLAIMS"),
        ({"aud": "another client"}, "OIDC-CLAIMS"),
        ({"aud": None}, "OIDC-CLAIMS"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "OIDC-CLAIMS"),
        ({"exp": int(time.time()) - 3600}, "OIDC-EXPIRED"),
        ({"exp": None}, "OIDC-CLAIMS"),
        ({"iat": int(time.time()) + 3600}, "OIDC-CLAIMS"),
        ({"at_hash": "bm90IHRoZSBoYXNoIQ"}, "OIDC-CLAIMS"),
    ],
)
def test_claims_that_do_not_hold_are_refused(provider, client, claims, code):
    linked(provider)
    provider.claims = claims
    assert_refused(go(client), 403, code, client)


def test_a_token_that_is_not_signed_is_refused(provider, client):
    linked(provider)
    provider.sign = provider.unsigned
    assert_refused(go(client), 403, "OIDC-ALGORITHM", client)


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(provider, client):
    linked(provider)
    provider.sign = provider.signed_by_what_all_know
    assert_refused(go(client), 403, "OIDC-ALGORITHM", client)


def test_a_token_signed_by_another_key_is_refused(provider, client):
    linked(provider)
    other = RSAKey.generate_key(2048)
    provider.sign = lambda claims: provider.signed(claims, other)
    assert_refused(go(client), 403, "OIDC-SIGNATURE", client)
    provider.sign = lambda claims: provider.signed(claims, other, "unknown")
    assert_refused(go(client), 403, "OIDC-SIGNATURE", client)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "e30.e30.e30", "…", 7, None])
def test_what_is_no_token_is_refused(provider, client, token):
    linked(provider)
    provider.sign = lambda claims: token
    assert go(client).status_code in {403, 503}
    assert not is_in(client)


def test_a_new_key_is_asked_for_once_and_not_again_at_once(provider, client):
    linked(provider)
    assert go(client).status_code == 302
    provider.key = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
    assert go(Client()).status_code == 302
    assert provider.asked.count("/jwks") == 2
    provider.key = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
    late = Client()
    assert_refused(go(late), 403, "OIDC-SIGNATURE", late)
    assert provider.asked.count("/jwks") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


def test_an_answer_belongs_to_the_browser_that_asked(provider, client):
    linked(provider)
    sent = client.get(reverse("provider-sign-in"))
    back = httpx.get(sent.url).headers["Location"]
    victim = Client()
    assert_refused(come_back(victim, back), 400, "OIDC-OVER", victim)
    victim.get(reverse("provider-sign-in"))
    assert_refused(come_back(victim, back), 400, "OIDC-OVER", victim)
    assert come_back(client, back).status_code == 302
    again = Client()
    again.cookies = client.cookies
    assert come_back(again, back).status_code == 400


def test_an_attempt_ends_in_time(provider, client, monkeypatch):
    linked(provider)
    sent = client.get(reverse("provider-sign-in"))
    back = httpx.get(sent.url).headers["Location"]
    later = time.time() + 601
    with monkeypatch.context() as moved:
        moved.setattr("django.core.signing.time.time", lambda: later)
        response = come_back(client, back)
    assert_refused(response, 400, "OIDC-OVER", client)


def test_a_code_without_its_verifier_is_worth_nothing(provider, client):
    """PKCE: whoever saw the code in an address bar cannot use it with an attempt of his own."""
    linked(provider)
    code = parse_qs(urlsplit(httpx.get(client.get(reverse("provider-sign-in")).url).headers["Location"]).query)["code"]
    thief = Client()
    own = parse_qs(urlsplit(thief.get(reverse("provider-sign-in")).url).query)
    stolen = {"code": code[0], "state": own["state"][0], "iss": provider.issuer}
    assert_refused(thief.get(reverse("provider-return"), stolen), 400, "OIDC-OVER", thief)


def test_an_answer_of_another_provider_is_refused(provider, client):
    """Mix-up (RFC 9207): a provider that says it names itself has to."""
    linked(provider)
    back = httpx.get(client.get(reverse("provider-sign-in")).url).headers["Location"]
    assert_refused(come_back(client, back.replace("iss=http", "iss=https")), 400, "OIDC-OVER", client)


def test_what_the_provider_refuses_is_passed_on(provider, client):
    provider.error = "access_denied"
    assert_refused(go(client), 403, "OIDC-REFUSED", client)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (500, b"", {})),
        ("/.well-known/openid-configuration", (200, b"<html>", {})),
        ("/.well-known/openid-configuration", (200, b"[]", {})),
        ("/.well-known/openid-configuration", (200, b'{"a":' * 100_000, {})),
        ("/.well-known/openid-configuration", (200, b" " * (MOST_BYTES + 1), {})),
        ("/.well-known/openid-configuration", (302, b"", {"Location": "http://127.0.0.1:9/"})),
        ("/.well-known/openid-configuration", (200, b"\x1f\x8b", {"Content-Encoding": "gzip"})),
        ("/.well-known/openid-configuration", (200, b"{}", {"Content-Length": "9"})),
        ("/.well-known/openid-configuration", (200, b'{"issuer": "https://elsewhere.example"}', {})),
    ],
)
def test_a_provider_that_cannot_be_used_is_said_to_be_away(provider, client, path, answer):
    provider.answers[path] = answer
    assert_refused(client.get(reverse("provider-sign-in")), 503, "OIDC-AWAY", client)


def test_a_provider_that_takes_too_long_is_said_to_be_away(provider, client, monkeypatch):
    monkeypatch.setattr("kouan.accounts.oidc.reading.monotonic", count(0, WHOLE_SECONDS + 1).__next__)
    assert_refused(client.get(reverse("provider-sign-in")), 503, "OIDC-AWAY", client)


@pytest.mark.parametrize("path", ["/token", "/jwks"])
@pytest.mark.parametrize("answer", [(500, b"{}", {}), (200, b"nothing", {}), (200, b"{}", {})])
def test_a_provider_that_breaks_off_on_the_way_is_said_to_be_away(provider, client, path, answer):
    linked(provider)
    provider.answers[path] = answer
    assert_refused(go(client), 503, "OIDC-AWAY", client)


def test_a_provider_that_is_not_there_leaves_the_password(provider, client, settings):
    settings.KOUAN_OIDC_ISSUER = "http://127.0.0.1:9"
    refused = client.get(reverse("provider-sign-in"))
    assert_refused(refused, 503, "OIDC-AWAY", client)
    assert reverse("sign-in") in refused.text
    make_user(username="zhao")
    client.post(reverse("sign-in"), {"username": "zhao", "password": PASSWORD})
    assert is_in(client)


def test_addresses_that_are_not_safe_are_never_asked(provider, client):
    provider.metadata = {"token_endpoint": "http://provider.example/token"}
    assert_refused(client.get(reverse("provider-sign-in")), 503, "OIDC-AWAY", client)
    assert [is_safe(one) for one in ("https://a.example/x", "http://127.0.0.1:1", "http://[::1]/", "http://localhost")]
    assert not any(is_safe(one) for one in ("http://a.example", "ftp://127.0.0.1", "https://", "//a", "http://[", ""))


def test_a_suspended_and_a_locked_account_are_refused(provider, client):
    person = linked(provider, is_active=False)
    assert_refused(go(client), 403, "OIDC-SUSPENDED", client)
    User.objects.filter(pk=person.pk).update(is_active=True)
    for _ in range(LOCK_OUT.account_failures):
        client.post(reverse("sign-in"), {"username": person.username, "password": "wrong"})
    assert_refused(go(client), 429, "ACCOUNTS-LOCKED", client)
    assert AuditEntry.objects.filter(act="fail_sign_in", detail__by="provider").count() == 2


def test_whoever_is_unlinked_suspended_or_without_provider_is_out_at_once(provider, client, settings):
    person = linked(provider)
    go(client)
    assert is_in(client)
    settings.KOUAN_OIDC_ISSUER = ""
    assert not is_in(client)
    settings.KOUAN_OIDC_ISSUER = provider.issuer
    go(client)
    services.unlink_identity(actor=person, at=AT, user_id=person.pk, issuer=provider.issuer)
    assert not is_in(client)


def test_a_first_password_does_not_stand_in_the_way_of_whoever_uses_none(provider, client):
    linked(provider, must_change_password=True)
    go(client)
    assert is_in(client) and client.get(reverse("start")).url != reverse("own-password")


def test_a_person_links_oneself_with_the_own_password_and_the_provider(provider, client):
    person = make_user()
    client.force_login(person)
    page = reverse("own-provider")
    assert client.post(page, {"password": "wrong"}).status_code == 422
    sent = client.post(page, {"password": PASSWORD})
    assert "form-action" in sent.headers["Content-Security-Policy"] and sent.status_code == 200
    assert parse_qs(urlsplit(sent.context["address"]).query)["prompt"] == ["login"]
    back = httpx.get(sent.context["address"]).headers["Location"]
    assert come_back(client, back).url == reverse("own-page")
    assert "u-10086" in client.get(reverse("own-page")).text
    assert AuditEntry.objects.get(act="link_identity").actor_id == person.id
    assert client.get(page).url == reverse("own-page")
    fresh = Client()
    assert go(fresh).status_code == 302 and is_in(fresh)
    assert client.post(reverse("remove-own-provider")).status_code == 302
    assert not ProviderIdentity.objects.exists() and AuditEntry.objects.filter(act="unlink_identity").exists()


def test_a_link_belongs_to_the_session_that_began_it(provider, client):
    """Nobody is made to link somebody else's identity: the answer counts for the person who asked alone."""
    attacker, victim = make_user(), make_user()
    client.force_login(attacker)
    sent = client.post(reverse("own-provider"), {"password": PASSWORD})
    back = httpx.get(sent.context["address"]).headers["Location"]
    client.force_login(victim)
    assert come_back(client, back).status_code == 400
    assert not ProviderIdentity.objects.exists()


def test_guessing_the_password_when_linking_locks_the_account(provider, client):
    person = make_user()
    client.force_login(person)
    for _ in range(LOCK_OUT.account_failures):
        client.post(reverse("own-provider"), {"password": "wrong"})
    assert "次数过多" in client.post(reverse("own-provider"), {"password": PASSWORD}).text


def test_the_system_administrator_links_others_and_nobody_else_does(provider, client):
    admin, person, other = make_user(Role.SYSTEM_ADMIN), make_user(), make_user()
    client.force_login(admin)
    client.post(reverse("person-provider", args=[person.pk]), {"subject": "u-10086"})
    assert ProviderIdentity.objects.get().user == person
    taken = client.post(reverse("person-provider", args=[other.pk]), {"subject": "u-10086"})
    assert taken.status_code == 422 and "已关联其他账号" in taken.text
    twice = client.post(reverse("person-provider", args=[person.pk]), {"subject": "u-2"})
    assert twice.status_code == 422 and "已有关联" in twice.text
    entry = AuditEntry.objects.get(act="link_identity")
    assert (entry.actor_id, entry.subject_id, entry.detail) == (admin.id, str(person.id), {"subject": "u-10086"})
    for actor in (make_user(Role.SECURITY_ADMIN), other):
        with pytest.raises(NotAllowed):
            services.link_identity(actor=actor, at=AT, user_id=person.pk, issuer=provider.issuer, subject="x")
        with pytest.raises(NotAllowed):
            services.unlink_identity(actor=actor, at=AT, user_id=person.pk, issuer=provider.issuer)
    assert client.post(reverse("remove-person-provider", args=[person.pk])).status_code == 302
    assert not ProviderIdentity.objects.exists()


def test_the_secret_is_shown_nowhere(provider):
    from kouan.accounts.oidc.provider import the_provider

    assert SECRET not in repr(the_provider())


def test_a_client_that_posts_its_secret(provider, client):
    linked(provider)
    provider.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert go(client).status_code == 302


def test_the_address_of_the_wrong_person_is_nothing(provider):
    with pytest.raises(services.TheIdentityIsUnknown):
        services.sign_in_by_provider(issuer="https://elsewhere.example", subject="u-10086", address=HERE, at=AT)
