"""Rows of the joint conference: seats, meetings, topics, decisions, priorities, coordination, joint inspection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7
from kouan.supervision.codes import AttendanceStatus, MeetingKind, SeatRole, UnitRole
from kouan.supervision.states import (
    AnnualPlanState,
    CoordinationState,
    JointInspectionState,
    MeetingState,
    SeatState,
    TopicState,
)

if TYPE_CHECKING:
    from kouan.accounts.models import User


class ConferenceQuerySet(models.QuerySet["Conference"]):
    def visible_to(self, user: User) -> ConferenceQuerySet:
        """The port office, and every unit with a seat."""
        if user.sees_all_cases:
            return self
        return self.filter(seats__organisation_id=user.organisation_id).distinct()


class Conference(models.Model):
    """A joint conference of units. It has no seal and issues no formal document; its minutes bind its members."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("名称"), max_length=120)
    document = models.ForeignKey(
        "supervision.PolicyDocument", models.PROTECT, null=True, blank=True, verbose_name=_("设立依据")
    )
    office_id = models.UUIDField(_("办公室所在单位"), null=True)
    founded_date = models.DateField(_("设立日期"), null=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("联席会议")

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """Who sits in the conference for which unit, in which role, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="seats", verbose_name=_("联席会议"))
    organisation_id = models.UUIDField(_("单位"), null=True)
    unit_as_written = models.CharField(_("文件所用名称"), max_length=200)
    role = models.CharField(_("职务"), max_length=16, choices=SeatRole.choices)
    person_name = models.CharField(_("姓名"), max_length=60, blank=True)
    post = models.CharField(_("本单位职务"), max_length=120, blank=True)
    user_id = models.UUIDField(_("系统人员"), null=True)
    since_date = models.DateField(_("任期起"))
    until_date = models.DateField(_("任期止"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s.value, s.value) for s in SeatState], default=SeatState.PROPOSED.value
    )
    state_since = models.DateTimeField(_("状态起始"))

    class Meta:
        verbose_name = _("联席会议席位")
        ordering = ["id"]
        indexes = [models.Index(fields=["organisation_id", "conference"], name="seat_by_unit")]


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> MeetingQuerySet:
        """The port office; units with a seat, once the meeting is called."""
        if user.sees_all_cases:
            return self
        return (
            self.filter(conference__seats__organisation_id=user.organisation_id)
            .exclude(state=MeetingState.PLANNED)
            .distinct()
        )


class Meeting(models.Model):
    """A meeting of the conference, or of its liaison officers; a liaison meeting prepares another one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="meetings", verbose_name=_("联席会议"))
    kind = models.CharField(_("会议类型"), max_length=10, choices=MeetingKind.choices)
    title = models.CharField(_("会议名称"), max_length=200)
    begins_at = models.DateTimeField(_("会议时间"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    chair = models.CharField(_("主持人"), max_length=120, blank=True)
    chair_by_delegation = models.BooleanField(_("召集人委托主持"), default=False)
    prepares = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="preparations", verbose_name=_("为哪次会议准备")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s.value, s.value) for s in MeetingState], default=MeetingState.PLANNED.value
    )
    state_since = models.DateTimeField(_("状态起始"))
    minutes_year = models.PositiveSmallIntegerField(_("纪要年度"), null=True)
    minutes_number = models.PositiveSmallIntegerField(_("纪要期号"), null=True)
    minutes_opening = models.TextField(_("纪要导语"), blank=True)
    minutes_issued_at = models.DateTimeField(_("纪要印发时间"), null=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("会议")
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "minutes_year", "minutes_number"], name="one_minutes_per_number"
            )
        ]
        indexes = [models.Index(fields=["conference", "-begins_at"], name="meeting_by_time")]

    def __str__(self) -> str:
        return self.title


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: User) -> TopicQuerySet:
        """The port office; the unit that handed it in; members, once it is on an agenda."""
        if user.sees_all_cases:
            return self
        member = models.Q(conference__seats__organisation_id=user.organisation_id, meeting__isnull=False)
        return self.filter(
            models.Q(organisation_id=user.organisation_id) | (member & ~models.Q(meeting__state=MeetingState.PLANNED))
        ).distinct()


