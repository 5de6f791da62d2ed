"""What can be told: topics, which events they mean, and the cases that events are about.

An app above registers its topics and its look-up of subjects when it starts; this app knows neither.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kouan.screens.pieces import Tone

PING = "ping"
"""The type of the event by which an endpoint is tried; no topic that can be chosen."""


class To(StrEnum):
    """Whom a topic concerns: in words that the subject answers, or those whom its app names event by event."""

    PARTIES = "parties"
    AGENCIES = "agencies"
    PORT_OFFICE = "port_office"
    NAMED = "named"


Named = Callable[[Collection[UUID]], Mapping[UUID, Collection[UUID]]]
"""Gives, for the objects of events (``Event.object_id``), the organisations that are told."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of happening that a person can choose.

    key: stable, part of the interface of webhooks (``case.released``). events: (kind, act, state reached), the state
    empty for any. roles: who is told without having chosen anything. named: for To.NAMED.
    """

    key: str
    word: Any
    group: Any
    events: Collection[tuple[str, str, str]]
    to: Collection[To] = (To.PARTIES,)
    roles: Collection[str] = ()
    tone: Tone = Tone.DONE
    named: Named | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The case that events are about, as much of it as may be told: no personal data.

    parties: organisations that see it; declarers: those among them that declared or sent it. url: its page, as a path.
    facts: what machines are told besides, plain values.
    """

    id: UUID
    kind: str
    number: str
    url: str
    parties: Collection[UUID] = ()
    declarers: Collection[UUID] = ()
    agencies: Collection[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


LookUp = Callable[[Collection[UUID]], Mapping[UUID, Subject]]

_topics: dict[str, Topic] = {}
_by_event: dict[tuple[str, str, str], str] = {}
_look_ups: list[LookUp] = []
_words: dict[str, Any] = {}


class TheTopicIsTaken(ValueError):
    """Two topics claim the same event."""


def register_topics(topics: Iterable[Topic]) -> None:
    """Make topics known; called from an app's ``ready()``. Raises TheTopicIsTaken."""
    for topic in topics:
        _topics[topic.key] = topic
        for event in topic.events:
            if _by_event.setdefault(event, topic.key) != topic.key:
                raise TheTopicIsTaken(f"{event}: {topic.key}, {_by_event[event]}")


def register_subjects(look_up: LookUp, words: Mapping[str, Any]) -> None:
    """Say how the cases behind events are found, and what their kinds are called; called from ``ready()``."""
    if look_up not in _look_ups:
        _look_ups.append(look_up)
    _words.update(words)


def list_topics() -> list[Topic]:
    """Give every topic, in the order in which they were registered."""
    return list(_topics.values())


def topic_of(kind: str, act: str, to_state: str) -> Topic | None:
    """Find the topic of an event; None for what nobody is told."""
    key = _by_event.get((kind, act, to_state)) or _by_event.get((kind, act, ""))
    return _topics[key] if key else None


def find_topic(key: str) -> Topic | None:
    """Find a topic by its key."""
    return _topics.get(key)


def word_of_topic(key: str) -> Any:
    """Give the word of a topic; its key where it is no longer known."""
    if key == PING:
        return _("测试事件")
    topic = _topics.get(key)
    return topic.word if topic else key


def word_of_kind(kind: str) -> Any:
    """Give the word of a kind of subject."""
    return _words.get(kind, kind)


def find_subjects(ids: Iterable[UUID]) -> dict[UUID, Subject]:
    """Find the cases behind events; those that no app knows are missing."""
    wanted, found = set(ids), dict[UUID, Subject]()
    for look_up in _look_ups:
        if wanted:
            found.update(look_up(wanted))
            wanted -= found.keys()
    return found


def default_topics(roles: Iterable[str]) -> list[str]:
    """Give the topics that people of these roles are told without having chosen."""
    mine = {str(role) for role in roles}
    return [topic.key for topic in _topics.values() if mine & {str(role) for role in topic.roles}]
