"""The slow check of the sources runs beside the other tests, and its answer is asked for last."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from kouan.project.commands.check import CHECKS, start

SLOW = "types"
STARTED = pytest.StashKey[dict[str, "subprocess.Popen[str]"]]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the checks of the sources last."""
    items.sort(key=lambda item: "test_source.py" in item.nodeid)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the slow check when it is among the tests."""
    session.stash[STARTED] = {}
    wanted = any(f"test_source.py::test_the_sources_pass[{SLOW}]" in item.nodeid for item in session.items)
    if wanted and not session.config.option.collectonly:
        session.stash[STARTED] = {check.name: start(check) for check in CHECKS if check.name == SLOW}


@pytest.fixture(scope="session")
def started_checks(request: pytest.FixtureRequest) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """The checks that run already."""
    yield request.session.stash[STARTED]
    for running in request.session.stash[STARTED].values():
        running.kill()
