"""Every part of the system is killed with -9 under load: what was acknowledged is there once, and leaves once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from kouan.project.places import ROOT

KILLS = 20


@pytest.mark.journey
def test_nothing_acknowledged_is_lost_or_doubled_when_parts_are_killed():
    command = [sys.executable, "-m", "kouan.project", "bench", "crash", "--kills", str(KILLS), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert sum(found[f"killed {name}"] for name in ("web", "work-1", "work-2", "postgres")) == KILLS
    assert found["acknowledged messages"] >= KILLS
    wrong = {name: n for name, n in found.items() if name.startswith(("lost", "doubled", "left")) and n}
    assert not wrong
