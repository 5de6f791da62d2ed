"""Where the form of a goods declaration finds a firm's clients and articles; the app that keeps them says where."""

from __future__ import annotations

from django.urls import reverse

_addresses: dict[str, str] = {}


def offer(field: str, url_name: str) -> None:
    """Let a field of the form (``trader_code``, ``article_no``) find in a library; called when an app starts."""
    _addresses[field] = url_name


def picker_of(field: str) -> dict[str, str]:
    """Give what makes a field find in a library; nothing where no app offers one."""
    name = _addresses.get(field)
    return {"data-picker": reverse(name), "data-picker-with": "trader_code"} if name else {}
