"""Coded values of documents, the ledger and the joint conference."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitRole(models.TextChoices):
    """What a unit has to do with a task, as the document says it."""

    LEAD = "lead", _("牵头单位")
    RESPONSIBLE = "responsible", _("责任单位")
    SUPPORT = "support", _("配合单位")
    IMPLEMENT = "implement", _("落实单位")
    PARTICIPATE = "participate", _("参加单位")
    UNMARKED = "unmarked", _("未注明角色")


class TaskSource(models.TextChoices):
    """Where a task comes from."""

    DOCUMENT = "document", _("文件")
    MEETING = "meeting", _("会议")
    LETTER = "letter", _("来函")
    INSPECTION = "inspection", _("检查")
    PLAN = "plan", _("年度计划")


class Frequency(models.TextChoices):
    """How often a unit reports."""

    WEEKLY = "weekly", _("周度")
    MONTHLY = "monthly", _("月度")
    QUARTERLY = "quarterly", _("季度")


class Progress(models.TextChoices):
    """The class of progress that a report claims, or that time and percentage show."""

    NONE = "none", _("未报")
    BEHIND = "behind", _("欠进度")
    ON_TRACK = "on_track", _("达进度")
    AHEAD = "ahead", _("超进度")
    DONE = "done", _("完成")


class CorrectionKind(models.TextChoices):
    """What a person corrected of what was read."""

    UNIT = "unit", _("单位")
    NEW_TASK = "new_task", _("补事项")
    NEW_MEASURE = "new_measure", _("补举措")
    NEW_UNIT = "new_unit", _("补单位")
    NEW_FIGURE = "new_figure", _("补目标值")
    TITLE = "title", _("事项名称")
    DUE = "due", _("时限")
    MEASURE = "measure", _("举措")
    FIGURE = "figure", _("指标")
    TASK = "task", _("事项")


class SeatRole(models.TextChoices):
    """What a person or unit is in the joint conference."""

    FIRST_CONVENOR = "first_convenor", _("第一召集人")
    CONVENOR = "convenor", _("召集人")
    DEPUTY = "deputy", _("副召集人")
    MEMBER = "member", _("成员")
    OFFICE = "office", _("办公室")
    LIAISON = "liaison", _("联络员")


class MeetingKind(models.TextChoices):
    """Which meeting."""

    PLENARY = "plenary", _("全体会议")
    SPECIAL = "special", _("专题会议")
    LIAISON = "liaison", _("联络员会议")


class AttendanceStatus(models.TextChoices):
    """How a unit attended."""

    PRESENT = "present", _("出席")
    DELEGATED = "delegated", _("委托出席")
    OBSERVER = "observer", _("列席")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺席")


class InspectionKind(models.TextChoices):
    """The kinds of government inspection (政府督查工作条例 第十四条)."""

    COMPREHENSIVE = "comprehensive", _("综合督查")
    SPECIAL = "special", _("专项督查")
    INCIDENT = "incident", _("事件调查")
    ROUTINE = "routine", _("日常督办")
    CLUE = "clue", _("线索核查")


class Tone(models.TextChoices):
    """The colour of a step of warning; it never stands without the step's word."""

    BLUE = "blue", pgettext_lazy("警示颜色", "蓝")
    YELLOW = "yellow", pgettext_lazy("警示颜色", "黄")
    ORANGE = "orange", pgettext_lazy("警示颜色", "橙")
    RED = "red", pgettext_lazy("警示颜色", "红")
