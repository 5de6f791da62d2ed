"""A town for tests: a document in the ledger, the units that it names, and the joint conference that it sets up."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.accounts.models import User
from kouan.accounts.selectors import local_date
from kouan.indicators.models import Indicator, Reading
from kouan.indicators.services import define_indicator, enter_reading
from kouan.supervision.codes import (
    AttendanceStatus,
    CorrectionKind,
    Frequency,
    InspectionKind,
    MeetingKind,
    SeatRole,
)
from kouan.supervision.models import (
    AnnualPlan,
    Attendance,
    Conference,
    CoordinationCase,
    Correction,
    Decision,
    Evidence,
    Extension,
    FormalInspection,
    JointInspection,
    Measure,
    Meeting,
    Node,
    Report,
    Responsibility,
    Seat,
    Target,
    Task,
    Topic,
    Warning,
)
from kouan.supervision.services import (
    closing,
    conference,
    coordinating,
    documents,
    inspecting,
    keeping,
    meetings,
    reporting,
    warning,
)

TEXT = """临江市人民政府文件

临政〔2025〕8号

市人民政府关于促进口岸发展的意见

各区人民政府，市人民政府各部门：

为促进口岸发展，提出如下意见：

一、重点工作

（一）加强航空口岸建设

1.拓展国际航线。加大开辟国际航线力度，争取每年新开3至5条国际航线。(责任单位：市交通局、临江机场集团)

2.优化通关服务。2026年6月底前建成联合查验平台；2026年12月底前实现全天候通关。(牵头单位：市商务局；配合单位：市交通局)

二、保障措施

（一）建立口岸工作联席会议制度。由市人民政府分管副市长任联席会议召集人，市商务局、市交通局、临江机场集团等单位相关负责人为成员，联席会议办公室设在市商务局。(责任单位：市商务局)

临江市人民政府

