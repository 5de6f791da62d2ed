"""An event loop for a test, in a thread of its own: where a browser is played, the main thread has one already."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_alone(play: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end and give what it returns, or raise what it raises."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, play).result()
