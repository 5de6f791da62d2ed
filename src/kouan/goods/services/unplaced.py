"""Unplaced: official answers whose declaration is not known wait in the open; the port office places or explains them.

Placing lays the answer on a declaration exactly as if it had named it: what it says stays customs' word, and moves the
state only as far as such an answer moves it. Nothing here makes an answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, NotYours, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.goods.models import GoodsAnswer, GoodsDeclaration
from kouan.goods.services.answering import lay_by_hand
from kouan.workflow.services import Happening, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import User


def place_answer(*, user: User, message_id: UUID, place: int, number: str, reason: str, at: datetime) -> UUID:
    """Lay a waiting answer on the declaration of a number; return the declaration.

    Raises NotYours where there is no such answer, NotAllowed where the number names none or several, or where the
    answer names another unified or customs number than the declaration has.
    """
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        answer = _waiting(message_id, place)
        declaration = _the_declaration(user, number)
        _refuse_another(answer, declaration)
        lay_by_hand(answer, declaration, at=at)
        record_events([Happening(declaration.pk, "goods_answer", "place", "", "", None, user.pk, user.audit_label,
                                 {"code": answer.code, "opinion": reason.strip()[:300]})], at=at)  # fmt: skip
        audit.record(actor=user, act="place_goods_answer", subject_kind="goods", subject_id=declaration.pk, at=at,
                     purpose=reason.strip()[:500], detail={"message": str(message_id), "place": place})  # fmt: skip
    return declaration.pk


def explain_answer(*, user: User, message_id: UUID, place: int, explanation: str, at: datetime) -> None:
    """Say why an answer fits no declaration here; it stays where it is, with the explanation. Raises NotYours."""
    require_role(user, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        answer = _waiting(message_id, place)
        if not explanation.strip():
            raise NotAllowed("请写明说明。", "Say why.", "在说明栏填写后提交。", "Write it and submit again.",
                             code="-961050", pointer="/explanation")  # fmt: skip
        GoodsAnswer.objects.filter(message_id=answer.message_id, place=answer.place).update(
            explanation=explanation.strip()[:500], explained_by=user.audit_label[:60], explained_at=at
        )
        audit.record(actor=user, act="explain_goods_answer", subject_kind="message", subject_id=message_id, at=at,
                     purpose=explanation.strip()[:500], detail={"place": place})  # fmt: skip


def _waiting(message_id: UUID, place: int) -> GoodsAnswer:
    rows = GoodsAnswer.objects.select_for_update().filter(declaration_id__isnull=True)
    answer = rows.filter(message_id=message_id, place=place).first()
    if answer is None:
        raise NotYours
    return answer


def _the_declaration(user: User, number: str) -> GoodsDeclaration:
    text = number.strip()
    found: dict[UUID, GoodsDeclaration] = {}
    for name in ("client_no", "seq_no", "entry_no"):
        rows = GoodsDeclaration.objects.visible_to(user).filter(**{name: text}) if text else []
        found |= {row.pk: row for row in rows[:2]}
    if len(found) != 1:
        raise NotAllowed(
            "没有唯一对应该编号的报关单。", "No single declaration has this number.",
            "请填写企业编号、统一编号或海关编号。", "Give its client, unified or customs number.", code="-961051",
            pointer="/number",
        )  # fmt: skip
    [pk] = found
    return get_visible(GoodsDeclaration.objects.select_for_update(), user, pk=pk)


def _refuse_another(answer: GoodsAnswer, declaration: GoodsDeclaration) -> None:
    for said, known in ((answer.seq_no, declaration.seq_no), (answer.entry_no, declaration.entry_no)):
        if said and known and said != known:
            raise NotAllowed(
                f"回执载明编号 {said}，该报关单编号是 {known}，不能落位。",
                f"The answer names {said}, the declaration is {known}: it cannot be laid there.",
                "请核对编号；确属他处的，请填写说明。", "Check the number; explain an answer that is not for us.",
                code="-961052", pointer="/number",
            )  # fmt: skip
