"""What an application about export lists says, in the words of the standard. Pure: values in, a node out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from kouan.declarations.composing import new_guid
from kouan.declarations.types import Sender
from kouan.gateway.standards.ceb.export_declarations import ExportCancelHead
from kouan.gateway.standards.ceb.export_returns import ExportReturnHead, ExportReturnLine
from kouan.gateway.standards.ceb.export_summaries import SummaryHead, SummaryLine
from kouan.gateway.standards.ceb.types import Node
from kouan.kernel.dates import format_time

if TYPE_CHECKING:
    from kouan.declarations.models import Case, GoodsLine
    from kouan.declarations.months import Group

BY_CONSIGNOR, BY_LIST_NAMES = "1", "1"
"""Summed up by consignor alone, under the names of goods as the lists have them (summaryFlag, itemNameFlag)."""
RETURNED_TO_ZONE, RETURNED = "1261", "9661"
_ZONE = "1210"


def summary(group: Group, number: str, sender: Sender, at: datetime) -> Node:
    """Apply (701) for the summary of the lists of a group that are ready."""
    firm = (sender.code, sender.name)
    head = SummaryHead(
        new_guid(), "1", format_time(at), "2", group.customs_code, number, None, None, *firm, group.merchant_code,
        group.merchant_name, *firm, None, None, None, BY_CONSIGNOR, BY_LIST_NAMES, "1", "1",
    )  # fmt: skip
    return Node(1, head, [SummaryLine(case.list_no) for case in group.ready], b"")


def cancellation(case: Case, number: str, reason: str, sender: Sender, at: datetime) -> Node:
    """Apply (605) for the cancellation of a list."""
    head = ExportCancelHead(
        new_guid(), "1", format_time(at), "2", case.customs_code, number, None, case.list_no, reason or None,
        sender.code, sender.name, case.merchant_code, case.merchant_name,
    )  # fmt: skip
    return Node(1, head, [], b"")


def goods_return(
    case: Case, number: str, values: Mapping[str, str], lines: Sequence[tuple[GoodsLine, Decimal]], sender: Sender,
    at: datetime, *, names: Mapping[str, str],
) -> Node:  # fmt: skip
    """Apply (213) for goods of a list to come back in.

    values: waybill_no, carrier_code, carrier_name, bill_no, transport_mode, transport_name, voyage_no, port_code,
    departure_country, reason. lines: what comes back of each goods line. names: firms by code.
    """
    given = {name: value.strip() or None for name, value in values.items()}
    carrier = given.get("carrier_code")
    head = ExportReturnHead(
        guid=new_guid(), app_type="1", app_time=format_time(at), app_status="2", customs_code=case.customs_code,
        place_code=case.place_code or None, platform_code=case.platform_code,
        platform_name=names.get(case.platform_code) or case.platform_code, merchant_code=case.merchant_code,
        merchant_name=case.merchant_name, waybill_no=given.get("waybill_no"), carrier_code=carrier,
        carrier_name=given.get("carrier_name") or names.get(carrier or "") or carrier, internal_no=number,
        pre_entry_no=None, list_no=case.list_no,
        trade_mode=RETURNED_TO_ZONE if case.trade_mode == _ZONE else RETURNED, declarant_code=sender.code,
        declarant_name=sender.name, bill_no=given.get("bill_no") or given.get("waybill_no"), direction="I",
        transport_mode=given.get("transport_mode"), transport_name=given.get("transport_name"),
        port_code=given.get("port_code"), reason=given.get("reason"),
        departure_country=given.get("departure_country"), voyage_no=given.get("voyage_no"),
    )  # fmt: skip
    return Node(1, head, [_returned(line, quantity) for line, quantity in lines], b"")


def _returned(line: GoodsLine, quantity: Decimal) -> ExportReturnLine:
    """Give the line that comes back; its legal quantities in the share of what comes back."""
    share = quantity / line.quantity
    return ExportReturnLine(
        line_no=str(line.line_no), hs_code=line.hs_code, goods_name=line.name, specification=line.model,
        quantity=_plain(quantity), legal_quantity=_plain((line.quantity_1 or quantity) * share), unit=line.unit,
        legal_unit=line.unit_1 or line.unit,
        second_quantity=_plain(line.quantity_2 * share) if line.quantity_2 and line.unit_2 else None,
        second_unit=line.unit_2 or None,
    )  # fmt: skip


def _plain(number: Decimal) -> str:
    """Write a number with at most five digits behind the point, as the standard has them."""
    return f"{round(number, 5).normalize():f}"
