"""./kouan message: what it prints, where, and with which exit status; and that it needs no server."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.tests.making import AT, envelope_of, node_of
from kouan.gateway.standards.xmldsig.comparing import is_same_but_for_signature
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key
from kouan.gateway.standards.xmldsig.trust import ANYONE
from kouan.gateway.standards.xmldsig.verifying import verify
from kouan.project.hub import main
from kouan.project.places import ROOT

GOOD = encode(envelope_of("411", node_of("411")))
FAULTY = GOOD.replace(b"<ceb:currency>142<", b"<ceb:currency>502<")


@pytest.fixture
def files(tmp_path):
    paths = {"good": GOOD, "faulty": FAULTY, "broken": GOOD[:50]}
    for name, content in paths.items():
        (tmp_path / f"{name}.xml").write_bytes(content)
    return {name: str(tmp_path / f"{name}.xml") for name in paths}


@pytest.mark.parametrize(
    ("names", "status"),
    [(["good"], 0), (["good", "faulty"], 1), (["faulty", "broken", "good"], 2), (["good", "missing"], 2)],
)
def test_reading_tells_by_its_status(files, names, status, capsys):
    paths = [files.get(name, "/nowhere/at/all.xml") for name in names]
    assert main(["message", "read", *paths, "--json"]) == status
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["file"] for one in objects] == paths
    assert all({"file", "standard", "kind", "records", "problems", "loss"} <= set(one) for one in objects)


def test_reading_for_people(files, capsys):
    assert main(["message", "read", files["faulty"]]) == 1
    said = capsys.readouterr().out
    assert "-401009" in said
    assert "currency" in said


def test_read_then_write(files, capsysbinary):
    assert main(["message", "read", files["good"], "--json"]) == 0
    plain = capsysbinary.readouterr().out
    path = files["good"] + ".json"
    with open(path, "wb") as stream:
        stream.write(plain)
    assert main(["message", "write", "ceb", "411", path]) == 0
    assert decode(capsysbinary.readouterr().out) == decode(GOOD)


def test_writing_is_strict_and_says_why_on_the_error_stream(files, capsys, tmp_path):
    main(["message", "read", files["faulty"], "--json"])
    plain = capsys.readouterr().out
    path = tmp_path / "faulty.json"
    path.write_text(plain)
    assert main(["message", "write", "ceb", "411", str(path)]) == 1
    said = capsys.readouterr()
    assert "<ceb:currency>502</ceb:currency>" in said.out  # the schema allows it, the handbook does not
    assert json.loads(said.err)["code"] == "-401009"
    path.write_text(plain.replace('"currency": "502"', '"currency": "5020"'))
    assert main(["message", "write", "ceb", "411", str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert json.loads(said.err)["code"] == "-401009"
    assert main(["message", "write", "ceb", "999", str(path)]) == 2
    assert main(["message", "write", "ceb", "411", "/nowhere"]) == 2


def test_standard_input_is_a_file_too(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(GOOD)))
    assert main(["message", "read", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == "-"


def test_neither_django_nor_a_database_is_loaded(files):
    program = (
        "import sys; from kouan.project.hub import main;"
        f"status = main(['message', 'read', {files['good']!r}, '--json']);"
        "assert not {'django', 'psycopg'} & set(sys.modules); sys.exit(status)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()


def test_signing_leaves_the_message_as_it_is_and_says_what_it_could_not_sign(files, tmp_path, capsys):
    key = demo_rsa_key("演示卡", since=AT)
    (tmp_path / "card.json").write_text(json.dumps(key.export()))
    to = tmp_path / "signed"
    sign = ["message", "sign", "--key", str(tmp_path / "card.json"), "--to", str(to)]
    assert main([*sign, files["good"]]) == 0
    signed = (to / "good.xml").read_bytes()
    assert verify(signed, trusted=ANYONE).is_valid
    assert is_same_but_for_signature(signed, GOOD)
    assert main([*sign, str(to / "good.xml"), files["broken"]]) == 2
    assert main([*sign[:3], files["good"], *sign[4:], files["good"]]) == 2
