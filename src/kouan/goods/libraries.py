"""Where goods declarations find a firm's clients and articles, and hand on theirs; the app that keeps them says it."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

_addresses: dict[str, str] = {}
_learners: list[str] = []


def offer(field: str, url_name: str) -> None:
    """Let a field of the form (``trader_code``, ``article_no``) find in a library; called when an app starts."""
    _addresses[field] = url_name


def picker_of(field: str) -> dict[str, str]:
    """Give what makes a field find in a library; nothing where no app offers one."""
    name = _addresses.get(field)
    return {"data-picker": reverse(name), "data-picker-with": "trader_code"} if name else {}


def offer_learning(url_name: str) -> None:
    """Let the page of a declaration hand its client and goods to a library; called when an app starts."""
    if url_name not in _learners:
        _learners.append(url_name)


def learner_of(declaration_id: UUID) -> str:
    """Give the address that takes client and goods of a declaration into a library; empty where no app offers one."""
    return reverse(_learners[0], args=[declaration_id]) if _learners else ""
