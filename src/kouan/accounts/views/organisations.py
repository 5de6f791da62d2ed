"""Organisations: list, detail, and what the system administrator does with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts import selectors, services
from kouan.accounts.access import PersonRequest, door
from kouan.accounts.codes import AgencyCode, OrganisationKind, Role
from kouan.accounts.forms import AliasForm, OrganisationForm, RenameForm, UnitForm, show_mistake
from kouan.accounts.rules import Mistake
from kouan.screens.lists import (
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    MainAct,
    Preset,
    TextFilter,
)
from kouan.screens.pieces import Crumb, Emptiness

OVERSEERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.PORT_OFFICE_CLERK)
"""Who looks through the register of organisations and people."""


def _former_name(row: Any) -> str:
    return _("曾用名 %(name)s") % {"name": row.former_name} if row.former_name else ""


ORGANISATIONS = ListPage(
    key="organisations",
    title=gettext_lazy("单位管理"),
    about=gettext_lazy("口岸各方单位及其代码、曾用名和人员"),
    columns=[
        Column(
            "name",
            gettext_lazy("单位名称"),
            sort="name_zh",
            note=lambda row: row.former_name and _("曾用名 %(name)s") % {"name": row.former_name},
        ),
        Column("kinds", gettext_lazy("类型"), lambda row: "、".join(row.kind_labels)),
        Column("uscc", gettext_lazy("统一社会信用代码"), kind="code", sort="uscc"),
        Column("customs_code", gettext_lazy("海关注册编码"), kind="code", sort="customs_code"),
        Column("dxp_id", gettext_lazy("报文传输编号"), kind="code", shown=False),
        Column("people", gettext_lazy("人员"), "people_count", kind="count", sort="people_count"),
        Column("since", gettext_lazy("启用日期"), kind="date", sort="since"),
        Column("state", gettext_lazy("状态"), kind="chip", family="organisation"),
    ],
    filters=[
        TextFilter(
            "q",
            gettext_lazy("名称或代码"),
            find=selectors.find_organisations,
            placeholder=gettext_lazy("名称、曾用名、代码"),
        ),
        ChoiceFilter(
            "kind", gettext_lazy("类型"), choices=OrganisationKind.choices, find=selectors.organisations_of_kinds
        ),
        ChoiceFilter("agency", gettext_lazy("机关"), choices=AgencyCode.choices, field="agency_code"),
        DateRangeFilter("since", gettext_lazy("启用日期"), field="since"),
    ],
    presets=[
        Preset("agencies", gettext_lazy("机关"), {"kind": ["agency", "port_office"]}),
        Preset("traders", gettext_lazy("企业"), {"kind": ["platform", "ecommerce", "payment", "logistics", "agent"]}),
        Preset("sites", gettext_lazy("监管场所"), {"kind": ["site_operator"]}),
    ],
    default_sort="name",
    row_url=lambda row: reverse("organisation", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有单位"), gettext_lazy("可调整筛选条件，或由系统管理员新增"), icon="building"),
)


@door(roles=OVERSEERS)
@require_GET
def list_organisations(request: PersonRequest) -> HttpResponseBase:
    """The register of organisations."""
    main_act = None
    if request.user.is_system_admin:
        main_act = MainAct(_("新增单位"), reverse("new-organisation"))
    return ORGANISATIONS.respond(request, selectors.list_organisations(user=request.user), main_act=main_act)


@door()
@require_GET
def show_organisation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One organisation: codes, names over time, departments, people, delegations."""
    organisation = selectors.get_organisation_for(user=request.user, pk=pk)
    context = {
        "organisation": organisation,
        "names": selectors.list_names(organisation=organisation),
        "units": selectors.list_units(organisation=organisation),
        "people": selectors.list_people(user=request.user, of=organisation.id).order_by("name", "id"),
        "delegations": selectors.list_delegations(user=request.user, of=organisation.id),
        "may_edit": request.user.is_system_admin,
        "may_see_people": request.user.has_role(*OVERSEERS),
        "crumbs": [Crumb(_("单位管理"), reverse("organisations"))] if request.user.has_role(*OVERSEERS) else [],
        "at": timezone.now(),
    }
    return render(request, "accounts/organisation.html", context)


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def add_organisation(request: PersonRequest) -> HttpResponse:
    """Enter an organisation."""
    form = OrganisationForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_organisation(actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("已新增单位：%(name)s") % {"name": made.name})
            return redirect("organisation", pk=made.pk)
    return _show_form(request, "accounts/organisation_form.html", form, _("新增单位"), reverse("organisations"))


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def edit_organisation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change an organisation's kinds, codes and days."""
    organisation = selectors.get_organisation_for(user=request.user, pk=pk)
    initial = {name: getattr(organisation, name) for name in OrganisationForm.base_fields}
    form = OrganisationForm(request.POST or None, initial=initial)
    return _carry_out(
        request,
        form,
        organisation,
        "accounts/organisation_form.html",
        _("修改单位信息"),
        lambda given: services.update_organisation(
            actor=request.user, at=timezone.now(), organisation_id=organisation.id, **given
        ),
    )


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def rename_organisation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Give an organisation a new name from a day on."""
    organisation = selectors.get_organisation_for(user=request.user, pk=pk)
    form = RenameForm(request.POST or None, initial={"on": timezone.localdate()})
    return _carry_out(
        request,
        form,
        organisation,
        "accounts/plain_form.html",
        _("更名"),
        lambda given: services.rename_organisation(
            actor=request.user, at=timezone.now(), organisation_id=organisation.id, **given
        ),
        about=_("现名称将作为曾用名保留，按日期仍可查到"),
    )


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def add_alias(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Enter another name of an organisation."""
    organisation = selectors.get_organisation_for(user=request.user, pk=pk)
    return _carry_out(
        request,
        AliasForm(request.POST or None),
        organisation,
        "accounts/plain_form.html",
        _("新增别名"),
        lambda given: services.add_alias(
            actor=request.user, at=timezone.now(), organisation_id=organisation.id, **given
        ),
        about=_("文件中的简称、加挂的牌子和曾用名，用于识别责任单位"),
    )


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def add_unit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Enter a department of an organisation."""
    organisation = selectors.get_organisation_for(user=request.user, pk=pk)
    form = UnitForm(request.POST or None, units=selectors.list_units(organisation=organisation))

    def enter(given: dict[str, Any]) -> Any:
        return services.add_unit(
            actor=request.user,
            at=timezone.now(),
            organisation_id=organisation.id,
            name_zh=given["name_zh"],
            name_en=given["name_en"],
            parent_id=UUID(given["parent"]) if given["parent"] else None,
        )

    return _carry_out(request, form, organisation, "accounts/plain_form.html", _("新增部门"), enter)


def _carry_out(
    request: PersonRequest, form: Any, organisation: Any, template: str, title: str, act: Any, about: str = ""
) -> HttpResponse:
    """Show a form about an organisation, or carry out what was entered and go back to the organisation."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("已保存"))
            return redirect("organisation", pk=organisation.pk)
    back_url = reverse("organisation", args=[organisation.pk])
    return _show_form(request, template, form, title, back_url, organisation, about)


def _show_form(
    request: PersonRequest,
    template: str,
    form: Any,
    title: str,
    back_url: str,
    organisation: Any = None,
    about: str = "",
) -> HttpResponse:
    crumbs = [Crumb(_("单位管理"), reverse("organisations"))]
    if organisation is not None:
        crumbs.append(Crumb(organisation.name, back_url))
    context = {
        "form": form,
        "title": title,
        "about": about,
        "submit_label": _("保存"),
        "back_url": back_url,
        "crumbs": crumbs,
    }
    return render(request, template, context, status=422 if form.errors else 200)
