"""Taxing: what a firm records of its tax, and the taxes computed from the rates of the day that counts.

What is due or guaranteed comes from customs' answers; bill, payment and guarantee are recorded as the firm's own word.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import DelegatedAct, Role
from kouan.audit import services as audit
from kouan.gateway.standards.dec.types import Declaration
from kouan.goods import selectors
from kouan.goods.assessing import Assessment, assess, currencies_of
from kouan.goods.codes import Procedure, TaxKind
from kouan.goods.elements import known_of
from kouan.goods.models import GoodsDeclaration, GoodsTax
from kouan.goods.services.covering import require_client
from kouan.goods.services.timing import note_deadline
from kouan.goods.states import GoodsFacts, state_of_goods
from kouan.reference import selectors as reference
from kouan.workflow.services import Happening, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import User

RECORDED = frozenset({TaxKind.PAID, TaxKind.BILL, TaxKind.GUARANTEED})
EXCHANGE = "customs_exchange_rate"
"""The table of exchange rates: code is the currency, note is the yuan for one unit of it."""


def record_tax(
    *, user: User, declaration_id: UUID, kind: str, amount_fen: int | None, number: str, at: datetime
) -> GoodsTax:
    """Record a bill of tax, a payment or a guarantee: the firm's own word, shown as such.

    Tax counts as paid when what was paid covers the bills whose amounts are known; then it is customs' turn. Raises
    NotAllowed for what only customs says, and before customs has said that tax is due or guaranteed.
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
            declaration_id=declaration.pk, kind=kind, amount_fen=amount_fen, number=number,
            recorded_by=user.audit_label, at=at,
        )  # fmt: skip
        if kind == TaxKind.PAID and selectors.tax_standing(declaration).is_covered:
            _settle(declaration)
        record_events([Happening(declaration.pk, "goods_tax", f"record_{kind}", object_id=made.pk, actor_id=user.pk,
                                 actor_label=user.audit_label)], at=at)  # fmt: skip
        audit.record(actor=user, act="record_tax", subject_kind="goods", subject_id=declaration.pk, at=at,
                     detail={"kind": str(kind)})  # fmt: skip
    return made


def _settle(declaration: GoodsDeclaration) -> None:
    """Let tax stand as paid: it is customs' turn, and the period for paying ends."""
    declaration.tax = TaxKind.PAID
    facts = GoodsFacts(True, declaration.import_code, declaration.official_channel, is_paid=True)
    declaration.waits_for = str(state_of_goods(facts)[1])
    note_deadline(declaration)
    declaration.save(update_fields=["tax", "waits_for", "due_date", "due_for", "reminded"])


def assess_declaration(declaration: GoodsDeclaration, said: Declaration) -> Assessment:
    """Compute the taxes of the version that a message says, from the rates of the day that counts for it."""
    day = rate_day(declaration)
    rates = {one.hs_code: one.rates for one in known_of([line.hs_code or "" for line in said.lines], day) if one.rates}
    return assess(said, on_date=day, rates=rates, exchange=exchange_on(currencies_of(said), day))


def rate_day(declaration: GoodsDeclaration) -> date:
    """Give the day whose rates count: the entry of the conveyance where goods were declared before it, else the day on
    which the declaration was complete (关税法 §20); before that, the day on which it was received."""
    complete = timezone.localdate(declaration.declared_at or declaration.received_at)
    if declaration.procedure == Procedure.EARLY and declaration.entry_date and declaration.entry_date > complete:
        return declaration.entry_date
    return complete


def exchange_on(currencies: set[str], day: date) -> dict[str, Decimal]:
    """Give the yuan for one unit of each currency on a day, as imported; what is not there is missing."""
    found: dict[str, Decimal] = {}
    for code, noted in reference.notes_of(EXCHANGE, currencies, day).items():
        try:
            rate = Decimal(noted.note.strip())
        except InvalidOperation:
            continue
        if 0 < rate < 10_000:
            found[code] = rate
    return found
