"""What of clearance people and machines can be told, and how its cases are found for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kouan.accounts import selectors as accounts
from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.declarations import selectors as declarations
from kouan.declarations.codes import Direction
from kouan.notices.live import register_live
from kouan.notices.topics import Subject, To, Topic, register_subjects, register_topics
from kouan.screens.pieces import Tone
from kouan.workflow import selectors as workflow

if TYPE_CHECKING:
    from kouan.declarations.models import Case

KIND = "import_list"
EXPORT_KIND = "export_list"


def register() -> None:
    """Make the topics and the cases of clearance known to notices."""
    register_subjects(find_cases, {KIND: _("进口清单"), EXPORT_KIND: _("出口清单")})
    register_topics(TOPICS)
    register_live(KIND, declarations.may_see_case, marks_of_cases)


def find_cases(ids: Collection[UUID]) -> dict[UUID, Subject]:
    """Find lists by id, as much of them as may be told."""
    cases = declarations.cases_by_id(ids)
    declarants = accounts.organisation_ids_by_code(case.declarant_code for case in cases)
    return {case.pk: _to_subject(case, declarants) for case in cases}


def _to_subject(case: Case, declarants: Mapping[str, UUID]) -> Subject:
    declarant = declarants.get(case.declarant_code)
    return Subject(
        id=case.pk,
        kind=EXPORT_KIND if case.direction == Direction.EXPORT else KIND,
        number=case.internal_no,
        url=reverse("case", args=[case.pk]),
        parties=case.parties,
        declarers=frozenset({case.sender_id, declarant or case.sender_id}),
        agencies=case.agencies,
        facts={"list_no": case.list_no, "waybill_no": case.waybill_no, "version": case.version},
    )


def marks_of_cases(ids: Collection[UUID]) -> dict[UUID, str]:
    """Give what changes whenever an import list does, or something happens to it."""
    happened = workflow.count_events(ids)
    return {pk: f"{mark}.{happened.get(pk, 0)}" for pk, mark in declarations.row_marks(ids).items()}


def agencies_of_reviews(ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Name the agency's own organisations for each review."""
    agencies = selectors.agencies_of_reviews(ids)
    by_agency = {agency: accounts.agency_organisation_ids([agency]) for agency in set(agencies.values())}
    return {review_id: by_agency[agency] for review_id, agency in agencies.items()}


def _stands(*states: str) -> list[tuple[str, str, str]]:
    return [("case", "stand", state) for state in states]


_DECLARING, _AT_SITES, _OFFICE = [Role.TRADER_CLERK], [Role.SITE_CLERK, Role.GATE_CLERK], [Role.PORT_OFFICE_CLERK]
_OFFICIAL, _GROUND, _TALK = _("官方结果"), _("查验与离场"), _("询问与协调")
TOPICS = [
    Topic("case.returned", _("退单"), _OFFICIAL, _stands("returned_for_correction"), roles=_DECLARING,
          tone=Tone.REFUSED),
    Topic("case.mismatched", _("对碰不一致"), _OFFICIAL, _stands("mismatched"), roles=_DECLARING, tone=Tone.REFUSED),
    Topic("case.held", _("挂起"), _OFFICIAL, _stands("held"), roles=_DECLARING, tone=Tone.WAITING),
    Topic("case.detained", _("扣留"), _OFFICIAL, _stands("detained"), roles=_DECLARING, tone=Tone.REFUSED),
    Topic("case.refused", _("退运"), _OFFICIAL, _stands("refused"), roles=_DECLARING, tone=Tone.REFUSED),
    Topic("case.unknown", _("未知官方状态"), _OFFICIAL, _stands("unknown_official"), to=[To.PARTIES, To.PORT_OFFICE],
          roles=[*_DECLARING, *_OFFICE], tone=Tone.UNKNOWN),
    Topic("case.released", _("放行"), _OFFICIAL, _stands("released", "released_with_conditions")),
    Topic("case.closed", _("结关"), _OFFICIAL, _stands("closed")),
    Topic("case.returning", _("出口退货办理中"), _OFFICIAL, _stands("returning"), tone=Tone.WAITING),
    Topic("case.goods_returned", _("出口货物已退回"), _OFFICIAL, _stands("goods_returned"), roles=_DECLARING),
    Topic("case.forwarded", _("已转发，待答复"), _OFFICIAL, _stands("awaiting_answer"), tone=Tone.RUNNING),
    Topic("case.withdrawn", _("申报已撤回"), _OFFICIAL, _stands("withdrawn"), tone=Tone.IDLE),
    Topic("case.inspection", _("查验中"), _GROUND, _stands("under_inspection"), roles=_DECLARING, tone=Tone.WAITING),
    Topic("inspection.ordered", _("布控查验"), _GROUND, [("inspection", "order", "")], roles=_AT_SITES,
          tone=Tone.WAITING),
    Topic("inspection.booked", _("查验已预约"), _GROUND, [("inspection", "book", ""), ("inspection", "rebook", "")],
          roles=_AT_SITES, tone=Tone.RUNNING),
    Topic("inspection.presented", _("货物到场待查验"), _GROUND, [("inspection", "present", "")],
          to=[To.PARTIES, To.AGENCIES], tone=Tone.RUNNING),
    Topic("inspection.done", _("现场查验完成"), _GROUND, [("inspection", "record_done", "")],
          to=[To.PARTIES, To.AGENCIES], roles=_DECLARING),
    Topic("inspection.cancelled", _("查验取消"), _GROUND, [("inspection", "cancel", "")],
          roles=[*_DECLARING, *_AT_SITES], tone=Tone.IDLE),
    Topic("case.left", _("货物离场"), _GROUND, [("gate", "leave", "")]),
    Topic("case.departed", _("货物离境"), _GROUND, [("case", "depart", "")]),
    Topic("review.asked", _("机关询问"), _TALK, [("review", "ask", "")], roles=_DECLARING, tone=Tone.WAITING),
    Topic("review.answered", _("申报人已答复询问"), _TALK, [("review", "receive_answer", "")], to=[To.NAMED],
          roles=[Role.OFFICER], tone=Tone.RUNNING, named=agencies_of_reviews),
    Topic("review.carried", _("申报变更，原意见须确认或重新办理"), _TALK, [("review", "ask_to_confirm", ""),
          ("review", "lapse", "")], to=[To.NAMED], roles=[Role.OFFICER], tone=Tone.WAITING, named=agencies_of_reviews),
    Topic("review.objected", _("机关提出异议"), _TALK, [("review", "object", "")], roles=_DECLARING,
          tone=Tone.REFUSED),
    Topic("ticket.opened", _("发起协调"), _TALK, [("ticket", "open", ""), ("ticket", "ask_again", ""),
          ("ticket", "reopen", "")], to=[To.NAMED], roles=[*_DECLARING, Role.SITE_CLERK, Role.OFFICER],
          tone=Tone.WAITING, named=selectors.parties_of_tickets),
    Topic("ticket.answered", _("协调单有答复"), _TALK, [("ticket", "answer", "")], to=[To.PORT_OFFICE], roles=_OFFICE,
          tone=Tone.RUNNING),
    Topic("ticket.closed", _("协调单办结"), _TALK, [("ticket", "close", "")], to=[To.NAMED], roles=_DECLARING,
          named=selectors.parties_of_tickets),
]  # fmt: skip
"""The topics of lists, in the order of the page. Those that come in thousands a day are told nobody unasked."""
