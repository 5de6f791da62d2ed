"""Official papers to be taken away: minutes, notices, letters, duty tables, briefs; as PDF, Word or Excel."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, door
from kouan.supervision import sheets
from kouan.supervision.paper import composing
from kouan.supervision.paper.pdf import to_pdf
from kouan.supervision.paper.types import Paper
from kouan.supervision.paper.word import to_word
from kouan.supervision.selectors import conference, documents, ledger, reports
from kouan.supervision.states import MeetingState
from kouan.supervision.views.acting import OFFICE, SEERS
from kouan.supervision.views.documents import file_response

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _respond(paper: Paper, name: str, kind: str) -> HttpResponse:
    if kind == "pdf":
        return file_response(to_pdf(paper), f"{name}.pdf", "application/pdf")
    if kind == "docx":
        return file_response(to_word(paper), f"{name}.docx", _WORD)
    raise NotYours


def _office_name(pk: UUID | None = None) -> str:
    if pk is not None:
        return accounts.organisation_names([pk]).get(pk, "")
    return accounts.get_port_office().name_zh


@require_GET
@door(roles=SEERS)
def meeting_paper(request: HttpRequest, pk: UUID, what: str, kind: str) -> HttpResponse:
    """The minutes of a meeting, or the notice that calls it."""
    user: Any = request.user
    meeting = conference.get_meeting(user=user, pk=pk)
    agenda, decisions = conference.agenda_of(meeting), conference.decisions_of(meeting)
    ids = [*(topic.organisation_id for topic in agenda), *(each for row in decisions for each in row.organisation_ids)]
    names = accounts.organisation_names(ids)
    office = f"{meeting.conference.name}办公室"
    if what == "minutes" and meeting.state == MeetingState.MINUTED:
        attendance = conference.attendance_of(meeting)
        paper = composing.minutes_of(
            meeting, agenda=agenda, decisions=decisions, attendance=attendance, names=names, office=office
        )
        return _respond(paper, f"{meeting.title}-纪要", kind)
    if what == "notice" and meeting.state != MeetingState.PLANNED:
        return _respond(composing.notice_of(meeting, agenda=agenda, names=names), f"{meeting.title}-通知", kind)
    raise NotYours


@require_GET
@door(roles=SEERS)
def warning_paper(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """A reminder or warning letter."""
    warning = reports.get_warning(user=request.user, pk=pk)  # type: ignore[arg-type]
    paper = composing.letter_of(warning, unit=_office_name(warning.organisation_id), office=_office_name())
    return _respond(paper, f"{warning.word}函〔{warning.year}〕{warning.number}号", kind)


@require_GET
@door(roles=SEERS)
def duty_table(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The duty table of a document, as far as the person sees its tasks."""
    user: Any = request.user
    document = documents.get_document(user=user, pk=pk)
    lines = ledger.duty_lines(document, user=user)
    name = f"{document.title[:60]}-任务分解表"
    if kind == "xlsx":
        return file_response(sheets.duty_sheet(f"《{document.title}》任务分解表", lines), f"{name}.xlsx")
    return _respond(composing.duty_table(document, lines), name, kind)


@require_GET
@door(roles=OFFICE)
def brief(request: HttpRequest, kind: str) -> HttpResponse:
    """A brief on the state of the ledger today."""
    user: Any = request.user
    today = timezone.localdate()
    late = ledger.late_measures(user, on=today)
    paper = composing.brief_of(
        office=_office_name(),
        on=today,
        number=today.month,
        counts=ledger.counts_for_brief(user, on=today),
        late=late,
        names=ledger.unit_names(late),
    )
    return _respond(paper, f"口岸工作督办简报{today}", kind)
