"""Holding: declarations that a firm's own system sent wait, by the firm's rule, for a checker before they are stored.

The checker passes one, and it goes on; or refuses it, for good, with a reason at a field. Either way the sending system
reads in its check results what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.db import transaction

from kouan.accounts.access import get_visible
from kouan.checking.services import checking
from kouan.checking.states import CheckState
from kouan.gateway import selectors as gateway
from kouan.gateway.codes import Issuer, Step
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.working import require
from kouan.gateway.standards.dec.types import ROOT
from kouan.goods.codes import GoodsFinding
from kouan.goods.composing import in_message
from kouan.goods.models import GoodsCheck, HeldMessage
from kouan.records.problems import Problem

if TYPE_CHECKING:
    from kouan.accounts.models import User

WAITS = Problem(
    "-961025", "", "warning", "按本单位复核设置，该报关单待另一人复核，尚未入库",
    "By the firm's rule this declaration waits for a checker and is not stored yet",
    "请复核人在待办队列办理；通过后自动入库发送", "Let the checker take it up from the queue; then it goes on",
)  # fmt: skip
_REFUSED = (GoodsFinding.REFUSED, GoodsFinding.NOT_YOURS)


def hold(messages: Sequence[HeldMessage]) -> None:
    """Keep messages for the checker, in the caller's transaction."""
    HeldMessage.objects.bulk_create(messages, ignore_conflicts=True)


def stands_of(message_ids: Sequence[UUID]) -> dict[UUID, CheckState]:
    """Tell where the checking of messages that were held stands."""
    rows = HeldMessage.objects.filter(pk__in=message_ids).values_list("pk", "check_state")
    return {pk: CheckState(state) for pk, state in rows}


@contextmanager
def _locked(user: User, message_id: UUID) -> Iterator[HeldMessage]:
    with transaction.atomic():
        yield get_visible(HeldMessage.objects.select_for_update(), user, pk=message_id)


def pass_held(*, user: User, message_id: UUID, revision: int, at: datetime) -> None:
    """Let a message pass: it is stored and sent on. Raises NotAllowed, SomebodyWasQuicker."""
    with _locked(user, message_id) as held:
        checking.pass_check(row=held, revision=revision, user=user, at=at)
        require([held.pk], step=Step.STORE_GOODS, at=at)


def refuse_held(*, user: User, message_id: UUID, revision: int, reason: str, pointer: str, at: datetime) -> None:
    """Refuse a message for good, and tell its sender why. Raises NotAllowed, SomebodyWasQuicker."""
    with _locked(user, message_id) as held:
        checking.bounce(row=held, revision=revision, stands=CheckState.TO_CHECK, reason=reason, pointer=pointer,
                        user=user, at=at)  # fmt: skip
        problem = Problem(
            "-961026", in_message(pointer), "error", f"复核未通过（{user.name}）：{held.bounce_reason}",
            f"Refused by the checker {user.name}: {held.bounce_reason}", "请改正后重新报送", "Mend and send it again",
        )  # fmt: skip
        GoodsCheck.objects.filter(pk=held.pk).update(
            finding=GoodsFinding.REFUSED, problems=[problem.to_dict()], checked_at=at
        )
        guid = gateway.get_message(message_id=held.pk, organisation_ids=None).guid
        sent = Sent(held.pk, guid, held.author_id, held.organisation_id)
        issue([check_result(sent, GoodsFinding.REFUSED, [problem], client_no=held.client_no, at=at)], at=at)


# The sender's answer -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sent:
    """Which message is answered, and to whom."""

    id: UUID
    guid: str
    connection_id: UUID
    organisation_id: UUID


def check_result(
    sent: Sent,
    finding: GoodsFinding | None,
    problems: Sequence[Problem],
    *,
    client_no: str,
    at: datetime,
    is_readable: bool = True,
) -> Outgoing:
    """Give the check result as JSON, in the shape of every check result of Kouan. finding: None where it was stored."""
    told = [problem.to_dict() for problem in problems]
    node = {"index": 1, "client_no": client_no, "finding": str(finding or "accepted"), "problems": told}
    body: dict[str, Any] = {
        "issuer": "kouan", "message_id": str(sent.id), "guid": sent.guid, "kind": ROOT, "checked_at": at.isoformat(),
        "accepted": int(finding in (None, GoodsFinding.WARNED)), "problems": [] if is_readable else told,
        "nodes": [node] if is_readable else [],
    }  # fmt: skip
    return Outgoing(
        sent.connection_id, sent.organisation_id, Issuer.KOUAN, "check", sent.id, None, msgspec.json.encode(body), 1,
        int(finding in _REFUSED),
    )  # fmt: skip
