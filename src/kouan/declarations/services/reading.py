"""Reading: the bytes of one message become checked nodes, or the reason why they cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import timezone

from kouan.declarations.codes import Kind
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.services.unwrapping import unwrap
from kouan.gateway.services.verifying import signature_problems
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.checks import Context, check
from kouan.gateway.standards.ceb.codec import UnreadableMessage
from kouan.gateway.standards.ceb.codec import read as read_bytes
from kouan.gateway.standards.ceb.types import Envelope, Node
from kouan.gateway.standards.xmldsig.trust import TrustedCertificates
from kouan.law import figures
from kouan.records.problems import Problem, has_error
from kouan.reference import selectors as reference
from kouan.reference.codes import Generation
from kouan.reference.types import Codes

if TYPE_CHECKING:
    from kouan.gateway.models import Connection


@dataclass(slots=True)
class Reading:
    """What one message says: nodes that passed, nodes that are refused, and what is wrong with the envelope.

    An envelope with an error refuses the message: it has no nodes then.
    """

    message: Claimed
    kind: str
    guid: str
    passed: Sequence[Node] = ()
    refused: Sequence[Node] = ()
    problems: list[Problem] = field(default_factory=list)
    is_unreadable: bool = False


def read_message(
    message: Claimed, channel: Connection, context: Context, trusted: TrustedCertificates, at: datetime
) -> Reading:
    """Read and check one message by the figures and code tables of its day."""
    try:
        unwrapped = unwrap(message)
        read = read_bytes(unwrapped.raw)
    except UnreadableMessage as reason:
        return Reading(message, message.kind, message.guid, problems=[reason.problem], is_unreadable=True)
    envelope = read.envelope
    reading = Reading(message, envelope.kind, envelope.guid or message.guid, problems=list(envelope.problems))
    reading.problems += _envelope_problems(envelope, channel)
    if not has_error(reading.problems):
        reading.problems += signature_problems(read, channel, trusted, at)
    if has_error(reading.problems):
        return reading
    check(envelope, context)
    reading.passed = [node for node in envelope.nodes if not node.is_refused]
    reading.refused = [node for node in envelope.nodes if node.is_refused]
    return reading


def _envelope_problems(envelope: Envelope, channel: Connection) -> list[Problem]:
    if envelope.kind not in Kind.values:
        return [
            _problem(
                "-930010",
                f"CEB{envelope.kind} 不是企业申报的报文",
                f"CEB{envelope.kind} is not a message that firms declare",
                f"请发送 {'、'.join(Kind.values)} 之一",
                f"Send one of {', '.join(Kind.values)}",
            )
        ]
    declared = envelope.transfer.firm_code if envelope.transfer else None
    if channel.cop_code and declared != channel.cop_code:
        return [
            _problem(
                "-930011",
                f"传输企业代码 {declared or '（空）'} 与接入通道登记的 {channel.cop_code} 不一致",
                f"The transferring firm {declared or '(none)'} is not the one of this channel, {channel.cop_code}",
                "请填写接入企业自己的代码（copCode）",
                "Give the code of the firm that is connected (copCode)",
                "/BaseTransfer/copCode",
            )
        ]
    return []


@lru_cache(maxsize=64)
def _figures(on_date: date) -> dict[str, Decimal]:
    return {"single_limit": Decimal(figures.get("ceb.single_limit_cny", on_date))}


@dataclass(frozen=True, slots=True)
class _CustomsTables:
    """The code tables in the three-digit generation of customs, which the CEB standard speaks."""

    tables: Codes

    def has(self, table: str, code: str, on_date: date) -> bool | None:
        """Say whether a code stands; None where the table at hand is not known to be whole.

        Against a table that was never loaded there is nothing to say; the office sees that it is missing.
        """
        if not self.tables.is_loaded(table) or self.tables.has(table, code, on_date, generation=Generation.CUSTOMS):
            return True
        return False if self.tables.may_refuse(table, code, on_date, generation=Generation.CUSTOMS) else None


def contexts_of(at: datetime) -> dict[str, Context]:
    """Give the context of checks for every signature policy of a channel, for one batch."""
    on_date = timezone.localdate(at)
    tables = _CustomsTables(reference.load_codes(on_date))
    return {
        policy: Context(on_date, _figures(on_date), tables, policy)  # type: ignore[arg-type]
        for policy in SignaturePolicy.values
    }


def _problem(code: str, zh: str, en: str, fix_zh: str, fix_en: str, pointer: str = "") -> Problem:
    return Problem(code, pointer, "error", zh, en, fix_zh, fix_en)
