"""The port policy in a real browser: file → ledger → report → conference → minutes → closed task → next meeting."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from docx import Document

from kouan.accounts.demo import seed_accounts
from kouan.accounts.factories import PASSWORD
from kouan.accounts.models import User
from kouan.project.places import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey

POLICY = ROOT.parent / "shared" / "policy" / "武政〔2018〕33号.txt"


class Desk:
    """One person at a browser of their own."""

    def __init__(self, browser: Browser, site: str, username: str) -> None:
        context = browser.new_context(
            base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.goto("/sign-in")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("form button.main-act")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def open(self, url: str) -> None:
        """Go to a page that has to be there."""
        answer = self.page.goto(url)
        assert answer is not None
        assert answer.status == 200, url

    def act(self, link: str, **fields: str) -> None:
        """Open an act by its link, fill in its form, and do it; the page behind it comes back."""
        address = self.page.locator(f"a:has-text('{link}')").first.get_attribute("href")
        assert address, link
        self.open(address)
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").first.fill(value)
        self.page.locator("#confirm button.main-act, form button.main-act").last.click()
        self.page.wait_for_url(lambda url: not url.endswith(address))


@pytest.mark.skipif(not POLICY.exists(), reason="../shared/policy is not here")
def test_from_document_to_done(browser, site):
    seed_accounts(at=timezone.now())
    User.objects.filter(is_demo=True).update(password=make_password(PASSWORD))
    office, second = Desk(browser, site, "office"), Desk(browser, site, "office2")
    bureau, head = Desk(browser, site, "unit02"), Desk(browser, site, "head02")

    office.open("/documents/new/")
    office.page.set_input_files("input[type=file]", str(POLICY))
    office.page.click("button.main-act")
    office.page.wait_for_url("**/documents/*-*/")
    document = office.page.url
    assert office.page.locator(".found-task").count() == 13
    assert office.page.locator(".found-units li a[href^='#c']").count() == 52
    assert office.page.locator(".unsure-word").count() == 0
    office.act("确认入账")
    office.open("/ledger/")
    assert "共 13 条" in office.page.inner_text("main")

    office.open(document)
    office.act("按此建立联席会议")
    assert "24" in office.page.inner_text("dl.facts")
    conference = office.page.url

    report_monthly(bureau, head, office)
    minutes = meet(office, bureau, conference)
    assert "由市交通运输局制定国际航线培育办法" in minutes
    assert "会议认为航线培育应与货源组织相结合。" in minutes
    close(office, second, bureau)
    report_back(office, bureau, conference)


def report_monthly(bureau: Desk, head: Desk, office: Desk) -> None:
    """The bureau reports, its principal approves, the port office receives."""
    bureau.open("/reports/")
    bureau.page.click("button:has-text('填报')")
    bureau.page.wait_for_url("**/reports/*-*/")
    report = bureau.page.url
    for place in range(bureau.page.locator("select[name^=progress-]").count()):
        bureau.page.locator("select[name^=progress-]").nth(place).select_option("on_track")
        bureau.page.locator("textarea[name^=text-]").nth(place).fill("按计划推进。")
    bureau.page.click("button[name=submit]")
    bureau.page.wait_for_selector("text=待负责人审核")
    for desk, link in ((head, "审核通过并报出"), (office, "核收")):
        desk.open(report)
        desk.act(link)
    assert "已核收" in office.page.inner_text("h1")


def meet(office: Desk, bureau: Desk, conference: str) -> str:
    """A special meeting decides something; the text of its minutes as Word."""
    bureau.open(conference)
    bureau.act("提交议题", title="国际航线培育", summary="研究培育办法")
    office.open(f"{conference}meetings/new/")
    office.page.select_option("[name=kind]", "special")
    office.page.fill("[name=title]", "国际航线专题会议")
    office.page.click("#confirm button.main-act")
    office.page.wait_for_url("**/meetings/*-*/")
    meeting = office.page.url
    office.act("列入议题")
    office.act("发出会议通知")
    office.act("登记已召开")
    office.act("审议情况", text="会议认为航线培育应与货源组织相结合。")
    office.open(f"{meeting}decisions/new/")
    office.page.fill("[name=text]", "由市交通运输局制定国际航线培育办法。")
    office.page.select_option("[name=lead_id]", label="市交通运输局（演示）")
    office.page.fill("[name=due_date]", "2030-12-31")
    office.page.click("#confirm button.main-act")
    office.page.wait_for_url(meeting)
    office.act("印发纪要")
    assert "纪要已印发" in office.page.inner_text("h1")
    with office.page.expect_download() as download:
        office.page.click("a:has-text('纪要 Word')")
    content = download.value.path().read_bytes()
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def close(office: Desk, second: Desk, bureau: Desk) -> None:
    """The bureau proves what the meeting gave it; one clerk verifies, another closes."""
    bureau.open("/ledger/?source=meeting")
    bureau.page.click("td a[data-row-link]")
    bureau.page.wait_for_url("**/ledger/*-*/")
    task = bureau.page.url
    bureau.page.click("table a")
    bureau.page.wait_for_url("**/measures/*/")
    measure = bureau.page.url
    bureau.act("提交材料", title="办法印发稿", text="已印发")
    bureau.act("申请办结")
    office.open(measure)
    address = office.page.locator("a[href*='/verify/']").get_attribute("href")
    office.open(address or "")
    office.page.check("input[name=is_accepted][value=yes]")
    office.page.click("#confirm button.main-act")
    office.page.wait_for_url(measure)
    second.open(measure)
    second.open(f"{measure}close/")
    second.page.click("#confirm button.main-act")
    second.page.wait_for_url(measure)
    second.open(task)
    assert "已办结" in second.page.inner_text("h1")


def report_back(office: Desk, bureau: Desk, conference: str) -> None:
    """What became of the decision is laid before the next meeting; its notice is printed."""
    bureau.open(conference)
    bureau.act("提交议题", title="航线培育进展", summary="通报进展")
    office.open(f"{conference}meetings/new/")
    office.page.select_option("[name=kind]", "special")
    office.page.fill("[name=title]", "国际航线第二次专题会议")
    office.page.fill("[name=begins_at]", f"{timezone.localtime() + timedelta(days=60):%Y-%m-%dT09:00}")
    office.page.click("#confirm button.main-act")
    office.page.wait_for_url("**/meetings/*-*/")
    meeting = office.page.url
    assert "由市交通运输局制定国际航线培育办法" in office.page.inner_text("main")
    office.act("报告落实情况", result="办法已印发。")
    assert "办法已印发。" in office.page.inner_text("main")
    office.act("列入议题")
    office.act("发出会议通知")
    bureau.open(meeting)
    with bureau.page.expect_download() as download:
        bureau.page.click("a:has-text('会议通知 PDF')")
    assert download.value.path().read_bytes().startswith(b"%PDF")
