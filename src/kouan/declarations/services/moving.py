"""Saying from the pages what happens to export goods on their way: master bill (607), arrival (507), departure (509).

A document is one message of the firm, written, checked, signed and received like every other that is made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, require_role
from kouan.accounts.codes import Role
from kouan.declarations import movements
from kouan.declarations.codes import DraftState, Kind
from kouan.declarations.composing import new_guid
from kouan.declarations.models import Draft
from kouan.declarations.services.applying import hand_in, record
from kouan.declarations.services.drafting import sender_of

if TYPE_CHECKING:
    from kouan.accounts.models import User

WHO = {Kind.MASTER_BILL: Role.TRADER_CLERK, Kind.ARRIVAL: Role.SITE_CLERK, Kind.DEPARTURE: Role.TRADER_CLERK}
"""Whose clerk makes each document: the declarant's, the supervision place's, the carrier's."""
MOST_PARCELS = 2_000


def declare_movement(
    *, user: User, kind: Kind, values: Mapping[str, Any], parcels: Sequence[tuple[str, str]], at: datetime
) -> Draft:
    """Declare one transport document over parcels of exports.

    values: what ``movements`` asks for. parcels: waybill and package number of each. Raises NotAllowed, also where a
    supervision place has no appointed key: its clerks have no card to sign with here.
    """
    require_role(user, WHO[kind])
    if not 0 < len(parcels) <= MOST_PARCELS:
        raise NotAllowed(
            f"请填写 1 至 {MOST_PARCELS} 个运单编号。", f"Give 1 to {MOST_PARCELS} waybill numbers.",
            "更多的请分几份报送，或用接口报送。", "Declare more of them in parts, or by the interface.",
            code="-950050", pointer="parcels",
        )  # fmt: skip
    sender = sender_of(user)
    with transaction.atomic():
        number = f"{movements.PREFIX[kind]}{new_guid()[-16:]}"
        names = accounts.organisation_names_by_code({values.get("carrier_code") or sender.code})
        node = movements.node_of(kind, values, parcels, sender=sender, number=number, at=at, names=names)
        draft = hand_in(user, kind, node, sender, number, at)
        if draft.state == DraftState.AWAITING_SIGNATURE and kind == Kind.ARRIVAL:
            raise NotAllowed(
                "本单位没有委托代签，运抵单不能在页面报送。", "Without an appointed key service it cannot be signed.",
                "请先委托密钥服务，或由场所系统经接口报送。", "Appoint a key service, or send it from your own system.",
                code="-950051",
            )  # fmt: skip
        record(user, draft, "declare_movement", at, kind=str(kind), number=number, parcels=len(parcels))
    return draft
