"""The supervision places of the demonstration, with their operators."""

from __future__ import annotations

from datetime import datetime

from kouan.accounts import selectors as accounts
from kouan.accounts.demo import SINCE
from kouan.audit.types import Actor
from kouan.transport import selectors as transport
from kouan.transport.services import install_demo_places


def seed_places(*, actor: Actor, at: datetime) -> None:
    """Register the places; the zone's and the airport's belong to the two operators, the others to nobody yet."""
    zone, airport = accounts.list_demo_firms("site_operator")[:2]
    install_demo_places(
        actor=actor,
        at=at,
        since=SINCE,
        operators={"zone_operator": (zone.pk, zone.name_zh), "airport_operator": (airport.pk, airport.name_zh)},
    )


def place_of_demo_goods() -> str:
    """Give the code of the place in which the goods of the demonstration lie: one of the first operator's."""
    zone = accounts.list_demo_firms("site_operator")[0]
    return transport.places_of(zone.pk)[0].code
