"""A broker's goods declaration in a browser, from the libraries over maker, checker and customs to the gate."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from tests.test_journey import ask_gate, see, sign_in

from kouan.accounts.codes import GOODS_DOCUMENTS, OrganisationKind, Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.brokerage.services.keeping import keep_article, keep_client
from kouan.checking.codes import CheckedKind
from kouan.checking.services.ruling import set_rule
from kouan.clearance.services.goods_routing import answer_goods_messages, route_goods
from kouan.decisions.services.versions import install_builtin_tables
from kouan.gateway.codes import Step
from kouan.gateway.counterparts.goods_window.playing import GoodsWindow, WindowPlayer
from kouan.gateway.services.collecting import collect_due
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.leaving import leaving
from kouan.gateway.services.working import run_step
from kouan.goods import factories as make
from kouan.goods.models import GoodsDeclaration, GoodsVersion
from kouan.goods.services.storing import store_goods
from kouan.kernel.dates import format_date
from kouan.transport.services import register_place

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.journey

PLACE = "T4722G"
STEPS = ((Step.STORE_GOODS, store_goods), (Step.ROUTE_GOODS, route_goods), (Step.ANSWER_GOODS, answer_goods_messages))
RETURNED = "第 1 项商品编号与品名不符，请修改"


class Customs:
    """The counterpart that plays the national window and customs behind it; no two answers in one second."""

    def __init__(self, exchange: Path) -> None:
        self.exchange, self.at = exchange, timezone.now()
        self.window = GoodsWindow(exchange / "window.db")
        self.player = WindowPlayer(self.window, exchange / "window")
        self.out = leaving(exchange)

    def carry(self) -> None:
        """Do what the workers do: steps, what goes out, the window's turn, what comes back."""
        self.at = max(self.at + timedelta(seconds=10), timezone.now())
        self.work()
        self.player.turn(self.at.timestamp())
        self.player.turn(self.at.timestamp() + 5)
        collect_due(root=self.exchange, at=self.at)
        self.work()

    def work(self) -> None:
        """Do the steps of messages, and hand over what goes out."""
        while sum(run_step(step=step, handle=handle, at=self.at) for step, handle in STEPS):
            pass
        deliver_due(transport_of=self.out.transport_of, wrap=self.out.wrap, at=self.at)

    def say(self, number: str, *channels: str, note: str = "") -> None:
        """Let the window give a declaration answers, one after the other."""
        for channel in channels:
            assert self.window.decide(number, channel, note, self.at.timestamp() + 10)
            self.carry()


@pytest.fixture
def people(browser_page: Page) -> dict[str, Any]:
    """A broker with maker and checker, its client, another broker, and the gate of the place where the goods lie."""
    at = timezone.now()
    install_builtin_tables(actor=make.ACTOR, at=at)
    values = make.make_values(goods_place=PLACE, entry_date=format_date(timezone.localdate(at)))
    values["containers"][0]["line_nos"] = "1"
    broker = make.make_agent(name_zh="演示报关行")
    trader = make_organisation(OrganisationKind.ECOMMERCE, customs_code=values["trader_code"], name_zh="演示光谷电子")
    site = make_organisation(OrganisationKind.SITE_OPERATOR, name_zh="演示监管场所")
    make_delegation(client=trader, agent=broker, agreement_no="WT-7", scope=[GOODS_DOCUMENTS])
    make.make_window(broker.pk)
    register_place(
        actor=make.ACTOR, at=at, code=PLACE, name_zh="演示货运中心", kind="express", customs_code="4722",
        since=datetime(2018, 1, 1, tzinfo=UTC).date(), operator_id=site.pk, goods_kinds=["parcel_import"],
        gates=["一号卡口"],
    )  # fmt: skip
    clerk, manager = Role.TRADER_CLERK, make_user(Role.FIRM_MANAGER, organisation=broker, name="演示经理")
    maker, checker = (make_user(clerk, organisation=broker, name=name) for name in ("演示制单员", "演示复核员"))
    set_rule(actor=manager, organisation_id=broker.pk, kinds=[CheckedKind.GOODS], checker_ids=[checker.pk], at=at)
    line = values["goods"][0]
    client = {"code": values["trader_code"], "uscc": trader.uscc, "name": "演示光谷电子有限公司"}
    keep_client(user=maker, values=values | client | {"owner_code": "", "owner_name": ""}, at=at)
    article = line | {"client_code": client["code"], "article_no": "BJB-1", "name": "演示笔记本电脑"}
    keep_article(user=maker, values=article, at=at)
    return {
        "values": values,
        "maker": maker,
        "checker": checker,
        "client": make_user(clerk, organisation=trader, name="演示委托人"),
        "stranger": make_user(clerk, organisation=make_organisation(OrganisationKind.AGENT), name="演示同行"),
        "gate": make_user(Role.GATE_CLERK, organisation=site, name="演示卡口员"),
    }


