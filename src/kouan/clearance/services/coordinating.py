"""Coordinating: the port office opens a ticket about a case that is stuck; both sides see and answer it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.clearance.models import Ticket, TicketEntry
from kouan.clearance.states import TICKET_NEXT, TicketAct, TicketState
from kouan.declarations import selectors as declarations
from kouan.workflow.services import Happening, move, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import User


def open_ticket(
    *, user: User, case_id: UUID, question: str, party_ids: Sequence[UUID], due_at: datetime | None, at: datetime
) -> Ticket:
    """Open a ticket about a case; the parties see it at once. Raises NotYours and NotAllowed."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    case = declarations.get_case(user=user, pk=case_id)
    question = question.strip()
    if not question or not party_ids:
        raise NotAllowed(
            "请写明协调事项并选择协调单位。",
            "Say what is to be settled and with whom.",
            "填写后重新提交。",
            "Fill both in and submit again.",
            code="-940030",
            pointer="/question" if not question else "/party_ids",
        )
    with transaction.atomic():
        ticket = Ticket.objects.create(
            case_id=case.pk,
            question=question,
            party_ids=list(dict.fromkeys([user.organisation_id, *party_ids])),
            opened_by_id=user.pk,
            opened_at=at,
            due_at=due_at,
            state_since=at,
        )
        _write_entry(ticket, user, question, at)
        record_events(
            [Happening(case.pk, "ticket", "open", "", str(TicketState.OPEN), ticket.pk, user.pk, user.audit_label)],
            at=at,
        )
    return ticket


def answer_ticket(*, user: User, ticket_id: UUID, act: TicketAct, text: str, at: datetime) -> Ticket:
    """Answer, ask again, close or reopen a ticket; the port office alone asks again, closes and reopens."""
    if act is not TicketAct.ANSWER:
        require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        ticket: Ticket = get_visible(Ticket.objects, user, pk=ticket_id)
        text = text.strip()
        if not text and act in (TicketAct.ANSWER, TicketAct.ASK_AGAIN):
            raise NotAllowed(
                "请填写内容。", "Write something.", "填写后重新提交。", "Fill it in.", code="-940031", pointer="/text"
            )
        move(row=ticket, subject_id=ticket.case_id, act=act, table=TICKET_NEXT, actor=user, at=at)
        if text:
            _write_entry(ticket, user, text, at)
    return ticket


def _write_entry(ticket: Ticket, user: User, text: str, at: datetime) -> None:
    TicketEntry.objects.create(
        ticket=ticket,
        organisation_id=user.organisation_id,
        author_id=user.pk,
        author_label=user.audit_label[:120],
        text=text,
        at=at,
    )
