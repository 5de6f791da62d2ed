"""Export parcels in a real browser: from a trader's spreadsheet, over their departure, to the summed-up month."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from tests.test_journey import XLSX, NationalSide, page, people, see, sign_in

from kouan.accounts.factories import make_organisation
from kouan.declarations.factories import ACTOR, make_export_values, make_sheet
from kouan.declarations.models import SummaryEntry
from kouan.gateway.codes import Carrier, SignaturePolicy
from kouan.gateway.counterparts.standard_edition.behaviour import Behaviour
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.standards.ceb import generate_exports as exports
from kouan.gateway.standards.ceb.codec import encode

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["page", "people"]

pytestmark = pytest.mark.journey

WAYBILLS = ("EL1", "EL2")
CARRIER_CODE = "420196YS17"


def report_departure() -> None:
    """Let the carrier's system say that the parcels have left the country."""
    at = timezone.now()
    carrier = make_organisation("logistics", customs_code=CARRIER_CODE, name_zh="演示物流")
    channel = open_connection(
        actor=ACTOR, organisation_id=carrier.pk, name="演示物流 接口", carrier=Carrier.HTTP, at=at,
        cop_code=CARRIER_CODE, signature_policy=SignaturePolicy.OFF,
    )  # fmt: skip
    node = exports.departure(WAYBILLS, number="演示离境1", at=at)
    node.head.carrier_code = CARRIER_CODE
    envelope = exports.envelope("509", [node], guid=exports.guid_of("departure of the journey"))
    envelope.transfer.firm_code = CARRIER_CODE  # type: ignore[union-attr]
    receive(channel=channel, body=encode(envelope), at=at)


def test_from_a_spreadsheet_to_the_summed_up_month(page: Page, people: dict[str, Any], tmp_path: Path) -> None:
    national = NationalSide(tmp_path)
    national.ledger.behaviour = Behaviour(seconds=0, endings={"release": 1})

    sign_in(page, people["trader"])
    page.goto("/sheets/")
    sheet = make_sheet(
        make_export_values(internal_no=f"E{number}", order_no=f"EO{number}", transaction_no=f"EP{number}",
                           waybill_no=waybill)
        for number, waybill in enumerate(WAYBILLS, start=1)
    )  # fmt: skip
    page.locator("input[type=file]").set_input_files({"name": "出口.xlsx", "mimeType": XLSX, "buffer": sheet})
    page.get_by_role("button", name="试算").click()
    page.get_by_role("button", name="申报 2 票").click()
    see(page, "报文已收妥，正在处理")
    national.carry()
    page.get_by_role("link", name="E1").click()
    see(page, "已放行，可运往口岸离境", "官方回执 800", "已放行，尚未结关")
    case_url = page.url

    report_departure()
    national.carry()
    national.carry()
    page.goto(case_url)
    see(page, "货物已离境，可汇总申报", "货物离境", "可汇总")

    page.goto("/exports/month/")
    page.get_by_role("link", name="汇总申报 2 票").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("由海关生成报关单").wait_for()
    dialog.get_by_role("button", name="汇总申报").click()
    see(page, "汇总申请待报送")
    national.carry()
    national.carry()
    page.reload()
    entry = SummaryEntry.objects.get()
    see(page, "已在汇总申请中", "已生成报关单", entry.entry_no)
    page.goto(case_url)
    see(page, "汇总为报关单", entry.entry_no)
