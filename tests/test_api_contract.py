"""Every operation of the interface keeps what its description says, also for input that nobody would send."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

from kouan.project.wsgi import application

EXAMPLES = 12
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def tokens(committed_database) -> list[str]:
    """A token of each side that may call."""
    from django.utils import timezone

    from kouan.accounts.factories import make_organisation
    from kouan.audit.types import SystemActor
    from kouan.gateway.codes import Carrier, Side
    from kouan.gateway.services.connections import issue_token, open_connection

    issued = []
    for side, kind in ((Side.ENTERPRISE, "platform"), (Side.SITE, "site_operator"), (Side.NATIONAL, "agency")):
        actor, at = SystemActor("接口测试"), timezone.now()
        channel = open_connection(
            actor=actor,
            organisation_id=make_organisation(kind).id,
            name=f"演示{side}",
            carrier=Carrier.HTTP,
            at=at,
            side=side,
        )
        issued.append(issue_token(actor=actor, connection_id=channel.id, at=at))
    return issued


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
    for token in tokens:
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
    from kouan.project.api import api

    for path, operations in api.get_openapi_schema()["paths"].items():
        address = path.replace("{message_id}", "00000000-0000-0000-0000-000000000000")
        for method, operation in operations.items():
            if operation.get("security"):
                answer = client.generic(method.upper(), address)
                assert answer.status_code == 401, f"{method} {path}"
                assert answer.json()["problems"][0]["code"] == "ACCESS-SIGN-IN"
