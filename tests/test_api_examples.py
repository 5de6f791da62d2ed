"""The examples of the interface are calls that were made: made again they come out the same and fit the description."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from django.test import Client
from jsonschema_rs import Draft202012Validator
from tests.api_scenario import Call, Record, World, play

from kouan.project.api import api
from kouan.project.api_description import EXAMPLES, JSON, recorded

pytestmark = [pytest.mark.django_db, pytest.mark.service]
RECORDING = bool(os.environ.get("KOUAN_RECORD_EXAMPLES"))


def description() -> dict[str, Any]:
    """The description as it is served."""
    return json.loads(json.dumps(api.get_openapi_schema()))


def operations(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for path in told["paths"].values() for one in path.values()}


def test_the_examples_are_what_the_operations_do_and_every_operation_has_one():
    world, record, client = World(), Record(), Client()

    def send(call: Call) -> tuple[int, Any]:
        url = "/api/v1" + call.path.format(**call.parameters)
        headers = {"Authorization": f"Bearer {world.tokens[call.by]}"}
        if call.method == "GET":
            query = {name: one for name, one in call.parameters.items() if f"{{{name}}}" not in call.path}
            answer = client.get(url, query, headers=headers)
        else:
            body = call.body if isinstance(call.body, str) else json.dumps(call.body)
            answer = client.post(url, body, content_type=call.content_type, headers=headers)
        record.add(call, answer.status_code, answer.json())
        return answer.status_code, answer.json()

    play(world, send)
    if RECORDING:
        EXAMPLES.write_text(record.to_json(), encoding="utf-8")
    assert record.to_json() == EXAMPLES.read_text(encoding="utf-8"), "run ./kouan api record and look at what changed"
    assert set(record.calls) == set(operations(description()))
    assert {"released"} == {one["state"] for one in client_cases(world, client)}


def client_cases(world: World, client: Client) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {world.tokens['621']}"}
    return client.get("/api/v1/cases", {"number": world.parcel.list_head.internal_no}, headers=headers).json()


def test_every_example_fits_its_schema():
    told = description()
    for name, operation in operations(told).items():
        call = recorded()[name]
        for status, body in call["responses"].items():
            schema = operation["responses"][status]["content"][JSON]["schema"]
            Draft202012Validator({**schema, "components": told["components"]}).validate(body)
        body = call["request"].get("body")
        if body is not None and not isinstance(body, str):
            schema = operation["requestBody"]["content"][JSON]["schema"]
            Draft202012Validator({**schema, "components": told["components"]}).validate(body)
        assert any(status.startswith("2") for status in call["responses"]), name


def test_every_operation_says_all_there_is_to_say():
    told = description()
    tags = {tag["name"] for tag in told["tags"]}
    for name, operation in operations(told).items():
        assert name[0].islower() and name.isalnum(), name
        assert operation["summary"] and operation["description"] and set(operation["tags"]) <= tags
        assert operation["security"] == [{"ChannelToken": []}]
        for parameter in operation["parameters"]:
            assert parameter.get("description") or parameter["name"] == "message_id", (name, parameter["name"])
        for status, answer in operation["responses"].items():
            assert answer["description"] and answer["content"][JSON]["schema"], (name, status)
        if "requestBody" in operation:
            assert {"400", "413"} <= set(operation["responses"])
        assert {"401", "503"} <= set(operation["responses"])
    for schema in told["components"]["schemas"].values():
        assert schema.get("description"), schema["title"]
