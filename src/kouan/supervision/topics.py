"""What of supervision people and machines can be told: the bell, the mail and the webhooks of notices."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import Role
from kouan.notices.topics import Subject, To, Topic, register_subjects, register_topics
from kouan.screens.pieces import Tone
from kouan.supervision.selectors import telling

TASK, REPORT, MEETING, LETTER = "supervision_task", "supervision_report", "supervision_meeting", "supervision_letter"
CONFERENCE = "supervision_conference"


def register() -> None:
    """Make the topics and the things of supervision known to notices."""
    words = {TASK: _("事项"), REPORT: _("进展报告"), MEETING: _("会议"), LETTER: _("督办函"), CONFERENCE: _("联席会议")}
    register_subjects(find_subjects, words)
    register_topics(TOPICS)


def find_subjects(ids: Collection[UUID]) -> dict[UUID, Subject]:
    """Find tasks, reports, meetings and letters by id, with the units that they concern."""
    pages = {TASK: "task", REPORT: "report", MEETING: "meeting", LETTER: "warning", CONFERENCE: "conference"}
    return {
        found.pk: Subject(
            id=found.pk,
            kind=found.kind,
            number=found.title,
            url=reverse(pages[found.kind], args=[found.pk]),
            parties=found.organisation_ids,
        )
        for found in telling.find_things(
            ids, task=TASK, report=REPORT, meeting=MEETING, letter=LETTER, conference=CONFERENCE
        )
    }


_LIAISON, _HEADS, _OFFICE = [Role.LIAISON], [Role.LIAISON, Role.PRINCIPAL], [Role.PORT_OFFICE_CLERK]
_LEDGER, _REPORTS, _MEETINGS = _("督办台账"), _("进展报告"), _("联席会议")
TOPICS = [
    Topic("supervision.task", _("新事项入账"), _LEDGER, [("task", "enter", ""), ("task", "adopt", "")],
          roles=_LIAISON, tone=Tone.RUNNING),
    Topic("supervision.letter", _("收到提醒或督办函"), _LEDGER, [("warning", "issue", "")], to=[To.NAMED],
          roles=_HEADS, tone=Tone.WAITING, named=telling.units_of_letters),
    Topic("supervision.letter_answered", _("督办函已答复"), _LEDGER, [("warning", "answer", "")], to=[To.PORT_OFFICE],
          roles=_OFFICE, tone=Tone.RUNNING),
    Topic("supervision.claimed", _("举措申请办结"), _LEDGER, [("measure", "claim", "")], to=[To.PORT_OFFICE],
          roles=_OFFICE, tone=Tone.WAITING),
    Topic("supervision.bounced", _("办结申请被退回"), _LEDGER, [("measure", "bounce", "")], roles=_HEADS,
          tone=Tone.REFUSED),
    Topic("supervision.closed", _("举措办结"), _LEDGER, [("measure", "close", "")], roles=_LIAISON),
    Topic("supervision.more_time_asked", _("申请延期"), _LEDGER, [("extension", "ask", "")], to=[To.PORT_OFFICE],
          roles=_OFFICE, tone=Tone.WAITING),
    Topic("supervision.more_time_decided", _("延期有结果"), _LEDGER,
          [("extension", "grant", ""), ("extension", "refuse", "")], roles=_LIAISON, tone=Tone.RUNNING),
    Topic("supervision.report_submitted", _("报告待负责人审核"), _REPORTS, [("report", "submit", "")],
          roles=[Role.PRINCIPAL], tone=Tone.WAITING),
    Topic("supervision.report_handed_in", _("报告待核收"), _REPORTS, [("report", "approve", "")], to=[To.PORT_OFFICE],
          roles=_OFFICE, tone=Tone.WAITING),
    Topic("supervision.report_sent_back", _("报告被退回"), _REPORTS,
          [("report", "return", ""), ("report", "bounce", "")], roles=_LIAISON, tone=Tone.REFUSED),
    Topic("supervision.meeting_called", _("会议通知和更改"), _MEETINGS,
          [("meeting", "call", ""), ("meeting", "change", "called")], roles=_HEADS,
          tone=Tone.WAITING),
    Topic("supervision.meeting_due", _("全体会议应召开或逾期未召开"), _MEETINGS, [("conference", "remind", "")],
          to=[To.PORT_OFFICE], roles=_OFFICE, tone=Tone.WAITING),
    Topic("supervision.minutes", _("纪要印发"), _MEETINGS, [("meeting", "issue_minutes", "")], roles=_HEADS),
]  # fmt: skip
"""The topics of supervision, in the order of the page."""
