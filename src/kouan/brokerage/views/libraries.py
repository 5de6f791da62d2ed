"""The libraries of a firm: lists, versions, learning, spreadsheets, and what the forms pick from."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import xlsxwriter
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.accounts.access import door
from kouan.accounts.forms import show_mistake
from kouan.brokerage import selectors
from kouan.brokerage.forms import ArticleForm, ClientForm, EntryForm, SheetForm
from kouan.brokerage.models import Article, Client
from kouan.brokerage.services.importing import TITLES, import_library
from kouan.brokerage.services.keeping import TheEntryDoesNotFit, end_entry, keep_article, keep_client
from kouan.brokerage.sheets import ARTICLE_TITLES, CLIENT_TITLES, LIMITS
from kouan.brokerage.views import TRADER
from kouan.goods.elements import TARIFF
from kouan.reference import selectors as reference
from kouan.screens.lists import Column, ListPage, MainAct, TextFilter, YesNoFilter
from kouan.screens.pickers import Option, respond
from kouan.screens.pieces import Chip, Consequence, Crumb, Emptiness, Tone
from kouan.screens.sheets import SheetNotReadable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _standing(rows: QuerySet, wanted: list[str]) -> QuerySet:
    return rows.filter(until__isnull=wanted == ["yes"])


_SHARED: dict[str, Any] = {
    "default_sort": "name",
    "beside": True,
    "template": "brokerage/library.html",
}
_STANDS = YesNoFilter("standing", gettext_lazy("在用"), find=_standing)
_DAYS = [
    Column("since", gettext_lazy("启用日期"), kind="date", sort="since"),
    Column("until", gettext_lazy("停用日期"), kind="date", sort="until"),
]
CLIENTS = ListPage(
    key="broker-clients",
    title=gettext_lazy("客户资料"),
    about=gettext_lazy("本单位各委托方的代码和惯用栏目，按日期留版本；制单时按名称、拼音或首字母取用"),
    columns=[
        Column("name", CLIENT_TITLES["name"], sort="name"),
        Column("code", CLIENT_TITLES["code"], kind="code", sort="code"),
        Column("uscc", CLIENT_TITLES["uscc"], kind="code"),
        Column("owner_code", CLIENT_TITLES["owner_code"], kind="code", shown=False),
        Column("owner_name", CLIENT_TITLES["owner_name"]),
        Column("overseas_party_name", CLIENT_TITLES["overseas_party_name"]),
        Column("trade_mode", CLIENT_TITLES["trade_mode"], kind="code"),
        Column("customs_code", CLIENT_TITLES["customs_code"], kind="code"),
        Column("agreement_no", CLIENT_TITLES["agreement_no"], kind="code"),
        *_DAYS,
    ],
    filters=[TextFilter("q", gettext_lazy("代码、名称、拼音"), find=selectors.find_clients), _STANDS],
    row_url=lambda row: reverse("broker-client", args=[row.pk]),
    empty=Emptiness(gettext_lazy("还没有客户资料"), gettext_lazy("可以新增、导入表格，或从已发报关单一键收录")),
    **_SHARED,
)


def _tariff_chip(row: Any) -> Chip:
    if row.is_in_tariff is None:
        return Chip(gettext_lazy("税则未装载"), Tone.IDLE)
    return Chip(gettext_lazy("有效"), Tone.DONE) if row.is_in_tariff else Chip(gettext_lazy("税则已无"), Tone.REFUSED)


ARTICLES = ListPage(
    key="broker-articles",
    title=gettext_lazy("商品资料"),
    about=gettext_lazy(
        "各委托方的货号、归类、申报要素和惯用栏目，按日期留版本；制单时键入货号、品名、拼音或首字母即填入整行"
    ),
    columns=[
        Column("article_no", ARTICLE_TITLES["article_no"], kind="code", sort="article_no"),
        Column("name", ARTICLE_TITLES["name"], sort="name"),
        Column("hs_code", ARTICLE_TITLES["hs_code"], kind="code", sort="hs_code"),
        Column("tariff", gettext_lazy("税则"), _tariff_chip, kind="chip"),
        Column("client_code", ARTICLE_TITLES["client_code"], kind="code", sort="client_code"),
        Column("specification", ARTICLE_TITLES["specification"], is_long=True),
        Column("ciq_code", ARTICLE_TITLES["ciq_code"], kind="code", shown=False),
        Column("unit", ARTICLE_TITLES["unit"], kind="code"),
        Column("legal_unit", ARTICLE_TITLES["legal_unit"], kind="code"),
        Column("second_unit", ARTICLE_TITLES["second_unit"], kind="code", shown=False),
        Column("origin_country", ARTICLE_TITLES["origin_country"], kind="code"),
        Column("price", ARTICLE_TITLES["price"]),
        Column("currency", ARTICLE_TITLES["currency"], kind="code"),
        Column("district_code", ARTICLE_TITLES["district_code"], kind="code", shown=False),
        Column("duty_mode", ARTICLE_TITLES["duty_mode"], kind="code", shown=False),
        *_DAYS,
    ],
    filters=[
        TextFilter("q", gettext_lazy("货号、编号、品名、拼音"), find=selectors.find_articles),
        TextFilter("client", gettext_lazy("委托方代码"), fields=["client_code__istartswith"]),
        YesNoFilter("tariff", gettext_lazy("税则有效"), field="is_in_tariff"),
        _STANDS,
    ],
    row_url=lambda row: reverse("broker-article", args=[row.pk]),
    empty=Emptiness(gettext_lazy("还没有商品资料"), gettext_lazy("可以新增、导入表格，或从已发报关单一键收录")),
    **_SHARED,
)


@dataclass(frozen=True)
class Library:
    """One of the two libraries, as its pages need it."""

    key: str
    page: ListPage
    kind: Any
    form: type[EntryForm]
    rows: Callable[[Any], QuerySet]
    get: Callable[..., Any]
    versions: Callable[[Any], list[Any]]
    keep: Callable[..., Any]
    url_name: str
    word: Any


def _articles(user: Any) -> QuerySet:
    """The articles, each with whether the tariff of today still has its code."""
    today = timezone.localdate()
    return selectors.list_articles(user).annotate(is_in_tariff=reference.stands_in(TARIFF, "hs_code", today))


CLIENT_LIBRARY = Library(
    "clients", CLIENTS, Client, ClientForm, selectors.list_clients, selectors.get_client, selectors.versions_of_client,
    keep_client, "broker-client", gettext_lazy("客户资料"),
)  # fmt: skip
ARTICLE_LIBRARY = Library(
    "articles", ARTICLES, Article, ArticleForm, _articles, selectors.get_article, selectors.versions_of_article,
    keep_article, "broker-article", gettext_lazy("商品资料"),
)  # fmt: skip
LIBRARIES = {one.key: one for one in (CLIENT_LIBRARY, ARTICLE_LIBRARY)}


@door(roles=TRADER)
def list_clients(request: HttpRequest) -> HttpResponseBase:
    """Show the firm's clients."""
    return _list(request, CLIENT_LIBRARY)


