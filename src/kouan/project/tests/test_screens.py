"""The design language at its doors and in a real browser: every page of the gallery, and what hands do on a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.project import translations
from kouan.screens.icons import ICONS

PAGES = ["", "list", "list?nothing=1", "detail", "form", "form?wrong=1", "charts", "confirm", "signed-out"]
SIZES = [(1440, 900), (1920, 1080), (1366, 768), (390, 844)]
HAN = re.compile(r"[\u4e00-\u9fff]")

TEXTS_SHOWN = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!holder.closest("script, template, [lang^=zh]")) found.push(walker.currentNode.textContent.trim());
  }
  return found.filter(Boolean);
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desk(browser_page: Any, site: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A browser's page whose person is a system administrator."""
    monkeypatch.setattr(settings, "DEMO", True)
    client = Client()
    office = make_organisation(OrganisationKind.PORT_OFFICE, name_zh="演示口岸办", name_en="Port office (demo)")
    client.force_login(make_user(Role.SYSTEM_ADMIN, name="演示管理员", organisation=office))
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    browser_page.context.add_cookies([{**cookie, "url": site}])
    return browser_page


# Doors


def test_the_gallery_is_for_administrators_and_demonstrations(client: Client, db: None) -> None:
    client.force_login(make_user(Role.TRADER_CLERK))
    assert client.get("/design/").status_code == 404
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    assert client.get("/design/").status_code == 200
    assert client.get("/design/nothing").status_code == 404


def test_search_says_what_it_did_not_find(client: Client, db: None) -> None:
    client.force_login(make_user())
    assert "没有找到" in client.get("/search?q=这里没有的东西").content.decode()
    assert "请至少输入两个字" in client.post("/search/quick", {"q": "x"}).content.decode()


def test_what_is_searched_is_escaped(client: Client, db: None) -> None:
    client.force_login(make_user())
    page = client.get("/search", {"q": '<script>alert(1)</script>"'}).content.decode()
    assert "<script>alert" not in page


def test_a_look_is_kept_and_leads_only_back_to_us(client: Client, db: None) -> None:
    answer = client.post("/looks", {"name": "theme", "value": "dark", "next": "/design/?a=1"})
    assert (answer.url, answer.cookies["kouan_theme"].value) == ("/design/?a=1", "dark")
    assert client.post("/looks", {"name": "theme", "value": "dark", "next": "https://x.example/"}).url == "/"
    assert client.post("/looks", {"name": "theme", "value": "pink"}).status_code == 404
    assert client.post("/looks", {"name": "other", "value": "x"}).status_code == 404
    assert client.get("/looks").status_code == 405


def test_the_server_draws_the_look_that_was_kept(client: Client, db: None) -> None:
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    client.cookies["kouan_theme"] = "dark"
    client.cookies["kouan_nav"] = "folded"
    page = client.get("/design/").content.decode()
    assert 'data-theme="dark"' in page and 'class="app folded"' in page and 'media="screen"' in page


def test_a_page_that_is_not_there_says_so_in_both_languages(client: Client, db: None) -> None:
    answer = client.get("/nirgends")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode() and "Nothing was found here" in answer.content.decode()


def test_every_text_of_the_design_language_has_its_english() -> None:
    catalogue = translations.updated_catalogue()
    ours = [
        message.id
        for message in translations.untranslated(catalogue)
        if any(Path(str(place)).parts[:3] == ("src", "kouan", "screens") for place, *_line in message.locations)
    ]
    assert ours == []


def test_an_export_stands_in_the_audit_without_what_was_typed(client: Client, db: None) -> None:
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    answer = client.get("/design/list?export=csv&q=0001_initial")
    entry = apps.get_model("audit", "AuditEntry").objects.get(act="export_list")
    assert entry.subject_id == "gallery"
    assert entry.detail["rows"] == int(answer["X-Row-Count"]) > 0
    assert entry.detail["filters"] == {"q": "0••••••••••l"}


