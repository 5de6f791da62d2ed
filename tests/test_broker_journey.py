"""A broker in a real browser: one makes, a colleague gives back and then checks, the firm signs with its card, sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from tests.test_journey import see, sign_in

from kouan.accounts import services as accounts
from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.audit.types import SystemActor
from kouan.checking.models import CheckRule
from kouan.declarations import selectors
from kouan.declarations.codes import DraftState
from kouan.declarations.factories import make_values
from kouan.declarations.models import Draft
from kouan.declarations.services.card_signing import unsigned_of
from kouan.declarations.services.drafting import save_draft
from kouan.gateway.models import Message
from kouan.gateway.services.certificates import register_certificate
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key
from kouan.gateway.standards.xmldsig.signing import sign

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.journey


@pytest.fixture
def people(browser_page: Page) -> dict[str, Any]:
    """A broker with a maker, a checker and a manager, and its client with somebody who answers for it."""
    broker = make_organisation(OrganisationKind.AGENT, customs_code="420196YS05", name_zh="演示报关行")
    trader = make_organisation(OrganisationKind.ECOMMERCE, customs_code="420196YS14", name_zh="演示电商")
    return {
        "broker": broker,
        "delegation": make_delegation(client=trader, agent=broker, agreement_no="WT-1"),
        "maker": make_user(Role.TRADER_CLERK, organisation=broker, name="演示制单员"),
        "checker": make_user(Role.TRADER_CLERK, organisation=broker, name="演示复核员"),
        "manager": make_user(Role.FIRM_MANAGER, organisation=broker, name="演示经理"),
        "client": make_user(Role.TRADER_CLERK, organisation=trader, name="演示委托人"),
    }


def test_one_makes_another_checks_the_firm_signs_and_it_is_sent(browser_page: Page, people: dict[str, Any]) -> None:
    page, at = browser_page, timezone.now()

    sign_in(page, people["manager"])
    page.goto("/checking/rule/")
    page.get_by_label("进口清单及三单").check()
    page.get_by_label("演示复核员").check()
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存，立即生效。").wait_for()
    assert CheckRule.objects.get().kinds == ["parcels"]

    draft = save_draft(user=people["maker"], draft_id=None, values=make_values(), at=at)
    sign_in(page, people["maker"])
    page.goto("/broker/?q=yanshi")
    page.get_by_role("link", name="C1").first.click()
    page.goto(f"/drafts/{draft.pk}/")
    assert not page.get_by_role("button", name="申报", exact=True).count()
    page.get_by_role("button", name="提交复核").click()
    page.get_by_text("已提交复核。").wait_for()

    sign_in(page, people["checker"])
    page.goto("/broker/?waits=to_check")
    see(page, "待复核")
    page.goto(f"/drafts/{draft.pk}/review/")
    page.locator("[name=pointer][value=goods-0-hs_code]").check()
    page.locator("[name=reason]").fill("归类请再核对")
    page.get_by_role("button", name="退回制单人").click()
    page.get_by_text("已退回制单人。").wait_for()

    sign_in(page, people["maker"])
    page.goto(f"/drafts/{draft.pk}/")
    see(page, "归类请再核对")
    page.get_by_role("link", name="复核人指出的栏目").click()
    page.locator("[name=goods-0-specification]").fill("30 袋，已核对")
    page.get_by_role("button", name="提交复核").click()
    page.get_by_text("已提交复核。").wait_for()

    sign_in(page, people["checker"])
    page.goto(f"/drafts/{draft.pk}/review/")
    see(page, "30 袋，已核对")
    page.get_by_role("button", name="复核通过").click()
    page.get_by_text("复核通过，可以发送。").wait_for()

    sign_in(page, people["maker"])
    page.goto(f"/drafts/{draft.pk}/")
    page.get_by_role("button", name="申报", exact=True).click()
    see(page, "3 传回")
    card = demo_rsa_key("演示申报员", since=at)
    register_certificate(actor=SystemActor("测试"), organisation_id=people["broker"].pk, der=card.certificate, at=at)
    made = Draft.objects.get()
    files = [
        {"name": f"{one.number}.xml", "mimeType": "text/xml", "buffer": sign(unsigned_of(one), card)}
        for one in selectors.messages_to_sign(made)
    ]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="核对并报送").click()
    page.locator("input[type=file]").wait_for(state="detached")
    made.refresh_from_db()
    assert made.state == DraftState.DECLARED
    assert Message.objects.count() == 4


def test_an_open_form_is_refused_once_the_client_revoked_and_loses_nothing(
    browser_page: Page, people: dict[str, Any]
) -> None:
    page = browser_page
    draft = save_draft(user=people["maker"], draft_id=None, values=make_values(), at=timezone.now())
    sign_in(page, people["maker"])
    page.goto(f"/drafts/{draft.pk}/")
    page.locator("[name=bill_no]").wait_for()
    accounts.revoke_delegation(actor=people["client"], at=timezone.now(), delegation_id=people["delegation"].pk)
    page.locator("[name=bill_no]").fill("112-99999999")
    page.get_by_text("撤销").first.wait_for()
    page.get_by_role("button", name="申报", exact=True).click()
    see(page, "WT-1")
    assert page.locator("[name=bill_no]").input_value() == "112-99999999"
    draft.refresh_from_db()
    assert draft.values["bill_no"] != "112-99999999"


ON_A_PHONE = {
    "maker": (
        "/my-work/", "/broker/", "/broker/clients/new/", "/broker/articles/", "/broker/clients/import/",
        "/broker/batches/", "/delegations/", "/delegations/requests/new/", "/goods/", "/goods/new/", "/goods/sheets/",
        "/cases/", "/exports/month/", "/exports/movements/", "/exports/movements/new/departure/", "/drafts/new/",
        "/notices/choices/", "/webhooks/topics/", "/webhooks/new/",
    ),
    "manager": (
        "/checking/rule/", "/gateway/connections/new/", "/gateway/certificates/", "/gateway/appointments/new/",
    ),
}  # fmt: skip


def test_every_page_of_a_broker_fits_a_phone(browser_page: Page, people: dict[str, Any]) -> None:
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 844})
    too_wide = {}
    for name, paths in ON_A_PHONE.items():
        sign_in(page, people[name])
        for path in paths:
            answer = page.goto(path)
            assert answer and answer.status == 200, path
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            too_wide |= {path: over} if over > 0 else {}
    assert too_wide == {}
