"""Relaying: every official answer goes back, byte for byte, into the channel of what it answers.

A message goes back as it came when all of it belongs to one channel; where it belongs to several, each channel gets a
message of the same kind with its own nodes, cut at their borders, so that no firm sees what another was answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kouan.gateway.codes import Issuer
from kouan.gateway.services.answering import Outgoing, issue
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.cutting import keep_nodes
from kouan.gateway.standards.ceb.types import Envelope, Node


@dataclass(frozen=True, slots=True)
class Incoming:
    """One official message, with the bytes of the CEB message in it, and the nodes of it that are to be taken."""

    message: Claimed
    raw: bytes
    envelope: Envelope
    nodes: list[Node]


@dataclass(frozen=True, slots=True)
class Going:
    """One node of an official message, and the channel to which it belongs. answers: the message that it answers."""

    incoming: Incoming
    node_index: int
    connection_id: UUID
    organisation_id: UUID
    answers: UUID


def relay(going: Iterable[Going], *, at: datetime) -> None:
    """Make official messages due to the channels of their nodes, in the caller's transaction."""
    together: dict[tuple[UUID, UUID], list[Going]] = defaultdict(list)
    for one in going:
        together[one.incoming.message.id, one.connection_id].append(one)
    issue([_outgoing(mine) for mine in together.values()], at=at)


def _outgoing(mine: list[Going]) -> Outgoing:
    """Give the receipt for one channel: the message whole, or cut to the nodes of this channel."""
    first, indexes = mine[0], {one.node_index for one in mine}
    incoming = first.incoming
    is_whole = len(indexes) == len(incoming.envelope.nodes)
    answered = {one.answers for one in mine}
    return Outgoing(
        connection_id=first.connection_id,
        organisation_id=first.organisation_id,
        issuer=Issuer.NATIONAL,
        kind=incoming.envelope.kind,
        answers=answered.pop() if len(answered) == 1 else None,
        source_message_id=incoming.message.id,
        body=incoming.raw if is_whole else keep_nodes(incoming.raw, indexes),
        node_count=len(indexes),
        refused_count=len(indexes) if incoming.envelope.kind == "900" else 0,
    )
