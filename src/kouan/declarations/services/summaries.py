"""Summary applications: opened by an accepted 701, moved by its receipt, closed by what customs made of it (792)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db.models import Q

from kouan.accounts import selectors as accounts
from kouan.declarations import rows
from kouan.declarations.codes import Direction, Procedure, SummaryState
from kouan.declarations.models import Case, Document, Summary, SummaryEntry
from kouan.declarations.months import RELEASED
from kouan.declarations.services.relaying import Going, Incoming
from kouan.declarations.states import state_of_summary
from kouan.declarations.versions import DELETE
from kouan.gateway.services.working import Claimed
from kouan.gateway.standards.ceb.types import Node
from kouan.kernel.dates import parse_time

KIND, RESULT = "701", "792"
_FREE = (SummaryState.RETURNED, SummaryState.WITHDRAWN)


class AcceptedSummary(Protocol):
    """A summary application that became a version of its document."""

    document_id: UUID
    node: Node
    message: Claimed


def reservation_of(declarant_code: str, internal_no: str) -> UUID:
    """Give the id by which lists are held for an application that is written here and not yet stored."""
    return uuid5(NAMESPACE_OID, f"summary {declarant_code} {internal_no}")


def open_summaries(accepted: Iterable[AcceptedSummary], at: datetime) -> None:
    """Open an application for every accepted 701, or begin it anew, and take its lists in."""
    for one in accepted:
        head, lines = one.node.head, one.node.lines
        codes = (head.declarant_code, head.merchant_code, head.broker_code)
        ids = accounts.organisation_ids_by_code(set(codes))
        is_deleted = head.app_type == DELETE
        Summary.objects.update_or_create(
            pk=one.document_id,
            defaults={
                "internal_no": rows.key_of(KIND, head)[1],
                "declarant_code": head.declarant_code,
                "declarant_name": head.declarant_name,
                "merchant_code": head.merchant_code,
                "merchant_name": head.merchant_name,
                "customs_code": head.customs_code,
                "official_status": "",
                "state": state_of_summary("", has_entry=False, is_deleted=is_deleted),
                "parties": sorted({*ids.values(), one.message.organisation_id}),
                "sender_id": one.message.organisation_id,
                "connection_id": one.message.connection_id,
                "message_id": one.message.id,
                "received_at": at,
            },
        )
        Case.objects.filter(summary_id=one.document_id).update(summary_id=None)
        taken = 0 if is_deleted else _lists_of(head, lines).update(summary_id=one.document_id)
        Summary.objects.filter(pk=one.document_id).update(list_count=taken)


def _lists_of(head: Any, lines: Sequence[Any]) -> Any:
    """Find the lists that an application takes: those it names, or all of its consignor released in its period."""
    mine = Q(summary_id=None) | Q(summary_id=reservation_of(head.declarant_code, head.internal_no))
    free = Case.objects.filter(
        mine, direction=Direction.EXPORT, procedure=Procedure.SUMMARY, is_withdrawn=False,
        declarant_code=head.declarant_code, merchant_code=head.merchant_code, customs_code=head.customs_code,
    )  # fmt: skip
    if head.period_start and head.period_end:
        period = Q(released_at__gte=parse_time(head.period_start), released_at__lte=parse_time(head.period_end))
        return free.filter(period, state__in=RELEASED)
    return free.filter(list_no__in=[line.list_no for line in lines])


def move_summaries(moved: Mapping[UUID, tuple[str, str]]) -> None:
    """Write the return status and the number that customs gave; a returned application sets its lists free."""
    for summary in Summary.objects.select_for_update().filter(pk__in=list(moved)).order_by("pk"):
        status, number = moved[summary.pk]
        summary.official_status, summary.summary_no = status, number or summary.summary_no
        _stand(summary)


def _stand(summary: Summary) -> None:
    summary.state = state_of_summary(
        summary.official_status,
        has_entry=SummaryEntry.objects.filter(summary_id=summary.pk).exists(),
        is_deleted=Document.objects.filter(pk=summary.pk, is_deleted=True).exists(),
    )
    summary.save(update_fields=["official_status", "summary_no", "state"])
    if summary.state in _FREE:
        Case.objects.filter(summary_id=summary.pk).update(summary_id=None)


def take_results(incoming: Sequence[Incoming]) -> tuple[list[Going], list[tuple[Incoming, Node, dict[str, str]]]]:
    """Keep what customs made of applications (792), in the caller's transaction.

    Returns what goes to which channel, and what waits because no application has its number.
    """
    going, waiting = [], []
    for one in incoming:
        for node in one.nodes:
            head = node.head
            summary = Summary.objects.filter(summary_no=head.summary_no).exclude(summary_no="").first()
            if summary is None:
                waiting.append((one, node, {"summary_no": head.summary_no or ""}))
                continue
            _keep(summary, node, one.message.id)
            _stand(summary)
            going.append(Going(one, node.index, summary.connection_id, summary.sender_id, summary.message_id))
    return going, waiting


def _keep(summary: Summary, node: Node, message_id: UUID) -> None:
    """Keep one declaration; a later word about it replaces an earlier one, and parts of a split one add up."""
    head = node.head
    lists = {line.list_no for line in node.lines if line.list_no}
    before = SummaryEntry.objects.filter(pk=head.entry_seq_no).first()
    if before is not None:
        lists |= set(before.list_nos)
        if before.processed_time > head.processed_time:
            return
    SummaryEntry.objects.update_or_create(
        pk=head.entry_seq_no,
        defaults={
            "summary_id": summary.pk,
            "processed_time": head.processed_time,
            "entry_no": head.entry_no or (before.entry_no if before else ""),
            "entry_state": head.entry_state,
            "gross_weight_kg": head.gross_weight_kg,
            "net_weight_kg": head.net_weight_kg,
            "list_nos": sorted(lists),
            "message_id": message_id,
        },
    )