def test_no_template_writes_a_text_around_gettext() -> None:
    folder = translations.SOURCES / "screens" / "templates"
    left = {}
    for path in folder.rglob("*.html"):
        text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        text = re.sub(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}", "", text, flags=re.DOTALL)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)
        text = re.sub(r"<button[^>]*lang=\"zh-Hans\".*?</button>", "", text, flags=re.DOTALL)
        if HAN.search(text):
            left[path.name] = HAN.findall(text)
    assert left == {}


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    asked = {}
    for path in translations.SOURCES.rglob("*"):
        if path.suffix in {".py", ".html"} and "tests" not in path.parts:
            found = re.findall(r"(?:\{% icon |\bicon=)\"([a-z-]+)\"", path.read_text("utf-8"))
            asked |= {name: path.name for name in found if name not in ICONS}
    assert asked == {}


# In a browser


def test_every_page_fits_every_window(desk: Any) -> None:
    for path in PAGES:
        for width, height in SIZES:
            desk.set_viewport_size({"width": width, "height": height})
            assert desk.goto(f"/design/{path}").ok
            assert desk.evaluate(TOO_WIDE) <= 0, (path, width)


def test_every_page_is_complete_in_english(desk: Any, site: str) -> None:
    desk.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": site}])
    for path in PAGES:
        assert desk.goto(f"/design/{path}").ok
        chinese = [
            text for text in desk.evaluate(TEXTS_SHOWN) if HAN.search(text) and "演示" not in text and text != "演••"
        ]
        assert chinese == [], path


def test_dark_light_and_system_are_one_click_apart(desk: Any) -> None:
    desk.goto("/design/")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = desk.evaluate(paper)
    desk.locator(".bar-person").click()
    desk.locator("button[value=dark]").click()
    dark = desk.evaluate(paper)
    assert dark != light
    desk.reload()
    assert desk.evaluate(paper) == dark


def test_keys_walk_the_list_pick_and_open(desk: Any) -> None:
    desk.goto("/design/list")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    assert desk.locator("[data-picked]").inner_text() == "1"
    assert desk.locator("tr.here.picked").count() == 1
    desk.keyboard.press("k")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/design/detail")


def test_a_persons_number_is_posted_and_stands_in_no_address(desk: Any) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.goto("/design/list")
    desk.get_by_placeholder("输入几个字").press_sequentially("13812345678", delay=5)
    desk.wait_for_url("**q=~**")
    desk.locator(".active", has_text="138••••5678").wait_for()
    desk.get_by_role("button", name="查询").click()
    desk.goto("/design/")
    desk.keyboard.press("/")
    desk.keyboard.type("13812345678")
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name="查找“138••••5678”").wait_for()
    assert not [url for url in asked if "138123456" in url]


def test_typing_in_a_filter_refreshes_the_table_and_the_address(desk: Any) -> None:
    desk.goto("/design/list")
    desk.get_by_placeholder("输入几个字").fill("0001_initial")
    desk.wait_for_url("**q=0001_initial**")
    desk.locator(".active").wait_for()
    assert parse_qs(urlsplit(desk.url).query) == {"q": ["0001_initial"]}
    assert desk.get_by_placeholder("输入几个字").evaluate("field => field === document.activeElement")
    desk.go_back()
    desk.locator(".active").wait_for(state="detached")


def test_sorting_and_turning_pages_keep_the_frame(desk: Any) -> None:
    desk.goto("/design/list")
    desk.evaluate("() => { window.stayed = true }")
    desk.get_by_role("link", name="监管方式").click()
    desk.wait_for_url("**sort=app**")
    first = desk.locator("tbody tr").first.inner_text()
    desk.locator("[data-page=right]").click()
    desk.wait_for_url("**after=**")
    desk.locator("[data-page=left]").click()
    desk.wait_for_url("**before=**")
    assert desk.locator("tbody tr").first.inner_text() == first
    assert desk.evaluate("() => window.stayed") is True


def test_columns_are_chosen_and_stay_chosen(desk: Any) -> None:
    desk.goto("/design/list")
    desk.locator(".columns-menu summary").click()
    desk.locator(".columns-menu input[value=buyer]").uncheck()
    desk.locator(".columns-menu button").click()
    desk.wait_for_url("**cols=**")
    desk.locator("th", has_text="订购人").wait_for(state="detached")
    desk.goto("/design/list")
    assert desk.locator("th", has_text="订购人").count() == 0