class Topic(models.Model):
    """A topic that a unit handed in, with its paper."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="topics", verbose_name=_("联席会议"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="topics", verbose_name=_("会议")
    )
    number = models.PositiveSmallIntegerField(_("序号"), default=0)
    organisation_id = models.UUIDField(_("提出单位"))
    title = models.CharField(_("议题"), max_length=200)
    summary = models.TextField(_("内容摘要"))
    paper_name = models.CharField(_("材料文件名"), max_length=200, blank=True)
    paper = models.BinaryField(_("会议材料"), null=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s.value, s.value) for s in TopicState], default=TopicState.SUBMITTED.value
    )
    state_since = models.DateTimeField(_("状态起始"))
    submitted_by_label = models.CharField(_("提出人"), max_length=120)
    submitted_at = models.DateTimeField(_("提出时间"))
    discussion = models.TextField(_("审议情况"), blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("议题")
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """How a unit attended a meeting, and who sat there for whom."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance", verbose_name=_("会议"))
    organisation_id = models.UUIDField(_("单位"), null=True)
    unit_name = models.CharField(_("单位名称"), max_length=200)
    person_name = models.CharField(_("出席人"), max_length=60, blank=True)
    post = models.CharField(_("职务"), max_length=120, blank=True)
    status = models.CharField(_("出席情况"), max_length=10, choices=AttendanceStatus.choices)
    delegated_by = models.CharField(_("委托人"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("出席记录")
        ordering = ["id"]


class Decision(models.Model):
    """What a meeting decided, for whom and until when; it becomes a task of the ledger."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions", verbose_name=_("会议"))
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("议题")
    )
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.TextField(_("议定事项"))
    organisation_ids = ArrayField(models.UUIDField(), verbose_name=_("责任单位"), default=list)
    first_role = models.CharField(_("首位单位角色"), max_length=12, choices=UnitRole.choices, default=UnitRole.LEAD)
    due_date = models.DateField(_("时限"), null=True, blank=True)
    needs_approval = models.BooleanField(_("须报市政府"), default=False)
    approval = models.CharField(_("报批结果"), max_length=300, blank=True)
    task = models.OneToOneField(
        "supervision.Task", models.PROTECT, null=True, related_name="decision", verbose_name=_("事项")
    )
    result = models.TextField(_("向下次会议报告的落实情况"), blank=True)
    reported_to = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="results_heard", verbose_name=_("听取报告的会议")
    )

    class Meta:
        verbose_name = _("议定事项")
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="one_decision_per_number")]


class AnnualPlanQuerySet(models.QuerySet["AnnualPlan"]):
    def visible_to(self, user: User) -> AnnualPlanQuerySet:
        """The port office; units with a seat, once the plan is adopted."""
        if user.sees_all_cases:
            return self
        return (
            self.filter(conference__seats__organisation_id=user.organisation_id)
            .exclude(state=AnnualPlanState.DRAFT)
            .distinct()
        )


class AnnualPlan(models.Model):
    """The priorities of one year; each is a task of the ledger."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="plans", verbose_name=_("联席会议"))
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=200)
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s.value, s.value) for s in AnnualPlanState],
        default=AnnualPlanState.DRAFT.value,
    )  # fmt: skip
    state_since = models.DateTimeField(_("状态起始"))
    adopted_at_meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="plans_adopted", verbose_name=_("确定于")
    )
    review = models.TextField(_("年终总结"), blank=True)

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("年度重点")
        constraints = [models.UniqueConstraint(fields=["conference", "year"], name="one_plan_per_year")]

    def __str__(self) -> str:
        return self.title


class CoordinationCaseQuerySet(models.QuerySet["CoordinationCase"]):
    def visible_to(self, user: User) -> CoordinationCaseQuerySet:
        """The port office, and every party."""
        return self if user.sees_all_cases else self.filter(party_ids__contains=[user.organisation_id])


class CoordinationCase(models.Model):
    """A question on which units disagree: their positions, the options, the outcome."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="coordination", verbose_name=_("联席会议"))
    task = models.ForeignKey(
        "supervision.Task", models.PROTECT, null=True, blank=True, related_name="coordination", verbose_name=_("事项")
    )
    ticket_id = models.UUIDField(_("协调单"), null=True, db_index=True)
    case_id = models.UUIDField(_("清单"), null=True, db_index=True)
    title = models.CharField(_("协调事项"), max_length=200)
    question = models.TextField(_("分歧"))
    party_ids = ArrayField(models.UUIDField(), verbose_name=_("有关单位"), default=list)
    options = models.TextField(_("方案比选"), blank=True)
    outcome = models.TextField(_("协调结果"), blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=[(s.value, s.value) for s in CoordinationState],
        default=CoordinationState.OPEN.value,
    )  # fmt: skip
    state_since = models.DateTimeField(_("状态起始"))
    opened_by_label = models.CharField(_("发起人"), max_length=120)
    opened_at = models.DateTimeField(_("发起时间"))
    due_date = models.DateField(_("协调时限"), null=True, blank=True)

    objects = CoordinationCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("部门协调")


class Position(models.Model):
    """What one unit says in a coordination case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(CoordinationCase, models.CASCADE, related_name="positions", verbose_name=_("部门协调"))
    organisation_id = models.UUIDField(_("单位"))
    text = models.TextField(_("意见"))
    said_by_label = models.CharField(_("经办"), max_length=120)
    said_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("单位意见")
        ordering = ["id"]


class JointInspectionQuerySet(models.QuerySet["JointInspection"]):
    def visible_to(self, user: User) -> JointInspectionQuerySet:
        """The port office, and the units that inspect or are inspected."""
        if user.sees_all_cases:
            return self
        mine = [user.organisation_id]
        return self.filter(models.Q(inspector_ids__contains=mine) | models.Q(subject_ids__contains=mine))


class JointInspection(models.Model):
    """A look that members of the conference take together at how its decisions are carried out."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conference = models.ForeignKey(Conference, models.PROTECT, related_name="inspections", verbose_name=_("联席会议"))
    title = models.CharField(_("检查名称"), max_length=200)
    on_date = models.DateField(_("检查日期"))
    inspector_ids = ArrayField(models.UUIDField(), verbose_name=_("参加单位"), default=list)
    subject_ids = ArrayField(models.UUIDField(), verbose_name=_("受检单位"), default=list)
    matter = models.TextField(_("检查内容"))
    findings = models.TextField(_("检查情况"), blank=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=[(s.value, s.value) for s in JointInspectionState],
        default=JointInspectionState.PLANNED.value,
    )  # fmt: skip
    state_since = models.DateTimeField(_("状态起始"))

    objects = JointInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("联合检查")
