"""Closing a month of exports: the lists that are ready become one summary application of the firm, signed and received
through its own channel like any other message."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.declarations import selectors
from kouan.declarations.composing import envelope_of, new_guid
from kouan.declarations.models import Case
from kouan.declarations.months import Group, groups_of
from kouan.declarations.services.drafting import Written, sender_of, sign_and_receive
from kouan.declarations.services.summaries import KIND, reservation_of
from kouan.gateway.services.certificates import NoSigner
from kouan.gateway.standards.ceb.export_summaries import SummaryHead, SummaryLine
from kouan.gateway.standards.ceb.types import Node
from kouan.kernel.dates import format_time

if TYPE_CHECKING:
    from kouan.accounts.models import User

BY_CONSIGNOR, BY_LIST_NAMES = "1", "1"
"""Summed up by consignor alone, under the names of goods as the lists have them (summaryFlag, itemNameFlag)."""


def close_month(*, user: User, first: date, merchant_code: str, customs_code: str, at: datetime) -> UUID:
    """Declare the summary of the lists of one consignor at one customs office that are ready; give the message.

    first: the first day of the month. The lists are held for the application until it is stored, so that none is in
    two. Raises NotAllowed when none is ready, and when the firm has appointed no key to sign with.
    """
    require_role(user, Role.TRADER_CLERK)
    sender = sender_of(user)
    with transaction.atomic():
        locked = Case.objects.select_for_update().filter(direction="E", declarant_code=sender.code).visible_to(user)
        found = selectors.exports_of_month(locked, first)
        group = _group(groups_of(found), merchant_code, customs_code)
        number = f"HZ{first:%Y%m}{new_guid()[-12:]}"
        head = SummaryHead(
            new_guid(), "1", format_time(at), "2", customs_code, number, None, None, sender.code, sender.name,
            group.merchant_code, group.merchant_name, sender.code, sender.name, None, None, None, BY_CONSIGNOR,
            BY_LIST_NAMES, "1", "1",
        )  # fmt: skip
        node = Node(1, head, [SummaryLine(case.list_no) for case in group.ready], b"")
        guid = new_guid()
        try:
            (message_id,) = sign_and_receive(
                user, [Written(KIND, guid, 1, envelope_of(KIND, [node], sender, guid=guid))], at
            )
        except NoSigner:
            raise NotAllowed(
                "贵单位尚未委托密钥服务，不能在本页签名。", "Your firm has appointed no key to sign with on this page.",
                "请用自己的系统签名后以接口报送 CEB701，或先委托密钥服务。",
                "Send CEB701 signed by your own system, or appoint a key service first.", code="-950020",
            ) from None  # fmt: skip
        ids = [case.id for case in group.ready]
        Case.objects.filter(pk__in=ids).update(summary_id=reservation_of(sender.code, number))
        audit.record(
            actor=user, act="close_export_month", subject_kind="message", subject_id=message_id, at=at,
            detail={"month": f"{first:%Y-%m}", "lists": len(ids), "number": number},
        )  # fmt: skip
    return message_id


def _group(groups: list[Group], merchant_code: str, customs_code: str) -> Group:
    for group in groups:
        if (group.merchant_code, group.customs_code) == (merchant_code, customs_code) and group.ready:
            return group
    raise NotAllowed(
        "本月没有可以汇总的清单。", "No list of this month is ready to be summed up.",
        "已放行且选择汇总申报的清单才能汇总。", "Lists have to be released, and declared for summary.", code="-950021",
    )  # fmt: skip
