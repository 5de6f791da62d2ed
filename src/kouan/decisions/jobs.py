"""What decision tables do in the background."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from kouan.decisions.services.replaying import run_replay


@app.task(name="replay_version", pass_context=False)
def replay_version(replay_id: str) -> None:
    """Replay a version of a decision table over the cases of some months; asked for on its page."""
    run_replay(replay_id=UUID(replay_id), at=timezone.now())