def test_from_the_libraries_to_leaving_the_gate(browser_page: Page, people: dict[str, Any], tmp_path: Path) -> None:
    """Made from the libraries, bounced and mended, checked, saved, returned by customs, corrected, taxed, paid, let go.

    At each step those whom it concerns see whose turn it is; another firm sees nothing.
    """
    page, customs = browser_page, Customs(tmp_path)

    sign_in(page, people["maker"])
    page.goto("/goods/new/")
    form_url = page.url
    number = fill_form(page, people["values"])
    assert not page.get_by_role("button", name="发送暂存").count()
    page.get_by_role("button", name="提交复核").click()
    page.get_by_text("已提交复核。").wait_for()

    sign_in(page, people["checker"])
    page.goto("/broker/?waits=to_check")
    page.get_by_role("link", name=number).first.click()
    page.locator("[name=pointer][value=goods-0-specification]").check()
    page.locator("[name=reason]").fill("申报要素缺型号")
    page.get_by_role("button", name="退回制单人").click()
    page.get_by_text("已退回制单人。").wait_for()

    sign_in(page, people["maker"])
    page.goto("/broker/?waits=bounced")
    page.get_by_role("link", name=number).first.click()
    see(page, "申报要素缺型号", "商品第 1 行")
    page.get_by_role("link", name="复核人指出的栏目").click()
    page.locator("[name=goods-0-specification]").fill("4|3|品牌类型:境外品牌|型号:演示 X1")
    page.get_by_role("button", name="提交复核").click()
    page.get_by_text("已提交复核。").wait_for()
    check(page, people["checker"], form_url, "型号:演示 X1")

    sign_in(page, people["maker"])
    page.goto(form_url)
    page.get_by_role("button", name="发送暂存").click()
    see(page, "报文已收妥")
    customs.carry()
    row = GoodsDeclaration.objects.get(client_no=number)
    address = f"/goods/{row.pk}/"
    page.goto(address)
    see(page, "轮到您", "到国家单一窗口页面签名申报", "请用申报人的卡登录国家单一窗口", "WT-7")
    customs.say(number, "7", "L")
    page.reload()
    see(page, "海关已接收", "等待海关")

    sign_in(page, people["client"])
    page.goto(address)
    see(page, "等待海关", "演示笔记本电脑")
    sign_in(page, people["stranger"])
    assert sees_nothing(page, address, number)

    customs.say(number, "Z", note=RETURNED)
    sign_in(page, people["maker"])
    page.goto("/broker/?waits=returned")
    page.get_by_role("link", name=number).first.click()
    see(page, "轮到您", RETURNED)
    page.get_by_role("link", name="打开表单修改").click()
    see(page, RETURNED, "商品第 1 行 · 商品编号")
    form_url = page.url
    page.get_by_role("link", name="海关指出的栏目").click()
    page.locator("[name=goods-0-hs_code]").fill("8471414000")
    page.get_by_role("button", name="提交复核").click()
    page.get_by_text("已提交复核。").wait_for()
    check(page, people["checker"], form_url, "8471414000")
    sign_in(page, people["maker"])
    page.goto(form_url)
    page.get_by_role("button", name="发送暂存").click()
    see(page, "报文已收妥")
    customs.carry()

    customs.say(number, "7", "L", "G", "T")
    page.goto(address)
    see(page, "第 2 版", "轮到您", "需交税费", "缴纳税款期限", "应缴税款已核定（演示）")
    record_tax(page, "bill", "演示税单 1", "128.50")
    see(page, "尚欠", "128.50")
    record_tax(page, "paid", "演示缴款 1", "128.50")
    see(page, "企业登记：税款已缴", "已登记缴税，等待海关")

    sign_in(page, people["gate"])
    ask_gate(page, number)
    see(page, "不可离场")
    assert not page.get_by_role("button", name="登记离场").count()
    customs.say(number, "F")
    ask_gate(page, number)
    see(page, "可以离场")
    page.locator("[name=gate]").fill("一号卡口")
    page.locator("[name=vehicle_no]").fill("鄂A·演002")
    page.get_by_role("button", name="登记离场").click()
    page.get_by_text("已登记离场。").wait_for()

    sign_in(page, people["client"])
    page.goto(address)
    see(page, "已放行")
    told = page.locator(".spine").inner_text()
    steps = ["收到报关单", "官方回执 L", "官方回执 Z", "收到更正", "官方回执 T", "企业登记：税单", "企业登记：税款已缴",
             "官方回执 F", "货物离场"]  # fmt: skip
    assert [step for step in steps if step not in told] == []
    for paper, title in (("acknowledgement", "受理回执"), ("official", "官方回执单")):
        page.goto(f"{address}{paper}/")
        page.get_by_role("heading", name=title).wait_for()
        assert page.locator(".sheet, main").first.get_by_text(number).count()
        assert page.locator("svg, img[alt*=二维码]").count()
    assert GoodsVersion.objects.filter(declaration_id=row.pk, delegation_id__isnull=False).count() == 2
    page.goto("/goods/")
    sign_in(page, people["stranger"])
    assert sees_nothing(page, address, number)


