"""Master bills, arrivals and departures of exports: their list, one of them with its parcels, and its form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.accounts.access import NotAllowed, door
from kouan.accounts.codes import Role
from kouan.declarations import selectors
from kouan.declarations.codes import DraftState, Kind
from kouan.declarations.forms import MovementForm
from kouan.declarations.models import Document
from kouan.declarations.movements import KINDS, parcels_of
from kouan.declarations.services.moving import WHO, declare_movement
from kouan.declarations.states import moment_of, rank_of
from kouan.gateway.standards.ceb.statuses import status_of
from kouan.kernel.dates import parse_time
from kouan.reference import selectors as reference
from kouan.screens.formats import is_english
from kouan.screens.lists import ChoiceFilter, Column, ListPage, TextFilter
from kouan.screens.pieces import Chip, Crumb, Emptiness, Tone

SEERS = (Role.TRADER_CLERK, Role.SITE_CLERK, Role.PORT_OFFICE_CLERK)
SLUGS = {"master-bill": Kind.MASTER_BILL, "arrival": Kind.ARRIVAL, "departure": Kind.DEPARTURE}
_ENTERED = 2
ABOUT = {
    Kind.MASTER_BILL: gettext_lazy("申报企业：一份总运单下有哪些出口包裹（CEB607）"),
    Kind.ARRIVAL: gettext_lazy("监管场所：哪些出口包裹已经运抵（CEB507）"),
    Kind.DEPARTURE: gettext_lazy("物流企业：哪些出口包裹已经离境；海关审结后清单结关（CEB509）"),
}


def standing_of(document: Document) -> Chip:
    """Give the chip of the latest official answer to a document."""
    if document.is_deleted:
        return Chip(_("已撤回"), Tone.IDLE)
    return chip_of(document.official_status) if document.official_status else Chip(_("待答复"), Tone.WAITING)


def chip_of(status: str) -> Chip:
    """Give the chip of an official return status."""
    meaning = status_of(status)
    word = f"{status} {meaning.en if is_english() else meaning.zh}"
    if status.startswith("-") or status in ("4", "100"):
        return Chip(word, Tone.REFUSED)
    if meaning.issuer == "unknown":
        return Chip(word, Tone.UNKNOWN)
    return Chip(word, Tone.DONE if rank_of(status) >= _ENTERED else Tone.RUNNING)


MOVEMENTS = ListPage(
    key="movements",
    title=gettext_lazy("总分单与离境单"),
    about=gettext_lazy("出口清单的总分单、运抵单和离境单，及各自的官方答复"),
    columns=[
        Column("number", gettext_lazy("企业唯一编号"), kind="code"),
        Column("kind", gettext_lazy("单证"), lambda row: row.get_kind_display()),
        Column("standing", gettext_lazy("官方答复"), standing_of, kind="chip"),
        Column("parcels", gettext_lazy("所列包裹"), "parcel_count", kind="count", unit=gettext_lazy("件")),
        Column("owner", gettext_lazy("报送企业代码"), "owner_code", kind="code"),
        Column("app_time", gettext_lazy("报送时间"), lambda row: parse_time(row.app_time), kind="when",
               sort="id"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("企业唯一编号"), fields=["number__istartswith"]),
        ChoiceFilter("kind", gettext_lazy("单证"), choices=[(kind, kind.label) for kind in KINDS]),
    ],
    default_sort="-app_time",
    exact_to=1_000,
    row_url=lambda row: reverse("movement", args=[row.pk]),
    beside=True,
    template="declarations/movements.html",
    empty=Emptiness(
        gettext_lazy("还没有总分单、运抵单或离境单"),
        gettext_lazy("申报企业、监管场所和物流企业在本页或经接口、文件夹报送后显示在这里"),
        icon="route",
    ),
)  # fmt: skip


@door(roles=SEERS)
def list_movements(request: HttpRequest) -> HttpResponseBase:
    """Show the master bills, arrivals and departures that the person may see."""
    user: Any = request.user
    extra = {"kinds": [(slug, kind.label) for slug, kind in SLUGS.items() if user.has_role(WHO[kind])]}
    return MOVEMENTS.respond(request, selectors.list_movements(user), extra=extra)


@door(roles=SEERS)
def show_movement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one document: what it says of the transport, the parcels it names with their lists, and the answers."""
    user: Any = request.user
    document = selectors.get_movement(user=user, pk=pk)
    version = selectors.current_version_of(document)
    parcels = selectors.parcels_named(user, version)
    codes = reference.load_codes(timezone.localdate(version.received_at))
    context = {
        "document": document,
        "version": version,
        "standing": standing_of(document),
        "parcels": parcels,
        "names": {
            "customs": codes.name("customs_district", version.customs_code) or "",
            "transport_mode": codes.name("transport_mode", version.transport_mode) or "",
        },
        "answers": [
            (moment_of(one.said.return_time, one.said.received_at), chip_of(one.said.status), one.said.info)
            for one in selectors.answers_to([document])
        ],
        "crumbs": [Crumb(_("总分单与离境单"), reverse("movements"))],
        "at": timezone.now(),
    }
    return render(request, "declarations/movement.html", context)


@door(roles=[Role.TRADER_CLERK, Role.SITE_CLERK])
def declare(request: HttpRequest, kind: str) -> HttpResponse:
    """Declare a master bill, an arrival or a departure."""
    user: Any = request.user
    wanted = SLUGS.get(kind)
    if wanted is None or not user.has_role(WHO[wanted]):
        raise Http404
    at = timezone.now()
    codes = reference.load_codes(timezone.localdate(at))
    typed = request.POST if request.method == "POST" else None
    initial = {"left_at": timezone.localtime(at), **{name: request.GET[name][:80] for name in request.GET}}
    form = MovementForm(typed, kind=wanted, codes=codes, initial=None if typed else initial)
    problems = []
    if typed and form.is_valid():
        values = dict(form.cleaned_data)
        parcels = parcels_of(values.pop("parcels"))
        try:
            draft = declare_movement(user=user, kind=wanted, values=values, parcels=parcels, at=at)
        except NotAllowed as refusal:
            problems = [refusal.problem]
        else:
            if draft.state == DraftState.AWAITING_SIGNATURE:
                messages.info(request, _("本企业没有委托代签，请用申报人的卡签名后传回。"))
                return redirect("draft", pk=draft.pk)
            messages.success(request, _("已签名并收妥，正在送国家标准版。"))
            return redirect("movements")
    context = {
        "title": wanted.label,
        "about": ABOUT[wanted],
        "form": form,
        "problems": problems,
        "back_url": reverse("movements"),
        "submit_label": _("签名报送"),
        "crumbs": [Crumb(_("总分单与离境单"), reverse("movements"))],
    }
    return render(request, "declarations/movement_form.html", context, status=422 if problems or form.errors else 200)
