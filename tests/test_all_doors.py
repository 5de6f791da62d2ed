"""The walk over all doors, pages and operations of the API, as three people.

A door says who may pass (``kouan.accounts.access``). Anonymous is refused everywhere but at the public ones; a person
of another role is refused; a person of the right role is refused what belongs to others, and passes to what is theirs.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from ninja.operation import PathView
from tests.door_examples import EXAMPLES, Example, World

from kouan.accounts.access import Door, door_of
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.clearance.models import GateCheck
from kouan.declarations.factories import ACTOR
from kouan.gateway.counterparts.standard_edition.ledger import Ledger
from kouan.gateway.services.tokens import issue_token

pytestmark = pytest.mark.django_db

PUBLIC = {
    "health-live",
    "health-ready",
    "api-1:openapi-json",
    "api-1:openapi-view",
    "looks",
    "provider-return",
    "provider-sign-in",
    "set_language",
    "sign-in",
    "sign-in-demonstration",
    "track",
}
"""Every door that is open to everybody. A new one is added here after somebody has thought about it."""

NO_DOOR = {"api-1:api-root"}
"""Addresses of libraries that answer nothing: django-ninja's root is a 404."""

A_PART = {"uuid": UUID(int=7 << 76), "slug": "nothing", "str": "nothing", "int": 1}
REFUSED = {401, 403, 404, 405}


@dataclass(frozen=True)
class Address:
    """One address: its name, the parts to fill in, and what stands behind it."""

    name: str
    parts: tuple[tuple[str, Any], ...]
    view: Any

    @property
    def operations(self) -> list[Any]:
        """The operations of the API behind this address; none for a page."""
        closed_over = inspect.getclosurevars(self.view).nonlocals if inspect.isfunction(self.view) else {}
        holder = closed_over.get("self")
        return list(holder.operations) if isinstance(holder, PathView) else []

    @property
    def doors(self) -> list[tuple[str, Door | None]]:
        """Each door behind the address with the method that it is tried with."""
        if self.operations:
            return [(operation.methods[0], door_of(operation.view_func)) for operation in self.operations]
        return [("GET", door_of(self.view))]

    def url(self, **args: Any) -> str:
        """The address with its parts filled in; anything of the right form where nothing is given."""
        return reverse(self.name, kwargs=dict(self.parts) | args)


def addresses(patterns: Any = None, space: str = "", parts: tuple = ()) -> Iterator[Address]:
    """Give every address of the site."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        own = parts + tuple(
            (name, A_PART[type(converter).__name__.removesuffix("Converter").replace("String", "str").lower()])
            for name, converter in each.pattern.converters.items()
        )
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space, own)
        elif isinstance(each, URLPattern):
            yield Address(f"{space}{each.name}", own, each.callback)


ADDRESSES = [address for address in addresses() if address.name not in NO_DOOR]
PAGES = [address for address in ADDRESSES if not address.operations]
API = [address for address in ADDRESSES if address.operations]


def is_refused(response: Any) -> bool:
    """Whether somebody was not let in: an error of the 400s that says so, or the way to sign in."""
    to_sign_in = response.status_code == 302 and response.url.startswith(reverse("sign-in"))
    return response.status_code in REFUSED or to_sign_in


def call(client: Client, method: str, url: str, data: Any = None, **headers: str) -> Any:
    return client.generic(method, url, data or "", headers=headers)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def world():
    return World()


@pytest.fixture(autouse=True)
def played_side(settings, tmp_path):
    """A demonstration's national side with one document, whose pages are there only where it is played."""
    settings.DATA = tmp_path
    (tmp_path / "counterpart").mkdir()
    with Ledger(tmp_path / "counterpart" / "ledger.db") as ledger:
        ledger.take("digest", "a.xml", "621", "DXP", [("4201", "LIST-1", {"app_time": "20261122100000"})], 0.0)


def test_every_door_is_declared_and_has_a_name():
    assert len(PAGES) > 60
    assert len(API) > 5
    nothing = [address.name for address in ADDRESSES for _method, door in address.doors if door is None]
    assert not nothing, "declare @door, @public_door or @machine_door at: " + ", ".join(nothing)
    assert not [address for address in ADDRESSES if address.name.endswith("None")]


def test_the_public_doors_are_the_known_ones_and_say_why():
    found = {address.name: door for address in ADDRESSES for _method, door in address.doors if door and door.is_public}
    assert set(found) == PUBLIC
    assert all(door.reason for door in found.values())


def test_every_door_with_a_part_in_its_address_has_an_example():
    wanted = {address.name for address in PAGES if address.parts}
    assert wanted == set(EXAMPLES), "tests/door_examples.py: missing or too many"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_anonymous_is_refused_at_every_door_that_is_not_public(method):
    client = Client()
    passed = []
    for address in PAGES:
        if address.name not in PUBLIC and not is_refused(response := call(client, method, address.url())):
            passed.append((address.name, response.status_code))
    assert not passed