2025年3月1日
"""
"""A document in our own words, with a range for a figure, deadlines within sentences and a body with members."""


class Town:
    """A document of three units, confirmed; everything else is made when it is first asked for."""

    def __init__(self, *, at: dt.datetime, office: User | None = None) -> None:
        self.at = at
        home = office.organisation if office else make_organisation(OrganisationKind.PORT_OFFICE)
        self.office_home = home
        home.aliases.create(kind="short", name_zh="市商务局")
        self.office = office or make_user(Role.PORT_OFFICE_CLERK, organisation=home)
        self.second = make_user(Role.PORT_OFFICE_CLERK, organisation=home)
        self.bureau = make_organisation(OrganisationKind.AGENCY, agency="transport", name_zh="市交通局")
        self.airport = make_organisation(OrganisationKind.OPERATOR, name_zh="临江机场集团")
        self.elsewhere = make_organisation(OrganisationKind.AGENCY, agency="finance")
        self.liaison = make_user(Role.LIAISON, organisation=self.bureau)
        self.principal = make_user(Role.PRINCIPAL, organisation=self.bureau)
        self.document = documents.receive_text(user=self.office, text=TEXT, at=at)
        documents.confirm_document(
            user=self.office,
            document_id=self.document.pk,
            lead_by_order=True,
            frequency=Frequency.MONTHLY,
            at=at,
        )
        self.document.refresh_from_db()
        self.task = Task.objects.get(document=self.document, clause="一(一)1")
        self.measure = Measure.objects.filter(task=self.task).earliest("number")

    def stranger(self, like: User) -> User:
        """Somebody of the same role in a unit that has nothing to do with it."""
        return make_user(like.roles[0], organisation=self.elsewhere)

    @cached_property
    def dated(self) -> Measure:
        """A measure with a deadline, led by the port office."""
        return Measure.objects.filter(task__document=self.document, due_date__isnull=False).earliest("due_date")

    @cached_property
    def correction(self) -> Correction:
        """A correction of the document."""
        return documents.correct(
            user=self.office,
            document_id=self.document.pk,
            kind=CorrectionKind.TITLE,
            clause=self.task.clause,
            anchor="",
            which=0,
            value={"title": "拓展航线"},
            at=self.at,
        )

    @cached_property
    def duty(self) -> Responsibility:
        """One line of who answers for the task."""
        return Responsibility.objects.filter(task=self.task).earliest("number")

    @cached_property
    def target(self) -> Target:
        """The figure that the task has to reach."""
        return Target.objects.get(task=self.task)

    @cached_property
    def evidence(self) -> Evidence:
        """What proves the measure."""
        return closing.give_evidence(
            user=self.liaison,
            measure_id=self.measure.pk,
            title="航线批复",
            text="",
            file_name="批复.txt",
            content=b"yes",
            at=self.at,
        )

    @cached_property
    def node(self) -> Node:
        """A step on the way of the measure."""
        day = local_date(self.at) + timedelta(days=20)
        return keeping.add_node(user=self.liaison, measure_id=self.measure.pk, title="首航", due_date=day, at=self.at)

    @cached_property
    def extension(self) -> Extension:
        """A request for more time."""
        day = local_date(self.at) + timedelta(days=30)
        keeping.set_deadline(user=self.office, measure_id=self.measure.pk, due_date=day, at=self.at)
        return keeping.ask_extension(
            user=self.liaison,
            measure_id=self.measure.pk,
            to_date=day + timedelta(days=9),
            reason="机位紧张",
            at=self.at,
        )

    @cached_property
    def report(self) -> Report:
        """The bureau's report of this month, being written."""
        return reporting.open_report(user=self.liaison, frequency=Frequency.MONTHLY, at=self.at)

    def write(self, report: Report) -> None:
        """Fill every line of a report."""
        lines = {line.pk: reporting.Line(40, "on_track", "推进中") for line in report.lines.all()}
        reporting.save_lines(user=self.liaison, report_id=report.pk, lines=lines, at=self.at)

    @cached_property
    def submitted_report(self) -> Report:
        """The same report with the principal."""
        self.write(self.report)
        reporting.submit_report(user=self.liaison, report_id=self.report.pk, at=self.at)
        self.report.refresh_from_db()
        return self.report

    @cached_property
    def warning(self) -> Warning:
        """A letter to the bureau."""
        today = local_date(self.at)
        due = Measure.objects.get(pk=self.measure.pk).due_date
        if due is None:
            due = today + timedelta(days=3)
            keeping.set_deadline(user=self.office, measure_id=self.measure.pk, due_date=due, at=self.at)
        warning.issue_due_warnings(at=self.at + timedelta(days=max((due - today).days - 3, 0)))
        return Warning.objects.filter(organisation_id=self.bureau.pk).latest("number")

    @cached_property
    def conference(self) -> Conference:
        """The conference that the document sets up."""
        return conference.found_conference(user=self.office, document_id=self.document.pk, body=0, at=self.at)

    @cached_property
    def seat(self) -> Seat:
        """A member's seat."""
        return Seat.objects.filter(conference=self.conference, role=SeatRole.MEMBER).earliest("pk")

    def plan(self, kind: MeetingKind, title: str, *, days: int, prepares: Any = None) -> Meeting:
        """Plan a meeting."""
        return meetings.plan_meeting(
            user=self.office,
            conference_id=self.conference.pk,
            kind=kind,
            title=title,
            begins_at=self.at + timedelta(days=days),
            place="市民之家",
            chair="分管副市长",
            chair_by_delegation=False,
            prepares_id=prepares,
            at=self.at,
        )

    @cached_property
    def topic(self) -> Topic:
        """A topic on the agenda of the meeting."""
        return meetings.submit_topic(
            user=self.liaison,
            conference_id=self.conference.pk,
            title="航线培育",
            summary="研究航线培育办法",
            paper_name="材料.txt",
            paper=b"paper",
            at=self.at,
        )

    @cached_property
    def meeting(self) -> Meeting:
        """A special meeting that was held."""
        meeting = self.plan(MeetingKind.SPECIAL, "口岸工作专题会议", days=1)
        meetings.place_topic(user=self.office, topic_id=self.topic.pk, meeting_id=meeting.pk, at=self.at)
        meetings.call_meeting(user=self.office, meeting_id=meeting.pk, at=self.at)
        meetings.hold_meeting(user=self.office, meeting_id=meeting.pk, at=self.at)
        meeting.refresh_from_db()
        self.topic.refresh_from_db()
        return meeting

    @cached_property
    def attendance(self) -> Attendance:
        """The bureau's line of attendance."""
        row = Attendance.objects.get(meeting=self.meeting, organisation_id=self.bureau.pk)
        assert row.status == AttendanceStatus.PRESENT
        return row

    @cached_property
    def decision(self) -> Decision:
        """What the meeting decided."""
        return meetings.record_decision(
            user=self.office,
            meeting_id=self.meeting.pk,
            topic_id=self.topic.pk,
            text="由市交通局牵头制定航线培育办法。",
            organisation_ids=[self.bureau.pk, self.airport.pk],
            due_date=local_date(self.at) + timedelta(days=60),
            needs_approval=False,
            at=self.at,
        )

    @cached_property
    def next_meeting(self) -> Meeting:
        """A later meeting of the same conference."""
        return self.plan(MeetingKind.PLENARY, "第二次全体会议", days=90)

    @cached_property
    def annual_plan(self) -> AnnualPlan:
        """The priorities of a year, being drafted."""
        return coordinating.draft_plan(
            user=self.office, conference_id=self.conference.pk, year=2027, title="2027年度重点工作", at=self.at
        )

    @cached_property
    def adopted_plan(self) -> AnnualPlan:
        """The same, adopted by the meeting."""
        plan = self.annual_plan
        coordinating.adopt_plan(user=self.office, plan_id=plan.pk, meeting_id=self.meeting.pk, at=self.at)
        return plan

    @cached_property
    def coordination_case(self) -> CoordinationCase:
        """A disagreement between the bureau and the airport."""
        return coordinating.open_coordination(
            user=self.office,
            conference_id=self.conference.pk,
            title="机位分配",
            question="夜间机位归谁安排",
            party_ids=[self.bureau.pk, self.airport.pk],
            due_date=None,
            at=self.at,
        )

    @cached_property
    def joint_inspection(self) -> JointInspection:
        """A look at the airport that the bureau takes part in."""
        return coordinating.plan_joint_inspection(
            user=self.office,
            conference_id=self.conference.pk,
            title="旺季保障检查",
            on_date=local_date(self.at),
            matter="查看保障准备",
            inspector_ids=[self.bureau.pk],
            subject_ids=[self.airport.pk],
            at=self.at,
        )

    def designate(self) -> FormalInspection:
        """A government inspection of the bureau, just designated."""
        today = local_date(self.at)
        return inspecting.register_inspection(
            user=self.office,
            title="航线任务专项督查",
            kind=InspectionKind.SPECIAL,
            designated_by="市人民政府",
            designation_no="临政办〔2026〕5号",
            designated_date=today,
            matter="航线任务落实情况",
            scope="市交通局",
            since=today,
            until=today + timedelta(days=60),
            subject_ids=[self.bureau.pk],
            at=self.at,
        )

    @cached_property
    def formal_inspection(self) -> FormalInspection:
        """The same with its conclusion fed back."""
        row = self.designate()
        inspecting.plan_inspection(user=self.office, pk=row.pk, plan="听取汇报、实地查看", leader="张三", at=self.at)
        inspecting.begin_inspection(user=self.office, pk=row.pk, at=self.at)
        inspecting.conclude_inspection(user=self.office, pk=row.pk, conclusion="进展偏慢", at=self.at)
        inspecting.feed_back(user=self.office, pk=row.pk, at=self.at)
        row.refresh_from_db()
        return row

    @cached_property
    def indicator(self) -> Indicator:
        """An indicator that the bureau enters."""
        return define_indicator(
            actor=self.office,
            at=self.at,
            key="new_routes",
            name_zh="新开国际航线",
            meaning="当年首次开通的国际航线条数",
            unit="条",
            period="month",
            shape="flow",
            source="民航批复",
            owner_id=self.bureau.pk,
        )

    @cached_property
    def reading(self) -> Reading:
        """A reading of it."""
        day = local_date(self.at) - timedelta(days=1)
        return enter_reading(
            actor=self.liaison,
            at=self.at,
            key=self.indicator.key,
            since=day,
            until=day,
            value=Decimal(1),
            evidence="批复一号",
            file_name="批复.txt",
            content=b"yes",
        )
