"""A goods declaration in a browser: made, sent, queried by customs, answered, taxed, released, let out at the gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.factories import PASSWORD, make_organisation, make_user
from kouan.clearance.services.goods_routing import answer_goods_messages, route_goods
from kouan.decisions.services.versions import install_builtin_tables
from kouan.gateway.codes import Step
from kouan.gateway.services.delivering import deliver_due
from kouan.gateway.services.leaving import leaving
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.goods import factories as make
from kouan.goods.composing import values_of
from kouan.goods.models import GoodsDeclaration
from kouan.goods.services.drafting import begin_draft, save_draft
from kouan.goods.services.storing import store_goods
from kouan.transport.services import register_place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]
PLACE = "T4722G"
STEPS = ((Step.STORE_GOODS, store_goods), (Step.ROUTE_GOODS, route_goods), (Step.ANSWER_GOODS, answer_goods_messages))


@pytest.fixture
def people(browser_page: Page) -> Iterator[dict[str, Any]]:
    """A broker's clerk with a finished draft, the gate of the place in which the goods lie, and the national window."""
    at = timezone.now()
    install_builtin_tables(actor=make.ACTOR, at=at)
    firm = make.make_agent(name_zh="演示报关行")
    operator = make_organisation(OrganisationKind.SITE_OPERATOR, name_zh="演示监管场所")
    register_place(
        actor=make.ACTOR, at=at, code=PLACE, name_zh="演示货运中心", kind="express", customs_code="4722",
        since=datetime(2018, 1, 1, tzinfo=UTC).date(), operator_id=operator.pk, goods_kinds=["parcel_import"],
        gates=["一号卡口"],
    )  # fmt: skip
    clerk = make_user(Role.TRADER_CLERK, organisation=firm, name="演示申报员")
    draft = begin_draft(user=clerk, at=at)
    values = values_of(make_declaration(1, day=timezone.localdate(at))) | {"goods_place": PLACE}
    save_draft(user=clerk, draft_id=draft.pk, values=values, at=at)
    yield {
        "clerk": clerk,
        "draft": draft,
        "number": values["client_no"],
        "window": make.make_window(firm.pk),
        "gate": make_user(Role.GATE_CLERK, organisation=operator, name="演示卡口员"),
    }


class Customs:
    """The national side: it answers one declaration, no two answers in one second."""

    def __init__(self, window: Any, number: str, exchange: Path) -> None:
        self.window, self.number, self.at = window, number, timezone.now()
        self.out = leaving(exchange)

    def work(self) -> None:
        """Do the steps of messages, and hand over what goes out."""
        self.at = max(self.at, timezone.now())
        while sum(run_step(step=step, handle=handle, at=self.at) for step, handle in STEPS):
            pass
        deliver_due(transport_of=self.out.transport_of, wrap=self.out.wrap, at=self.at)

    def say(self, *codes: str, note: str = "") -> None:
        """Give answers."""
        for code in codes:
            self.at = max(self.at + timedelta(seconds=1), timezone.now())
            said = make.imported(self.number) if code == "0" else make.channel_said(code, self.at, note=note)
            receive(channel=self.window, body=said, at=self.at)
            self.work()


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


def test_from_the_form_to_leaving_the_gate(browser_page: Page, people: dict[str, Any], tmp_path: Path) -> None:
    page, customs = browser_page, Customs(people["window"], people["number"], tmp_path)
    sign_in(page, people["clerk"])
    page.goto(f"/goods/drafts/{people['draft'].pk}/")
    page.get_by_role("button", name="发送暂存").click()
    see(page, "报文已收妥")
    customs.work()
    customs.say("0", "7", "L")
    row = GoodsDeclaration.objects.get(client_no=people["number"])
    address = f"/goods/{row.pk}/"

    customs.say("Z", note="第 1 项品名与商品编号不符，请修改")
    page.goto(address)
    see(page, "退回修改", "轮到您", "第 1 项品名与商品编号不符")
    page.get_by_role("link", name="打开表单修改").click()
    see(page, "海关指出的栏目")
    page.locator("[name=goods-0-goods_name]").fill("便携式数据处理设备（更正）")
    page.get_by_role("button", name="发送暂存").click()
    see(page, "报文已收妥")
    customs.work()

    customs.say("0", "7", "L", "T")
    page.goto(address)
    see(page, "需交税费", "缴纳税款期限")
    page.get_by_role("link", name="登记税款").click()
    dialog = page.locator("dialog")
    dialog.locator("[name=kind]").select_option("paid")
    dialog.locator("[name=number]").fill("演示缴款 1")
    dialog.locator("[name=amount]").fill("128.50")
    dialog.get_by_role("button", name="登记", exact=True).click()
    see(page, "企业登记：税款已缴", "已登记缴税，等待海关")

    sign_in(page, people["gate"])
    ask_gate(page, row.bill_no)
    see(page, "不可离场")
    customs.say("F")
    ask_gate(page, row.bill_no)
    see(page, "可以离场", people["number"])
    page.locator("[name=gate]").fill("一号卡口")
    page.locator("[name=vehicle_no]").fill("鄂A·演002")
    page.get_by_role("button", name="登记离场").click()
    page.get_by_text("已登记离场。").wait_for()

    sign_in(page, people["clerk"])
    page.goto(address)
    see(page, "已放行")
    told = page.locator(".spine").inner_text()
    steps = ["收到报关单", "官方回执 Z", "收到更正", "官方回执 T", "企业登记：税款已缴", "官方回执 F", "货物离场"]
    assert [step for step in steps if step not in told] == []
    page.goto(f"{address}official/")
    page.get_by_text("官方回执单").first.wait_for()


def ask_gate(page: Page, number: str) -> None:
    """Ask at the gate whether what a number stands for may leave."""
    page.goto("/gate/")
    page.locator("[name=number]").fill(number)
    page.get_by_role("button", name="查询可否离场").click()
