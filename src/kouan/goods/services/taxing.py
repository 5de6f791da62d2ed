"""Taxing: what a firm records of its tax; what is due or guaranteed comes from customs' answers alone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import DelegatedAct, Role
from kouan.audit import services as audit
from kouan.goods.codes import TaxKind
from kouan.goods.models import GoodsDeclaration, GoodsTax
from kouan.goods.services.covering import require_client
from kouan.workflow.services import Happening, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import User

RECORDED = frozenset({TaxKind.PAID, TaxKind.BILL})


def record_tax(
    *, user: User, declaration_id: UUID, kind: str, amount: Decimal | None, number: str, at: datetime
) -> GoodsTax:
    """Record that tax was paid, or the number of its bill: the firm's own word, shown as such.

    Raises NotAllowed for what only customs says, and before customs has said that tax is due or guaranteed.
    """
    require_role(user, Role.TRADER_CLERK)
    with transaction.atomic():
        rows = GoodsDeclaration.objects.select_for_update()
        declaration: GoodsDeclaration = get_visible(rows, user, pk=declaration_id)
        require_client(user=user, values={"trader_code": declaration.trader_code}, at=at, act=DelegatedAct.TAX)
        if kind not in RECORDED or not declaration.tax:
            raise NotAllowed(
                "海关尚未通知应缴税费。", "Customs has not said that tax is due.", "收到海关通知后再登记。",
                "Record it once customs has said so.", code="-961020",
            )  # fmt: skip
        made = GoodsTax.objects.create(
            declaration_id=declaration.pk, kind=kind, amount=amount, number=number, recorded_by=user.audit_label, at=at
        )
        if kind == TaxKind.PAID:
            declaration.tax = kind
            declaration.save(update_fields=["tax"])
        record_events([Happening(declaration.pk, "goods_tax", f"record_{kind}", object_id=made.pk, actor_id=user.pk,
                                 actor_label=user.audit_label)], at=at)  # fmt: skip
        audit.record(actor=user, act="record_tax", subject_kind="goods", subject_id=declaration.pk, at=at,
                     detail={"kind": str(kind)})  # fmt: skip
    return made
