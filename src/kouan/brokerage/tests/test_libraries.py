"""The libraries: versions by day, learned from declarations, filled into the form, read from a sheet row by row."""

import datetime as dt
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.brokerage.models import Article, Client
from kouan.brokerage.services.keeping import TheEntryDoesNotFit, keep_article, keep_client
from kouan.brokerage.services.learning import learn
from kouan.brokerage.sheets import ARTICLE_TITLES, CLIENT_TITLES, read_library
from kouan.goods import factories as make
from kouan.goods.services import drafting
from kouan.reference.services import import_sheet

pytestmark = pytest.mark.django_db
AT = timezone.now()
PUMP = {"article_no": "P-100", "hs_code": "8413709990", "name": "离心水泵", "specification": "1|2|", "unit": "001",
        "currency": "USD", "price": "120"}  # fmt: skip


@pytest.fixture
def firm():
    return make.make_agent()


@pytest.fixture
def clerk(firm):
    return make_user(Role.TRADER_CLERK, organisation=firm)


def options(client, name, **query):
    return client.get(reverse(name), query).json()["options"]


def test_a_line_is_filled_by_number_name_and_sound(client, clerk):
    keep_article(user=clerk, values=PUMP, at=AT)
    client.force_login(clerk)
    for words in ("P-1", "水泵", "lixin", "lxsb", "841370"):
        [found] = options(client, "pick-broker-articles", q=words)
        assert (found["code"], found["fill"]["hs_code"], found["fill"]["goods_name"]) == (
            "P-100", "8413709990", "离心水泵",
        )  # fmt: skip
    client.force_login(make_user(Role.TRADER_CLERK))
    assert options(client, "pick-broker-articles", q="P-1") == []


def test_an_article_of_another_client_is_not_offered(client, clerk):
    keep_article(user=clerk, values=PUMP | {"client_code": "4201000001"}, at=AT)
    client.force_login(clerk)
    assert options(client, "pick-broker-articles", q="P-1", **{"with": "4201000002"}) == []
    assert len(options(client, "pick-broker-articles", q="P-1", **{"with": "4201000001"})) == 1


def test_a_change_is_a_version_from_its_day_and_saying_the_same_is_none(clerk):
    first = keep_article(user=clerk, values=PUMP, at=AT)
    later = AT + dt.timedelta(days=3)
    assert keep_article(user=clerk, values=PUMP, at=later) == first
    second = keep_article(user=clerk, values=PUMP | {"price": "130"}, at=later)
    first.refresh_from_db()
    assert (first.until, second.since, second.until) == (timezone.localdate(later), timezone.localdate(later), None)
    again = keep_article(user=clerk, values=PUMP | {"price": "131"}, at=later)
    assert (again.pk, Article.objects.count()) == (second.pk, 2)


def test_one_click_learns_clients_and_goods_from_a_declaration(client, firm, clerk):
    make.make_window(firm.pk)
    values = make.make_values(5)
    values["goods"][0]["article_no"] = "SKU-1"
    begun = drafting.begin_draft(user=clerk, at=AT)
    drafting.save_draft(user=clerk, draft_id=begun.pk, values=values, at=AT)
    drafting.send_draft(user=clerk, draft_id=begun.pk, at=AT)
    make.work(at=AT)
    row = make.the_declaration(5)
    client.force_login(clerk)
    client.post(reverse("learn-broker-library"), {"pk": [str(row.pk)]})
    assert Client.objects.get().name == values["trader_name"]
    learned = Article.objects.get(article_no="SKU-1")
    assert (learned.hs_code, learned.learned_from) == (values["goods"][0]["hs_code"], row.pk)
    assert Article.objects.count() == len(values["goods"])
    assert learn(user=make_user(Role.TRADER_CLERK), declaration_ids=[row.pk], at=AT).declarations == 0


def sheet(titles, *rows):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet()
    for at, row in enumerate([titles, *rows]):
        for place, value in enumerate(row):
            page.write_string(at, place, value)
    book.close()
    return SimpleUploadedFile("a.xlsx", buffer.getvalue())


