"""Demonstration of what happens between meetings: priorities, disagreements, joint and government inspections."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kouan.accounts.selectors import local_date
from kouan.supervision.codes import InspectionKind
from kouan.supervision.models import Conference, Meeting, Task
from kouan.supervision.services import coordinating, inspecting
from kouan.supervision.services.entering import NewMeasure
from kouan.supervision.states import CoordinationAct


def seed_between(people: dict[str, Any], conference: Conference, plenary: Meeting, *, at: datetime) -> None:
    """Make one of each, in several states."""
    names = {person.organisation_id: person.organisation.name_zh for person in people.values() if person.organisation}
    _prioritise(people, names, conference, plenary, at)
    _disagree(people, conference, at)
    _visit(people, names, conference, at)
    _inspect(people, at)


def _prioritise(people: dict[str, Any], names: Any, conference: Conference, plenary: Meeting, at: datetime) -> None:
    office, transport, customs = people["office"], people["unit02"], people["customs"]
    year = local_date(at).year
    for number in (year, year + 1):
        plan = coordinating.draft_plan(
            user=office, conference_id=conference.pk, year=number, title=f"{number}年度重点工作（演示）",
            at=at - timedelta(days=33),
        )  # fmt: skip
        for title, measure, lead in (
            ("拓展国际货运航线", "组织航线推介和货源对接", transport),
            ("压缩口岸作业时间", "梳理作业环节并公布时限", customs),
        ):
            coordinating.add_priority(
                user=office, plan_id=plan.pk, title=f"{title}（{number}）", measures=[NewMeasure(f"{measure}（演示）")],
                organisation_ids=[lead.organisation_id, office.organisation_id], names=names,
                at=at - timedelta(days=32),
            )  # fmt: skip
        if number == year:
            coordinating.adopt_plan(user=office, plan_id=plan.pk, meeting_id=plenary.pk, at=at - timedelta(days=28))


def _disagree(people: dict[str, Any], conference: Conference, at: datetime) -> None:
    office, port, transport = people["office"], people["unit08"], people["unit02"]
    task = Task.objects.filter(is_demo=True, lead_id=port.organisation_id).earliest("entered_at")
    parties = [port.organisation_id, transport.organisation_id]
    first = coordinating.open_coordination(
        user=office, conference_id=conference.pk, task_id=task.pk, title="港区岸线数据口径（演示）",
        question="岸线摸底按规划岸线还是现状岸线统计，两家口径不一致。", party_ids=parties,
        due_date=local_date(at) + timedelta(days=20), at=at - timedelta(days=12),
    )  # fmt: skip
    coordinating.say_position(
        user=port, case_id=first.pk, text="按现状岸线统计，与港口台账一致。", at=at - timedelta(days=10)
    )
    coordinating.say_position(
        user=transport, case_id=first.pk, text="按规划岸线统计，与上位规划衔接。", at=at - timedelta(days=9)
    )
    second = coordinating.open_coordination(
        user=office, conference_id=conference.pk, title="夜间查验用电（演示）", question="夜间查验场地用电由谁保障。",
        party_ids=parties, due_date=None, at=at - timedelta(days=50),
    )  # fmt: skip
    for act, text, days in (
        (CoordinationAct.WEIGH, "方案一：港区保障；方案二：按次分摊。", 46),
        (CoordinationAct.SETTLE, "由港区保障，费用列入年度预算。", 44),
    ):
        coordinating.move_coordination(user=office, case_id=second.pk, act=act, text=text, at=at - timedelta(days=days))


def _visit(people: dict[str, Any], names: Any, conference: Conference, at: datetime) -> None:
    office, customs, transport, airport = (people[each] for each in ("office", "customs", "unit02", "unit08"))
    for title, days in (("旺季保障联合检查（演示）", -15), ("年底口岸安全联合检查（演示）", 18)):
        row = coordinating.plan_joint_inspection(
            user=office, conference_id=conference.pk, title=title, on_date=local_date(at) + timedelta(days=days),
            matter="查看场地标识、值守安排和应急预案。",
            inspector_ids=[customs.organisation_id, transport.organisation_id],
            subject_ids=[airport.organisation_id], at=at - timedelta(days=25),
        )  # fmt: skip
        if days < 0:
            coordinating.record_findings(
                user=office, pk=row.pk, findings="查验场地夜间标识不清，值守表未公示。",
                measures=[NewMeasure("补设夜间标识", local_date(at) + timedelta(days=30)), NewMeasure("公示值守表")],
                names=names, at=at - timedelta(days=14),
            )  # fmt: skip


def _inspect(people: dict[str, Any], at: datetime) -> None:
    office, railway, transport = people["office"], people["unit17"], people["unit02"]
    for title, unit, is_under_way in (
        ("国际班列任务专项督查（演示）", railway, True),
        ("航线任务专项督查（演示）", transport, False),
    ):
        begun = at - timedelta(days=35 if is_under_way else 3)
        row = inspecting.register_inspection(
            user=office, title=title, kind=InspectionKind.SPECIAL, designated_by="市人民政府",
            designation_no="演示政办〔2026〕5号" if is_under_way else "演示政办〔2026〕9号",
            designated_date=local_date(begun), matter="年度任务落实情况", scope=unit.organisation.name_zh,
            since=local_date(begun), until=local_date(begun) + timedelta(days=60),
            subject_ids=[unit.organisation_id], at=begun,
        )  # fmt: skip
        if is_under_way:
            inspecting.plan_inspection(
                user=office, pk=row.pk, plan="听取汇报、查阅台账、实地查看。", leader="督查组组长（演示）", at=begun
            )
            inspecting.begin_inspection(user=office, pk=row.pk, at=begun + timedelta(days=5))
            inspecting.conclude_inspection(
                user=office,
                pk=row.pk,
                conclusion="集结中心建设进度滞后，须明确完成时间。",
                at=begun + timedelta(days=20),
            )
            inspecting.feed_back(user=office, pk=row.pk, at=begun + timedelta(days=21))
