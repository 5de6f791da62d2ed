"""What must hold of organisations, their codes, their people's roles and names, and of sign-in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import override
from stdnum.cn import uscc as stdnum_uscc

from kouan.accounts.codes import NEVER_TOGETHER, ROLES_OF_KIND, OrganisationKind, Role
from kouan.records.problems import Problem

DELEGATION_ENDS_SOON = dt.timedelta(days=14)
"""So long before its end a delegation is said to end soon. Our own figure: the law names none, and a client needs about
two weeks to sign another one."""


def ends_soon_at(until: dt.datetime | None) -> dt.datetime | None:
    """Say from when on a delegation that ends then is said to end soon; None for one without an end."""
    return until and until - DELEGATION_ENDS_SOON


class Mistake(ValueError):
    """An entry that cannot stand: a problem that points at the field, in both languages."""

    def __init__(self, code: str, pointer: str, zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> None:
        super().__init__(en)
        self.problem = Problem(code=code, pointer=pointer, severity="error", zh=zh, en=en, fix_zh=fix_zh, fix_en=fix_en)


class TheCodeIsWrong(Mistake):
    """A code of an organisation does not have its form or its check digit."""


class TheKindsDoNotFit(Mistake):
    """An organisation has no kind, or an agency has no authority, or a firm has one."""


class TheRolesDoNotFit(Mistake):
    """A person cannot have these roles: two of them exclude each other, or the organisation may not give one."""


class TheUsernameIsWrong(Mistake):
    """A user name has letters that it may not have."""


def check_uscc(code: str) -> str:
    """Return a unified social credit code in its plain form; raise TheCodeIsWrong where form or check digit fail.

    The registering authority may be a letter (A, N and Y stand in the standard). Source: GB 32100-2015.
    """
    code = stdnum_uscc.compact(code)
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", code):
        raise TheCodeIsWrong(
            "ACCOUNTS-USCC-FORM",
            "uscc",
            "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。",
            "A unified social credit code has 18 digits or capital letters (no I, O, S, V, Z).",
        )
    if code[-1] != stdnum_uscc.calc_check_digit(code[:-1]):
        raise TheCodeIsWrong(
            "ACCOUNTS-USCC-CHECK",
            "uscc",
            "统一社会信用代码的校验位不符。",
            "The check digit of the unified social credit code does not fit.",
            "请对照营业执照逐位核对。",
            "Compare it with the business licence, digit by digit.",
        )
    return code


def check_customs_code(code: str) -> str:
    """Return a customs registration code in its plain form; raise TheCodeIsWrong unless ten digits or letters."""
    code = code.strip().upper()
    if not re.fullmatch(r"[0-9A-Z]{10}", code):
        raise TheCodeIsWrong(
            "ACCOUNTS-CUSTOMS-CODE",
            "customs_code",
            "海关注册编码应为 10 位数字或大写字母。",
            "A customs registration code has 10 digits or capital letters.",
        )
    return code


def check_kinds(*, kinds: Iterable[str], agency_code: str) -> list[str]:
    """Return the kinds in their fixed order, each once; raise TheKindsDoNotFit where they make no sense."""
    wanted = {OrganisationKind(kind) for kind in kinds}
    if not wanted:
        raise TheKindsDoNotFit(
            "ACCOUNTS-NO-KIND", "kinds", "请至少选择一个单位类型。", "Choose at least one kind of organisation."
        )
    if (OrganisationKind.AGENCY in wanted) != bool(agency_code):
        raise TheKindsDoNotFit(
            "ACCOUNTS-AGENCY",
            "agency_code",
            "机关单位须选择所属机关，其他单位不选。",
            "An agency names its authority, and nobody else does.",
        )
    return [kind.value for kind in OrganisationKind if kind in wanted]


def roles_for(kinds: Iterable[str]) -> frozenset[Role]:
    """The roles that people of an organisation of these kinds may have."""
    return frozenset().union(*(ROLES_OF_KIND[OrganisationKind(kind)] for kind in kinds))


def check_roles(*, roles: Iterable[str], kinds: Iterable[str]) -> list[str]:
    """Return the roles in their fixed order, each once; raise TheRolesDoNotFit where a person may not have them.

    Reason: who runs the system, who grants rights and who checks both are three people (GB/T 22239-2019, 8.1.5:
    management of the system, of security and of the audit are separate), and a role makes sense only in its kind of
    organisation.
    """
    wanted = {Role(role) for role in roles}
    if len(wanted.intersection(NEVER_TOGETHER)) > 1:
        raise TheRolesDoNotFit(
            "ACCOUNTS-THREE-ADMINISTRATORS",
            "roles",
            "系统管理员、安全管理员、审计管理员不得由同一人担任。",
            "The system, the security and the audit administrator are three different people.",
            "请只保留其中一项，其余由其他人员担任。",
            "Keep one of them and give the others to other people.",
        )
    if unfit := [role for role in Role if role in wanted - roles_for(kinds)]:
        raise TheRolesDoNotFit(
            "ACCOUNTS-ROLE-OF-KIND",
            "roles",
            f"该类单位的人员不能担任：{_labels(unfit, 'zh-hans', '、')}。",
            f"People of such an organisation cannot be: {_labels(unfit, 'en', ', ')}.",
            "请核对单位类型或角色。",
            "Check the kind of the organisation, or the role.",
        )
    return [role.value for role in Role if role in wanted]


def check_username(username: str) -> str:
    """Return a user name in small letters; raise TheUsernameIsWrong where it has other than plain letters."""
    username = username.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{1,59}", username):
        raise TheUsernameIsWrong(
            "ACCOUNTS-USERNAME",
            "username",
            "用户名为 2 至 60 位小写字母、数字或 . _ @ -，以字母或数字开头。",
            "A user name has 2 to 60 small letters, digits or . _ @ - and begins with a letter or digit.",
        )
    return username


@dataclass(frozen=True)
class LockOut:
    """After how many failures within which time nobody can sign in, for one account and from one address.

    Reason: guessing has to be slow (GB/T 22239-2019, 8.1.4.1 b), while a whole office behind one address can work.
    """

    account_failures: int = 5
    address_failures: int = 50
    window: dt.timedelta = dt.timedelta(minutes=15)

    def is_locked(self, *, by_account: int, by_address: int) -> bool:
        """Whether so many failures within the window lock the next attempt."""
        return by_account >= self.account_failures or by_address >= self.address_failures


def _labels(roles: list[Role], language: str, comma: str) -> str:
    with override(language):
        return comma.join(str(role.label) for role in roles)
