"""The desk of a supervision place: inspections and arrivals. Trader and operator share the inspection page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.clearance import selectors
from kouan.clearance.codes import SubjectKind
from kouan.clearance.forms import ArrivalForm, BookForm, DoneForm, PresentForm
from kouan.clearance.services.arrivals import record_arrivals
from kouan.clearance.services.inspecting import book_inspection, present_goods, record_done
from kouan.clearance.states import INSPECTION_NEXT, InspectionAct, InspectionState
from kouan.declarations import selectors as declarations
from kouan.goods import selectors as goods
from kouan.screens.formats import is_english
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, MainAct, Preset, TextFilter
from kouan.screens.pieces import Crumb, Emptiness
from kouan.transport import selectors as transport
from kouan.workflow.services import NotPossibleNow

GROUND = (Role.SITE_CLERK, Role.TRADER_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK)

INSPECTIONS = ListPage(
    key="inspections",
    title=gettext_lazy("查验"),
    about=gettext_lazy("布控的查验、预约和到场情况"),
    columns=[
        Column("case", gettext_lazy("清单"), lambda row: row.number, kind="code"),
        Column("state", gettext_lazy("状态"), kind="chip", family="inspection"),
        Column("agency", gettext_lazy("机关"), lambda row: selectors.agency_name(row.agency)),
        Column("place", gettext_lazy("监管场所"), "place_code", kind="code"),
        Column("ordered", gettext_lazy("布控时间"), "ordered_at", kind="when", sort="pk"),
        Column("booked", gettext_lazy("预约时间"), "booked_for", kind="when"),
        Column("bay", gettext_lazy("查验台"), "bay"),
    ],
    filters=[
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=[
                ("ordered", gettext_lazy("待预约")),
                ("booked", gettext_lazy("已预约")),
                ("presented", gettext_lazy("货已到场")),
                ("done", gettext_lazy("现场完成")),
                ("cancelled", gettext_lazy("已取消")),
            ],
        ),
        DateRangeFilter("booked", gettext_lazy("预约日期"), field="booked_for"),
    ],
    presets=[
        Preset("to_book", gettext_lazy("待预约"), {"state": ["ordered"]}, is_counted=True),
        Preset("to_present", gettext_lazy("待到场"), {"state": ["booked"]}, is_counted=True),
        Preset("on_site", gettext_lazy("现场作业"), {"state": ["presented"]}, is_counted=True),
    ],
    default_sort="-ordered",
    row_url=lambda row: reverse("inspection", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有查验"), gettext_lazy("收到官方查验回执（500）或机关要求查验后显示在这里")),
)


@door(roles=GROUND)
def list_inspections(request: HttpRequest) -> HttpResponse:
    """Show the inspections that the person may see."""
    return INSPECTIONS.respond(request, selectors.list_inspections(request.user))  # type: ignore[arg-type]


@door(roles=GROUND)
def show_inspection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one inspection and do the next thing about it: book, present, record."""
    user: Any = request.user
    inspection = selectors.get_inspection(user=user, pk=pk)
    acts = _acts(inspection, user)
    name = request.POST.get("do", "")
    problems: list[Any] = []
    if request.method == "POST" and name in acts:
        form = acts[name](request.POST)
        if form.is_valid():
            try:
                _do(name, user, pk, form.cleaned_data)
                messages.success(request, _("已登记。"))
                return redirect("inspection", pk=pk)
            except NotAllowed as refusal:
                problems = [refusal.problem]
            except NotPossibleNow:
                messages.warning(request, _("状态已被他人改变，请查看最新情况。"))
                return redirect("inspection", pk=pk)
        acts = {**acts, name: lambda: form}
    context = {
        "inspection": inspection,
        "about": _about(inspection, user),
        "agency": selectors.agency_name(inspection.agency),
        "forms": {act: make() for act, make in acts.items()},
        "problems": problems,
        "crumbs": [Crumb(_("查验"), reverse("inspections"))],
        "at": timezone.now(),
    }
    return render(request, "clearance/inspection.html", context)


@dataclass(frozen=True, slots=True)
class _About:
    """What is inspected, as the page names it."""

    number: str
    url: str
    goods: str
    waybill_no: str
    bill_no: str
    declarant: str
    is_demo: bool


def _about(inspection: Any, user: Any) -> _About:
    if inspection.subject_kind == SubjectKind.GOODS:
        row = goods.get_goods(user=user, pk=inspection.case_id)
        return _About(row.client_no, reverse("goods-declaration", args=[row.pk]), row.goods_summary, "", row.bill_no,
                      row.agent_name, row.is_demo)  # fmt: skip
    case = declarations.get_case(user=user, pk=inspection.case_id)
    return _About(case.internal_no, reverse("case", args=[case.pk]), case.goods_summary, case.waybill_no, case.bill_no,
                  case.declarant_name, case.is_demo)  # fmt: skip


