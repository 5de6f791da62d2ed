"""Every page without parts in its address, in English: no text of ours is left in Chinese, data may be."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from tests.door_examples import World
from tests.test_all_doors import PAGES, played_side

from kouan.accounts.access import door_of
from kouan.accounts.factories import make_user
from kouan.project import translations

__all__ = ["played_side"]

pytestmark = [pytest.mark.django_db, pytest.mark.service]
HAN = re.compile(r"[\u4e00-\u9fff]")
_SILENT = {"script", "style", "template", "title"}


class Texts(HTMLParser):
    """Gathers the texts of a page, but those of scripts and those that are marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _SILENT or (said.get("lang") or "").startswith("zh"):
            self._silent += tag in _SILENT
        self.found += [said.get(name) or "" for name in ("placeholder", "title", "aria-label", "data-label")]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data.strip())


@cache
def ours() -> frozenset[str]:
    """Every text that the catalogue translates and whose English is another."""
    found = set()
    for message in translations.updated_catalogue():
        words = message.id if isinstance(message.id, tuple) else (message.id,)
        shown = message.string if isinstance(message.string, tuple) else (message.string,)
        found |= {word for word, english in zip(words, shown, strict=False) if word != english}
    return frozenset(word for word in found if word and HAN.search(word) and "%" not in word)


def test_a_page_in_english_has_no_text_of_ours_in_chinese() -> None:
    World()
    left: dict[str, set[str]] = {}
    people: dict[frozenset[str], Client] = {}
    for address in PAGES:
        door = door_of(address.view)
        if address.parts or door is None or door.is_public:
            continue
        if door.roles not in people:
            people[door.roles] = Client()
            people[door.roles].force_login(make_user(*sorted(door.roles)[:1]))
            people[door.roles].cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = people[door.roles].get(address.url())
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        page = Texts()
        page.feed(answer.content.decode())
        if chinese := {text for text in page.found if text in ours()} - {"中文"}:
            left[address.name] = chinese
    assert len(people) > 8
    assert left == {}
