"""Technical receipts: whether a file in an exchange folder was taken, said before anybody looks into it.

Kouan says so to firms by the platform's report ``DxpRep``, one response a message; it names itself as the node, so that
nobody takes it for the word of the national side. The national client says so to Kouan; what it could not take is
parked where the office sees it and may send it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection as database
from django.db import transaction
from psycopg import Cursor

from kouan.gateway.codes import Outcome, Step
from kouan.gateway.models import Connection, Delivery, Forwarding
from kouan.gateway.services.receiving import Acknowledgement
from kouan.gateway.services.working import require
from kouan.gateway.standards.dxp.codec import write_report
from kouan.gateway.standards.dxp.types import Report, Response, TransferInfo, response_meaning
from kouan.gateway.transports.file_names import Technical
from kouan.kernel.dates import CHINA_TIME
from kouan.kernel.identifiers import uuid7
from kouan.records.problems import Problem

_NODE = "KOUAN"
_TAKEN, _REFUSED = "0", "-1201001"
_LONGEST_INFO, _LONGEST_NOTE, _LONGEST_ID = 300, 500, 16
_NOTED_CHARACTERS = 2000


def tell_taken(channel: Connection, acknowledgements: Sequence[Acknowledgement], at: datetime) -> bytes:
    """Write for a firm what became of each message of a file that was taken."""
    return _report(channel, [_response(channel, one, at) for one in acknowledgements])


def tell_refused(channel: Connection, file_name: str, problem: Problem, at: datetime) -> bytes:
    """Write for a firm why a file was not taken."""
    return _report(channel, [_refusal(channel, file_name, problem, at)])


def _response(channel: Connection, one: Acknowledgement, at: datetime) -> Response:
    if one.conflicts_with:
        return _refusal(channel, one.guid, one.problem(), at)
    zh, en = response_meaning(_TAKEN)
    again = "（重复报送）" if one.is_repeated else ""
    info = f"口岸平台{zh}{again} / {en} by Kouan"
    return Response(_TAKEN, info, _NODE, [], _day(at), str(one.message_id), _original(channel, one.guid, at))


def _refusal(channel: Connection, named: str, problem: Problem, at: datetime) -> Response:
    info = f"[{problem.code}] {problem.zh} {problem.fix_zh}"[:_LONGEST_INFO]
    note = f"{problem.en}. {problem.fix_en}."[:_LONGEST_NOTE]
    return Response(_REFUSED, info, _NODE, [], _day(at), note, _original(channel, named, at))


def _original(channel: Connection, message_id: str, at: datetime) -> TransferInfo:
    created = at.astimezone(CHINA_TIME).strftime("%Y-%m-%dT%H:%M:%S")
    return TransferInfo(message_id[:255], _identity(channel), [_NODE], created, "")


def _report(channel: Connection, responses: list[Response]) -> bytes:
    return write_report(Report(_identity(channel), responses, _NODE))


def _identity(channel: Connection) -> str:
    return (channel.dxp_id or channel.cop_code or channel.name)[:_LONGEST_ID]


def _day(at: datetime) -> str:
    return at.astimezone(CHINA_TIME).strftime("%Y-%m-%d")


def note_technical(channel: Connection, said: Technical, content: bytes, at: datetime) -> None:
    """Write down what the national client says of a file; one that it could not take is parked with its reason."""
    item_id = _item_of(said.key)
    if item_id is None or not Forwarding.objects.filter(message_id=item_id, connection_id=channel.pk).exists():
        return
    detail = content.decode("utf-8", "replace").replace("\x00", "\ufffd")[:_NOTED_CHARACTERS]
    outcome = Outcome.DELIVERED if said.is_taken else Outcome.REFUSED
    with transaction.atomic():
        Delivery.objects.create(
            id=uuid7(), item_id=item_id, connection_id=channel.pk, outcome=outcome, at=at, detail=detail
        )
        if not said.is_taken:
            require([item_id], step=Step.DELIVER, at=at, connection_id=channel.pk)
            Cursor(database.connection).execute(
                "update gateway_work set is_parked = true, error = 'refused' where item_id = %b and step = %b",
                (item_id, str(Step.DELIVER)),
            )


def _item_of(key: str) -> UUID | None:
    """Find the item in the name that it got when it left: its id is the end of it."""
    try:
        return UUID(hex=key[-32:])
    except ValueError:
        return None
