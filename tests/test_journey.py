"""One parcel in a real browser: from a trader's spreadsheet, over a counterpart that plays customs, to the gate."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from django.utils import timezone

from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.factories import PASSWORD, make_organisation, make_user
from kouan.audit.types import SystemActor
from kouan.clearance.demo import work
from kouan.declarations.factories import make_national_channel
from kouan.declarations.sheet_layouts import IMPORT
from kouan.gateway.codes import SignerKind
from kouan.gateway.counterparts.standard_edition.behaviour import Behaviour
from kouan.gateway.counterparts.standard_edition.ledger import Ledger
from kouan.gateway.counterparts.standard_edition.playing import Counterpart, FolderPlayer
from kouan.gateway.services.appointments import appoint_key_service
from kouan.gateway.services.collecting import collect_due
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.leaving import Leaving
from kouan.gateway.standards.ceb.generate import demo_resident_id
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key
from kouan.project.places import ROOT
from kouan.transport.services import register_place

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.journey

ACTOR = SystemActor("测试")
PLACE, FIRM_CODE = "T4722A", "420196YS05"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PARCEL = {
    "internal_no": "J1", "trade_mode": "9610", "customs_code": "4722", "place_code": PLACE, "order_no": "JD1",
    "platform_code": "420196YS11", "platform_name": "演示平台", "merchant_code": "420196YS14",
    "merchant_name": "演示电商", "transaction_no": "JP1", "payment_firm_code": "310196YS15",
    "payment_firm_name": "演示支付", "waybill_no": "JL1", "carrier_code": "420196YS17", "carrier_name": "演示物流",
    "transport_mode": "5", "transport_name": "YS8888", "voyage_no": "YS1", "bill_no": "112-10011002",
    "departure_country": "601", "gross_weight_kg": "1.2", "net_weight_kg": "1", "freight": "10", "tax_total": "9.1",
    "discount": "0", "buyer_name": "演示甲", "buyer_id_number": demo_resident_id(date(1990, 1, 1), 1),
    "buyer_phone": "19900000000", "consignee_name": "演示甲", "consignee_phone": "19900000000",
    "consignee_address": "武汉市演示路 1 号", "item_no": "A1", "hs_code": "2106909090", "name": "演示益生菌",
    "specification": "30 袋", "country": "601", "quantity": "2", "unit": "140", "legal_quantity": "0.2",
    "legal_unit": "035", "price": "50",
}  # fmt: skip
TOO_LIGHT = {**PARCEL, "internal_no": "J2", "order_no": "JD2", "transaction_no": "JP2", "waybill_no": "JL2",
             "gross_weight_kg": "0.5"}  # fmt: skip


def make_sheet(*parcels: dict[str, str]) -> bytes:
    """Write a spreadsheet as a trader does: the titles of the template, one row a goods line."""
    titles = IMPORT.titles
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("申报")
    sheet.write_row(0, 0, list(titles.values()))
    for row, parcel in enumerate(parcels, start=1):
        for place, name in enumerate(titles):
            sheet.write_string(row, place, parcel.get(name, ""))
    book.close()
    return buffer.getvalue()


class NationalSide:
    """The counterpart that plays the national standard edition and customs behind it, over a folder."""

    def __init__(self, exchange: Path) -> None:
        self.exchange = exchange
        self.ledger = Ledger(exchange / "ledger.db")
        self.ledger.behaviour = Behaviour(seconds=0, endings={"inspect": 1})
        self.counterpart = Counterpart(self.ledger)
        self.player = FolderPlayer(self.counterpart, exchange / "national")

    def carry(self) -> None:
        """Do what the workers do: every step, what goes out, the counterpart's turn, what comes back."""
        at = timezone.now()
        out = Leaving(self.exchange)
        work(at)
        while deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=at):
            pass
        self.player.turn(at.timestamp() + 1)
        collect_due(root=self.exchange, at=at)
        work(at)

    def release(self, number: str) -> None:
        """Let an officer of the played side release the goods."""
        assert self.counterpart.decide(number=number, status="800", at=timezone.now().timestamp())
        self.carry()


