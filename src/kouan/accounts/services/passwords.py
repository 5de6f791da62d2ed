"""Passwords: a first one from the administrator, a new one of one's own, and which may be chosen."""

from __future__ import annotations

import datetime as dt
import secrets
from uuid import UUID

from django.contrib.auth.hashers import check_password, is_password_usable
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from kouan.accounts.access import require_role
from kouan.accounts.codes import Role
from kouan.accounts.models import FormerPassword, User
from kouan.accounts.passwords import KindsOfCharacters, password_rules
from kouan.accounts.rules import Mistake
from kouan.accounts.selectors import lock_person
from kouan.audit.services import record
from kouan.audit.types import Actor

_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class ThePasswordIsWrong(Mistake):
    """The present password does not fit."""


class ThePasswordIsWeak(Mistake):
    """The new password does not follow the rules for passwords."""


class ThePasswordWasUsed(Mistake):
    """The new password is the present one or one of those before it."""


@transaction.atomic
def reset_password(*, actor: Actor, at: dt.datetime, user_id: UUID) -> str:
    """Give a person a new first password and return it, to be told once; the person has to change it at sign-in.

    Raises NotAllowed, NotYours.
    """
    require_role(actor, Role.SYSTEM_ADMIN)
    person = lock_person(user_id)
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))
    _set(person, password, at, must_change=True)
    record(actor=actor, act="reset_password", subject_kind="user", subject_id=person.id, at=at)
    return password


@transaction.atomic
def change_password(*, user: User, at: dt.datetime, present: str, new: str) -> User:
    """Change one's own password. Raises ThePasswordIsWrong, ThePasswordIsWeak, ThePasswordWasUsed.

    All other sessions of the person end, since a session holds a digest of the password.
    """
    person = lock_person(user.id)
    if not person.check_password(present):
        raise ThePasswordIsWrong(
            "ACCOUNTS-PRESENT-PASSWORD", "present", "当前口令不正确。", "The present password is not right."
        )
    _check_strength(new, person)
    _check_not_used(new, person)
    _set(person, new, at, must_change=False)
    record(actor=user, act="change_password", subject_kind="user", subject_id=person.id, at=at)
    return person


def _set(person: User, password: str, at: dt.datetime, *, must_change: bool) -> None:
    """Set a password and remember the hash of the one before, as many as the rules ask for."""
    if is_password_usable(person.password):
        FormerPassword.objects.create(user=person, password=person.password, ended_at=at)
    kept = person.former_passwords.order_by("-ended_at", "-id").values("pk")[: max(0, password_rules().history - 1)]
    person.former_passwords.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    person.set_password(password)
    person.password_set_at, person.must_change_password = at, must_change
    person.save(update_fields=["password", "password_set_at", "must_change_password"])


def _weaknesses() -> dict[str, tuple[str, str]]:
    rules = password_rules()
    return {
        "password_too_short": (
            f"新口令至少 {rules.length} 位。",
            f"The new password needs at least {rules.length} characters.",
        ),
        "password_too_similar": ("新口令与用户名或姓名过于相似。", "The new password is too like your name."),
        "password_too_common": ("新口令过于常见，容易被猜到。", "The new password is too common."),
        "password_entirely_numeric": ("新口令不能全为数字。", "The new password cannot be all digits."),
        KindsOfCharacters.CODE: (
            f"新口令须含大写字母、小写字母、数字、符号中的 {rules.kinds} 类。",
            f"The new password needs {rules.kinds} of: capital letters, small letters, digits, other characters.",
        ),
    }


def _check_strength(password: str, person: User) -> None:
    """Ask the validators of the settings; each weakness in both languages."""
    try:
        validate_password(password, person)
    except ValidationError as weak:
        words = _weaknesses()
        said = [words.get(error.code or "", (error.messages[0],) * 2) for error in weak.error_list]
        raise ThePasswordIsWeak(
            "ACCOUNTS-NEW-PASSWORD",
            "new",
            "".join(zh for zh, _en in said),
            " ".join(en for _zh, en in said),
            "建议使用由几个不相关词语组成的长口令。",
            "A long one made of unrelated words is best.",
        ) from weak


def _check_not_used(password: str, person: User) -> None:
    """Refuse the present password and those before it, as many as the rules say."""
    history = password_rules().history
    if not history:
        return
    before = person.former_passwords.order_by("-ended_at", "-id").values_list("password", flat=True)[: history - 1]
    if any(check_password(password, kept) for kept in [person.password, *before]):
        raise ThePasswordWasUsed(
            "ACCOUNTS-USED-PASSWORD",
            "new",
            f"新口令与最近 {history} 次用过的口令相同。",
            f"The new password is one of the last {history} that you used.",
            "请换一个没有用过的口令。",
            "Choose one that you have not used.",
        )
