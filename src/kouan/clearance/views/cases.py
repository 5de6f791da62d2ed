"""The list of parcel declarations, and one of them with everything that happened to it: the same pages for all who may
see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kouan.accounts import selectors as accounts
from kouan.accounts.access import door
from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.clearance.amended import compared_versions
from kouan.clearance.authority import PARCEL_AUTHORITIES
from kouan.clearance.looks import CASE_CHIPS, PARTY_WORDS, event_words, official_chip
from kouan.clearance.states import CaseState, InspectionState, Party, ReviewState
from kouan.clearance.timeline import Timeline, timeline_of, wait_words
from kouan.clearance.topics import KIND
from kouan.declarations import selectors as declarations
from kouan.declarations.codes import FOLLOWING, Direction, Kind, Procedure
from kouan.declarations.months import standing_of
from kouan.declarations.movements import KINDS
from kouan.declarations.services.applying import may_apply
from kouan.declarations.services.drafting import sender_of
from kouan.declarations.states import CLOSED, RELEASING, ComingBack
from kouan.gateway import selectors as gateway
from kouan.notices import selectors as notices
from kouan.notices.live import live_origin, mark_of
from kouan.notices.services import choosing
from kouan.reference import selectors as reference
from kouan.reference.codes import Generation
from kouan.safekeeping.services.unmasking import NEED_IT, note_search
from kouan.screens import private
from kouan.screens.charts import to_bar
from kouan.screens.formats import is_english
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, Preset, TextFilter, YesNoFilter
from kouan.screens.lists.filters import LONGEST_TEXT
from kouan.screens.pieces import Agency, Crumb, Emptiness, NextStep
from kouan.transport import selectors as transport
from kouan.workflow import selectors as workflow

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.declarations.models import Case

SEERS = (Role.TRADER_CLERK, Role.SITE_CLERK, Role.GATE_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK)

CASES = ListPage(
    key="cases",
    title=gettext_lazy("进出口清单"),
    about=gettext_lazy("您可以查看的全部进口和出口清单，按收到时间排列"),
    columns=[
        Column("internal_no", gettext_lazy("企业内部编号"), kind="code", note="list_no"),
        Column("direction", gettext_lazy("进出口"), lambda case: case.get_direction_display()),
        Column("state", gettext_lazy("状态"), kind="chip", family="case"),
        Column("waits_for", gettext_lazy("等待谁"), wait_words),
        Column("since", gettext_lazy("状态起始"), "state_since", kind="when"),
        Column("declarant", gettext_lazy("申报企业"), "declarant_name"),
        Column("goods", gettext_lazy("商品"), "goods_summary"),
        Column("value", gettext_lazy("总价"), "total_value", kind="money"),
        Column("currency", gettext_lazy("币制"), kind="code"),
        Column("trade_mode", gettext_lazy("监管方式"), kind="code"),
        Column("customs", gettext_lazy("申报海关"), "customs_code", kind="code"),
        Column("waybill", gettext_lazy("运单编号"), "waybill_no", kind="code"),
        Column("received", gettext_lazy("收到时间"), "received_at", kind="when", sort="pk"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("编号"), find=declarations.with_number, placeholder=gettext_lazy("编号或其开头")),
        ChoiceFilter("direction", gettext_lazy("进出口"), choices=list(Direction.choices)),
        ChoiceFilter("state", gettext_lazy("状态"), choices=[(str(s), chip.word) for s, chip in CASE_CHIPS.items()]),
        ChoiceFilter(
            "waits", gettext_lazy("等待谁"), choices=[(str(p), w) for p, w in PARTY_WORDS.items()], field="waits_for"
        ),
        ChoiceFilter(
            "mode",
            gettext_lazy("监管方式"),
            choices=[
                ("9610", gettext_lazy("跨境直购与零售出口")),
                ("1210", gettext_lazy("保税与特殊区域")),
                ("9710", gettext_lazy("企业对企业直接出口")),
                ("9810", gettext_lazy("出口海外仓")),
            ],
            field="trade_mode",
        ),
        YesNoFilter(
            "left", gettext_lazy("已离场"), find=lambda rows, chosen: rows.filter(left_at__isnull=chosen != ["yes"])
        ),
        DateRangeFilter("received", gettext_lazy("收到日期"), find=declarations.received_between),
    ],
    presets=[
        Preset("returned", gettext_lazy("退单与不一致"), {"state": ["returned_for_correction", "mismatched"]}),
        Preset("inspect", gettext_lazy("查验中"), {"state": ["under_inspection"]}),
        Preset("open", gettext_lazy("待答复"), {"state": ["awaiting_answer"]}),
        Preset("released", gettext_lazy("已放行"), {"state": ["released", "closed"]}),
    ],
    default_sort="-received",
    exact_to=1_000,
    row_url=lambda case: reverse("case", args=[case.pk]),
    beside=True,
    empty=Emptiness(
        gettext_lazy("还没有清单"),
        gettext_lazy(
            "清单由接口、文件夹、页面录入或表格报送后显示在这里，供清单载明的企业、场所和机关查看；"
            "清单不载支付企业，支付凭证和回执见报送的报文、收到的回执"
        ),
    ),
)


@door(roles=SEERS)
def list_cases(request: HttpRequest) -> HttpResponse:
    """Show the declarations that the person may see; a search by a person's number is put on record."""
    words = private.words_of(request.GET, "q", longest=LONGEST_TEXT)
    if words.is_sealed:
        note_search(user=request.user, text=words.text, at=timezone.now())  # type: ignore[arg-type]
    return CASES.respond(request, declarations.list_cases(request.user))  # type: ignore[arg-type]


