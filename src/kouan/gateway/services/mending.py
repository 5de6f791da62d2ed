"""Mending: what a person does when a step is parked or something got lost at the other side. Every act is audited."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from psycopg import Cursor

from kouan.accounts.access import NotAllowed, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.gateway.codes import Carrier, Step
from kouan.gateway.models import Connection, Forwarding, Receipt, Work
from kouan.gateway.services.working import require, retry_parked
from kouan.workflow.services import NotPossibleNow

if TYPE_CHECKING:
    from kouan.accounts.models import User

MENDERS = (Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN)
MOST_AT_ONCE = 10_000


def retry_item(*, user: User, item_id: UUID, at: datetime) -> None:
    """Put one parked message or receipt back to work. Raises NotAllowed, NotPossibleNow when it is not parked."""
    require_role(user, *MENDERS)
    with transaction.atomic():
        if not retry_parked(message_id=item_id, at=at):
            raise NotPossibleNow("retry", "not_parked")
        audit.record(actor=user, act="retry_parked", subject_kind="gateway_item", subject_id=item_id, at=at)


_RETRY_GROUP = """
with chosen as (
    select item_id, step from gateway_work where is_parked and step = %b and error = %b
    order by item_id limit %b for update skip locked
)
update gateway_work w set is_parked = false, attempts = 0, available_at = %b
from chosen where w.item_id = chosen.item_id and w.step = chosen.step returning w.item_id
"""


def retry_group(*, user: User, step: Step, error: str, at: datetime) -> int:
    """Put back to work what stands parked in a step for one reason; return how much. Raises NotAllowed."""
    require_role(user, *MENDERS)
    with transaction.atomic():
        database.ensure_connection()
        cursor = Cursor(database.connection)
        cursor.execute(_RETRY_GROUP, (str(step), error, MOST_AT_ONCE, at))
        ids = [row[0] for row in cursor.fetchall()]
        if ids:
            audit.record_batch(
                actor=user,
                act="retry_parked",
                subject_kind="gateway_item",
                ids_digest=audit.digest_of_ids(ids),
                count=len(ids),
                at=at,
                detail={"step": str(step), "error": error[:200]},
            )
    return len(ids)


def resend_message(*, user: User, message_id: UUID, at: datetime) -> None:
    """Send a message once more by the channel by which it was forwarded, under the same name as the first time.

    Raises NotAllowed when it was never forwarded, NotPossibleNow when it waits to go out already.
    """
    require_role(user, *MENDERS)
    forwarding = Forwarding.objects.filter(message_id=message_id).first()
    if forwarding is None:
        raise NotAllowed(
            "这份报文没有转发过，不能重发。",
            "This message was never forwarded and cannot be sent again.",
            "等对碰一致后由系统转发；若已停放，请先重试。",
            "The system forwards it when the documents match; if it is parked, retry it first.",
            code="-940010",
        )
    _send_again(user, message_id, forwarding.connection_id, "message", at)


def resend_receipt(*, user: User, receipt_id: UUID, at: datetime) -> None:
    """Send a receipt once more to the channel of its declaration, under the same name as the first time.

    A channel that fetches its receipts finds it among those that wait. Raises NotAllowed for a desk channel, whose
    receipts are seen on the pages; NotPossibleNow when it waits to go out already.
    """
    require_role(user, *MENDERS)
    receipt = Receipt.objects.only("connection_id").filter(pk=receipt_id).first()
    channel = Connection.objects.filter(pk=receipt.connection_id).first() if receipt else None
    if channel is None or channel.carrier == Carrier.DESK or not channel.is_active:
        raise NotAllowed(
            "该回执的通道不接收投递：页面录入的回执在页面上查看，停用的通道不再投递。",
            "The channel of this receipt takes no deliveries: what was entered here is answered on the pages,"
            " and a closed channel gets nothing.",
            "请让企业在申报详情页查看，或先启用通道。",
            "Let the firm look at its declaration, or open the channel first.",
            code="-940011",
        )
    _send_again(user, receipt_id, channel.pk, "receipt", at)


def _send_again(user: User, item_id: UUID, connection_id: UUID, kind: str, at: datetime) -> None:
    """Make an item due once more. As a first attempt, so that the name goes out even where it lay already."""
    with transaction.atomic():
        due = Work.objects.select_for_update().filter(item_id=item_id, step=Step.DELIVER).first()
        if due is not None and not due.is_parked:
            raise NotPossibleNow("resend", "waiting")
        if due is not None:
            retry_parked(message_id=item_id, at=at)
        else:
            require([item_id], step=Step.DELIVER, at=at, connection_id=connection_id, is_receipt=kind == "receipt")
        audit.record(
            actor=user,
            act=f"resend_{kind}",
            subject_kind=kind,
            subject_id=item_id,
            at=at,
            detail={"connection": str(connection_id)},
        )
