"""What the states of goods declarations look like, and how parties are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kouan.gateway.standards.dec.channels import CHANNELS
from kouan.goods import selectors
from kouan.goods.assessing import RATES_OF_COMPLETION, WhyNot
from kouan.goods.codes import Deadline, GoodsFinding, Procedure, Reminder, SheetState, Step, UnplacedState
from kouan.goods.deadlines import Due, arrival_days, deadlines_of, reminder_of
from kouan.goods.states import ApplicationState, GoodsState, Party, state_of_channel
from kouan.screens.formats import is_english
from kouan.screens.pieces import Chip, Tone, register_chips, to_chip

STATE_CHIPS: dict[GoodsState, Chip] = {
    GoodsState.AWAITING_CHANNEL: Chip(_("等待转发"), Tone.RUNNING),
    GoodsState.SENT: Chip(_("已发送，等待导入"), Tone.RUNNING),
    GoodsState.IMPORT_FAILED: Chip(_("导入失败"), Tone.REFUSED),
    GoodsState.SAVED: Chip(_("已暂存，待签名申报"), Tone.WAITING),
    GoodsState.DECLARED: Chip(_("申报成功"), Tone.RUNNING),
    GoodsState.DECLARING_FAILED: Chip(_("申报失败"), Tone.REFUSED),
    GoodsState.RECEIVED: Chip(_("海关已接收"), Tone.RUNNING),
    GoodsState.FILE_WANTED: Chip(_("需重传文件"), Tone.WAITING),
    GoodsState.BY_HAND: Chip(_("需手工申报"), Tone.WAITING),
    GoodsState.NOT_ACCEPTED: Chip(_("不被受理"), Tone.REFUSED),
    GoodsState.RETURNED: Chip(_("退回修改"), Tone.REFUSED),
    GoodsState.EXAMINED: Chip(_("已审结"), Tone.RUNNING),
    GoodsState.EXAMINED_AGAIN: Chip(_("重审"), Tone.WAITING),
    GoodsState.TAX_DUE: Chip(_("需交税费"), Tone.WAITING),
    GoodsState.INSPECTED: Chip(_("查验中"), Tone.WAITING, "search"),
    GoodsState.GUARANTEED: Chip(_("担保放行"), Tone.DONE),
    GoodsState.RELEASED: Chip(_("已放行"), Tone.DONE),
    GoodsState.CLOSED: Chip(_("已结关"), Tone.DONE),
    GoodsState.DELETED: Chip(_("海关删单"), Tone.REFUSED),
    GoodsState.UNKNOWN_OFFICIAL: Chip(_("未知官方状态"), Tone.UNKNOWN),
}
PARTY_WORDS = {
    Party.KOUAN: _("本平台"),
    Party.WINDOW: _("国家单一窗口"),
    Party.DECLARANT: _("申报单位"),
    Party.CUSTOMS: _("海关"),
    Party.NOBODY: _("无需等待"),
}


WHY_NOT_WORDS = {
    WhyNot.NO_RATE: _("没有导入当日有效的税率，不计算"),
    WhyNot.NO_EXCHANGE: _("没有导入当日有效的计征汇率，不计算"),
    WhyNot.NO_VALUE: _("总价或计费重量未填，不计算"),
    WhyNot.TERMS: _("按该成交方式不能推算计税价格，不计算"),
    WhyNot.EXEMPT: _("征免方式为全免"),
    WhyNot.OTHER_MODE: _("征免方式须由海关核定，不计算"),
}
EVENT_WORDS = {
    ("goods", "store"): _("收到报关单"),
    ("goods", "send"): _("发送国家单一窗口"),
    ("goods", "stand"): _("状态变化"),
    ("goods_tax", "record_paid"): _("登记税款已缴"),
    ("goods_tax", "record_bill"): _("登记税单"),
    ("goods_tax", "record_guaranteed"): _("登记担保"),
    ("application", "ask"): _("提出修撤单申请"),
    ("goodsapplication", "approve"): _("海关同意修撤单申请"),
    ("goodsapplication", "refuse"): _("海关不同意修撤单申请"),
    ("goodsapplication", "take_back"): _("收回修撤单申请"),
    ("goodsapplication", "carry_out"): _("修撤单已办理"),
    ("goods_answer", "place"): _("人工落位官方回执"),
    ("review", "ask"): _("机关询问"),
    ("review", "receive_answer"): _("答复询问"),
    ("review", "clear"): _("机关无意见"),
    ("review", "clear_with_conditions"): _("机关附条件同意"),
    ("review", "object"): _("机关提出异议"),
    ("review", "order_inspection"): _("机关布控查验"),
    ("inspection", "order"): _("布控查验"),
    ("inspection", "book"): _("预约查验"),
    ("inspection", "rebook"): _("改约查验"),
    ("inspection", "present"): _("货物到场待查验"),
    ("inspection", "record_done"): _("现场查验完成"),
    ("inspection", "cancel"): _("查验取消"),
    ("gate", "leave"): _("货物离场"),
}


def event_words(event: Any) -> str:
    """Say what happened; a reminder with its deadline, an event without its word as it is stored."""
    if event.kind == "goods_deadline":
        what, _sep, how = event.act.rpartition("_")
        return f"{Deadline(what).label}：{Reminder(how).label}"
    return str(EVENT_WORDS.get((event.kind, event.act), f"{event.kind} {event.act}"))


@dataclass(frozen=True, slots=True)
class ShownDeadline:
    """A deadline as the page shows it: what for, until when, how long that is, and by which clause."""

    word: Any
    until: date | None
    left: Chip
    clause: str = ""
    note: Any = ""


def deadlines_shown(row: Any, today: date) -> list[ShownDeadline]:
    """Give the deadlines of a declaration, and say where one cannot be told."""
    declared = timezone.localdate(row.declared_at) if row.declared_at else None
    days = arrival_days(row.direction, declared) if declared else None
    billed = selectors.billed_date(row)
    found = deadlines_of(row, declared=declared, billed=billed, arrival_days=days)
    shown = [_to_shown(due, today) for due in found]
    if row.procedure == Procedure.EARLY and days is None and row.released_at is None:
        shown.append(ShownDeadline(Deadline.ARRIVE.label, None, Chip(_("未设定"), Tone.IDLE), "",
                                   _("口岸办未导入提前申报运抵期限（代码表 early_arrival_days）")))  # fmt: skip
    if row.step == Step.OUTLINE and row.entry_date is None:
        shown.append(ShownDeadline(Deadline.COMPLETE.label, None, Chip(_("未知"), Tone.UNKNOWN), "",
                                   _("未填进出口日期，无法计算期限")))  # fmt: skip
    return shown


def _to_shown(due: Due, today: date) -> ShownDeadline:
    left = due.days_left(today)
    reminder = reminder_of(due.until, today)
    if reminder is Reminder.PASSED:
        chip = Chip(_("已过 %(count)s 日") % {"count": -left}, Tone.OVERDUE)
    elif reminder is Reminder.TODAY:
        chip = Chip(_("今日到期"), Tone.OVERDUE)
    else:
        chip = Chip(_("还剩 %(count)s 日") % {"count": left}, Tone.WAITING if reminder else Tone.RUNNING, "clock")
    begins = _("自 %(day)s 起算") % {"day": f"{due.begins:%Y-%m-%d}"}
    note = f"{begins}；{_('期限原文未核')}" if due.is_weak else begins
    return ShownDeadline(due.what.label, due.until, chip, due.clause, note)


def rate_clause(row: Any) -> Any:
    """Say by which clause the day of the rates is chosen; where the text at hand does not say, that is said."""
    day = timezone.localdate(row.declared_at or row.received_at)
    if day < RATES_OF_COMPLETION:
        return _("关税法施行（2024-12-01）前的申报；当时规定的原文不在本平台")
    if row.procedure == Procedure.EARLY and row.entry_date and row.entry_date > day:
        return _("关税法第二十条第二款：先行申报的，适用运输工具申报进境之日的税率")
    if row.declared_at is None:
        return _("关税法第二十条：适用完成申报之日的税率；海关尚未接受申报，暂按收到之日")
    return _("关税法第二十条：适用完成申报之日的税率；第二十四条计税价格，第六十条计征汇率")


def register() -> None:
    """Give the states their chips."""
    register_chips("goods", STATE_CHIPS)
    register_chips(
        "goods_application",
        {
            ApplicationState.ASKED: Chip(_("待海关答复"), Tone.WAITING),
            ApplicationState.APPROVED: Chip(_("海关同意，待办理"), Tone.WAITING),
            ApplicationState.REFUSED: Chip(_("海关不同意"), Tone.REFUSED),
            ApplicationState.TAKEN_BACK: Chip(_("已收回"), Tone.IDLE),
            ApplicationState.CARRIED_OUT: Chip(_("已办理"), Tone.DONE),
        },
    )
    register_chips(
        "goods_sheet",
        {
            SheetState.READING: Chip(SheetState.READING.label, Tone.RUNNING),
            SheetState.TRIED: Chip(SheetState.TRIED.label, Tone.WAITING),
            SheetState.UNREADABLE: Chip(SheetState.UNREADABLE.label, Tone.REFUSED),
            SheetState.SENDING: Chip(SheetState.SENDING.label, Tone.RUNNING),
            SheetState.SENT: Chip(SheetState.SENT.label, Tone.DONE),
        },
    )
    register_chips(
        "goods_unplaced",
        {
            UnplacedState.WAITING: Chip(UnplacedState.WAITING.label, Tone.WAITING),
            UnplacedState.PLACED: Chip(UnplacedState.PLACED.label, Tone.DONE),
            UnplacedState.EXPLAINED: Chip(UnplacedState.EXPLAINED.label, Tone.IDLE),
        },
    )
    register_chips(
        "goods_finding",
        {
            GoodsFinding.REFUSED: Chip(_("校验未通过"), Tone.REFUSED),
            GoodsFinding.WARNED: Chip(_("通过并有提示"), Tone.WAITING),
            GoodsFinding.SAME: Chip(_("重复报送"), Tone.IDLE),
            GoodsFinding.NOT_YOURS: Chip(_("无权报送"), Tone.REFUSED),
        },
    )


def channel_chip(kind: str, code: str) -> Chip:
    """The chip of an official answer: the standard's own word for its channel, never a guess."""
    if kind in ("DecResponse", "ClientFail"):
        taken = code == "0"
        return Chip(_("导入成功，已暂存") if taken else _("导入失败"), Tone.DONE if taken else Tone.REFUSED)
    known = CHANNELS.get(code)
    if known is None:
        return Chip(_("未知官方状态 %(code)s") % {"code": code}, Tone.UNKNOWN)
    state = state_of_channel(code)
    tone = to_chip(state, "goods").tone if state else Tone.IDLE
    return Chip(known.en if is_english() else known.zh, Tone.DONE if tone == Tone.RUNNING else tone)
