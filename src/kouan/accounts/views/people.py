"""People: list, detail, and what the administrators do with them."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kouan.accounts import selectors, services
from kouan.accounts.access import PersonRequest, door
from kouan.accounts.codes import OrganisationKind, PersonState, Role
from kouan.accounts.forms import PersonForm, RolesForm, show_mistake
from kouan.accounts.oidc.provider import the_provider
from kouan.accounts.rules import Mistake
from kouan.accounts.views.organisations import OVERSEERS
from kouan.screens.lists import ChoiceFilter, Column, ListPage, Preset, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness

PEOPLE = ListPage(
    key="people",
    title=gettext_lazy("人员管理"),
    about=gettext_lazy("可登录本系统的人员、所在单位和角色"),
    columns=[
        Column("name", gettext_lazy("姓名"), sort="name", note="username"),
        Column("organisation", gettext_lazy("单位"), "organisation.name", sort="organisation__name_zh"),
        Column("unit", gettext_lazy("部门"), lambda row: str(row.unit) if row.unit else ""),
        Column("roles", gettext_lazy("角色"), lambda row: "、".join(row.role_labels)),
        Column("last_login", gettext_lazy("最近登录"), kind="when", sort="last_login"),
        Column("state", gettext_lazy("状态"), kind="chip", family="person"),
    ],
    filters=[
        TextFilter(
            "q", gettext_lazy("姓名或单位"), find=selectors.find_people, placeholder=gettext_lazy("姓名、用户名、单位")
        ),
        ChoiceFilter("role", gettext_lazy("角色"), choices=Role.choices, find=selectors.people_of_roles),
        ChoiceFilter(
            "kind", gettext_lazy("单位类型"), choices=OrganisationKind.choices, find=selectors.people_of_kinds
        ),
        ChoiceFilter("state", gettext_lazy("状态"), choices=PersonState.choices, find=selectors.people_in_states),
    ],
    presets=[
        Preset("waiting", gettext_lazy("待授权"), {"state": "waiting"}, is_counted=True),
        Preset("admins", gettext_lazy("三员"), {"role": ["system_admin", "security_admin", "audit_admin"]}),
        Preset("suspended", PersonState.SUSPENDED.label, {"state": "suspended"}),
    ],
    default_sort="name",
    row_url=lambda row: reverse("person", args=[row.pk]),
    beside=True,
    empty=Emptiness(gettext_lazy("没有人员"), gettext_lazy("人员在其单位的页面上新增"), icon="users"),
)


@door(roles=OVERSEERS)
@require_GET
def list_people(request: PersonRequest) -> HttpResponseBase:
    """The register of people."""
    return PEOPLE.respond(request, selectors.list_people(user=request.user))


@door(roles=OVERSEERS)
@require_GET
def show_person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One person: organisation, roles, state, and what was done with the account."""
    at = timezone.now()
    person = selectors.get_person(user=request.user, pk=pk)
    provider = the_provider()
    context = {
        "person": person,
        "provider": provider,
        "identity": selectors.find_identity(user_id=pk, issuer=provider.issuer) if provider else None,
        "is_locked": services.is_locked(user=person, at=at),
        "moments": selectors.list_account_moments(person=person),
        "may_edit": request.user.is_system_admin,
        "may_give_roles": request.user.has_role(Role.SECURITY_ADMIN) and request.user.pk != person.pk,
        "is_self": request.user.pk == person.pk,
        "may_read_audit": request.user.has_role(Role.AUDIT_ADMIN),
        "crumbs": [Crumb(_("人员管理"), reverse("people"))],
        "at": at,
    }
    return render(request, "accounts/person.html", context)


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Enter a person of an organisation; roles come from the security administrator afterwards."""
    organisation = selectors.get_organisation_for(user=request.user, pk=pk)
    form = PersonForm(request.POST or None, units=selectors.list_units(organisation=organisation), is_new=True)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.add_user(
                actor=request.user,
                at=timezone.now(),
                organisation_id=organisation.id,
                username=given["username"],
                name=given["name"],
                unit_id=_unit(given),
            )
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("已新增人员，请发放首次口令，并由安全管理员授权"))
            return redirect("person", pk=made.pk)
    crumbs = [
        Crumb(_("单位管理"), reverse("organisations")),
        Crumb(organisation.name, reverse("organisation", args=[organisation.pk])),
    ]
    return _show_form(request, form, _("新增人员"), crumbs, about=_("角色由安全管理员另行授予"))


@door(roles=[Role.SYSTEM_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def edit_person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Correct a person's name or department."""
    person = selectors.get_person(user=request.user, pk=pk)
    form = PersonForm(
        request.POST or None,
        initial={"name": person.name, "unit": str(person.unit_id or "")},
        units=selectors.list_units(organisation=person.organisation),
        is_new=False,
    )
    return _carry_out(
        request,
        form,
        person,
        _("修改人员信息"),
        lambda given: services.update_user(
            actor=request.user, at=timezone.now(), user_id=person.id, name=given["name"], unit_id=_unit(given)
        ),
    )


