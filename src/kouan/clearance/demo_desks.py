"""What people do at their desks in the demonstration, by the services that everybody uses: opinions, inspections,
tickets, drafts, cancellations."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from kouan.accounts import selectors as accounts
from kouan.clearance import selectors
from kouan.clearance.services.coordinating import answer_ticket, open_ticket
from kouan.clearance.services.inspecting import book_inspection, present_goods, record_done
from kouan.clearance.services.reviewing import record_review
from kouan.clearance.states import ReviewAct, TicketAct
from kouan.declarations import selectors as declarations
from kouan.declarations.composing import new_guid
from kouan.declarations.services.drafting import declare_draft, save_draft
from kouan.gateway.standards.ceb.declarations import CancelHead, ListHead
from kouan.gateway.standards.ceb.generate import demo_resident_id
from kouan.kernel.dates import format_time

Decide = Callable[[str, str, datetime], None]
"""Answers the list of an internal number with a return status at a moment."""
SETTLED = timedelta(hours=16)
"""After this time the played side has nothing more to say of its own accord, not even late."""
SITES = ("site", "airsite")
_OPINIONS = (
    (ReviewAct.CLEAR_WITH_CONDITIONS, "演示：流通前须加贴中文标签", "800"),
    (ReviewAct.ASK, "演示：请补充境外生产企业注册编号", ""),
    (ReviewAct.OBJECT, "演示：标签与备案不符", ""),
    (ReviewAct.ORDER_INSPECTION, "演示：抽样送检", ""),
    (ReviewAct.CLEAR, "", ""),
    (ReviewAct.CLEAR_WITH_CONDITIONS, "演示：冷链运输，全程测温记录留存备查", "800"),
    (ReviewAct.ASK, "演示：请说明成分含量", ""),
    (ReviewAct.CLEAR, "", ""),
    (ReviewAct.CLEAR, "", "800"),
)
"""What officers of agencies without a connected system say of the newest cases, and what customs says after it."""
_TICKETS = (
    ("held", "演示：挂起已超过一日，请说明还需补充哪些材料。", ()),
    ("detained", "演示：扣留货物的处理进度如何，预计何时有结论？", (TicketAct.ANSWER,)),
    ("returned_for_correction", "演示：退单后未重新申报，是否需要协助？", (TicketAct.ANSWER, TicketAct.CLOSE)),
)


def record_opinions(*, decide: Decide, at: datetime) -> None:
    """Let the officers of two agencies deal with their newest reviews, in every way there is."""
    for username in ("market", "farm"):
        officer = accounts.get_demo_person(username)
        waiting = selectors.list_reviews(officer).filter(
            way="recorded", state="pending", case_state="awaiting_answer", opened_at__lt=at - SETTLED
        )
        for review, (act, opinion, status) in zip(waiting.order_by("-pk")[: len(_OPINIONS)], _OPINIONS, strict=False):
            moment = review.opened_at + timedelta(minutes=50)
            record_review(user=officer, review_id=review.pk, act=act, opinion=opinion, at=moment)
            if status:
                decide(review.number, status, moment + timedelta(minutes=30))


def inspect(*, decide: Decide, at: datetime, draw: random.Random) -> None:
    """Let the sites deal with their inspections: the old ones are over and released, of the newest some are booked,
    some on the bay, some just asked for."""
    for username in SITES:
        clerk = accounts.get_demo_person(username)
        for place, inspection in enumerate(selectors.list_inspections(clerk).filter(state="ordered").order_by("-pk")):
            began = inspection.ordered_at + timedelta(minutes=draw.randint(30, 240))
            if inspection.ordered_at > at - timedelta(days=2):
                _begin(clerk, inspection.pk, place, at)
            elif draw.random() < 0.93:
                bay = f"演示查验台 {draw.randint(1, 6)}"
                present_goods(user=clerk, inspection_id=inspection.pk, bay=bay, at=began)
                done = began + timedelta(minutes=draw.randint(30, 180))
                record_done(user=clerk, inspection_id=inspection.pk, note="演示：外包装完好，货单相符", at=done)
                decide(inspection.number, "800", done + timedelta(minutes=draw.randint(20, 300)))


def _begin(clerk: Any, inspection_id: UUID, place: int, at: datetime) -> None:
    if place % 3 == 1:
        booked = (at + timedelta(days=1)).replace(minute=30, second=0, microsecond=0)
        book_inspection(user=clerk, inspection_id=inspection_id, booked_for=booked, bay="演示查验台 2", at=at)
    elif place % 3 == 2:
        present_goods(user=clerk, inspection_id=inspection_id, bay="演示查验台 3", at=at)


def decide_oddly(*, decide: Decide, at: datetime) -> None:
    """Let the played side say to two lists what the standard does not know, and refuse two more of older days."""
    waiting = declarations.cases_in_state("awaiting_answer", limit=400)
    older = [case for case in waiting if case.direction == "I" and case.received_at < at - SETTLED]
    for case, status in zip(reversed(older), ("650", "650", "502", "599"), strict=False):
        decide(case.internal_no, status, at - timedelta(minutes=30))


def coordinate(*, at: datetime) -> None:
    """Let the port office ask about stuck cases: one question is open, one answered, one settled."""
    office = accounts.get_demo_person("office")
    trader = accounts.get_demo_person("trader")
    for state, question, acts in _TICKETS:
        cases = declarations.list_cases(trader).order_by("pk")
        stuck = cases.filter(state=state).first() or cases.filter(state="awaiting_answer").first()
        if stuck is None:
            continue
        asked = at - timedelta(hours=5)
        ticket = open_ticket(
            user=office,
            case_id=stuck.pk,
            question=question,
            party_ids=[trader.organisation_id],
            due_at=at + timedelta(days=1),
            at=asked,
        )
        for act in acts:
            asked += timedelta(hours=1)
            by, text = (
                (trader, "演示：材料已备齐，今日报送。") if act is TicketAct.ANSWER else (office, "演示：已办结。")
            )
            answer_ticket(user=by, ticket_id=ticket.pk, act=act, text=text, at=asked)


def write_drafts(*, card_holder: str, at: datetime) -> None:
    """Leave a half-written draft with one agent, and one that waits for the card with the agent that has one."""
    trader, holder = accounts.get_demo_person("trader"), accounts.get_demo_person("broker")
    for user in (trader, holder):
        mine = declarations.list_cases(user).filter(declarant_code=user.organisation.customs_code)
        case = mine.filter(trade_mode="9610", direction="I").order_by("pk").first()
        if case is None:
            continue
        values = declarations.values_to_copy(case) | {"internal_no": f"YS-DRAFT-{user.username}".upper()}
        if user.organisation.customs_code == card_holder:
            draft = save_draft(user=user, draft_id=None, values=values | _rest(), at=at)
            declare_draft(user=user, draft_id=draft.pk, at=at)
        else:
            save_draft(user=user, draft_id=None, values=values, at=at)


def _rest() -> dict[str, str]:
    """Give what a copy leaves out: numbers, transport, weights and invented people."""
    return {
        "order_no": "YSD-DRAFT-1",
        "transaction_no": "YSZ-DRAFT-1",
        "waybill_no": "YSW-DRAFT-1",
        "transport_name": "YS8888",
        "voyage_no": "YS8888",
        "bill_no": "999-10011000",
        "gross_weight_kg": "9",
        "net_weight_kg": "8",
        "buyer_name": "演示甲",
        "buyer_id_number": demo_resident_id(date(1990, 1, 1), 1),
        "buyer_phone": "19900000000",
        "consignee_name": "演示甲",
        "consignee_phone": "19900000000",
        "consignee_address": "湖北省武汉市江汉区演示路 1 号",
    }


def cancellation_of(listed: ListHead, list_no: str, *, at: datetime) -> CancelHead:
    """Write the request (623) to cancel a list."""
    values = {field.name: getattr(listed, field.name, None) for field in fields(CancelHead)}
    values |= {
        "guid": new_guid(),
        "app_type": "1",
        "app_time": format_time(at),
        "app_status": "2",
        "list_no": list_no,
        "reason": "演示：订购人取消订单",
        "note": None,
    }
    return CancelHead(**values)