def _acts(inspection: Any, user: Any) -> dict[str, Any]:
    """Give the acts that fit the state and the person's role, each with its form."""
    state = InspectionState(inspection.state)
    found: dict[str, Any] = {}
    may_book = user.has_role(Role.TRADER_CLERK, Role.SITE_CLERK)
    if may_book and (
        (state, InspectionAct.BOOK) in INSPECTION_NEXT or (state, InspectionAct.REBOOK) in INSPECTION_NEXT
    ):
        found["book"] = BookForm
    if user.has_role(Role.SITE_CLERK) and (state, InspectionAct.PRESENT) in INSPECTION_NEXT:
        found["present"] = PresentForm
    if user.has_role(Role.SITE_CLERK, Role.OFFICER) and (state, InspectionAct.RECORD_DONE) in INSPECTION_NEXT:
        found["done"] = DoneForm
    return found


def _do(name: str, user: Any, pk: UUID, values: dict[str, Any]) -> None:
    at = timezone.now()
    if name == "book":
        book_inspection(user=user, inspection_id=pk, at=at, **values)
    elif name == "present":
        present_goods(user=user, inspection_id=pk, at=at, **values)
    else:
        record_done(user=user, inspection_id=pk, at=at, **values)


ARRIVALS = ListPage(
    key="arrivals",
    title=gettext_lazy("到货"),
    about=gettext_lazy("本单位监管场所登记的到货包裹"),
    columns=[
        Column("waybill", gettext_lazy("运单编号"), "waybill_no", kind="code"),
        Column("carrier", gettext_lazy("物流企业代码"), "carrier_code", kind="code"),
        Column("bill", gettext_lazy("提运单号"), "bill_no", kind="code"),
        Column("container", gettext_lazy("箱号"), "container_no", kind="code"),
        Column("place", gettext_lazy("监管场所"), "place_code", kind="code"),
        Column("location", gettext_lazy("库位"), "location"),
        Column("arrived", gettext_lazy("到达时间"), "arrived_at", kind="when", sort="pk"),
        Column("source", gettext_lazy("来源"), lambda row: _source(row.source)),
    ],
    filters=[
        TextFilter("q", gettext_lazy("编号"), fields=["waybill_no", "bill_no", "container_no"]),
        DateRangeFilter("arrived", gettext_lazy("到达日期"), field="arrived_at"),
    ],
    default_sort="-arrived",
    empty=Emptiness(gettext_lazy("还没有到货"), gettext_lazy("由入库明细（711）、场所系统接口或页面登记")),
)


def _source(source: str) -> str:
    return {"api": _("接口"), "desk": _("页面登记"), "711": _("入库明细"), "demo": _("演示")}.get(source, source)


@door(roles=[Role.SITE_CLERK, Role.PORT_OFFICE_CLERK])
def list_arrivals(request: HttpRequest) -> HttpResponse:
    """Show arrivals at the operator's places."""
    may_record = request.user.has_role(Role.SITE_CLERK)  # type: ignore[union-attr]
    act = MainAct(_("登记到货"), reverse("record-arrivals")) if may_record else None
    return ARRIVALS.respond(request, selectors.list_arrivals(request.user), main_act=act)  # type: ignore[arg-type]


@door(roles=[Role.SITE_CLERK])
def record_arrivals_page(request: HttpRequest) -> HttpResponse:
    """Record parcels that arrived."""
    user: Any = request.user
    own = transport.places_of(user.organisation_id)
    places = [(place.code, (is_english() and place.name_en) or place.name_zh) for place in own]
    form = ArrivalForm(request.POST or None, places=places)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        values, at = form.cleaned_data, timezone.now()
        try:
            recorded = record_arrivals(
                actor=user,
                operator_id=user.organisation_id,
                place_code=values["place_code"],
                carrier_code=values["carrier_code"],
                waybill_nos=values["waybill_nos"].split()[:5000],
                bill_no=values["bill_no"],
                container_no=values["container_no"],
                location=values["location"],
                source="desk",
                arrived_at=at,
                at=at,
            )
            messages.success(request, _("新登记 %(count)s 个包裹。") % {"count": recorded})
            return redirect("arrivals")
        except NotAllowed as refusal:
            problems = [refusal.problem]
    context = {
        "form": form,
        "problems": problems,
        "title": _("登记到货"),
        "submit_label": _("登记"),
        "back_url": reverse("arrivals"),
    }
    return render(request, "clearance/arrivals_form.html", context)
