"""The sources themselves: style, types, layers, migrations, lock files, catalogues."""

from __future__ import annotations

import json
import re

import pytest

from kouan.project.commands.check import CHECKS, complaint_of, start
from kouan.project.places import ROOT


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_sources_pass(check, started_checks):
    complaint = complaint_of(check, started_checks.get(check.name) or start(check))
    if complaint is not None:
        pytest.fail(complaint, pytrace=False)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-node.lock", "assets.lock.json", "fonts.lock.json"])
def test_a_lock_file_names_no_host(name):
    assert not re.search(r"https?://|--(?:extra-)?index-url|--find-links", (ROOT / name).read_text())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-node.lock"])
def test_every_locked_package_has_hashes(name):
    packages = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    assert packages
    for package in packages:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==\S+ .*--hash=sha256:[0-9a-f]{64}.*", package), package


@pytest.mark.parametrize("name", ["assets.lock.json", "fonts.lock.json"])
def test_every_fetched_package_has_its_digest_and_licence(name):
    for package in json.loads((ROOT / name).read_text())["packages"]:
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"]), package["name"]
        assert any("LICEN" in member.upper() for member in package["files"]), package["name"]
