"""What must hold of organisations, their codes and the roles of their people."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from stdnum.cn import uscc as stdnum_uscc

from kouan.accounts.codes import NEVER_TOGETHER, ROLES_OF_KIND, OrganisationKind, Role


class TheCodeIsWrong(ValueError):
    """A code of an organisation does not have its form or its check digit."""


class TheRolesDoNotFit(ValueError):
    """A person cannot have these roles: two of them exclude each other, or the organisation may not give one."""


def check_uscc(code: str) -> str:
    """Return a unified social credit code in its plain form; raise TheCodeIsWrong where form or check digit fail.

    The registering authority may be a letter (A, N, Y stand in the standard). Source: GB 32100-2015.
    """
    code = stdnum_uscc.compact(code)
    if len(code) != 18 or not set(code) <= set(_USCC_ALPHABET):
        raise TheCodeIsWrong(_("统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。"))
    if code[-1] != stdnum_uscc.calc_check_digit(code[:-1]):
        raise TheCodeIsWrong(_("统一社会信用代码的校验位不符，请核对。"))
    return code


def check_customs_code(code: str) -> str:
    """Return a customs registration code in its plain form; raise TheCodeIsWrong unless ten digits or letters."""
    code = code.strip().upper()
    if len(code) != 10 or not code.isascii() or not code.isalnum():
        raise TheCodeIsWrong(_("海关注册编码应为 10 位数字或大写字母。"))
    return code


def roles_for(kinds: Iterable[str]) -> frozenset[Role]:
    """The roles that people of an organisation of these kinds may have."""
    return frozenset().union(*(ROLES_OF_KIND[OrganisationKind(kind)] for kind in kinds))


def check_roles(*, roles: Iterable[str], kinds: Iterable[str]) -> list[str]:
    """Return the roles in their fixed order, each once; raise TheRolesDoNotFit where a person may not have them.

    Reason: who runs the system, who grants rights and who checks both are three people (GB/T 22239-2019, 8.1.5:
    system, audit and security management are separate), and a role makes sense only in its kind of organisation.
    """
    wanted = {Role(role) for role in roles}
    if len(wanted.intersection(NEVER_TOGETHER)) > 1:
        raise TheRolesDoNotFit(_("系统管理员、安全管理员、审计管理员必须由不同的人担任。"))
    if unfit := [role for role in Role if role in wanted - roles_for(kinds)]:
        raise TheRolesDoNotFit(
            _("该单位的人员不能担任：%(roles)s。") % {"roles": "、".join(str(role.label) for role in unfit)}
        )
    return [role.value for role in Role if role in wanted]


_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