def fill_form(page: Page, values: dict[str, Any]) -> str:
    """Fill in the form as a clerk does, client and article found by sound; return the number of the declaration."""
    pick(page.locator("[name=trader_code]"), "ysgg")
    assert page.locator("[name=trader_name]").input_value() == "演示光谷电子有限公司"
    lines = {
        f"{key}-0-{name}": value for key in ("goods", "containers") for name, value in (values[key] or [{}])[0].items()
    }
    typed = {name: value for name, value in values.items() if isinstance(value, str)} | lines
    for name in ("trader_code", "trader_uscc", "trader_name", "client_no", "goods-0-goods_name"):
        typed.pop(name)
    pick(page.locator("[name=goods-0-article_no]"), "bijiben")
    assert page.locator("[name=goods-0-hs_code]").input_value() == values["goods"][0]["hs_code"]
    fields = {one.get_attribute("name"): one for one in page.locator("form.form [name]").all()}
    for name, value in typed.items():
        field = fields.get(name)
        if not value or field is None or field.input_value() == value:
            continue
        field.select_option(value) if field.evaluate("one => one.tagName") == "SELECT" else field.fill(value)
    return page.locator("[name=client_no]").input_value()


def pick(field: Locator, sound: str) -> None:
    """Type a few letters and take what is found first."""
    field.press_sequentially(sound)
    field.page.locator(".picker-list [data-code]").first.click()


def check(page: Page, checker: Any, form_url: str, text: str) -> None:
    """Let the checker read what was changed, and pass it."""
    sign_in(page, checker)
    page.goto(f"{form_url}review/")
    see(page, text)
    page.get_by_role("button", name="复核通过").click()
    page.get_by_text("复核通过，可以发送。").wait_for()


def record_tax(page: Page, kind: str, number: str, amount: str) -> None:
    """Record a bill or its payment in the dialog."""
    page.get_by_role("link", name="登记税款").click()
    dialog = page.locator("dialog")
    dialog.locator("[name=kind]").select_option(kind)
    dialog.locator("[name=number]").fill(number)
    dialog.locator("[name=amount]").fill(amount)
    dialog.get_by_role("button", name="登记", exact=True).click()
    see(page, number)


def sees_nothing(page: Page, address: str, number: str) -> bool:
    """Tell whether neither the declaration's page nor the list nor the search shows it."""
    answer = page.goto(address)
    page.goto(f"/goods/?q={number}")
    return answer is not None and answer.status == 404 and not page.locator("tbody").get_by_text(number).count()
