"""The navigation by duty: apps register entries, a person sees those that the person's roles may use."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from kouan.screens import counts, framing
from kouan.screens.icons import known_icon

DUTIES: dict[str, tuple[Any, str]] = {
    "my_work": (_("我的工作"), "inbox"),
    "single_window": (_("单一窗口"), "window"),
    "clearance": (_("通关"), "shield"),
    "supervision": (_("督办"), "flag"),
    "transport": (_("运输"), "ship"),
    "planning": (_("规划建设"), "plan"),
    "funding": (_("扶持保障"), "coins"),
    "cockpit": (_("驾驶舱"), "gauge"),
    "system": (_("系统"), "settings"),
}
"""Every duty with its label and icon, in the order of the navigation."""


class UnknownDuty(Exception):
    """No duty of this name: see DUTIES."""


@dataclass(frozen=True)
class Entry:
    """One line of the navigation.

    `roles`: names of roles that may use it, empty for everybody signed in. `badge(user)` counts what waits there.
    `under` are path beginnings besides its own that belong to it.
    """

    duty: str
    label: Any
    url_name: str
    roles: frozenset[str] = frozenset()
    badge: Callable[[Any], int | None] | None = None
    icon: str = ""
    order: int = 100
    may: Callable[[Any], bool] | None = None
    under: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """An entry as one person sees it on one page."""

    label: Any
    url: str
    icon: str
    count: int | None
    is_current: bool


@dataclass(frozen=True)
class Duty:
    """A duty with the links that the person may use; never empty."""

    key: str
    label: Any
    links: tuple[Link, ...]


_entries: dict[tuple[str, str], Entry] = {}
_person_entries: dict[str, Entry] = {}


def register(
    duty: str,
    label: Any,
    url_name: str,
    *,
    roles: Collection[str] = (),
    badge: Callable[[Any], int | None] | None = None,
    icon: str = "",
    order: int = 100,
    may: Callable[[Any], bool] | None = None,
    under: Collection[str] = (),
) -> None:
    """Add an entry to the navigation; called from an app's `ready()`. A page may stand under several duties; the same
    page under the same duty replaces its entry.

    Raises UnknownDuty and UnknownIcon.
    """
    if duty not in DUTIES:
        raise UnknownDuty(duty)
    if icon:
        known_icon(icon)
    _entries[duty, url_name] = Entry(
        duty, label, url_name, frozenset(str(role) for role in roles), badge, icon, order, may, tuple(under)
    )


def register_for_person(label: Any, url_name: str, *, icon: str = "user", order: int = 100) -> None:
    """Add a link to everybody's own menu at the top right; called from an app's `ready()`."""
    _person_entries[url_name] = Entry("", label, url_name, icon=icon, order=order)


def list_person_links(user: Any) -> tuple[Link, ...]:
    """The links of the person's own menu."""
    entries = sorted(_person_entries.values(), key=lambda entry: entry.order)
    return tuple(Link(e.label, url, e.icon, None, False) for e in entries if (url := _url_of(e)))


def list_duties(user: Any, path: str = "", *, since: float = 0.0) -> tuple[Duty, ...]:
    """The duties and links that the person may use, in order, without empty ones.

    `path` marks the current one. `since`: badges are counted no earlier (`counts.count_for`).
    """
    roles = framing.roles_of(user)
    usable = [entry for entry in _entries.values() if _may_use(entry, user, roles)]
    urls = {entry.url_name: url for entry in usable if (url := _url_of(entry))}
    current = _current(usable, urls, path)
    duties = []
    for key, (label, icon) in DUTIES.items():
        entries = sorted((e for e in usable if e.duty == key and e.url_name in urls), key=lambda entry: entry.order)
        links = tuple(
            Link(e.label, urls[e.url_name], e.icon or icon, _badge_of(e, user, since), e.url_name == current)
            for e in entries
        )
        if links:
            duties.append(Duty(key, label, links))
    return tuple(duties)


def _badge_of(entry: Entry, user: Any, since: float) -> int | None:
    return counts.count_for(user, entry.url_name, entry.badge, since=since) if entry.badge else None


def _may_use(entry: Entry, user: Any, roles: frozenset[str]) -> bool:
    if entry.roles and not entry.roles & roles:
        return False
    return entry.may is None or entry.may(user)


def _url_of(entry: Entry) -> str | None:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return None


def _current(entries: list[Entry], urls: dict[str, str], path: str) -> str:
    """The entry whose address is the longest beginning of the path."""
    best, length = "", 0
    for entry in entries:
        for start in (urls.get(entry.url_name), *entry.under):
            if start and (path == start or (start != "/" and path.startswith(start))) and len(start) > length:
                best, length = entry.url_name, len(start)
    return best
