"""Summary applications: opened by an accepted 701, moved by its receipt, closed by what customs made of it (792).

Which lists an application takes in is read by ``following``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from kouan.accounts import selectors as accounts
from kouan.declarations import rows
from kouan.declarations.models import Case, Document, Summary, SummaryEntry
from kouan.declarations.services.relaying import Going, Incoming
from kouan.declarations.states import state_of_summary
from kouan.declarations.versions import DELETE
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.types import Node
from kouan.kernel.dates import parse_time
from kouan.workflow.services import Happening, record_events

KIND, RESULT = "701", "792"


class AcceptedSummary(Protocol):
    """A summary application that became a version of its document."""

    document_id: UUID
    node: Node
    message: Claimed


def open_summaries(accepted: Iterable[AcceptedSummary], at: datetime) -> None:
    """Open an application for every accepted 701, or begin it anew."""
    for one in accepted:
        head = one.node.head
        ids = accounts.organisation_ids_by_code({head.declarant_code, head.merchant_code, head.broker_code})
        since, until = _period_of(head)
        before = Summary.objects.filter(pk=one.document_id).values_list("state", flat=True).first()
        state = state_of_summary("", has_entry=False, is_deleted=head.app_type == DELETE)
        Summary.objects.update_or_create(
            pk=one.document_id,
            defaults={
                "internal_no": rows.key_of(KIND, head)[1],
                "declarant_code": head.declarant_code,
                "declarant_name": head.declarant_name,
                "merchant_code": head.merchant_code,
                "merchant_name": head.merchant_name,
                "customs_code": head.customs_code,
                "since": since,
                "until": until,
                "official_status": "",
                "state": state,
                "parties": sorted({*ids.values(), one.message.organisation_id}),
                "sender_id": one.message.organisation_id,
                "connection_id": one.message.connection_id,
                "message_id": one.message.id,
                "received_at": at,
            },
        )
        _record(one.document_id, before or "", state, at)


def _period_of(head: Any) -> tuple[datetime | None, datetime | None]:
    """Give the period of an application; one that is not given whole is none."""
    if not (head.period_start and head.period_end):
        return None, None
    return parse_time(head.period_start), parse_time(head.period_end)


def release_held(message_ids: Collection[UUID]) -> None:
    """Hold lists no longer for messages that are stored, whatever became of them, or for a draft that is gone."""
    if message_ids:
        Case.objects.filter(held_for__in=list(message_ids)).update(held_for=None)


def hold_for(message_id: UUID, *, instead_of: UUID) -> None:
    """Hold the lists that a draft held for the message that it became."""
    Case.objects.filter(held_for=instead_of).update(held_for=message_id)


def move_summaries(moved: Mapping[UUID, tuple[str, str]], *, at: datetime) -> None:
    """Write the return status and the number that customs gave."""
    for summary in Summary.objects.select_for_update().filter(pk__in=list(moved)).order_by("pk"):
        status, number = moved[summary.pk]
        summary.official_status, summary.summary_no = status, number or summary.summary_no
        _stand(summary, at)


def _stand(summary: Summary, at: datetime) -> None:
    before = summary.state
    has_entry = bool(summary.summary_no) and SummaryEntry.objects.filter(summary_no=summary.summary_no).exists()
    is_deleted = Document.objects.filter(pk=summary.pk, is_deleted=True).exists()
    summary.state = state_of_summary(summary.official_status, has_entry=has_entry, is_deleted=is_deleted)
    summary.save(update_fields=["official_status", "summary_no", "state"])
    _record(summary.pk, before, summary.state, at)


def _record(summary_id: UUID, before: str, state: str, at: datetime) -> None:
    if before != state:
        record_events([Happening(summary_id, "summary", "stand", before, state, actor_label="系统")], at=at)


def take_results(
    incoming: Sequence[Incoming], *, at: datetime
) -> tuple[list[Going], list[tuple[Incoming, Node, dict[str, str]]]]:
    """Keep what customs made of applications (792), in the caller's transaction.

    Returns what goes to which channel, and what waits because no application has its number. An application that was
    handed in in parts has one number; its result belongs to all of them.
    """
    going, waiting = [], []
    for one in incoming:
        for node in one.nodes:
            number = node.head.summary_no or ""
            found = Summary.objects.select_for_update().filter(summary_no=number).exclude(summary_no="").order_by("pk")
            summaries = list(found)
            if not summaries:
                waiting.append((one, node, {"summary_no": number}))
                continue
            _keep(node, one.message.id)
            for summary in summaries:
                _stand(summary, at)
            first = summaries[0]
            going.append(Going(one, node.index, first.connection_id, first.sender_id, first.message_id))
    return going, waiting


def _keep(node: Node, message_id: UUID) -> None:
    """Keep one declaration: the lists of all its parts, and for the rest the word that customs said last."""
    head = node.head
    lists = {line.list_no for line in node.lines if line.list_no}
    said = {
        "summary_no": head.summary_no,
        "processed_time": head.processed_time,
        "entry_no": head.entry_no or "",
        "entry_state": head.entry_state,
        "gross_weight_kg": head.gross_weight_kg,
        "net_weight_kg": head.net_weight_kg,
        "list_nos": sorted(lists),
        "message_id": message_id,
    }
    entry, is_new = SummaryEntry.objects.select_for_update().get_or_create(pk=head.entry_seq_no, defaults=said)
    if is_new:
        return
    known = {"list_nos": sorted(lists | set(entry.list_nos)), "entry_no": said["entry_no"] or entry.entry_no}
    if (head.processed_time, head.entry_state) < (entry.processed_time, entry.entry_state):
        known["entry_no"] = entry.entry_no or said["entry_no"]
        said = {}
    SummaryEntry.objects.filter(pk=entry.pk).update(**said | known)
