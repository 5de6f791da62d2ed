"""Makers of rows for tests: channels of the demonstration firms, and parcels that came through them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from kouan.accounts.factories import make_organisation
from kouan.accounts.models import Organisation
from kouan.audit.types import SystemActor
from kouan.gateway.codes import Carrier, Side, SignaturePolicy
from kouan.gateway.models import Connection
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.ceb.generate import SENDERS, Parcel, messages

ACTOR = SystemActor("tests")
_KIND_OF_FIRM = {"311": "platform", "411": "payment", "511": "logistics", "621": "agent"}


def make_firms() -> dict[str, Organisation]:
    """Make the firms that generated parcels name, by the kind of document that they send."""
    return {
        kind: make_organisation(_KIND_OF_FIRM[kind], customs_code=code, name_zh=name)
        for kind, (code, name) in SENDERS.items()
    }


def make_channels(
    firms: dict[str, Organisation], *, policy: SignaturePolicy = SignaturePolicy.OFF, carrier: Carrier = Carrier.HTTP
) -> dict[str, Connection]:
    """Open one channel a firm."""
    return {
        kind: open_connection(
            actor=ACTOR,
            organisation_id=firm.pk,
            name=f"{firm.name_zh} 接口",
            carrier=carrier,
            at=timezone.now(),
            cop_code=SENDERS[kind][0],
            signature_policy=policy,
            address=f"firm-{kind}" if carrier == Carrier.FOLDER else "",
        )
        for kind, firm in firms.items()
    }


def make_national_channel(organisation_id: UUID, *, address: str = "national", wraps_dxp: bool = False) -> Connection:
    """Open the channel to the national side by folder."""
    return open_connection(
        actor=ACTOR,
        organisation_id=organisation_id,
        name="国家标准版（演示）",
        carrier=Carrier.FOLDER,
        side=Side.NATIONAL,
        at=timezone.now(),
        address=address,
        wraps_dxp=wraps_dxp,
        dxp_id="DXPENTDEMO000001",
    )


def send(
    channels: dict[str, Connection],
    parcels: Iterable[Parcel],
    *,
    at: datetime,
    per_message: int = 100,
    kinds: Iterable[str] = ("311", "411", "511", "621"),
) -> list[UUID]:
    """Let the firms send the documents of parcels; return the ids of the messages."""
    sent = []
    for kind, raw in messages(parcels, per_message=per_message, kinds=kinds):
        sent += [one.message_id for one in receive(channel=channels[kind], body=raw, at=at)]
    return sent