@door(roles=SEERS)
def show_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one declaration: facts, whose turn it is, timeline, agencies, goods, documents, messages, log."""
    user: Any = request.user
    now = timezone.now()
    live_url = _live_url(request, pk)  # before anything is read: what changes meanwhile is told at once
    case = declarations.get_case(user=user, pk=pk)
    timeline = timeline_of(case, now=now)
    versions = timeline.versions
    names = CustomsNames(case.received_at.date())
    companions = declarations.companions_of(case, timeline.documents)
    documents = [one for one in (companions.order, companions.payment, companions.waybill) if one]
    context = {
        "case": case,
        "at": now,
        "crumbs": [Crumb(_("进出口清单"), reverse("cases"))],
        "next_step": _next_step(case, user),
        "timeline": timeline,
        "bar": to_bar(_("时间"), timeline.parts) if timeline.parts else None,
        "agencies": _agencies(case, user, timeline.reviews),
        "own_agency": selectors.agency_name(user.agency_code) if user.agency_code else "",
        "goods": [
            (line, names.of("country", line.country), names.of("unit", line.unit))
            for line in declarations.goods_of(case)
        ],
        "is_export": case.direction == Direction.EXPORT,
        "currency": names.of("currency", case.currency) or case.currency,
        "mode": names.of("trade_mode", case.trade_mode),
        "customs": names.of("customs_district", case.customs_code),
        "place": transport.place_name(case.place_code),
        "companions": companions,
        "delegation": accounts.delegation_behind(companions.listed.delegation_id),
        "versions": versions,
        "compared": compared_versions(case, [version.number for version in versions], request.GET),
        "answers": [(one, one.said, official_chip(one.said.status)) for one in reversed(timeline.answers)],
        "traffic": gateway.traffic_of({*(v.message_id for v in versions), *(d.message_id for d in documents)}),
        "tax_bills": declarations.tax_bills_of(case),
        "inspections": timeline.inspections,
        "tickets": selectors.tickets_of(user, case.pk),
        "events": [(event, event_words(event)) for event in workflow.list_events(subject_id=case.pk)],
        "official": official_chip(case.official_status) if case.official_status else None,
        "elapsed": ((case.gone_at or now) - case.received_at).total_seconds(),
        "may_coordinate": user.sees_all_cases,
        "may_copy": user.has_role(Role.TRADER_CLERK),
        "export": _export_of(case, timeline, user) if case.direction == Direction.EXPORT else None,
        "live_url": live_url,
        "may_see_persons": user.has_role(*NEED_IT),
        "is_followed": notices.is_following(user, case.pk),
    }
    response = render(request, "clearance/case.html", context)
    if context["live_url"]:
        response._csp_update = {"connect-src": [live_origin(request)]}  # type: ignore[attr-defined]
    return response


def _export_of(case: Case, timeline: Timeline, user: User) -> dict[str, Any]:
    """Give what only an export has: what followed its list, how it is summed up, and what may be applied for."""
    is_released = case.official_status in RELEASING
    may_move = is_released and not case.is_withdrawn and not case.departed_at
    may = may_apply(user, case) and bool(case.list_no) and not case.is_withdrawn
    return {
        "followed": [
            (one, one.get_kind_display(), official_chip(one.official_status) if one.official_status else None)
            for one in timeline.documents
            if one.kind in FOLLOWING and not one.is_deleted
        ],
        "movements": KINDS,
        "moves": _moves(case, user) if may_move else [],
        "moved_with": urlencode(
            {
                "parcels": case.waybill_no,
                "carrier_code": case.carrier_code,
                "customs_code": case.customs_code,
                "bill_no": case.bill_no,
            }
        ),
        "standing": standing_of(declarations.to_export_case(case)),
        "summary": declarations.summary_of(case),
        "entries": declarations.entries_with(case),
        "may_cancel": may and not case.departed_at,
        "may_return": may and is_released and bool(case.departed_at) and case.state != CaseState.RETURNING,
    }


def _moves(case: Case, user: User) -> list[tuple[str, Any]]:
    """Give the transport documents that this person's firm may declare for a parcel: by declarant, by carrier."""
    if not user.has_role(Role.TRADER_CLERK):
        return []
    own = sender_of(user).code
    found = [("master-bill", Kind.MASTER_BILL.label)] if own == case.declarant_code else []
    return [*found, ("departure", Kind.DEPARTURE.label)] if own == case.carrier_code else found


