"""Appointments of a key service: the list, one of them with its paper, appointing and ending."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts.access import NotYours, PersonRequest, door
from kouan.accounts.codes import Role
from kouan.accounts.forms import show_mistake
from kouan.accounts.rules import Mistake
from kouan.gateway import registered
from kouan.gateway.key_forms import AppointmentForm, bytes_of, paper_of
from kouan.gateway.models import KeyAppointment
from kouan.gateway.rules import OPENERS
from kouan.gateway.services import appointments
from kouan.gateway.services.appointments import Paper
from kouan.screens.lists import Column, ListPage, MainAct, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness

ENDERS = (Role.FIRM_MANAGER, Role.SYSTEM_ADMIN)

APPOINTMENTS = ListPage(
    key="appointments",
    title=gettext_lazy("代签委托"),
    about=gettext_lazy("企业书面委托密钥服务，为其在页面申报的单证签名"),
    columns=[
        Column("firm", gettext_lazy("委托企业"), sort="firm"),
        Column("state", gettext_lazy("状态"), kind="chip", family="appointment"),
        Column("service", gettext_lazy("受托方"), sort="service"),
        Column("kind", gettext_lazy("签名方式"), "get_kind_display"),
        Column("document", gettext_lazy("书面委托编号"), "document_no"),
        Column("since", gettext_lazy("生效"), kind="when", sort="since"),
        Column("until", gettext_lazy("失效"), kind="when", sort="until"),
        Column("ended", gettext_lazy("终止时间"), "ended_at", kind="when", sort="ended_at"),
    ],
    filters=[TextFilter("q", gettext_lazy("单位、委托编号"), fields=["firm", "service", "document_no"])],
    default_sort="-since",
    row_url=lambda row: reverse("appointment", args=[row.pk]),
    beside=True,
    empty=Emptiness(
        gettext_lazy("没有代签委托"), gettext_lazy("委托密钥服务后，在页面申报的单证自动签名；否则用本企业的卡签名")
    ),
)


@door(roles=OPENERS)
@require_GET
def list_appointments(request: PersonRequest) -> HttpResponseBase:
    """The appointments that one may see."""
    may_appoint = request.user.has_role(Role.FIRM_MANAGER)
    main_act = MainAct(_("委托密钥服务"), reverse("new-appointment")) if may_appoint else None
    rows = registered.list_appointments(request.user, at=timezone.now())
    return APPOINTMENTS.respond(request, rows, main_act=main_act)


@door(roles=OPENERS)
@require_GET
def show_appointment(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One appointment."""
    row = registered.get_appointment(user=request.user, pk=pk, at=timezone.now())
    context = {
        "row": row,
        "certificate_id": registered.find_certificate_of(row),
        "may_end": row.ended_at is None and _may_end(request, row),
        "crumbs": _crumbs(),
        "at": timezone.now(),
    }
    return render(request, "gateway/appointment.html", context)


@door(roles=OPENERS)
@never_cache
@require_GET
def show_paper(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The scanned appointment, as it was uploaded."""
    row = registered.get_appointment(user=request.user, pk=pk, at=timezone.now())
    response = HttpResponse(appointments.paper_of(row), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="appointment-{row.pk.hex[-8:]}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@door(roles=[Role.FIRM_MANAGER])
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: PersonRequest) -> HttpResponse:
    """Appoint a key service."""
    at = timezone.now()
    services = [(str(one.pk), one.name) for one in appointments.list_key_services(at=at)]
    form = AppointmentForm(request.POST or None, request.FILES or None, services=services)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        paper = Paper(given["document_no"], given["document_day"], given["paper"].name, paper_of(given["paper"]))
        try:
            made = appointments.appoint(
                user=request.user,
                service_id=UUID(given["service"]),
                paper=paper,
                key_file=bytes_of(given["file"]),
                password=given["password"],
                since=given["since"],
                last_day=given["last_day"],
                at=at,
            )
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("代签委托已登记"))
            return redirect("appointment", pk=made.pk)
    context = {
        "form": form,
        "is_upload": True,
        "title": _("委托密钥服务"),
        "about": request.user.organisation.name,
        "submit_label": _("确认委托"),
        "back_url": reverse("appointments"),
        "crumbs": _crumbs(),
    }
    return render(request, "gateway/appointment_form.html", context, status=422 if form.errors else 200)


@door(roles=ENDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PersonRequest, pk: UUID) -> HttpResponse:
    """End an appointment at once."""
    row = registered.get_appointment(user=request.user, pk=pk, at=timezone.now())
    if not _may_end(request, row):
        raise NotYours
    if request.method == "POST":
        appointments.revoke_appointment(user=request.user, appointment_id=pk, at=timezone.now())
        messages.success(request, _("代签委托已终止，密钥已销毁"))
        return redirect("appointment", pk=pk)
    context = {
        "title": _("终止代签委托"),
        "about": f"{row.firm} · {row.document_no}",  # type: ignore[attr-defined]
        "consequences": [
            Consequence(_("密钥服务立即不能再为本企业签名，此后的申报须用本企业的卡签名")),
            Consequence(_("已签名的报文不受影响；证书如不再使用，请另行撤销")),
            Consequence(_("保存的密钥随即销毁，不能恢复"), "final"),
        ],
        "act_label": _("终止委托"),
        "is_danger": True,
        "back_url": reverse("appointment", args=[pk]),
    }
    return render(request, "screens/confirm.html", context)


def _may_end(request: PersonRequest, row: KeyAppointment) -> bool:
    is_own = row.organisation_id == request.user.organisation_id and request.user.has_role(Role.FIRM_MANAGER)
    return is_own or request.user.is_system_admin


def _crumbs() -> list[Crumb]:
    return [Crumb(_("代签委托"), reverse("appointments"))]
