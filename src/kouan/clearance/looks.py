"""What the states of clearance look like and are called: one chip a state, one word a party."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kouan.clearance.rules import GateReason
from kouan.clearance.states import CaseState, InspectionState, Party, ReviewState, TicketState
from kouan.screens.formats import is_english
from kouan.screens.pieces import Chip, Tone, register_chips

CASE_CHIPS: Mapping[Any, Chip] = {
    CaseState.AWAITING_DOCUMENTS: Chip(_("待对碰"), Tone.WAITING),
    CaseState.MISMATCHED: Chip(_("对碰不一致"), Tone.REFUSED),
    CaseState.AWAITING_FORWARDING: Chip(_("待转发"), Tone.WAITING),
    CaseState.WITHDRAWN: Chip(_("已撤回"), Tone.IDLE),
    CaseState.REFUSED: Chip(_("退运"), Tone.REFUSED),
    CaseState.DETAINED: Chip(_("扣留"), Tone.REFUSED),
    CaseState.RETURNED_FOR_CORRECTION: Chip(_("退单"), Tone.REFUSED),
    CaseState.HELD: Chip(_("挂起"), Tone.WAITING),
    CaseState.UNDER_INSPECTION: Chip(_("查验中"), Tone.WAITING),
    CaseState.AWAITING_ANSWER: Chip(_("待答复"), Tone.RUNNING),
    CaseState.RELEASED_WITH_CONDITIONS: Chip(_("附条件放行"), Tone.DONE),
    CaseState.RELEASED: Chip(_("已放行"), Tone.DONE),
    CaseState.CLOSED: Chip(_("已结关"), Tone.DONE),
    CaseState.RETURNING: Chip(_("退货办理中"), Tone.WAITING),
    CaseState.GOODS_RETURNED: Chip(_("已退货"), Tone.IDLE, "undo"),
    CaseState.UNKNOWN_OFFICIAL: Chip(_("未知官方状态"), Tone.UNKNOWN),
}
PARTY_WORDS: Mapping[str, Any] = {
    Party.DECLARANT: _("申报企业"),
    Party.PLATFORM: _("电商平台"),
    Party.PAYMENT: _("支付企业"),
    Party.LOGISTICS: _("物流企业"),
    Party.KOUAN: _("本平台"),
    Party.NATIONAL: _("国家标准版"),
    Party.CUSTOMS: _("海关"),
    Party.AGENCY: _("相关机关"),
    Party.OPERATOR: _("监管场所"),
    Party.NOBODY: _("无"),
}
GATE_REASONS: Mapping[GateReason, Any] = {
    GateReason.RELEASED: _("已收到官方放行回执"),
    GateReason.NOT_RELEASED: _("官方尚未放行"),
    GateReason.NEVER_ANSWERED: _("尚未收到官方答复"),
    GateReason.LEFT_ALREADY: _("货物已登记离场"),
    GateReason.DEPARTED: _("货物已离境"),
    GateReason.WITHDRAWN: _("申报已撤回"),
    GateReason.UNDECLARED: _("有到货未见申报"),
    GateReason.TOO_MANY: _("票数过多，请分票查询"),
    GateReason.UNKNOWN: _("本场所没有该编号的申报"),
}
EVENT_WORDS: Mapping[tuple[str, str], Any] = {
    ("case", "stand"): _("申报状态变化"),
    ("case", "depart"): _("货物离境"),
    ("gate", "leave"): _("登记离场"),
    ("inspection", "order"): _("要求查验"),
    ("inspection", "book"): _("预约查验"),
    ("inspection", "rebook"): _("改约查验"),
    ("inspection", "present"): _("货物到场"),
    ("inspection", "record_done"): _("登记查验完成"),
    ("inspection", "cancel"): _("取消查验"),
    ("review", "ask"): _("询问申报人"),
    ("review", "receive_answer"): _("收到答复"),
    ("review", "order_inspection"): _("机关要求查验"),
    ("review", "clear"): _("登记无意见"),
    ("review", "clear_with_conditions"): _("登记附条件同意"),
    ("review", "object"): _("登记异议"),
    ("review", "reopen"): _("重新办理"),
    ("review", "lapse"): _("申报变更，原意见须重新办理"),
    ("review", "ask_to_confirm"): _("申报变更，原意见待确认"),
    ("review", "confirm_cleared"): _("确认原意见仍有效：无意见"),
    ("review", "confirm_conditions"): _("确认原意见仍有效：附条件同意"),
    ("review", "confirm_objection"): _("确认原意见仍有效：有异议"),
    ("ticket", "open"): _("发起协调"),
    ("ticket", "answer"): _("答复协调单"),
    ("ticket", "ask_again"): _("再次询问"),
    ("ticket", "close"): _("办结协调单"),
    ("ticket", "reopen"): _("重开协调单"),
}
"""What happened to a case, by kind of event and act."""
DOCUMENT_WORDS: Mapping[str, Any] = {
    "order": _("订单"),
    "payment": _("支付凭证"),
    "receipt": _("收款单"),
    "waybill": _("运单"),
    "missing": _("随附单证"),
}


def register() -> None:
    """Give every state of this app its chip."""
    register_chips("case", CASE_CHIPS)
    register_chips(
        "review",
        {
            ReviewState.PENDING: Chip(_("待办理"), Tone.WAITING),
            ReviewState.TO_CONFIRM: Chip(_("原意见待确认"), Tone.WAITING),
            ReviewState.ASKING: Chip(_("询问中"), Tone.WAITING),
            ReviewState.INSPECTING: Chip(_("查验中"), Tone.WAITING),
            ReviewState.CLEARED: Chip(_("无意见"), Tone.DONE),
            ReviewState.CLEARED_WITH_CONDITIONS: Chip(_("附条件同意"), Tone.DONE),
            ReviewState.OBJECTED: Chip(_("有异议"), Tone.REFUSED),
        },
    )
    register_chips(
        "inspection",
        {
            InspectionState.ORDERED: Chip(_("待预约"), Tone.WAITING),
            InspectionState.BOOKED: Chip(_("已预约"), Tone.RUNNING),
            InspectionState.PRESENTED: Chip(_("货已到场"), Tone.RUNNING),
            InspectionState.DONE: Chip(_("现场完成"), Tone.DONE),
            InspectionState.CANCELLED: Chip(_("已取消"), Tone.IDLE),
        },
    )
    register_chips(
        "gate",
        {
            str(reason): Chip(word, Tone.DONE if reason is GateReason.RELEASED else Tone.REFUSED)
            for reason, word in GATE_REASONS.items()
        },
    )
    register_chips(
        "ticket",
        {
            TicketState.OPEN: Chip(_("待答复"), Tone.WAITING),
            TicketState.ANSWERED: Chip(_("已答复"), Tone.RUNNING),
            TicketState.CLOSED: Chip(_("已办结"), Tone.DONE),
        },
    )


def event_words(event: Any) -> str:
    """Say what happened; an event without its word is named as it is stored."""
    return str(EVENT_WORDS.get((event.kind, event.act), f"{event.kind} {event.act}"))


def official_chip(status: str) -> Chip:
    """Give the chip of an official return status, with the standard's number and meaning."""
    from kouan.clearance.states import OFFICIAL_STATE
    from kouan.gateway.standards.ceb.statuses import status_of

    meaning = status_of(status)
    word = f"{status} {meaning.en if is_english() else meaning.zh}"
    if status.startswith("-") or status in ("4", "100"):
        return Chip(word, Tone.REFUSED)
    state = OFFICIAL_STATE.get(status)
    return Chip(word, CASE_CHIPS[state].tone if state else Tone.UNKNOWN)
