"""The cache of compiled loops goes by what the sources say, not by where they stand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kouan.quant import compiled
from kouan.quant.simulation.draws import mix


def test_a_loop_is_kept_under_the_digest_of_its_part(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = compiled.SharedCache.from_function(mix.py_func, mix.py_func.__code__.co_filename)
    assert cache is not None
    place = Path(cache.get_cache_path())
    assert place.is_dir() and place.parent == tmp_path / "kouan" / "compiled"
    assert place.name.startswith("simulation-") and cache.get_source_stamp().startswith(place.name.partition("-")[2])


def test_functions_of_others_and_places_that_cannot_be_written_are_left_to_numba(monkeypatch, tmp_path):
    assert compiled.SharedCache.from_function(os.path.join, os.__file__) is None
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert compiled.SharedCache.from_function(mix.py_func, mix.py_func.__code__.co_filename) is None


def test_what_is_long_unused_is_forgotten(tmp_path):
    old, fresh = tmp_path / "berths-1", tmp_path / "berths-2"
    for place in (old, fresh):
        place.mkdir()
    os.utime(old, (0, 0))
    compiled.forget_old(tmp_path)
    assert not old.exists() and fresh.exists()


def test_no_solver_compiles_when_it_is_imported(tmp_path):
    """Importing every door of the solvers asks Numba for nothing."""
    code = (
        "import sys; from numba.core import event\n"
        "from kouan.project.commands.solve import DOORS\n"
        "import importlib\n"
        "with event.install_recorder('numba:compile') as seen:\n"
        "    for name in [*DOORS.values(), 'kouan.quant.simulation.replications', 'kouan.quant.release_times.report',\n"
        "                 'kouan.quant.journeys.planning', 'kouan.quant.berths.solver', 'kouan.quant.quays.solver',\n"
        "                 'kouan.quant.boarding.solver', 'kouan.quant.network.location']:\n"
        "        importlib.import_module(name)\n"
        "sys.exit(len(seen.buffer))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ended.returncode == 0
