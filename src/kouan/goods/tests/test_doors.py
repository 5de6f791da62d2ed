"""The pages: a clerk fills in the form, sends it, customs returns it, the form opens at the faulty field."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.gateway.models import Message
from kouan.gateway.standards.dec.generate import make_declaration
from kouan.goods import factories as make
from kouan.goods.codes import DraftState
from kouan.goods.composing import compose, field_in_text, values_of
from kouan.goods.models import GoodsApplication, GoodsDeclaration, GoodsDraft, GoodsSheet, GoodsTax
from kouan.goods.services import applying, drafting
from kouan.goods.services.sheeting import send_sheet, try_sheet
from kouan.goods.sheets import HEAD_COLUMNS, LINE_COLUMNS
from kouan.goods.states import GoodsState
from kouan.reference.services import import_sheet
from kouan.safekeeping.safe import safe

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return make.make_agent()


@pytest.fixture
def clerk(firm):
    return make_user(Role.TRADER_CLERK, organisation=firm)


@pytest.fixture
def officer():
    return make_user(Role.OFFICER, agency="customs")


@pytest.fixture
def window(firm):
    return make.make_window(firm.pk)


def typed(number=1, **changes):
    """What a clerk types for a made-up declaration, as the browser posts it."""
    values = {**values_of(make_declaration(number, day=make.DAY)), "procedure": "ordinary", **changes}
    for name in ("agent_code", "agent_uscc", "agent_name"):
        values.pop(name)
    return values


def posted(values, do="send"):
    data = {name: value for name, value in values.items() if not isinstance(value, list)} | {"do": do}
    for key in ("goods", "containers", "documents"):
        data[f"{key}-TOTAL_FORMS"], data[f"{key}-INITIAL_FORMS"] = str(len(values[key])), "0"
        data |= {f"{key}-{row}-{name}": value for row, line in enumerate(values[key]) for name, value in line.items()}
    return data


def new_draft(client):
    response = client.get(reverse("new-goods-draft"))
    return GoodsDraft.objects.get(pk=response.url.rstrip("/").rpartition("/")[2])


def send_by_form(client, values=None):
    draft = new_draft(client)
    client.post(reverse("goods-draft", args=[draft.pk]), posted(values or typed()))
    make.work(at=timezone.now())
    draft.refresh_from_db()
    return draft


def test_it_works(client, clerk, window):
    client.force_login(clerk)
    draft = send_by_form(client)
    assert draft.state == DraftState.SENT
    row = GoodsDeclaration.objects.get()
    assert (row.state, row.client_no, row.line_count) == (GoodsState.SENT, typed()["client_no"], 3)
    assert client.get(reverse("goods-draft", args=[draft.pk])).url == reverse("goods-declaration", args=[row.pk])
    page = client.get(reverse("goods-declaration", args=[row.pk]))
    assert row.client_no in page.content.decode()
    assert row.client_no in client.get(reverse("goods")).content.decode()


def test_what_is_typed_comes_back_from_the_message_unchanged(clerk):
    values = typed()
    again = values_of(compose(values, sender=drafting.sender_of(clerk)))
    assert {key: again[key] for key in values if key != "procedure"} == {
        k: v for k, v in values.items() if k != "procedure"
    }


def test_the_form_says_what_is_wrong_at_its_field(client, clerk, window):
    client.force_login(clerk)
    draft = new_draft(client)
    wrong = typed(packages="0")
    wrong["goods"][1]["unit"] = "9999"
    found = client.post(reverse("check-goods-draft", args=[draft.pk]), posted(wrong)).json()["problems"]
    assert {"packages", "goods-1-unit"} <= {one["pointer"] for one in found}
    page = client.post(reverse("goods-draft", args=[draft.pk]), posted(wrong))
    assert page.status_code == 200
    assert Message.objects.count() == 0


def test_saving_keeps_what_was_typed(client, clerk):
    client.force_login(clerk)
    draft = new_draft(client)
    client.post(reverse("save-goods-draft", args=[draft.pk]), posted(typed(note="半")))
    draft.refresh_from_db()
    assert draft.values["note"] == "半"
    assert "半" in client.get(reverse("goods-draft", args=[draft.pk])).content.decode()


def test_files_travel_in_the_zip_under_the_name_of_the_rule(client, clerk, window):
    client.force_login(clerk)
    draft = new_draft(client)
    client.post(reverse("save-goods-draft", args=[draft.pk]), posted(typed()))
    upload = SimpleUploadedFile("发票.pdf", make.PDF, "application/pdf")
    client.post(reverse("add-goods-file", args=[draft.pk]), {"document_kind": "00000001", "file": upload})
    assert len(draft.files.get().name) == len("470000000001IM000000000000000000.pdf")
    client.post(reverse("goods-draft", args=[draft.pk]), posted(typed()))
    make.work(at=timezone.now())
    row = GoodsDeclaration.objects.get()
    [name] = [one.name for one in drafting.selectors.files_of(row)]
    response = client.get(reverse("goods-file", args=[row.pk, 1, name]))
    assert response.content == make.PDF
    assert name.startswith("470000000001IM")


@pytest.mark.parametrize("content", [b"MZ", make.PDF[:-7], make.PDF.replace(b"<</Type", b"<</JS 1/Type", 1)])
def test_a_false_pdf_is_refused(client, clerk, content):
    client.force_login(clerk)
    draft = new_draft(client)
    upload = SimpleUploadedFile("a.pdf", content, "application/pdf")
    page = client.post(reverse("add-goods-file", args=[draft.pk]), {"document_kind": "00000001", "file": upload})
    assert page.status_code == 200
    assert not draft.files.exists()


def test_returned_for_correction_opens_the_form_at_the_faulty_field(client, clerk, window):
    client.force_login(clerk)
    send_by_form(client)
    row = GoodsDeclaration.objects.get()
    make.hear(window, make.imported(row.client_no), at=timezone.now())
    note = "第 2 项商品编号与品名不符，请修改"
    make.hear(window, make.channel_said("Z", timezone.now(), note=note), at=timezone.now())
    page = client.get(reverse("goods-declaration", args=[row.pk])).content.decode()
    assert note in page
    assert reverse("correct-goods", args=[row.pk]) in page
    response = client.get(reverse("correct-goods", args=[row.pk]), follow=True)
    form = response.content.decode()
    assert "#id_goods-1-hs_code" in form
    assert note in form
    draft = GoodsDraft.objects.get(corrects=row.pk)
    values = {**draft.values}
    values["goods"][1]["hs_code"] = "8471300000"
    client.post(reverse("goods-draft", args=[draft.pk]), posted(values))
    make.work(at=timezone.now())
    row.refresh_from_db()
    assert (row.version, row.state) == (2, GoodsState.SENT)
    assert "第 2 版" in client.get(reverse("goods-declaration", args=[row.pk])).content.decode()


@pytest.mark.parametrize(
    ("text", "field"),
    [("第 2 项商品编号有误", "goods-1-hs_code"), ("第3项原产国不符", "goods-2-origin_country"),
     ("毛重填写有误", "gross_weight_kg"), ("监管方式与征免性质不符", "trade_mode"), ("请联系海关", "")],
)  # fmt: skip
def test_the_field_that_an_official_text_speaks_of(text, field):
    assert field_in_text(text) == field


def test_copying_leaves_out_what_belongs_to_one_shipment(client, clerk, window):
    client.force_login(clerk)
    send_by_form(client)
    client.post(reverse("copy-goods", args=[GoodsDeclaration.objects.get().pk]))
    copied = GoodsDraft.objects.get(state=DraftState.DRAFT)
    assert copied.values["trader_name"] == typed()["trader_name"]
    assert (copied.values["bill_no"], copied.values["containers"]) == ("", [])
    assert copied.values["client_no"] != typed()["client_no"]


def test_a_correction_after_acceptance_needs_customs_consent(client, clerk, officer, window):
    client.force_login(clerk)
    send_by_form(client)
    row = GoodsDeclaration.objects.get()
    make.hear(window, make.imported(row.client_no), at=timezone.now())
    make.hear(window, make.channel_said("L", timezone.now()), at=timezone.now())
    assert client.get(reverse("correct-goods", args=[row.pk])).status_code == 403
    asked = {"kind": "correct", "reason": "品名填错", "changes": "品名"}
    client.post(reverse("ask-goods-application", args=[row.pk]), asked)
    again = client.post(reverse("ask-goods-application", args=[row.pk]), asked)
    assert "办理中" in again.content.decode()
    application = GoodsApplication.objects.get()
    url = reverse("goods-application", args=[application.pk])
    client.post(url, {"answer": "approve"})
    application.refresh_from_db()
    assert application.state == "asked"
    client.force_login(officer)
    client.post(url, {"answer": "approve", "opinion": "同意"})
    application.refresh_from_db()
    row.refresh_from_db()
    assert (application.state, row.state) == ("approved", GoodsState.RECEIVED)
    client.force_login(clerk)
    client.get(reverse("correct-goods", args=[row.pk]))
    draft = GoodsDraft.objects.get(corrects=row.pk)
    client.post(reverse("goods-draft", args=[draft.pk]), posted({**draft.values, "note": "改"}))
    make.work(at=timezone.now())
    application.refresh_from_db()
    row.refresh_from_db()
    assert (application.state, row.version) == ("carried_out", 2)


def test_a_withdrawal_is_carried_out_when_customs_deletes(clerk, officer, window, client):
    client.force_login(clerk)
    send_by_form(client)
    row = GoodsDeclaration.objects.get()
    at = timezone.now()
    make.hear(window, make.imported(row.client_no), at=at)
    make.hear(window, make.channel_said("L", at), at=at)
    made = applying.ask_for_application(
        user=clerk, declaration_id=row.pk, kind="withdraw", reason="退运", changes="", at=at
    )
    applying.answer_application(user=officer, application_id=made.pk, is_approved=True, opinion="", at=at)
    make.hear(window, make.channel_said("D", at + timezone.timedelta(minutes=1)), at=at)
    made.refresh_from_db()
    assert made.state == "carried_out"


def test_tax_is_recorded_once_customs_has_said_that_it_is_due(client, clerk, window):
    client.force_login(clerk)
    send_by_form(client)
    row = GoodsDeclaration.objects.get()
    paid = {"kind": "paid", "number": "P-1", "amount": "12.50"}
    client.post(reverse("record-goods-tax", args=[row.pk]), paid)
    assert not GoodsTax.objects.exists()
    make.hear(window, make.imported(row.client_no), at=timezone.now())
    make.hear(window, make.channel_said("T", timezone.now()), at=timezone.now())
    client.post(reverse("record-goods-tax", args=[row.pk]), paid)
    row.refresh_from_db()
    assert (row.tax, row.state) == ("paid", GoodsState.TAX_DUE)
    assert "P-1" in client.get(reverse("goods-declaration", args=[row.pk])).content.decode()


def test_strangers_see_nothing(client, clerk, window):
    client.force_login(clerk)
    draft = send_by_form(client)
    row = GoodsDeclaration.objects.get()
    client.force_login(make_user(Role.TRADER_CLERK))
    of_row = ("goods-declaration", "correct-goods", "ask-goods-application", "record-goods-tax")
    for name, pk in [("goods-draft", draft.pk), *((name, row.pk) for name in of_row)]:
        assert client.get(reverse(name, args=[pk])).status_code == 404, name
    client.force_login(make_user(Role.OFFICER, agency="maritime"))
    assert client.get(reverse("goods-declaration", args=[row.pk])).status_code == 404


def test_files_of_drafts_are_kept_under_the_key_of_their_month(clerk):
    at = timezone.now()
    draft = drafting.begin_draft(user=clerk, at=at)
    made = drafting.add_file(user=clerk, draft_id=draft.pk, firm_name="a.pdf", document_kind="00000001",
                             content=make.PDF, at=at)  # fmt: skip
    assert make.PDF not in bytes(made.content)
    assert safe().take(bytes(made.content)) == make.PDF


def test_without_tables_the_elements_are_free_and_with_them_they_are_named(client, clerk):
    client.force_login(clerk)
    draft = new_draft(client)
    url = reverse("goods-elements", args=[draft.pk])
    assert "自由填写" in client.post(url, posted(typed())).content.decode()
    code = typed()["goods"][0]["hs_code"]
    for key, note in (
        ("hs_elements", "品名;品牌类型;型号;用途;其他;再一项"),
        ("tariff", "duty=10;vat=13;consumption=0"),
    ):
        raw = f"table,code,name_zh,note,since\n{key},{code},某物,{note},2020-01-01\n".encode()
        import_sheet(raw=raw, sheet="trial.csv", actor=make.ACTOR, at=timezone.now())
    page = client.post(url, posted(typed())).content.decode()
    assert "再一项" in page
    assert "10" in page


# Spreadsheets --------------------------------------------------------------------------------------------------------


def sheet(sets):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet()
    titles = {**HEAD_COLUMNS, **LINE_COLUMNS}
    page.write_row(0, 0, list(titles.values()))
    row = 1
    for values in sets:
        for line in values["goods"]:
            page.write_row(row, 0, [str({**values, **line}.get(name, "")) for name in titles])
            row += 1
    book.close()
    return buffer.getvalue()


def upload(client, content, name="a.xlsx"):
    """Upload a sheet, and have it tried out as the job does; give its page."""
    answer = client.post(reverse("goods-sheet"), {"file": SimpleUploadedFile(name, content)})
    kept = GoodsSheet.objects.get()
    assert answer.url == reverse("goods-sheet-trial", args=[kept.pk])
    try_sheet(sheet_id=kept.pk, at=timezone.now())
    return client.get(answer.url)


def test_a_sheet_is_tried_and_sent(client, clerk, window):
    client.force_login(clerk)
    page = upload(client, sheet([typed(1), typed(2), typed(3, packages="0")]))
    kept = page.context["sheet"]
    assert (kept.fit, page.context["unfit"]) == (2, 1) and len(page.context["told"]) == 1
    client.post(reverse("goods-sheet-trial", args=[kept.pk]))
    send_sheet(sheet_id=kept.pk, at=timezone.now())
    make.work(at=timezone.now())
    assert GoodsDeclaration.objects.count() == 2
    page = client.get(reverse("goods-sheet-trial", args=[kept.pk]))
    assert page.context["outcome"] == {"stored": 2, "refused": 0, "waiting": 0}
    given = client.get(reverse("annotated-goods-sheet", args=[kept.pk]))
    assert given.content.startswith(b"PK") and "checked.xlsx" in given["Content-Disposition"]


@pytest.mark.parametrize("content", [b" ", b"PK\x03\x04", b"\xff\xfe\x00\xd8", b"a,b\n1,2"])
def test_what_is_no_sheet_is_answered(client, clerk, content):
    client.force_login(clerk)
    page = upload(client, content, "a.csv" if content == b"a,b\n1,2" else "a.xlsx")
    assert page.context["sheet"].state == "unreadable" and page.context["told"][0][1]
