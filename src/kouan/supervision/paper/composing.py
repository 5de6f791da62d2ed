"""Papers from what happened: minutes, notice of a meeting, letter to a unit, duty table, brief. Pure of layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from kouan.supervision.codes import AttendanceStatus
from kouan.supervision.paper.types import Block, Paper, Table

Names = Mapping[UUID, str]
_NUMERALS = "一二三四五六七八九十"


def day_words(day: date | datetime) -> str:
    """A day as official paper writes it: Arabic digits without zeros before."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return f"{day.year}年{day.month}月{day.day}日"


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十, up to 99."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _NUMERALS[ones - 1]
    head = "十" if tens == 1 else _NUMERALS[tens - 1] + "十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def minutes_of(
    meeting: Any,
    *,
    agenda: Sequence[Any],
    decisions: Sequence[Any],
    attendance: Sequence[Any],
    names: Names,
    office: str,
) -> Paper:
    """The minutes of a meeting: what was discussed, what was decided and for whom, who was there; no seal."""
    blocks = [Block(meeting.minutes_opening)]
    by_topic: dict[Any, list[Any]] = {}
    for decision in decisions:
        by_topic.setdefault(decision.topic_id, []).append(decision)
    headings = [(topic.title, topic.pk) for topic in agenda if topic.pk in by_topic or topic.discussion]
    if None in by_topic:
        headings.append(("其他事项", None))
    for number, (heading, key) in enumerate(headings, start=1):
        blocks.append(Block(f"{numeral(number)}、{heading}", 1))
        topic = next((each for each in agenda if each.pk == key), None)
        if topic is not None and topic.discussion:
            blocks.append(Block(topic.discussion))
        for index, decision in enumerate(by_topic.get(key, []), start=1):
            blocks.append(Block(f"（{numeral(index)}）{_decided(decision, names)}"))
    printed = day_words(meeting.minutes_issued_at) if meeting.minutes_issued_at else ""
    return Paper(
        kind="minutes",
        mark=f"{meeting.conference.name}纪要",
        number=f"〔{meeting.minutes_year}〕{meeting.minutes_number}号",
        blocks=tuple(blocks),
        attendance=_attendance(attendance),
        date=printed,
        printer=office,
        printed=printed,
        copies="各成员单位",
        is_demo=meeting.is_demo,
    )


def _decided(decision: Any, names: Names) -> str:
    units = [names[each] for each in decision.organisation_ids if each in names]
    words = decision.text.rstrip("。")
    parts = [f"牵头单位：{units[0]}"] if units else []
    if units[1:]:
        parts.append(f"配合单位：{'、'.join(units[1:])}")
    if decision.due_date:
        parts.append(f"完成时限：{day_words(decision.due_date)}")
    if decision.needs_approval:
        parts.append("报市人民政府批准后实施")
    return f"{words}。（{'；'.join(parts)}）" if parts else f"{words}。"