def test_a_view_is_saved_and_leads_back(desk: Any) -> None:
    desk.goto("/design/list?sort=app")
    desk.locator("[data-views-menu] summary").click()
    desk.get_by_label("视图名称").fill("我的")
    desk.locator("[data-save-view] button").click()
    desk.goto("/design/list")
    desk.get_by_role("link", name="我的", exact=True).first.click()
    desk.wait_for_url("**sort=app")


def test_in_a_wide_window_the_case_opens_beside_the_list(desk: Any) -> None:
    desk.set_viewport_size({"width": 1920, "height": 1080})
    desk.goto("/design/list")
    desk.keyboard.press("j")
    desk.keyboard.press("Enter")
    desk.locator(".beside #detail-beside").wait_for()
    assert urlsplit(desk.url).path == "/design/list"
    desk.keyboard.press("Escape")
    desk.locator(".split.open").wait_for(state="detached")


def test_slash_finds_everything(desk: Any) -> None:
    desk.goto("/design/")
    desk.keyboard.press("/")
    desk.keyboard.type("无此单号")
    desk.get_by_text("没有找到").wait_for()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search?q=**")


def test_a_dangerous_act_opens_as_a_dialog_and_is_a_page_without_scripts(desk: Any, browser: Any) -> None:
    desk.goto("/design/")
    desk.get_by_role("link", name="打开确认框").click()
    desk.get_by_role("dialog").get_by_text("30 分钟内可恢复").wait_for()
    desk.get_by_text("不办了").click()
    assert desk.get_by_role("dialog").count() == 0
    bare = browser.new_context(locale="zh-CN", java_script_enabled=False, storage_state=desk.context.storage_state())
    page = bare.new_page()
    page.goto(urlsplit(desk.url)._replace(path="/design/confirm").geturl())
    assert page.get_by_text("30 分钟内可恢复").count() == 1
    bare.close()


BLOCK = '1901101000\t"奶粉\n900 g"\t4\t238.00\t多余\n2106909090\t益生菌\t1,200\t128\n1\t2\t3\t4\n5\t6\t7\t8\n'
PASTE = """(field, block) => {
  const data = new DataTransfer();
  data.setData("text/plain", block);
  field.focus();
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_a_block_from_a_spreadsheet_fills_the_grid(desk: Any) -> None:
    desk.goto("/design/form")
    desk.locator("[name=goods-0-code]").evaluate(PASTE, BLOCK)
    value = "field => field.value"
    assert desk.locator("[name=goods-0-name]").evaluate(value) == "奶粉 900 g"
    assert desk.locator("[name=goods-3-price]").evaluate(value) == "8"
    assert desk.locator("[name=goods-TOTAL_FORMS]").evaluate(value) == "4"
    desk.get_by_text("超出表格的 1 列未粘贴").wait_for()


def test_a_draft_comes_back_with_its_rows(desk: Any) -> None:
    desk.goto("/design/form")
    desk.locator("[name=goods-0-code]").evaluate(PASTE, BLOCK)
    desk.locator("[name=number]").fill("JC-7")
    desk.get_by_text("草稿存于本机").wait_for()
    desk.reload()
    desk.get_by_role("button", name="恢复草稿").click()
    assert desk.locator("[name=number]").input_value() == "JC-7"
    assert desk.locator("[name=goods-3-price]").input_value() == "8"


def test_a_picker_finds_by_initials(desk: Any) -> None:
    desk.goto("/design/form")
    field = desk.locator("[name=country]")
    field.fill("")
    field.press_sequentially("adly")
    desk.get_by_role("option", name="澳大利亚").wait_for()
    field.press("Enter")
    assert field.input_value() == "601"
    assert desk.locator(".picked-name").inner_text() == "澳大利亚"


def test_on_a_phone_the_navigation_comes_and_goes(desk: Any) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto("/design/list")
    assert not desk.locator("#nav").is_visible()
    desk.locator("[data-nav-open]").click()
    desk.locator("#nav").wait_for(state="visible")
    desk.keyboard.press("Escape")
    desk.locator("#nav").wait_for(state="hidden")
