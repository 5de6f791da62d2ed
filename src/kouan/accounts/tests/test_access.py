"""Doors and refusals: what a door declares is what it does."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.views import View
from ninja import NinjaAPI, Query

from kouan.accounts.access import (
    Door,
    NotAllowed,
    NotSignedIn,
    NotYours,
    door,
    door_of,
    get_visible,
    machine_door,
    public_door,
    require_role,
)
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.accounts.models import Organisation, User
from kouan.audit.types import SystemActor


@door(roles=[Role.OFFICER])
def for_officers(request):
    return HttpResponse("in")


@door()
def for_all_signed_in(request):
    return HttpResponse("in")


@public_door(reason="the test says so")
def for_everybody(request):
    return HttpResponse("in")


@machine_door(lambda request: request.headers.get("Authorization"))
def for_machines(request):
    return HttpResponse(request.principal)


@door(roles=[Role.OFFICER])
class ForOfficers(View):
    def get(self, request):
        return HttpResponse("in")


class ForOfficersToo(ForOfficers):
    """A view that inherits its door."""


def ask(user=None, **headers):
    request = RequestFactory().get("/somewhere", headers=headers)
    request.user = user or AnonymousUser()
    return request


@pytest.mark.django_db
@pytest.mark.parametrize("view", [for_officers, ForOfficers.as_view(), ForOfficersToo.as_view()])
def test_a_door_admits_its_roles_and_nobody_else(view):
    assert view(ask(make_user(Role.OFFICER))).content == b"in"
    with pytest.raises(NotAllowed):
        view(ask(make_user(Role.TRADER_CLERK)))
    with pytest.raises(NotSignedIn):
        view(ask())


@pytest.mark.parametrize("view", [for_officers, ForOfficers.as_view(), ForOfficersToo.as_view()])
def test_the_declaration_can_be_read(view):
    assert door_of(view) == Door(roles=frozenset({Role.OFFICER}))
    assert door_of(lambda request: None) is None


@pytest.mark.django_db
def test_a_door_without_roles_admits_whoever_is_signed_in():
    assert for_all_signed_in(ask(make_user(role=None))).content == b"in"
    with pytest.raises(NotSignedIn):
        for_all_signed_in(ask())


def test_a_public_door_admits_everybody():
    assert for_everybody(ask()).content == b"in"


def test_a_machine_door_asks_for_credentials():
    assert for_machines(ask(Authorization="a token")).content == b"a token"
    with pytest.raises(NotSignedIn):
        for_machines(ask())


@pytest.fixture
def operation():
    """An operation of the API for officers, as it stands behind its address."""
    api = NinjaAPI(urls_namespace="for-this-test")

    @api.post("/things/{number}")
    @door(roles=[Role.OFFICER])
    def add_thing(request: HttpRequest, number: int, to: Query[int]):
        return {"sum": number + to}

    patterns, _app, _namespace = api.urls
    return next(pattern.callback for pattern in patterns if "things" in str(pattern.pattern))


def post(user=None, *, forged=False, query="?to=1"):
    request = RequestFactory(enforce_csrf_checks=forged).post(f"/api/things/41{query}")
    request._dont_enforce_csrf_checks = not forged
    request.user = user or AnonymousUser()
    return request


@pytest.mark.django_db
def test_a_door_guards_an_operation_of_the_api(operation):
    officer = make_user(Role.OFFICER)
    assert json.loads(operation(post(officer), number="41").content) == {"sum": 42}
    with pytest.raises(NotAllowed):
        operation(post(make_user(Role.GATE_CLERK)), number="41")
    with pytest.raises(NotAllowed) as refused:
        operation(post(officer, forged=True), number="41")
    assert refused.value.problem.code == "ACCESS-CSRF"


def test_an_operation_asks_at_the_door_before_it_reads_its_input(operation):
    with pytest.raises(NotSignedIn):
        operation(post(query="?to=nothing"), number="41")


@pytest.mark.django_db
def test_not_there_and_not_mine_are_the_same_refusal():
    mine, other = make_user(), make_organisation()
    assert get_visible(Organisation.objects, mine, pk=mine.organisation_id) == mine.organisation
    for pk in (other.pk, "0193b5c5-0000-7000-8000-000000000000"):
        with pytest.raises(NotYours):
            get_visible(Organisation.objects, mine, pk=pk)


@pytest.mark.django_db
def test_acting_organisations_are_asked_once(django_assert_num_queries):
    clerk = make_user(organisation=make_organisation("agent"))
    make_delegation(client=make_organisation(), agent=clerk.organisation)
    clerk = User.objects.select_related("organisation").get(pk=clerk.pk)
    with django_assert_num_queries(1):
        assert len(clerk.acting_organisation_ids) == 2
        assert len(clerk.acting_organisation_ids) == 2


@pytest.mark.django_db
def test_services_ask_for_a_role_of_people_and_for_none_of_the_system():
    require_role(make_user(Role.SYSTEM_ADMIN), Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
    require_role(SystemActor("seeding"), Role.SYSTEM_ADMIN)
    with pytest.raises(NotAllowed):
        require_role(make_user(Role.AUDIT_ADMIN), Role.SYSTEM_ADMIN)
    with pytest.raises(NotAllowed):
        require_role(make_user(Role.SYSTEM_ADMIN, is_active=False), Role.SYSTEM_ADMIN)
