"""A firm's own way in, in a real browser: connection, certificate, key service, and a signed message that passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from django.utils import timezone
from tests.test_journey import see, sign_in

from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.clearance.demo import work
from kouan.declarations.factories import make_firms
from kouan.gateway.codes import Issuer
from kouan.gateway.models import Connection, KeyAppointment, Receipt
from kouan.gateway.selectors import body_of
from kouan.gateway.services.appointments import sign_for
from kouan.gateway.standards.ceb.generate import messages, parcels
from kouan.gateway.standards.dec.generate import make_pdf
from kouan.gateway.standards.xmldsig.signing import sign
from kouan.gateway.tests import making_keys as keys

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.journey

PAPER = make_pdf()
BAD_SIGNATURE = "-621029"


def attach(page: Page, name: str, file_name: str, content: bytes) -> None:
    """Choose a file in a form."""
    given: Any = {"name": file_name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator(f"#id_{name}").set_input_files(given)


def post(site: str, token: str, body: bytes) -> None:
    """Send a message as the firm's system does."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
    answer = httpx.post(f"{site}/api/v1/messages", content=body, headers=headers, trust_env=False, timeout=60)
    assert answer.status_code == 202, answer.text


def check_result(at: Any) -> str:
    """Let the workers do their steps; give the check result of the latest list."""
    work(at)
    latest = Receipt.objects.filter(issuer=Issuer.KOUAN, kind="check").latest("pk")
    return body_of(latest).decode()


def test_from_an_own_connection_to_a_message_that_passes(browser_page: Page, site: str) -> None:
    page = browser_page
    page.set_default_timeout(60_000)
    firm = make_firms()["621"]
    make_organisation(OrganisationKind.OPERATOR, name_zh="演示密钥服务")
    admin = make_user(Role.FIRM_MANAGER, organisation=firm, name="演示企业管理员")
    sign_in(page, admin)

    page.goto("/gateway/connections/")
    page.get_by_role("link", name="开通连接").first.click()
    page.locator("#id_name").fill("演示接口")
    page.get_by_role("button", name="开通连接").click()
    see(page, "必须验签通过", "未发放")
    page.get_by_role("link", name="发放令牌").click()
    page.get_by_role("button", name="发放接口令牌").click()
    token = page.locator("[data-token]").inner_text()
    page.get_by_role("link", name="已保存，继续").click()
    see(page, f"{token[:11]}…", "尚未使用")

    page.goto("/gateway/certificates/")
    page.get_by_role("link", name="登记证书").first.click()
    attach(page, "file", "key.p12", keys.p12(keys.rsa_key()))
    page.get_by_role("button", name="登记证书").click()
    see(page, "文件含有私钥，已拒收")
    attach(page, "file", "sign.cer", keys.rsa_key().certificate)
    page.get_by_role("button", name="登记证书").click()
    see(page, "CN=演示签名", "RSA 2048")

    page.goto("/gateway/appointments/")
    page.get_by_role("link", name="委托密钥服务").first.click()
    page.locator("#id_service").select_option(label="演示密钥服务")
    page.locator("#id_document_no").fill("委〔2026〕1号")
    page.locator("#id_document_day").fill(timezone.localdate().isoformat())
    attach(page, "paper", "委托书.pdf", PAPER)
    attach(page, "file", "key.pem", keys.sm2_pem(keys.sm2_key()))
    page.get_by_role("button", name="确认委托").click()
    see(page, "演示密钥服务", "委〔2026〕1号")
    assert KeyAppointment.objects.get().organisation_id == firm.pk

    at = timezone.now()
    by_card, by_service, by_stranger = (
        next(raw for _, raw in messages(parcels(1, at=at, seed=seed), kinds=("621",), seed=seed)) for seed in (1, 2, 3)
    )
    post(site, token, sign(by_card, keys.rsa_key()))
    said = check_result(timezone.now())
    assert '"accepted":1' in said and BAD_SIGNATURE not in said, said
    post(site, token, sign_for(actor=admin, organisation_id=firm.pk, raw=by_service, at=at))
    said = check_result(timezone.now())
    assert '"accepted":1' in said and BAD_SIGNATURE not in said, said
    post(site, token, sign(by_stranger, keys.rsa_key(0x5EED7799)))
    said = check_result(timezone.now())
    assert '"accepted":0' in said and BAD_SIGNATURE in said, said

    page.goto(f"/gateway/connections/{Connection.objects.get().pk}/")
    page.get_by_role("link", name="停用").click()
    page.get_by_role("button", name="停用").click()
    page.get_by_role("button", name="启用").click()
    see(page, "正常")
