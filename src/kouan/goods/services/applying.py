"""Applying for corrections and withdrawals after customs has received a declaration: customs approves, the firm acts.

The national message (``DecModMessage``) is not available while no schema of it is public. Customs' answer is recorded
by customs' own officer; it changes no official state and releases nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import DelegatedAct, Role
from kouan.audit import services as audit
from kouan.audit.types import SystemActor
from kouan.goods.codes import ApplicationKind
from kouan.goods.models import CUSTOMS, GoodsApplication, GoodsDeclaration
from kouan.goods.services.covering import require_client
from kouan.goods.states import NEXT, OPEN_TO_A_NEW_VERSION, ApplicationAct, ApplicationState, GoodsState
from kouan.workflow.services import Happening, NotPossibleNow, move, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import User

_SYSTEM = SystemActor("报关单入库")


def ask_for_application(
    *, user: User, declaration_id: UUID, kind: str, reason: str, changes: str, at: datetime
) -> GoodsApplication:
    """Ask customs to let a declaration be corrected or withdrawn.

    Raises NotAllowed while it may still be changed without asking, once it is deleted, or while another is open.
    """
    require_role(user, Role.TRADER_CLERK)
    declaration: GoodsDeclaration = get_visible(GoodsDeclaration.objects, user, pk=declaration_id)
    require_client(user=user, values={"trader_code": declaration.trader_code}, at=at, act=DelegatedAct.CORRECT)
    if declaration.state in OPEN_TO_A_NEW_VERSION:
        raise NotAllowed(
            "海关尚未接收，可以直接修改后重新发送。", "Customs has not received it: change and send it again.",
            "请打开表单修改。", "Open the form.", code="-961010",
        )  # fmt: skip
    if declaration.state == GoodsState.DELETED:
        raise NotAllowed(
            "海关已删单，不能再申请。", "Customs has deleted it.", "请重新申报。", "Declare anew.", code="-961011"
        )
    try:
        with transaction.atomic():
            made = GoodsApplication.objects.create(
                declaration_id=declaration.pk, version=declaration.version, client_no=declaration.client_no,
                kind=ApplicationKind(kind), reason=reason, changes=changes, parties=declaration.parties,
                state=ApplicationState.ASKED, state_since=at, asked_at=at, asked_by=user.audit_label,
                is_demo=declaration.is_demo,
            )  # fmt: skip
            record_events([Happening(declaration.pk, "application", "ask", "", str(made.state), made.pk, user.pk,
                                     user.audit_label, {"kind": str(made.kind)})], at=at)  # fmt: skip
            audit.record(actor=user, act="ask_application", subject_kind="goods", subject_id=declaration.pk, at=at,
                         detail={"kind": str(made.kind)})  # fmt: skip
    except IntegrityError:
        raise NotAllowed(
            "已有一份办理中的修撤单申请。", "An application is open already.", "请等待海关答复，或先收回。",
            "Wait for customs, or take it back.", code="-961012",
        ) from None  # fmt: skip
    return made


def answer_application(*, user: User, application_id: UUID, is_approved: bool, opinion: str, at: datetime) -> None:
    """Record customs' answer to an application; only customs' own officer may. Raises NotAllowed, NotPossibleNow."""
    require_role(user, Role.OFFICER)
    if user.agency_code != CUSTOMS:
        raise NotAllowed()
    act = ApplicationAct.APPROVE if is_approved else ApplicationAct.REFUSE
    _move(user, application_id, act, at, opinion=opinion)


def take_back_application(*, user: User, application_id: UUID, at: datetime) -> None:
    """Take an application back. Raises NotPossibleNow once customs has refused it or it was carried out."""
    require_role(user, Role.TRADER_CLERK)
    _move(user, application_id, ApplicationAct.TAKE_BACK, at)


def _move(user: User, application_id: UUID, act: ApplicationAct, at: datetime, **changes: Any) -> None:
    with transaction.atomic():
        row: GoodsApplication = get_visible(GoodsApplication.objects, user, pk=application_id)
        move(row=row, subject_id=row.declaration_id, act=act, table=NEXT, actor=user, at=at, **changes)


def approved_corrections(declaration_ids: Sequence[UUID]) -> set[UUID]:
    """Tell which declarations customs has allowed to be corrected and that have not been yet."""
    if not declaration_ids:
        return set()
    open_ones = GoodsApplication.objects.filter(
        declaration_id__in=declaration_ids, state=ApplicationState.APPROVED, kind=ApplicationKind.CORRECT
    )
    return set(open_ones.values_list("declaration_id", flat=True))


def carry_out_corrections(declaration_ids: Sequence[UUID], *, at: datetime) -> None:
    """Note, in the caller's transaction, that the corrected version came."""
    _carry_out(declaration_ids, ApplicationKind.CORRECT, at)


def carry_out_withdrawals(declaration_ids: Sequence[UUID], *, at: datetime) -> None:
    """Note, in the caller's transaction, that customs deleted the declaration."""
    _carry_out(declaration_ids, ApplicationKind.WITHDRAW, at)


def _carry_out(declaration_ids: Sequence[UUID], kind: ApplicationKind, at: datetime) -> None:
    if not declaration_ids:
        return
    for row in GoodsApplication.objects.filter(
        declaration_id__in=declaration_ids, state=ApplicationState.APPROVED, kind=kind
    ):
        try:
            move(row=row, subject_id=row.declaration_id, act=ApplicationAct.CARRY_OUT, table=NEXT, actor=_SYSTEM, at=at)
        except NotPossibleNow:
            continue
