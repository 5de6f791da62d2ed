"""What the search for everything finds here: organisations and people that the person who searches may see."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kouan.accounts import selectors
from kouan.screens.search import Hit

MOST = 20


def search_organisations(user: Any, words: str) -> list[Hit]:
    """Organisations by name, former name or code."""
    rows = selectors.find_organisations(selectors.list_organisations(user=user), words)
    return [
        Hit(
            row.name,
            reverse("organisation", args=[row.pk]),
            "、".join(row.kind_labels),
            row.state,
            row.customs_code or row.uscc,
            "organisation",
        )
        for row in rows.order_by("name_zh", "id")[:MOST]
    ]


def search_people(user: Any, words: str) -> list[Hit]:
    """People by name, user name or organisation."""
    rows = selectors.find_people(selectors.list_people(user=user), words)
    return [
        Hit(
            row.name,
            reverse("person", args=[row.pk]),
            "、".join(row.role_labels),
            row.state,
            row.organisation.name,
            "person",
        )
        for row in rows.order_by("name", "id")[:MOST]
    ]
