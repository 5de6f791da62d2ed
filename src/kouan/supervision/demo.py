"""Demonstration data of supervision: documents in our own words, a ledger under way, a conference that has met.

All of it is made by the same services as real data; every document and meeting is marked 演示.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from kouan.accounts import selectors as accounts
from kouan.accounts.selectors import local_date
from kouan.indicators.services import define_indicator, enter_reading
from kouan.supervision.codes import AttendanceStatus, Frequency, MeetingKind, Progress, SeatRole
from kouan.supervision.demo_between import seed_between
from kouan.supervision.models import Measure, PolicyDocument, Target
from kouan.supervision.services import closing, conference, documents, keeping, meetings, reporting
from kouan.supervision.services.warning import issue_due_warnings
from kouan.supervision.states import ExtensionAct, SeatAct

_NAME = "演示-口岸工作要点.txt"


def _document(year: int) -> str:
    return f"""（演示）

武汉市人民政府文件

演示政〔{year}〕1号

市人民政府关于{year}年口岸重点工作的意见（演示）

各区人民政府，市人民政府各部门：

为做好{year}年口岸工作，提出如下意见（本文为演示数据，不是正式文件）：

一、重点工作

（一）提升航空口岸

1.拓展国际航线。加密国际货运航班，全年新开4至6条国际航线。(牵头单位：市交通运输局；配合单位：湖北机场集团、黄陂区人民政府)

2.推行预约通关。{year}年3月底前公布预约办法；{year}年9月底前实现夜间货物预约通关。(牵头单位：武汉海关；配合单位：湖北机场集团)

（二）畅通水运铁路

1.整合港区资源。{year}年6月底前完成港区岸线摸底，{year}年12月底前提出整合方案。(责任单位：武汉新港管委会、市交通运输局、武汉港航发展集团)

2.做强国际班列。推动班列运量稳定增长，集结中心{year}年10月底前投入使用。(责任单位：中国铁路武汉局集团有限公司、武汉临空港经济技术开发区管委会)

（三）优化通关环境

1.精简现场作业。梳理可以前推后移的现场作业，形成清单并按季更新。(责任单位：市商务局〈市口岸办〉)

2.降低物流成本。{year}年5月底前公布口岸收费目录，{year}年11月底前开展一次评估。(牵头单位：市发展改革委；配合单位：市财政局、市市场监管局)

二、保障措施

（一）健全口岸工作联席会议制度。由市人民政府分管副市长任联席会议召集人，市商务局(市口岸办)、市发展改革委、市交通运输局、市财政局、武汉海关、武汉海事局、湖北机场集团、武汉港航发展集团等单位相关负责人为成员，联席会议办公室设在市商务局(市口岸办)。(责任单位：市商务局〈市口岸办〉)

武汉市人民政府（演示）

