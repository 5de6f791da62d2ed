"""Makers of rows for tests: a case that is known to notices, and what happens to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from kouan.kernel.identifiers import uuid7
from kouan.notices import topics
from kouan.notices.codes import Scope
from kouan.notices.models import Endpoint
from kouan.notices.topics import Subject, Topic
from kouan.workflow.services import Happening, record_events

KIND = "thing"
CALLED = Topic("thing.called", "呼叫", "测试", [(KIND, "call", "")], roles=["trader_clerk"])
WHISPERED = Topic("thing.whispered", "低语", "测试", [(KIND, "whisper", "")])
_SUBJECTS: dict[UUID, Subject] = {}


def look_up(ids: Collection[UUID]) -> dict[UUID, Subject]:
    """Find the things that were made."""
    return {key: _SUBJECTS[key] for key in ids if key in _SUBJECTS}


def register_things() -> None:
    """Make things and their two topics known; one is told to traders unasked, one to nobody."""
    topics.register_subjects(look_up, {KIND: "物件"})
    topics.register_topics([CALLED, WHISPERED])


def forget_things() -> None:
    """Make the topics of things unknown again."""
    for topic in (CALLED, WHISPERED):
        topics._topics.pop(topic.key, None)
        for event in topic.events:
            topics._by_event.pop(event, None)
    if look_up in topics._look_ups:
        topics._look_ups.remove(look_up)
    _SUBJECTS.clear()


def make_thing(parties: Collection[UUID], *, declarers: Collection[UUID] = (), number: str = "T-1") -> Subject:
    """Make a case that concerns organisations."""
    thing = Subject(uuid7(), KIND, number, "/things/1/", parties, declarers)
    _SUBJECTS[thing.id] = thing
    return thing


def happen(thing: Subject, *acts: str, at: datetime) -> None:
    """Let something happen to a thing, one event an act."""
    record_events([Happening(thing.id, KIND, act, "", "") for act in acts], at=at)


def make_endpoint(organisation_id: UUID, **columns: Any) -> Endpoint:
    """An endpoint in use that wants both topics."""
    values = {
        "name": "测试端点",
        "url": "https://hooks.example.com/kouan",
        "topics": [CALLED.key, WHISPERED.key],
        "scope": Scope.ALL,
        "created_at": columns.pop("at", None) or columns.pop("created_at"),
    }
    return Endpoint.objects.create(organisation_id=organisation_id, **(values | columns))
