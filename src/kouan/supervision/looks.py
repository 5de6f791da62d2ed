"""What the states of supervision look like and are called: one chip a state; a colour never without its word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kouan.screens.formats import is_english
from kouan.screens.pieces import Chip, Tone, register_chips
from kouan.supervision.codes import AttendanceStatus, Progress
from kouan.supervision.codes import Tone as Colour
from kouan.supervision.rules import Light
from kouan.supervision.states import (
    AnnualPlanState,
    CoordinationState,
    DocumentState,
    ExtensionState,
    FormalInspectionState,
    JointInspectionState,
    MeasureState,
    MeetingState,
    ReportState,
    SeatState,
    TaskState,
    TopicState,
    WarningState,
)

CHIPS: Mapping[str, Mapping[Any, Chip]] = {
    "policy_document": {
        DocumentState.READ: Chip(_("待确认"), Tone.WAITING),
        DocumentState.CONFIRMED: Chip(_("已入账"), Tone.DONE),
        DocumentState.REPEALED: Chip(_("已废止"), Tone.IDLE, "ban"),
    },
    "measure": {
        MeasureState.OPEN: Chip(_("办理中"), Tone.RUNNING),
        MeasureState.CLAIMED: Chip(_("申请办结"), Tone.WAITING),
        MeasureState.BOUNCED: Chip(_("被退回"), Tone.REFUSED),
        MeasureState.CLOSED: Chip(_("已办结"), Tone.DONE),
        MeasureState.CANCELLED: Chip(_("已取消"), Tone.IDLE, "ban"),
    },
    "task": {
        TaskState.OPEN: Chip(_("办理中"), Tone.RUNNING),
        TaskState.CLAIMED: Chip(_("待核验"), Tone.WAITING),
        TaskState.CLOSED: Chip(_("已办结"), Tone.DONE),
        TaskState.CANCELLED: Chip(_("已取消"), Tone.IDLE, "ban"),
    },
    "report": {
        ReportState.DRAFT: Chip(_("填报中"), Tone.RUNNING),
        ReportState.SUBMITTED: Chip(_("待负责人审核"), Tone.WAITING),
        ReportState.RETURNED: Chip(_("负责人退回"), Tone.REFUSED),
        ReportState.APPROVED: Chip(_("待核收"), Tone.WAITING),
        ReportState.BOUNCED: Chip(_("口岸办退回"), Tone.REFUSED),
        ReportState.RECEIVED: Chip(_("已核收"), Tone.DONE),
    },
    "extension": {
        ExtensionState.ASKED: Chip(_("待审批"), Tone.WAITING),
        ExtensionState.GRANTED: Chip(_("已批准"), Tone.DONE),
        ExtensionState.REFUSED: Chip(_("不同意"), Tone.REFUSED),
    },
    "warning": {
        WarningState.ISSUED: Chip(_("待答复"), Tone.WAITING),
        WarningState.ANSWERED: Chip(_("已答复"), Tone.DONE),
    },
    "formal_inspection": {
        FormalInspectionState.DESIGNATED: Chip(_("已获指定"), Tone.WAITING),
        FormalInspectionState.PLANNED: Chip(_("方案已定"), Tone.RUNNING),
        FormalInspectionState.RUNNING: Chip(_("督查中"), Tone.RUNNING),
        FormalInspectionState.CONCLUDED: Chip(_("已作结论"), Tone.WAITING),
        FormalInspectionState.FED_BACK: Chip(_("已反馈"), Tone.RUNNING),
        FormalInspectionState.UNDER_REVIEW: Chip(_("复核中"), Tone.WAITING),
        FormalInspectionState.REVIEWED: Chip(_("已复核"), Tone.RUNNING),
        FormalInspectionState.CLOSED: Chip(_("已结束"), Tone.DONE),
    },
    "seat": {
        SeatState.PROPOSED: Chip(_("待确定"), Tone.WAITING),
        SeatState.FIXED: Chip(_("在任"), Tone.DONE),
        SeatState.ENDED: Chip(_("已届满"), Tone.IDLE, "minus"),
    },
    "meeting": {
        MeetingState.PLANNED: Chip(_("筹备中"), Tone.WAITING),
        MeetingState.CALLED: Chip(_("已通知"), Tone.RUNNING),
        MeetingState.HELD: Chip(_("已召开"), Tone.RUNNING),
        MeetingState.MINUTED: Chip(_("纪要已印发"), Tone.DONE),
        MeetingState.CANCELLED: Chip(_("已取消"), Tone.IDLE, "ban"),
    },
    "meeting_due": {
        "held": Chip(_("已召开"), Tone.DONE),
        "planned": Chip(_("已安排"), Tone.RUNNING),
        "due": Chip(_("应召开"), Tone.WAITING),
        "overdue": Chip(_("逾期未开"), Tone.OVERDUE),
        "ahead": Chip(_("未到期"), Tone.IDLE),
    },
    "topic": {
        TopicState.SUBMITTED: Chip(_("待列入"), Tone.WAITING),
        TopicState.ON_AGENDA: Chip(_("已列入"), Tone.RUNNING),
        TopicState.DEFERRED: Chip(_("暂缓"), Tone.IDLE),
        TopicState.DISCUSSED: Chip(_("已审议"), Tone.DONE),
    },
    "annual_plan": {
        AnnualPlanState.DRAFT: Chip(_("拟定中"), Tone.WAITING),
        AnnualPlanState.ADOPTED: Chip(_("已确定"), Tone.RUNNING),
        AnnualPlanState.REVIEWED: Chip(_("已总结"), Tone.DONE),
    },
    "coordination": {
        CoordinationState.OPEN: Chip(_("征求意见"), Tone.WAITING),
        CoordinationState.WEIGHED: Chip(_("方案比选"), Tone.RUNNING),
        CoordinationState.SETTLED: Chip(_("协调一致"), Tone.DONE),
        CoordinationState.ESCALATED: Chip(_("提请市政府"), Tone.WAITING),
    },
    "joint_inspection": {
        JointInspectionState.PLANNED: Chip(_("已安排"), Tone.WAITING),
        JointInspectionState.DONE: Chip(_("已检查"), Tone.DONE),
    },
    "progress": {
        Progress.NONE: Chip(_("未报"), Tone.IDLE),
        Progress.BEHIND: Chip(_("欠进度"), Tone.REFUSED),
        Progress.ON_TRACK: Chip(_("达进度"), Tone.RUNNING),
        Progress.AHEAD: Chip(_("超进度"), Tone.DONE),
        Progress.DONE: Chip(_("完成"), Tone.DONE),
    },
    "attendance": {
        AttendanceStatus.PRESENT: Chip(_("出席"), Tone.DONE),
        AttendanceStatus.DELEGATED: Chip(_("委托出席"), Tone.RUNNING),
        AttendanceStatus.OBSERVER: Chip(_("列席"), Tone.RUNNING),
        AttendanceStatus.EXCUSED: Chip(_("请假"), Tone.IDLE),
        AttendanceStatus.ABSENT: Chip(_("缺席"), Tone.REFUSED),
    },
}
_TONES: Mapping[str, Tone] = {
    Colour.BLUE: Tone.RUNNING,
    Colour.YELLOW: Tone.WAITING,
    Colour.ORANGE: Tone.REFUSED,
    Colour.RED: Tone.OVERDUE,
    "done": Tone.DONE,
    "none": Tone.IDLE,
}


def register() -> None:
    """Give every state of this app its chip."""
    for family, chips in CHIPS.items():
        register_chips(family, chips)


def light_chip(light: Light) -> Chip:
    """The light of a measure: the office's word for it, with how late it is."""
    word = light.word_en if is_english() else light.word
    if light.days_late > 0:
        late = _("逾期 %(n)s 天") % {"n": light.days_late}
        word = f"{word} · {late}"
    return Chip(word, _TONES.get(light.tone, Tone.UNKNOWN), "flag" if light.step else "")


def warning_chip(tone: str, word: str) -> Chip:
    """The step of a letter: its colour and the word that the office gave it."""
    return Chip(word, _TONES.get(tone, Tone.UNKNOWN), "flag")
