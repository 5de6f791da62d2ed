"""What of goods declarations people and machines can be told, and how they are found and watched for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kouan.accounts import selectors as accounts
from kouan.accounts.codes import Role
from kouan.goods import selectors
from kouan.goods.codes import Deadline, Reminder
from kouan.goods.states import GoodsState as S
from kouan.notices.live import register_live
from kouan.notices.topics import Subject, To, Topic, register_subjects, register_topics
from kouan.screens.pieces import Tone
from kouan.workflow import selectors as workflow

if TYPE_CHECKING:
    from kouan.goods.models import GoodsDeclaration

KIND = "goods"


def register() -> None:
    """Make the topics and the rows of goods declarations known to notices and to the live line."""
    register_subjects(find_declarations, {KIND: _("报关单")})
    register_topics(TOPICS)
    register_live(KIND, selectors.may_see_goods, marks_of_declarations)


def find_declarations(ids: Collection[UUID]) -> dict[UUID, Subject]:
    """Find declarations by id, as much of them as may be told."""
    rows = selectors.goods_by_id(ids)
    agents = accounts.organisation_ids_by_code(row.agent_code for row in rows)
    return {row.pk: _to_subject(row, agents) for row in rows}


def _to_subject(row: GoodsDeclaration, agents: Mapping[str, UUID]) -> Subject:
    return Subject(
        id=row.pk,
        kind=KIND,
        number=row.client_no,
        url=reverse("goods-declaration", args=[row.pk]),
        parties=row.parties,
        declarers=frozenset({row.sender_id, agents.get(row.agent_code, row.sender_id)}),
        agencies=row.agencies,
        facts={
            "seq_no": row.seq_no,
            "entry_no": row.entry_no,
            "bill_no": row.bill_no,
            "version": row.version,
            "due_for": row.due_for,
            "due_date": f"{row.due_date:%Y-%m-%d}" if row.due_date else "",
        },
    )


def marks_of_declarations(ids: Collection[UUID]) -> dict[UUID, str]:
    """Give what changes whenever a declaration does, is answered, or something happens to it."""
    happened, answered = workflow.count_events(ids), selectors.count_answers(ids)
    return {pk: f"{mark}.{happened.get(pk, 0)}.{answered.get(pk, 0)}" for pk, mark in selectors.row_marks(ids).items()}


def _stands(*states: S) -> list[tuple[str, str, str]]:
    return [("goods", "stand", str(state)) for state in states]


def _reminded(reminder: Reminder) -> list[tuple[str, str, str]]:
    return [("goods_deadline", f"{what}_{reminder}", "") for what in Deadline]


_DECLARING, _OFFICE = [Role.TRADER_CLERK], [Role.PORT_OFFICE_CLERK]
_OFFICIAL, _OURS = _("报关单官方结果"), _("报关单办理与期限")
TOPICS = [
    Topic("goods.returned", _("报关单退回或未受理"), _OFFICIAL,
          _stands(S.RETURNED, S.NOT_ACCEPTED, S.IMPORT_FAILED, S.DECLARING_FAILED, S.FILE_WANTED, S.BY_HAND),
          roles=_DECLARING, tone=Tone.REFUSED),
    Topic("goods.tax_due", _("报关单需交税费"), _OFFICIAL, _stands(S.TAX_DUE), roles=_DECLARING, tone=Tone.WAITING),
    Topic("goods.inspected", _("报关单查验"), _OFFICIAL, _stands(S.INSPECTED), roles=_DECLARING, tone=Tone.WAITING),
    Topic("goods.examined_again", _("报关单重审"), _OFFICIAL, _stands(S.EXAMINED_AGAIN), roles=_DECLARING,
          tone=Tone.WAITING),
    Topic("goods.deleted", _("海关删单"), _OFFICIAL, _stands(S.DELETED), roles=_DECLARING, tone=Tone.REFUSED),
    Topic("goods.unknown", _("报关单未知官方状态"), _OFFICIAL, _stands(S.UNKNOWN_OFFICIAL),
          to=[To.PARTIES, To.PORT_OFFICE], roles=[*_DECLARING, *_OFFICE], tone=Tone.UNKNOWN),
    Topic("goods.guaranteed", _("报关单担保放行"), _OFFICIAL, _stands(S.GUARANTEED)),
    Topic("goods.released", _("报关单放行"), _OFFICIAL, _stands(S.RELEASED)),
    Topic("goods.closed", _("报关单结关"), _OFFICIAL, _stands(S.CLOSED)),
    Topic("goods.saved", _("报关单已暂存，待签名申报"), _OFFICIAL, _stands(S.SAVED), tone=Tone.RUNNING),
    Topic("goods.received", _("报关单海关已接收"), _OFFICIAL, _stands(S.DECLARED, S.RECEIVED, S.EXAMINED),
          tone=Tone.RUNNING),
    Topic("goods.deadline_near", _("报关单期限临近"), _OURS, [*_reminded(Reminder.NEAR), *_reminded(Reminder.TODAY)],
          roles=_DECLARING, tone=Tone.WAITING),
    Topic("goods.deadline_passed", _("报关单期限已过"), _OURS, _reminded(Reminder.PASSED),
          to=[To.PARTIES, To.PORT_OFFICE], roles=_DECLARING, tone=Tone.REFUSED),
    Topic("goods.application_asked", _("提出修撤单申请"), _OURS, [("application", "ask", "")], to=[To.AGENCIES],
          roles=[Role.OFFICER], tone=Tone.WAITING),
    Topic("goods.application_answered", _("海关答复修撤单申请"), _OURS,
          [("goodsapplication", "approve", ""), ("goodsapplication", "refuse", "")], roles=_DECLARING),
]  # fmt: skip
"""The topics of goods declarations, in the order of the page."""
