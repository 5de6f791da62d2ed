"""Reading what happened."""

from __future__ import annotations

from uuid import UUID

from kouan.workflow.models import Event


def list_events(*, subject_id: UUID) -> list[Event]:
    """Give the events of a case in order. The caller has made sure that the case may be seen."""
    return list(Event.objects.filter(subject_id=subject_id).order_by("id"))
