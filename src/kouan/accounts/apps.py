from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Organisations and people, and the words of what is done with them."""

    name = "kouan.accounts"
    label = "accounts"
    verbose_name = _("单位与人员")

    def ready(self) -> None:
        from kouan.accounts import searching, selectors
        from kouan.accounts.codes import DelegationState, OrganisationState, PersonState, RequestState, Role
        from kouan.audit import acts
        from kouan.audit.selectors import SEALED, WAITING
        from kouan.screens import navigation, search
        from kouan.screens.pieces import Chip, Tone, register_chips

        overseers = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.PORT_OFFICE_CLERK]
        search.register("organisations", _("单位"), searching.search_organisations, order=80)
        search.register("people", _("人员"), searching.search_people, roles=overseers, order=90)

        navigation.register("system", _("单位管理"), "organisations", roles=overseers, icon="building", order=10)
        navigation.register("system", _("人员管理"), "people", roles=overseers, icon="users", order=20)
        navigation.register("system", _("审计日志"), "audit-log", roles=[Role.AUDIT_ADMIN], icon="stamp", order=90)
        navigation.register(
            "single_window",
            _("委托"),
            "delegations",
            roles=[Role.TRADER_CLERK],
            icon="hand",
            badge=lambda user: selectors.count_requests_asked_of(user) or None,
            order=900,
        )
        navigation.register_for_person(_("个人设置"), "own-page", icon="settings")

        register_chips(
            "organisation",
            {
                OrganisationState.RUNNING: Chip(OrganisationState.RUNNING.label, Tone.DONE),
                OrganisationState.TO_COME: Chip(OrganisationState.TO_COME.label, Tone.WAITING),
                OrganisationState.ENDED: Chip(OrganisationState.ENDED.label, Tone.IDLE, "minus"),
            },
        )
        register_chips(
            "person",
            {
                PersonState.ACTIVE: Chip(PersonState.ACTIVE.label, Tone.DONE),
                PersonState.WAITING: Chip(PersonState.WAITING.label, Tone.WAITING),
                PersonState.SUSPENDED: Chip(PersonState.SUSPENDED.label, Tone.IDLE, "ban"),
                "locked": Chip(_("已锁定"), Tone.REFUSED, "lock"),
            },
        )
        register_chips(
            "delegation",
            {
                DelegationState.TO_COME: Chip(DelegationState.TO_COME.label, Tone.WAITING),
                DelegationState.RUNNING: Chip(DelegationState.RUNNING.label, Tone.DONE),
                DelegationState.ENDED: Chip(DelegationState.ENDED.label, Tone.IDLE, "minus"),
                DelegationState.REVOKED: Chip(DelegationState.REVOKED.label, Tone.IDLE, "ban"),
            },
        )
        register_chips(
            "delegation_request",
            {
                RequestState.ASKED: Chip(RequestState.ASKED.label, Tone.WAITING),
                RequestState.GRANTED: Chip(RequestState.GRANTED.label, Tone.DONE),
                RequestState.DECLINED: Chip(RequestState.DECLINED.label, Tone.REFUSED),
                RequestState.TAKEN_BACK: Chip(RequestState.TAKEN_BACK.label, Tone.IDLE, "undo"),
            },
        )
        register_chips(
            "audit_seal",
            {SEALED: Chip(_("已封存"), Tone.DONE, "stamp"), WAITING: Chip(_("待封存"), Tone.WAITING)},
        )
        acts.register_words(acts=ACTS, subjects=SUBJECTS)


ACTS: dict[str, Any] = {
    "create_organisation": _("新增单位"),
    "update_organisation": _("修改单位"),
    "rename_organisation": _("单位更名"),
    "add_alias": _("新增别名"),
    "add_unit": _("新增部门"),
    "add_user": _("新增人员"),
    "update_user": _("修改人员"),
    "change_roles": _("调整角色"),
    "suspend_user": _("停用账号"),
    "reactivate_user": _("恢复账号"),
    "reset_password": _("发放首次口令"),
    "change_password": _("修改口令"),
    "choose_language": _("选择语言"),
    "sign_in": _("登录"),
    "fail_sign_in": _("登录失败"),
    "sign_out": _("退出"),
    "unlock": _("解锁账号"),
    "link_identity": _("关联统一认证"),
    "unlink_identity": _("取消关联统一认证"),
    "delegate": _("委托"),
    "revoke_delegation": _("撤销委托"),
    "ask_delegation": _("申请委托"),
    "grant_delegation": _("同意委托申请"),
    "decline_delegation": _("不同意委托申请"),
    "take_back_request": _("收回委托申请"),
    "export_list": _("导出列表"),
    "drop_audit_month": _("到期清理审计"),
}
SUBJECTS: dict[str, Any] = {
    "organisation": _("单位"),
    "user": _("人员"),
    "provider_identity": _("统一认证标识"),
    "delegation": _("委托"),
    "delegation_request": _("委托申请"),
    "list": _("列表"),
    "audit_month": _("审计月份"),
}
