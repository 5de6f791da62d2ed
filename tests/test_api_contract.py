"""Every operation of the interface keeps what its description says, also for input that nobody would send; and tells
three callers no more than is theirs: the firm of a parcel, the system of its supervision place, and a stranger."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis import checks
from tests.api_scenario import Call, World, play

from kouan.project.api import api
from kouan.project.wsgi import application

EXAMPLES = 12
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
UNKNOWN = "00000000-0000-0000-0000-000000000000"


def stranger_of(at: Any, side: str, kind: str) -> str:
    """The token of a party that has nothing to do with the parcel."""
    from kouan.accounts.factories import make_organisation
    from kouan.audit.types import SystemActor
    from kouan.gateway.codes import Carrier
    from kouan.gateway.services.connections import open_connection
    from kouan.gateway.services.tokens import issue_token

    actor = SystemActor("接口测试")
    owner = make_organisation(kind)
    channel = open_connection(
        actor=actor, organisation_id=owner.pk, name=f"演示{side}", carrier=Carrier.HTTP, at=at, side=side
    )
    return issue_token(actor=actor, connection_id=channel.pk, at=at)


@pytest.fixture
def tokens(committed_database) -> dict[str, str]:
    """A parcel in the database, and the tokens of its firm, of its place, and of strangers on every side."""
    world = World()
    world.send_companions()
    return {
        "firm": world.tokens["621"],
        "site": world.tokens["site"],
        "stranger": stranger_of(world.at, "enterprise", "platform"),
        "strange site": stranger_of(world.at, "site", "site_operator"),
        "national": stranger_of(world.at, "national", "agency"),
    }


# A zip cannot be invented: what is wrong with one is tried beside its reader.
@pytest.mark.filterwarnings("ignore:Skipped test cases with unsupported payload media types")
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_keeps_its_description(case, tokens):
    for token in tokens.values():
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(
            answer,
            checks=[
                checks.not_a_server_error,
                checks.status_code_conformance,
                checks.content_type_conformance,
                checks.response_schema_conformance,
            ],
        )


def test_an_operation_refuses_whoever_is_not_known(client, db):
    for path, operations in api.get_openapi_schema()["paths"].items():
        address = path.replace("{message_id}", UNKNOWN)
        for method, operation in operations.items():
            if operation.get("security"):
                answer = client.generic(method.upper(), address)
                assert answer.status_code == 401, f"{method} {path}"
                assert answer.json()["problems"][0]["code"] == "ACCESS-SIGN-IN"


@pytest.mark.django_db
def test_three_callers_and_no_leak():
    """Every call of a parcel's way, made first by strangers of both sides: they learn and change nothing."""
    world, client = World(), Client()
    other_site = stranger_of(world.at, "site", "site_operator")
    strangers = {
        "621": [stranger_of(world.at, "enterprise", "platform"), other_site],
        "site": [other_site, world.tokens["621"]],
    }
    head = world.parcel.list_head
    secrets = {value for value in (head.internal_no, head.waybill_no, head.buyer_name, head.order_no) if value}

    def call(one: Call, token: str) -> Any:
        url = "/api/v1" + one.path.format(**one.parameters)
        headers = {"Authorization": f"Bearer {token}"}
        if one.method == "GET":
            return client.get(url, one.parameters, headers=headers)
        body = one.body if isinstance(one.body, str) else json.dumps(one.body)
        return client.post(url, body, content_type=one.content_type, headers=headers)

    def send(one: Call) -> tuple[int, Any]:
        for token in strangers[one.by] if one.operation != "sendMessages" else []:
            answer = call(one, token)
            said = answer.content.decode()
            asked = json.dumps(one.body, ensure_ascii=False) + json.dumps(one.parameters)
            leaked = {secret for secret in secrets if secret in said and secret not in asked}
            assert not leaked and "case_id" not in said, (one.operation, said)
            if answer.status_code == 200:
                assert _is_nothing(answer.json()), (one.operation, said)
        answer = call(one, world.tokens[one.by])
        return answer.status_code, answer.json()

    play(world, send)
    assert world.case.left_at is not None


def _is_nothing(said: Any) -> bool:
    """Whether a successful answer holds nothing of the parcel: no rows, a count of none, or the gate's no."""
    if isinstance(said, list):
        return not said
    return not (said.get("receipts") or said.get("recorded") or said.get("confirmed") or said.get("may_leave"))