@door(roles=TRADER)
def list_articles(request: HttpRequest) -> HttpResponseBase:
    """Show the firm's goods."""
    return _list(request, ARTICLE_LIBRARY)


def _list(request: HttpRequest, library: Library) -> HttpResponseBase:
    act = MainAct(_("新增"), reverse(f"new-{library.url_name}"))
    return library.page.respond(request, library.rows(request.user), main_act=act, extra={"library": library.key})


@door(roles=TRADER)
def edit_client(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Enter a client, or look at one and write its next version."""
    return _edit(request, CLIENT_LIBRARY, pk)


@door(roles=TRADER)
def edit_article(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Enter an article, or look at one and write its next version."""
    return _edit(request, ARTICLE_LIBRARY, pk)


def _edit(request: HttpRequest, library: Library, pk: UUID | None) -> HttpResponse:
    user: Any = request.user
    entry = library.get(user=user, pk=pk) if pk else None
    fields = (*library.form.keys, *library.form.names)
    initial = {name: getattr(entry, name) for name in fields} if entry else {}
    codes = reference.load_codes(timezone.localdate())
    form = library.form(request.POST or None, initial=initial, codes=codes, is_new=entry is None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | ({name: getattr(entry, name) for name in library.form.keys} if entry else {})
        try:
            made = library.keep(user=user, values=values, at=timezone.now())
        except TheEntryDoesNotFit as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("已保存。"))
            return redirect(library.url_name, pk=made.pk)
    context = {
        "form": form,
        "entry": entry,
        "library": library,
        "versions": library.versions(entry) if entry else [],
        "tariff": _tariff_of(entry) if entry else None,
        "title": entry.name if entry else _("新增%(word)s") % {"word": library.word},
        "about": _("修改即自今天起成为新版本，旧版本留作记录") if entry else "",
        "submit_label": _("保存"),
        "end_url": reverse("end-broker-entry", args=[library.key, pk]) if entry and entry.until is None else "",
        "back_url": reverse(f"broker-{library.key}"),
        "crumbs": [Crumb(library.word, reverse(f"broker-{library.key}"))],
    }
    return render(request, "brokerage/entry.html", context, status=422 if form.errors else 200)


def _tariff_of(entry: Any) -> Chip | None:
    """Whether the tariff of today still has the code of an article; None for a client."""
    if not isinstance(entry, Article):
        return None
    is_loaded = reference.load_codes(timezone.localdate()).is_loaded(TARIFF)
    entry.is_in_tariff = not _gone_from_tariff([entry.hs_code]) if is_loaded else None  # type: ignore[attr-defined]
    return _tariff_chip(entry)


@door(roles=TRADER)
def end(request: HttpRequest, library: str, pk: UUID) -> HttpResponse:
    """Let an entry stand no longer, after asking."""
    user: Any = request.user
    found = LIBRARIES[library if library in LIBRARIES else "clients"]
    entry = found.get(user=user, pk=pk)
    if request.method == "POST":
        end_entry(user=user, kind=found.kind, pk=pk, at=timezone.now())
        return redirect(f"broker-{found.key}")
    context = {
        "title": _("停用资料"),
        "about": entry.name,
        "consequences": [
            Consequence(_("制单时不再找到；已制单证不变")),
            Consequence(_("再次保存即恢复为新版本"), "undoable"),
        ],
        "act_label": _("停用"),
        "back_url": reverse(found.url_name, args=[pk]),
        "is_danger": True,
    }
    return render(request, "screens/confirm.html", context)


@door(roles=TRADER)
def import_sheet(request: HttpRequest, library: str) -> HttpResponse:
    """Read a spreadsheet of a library: what is right is kept, what is wrong is told at its row."""
    user: Any = request.user
    found = LIBRARIES[library if library in LIBRARIES else "clients"]
    form = SheetForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "library": found, "at": timezone.now(),
                               "crumbs": [Crumb(found.word, reverse(f"broker-{found.key}"))]}  # fmt: skip
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            context["result"] = import_library(
                user=user, library=found.key, data=upload.read(LIMITS.size + 1), name=upload.name, at=timezone.now()
            )
        except SheetNotReadable as reason:
            context["problems"] = [reason.problem]
    return render(request, "brokerage/import.html", context)