def _attendance(rows: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    groups: dict[str, list[str]] = {"出席": [], "请假": [], "列席": []}
    heading = {
        AttendanceStatus.PRESENT: "出席",
        AttendanceStatus.DELEGATED: "出席",
        AttendanceStatus.EXCUSED: "请假",
        AttendanceStatus.ABSENT: "请假",
        AttendanceStatus.OBSERVER: "列席",
    }
    for row in rows:
        if row.status == AttendanceStatus.ABSENT:
            continue
        person = row.person_name or "（未报姓名）"
        groups[heading[row.status]].append(f"{row.unit_name} {person}" if row.person_name else row.unit_name)
    return tuple((label, "，".join(names)) for label, names in groups.items() if names)


def notice_of(meeting: Any, *, agenda: Sequence[Any], names: Names) -> Paper:
    """The notice that calls a meeting."""
    begins = timezone.localtime(meeting.begins_at)
    blocks = [
        Block(f"经研究，定于{day_words(begins)}召开{meeting.title}。现将有关事项通知如下："),
        Block("一、会议时间、地点", 1),
        Block(f"时间：{day_words(begins)}{begins:%H:%M}。地点：{meeting.place or '另行通知'}。"),
        Block("二、主持人", 1),
        Block(f"{meeting.chair or '召集人'}{'（受召集人委托）' if meeting.chair_by_delegation else ''}。"),
        Block("三、会议议题", 1),
        *(
            Block(f"{number}.{topic.title}（{names.get(topic.organisation_id, '')}）。")
            for number, topic in enumerate(agenda, start=1)
        ),
        Block("四、有关要求", 1),
        Block("请各成员单位在系统中反馈出席人员；确需请假或委托他人出席的，请注明委托人。"),
    ]
    return Paper(
        kind="letter",
        mark=f"{meeting.conference.name}办公室",
        title=f"关于召开{meeting.title}的通知",
        addressee="各成员单位",
        blocks=tuple(blocks),
        signer=f"{meeting.conference.name}办公室",
        date=day_words(meeting.state_since),
        is_demo=meeting.is_demo,
    )


def letter_of(warning: Any, *, unit: str, office: str) -> Paper:
    """A reminder or warning letter to a unit."""
    return Paper(
        kind="letter",
        mark=office,
        number=f"{warning.word}〔{warning.year}〕{warning.number}号",
        title=f"关于“{warning.measure.task.title}”办理情况的{warning.word}函"
        if warning.measure
        else f"{warning.word}函",
        addressee=unit,
        blocks=(
            Block(warning.reason),
            Block(warning.demand),
            Block(f"请于{day_words(warning.answer_by_date)}前在系统中书面答复。"),
        ),
        signer=office,
        date=day_words(warning.issued_at),
        is_demo=bool(warning.measure and warning.measure.task.is_demo),
    )


def duty_table(document: Any, lines: Sequence[Sequence[Any]]) -> Paper:
    """The duty table (任务分解表) of a document, on pages across."""
    heads = ("序号", "条款", "事项", "主要内容（举措）", "牵头单位", "其他责任单位", "时限", "目标值")
    rows = tuple(tuple("" if value is None else str(value) for value in line[:8]) for line in lines)
    return Paper(
        kind="brief",
        annex=Table(f"《{document.title}》任务分解表", heads, (4, 7, 10, 23, 10, 17, 8, 8), rows),
        is_demo=document.is_demo,
    )


def brief_of(
    *, office: str, on: date, number: int, counts: Mapping[str, Any], late: Sequence[Any], names: Names
) -> Paper:
    """A brief on the state of the ledger: figures first, then what is late and whose it is."""
    whole = counts["open"] + counts["claimed"] + counts["bounced"] + counts["closed"]
    blocks = [
        Block("一、总体情况", 1),
        Block(
            f"截至{day_words(on)}，台账在列举措{whole}项，其中已办结{counts['closed']}项，申请办结待核验{counts['claimed']}项，"
            f"被退回{counts['bounced']}项，办理中{counts['open']}项；逾期未办结{counts['overdue']}项，"
            f"自报完成但没有佐证{counts['unproven']}项。"
        ),
        Block("二、逾期事项", 1),
    ]
    if not late:
        blocks.append(Block("无。"))
    for index, row in enumerate(late, start=1):
        unit = (
            names.get(row.lead_id, "")
            if row.lead_id
            else "、".join(names[each] for each in row.organisation_ids if each in names)
        )
        blocks.append(
            Block(
                f"{index}.{row.task.title}：{row.text[:60]}（{unit}，时限{day_words(row.due_date)}，完成{row.percent}%）。"
            )
        )
    return Paper(
        kind="brief",
        mark="口岸工作督办简报",
        number=f"第{number}期",
        blocks=tuple(blocks),
        printer=office,
        date=day_words(on),
        printed=day_words(on),
        copies="联席会议各成员单位",
    )