@door(roles=[Role.SECURITY_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def change_roles(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Give a person roles."""
    person = selectors.get_person(user=request.user, pk=pk)
    form = RolesForm(request.POST or None, initial={"roles": person.roles}, kinds=person.organisation.kinds)
    return _carry_out(
        request,
        form,
        person,
        _("调整角色"),
        lambda given: services.change_roles(
            actor=request.user, at=timezone.now(), user_id=person.id, roles=given["roles"]
        ),
        about=_("可选角色由单位类型决定；系统、安全、审计三员不得由同一人担任"),
    )


@door(roles=[Role.SYSTEM_ADMIN])
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Give a person a new first password, shown once."""
    person = selectors.get_person(user=request.user, pk=pk)
    if request.method == "POST":
        password = services.reset_password(actor=request.user, at=timezone.now(), user_id=person.id)
        context = {"person": person, "password": password, "crumbs": _crumbs(person)}
        return render(request, "accounts/first_password.html", context)
    return _confirm(
        request,
        person,
        _("发放首次口令"),
        _("生成口令"),
        [
            Consequence(_("系统生成一个新口令，只显示一次，请当面或经可信方式告知本人")),
            Consequence(_("原口令立即失效，已登录的设备退出"), "final"),
            Consequence(_("本人首次登录时须修改")),
        ],
    )


@door(roles=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
@require_http_methods(["GET", "HEAD", "POST"])
def suspend_person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Let a person in no more."""
    person = selectors.get_person(user=request.user, pk=pk)
    if request.method == "POST":
        services.suspend_user(actor=request.user, at=timezone.now(), user_id=person.id)
        messages.success(request, _("已停用"))
        return redirect("person", pk=person.pk)
    return _confirm(
        request,
        person,
        _("停用账号"),
        _("停用账号"),
        [
            Consequence(_("该人员立即退出，不能再登录")),
            Consequence(_("其办理记录和审计记录保留不变")),
            Consequence(_("系统管理员可随时恢复"), "undoable"),
        ],
        is_danger=True,
    )


@door(roles=[Role.SYSTEM_ADMIN])
@require_POST
def reactivate_person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Let a suspended person in again."""
    person = selectors.get_person(user=request.user, pk=pk)
    services.reactivate_user(actor=request.user, at=timezone.now(), user_id=person.id)
    messages.success(request, _("已恢复"))
    return redirect("person", pk=person.pk)


@door(roles=[Role.SECURITY_ADMIN])
@require_POST
def unlock_person(request: PersonRequest, pk: UUID) -> HttpResponse:
    """End the lock after failed sign-ins."""
    person = selectors.get_person(user=request.user, pk=pk)
    services.unlock(actor=request.user, at=timezone.now(), user_id=person.id)
    messages.success(request, _("已解锁"))
    return redirect("person", pk=person.pk)


def _unit(given: dict[str, Any]) -> UUID | None:
    return UUID(given["unit"]) if given["unit"] else None


def _crumbs(person: Any) -> list[Crumb]:
    return [Crumb(_("人员管理"), reverse("people")), Crumb(person.name, reverse("person", args=[person.pk]))]


def _carry_out(request: PersonRequest, form: Any, person: Any, title: str, act: Any, about: str = "") -> HttpResponse:
    """Show a form about a person, or carry out what was entered and go back to the person."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("已保存"))
            return redirect("person", pk=person.pk)
    return _show_form(request, form, title, _crumbs(person), about)


def _show_form(request: PersonRequest, form: Any, title: str, crumbs: list[Crumb], about: str = "") -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "about": about,
        "submit_label": _("保存"),
        "back_url": crumbs[-1].url,
        "crumbs": crumbs,
    }
    return render(request, "accounts/plain_form.html", context, status=422 if form.errors else 200)


def _confirm(
    request: PersonRequest,
    person: Any,
    title: str,
    act_label: str,
    consequences: list[Consequence],
    is_danger: bool = False,
) -> HttpResponse:
    context = {
        "title": title,
        "about": f"{person.name}（{person.username}） · {person.organisation.name}",
        "consequences": consequences,
        "act_label": act_label,
        "is_danger": is_danger,
        "back_url": reverse("person", args=[person.pk]),
    }
    return render(request, "screens/confirm.html", context)