@pytest.fixture
def page(browser_page: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of the journey; where the journey fails, what was on it is kept in build/journeys."""
    failed_before = request.session.testsfailed
    try:
        yield browser_page
    finally:
        if request.session.testsfailed > failed_before:
            folder = ROOT / "build" / "journeys"
            folder.mkdir(parents=True, exist_ok=True)
            browser_page.screenshot(path=folder / f"{request.node.name}.png", full_page=True)


@pytest.fixture
def people(page: Page) -> dict[str, Any]:
    """A trader whose firm appointed the test signer, and the clerks of the site and of its gate."""
    at = timezone.now()
    firm = make_organisation(OrganisationKind.AGENT, customs_code=FIRM_CODE, name_zh="演示报关")
    operator = make_organisation(OrganisationKind.SITE_OPERATOR, name_zh="演示监管场所")
    make_national_channel(firm.pk)
    appoint_key_service(
        actor=ACTOR, organisation_id=firm.pk, kind=SignerKind.TEST, document_no="委托 1",
        key=demo_rsa_key("演示报关", since=at), at=at,
    )  # fmt: skip
    register_place(
        actor=ACTOR, at=at, code=PLACE, name_zh="演示快件中心", kind="express", customs_code="4722",
        since=datetime(2018, 1, 1, tzinfo=UTC).date(), operator_id=operator.pk, goods_kinds=["parcel_import"],
        gates=["一号卡口"],
    )  # fmt: skip
    return {
        "trader": make_user(Role.TRADER_CLERK, organisation=firm, name="演示申报员"),
        "site": make_user(Role.SITE_CLERK, organisation=operator, name="演示作业员"),
        "gate": make_user(Role.GATE_CLERK, organisation=operator, name="演示卡口员"),
    }


def sign_in(page: Page, person: Any) -> None:
    """Sign in by the page, after whoever sat there has signed out."""
    if page.locator(".bar-person").count():
        page.locator(".bar-person").click()
        page.get_by_role("button", name="退出").click()
    page.goto("/sign-in")
    page.locator("[name=username]").fill(person.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator(".bar-person").wait_for()


def see(page: Page, *texts: str) -> None:
    """Wait until each text can be seen on the page."""
    for text in texts:
        page.locator("main").get_by_text(text).filter(visible=True).first.wait_for()


def declare_by_sheet(page: Page) -> None:
    """Upload the sheet, read the dry run, declare what is fit and follow it to its case."""
    page.goto("/sheets/")
    sheet = {"name": "申报.xlsx", "mimeType": XLSX, "buffer": make_sheet(PARCEL, TOO_LIGHT)}
    page.locator("input[type=file]").set_input_files(sheet)  # type: ignore[arg-type]
    page.get_by_role("button", name="试算").click()
    see(page, "1 票须改正", "可申报 1 票", "-621001")
    page.get_by_role("button", name="申报 1 票").click()
    see(page, "报文已收妥，正在处理")


def open_inspection(page: Page, number: str) -> None:
    """Open the inspection of a case from the list of inspections."""
    page.goto("/inspections/")
    page.get_by_role("link", name=number).first.click()
    page.get_by_role("heading", name=f"查验 {number}").wait_for()


def spine(page: Page) -> str:
    """What the trader reads under "how it went"."""
    return page.locator(".spine").inner_text()


def test_from_a_spreadsheet_to_leaving_the_gate(page: Page, people: dict[str, Any], tmp_path: Path) -> None:
    national = NationalSide(tmp_path)

    sign_in(page, people["trader"])
    declare_by_sheet(page)
    national.carry()
    page.get_by_role("link", name="J1").click()
    see(page, "查验中", "一次申报", "海关布控查验")
    case_url = page.url
    assert not page.get_by_text("J2").count()

    tomorrow = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)
    open_inspection(page, "J1")
    see(page, "待预约")
    page.locator("[name=booked_for]").fill(tomorrow.strftime("%Y-%m-%dT10:30"))
    page.get_by_role("button", name="登记").click()
    see(page, "已预约")

    sign_in(page, people["gate"])
    ask_gate(page, "JL1")
    see(page, "不可离场", "官方尚未放行")
    assert not page.get_by_role("button", name="登记离场").count()

    sign_in(page, people["site"])
    open_inspection(page, "J1")
    present = page.locator("form:has([name=do][value=present])")
    present.locator("[name=bay]").fill("二号查验台")
    present.get_by_role("button", name="登记").click()
    see(page, "货已到场")
    page.locator("[name=note]").fill("外包装完好，货单相符")
    page.get_by_role("button", name="登记").click()
    see(page, "现场完成", "现在没有需要您办理的事项")

    national.release("J1")

    sign_in(page, people["gate"])
    ask_gate(page, "JL1")
    see(page, "可以离场", "已收到官方放行回执")
    page.locator("[name=gate]").fill("一号卡口")
    page.locator("[name=vehicle_no]").fill("鄂A·演001")
    page.get_by_role("button", name="登记离场").click()
    page.get_by_text("已登记离场。").wait_for()
    ask_gate(page, "JL1")
    see(page, "不可离场", "货物已登记离场")

    sign_in(page, people["trader"])
    page.goto(case_url)
    see(page, "已放行")
    told = spine(page)
    steps = [
        "收到申报", "四单对碰一致", "判定涉及单位", "转发国家标准版", "官方回执 2", "官方回执 3", "官方回执 120",
        "官方回执 500", "海关布控查验", "货物送至查验台", "现场查验完成", "官方回执 800", "货物离场",
    ]  # fmt: skip
    assert [step for step in steps if step not in told] == []
    assert told.rstrip().rfind("货物离场") > max(told.rfind(step) for step in steps[:-1])
    assert "外包装完好，货单相符" in told and "二号查验台" in told


def ask_gate(page: Page, number: str) -> None:
    """Ask at the gate whether what a number stands for may leave."""
    page.goto("/gate/")
    page.locator("[name=number]").fill(number)
    page.get_by_role("button", name="查询可否离场").click()
