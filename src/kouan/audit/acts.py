"""Words for the acts and subjects of the audit; each app registers those of its own services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_acts: dict[str, Any] = {}
_subjects: dict[str, Any] = {}


def register_words(*, acts: Mapping[str, Any], subjects: Mapping[str, Any]) -> None:
    """Say how acts (``lift_hold``) and kinds of subjects (``case``) are called; from an app's ``ready()``."""
    _acts.update(acts)
    _subjects.update(subjects)


def word_of_act(act: str) -> str:
    """The word for an act; its stored value where nobody registered one."""
    return str(_acts.get(act, act))


def word_of_subject(kind: str) -> str:
    """The word for a kind of subject; its stored value where nobody registered one."""
    return str(_subjects.get(kind, kind))


def list_acts() -> list[tuple[str, Any]]:
    """Every registered act with its word, for a filter."""
    return sorted(_acts.items(), key=lambda pair: str(pair[1]))


def list_subjects() -> list[tuple[str, Any]]:
    """Every registered kind of subject with its word, for a filter."""
    return sorted(_subjects.items(), key=lambda pair: str(pair[1]))
