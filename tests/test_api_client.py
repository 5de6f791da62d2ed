"""The generated Python client: as the description would make it now, and at work against the site."""

from __future__ import annotations

import filecmp
import importlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.api_scenario import World

from kouan.project.commands.api import CLIENT, generate_client

UNKNOWN = "00000000-0000-0000-0000-000000000000"


def files_of(folder: Path) -> list[str]:
    """Every file of the client, apart from what tools leave behind."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if not {"__pycache__", ".ruff_cache"} & set(path.parts))


def test_generating_it_again_changes_nothing(tmp_path):
    again = tmp_path / "python"
    generate_client(again)
    assert files_of(again) == files_of(CLIENT), "run ./kouan api client"
    _same, different, odd = filecmp.cmpfiles(CLIENT, again, files_of(CLIENT), shallow=False)
    assert (different, odd) == ([], []), "run ./kouan api client"


@pytest.fixture
def kouan_client(monkeypatch) -> Any:
    """The package, as it is installed."""
    monkeypatch.syspath_prepend(str(CLIENT))
    yield importlib.import_module("kouan_client")
    for name in [name for name in sys.modules if name.partition(".")[0] == "kouan_client"]:
        del sys.modules[name]


@pytest.fixture
def api(kouan_client) -> Any:
    """The operations by their groups."""
    groups = ("messages", "declarations", "goods_declarations", "supervision_places")
    names = {
        "messages": ("send_messages", "fetch_receipts", "confirm_receipts"),
        "declarations": ("get_message", "find_cases"),
        "goods_declarations": ("find_goods",),
        "supervision_places": ("record_arrivals", "ask_gate", "record_leaving"),
    }
    return {
        name: importlib.import_module(f"kouan_client.api.{group}.{name}") for group in groups for name in names[group]
    }


def test_a_parcel_goes_its_way_and_errors_have_their_type(site, kouan_client, api):
    models, types = kouan_client.models, kouan_client.types
    world = World()
    world.send_companions()

    def caller(token: str) -> Any:
        return kouan_client.AuthenticatedClient(base_url=site, token=token)

    firm, gate = caller(world.tokens["621"]), caller(world.tokens["site"])
    body = types.File(payload=world.raw["621"])
    sent = api["send_messages"].sync_detailed(client=firm, body=body)
    assert sent.status_code == 202
    [one] = sent.parsed.messages
    again = api["send_messages"].sync(client=firm, body=types.File(payload=world.raw["621"]))
    assert (again.messages[0].message_id, again.messages[0].is_repeated) == (one.message_id, True)
    other = types.File(payload=world.raw["621"].replace(b"</", b" </", 1))
    conflict = api["send_messages"].sync(client=firm, body=other)
    assert isinstance(conflict, models.ConflictsOut) and conflict.problems[0].code == "-930006"
    empty = api["send_messages"].sync_detailed(client=firm, body=types.File(payload=b""))
    assert (empty.status_code, type(empty.parsed)) == (400, models.Problems)

    world.work()
    became = api["get_message"].sync(one.message_id, client=firm)
    assert (became.kind, became.accepted, became.received_at.tzinfo is not None) == ("621", 1, True)
    head = world.parcel.list_head
    [case] = api["find_cases"].sync(client=firm, number=head.internal_no)
    assert (case.state, case.version, case.released_at) == ("awaiting_answer", 1, None)
    assert (case.direction, case.departed_at) == ("I", None)

    arrivals = models.ArrivalsIn(
        place_code=head.place_code, carrier_code=head.carrier_code, waybill_nos=[head.waybill_no]
    )
    assert api["record_arrivals"].sync(client=gate, body=arrivals).recorded == 1
    asked = api["ask_gate"].sync(client=gate, body=models.GateIn(number=head.waybill_no))
    assert (asked.may_leave, asked.reason) == (False, "never_answered")
    held = api["record_leaving"].sync_detailed(client=gate, body=models.LeavingIn(check_id=asked.check_id))
    assert (held.status_code, held.parsed.problems[0].code) == (403, "-940020")
    world.release()
    asked = api["ask_gate"].sync(client=gate, body=models.GateIn(number=head.waybill_no))
    assert asked.may_leave and asked.cases[0].official_status == "800" and asked.goods == []
    assert api["record_leaving"].sync(client=gate, body=models.LeavingIn(check_id=asked.check_id)).left_at

    waiting = api["fetch_receipts"].sync(client=firm)
    assert {(receipt.issuer, receipt.kind) for receipt in waiting.receipts} == {("kouan", "check"), ("national", "622")}
    ids = models.ConfirmIn([receipt.receipt_id for receipt in waiting.receipts])
    assert api["confirm_receipts"].sync(client=firm, body=ids).confirmed == 2
    assert api["confirm_receipts"].sync(client=firm, body=ids).confirmed == 0
    assert api["fetch_receipts"].sync(client=firm).receipts == []

    strange = api["get_message"].sync_detailed(UNKNOWN, client=firm)
    assert (strange.status_code, strange.parsed.problems[0].code) == (404, "ACCESS-NOT-YOURS")
    unknown = api["find_cases"].sync_detailed(client=caller("nothing"), number="x")
    assert (unknown.status_code, unknown.parsed.problems[0].code) == (401, "ACCESS-SIGN-IN")
    not_a_site = api["ask_gate"].sync_detailed(client=firm, body=models.GateIn(number="x"))
    assert not_a_site.status_code == 401


def test_the_examples_of_its_page_run(site, kouan_client, monkeypatch, tmp_path, capsys):
    world = World()
    message = tmp_path / "list.xml"
    message.write_bytes(world.raw["621"])
    for name, value in {"ADDRESS": site, "TOKEN": world.tokens["621"], "MESSAGE": str(message)}.items():
        monkeypatch.setenv(f"KOUAN_{name}", value)
    blocks = re.findall(r"```python\n(.*?)```", (CLIENT / "README.md").read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 2
    first, second = blocks
    names: dict[str, Any] = {}
    exec(first, names)
    assert "621 " in capsys.readouterr().out
    exec(second.replace("client=client", "client=again"), names | {"again": kouan_client.AuthenticatedClient(
        base_url=site, token=world.tokens["621"])})  # fmt: skip
    assert "ACCESS-NOT-YOURS" in capsys.readouterr().out
