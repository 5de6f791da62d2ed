"""Channels: opening them, finding them, and the token by which a machine is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.gateway.codes import Carrier, Carries, Side, SignaturePolicy
from kouan.gateway.models import Connection
from kouan.gateway.tokens import digest_of, make_token


def open_connection(
    *,
    actor: Actor,
    organisation_id: UUID,
    name: str,
    carrier: Carrier,
    at: datetime,
    side: Side = Side.ENTERPRISE,
    cop_code: str = "",
    dxp_id: str = "",
    address: str = "",
    wraps_dxp: bool = False,
    carries: Carries = Carries.PARCELS,
    only_saves: bool = True,
    signature_policy: SignaturePolicy = SignaturePolicy.REQUIRE,
    is_demo: bool = False,
) -> Connection:
    """Open a channel for an organisation."""
    channel = Connection.objects.create(
        organisation_id=organisation_id,
        name=name,
        side=side,
        carrier=carrier,
        cop_code=cop_code,
        dxp_id=dxp_id,
        address=address,
        wraps_dxp=wraps_dxp,
        carries=carries,
        only_saves=only_saves,
        signature_policy=signature_policy,
        is_demo=is_demo,
        created_at=at,
    )
    audit.record(actor=actor, act="open_connection", subject_kind="connection", subject_id=channel.id, at=at)
    return channel


def issue_token(*, actor: Actor, connection_id: UUID, at: datetime) -> str:
    """Give a channel a new token and forget the old one; only its digest is kept, so it is shown this once."""
    token = make_token()
    Connection.objects.filter(pk=connection_id).update(token_digest=digest_of(token))
    audit.record(actor=actor, act="issue_token", subject_kind="connection", subject_id=connection_id, at=at)
    return token


def desk_of(*, organisation_id: UUID, at: datetime) -> Connection:
    """Find the channel that stands for a firm's own pages here, opening it at first use."""
    channel, _ = Connection.objects.get_or_create(
        organisation_id=organisation_id,
        carrier=Carrier.DESK,
        defaults={"name": "页面录入", "side": Side.ENTERPRISE, "created_at": at},
    )
    return channel


def channels_of(ids: Iterable[UUID]) -> dict[UUID, Connection]:
    """Find channels by id."""
    return Connection.objects.in_bulk(list(ids))


def national_channel(carries: Carries = Carries.PARCELS) -> Connection | None:
    """Find the channel to the national side for a business, if one is open."""
    open_ones = Connection.objects.filter(side=Side.NATIONAL, is_active=True, carries=carries)
    return open_ones.order_by("created_at").first()