@pytest.mark.parametrize("token", ["", "Bearer nothing", "Basic bm9ib2R5Og=="])
def test_a_machine_without_credentials_is_refused_at_every_operation(token):
    passed = []
    for address in API:
        for method, door in address.doors:
            headers = {"Authorization": token} if token else {}
            response = call(Client(), method, address.url(), **headers)
            if not door.is_public and response.status_code != 401:
                passed.append((address.name, method, response.status_code))
            elif not door.is_public:
                assert response.json()["problems"][0]["code"] == "ACCESS-SIGN-IN"
    assert not passed


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_person_without_the_role_is_refused(method):
    clients = {role: signed_in(make_user(role)) for role in Role} | {None: signed_in(make_user(role=None))}
    passed = []
    for address in PAGES:
        [(_method, door)] = address.doors
        if door.is_public or not door.roles:
            continue
        for role in [None, *Role]:
            if role in door.roles:
                continue
            response = call(clients[role], method, address.url(), Accept="application/json")
            if not is_refused(response):
                passed.append((address.name, role, response.status_code))
    assert not passed


def test_a_person_with_a_first_password_gets_no_further_than_changing_it():
    client = signed_in(make_user(Role.PORT_OFFICE_CLERK, must_change_password=True))
    for address in PAGES:
        [(_method, door)] = address.doors
        if not door.is_public and not door.first_step and (not door.roles or Role.PORT_OFFICE_CLERK in door.roles):
            response = call(client, "GET", address.url())
            held_back = response.status_code == 302 and response.url == reverse("own-password")
            assert held_back or response.status_code == 405, address.name


def test_a_person_of_the_role_passes_every_door_without_a_part_in_its_address(settings):
    settings.DEMO = True  # the gallery is for demonstrations and administrators
    clients = {role: signed_in(make_user(role)) for role in Role}
    stopped = []
    for address in PAGES:
        [(_method, door)] = address.doors
        if address.parts or door.is_public:
            continue
        for role in door.roles or Role:
            response = call(clients[role], "GET", address.url())
            if (is_refused(response) and response.status_code != 405) or response.status_code >= 500:
                stopped.append((address.name, role, response.status_code))
    assert not stopped


def test_the_rightful_one_passes_and_the_stranger_of_the_same_role_does_not(world):
    came_in, stopped = [], []
    for name, make in EXAMPLES.items():
        example: Example = make(world)
        url = reverse(name, kwargs=example.args) + (f"?{urlencode(example.query)}" if example.query else "")
        if example.stranger is not None:
            status = call(signed_in(example.stranger), example.method, url).status_code
            if status not in {403, 404}:
                came_in.append((name, status))
        response = call(signed_in(example.owner), example.method, url)
        if is_refused(response) or response.status_code >= 500:
            stopped.append((name, response.status_code))
    assert not came_in, "strangers who came in"
    assert not stopped, "owners who were stopped"


def test_a_channel_sees_its_own_messages_alone(world):
    own, other = (
        issue_token(actor=ACTOR, connection_id=world.channels[kind].pk, at=world.at) for kind in ("311", "411")
    )
    url = reverse("api-1:get_message_result", kwargs={"message_id": world.message_id})
    assert call(Client(), "GET", url, Authorization=f"Bearer {own}").status_code == 200
    assert call(Client(), "GET", url, Authorization=f"Bearer {other}").status_code == 404


def test_a_sites_doors_are_shut_to_firms_and_its_checks_to_other_sites(world):
    site, other_site = world.site_tokens
    firm = issue_token(actor=ACTOR, connection_id=world.channels["621"].pk, at=world.at)
    check = GateCheck.objects.create(
        number="1", operator_id=world.site.pk, asked_at=world.at, may_leave=True, reason="released"
    )
    url = reverse("api-1:post_leavings")

    def leave(token: str) -> int:
        body = {"check_id": str(check.pk)}
        return Client().post(url, body, "application/json", headers={"Authorization": f"Bearer {token}"}).status_code

    assert leave(firm) == 401
    assert leave(other_site) == 404
    assert leave(site) not in {401, 404}


def test_a_refusal_is_a_page_for_people_and_a_problem_for_machines():
    client = signed_in(make_user(Role.TRADER_CLERK))
    page = client.get(reverse("audit-log"))
    assert (page.status_code, "您的角色不能进行此操作" in page.content.decode()) == (403, True)
    answer = client.get(reverse("audit-log"), headers={"Accept": "application/json"})
    assert answer.status_code == 403
    [problem] = answer.json()["problems"]
    assert problem["code"] == "ACCESS-NOT-ALLOWED"
    assert all(problem[name] for name in ("zh", "en", "fix_zh", "fix_en", "severity"))


def test_a_part_of_a_page_is_sent_to_sign_in_by_htmx():
    response = Client().get(reverse("audit-log"), headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, reverse("sign-in"))


def test_what_was_wanted_is_reached_after_signing_in():
    response = Client().get(reverse("people"), {"q": "王"})
    assert response.status_code == 302
    assert response.url == f"{reverse('sign-in')}?next=%2Fpeople%2F%3Fq%3D%25E7%258E%258B"