{year}年1月15日
"""


def seed_supervision(*, at: datetime) -> int:
    """Make the documents, the ledger and the conference; return how many measures there are. Twice adds nothing."""
    if PolicyDocument.objects.filter(is_demo=True).exists():
        return Measure.objects.count()
    people = _people()
    today = local_date(at)
    document = _enter(people, at, today.year)
    _define_indicators(people, at, today)
    _report(people, at)
    _close_one(people, at)
    _extend_one(people, at)
    _meet(people, document, at)
    issue_due_warnings(at=at)
    return Measure.objects.count()


def _people() -> dict[str, Any]:
    """The people of the demonstration by user name."""
    return {person.username: person for person in accounts.list_demo_people()}


def _enter(people: dict[str, Any], at: datetime, year: int) -> PolicyDocument:
    office = people["office"]
    at = at - timedelta(days=200)
    content = _document(year).encode()
    document = documents.take_in(actor=office, file_name=_NAME, content=content, at=at, is_demo=True)
    documents.confirm_document(
        user=office, document_id=document.pk, lead_by_order=True, frequency=Frequency.MONTHLY, at=at
    )
    return document


def _define_indicators(people: dict[str, Any], at: datetime, today: date) -> None:
    transport, railway = people["unit02"], people["unit17"]
    wanted = (
        ("new_international_routes", "新开国际航线", "New international routes",
         "当年首次开通的国际（地区）客货运航线条数",
         "条", "flow", transport, (1, 0, 0, 1, 0, 0, 1, 0, 0, 1)),
        ("international_trains", "国际班列开行", "International trains", "当月始发和到达的国际班列列数",
         "列", "flow", railway, (61, 48, 72, 70, 75, 69, 74, 77, 71, 78)),
    )  # fmt: skip
    for key, name, english, meaning, unit, shape, person, values in wanted:
        define_indicator(
            actor=people["office"], at=at, key=key, name_zh=f"{name}（演示）", name_en=f"{english} (demo)",
            meaning=meaning, unit=unit, period="month", shape=shape, source="演示月报", owner_id=person.organisation_id,
            is_demo=True,
        )  # fmt: skip
        for month, value in enumerate(values, start=1):
            if month < today.month:
                since = date(today.year, month, 1)
                until = date(today.year, month + 1, 1) - timedelta(days=1)
                enter_reading(actor=person, at=at, key=key, since=since, until=until, value=Decimal(value),
                              evidence="演示月报")  # fmt: skip
    target = Target.objects.filter(task__is_demo=True).first()
    if target is not None:
        keeping.bind_target(user=people["office"], target_id=target.pk, indicator_key="new_international_routes", at=at)


_SAYINGS = (
    (80, Progress.AHEAD, "工作提前推进，已完成主要环节。", ""),
    (60, Progress.ON_TRACK, "按计划推进，已形成初稿并征求意见。", ""),
    (20, Progress.BEHIND, "前期数据不齐，进度偏慢。", "需要有关单位提供岸线数据。"),
)


def _report(people: dict[str, Any], at: datetime) -> None:
    """Let three units report: one is received, one waits for the principal, one is being written."""
    for number, username in enumerate(("unit02", "unit08", "unit01")):
        writer, head = people[username], people[username.replace("unit", "head")]
        report = reporting.open_report(user=writer, frequency=Frequency.MONTHLY, at=at - timedelta(days=2))
        lines = {
            line.pk: reporting.Line(*_SAYINGS[(index + number) % 3]) for index, line in enumerate(report.lines.all())
        }
        reporting.save_lines(user=writer, report_id=report.pk, lines=lines, at=at - timedelta(days=2))
        if number < 2 and lines:
            reporting.submit_report(user=writer, report_id=report.pk, at=at - timedelta(days=2))
        if number == 0 and lines:
            reporting.approve_report(user=head, report_id=report.pk, at=at - timedelta(days=1))
            reporting.receive_report(user=people["office"], report_id=report.pk, at=at - timedelta(hours=20))


def _close_one(people: dict[str, Any], at: datetime) -> None:
    """Let one measure be closed with evidence, one wait to be verified, and one be sent back."""
    office, second, planner = people["office"], people["office2"], people["unit01"]
    first = Measure.objects.filter(task__is_demo=True, organisation_ids__contains=[planner.organisation_id])
    for index, measure in enumerate(first.order_by("due_date", "number")[:2]):
        evidence = closing.give_evidence(
            user=planner, measure_id=measure.pk, title="口岸收费目录公告（演示）", text="已在门户网站公布。",
            file_name="收费目录（演示）.txt", content="演示材料".encode(), at=at - timedelta(days=9),
        )  # fmt: skip
        closing.claim_done(user=planner, measure_id=measure.pk, at=at - timedelta(days=8))
        if index == 0:
            closing.verify_evidence(
                user=office, evidence_id=evidence.pk, is_accepted=True, verdict="材料属实", at=at - timedelta(days=7)
            )
            closing.close_measure(user=second, measure_id=measure.pk, at=at - timedelta(days=7))


def _extend_one(people: dict[str, Any], at: datetime) -> None:
    """Let one unit be granted more time, and another ask."""
    port, railway = people["unit08"], people["unit17"]
    for username, is_decided in ((port, True), (railway, False)):
        measure = (
            Measure.objects.filter(task__is_demo=True, lead_id=username.organisation_id, due_date__isnull=False)
            .order_by("due_date")
            .first()
        )
        if measure is None or measure.due_date is None:
            continue
        extension = keeping.ask_extension(
            user=username, measure_id=measure.pk, to_date=measure.due_date + timedelta(days=45),
            reason="现场条件变化，需要补充勘察（演示）。", at=at - timedelta(days=30),
        )  # fmt: skip
        if is_decided:
            keeping.decide_extension(
                user=people["office"], extension_id=extension.pk, act=ExtensionAct.GRANT, decision="同意，计入延期",
                at=at - timedelta(days=29),
            )  # fmt: skip


def _meet(people: dict[str, Any], document: PolicyDocument, at: datetime) -> None:
    """Found the conference; let liaison officers meet, then the members; issue minutes; plan the next meeting."""
    office, transport = people["office"], people["unit02"]
    long_ago = at - timedelta(days=60)
    body = conference.found_conference(user=office, document_id=document.pk, body=0, at=at - timedelta(days=190))
    for username in ("unit01", "unit02", "unit04"):
        person = people[username]
        seat = conference.propose_seat(
            user=person, conference_id=body.pk, organisation_id=person.organisation_id,
            unit_name=person.organisation.name_zh, role=SeatRole.LIAISON, person_name=person.name, post="联络员",
            since_date=local_date(long_ago), until_date=local_date(at) + timedelta(days=365), at=long_ago,
        )  # fmt: skip
        conference.decide_seat(user=office, seat_id=seat.pk, act=SeatAct.FIX, at=long_ago)
    topic = meetings.submit_topic(
        user=transport, conference_id=body.pk, title="国际航线培育办法（演示）",
        summary="研究航线培育的支持方向和评估办法。",
        paper_name="航线培育办法（演示）.txt", paper="演示材料".encode(), at=long_ago,
    )  # fmt: skip

    def plan(kind: MeetingKind, title: str, days: int, prepares: UUID | None = None) -> Any:
        return meetings.plan_meeting(
            user=office, conference_id=body.pk, kind=kind, title=title, begins_at=at + timedelta(days=days),
            place="市民之家（演示）", chair="分管副市长（演示）", chair_by_delegation=False, prepares_id=prepares,
            at=long_ago,
        )  # fmt: skip

    plenary = plan(MeetingKind.PLENARY, "口岸工作联席会议第一次全体会议（演示）", -30)
    liaison = plan(MeetingKind.LIAISON, "联络员会议（演示）", -40, plenary.pk)
    meetings.place_topic(user=office, topic_id=topic.pk, meeting_id=plenary.pk, at=long_ago)
    for meeting, days in ((liaison, -40), (plenary, -30)):
        meetings.call_meeting(user=office, meeting_id=meeting.pk, at=at + timedelta(days=days - 5))
        if meeting is plenary:
            _answer_call(office, plenary, at + timedelta(days=days - 2))
        meetings.hold_meeting(user=office, meeting_id=meeting.pk, at=at + timedelta(days=days))
    finance = people["unit04"].organisation_id
    meetings.record_decision(
        user=office, meeting_id=plenary.pk, topic_id=topic.pk,
        text="由市交通运输局牵头，会同市财政局，于年底前印发国际航线培育办法。",
        organisation_ids=[transport.organisation_id, finance], due_date=local_date(at) + timedelta(days=38),
        needs_approval=False, at=at - timedelta(days=29),
    )  # fmt: skip
    meetings.record_decision(
        user=office, meeting_id=plenary.pk, topic_id=None, text="口岸综合保障经费纳入下一年度预算安排。",
        organisation_ids=[finance], due_date=None, needs_approval=True, at=at - timedelta(days=29),
    )  # fmt: skip
    names = accounts.organisation_names([transport.organisation_id, finance])
    meetings.issue_minutes(
        user=office, meeting_id=plenary.pk, names=names, at=at - timedelta(days=28),
        opening="分管副市长（演示）主持召开口岸工作联席会议第一次全体会议。会议纪要如下：",
    )  # fmt: skip
    plan(MeetingKind.PLENARY, "口岸工作联席会议第二次全体会议（演示）", 45)
    seed_between(people, body, plenary, at=at)


def _answer_call(office: Any, meeting: Any, at: datetime) -> None:
    """Let one unit send a delegate and one be excused."""
    rows = list(meeting.attendance.filter(organisation_id__isnull=False))
    for row, (status, name, by) in zip(
        rows,
        ((AttendanceStatus.DELEGATED, "副局长（演示）", "局长（演示）"), (AttendanceStatus.EXCUSED, "", "")),
        strict=False,
    ):
        meetings.answer_call(
            user=office, attendance_id=row.pk, status=status, person_name=name, post="", delegated_by=by, at=at
        )
