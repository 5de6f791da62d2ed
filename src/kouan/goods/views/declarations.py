"""The list of goods declarations, and one of them with everything that happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.gateway import selectors as gateway
from kouan.gateway.amending import Compared, describe, pair_of_versions
from kouan.gateway.standards.dec.types import Declaration
from kouan.gateway.standards.statements import DEC
from kouan.goods import selectors
from kouan.goods.around import around
from kouan.goods.codes import Deadline, Direction, Procedure, Step, TaxKind
from kouan.goods.forms import TaxForm
from kouan.goods.libraries import learner_of
from kouan.goods.looks import (
    PARTY_WORDS,
    STATE_CHIPS,
    WHY_NOT_WORDS,
    channel_chip,
    deadlines_shown,
    event_words,
    rate_clause,
)
from kouan.goods.natural import without_persons
from kouan.goods.services.taxing import assess_declaration, record_tax
from kouan.goods.states import OPEN_TO_A_NEW_VERSION, GoodsState, Party, may_be_sent_anew
from kouan.goods.timeline import timeline_of
from kouan.goods.topics import KIND
from kouan.goods.views import SEERS, TRADER
from kouan.notices import selectors as notices
from kouan.notices.live import live_origin, mark_of
from kouan.notices.services import choosing
from kouan.records.problems import Problem
from kouan.reference import selectors as reference
from kouan.safekeeping.safe import KeyGone
from kouan.safekeeping.services.unmasking import NEED_IT
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, MainAct, Preset, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness, NextStep
from kouan.workflow import selectors as workflow

GOODS = ListPage(
    key="goods",
    title=pgettext_lazy("列表", "报关单"),
    about=gettext_lazy("您可以查看的全部报关单，按收到时间排列"),
    columns=[
        Column("client_no", gettext_lazy("企业编号"), kind="code", note="entry_no"),
        Column("state", gettext_lazy("状态"), kind="chip", family="goods"),
        Column("waits_for", gettext_lazy("等待谁"), lambda row: PARTY_WORDS[Party(row.waits_for)]),
        Column("since", gettext_lazy("状态起始"), "state_since", kind="when"),
        Column("due", gettext_lazy("期限"), "due_date", kind="when", note="get_due_for_display", sort="due_date"),
        Column("direction", gettext_lazy("进出口"), "get_direction_display"),
        Column("trader", gettext_lazy("境内收发货人"), "trader_name"),
        Column("goods", gettext_lazy("商品"), "goods_summary"),
        Column("lines", gettext_lazy("项数"), "line_count", kind="count"),
        Column("value", gettext_lazy("总价"), "total_value", kind="money", note="currency"),
        Column("trade_mode", gettext_lazy("监管方式"), kind="code"),
        Column("customs", gettext_lazy("申报地海关"), "customs_code", kind="code"),
        Column("bill", gettext_lazy("提运单号"), "bill_no", kind="code"),
        Column("tax", gettext_lazy("税款"), "get_tax_display"),
        Column("received", gettext_lazy("收到时间"), "received_at", kind="when", sort="pk"),
    ],
    filters=[
        TextFilter(
            "q", gettext_lazy("编号"), find=selectors.with_number, placeholder=gettext_lazy("编号或其开头、箱号")
        ),
        ChoiceFilter("state", gettext_lazy("状态"), choices=[(str(s), chip.word) for s, chip in STATE_CHIPS.items()]),
        ChoiceFilter(
            "waits", gettext_lazy("等待谁"), choices=[(str(p), w) for p, w in PARTY_WORDS.items()], field="waits_for"
        ),
        ChoiceFilter("direction", gettext_lazy("进出口"), choices=Direction.choices),
        ChoiceFilter("procedure", gettext_lazy("申报方式"), choices=Procedure.choices),
        ChoiceFilter("step", gettext_lazy("申报步骤"), choices=Step.choices),
        ChoiceFilter("due_for", gettext_lazy("期限事项"), choices=Deadline.choices),
        DateRangeFilter("due", gettext_lazy("期限"), field="due_date"),
        ChoiceFilter("tax", gettext_lazy("税款"), choices=TaxKind.choices),
        DateRangeFilter("received", gettext_lazy("收到日期"), field="received_at"),
    ],
    presets=[
        Preset("mine", gettext_lazy("待申报单位办理"), {"waits": ["declarant"]}),
        Preset("returned", gettext_lazy("退回修改"), {"state": ["returned", "not_accepted", "import_failed"]}),
        Preset("tax", gettext_lazy("待缴税费"), {"state": ["tax_due"]}),
        Preset("released", gettext_lazy("已放行"), {"state": ["released", "closed", "guaranteed"]}),
    ],
    default_sort="-received",
    exact_to=1_000,
    row_url=lambda row: reverse("goods-declaration", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("还没有报关单"), gettext_lazy("由接口、文件夹、页面录入或表格报送后显示在这里")),
)


@door(roles=SEERS)
def list_goods(request: HttpRequest) -> HttpResponseBase:
    """Show the declarations that the person may see."""
    user: Any = request.user
    act = MainAct(_("新建报关单"), reverse("new-goods-draft")) if user.has_role(Role.TRADER_CLERK) else None
    return GOODS.respond(request, selectors.list_goods(user), main_act=act)


@door(roles=SEERS)
def show_goods(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one declaration: facts, whose turn it is, deadlines, timeline, agencies, tax, goods, answers, log."""
    user: Any = request.user
    now = timezone.now()
    live_url = _live_url(request, pk)  # before anything is read: what changes meanwhile is told at once
    row = selectors.get_goods(user=user, pk=pk)
    versions, answers = selectors.versions_of(row), selectors.answers_of(row)
    declared, erased = _what_it_says(row.message_id)
    said = without_persons(declared) if declared else None
    names = Names(row)
    assessment = assess_declaration(row, said) if said and row.direction == Direction.IMPORT else None
    may_be_new = may_be_sent_anew(row)
    context = {
        "row": row,
        "erased": erased,
        "at": now,
        "crumbs": [Crumb(pgettext("列表", "报关单"), reverse("goods"))],
        "next_step": _with_clock(_next_step(row, user), row, now),
        "whose": PARTY_WORDS[Party(row.waits_for)],
        "timeline": timeline_of(row, user=user, now=now),
        "said": said,
        "deadlines": deadlines_shown(row, timezone.localdate(now)),
        "names": names,
        "items": [
            (item, names.of("country", item.origin_country), names.of("unit", item.unit),
             names.of("unit", item.legal_unit))
            for item in selectors.items_of(row)
        ],
        "files": selectors.files_of(row),
        "answers": [(one, channel_chip(one.kind, one.code)) for one in reversed(answers)],
        "versions": versions,
        "delegation": _delegation_of(versions),
        "compared": _compared(row, versions, request.GET),
        "answered_version": _answered_version(row, answers),
        "checks": selectors.checks_of(row),
        "taxes": selectors.taxes_of(row),
        "tax": selectors.tax_standing(row),
        "assessment": assessment,
        "assessed": [
            (line, line.why_not and WHY_NOT_WORDS[line.why_not]) for line in (assessment.lines if assessment else ())
        ],
        "rate_clause": rate_clause(row),
        "applications": selectors.applications_of(user, row),
        "around": around(row, user),
        "traffic": gateway.traffic_of({version.message_id for version in versions}),
        "events": [(event, event_words(event)) for event in workflow.list_events(subject_id=row.pk)],
        "may_act": user.has_role(Role.TRADER_CLERK),
        "may_see_persons": user.has_role(*NEED_IT) and said != declared,
        "learn_url": learner_of(pk) if _may_learn(row, user) and not erased else "",
        "may_correct": may_be_new,
        "is_to_complete": may_be_new and row.step == Step.OUTLINE and row.state not in OPEN_TO_A_NEW_VERSION,
        "may_apply": row.state not in OPEN_TO_A_NEW_VERSION and row.state != GoodsState.DELETED,
        "live_url": live_url,
        "is_followed": notices.is_following(user, row.pk),
    }  # fmt: skip
    response = render(request, "goods/declaration.html", context)
    if live_url:
        response._csp_update = {"connect-src": [live_origin(request)]}  # type: ignore[attr-defined]
    return response


