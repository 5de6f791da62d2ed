"""For whom a parcel is declared, and that this client has delegated it: of forms, and of messages that come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kouan.accounts import selectors as accounts
from kouan.accounts.covering import Want, Why, cover, refuse_after_end, require_delegation
from kouan.declarations.codes import LISTS, Kind
from kouan.declarations.rows import key_of
from kouan.declarations.services.reading import Reading
from kouan.gateway.standards.ceb.fields import fields_of
from kouan.records.problems import Problem

if TYPE_CHECKING:
    from kouan.accounts.models import User

_POINTER = "merchant_code"
_OF_REFUSAL = {Why.NONE: "-921011", Why.SCOPE: "-921012", Why.TO_COME: "-921013", Why.ENDED: "-921014"}
_OWN_RIGHT = {
    Kind.ORDER: ("platform_code", "merchant_code"), Kind.EXPORT_ORDER: ("platform_code", "merchant_code"),
    Kind.PAYMENT: ("payment_firm_code",), Kind.EXPORT_RECEIPT: ("merchant_code", "payment_firm_code"),
    Kind.WAYBILL: ("carrier_code",), Kind.WAYBILL_STATUS: ("carrier_code",), Kind.EXPORT_WAYBILL: ("carrier_code",),
    Kind.DEPARTURE: ("carrier_code",), Kind.INBOUND_DETAIL: ("operator_code",), Kind.ARRIVAL: ("operator_code",),
    Kind.RETURN_TALLY: ("operator_code",),
}  # fmt: skip
"""Who sends a document in its own right (统一版 202205, the firms named with each message); else its declarant."""


def _client_of(values: Mapping[str, Any]) -> UUID | None:
    code = str(values.get(_POINTER) or "").strip()
    return accounts.organisation_ids_by_code([code]).get(code)


def _kind_of(values: Mapping[str, Any]) -> str:
    return Kind.EXPORT_LIST if values.get("direction") == "E" else Kind.LIST


def refuse_new_after_end(*, user: User, values: Mapping[str, Any], at: datetime) -> None:
    """Let nothing new be written for a seller whose delegation has ended. Raises NotDelegated."""
    client = _client_of(values)
    if client:
        refuse_after_end(
            client_id=client, agent_id=user.organisation_id, kind=_kind_of(values), at=at, pointer=_POINTER
        )


def require_client(*, user: User, values: Mapping[str, Any], at: datetime) -> None:
    """Make sure that the seller has delegated its lists to the firm, or is the firm itself. Raises NotDelegated.

    Only brokers declare for others by delegation; a platform or carrier that declares says who it is by its own codes.
    """
    client = _client_of(values)
    if client and "agent" in user.organisation.kinds:
        require_delegation(
            client_id=client, agent_id=user.organisation_id, kind=_kind_of(values), at=at, pointer=_POINTER
        )


# Messages that come --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class NodeCover:
    """What covers the nodes of a batch, by message and place in it: the delegation, or why there is none.

    owners: the organisations that the codes of owners are, those known here.
    """

    owners: Mapping[str, UUID]
    delegations: dict[tuple[UUID, int], UUID] = field(default_factory=dict)
    refusals: dict[tuple[UUID, int], Problem] = field(default_factory=dict)


def cover_nodes(readings: Collection[Reading], *, desks: Collection[UUID]) -> NodeCover:
    """Find for each node the delegation under which its sender declares for another, as of its arrival.

    A document comes from a firm that it names in a role of its own, or by delegation of its owner; a list that a broker
    sends, by delegation of the seller too. A firm that is unknown here has its agreement on paper. Two queries a batch,
    and two more where somebody sends for another.

    desks: the channels of the firms' own pages, whose form writes order, payment and waybill along with the list.
    """
    known = accounts.organisation_ids_by_code(
        code for reading in readings for node in reading.passed for code in _codes(reading.kind, node.head)
    )
    found = NodeCover(known)
    senders = {reading.message.organisation_id for reading in readings if reading.kind in LISTS}
    brokers = accounts.agents_among(senders) if senders else frozenset()
    wanted = [
        ((reading.message.id, node.index), one)
        for reading in readings
        for node in reading.passed
        for one in _wants(reading, node.head, known, brokers, is_desk=reading.message.connection_id in desks)
    ]
    covered = cover(one.want for _place, one in wanted)
    for place, one in wanted:
        if refusal := covered.refusals.get(one.want):
            found.refusals.setdefault(place, refusal.in_message(_OF_REFUSAL[refusal.why], one.pointer))
        elif one.want in covered.delegations:
            found.delegations[place] = covered.delegations[one.want].pk
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    want: Want
    pointer: str


def _wants(
    reading: Reading, head: Any, known: Mapping[str, UUID], brokers: Collection[UUID], *, is_desk: bool
) -> Iterator[_Wanted]:
    """Say whose delegation the sender of a node needs: its owner's, and for a list of a broker the seller's."""
    message, kind = reading.message, reading.kind
    names = _OWN_RIGHT.get(kind, ("declarant_code",))  # type: ignore[call-overload]
    in_own_right = {known.get(getattr(head, name) or "") for name in names}
    owner = known.get(key_of(kind, head)[0])
    if owner and not is_desk and message.organisation_id not in in_own_right:
        yield _Wanted(Want(owner, message.organisation_id, kind, message.received_at), _pointer(type(head), names[0]))
    if kind in LISTS and message.organisation_id in brokers:
        seller = known.get(head.merchant_code or "")
        if seller and seller != message.organisation_id:
            want = Want(seller, message.organisation_id, kind, message.received_at)
            yield _Wanted(want, _pointer(type(head), _POINTER))


def _codes(kind: str, head: Any) -> Iterable[str]:
    yield key_of(kind, head)[0]
    for name in (*_OWN_RIGHT.get(kind, ()), *((_POINTER,) if kind in LISTS else ())):  # type: ignore[call-overload]
        if code := getattr(head, name):
            yield code


@cache
def _pointer(block: type, name: str) -> str:
    return "/" + next(one.element for one in fields_of(block) if one.name == name)
