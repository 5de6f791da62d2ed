"""Signing in by the provider in a real browser, under the site's own content policy: link, come in, go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import cache
from django.urls import reverse

from kouan.accounts.factories import PASSWORD, make_user
from kouan.accounts.models import ProviderIdentity
from kouan.accounts.tests.an_openid_provider import CLIENT, SECRET, serve

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_person_links_oneself_and_then_needs_no_password(browser_page: Page, site: str, settings):
    page, person = browser_page, make_user(name="演示申报员")
    cache.clear()
    with serve() as provider:
        settings.KOUAN_OIDC_ISSUER = provider.issuer
        settings.KOUAN_OIDC_CLIENT, settings.KOUAN_OIDC_SECRET = CLIENT, SECRET
        page.goto(reverse("sign-in"))
        page.get_by_role("link", name="用统一身份认证登录").click()
        page.get_by_text("没有账号与之关联").wait_for()
        page.get_by_role("link", name="用口令登录").click()
        page.locator("[name=username]").fill(person.username)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "sign-in" not in url)

        page.goto(reverse("own-page"))
        page.locator("#provider").get_by_role("link", name="关联").click()
        page.locator("main [name=password]").fill(PASSWORD)
        page.get_by_role("button", name="继续").click()
        page.get_by_text("已关联，可经其登录").wait_for()
        assert ProviderIdentity.objects.get().user == person

        page.context.clear_cookies()
        page.goto(reverse("sign-in"))
        page.get_by_role("link", name="用统一身份认证登录").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.goto(reverse("own-page"))
        page.get_by_role("heading", name=person.name).wait_for()

        page.evaluate("document.querySelector(`form[action='/sign-out']`).submit()")
        page.get_by_role("heading", name="登录", exact=True).wait_for()
        assert [said["client_id"] for said in provider.left] == [CLIENT]