def _live_url(request: HttpRequest, pk: UUID) -> str:
    """Give the address of the declaration's live line, with the mark of what the page shows; empty where none is."""
    origin = live_origin(request)
    return f"{origin}/live/{KIND}/{pk}?mark={mark_of(KIND, pk)}" if origin else ""


@require_POST
@door(roles=SEERS)
def follow_goods(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Follow a declaration, and be told everything about it, or follow it no longer."""
    user: Any = request.user
    row = selectors.get_goods(user=user, pk=pk)
    if request.POST.get("follow") == "0":
        choosing.unfollow(user=user, subject_id=row.pk)
        messages.success(request, _("已取消关注。"))
    else:
        choosing.follow(user=user, subject_id=row.pk, at=timezone.now())
        messages.success(request, _("已关注，本办件的变化会通知您。"))
    return redirect("goods-declaration", pk=pk)


def _may_learn(row: Any, user: Any) -> bool:
    return user.has_role(Role.TRADER_CLERK) and row.sender_id == user.organisation_id


def _delegation_of(versions: Sequence[Any]) -> Any:
    """Give the delegation that covered the current version when it came; None where none had to."""
    return accounts.delegation_behind(versions[-1].delegation_id if versions else None)


class Names:
    """What the codes of a declaration mean on the day on which it came, in the language of the page."""

    def __init__(self, row: Any) -> None:
        self._codes = reference.load_codes(timezone.localdate(row.received_at))
        self._row = row

    def of(self, table: str, code: str) -> str:
        """Name a code; empty where the table has none."""
        return self._codes.name(table, code, get_language() or "zh") or ""

    @property
    def customs(self) -> str:
        return self.of("customs_district", self._row.customs_code)

    @property
    def trade_mode(self) -> str:
        return self.of("trade_mode", self._row.trade_mode)

    @property
    def transport_mode(self) -> str:
        return self.of("transport_mode", self._row.transport_mode)

    @property
    def trade_country(self) -> str:
        return self.of("country", self._row.trade_country)


_WHAT = {
    GoodsState.SAVED: gettext_lazy("到国家单一窗口页面签名申报"),
    GoodsState.RETURNED: gettext_lazy("按海关意见修改后重新发送"),
    GoodsState.NOT_ACCEPTED: gettext_lazy("海关不予受理，改正后重新发送"),
    GoodsState.IMPORT_FAILED: gettext_lazy("导入失败，改正后重新发送"),
    GoodsState.DECLARING_FAILED: gettext_lazy("申报失败，改正后重新发送"),
    GoodsState.FILE_WANTED: gettext_lazy("重传附件后重新发送"),
    GoodsState.BY_HAND: gettext_lazy("到现场手工申报"),
    GoodsState.TAX_DUE: gettext_lazy("缴纳税费，并登记缴款凭证"),
    GoodsState.GUARANTEED: gettext_lazy("已凭担保放行，补齐单证或税款"),
}
_CORRECTED = (GoodsState.RETURNED, GoodsState.NOT_ACCEPTED, GoodsState.IMPORT_FAILED, GoodsState.DECLARING_FAILED,
              GoodsState.FILE_WANTED)  # fmt: skip


def _with_clock(step: NextStep, row: Any, now: datetime) -> NextStep:
    """Say by when what is to be done has to be done, and whether that is over."""
    if step.kind != "yours" or row.due_date is None:
        return step
    is_late = timezone.localdate(now) > row.due_date
    return replace(step, by_at=row.due_date, kind="late" if is_late else step.kind)


def _next_step(row: Any, user: Any) -> NextStep:
    """Say whose turn it is and for what; the official text stands with it."""
    party = Party(row.waits_for)
    if row.step == Step.OUTLINE and row.declared_at and party is not Party.DECLARANT and user.has_role(*TRADER):
        return NextStep("yours", _("概要申报已由海关接受，请在期限内完整申报"), basis=row.official_note,
                        url=reverse("correct-goods", args=[row.pk]), act=_("办理完整申报"))  # fmt: skip
    if party is Party.NOBODY:
        return NextStep("over", STATE_CHIPS[GoodsState(row.state)].word)
    what = _WHAT.get(GoodsState(row.state), _("等待%(party)s") % {"party": PARTY_WORDS[party]})
    if row.state == GoodsState.TAX_DUE and party is Party.CUSTOMS:
        return NextStep("theirs", _("已登记缴税，等待海关"), PARTY_WORDS[party], basis=row.official_note)
    if party is not Party.DECLARANT or not user.has_role(Role.TRADER_CLERK):
        return NextStep("theirs", what, PARTY_WORDS[party], basis=row.official_note)
    if row.state in _CORRECTED:
        url = reverse("correct-goods", args=[row.pk])
        return NextStep("yours", what, basis=row.official_note, url=url, act=_("打开表单修改"))
    if row.state == GoodsState.TAX_DUE:
        url = reverse("record-goods-tax", args=[row.pk])
        return NextStep("yours", what, basis=row.official_note, url=url, act=_("登记缴税"))
    return NextStep("yours", what, basis=row.official_note)


def _compared(row: Any, versions: Sequence[Any], asked: Mapping[str, Any]) -> Compared | None:
    """Compare the two versions that the address asks for, the last two by default; None where there are not two, or
    an original is gone."""
    numbers = [version.number for version in versions]
    pair = pair_of_versions(asked, numbers)
    if pair is None:
        return None
    try:
        two = selectors.statements_of(row, *pair)
    except KeyGone:
        return None
    shown = describe(two.old, two.new, standard=DEC, on_date=timezone.localdate(row.received_at))
    return Compared(tuple(numbers), *pair, shown)


def _what_it_says(message_id: UUID) -> tuple[Declaration | None, list[Problem]]:
    """Give what a version says; once the key of its month is gone nothing, and why."""
    try:
        return selectors.read_version(message_id).declaration, []
    except KeyGone as gone:
        return None, [gone.problem]


def _answered_version(row: Any, answers: Sequence[Any]) -> int | None:
    """Give the version that the last official answer was about, where a later one has come since."""
    about = [answer.version for answer in answers if answer.version]
    return about[-1] if about and about[-1] < row.version else None


@door(roles=SEERS)
def download_file(request: HttpRequest, pk: UUID, version: int, name: str) -> HttpResponse:
    """Give a file of a version as it came, as a download."""
    content = selectors.content_of_file(user=request.user, declaration_id=pk, version=version, name=name)  # type: ignore[arg-type]
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@door(roles=TRADER)
def record_tax_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that tax was paid, or its bill."""
    user: Any = request.user
    row = selectors.get_goods(user=user, pk=pk)
    form = TaxForm(request.POST or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            record_tax(user=user, declaration_id=pk, kind=values["kind"], amount_fen=values["amount"],
                       number=values["number"], at=timezone.now())  # fmt: skip
            messages.success(request, _("已登记。"))
            return redirect("goods-declaration", pk=pk)
        except NotAllowed as refusal:
            problems = [refusal.problem]
    context = {
        "title": _("登记税款"),
        "about": _("报关单 %(number)s") % {"number": row.client_no},
        "consequences": [Consequence(_("登记的是本企业的说明，不代替海关或税务的记录"))],
        "act_label": _("登记"),
        "back_url": reverse("goods-declaration", args=[pk]),
        "form": form,
        "problems": problems,
    }
    return render(request, "screens/confirm.html", context)