def _live_url(request: HttpRequest, pk: UUID) -> str:
    """Give the address of the case's live line, with the mark of what the page shows; empty where none is served."""
    origin = live_origin(request)
    return f"{origin}/live/{KIND}/{pk}?mark={mark_of(KIND, pk)}" if origin else ""


@require_POST
@door(roles=SEERS)
def follow_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Follow a declaration, and be told everything about it, or follow it no longer."""
    user: Any = request.user
    case = declarations.get_case(user=user, pk=pk)
    if request.POST.get("follow") == "0":
        choosing.unfollow(user=user, subject_id=case.pk)
        messages.success(request, _("已取消关注。"))
    else:
        choosing.follow(user=user, subject_id=case.pk, at=timezone.now())
        messages.success(request, _("已关注，本办件的变化会通知您。"))
    return redirect("case", pk=pk)


class CustomsNames:
    """What customs' three-digit codes mean on a day, in the language of the page."""

    def __init__(self, on_date: date) -> None:
        self._codes = reference.load_codes(on_date)
        self._language = get_language() or "zh"

    def of(self, table: str, code: str) -> str:
        """Give the name of a code, empty where the table at hand does not know it."""
        return self._codes.name(table, code, self._language, generation=Generation.CUSTOMS) or ""


def _next_step(case: Any, user: Any) -> NextStep:
    """Say what has to happen next, and whose turn it is."""
    if case.state == CaseState.WITHDRAWN:
        return NextStep("over", _("申报已撤回"))
    if case.state == CaseState.GOODS_RETURNED:
        return NextStep("over", _("海关已放行退货，货物已退回"))
    if case.gone_at and case.state != CaseState.RETURNING:
        return NextStep("over", _departed(case) if case.direction == Direction.EXPORT else _("货物已离场"))
    whose = wait_words(case)
    words = {
        CaseState.AWAITING_DOCUMENTS: _("补齐随附单证后自动对碰"),
        CaseState.MISMATCHED: _("四单不一致，请按问题变更单证"),
        CaseState.RETURNED_FOR_CORRECTION: _("海关退单，请按回执信息修改后重新申报"),
        CaseState.UNDER_INSPECTION: _("查验：预约并将货物送至查验台"),
        CaseState.HELD: _("等待解除挂起"),
        CaseState.DETAINED: _("货物被扣留，等待海关处理"),
        CaseState.REFUSED: _("办理退运"),
        CaseState.AWAITING_FORWARDING: _("等待转发国家标准版"),
        CaseState.RELEASED: _("已放行，可办理离场"),
        CaseState.RELEASED_WITH_CONDITIONS: _("附条件放行，可办理离场"),
        CaseState.CLOSED: _("已结关，可办理离场"),
        CaseState.RETURNING: _RETURNING.get(case.return_state, ""),
    }
    if case.direction == Direction.EXPORT:
        words |= {
            CaseState.RELEASED: _("已放行，可运往口岸离境"),
            CaseState.RELEASED_WITH_CONDITIONS: _("附条件放行，可运往口岸离境"),
            CaseState.CLOSED: _("已结关，等待离境单审结"),
        }
    what, since = words.get(case.state, _("官方状态未知，请向海关核实")), case.state_since
    if case.state == CaseState.AWAITING_ANSWER:
        what, since = _awaited(case)
    elif case.official_status.startswith("-"):
        what = _("国家标准版未受理，请按回执信息修改后重新申报")
    yours = (case.waits_for == Party.DECLARANT and user.has_role(Role.TRADER_CLERK)) or (
        case.waits_for == Party.OPERATOR and user.has_role(Role.SITE_CLERK, Role.GATE_CLERK)
    )
    return NextStep("yours" if yours else "theirs", what, whose=whose, since=since)


