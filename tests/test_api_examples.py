"""The examples of the interface are calls that were made: made again they come out the same and fit the description."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from jsonschema_rs import Draft202012Validator
from tests.api_scenario import Call, Record, World, play

from kouan.gateway import selectors as gateway
from kouan.project.api import api
from kouan.project.api_description import EXAMPLES, JSON, recorded

pytestmark = [pytest.mark.django_db, pytest.mark.service]
RECORDING = bool(os.environ.get("KOUAN_RECORD_EXAMPLES"))


def description() -> dict[str, Any]:
    """The description as it is served."""
    return json.loads(json.dumps(api.get_openapi_schema()))


def operations(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for path in told["paths"].values() for one in path.values()}


class Caller:
    """Makes calls with Django's client, and keeps them in a record."""

    def __init__(self, world: World) -> None:
        self.world, self.record, self.client = world, Record(), Client()
        self.first: dict[str, Call] = {}

    def send(self, call: Call, *, token: str | None = None, **how: Any) -> tuple[int, Any]:
        """Make one call and keep it; ``token`` instead of the caller's own."""
        self.first.setdefault(call.operation, call)
        token = self.world.tokens[call.by] if token is None else token
        headers = {"Authorization": f"Bearer {token}"}
        url = "/api/v1" + call.path.format(**call.parameters)
        if call.method == "GET":
            query = {name: one for name, one in call.parameters.items() if f"{{{name}}}" not in call.path}
            answer = self.client.get(url, query, headers=headers, **how)
        else:
            body = call.body if isinstance(call.body, str) else json.dumps(call.body)
            answer = self.client.post(url, body, content_type=call.content_type, headers=headers, **how)
        self.record.add(call, answer.status_code, answer.json())
        return answer.status_code, answer.json()

    def fail(self, monkeypatch: Any) -> None:
        """Make every operation fail in the ways that all have in common."""
        for call in list(self.first.values()):
            hidden = replace(call, is_shown=False)
            self.send(hidden, token=self.world.other_tokens["ended" if call.operation == "sendMessages" else "unknown"])
            self.send(hidden, token=self.world.other_tokens["site" if call.by == "site" else "firm"])
            if call.operation == "sendMessages":
                self.send(hidden, CONTENT_LENGTH=str(65 * 1024 * 1024))
            elif call.method == "POST":
                self.send(replace(hidden, body="{"))
                self.send(replace(hidden, body={"unknown": True}))
                self.send(replace(hidden, body="[" * (3 * 1024 * 1024)))
            elif call.parameters:
                self.send(replace(hidden, parameters=dict.fromkeys(call.parameters, "\x00")))
        with monkeypatch.context() as away:
            away.setattr(gateway, "find_token", _no_database)
            for call in list(self.first.values()):
                self.send(replace(call, is_shown=False), token=f"asked while the database is away {call.operation}")


def _no_database(digest: bytes) -> Any:
    raise OperationalError("the database is away")


def test_the_examples_are_what_the_operations_do_and_every_answer_has_one(monkeypatch):
    caller = Caller(World())
    play(caller.world, caller.send)
    caller.fail(monkeypatch)
    record = caller.record
    if RECORDING:
        EXAMPLES.write_text(record.to_json(), encoding="utf-8")
    assert record.to_json() == EXAMPLES.read_text(encoding="utf-8"), "run ./kouan api record and look at what changed"
    told = {name: set(operation["responses"]) for name, operation in operations(description()).items()}
    assert {name: set(call["responses"]) for name, call in record.calls.items()} == told
    assert {"released"} == {one["state"] for one in client_cases(caller.world, caller.client)}


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
        [[scope]] = [one["ChannelToken"] for one in operation["security"]]
        assert scope in told["info"]["description"]
        for parameter in operation["parameters"]:
            assert parameter.get("description") or parameter["name"] == "message_id", (name, parameter["name"])
        for status, answer in operation["responses"].items():
            assert answer["description"] and answer["content"][JSON]["schema"], (name, status)
        if "requestBody" in operation:
            assert {"400", "413"} <= set(operation["responses"])
        assert {"401", "503"} <= set(operation["responses"])
    for schema in told["components"]["schemas"].values():
        assert schema.get("description"), schema["title"]
