"""What of summary applications people and machines can be told."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kouan.accounts import selectors as accounts
from kouan.accounts.codes import Role
from kouan.declarations import selectors
from kouan.notices.topics import Subject, Topic, register_subjects, register_topics
from kouan.screens.pieces import Tone

KIND = "summary"
_GROUP = _("出口月度汇总")


def _stands(state: str) -> list[tuple[str, str, str]]:
    return [("summary", "stand", state)]


TOPICS = [
    Topic("summary.declared", _("已生成汇总报关单"), _GROUP, _stands("declared"), roles=[Role.TRADER_CLERK]),
    Topic("summary.examined", _("汇总申请审结"), _GROUP, _stands("examined"), tone=Tone.RUNNING),
    Topic("summary.returned", _("汇总申请退回"), _GROUP, _stands("returned"), roles=[Role.TRADER_CLERK],
          tone=Tone.REFUSED),
]  # fmt: skip


def register() -> None:
    """Make the topics and the applications known to notices."""
    register_subjects(find_summaries, {KIND: _("汇总申请")})
    register_topics(TOPICS)


def find_summaries(ids: Collection[UUID]) -> dict[UUID, Subject]:
    """Find summary applications by id."""
    found = selectors.summaries_by_id(ids)
    declarants = accounts.organisation_ids_by_code(one.declarant_code for one in found)
    return {
        one.pk: Subject(
            id=one.pk,
            kind=KIND,
            number=one.internal_no,
            url=f"{reverse('export-month')}?month={timezone.localtime(one.received_at):%Y-%m}",
            parties=one.parties,
            declarers=frozenset({one.sender_id, declarants.get(one.declarant_code) or one.sender_id}),
            facts={"summary_no": one.summary_no, "state": one.state},
        )
        for one in found
    }