def test_a_sheet_with_titles_in_any_order_is_kept_row_by_row(client, clerk):
    client.force_login(clerk)
    upload = sheet(
        ["商品名称", "备注", "商品编号", "货号"],
        ["水泵", "x", "8413709990", "A1"],
        ["阀门", "", "84x", "A2"],
        ["", "", "8481804090", "A3"],
    )
    page = client.post(reverse("import-broker-library", args=["articles"]), {"file": upload}).content.decode()
    assert [one.article_no for one in Article.objects.all()] == ["A1"]
    assert "已收入 1 行" in page
    assert "8 或 10 位" in page
    assert "缺少名称" in page


def test_what_is_exported_is_read_again(client, clerk):
    keep_client(user=clerk, values={"code": "4201000001", "name": "江城贸易"}, at=AT)
    client.force_login(clerk)
    file = b"".join(client.get(reverse("broker-clients"), {"export": "csv"}).streaming_content)
    upload = SimpleUploadedFile("a.csv", file)
    page = client.post(reverse("import-broker-library", args=["clients"]), {"file": upload}).content.decode()
    assert "已收入" in page
    assert Client.objects.count() == 1


def test_an_entry_says_when_the_tariff_lost_its_code(client, clerk):
    found = keep_article(user=clerk, values=PUMP, at=AT)
    client.force_login(clerk)
    assert "税则未装载" in client.get(reverse("broker-article", args=[found.pk])).content.decode()
    raw = "table,code,name_zh,note,since\ntariff,8481804090,阀门,duty=5;vat=13;consumption=0,2020-01-01\n".encode()
    import_sheet(raw=raw, sheet="trial.csv", actor=make.ACTOR, at=timezone.now())
    assert "税则已无" in client.get(reverse("broker-article", args=[found.pk])).content.decode()
    assert "税则已无" in client.get(reverse("broker-articles")).content.decode()
    [option] = options(client, "pick-broker-articles", q="P-1")
    assert "税则已无" in option["note"]


def test_a_wrong_code_is_refused_at_its_field(clerk):
    with pytest.raises(TheEntryDoesNotFit) as told:
        keep_article(user=clerk, values=PUMP | {"hs_code": "12"}, at=AT)
    assert told.value.problem.pointer == "hs_code"


def test_strangers_see_no_library(client, clerk):
    found = keep_client(user=clerk, values={"code": "4201000001", "name": "江城贸易"}, at=AT)
    client.force_login(make_user(Role.TRADER_CLERK))
    assert client.get(reverse("broker-client", args=[found.pk])).status_code == 404
    assert client.post(reverse("end-broker-entry", args=["clients", found.pk])).status_code == 404


@pytest.mark.parametrize("titles", [CLIENT_TITLES, ARTICLE_TITLES])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_sheet_is_read_by_its_titles_in_either_language(titles, language):
    with override(language):
        words = [str(title) for title in titles.values()]
    assert len(set(words)) == len(titles)
    sheet = ",".join(f'"{word}"' for word in words) + "\n" + ",".join(f"v{place}" for place in range(len(words)))
    [row] = read_library(sheet.encode(), "x.csv", titles)
    assert row.values == {name: f"v{place}" for place, name in enumerate(titles)}


def test_the_page_of_a_declaration_takes_its_client_and_goods_in(client, firm, clerk):
    make.make_window(firm.pk)
    make.send(make.make_channel(firm.pk), make.make_message(lines=2), at=AT)
    row = make.the_declaration()
    client.force_login(clerk)
    url = reverse("learn-one-broker-library", args=[row.pk])
    assert url in client.get(reverse("goods-declaration", args=[row.pk])).content.decode()
    answer = client.post(url, follow=True)
    assert answer.redirect_chain[0][0] == reverse("goods-declaration", args=[row.pk])
    assert (Client.objects.get().code, Article.objects.count()) == (row.trader_code, 2)
    client.force_login(make_user(Role.TRADER_CLERK))
    assert client.post(url).status_code == 404
