"""Things that happen, told at once: the margin for clocks that differ is none on one machine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kouan.notices.factories import forget_things, register_things
from kouan.workflow import selectors as workflow


@pytest.fixture(autouse=True)
def things(monkeypatch):
    monkeypatch.setattr(workflow, "CLOCKS_DIFFER_BY", timedelta(milliseconds=-50))
    register_things()
    yield
    forget_things()