_RETURNING = {
    ComingBack.APPLIED: gettext_lazy("退货申请已报送，等待海关受理"),
    ComingBack.ENTERED: gettext_lazy("退货申请已受理：货物运抵监管场所后，由场所报送理货明细"),
    ComingBack.ARRIVED: gettext_lazy("退运货物已到场理货，等待海关放行"),
    ComingBack.STOPPED: gettext_lazy("海关对退货查验、移交或挂起，等待处理"),
}
"""What comes next for goods that come back."""


def _departed(case: Case) -> str:
    """Say how far an export is that has left the country."""
    if case.procedure != Procedure.SUMMARY:
        return _("货物已离境")
    if case.summary_id:
        return _("货物已离境，清单已列入汇总申请")
    return _("货物已离境，可汇总申报") if case.official_status == CLOSED else _("货物已离境，等待海关结关")


def _awaited(case: Any) -> tuple[str, datetime]:
    """Say what answer is awaited and since when: since the last one, or since the message reached the other side."""
    way = gateway.way_of(case.message_id)
    if case.waits_for not in (Party.NATIONAL, Party.CUSTOMS) or way is None:
        return _("等待答复"), case.state_since
    if way.delivered_at is None:
        if way.failing_since:
            return _("报文已存妥；国家标准版通道不应答，恢复后按次序自动补发"), way.decided_at
        return _("正在转发国家标准版"), way.decided_at
    since = max(way.delivered_at, case.official_at) if case.official_at else way.delivered_at
    if way.failing_since:
        return _("等待官方答复；国家标准版通道不应答，恢复后自动继续"), since
    return _("等待官方答复"), since


def _agencies(case: Any, user: Any, reviews: Sequence[Any]) -> list[Agency]:
    """Lay the agencies side by side; it is always told whether an answer is relayed or recorded here."""
    found = []
    spoken = selectors.last_opinions({case.pk: case.version}).get(case.pk, []) if case.version > 1 else []
    earlier = {review.agency: review for review in spoken}
    for review in selectors.standing_reviews(reviews, case.version):
        authority = PARCEL_AUTHORITIES.get(review.agency)
        if review.way == "relayed":
            state: Any = official_chip(case.official_status) if case.official_status else "pending"
            lines = [_("官方系统回执，本平台只转达")]
            moment = case.official_at
        else:
            state, moment = review.state, review.state_since
            lines = [_("在本平台登记"), *_opinion(review, earlier.get(review.agency), case)]
        if authority:
            lines.append(authority.act_en if is_english() else authority.act_zh)
        found.append(
            Agency(
                selectors.agency_name(review.agency),
                state,
                tuple(lines),
                at=moment,
                family="review",
                is_mine=user.agency_code == review.agency,
                url=reverse("review", args=[review.pk])
                if user.agency_code == review.agency and review.way == "recorded"
                else "",
            )
        )
    return found


def _opinion(review: Any, earlier: Any, case: Any) -> list[str]:
    """Give the opinion that stands behind a review, and say so where it was written on an earlier version."""
    is_silent = review.state in (ReviewState.PENDING, ReviewState.TO_CONFIRM)
    spoken = earlier if is_silent and earlier else review
    written_on = spoken.opinion_version or spoken.version
    lines = [spoken.opinion] if spoken.opinion else []
    if written_on < case.version and spoken.state != ReviewState.PENDING:
        words = {"old": written_on, "now": case.version}
        if spoken is review and review.version == case.version:
            lines.append(_("本意见针对第 %(old)s 版，已确认对第 %(now)s 版仍然有效") % words)
        else:
            lines.append(_("本意见针对第 %(old)s 版，现为第 %(now)s 版") % words)
    return lines


def open_inspection(inspections: list[Any]) -> Any:
    """Give the inspection that is still going on, if any."""
    return next(
        (one for one in inspections if one.state not in (InspectionState.DONE, InspectionState.CANCELLED)), None
    )
