"""Certificates: the list, one of them with all that stands in it, registering one and revoking it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts.access import NotYours, PersonRequest, door
from kouan.accounts.forms import show_mistake
from kouan.accounts.rules import Mistake
from kouan.gateway import registered
from kouan.gateway.key_forms import CertificateForm, RevokeForm, bytes_of
from kouan.gateway.rules import OPENERS
from kouan.gateway.services.certificates import HOLDERS, register_uploaded, revoke_certificate
from kouan.screens.lists import Column, ListPage, MainAct, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness


def _look(row):
    return registered.look_into(row, timezone.now())


CERTIFICATES = ListPage(
    key="certificates",
    title=gettext_lazy("签名证书"),
    about=gettext_lazy("用这些证书签名的报文，验签时予以承认"),
    columns=[
        Column("subject", gettext_lazy("持有人"), sort="subject", note="owner"),
        Column("state", gettext_lazy("状态"), lambda row: _look(row).state, kind="chip", family="certificate"),
        Column("algorithm", gettext_lazy("算法"), lambda row: _look(row).algorithm),
        Column("serial", gettext_lazy("证书序列号"), kind="code", sort="serial"),
        Column("since", gettext_lazy("登记时间"), kind="when", sort="since"),
        Column("expires", gettext_lazy("有效期至"), lambda row: _look(row).found.until, kind="date"),
        Column("until", gettext_lazy("撤销自"), kind="when", sort="until"),
    ],
    filters=[TextFilter("q", gettext_lazy("持有人、序列号"), fields=["subject", "serial"])],
    default_sort="-since",
    row_url=lambda row: reverse("certificate", args=[row.pk]),
    beside=True,
    empty=Emptiness(
        gettext_lazy("没有签名证书"), gettext_lazy("登记签名证书后，用它签名的报文才能通过“必须验签”的连接")
    ),
)


@door(roles=OPENERS)
@require_GET
def list_certificates(request: PersonRequest) -> HttpResponseBase:
    """The certificates that one may see."""
    may_register = request.user.has_role(*HOLDERS)
    main_act = MainAct(_("登记证书"), reverse("new-certificate")) if may_register else None
    return CERTIFICATES.respond(request, registered.list_certificates(request.user), main_act=main_act)


@door(roles=OPENERS)
@require_GET
def show_certificate(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One certificate."""
    one = registered.get_certificate(user=request.user, pk=pk, at=timezone.now())
    is_own = one.row.organisation_id == request.user.organisation_id and request.user.has_role(*HOLDERS)
    context = {
        "one": one,
        "owner": registered.list_certificates(request.user).get(pk=pk).owner,  # type: ignore[attr-defined]
        "may_revoke": is_own and one.state in ("in_force", "to_come", "ending"),
        "crumbs": _crumbs(),
        "at": timezone.now(),
    }
    return render(request, "gateway/certificate.html", context)


@door(roles=HOLDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: PersonRequest) -> HttpResponse:
    """Register a certificate of one's organisation."""
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = register_uploaded(user=request.user, content=bytes_of(form.cleaned_data["file"]), at=timezone.now())
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("证书已登记，请核对下列内容"))
            return redirect("certificate", pk=made.pk)
    context = {
        "form": form,
        "is_upload": True,
        "title": _("登记签名证书"),
        "about": request.user.organisation.name,
        "submit_label": _("登记证书"),
        "back_url": reverse("certificates"),
        "crumbs": _crumbs(),
    }
    return render(request, "gateway/certificate_form.html", context, status=422 if form.errors else 200)


@door(roles=HOLDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Revoke a certificate from a day on."""
    one = registered.get_certificate(user=request.user, pk=pk, at=timezone.now())
    if one.row.organisation_id != request.user.organisation_id:
        raise NotYours
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_certificate(user=request.user, certificate_id=pk, at=timezone.now(), **form.cleaned_data)
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("证书撤销已登记"))
            return redirect("certificate", pk=pk)
    context = {
        "form": form,
        "title": _("撤销证书"),
        "about": one.found.subject,
        "consequences": [
            Consequence(_("自该日起，用此证书签名的报文验签不通过")),
            Consequence(_("此前已验签的报文不受影响")),
            Consequence(_("撤销不能收回，须另行登记新证书"), "final"),
        ],
        "act_label": _("撤销证书"),
        "is_danger": True,
        "back_url": reverse("certificate", args=[pk]),
    }
    return render(request, "screens/confirm.html", context, status=422 if form.errors else 200)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("签名证书"), reverse("certificates"))]