@door(roles=TRADER)
def sheet_template(request: HttpRequest, library: str) -> HttpResponse:
    """Give an empty sheet with the titles of a library."""
    titles = TITLES.get(library, CLIENT_TITLES)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    bold, text = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "@"})
    for place, title in enumerate(titles.values()):
        sheet.write_string(0, place, str(title), bold)
        sheet.set_column(place, place, 18, text)
    sheet.freeze_panes(1, 1)
    book.close()
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="kouan-{library}.xlsx"'
    return response


# What the forms pick -------------------------------------------------------------------------------------------------


@door(roles=TRADER)
def pick_clients(request: HttpRequest) -> JsonResponse:
    """The clients that a few typed characters may mean, each with what it fills in."""
    user: Any = request.user
    found = selectors.pick_clients(user, request.GET.get("q", "").strip()[:60], on=timezone.localdate())
    return respond(
        [
            Option(one.code, one.name, one.uscc, {
                "trader_uscc": one.uscc, "trader_name": one.name, "owner_code": one.owner_code,
                "owner_name": one.owner_name, "overseas_party_name": one.overseas_party_name,
                "trade_mode": one.trade_mode, "customs_code": one.customs_code,
            })
            for one in found
        ]
    )  # fmt: skip


@door(roles=TRADER)
def pick_articles(request: HttpRequest) -> JsonResponse:
    """The articles that a few typed characters may mean, each with the line that it fills in."""
    user: Any = request.user
    found = selectors.pick_articles(
        user, request.GET.get("q", "").strip()[:60], client_code=request.GET.get("with", "").strip()[:18],
        on=timezone.localdate(),
    )  # fmt: skip
    gone = _gone_from_tariff([one.hs_code for one in found])
    return respond(
        [
            Option(one.article_no, one.name, f"{one.hs_code} {_('税则已无') if one.hs_code in gone else ''}".strip(), {
                "hs_code": one.hs_code, "goods_name": one.name, "specification": one.specification,
                "ciq_code": one.ciq_code, "unit": one.unit, "legal_unit": one.legal_unit,
                "second_unit": one.second_unit, "origin_country": one.origin_country, "currency": one.currency,
                "price": one.price, "district_code": one.district_code, "duty_mode": one.duty_mode,
            })
            for one in found
        ]
    )  # fmt: skip


def _gone_from_tariff(hs_codes: list[str]) -> set[str]:
    """The codes that the tariff of today no longer has; none where no tariff is loaded."""
    today = timezone.localdate()
    if not hs_codes or not reference.load_codes(today).is_loaded(TARIFF):
        return set()
    return set(hs_codes) - set(reference.notes_of(TARIFF, hs_codes, today))
