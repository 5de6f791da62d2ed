"""Signing in and out, and the lock-out that makes guessing slow."""

from __future__ import annotations

import datetime as dt
import hashlib
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q, QuerySet

from kouan.accounts.access import NotAllowed, require_role
from kouan.accounts.codes import Role
from kouan.accounts.models import SignInFailure, User
from kouan.accounts.rules import LockOut, Mistake
from kouan.accounts.selectors import lock_person
from kouan.audit.services import record
from kouan.audit.types import Actor, SystemActor

LOCK_OUT = LockOut()


class TheSignInIsWrong(Mistake):
    """User name and password do not belong together, or the person is suspended: said in the same words."""

    def __init__(self) -> None:
        super().__init__(
            "ACCOUNTS-SIGN-IN",
            "",
            "用户名或口令不正确。",
            "User name or password is not right.",
            "请核对后重试；忘记口令请联系本单位系统管理员。",
            "Check them and try again; if you forgot the password, ask the system administrator.",
        )


class TheSignInIsLocked(Mistake):
    """Too many attempts failed, for the account or from the address."""

    status = 429

    def __init__(self, minutes: int) -> None:
        super().__init__(
            "ACCOUNTS-LOCKED",
            "",
            f"登录失败次数过多，请 {minutes} 分钟后再试。",
            f"Too many attempts failed. Try again in {minutes} minutes.",
            "如需立即解锁，请联系安全管理员。",
            "The security administrator can unlock the account at once.",
        )


def sign_in(*, username: str, password: str, address: str, at: dt.datetime) -> User:
    """Return the person of a user name and password. Raises TheSignInIsWrong, TheSignInIsLocked.

    An attempt counts as failed before the password is looked at, in a transaction of its own: many attempts at the
    same time count as many. An unknown user name takes as long as a known one.
    """
    account = _account_of(username)
    failure = _count_attempt(account, address, at)
    person = User.objects.select_related("organisation", "unit").filter(username=username.strip().lower()).first()
    fits = person.check_password(password) if person else _take_as_long(password)
    if person is None or not fits or not person.is_active:
        if person:
            record_failure(person, at, address)
        raise TheSignInIsWrong
    with transaction.atomic():
        _forget(account, failure)
        enter(person, at, address)
    return person


def confirm_password(*, user: User, password: str, address: str, at: dt.datetime) -> None:
    """Make sure that it is the person who sits before the open session; a wrong password counts as at signing in.

    Raises TheSignInIsWrong, TheSignInIsLocked.
    """
    account = _account_of(user.username)
    failure = _count_attempt(account, address, at)
    if not user.check_password(password):
        record_failure(user, at, address)
        raise TheSignInIsWrong
    _forget(account, failure)


def enter(person: User, at: dt.datetime, address: str, **how: str) -> None:
    """Note that a person is let in, and how if not by password; within the transaction of the caller."""
    person.last_login = at
    person.save(update_fields=["last_login"])
    detail = {"address": address} | how
    record(actor=person, act="sign_in", subject_kind="user", subject_id=person.id, at=at, detail=detail)


def record_failure(person: User, at: dt.datetime, address: str, **how: str) -> None:
    """Write that somebody was not let in as this person."""
    actor, detail = SystemActor("系统登录"), {"address": address} | how
    record(actor=actor, act="fail_sign_in", subject_kind="user", subject_id=person.id, at=at, detail=detail)


@transaction.atomic
def sign_in_for_demonstration(*, username: str, address: str, at: dt.datetime) -> User:
    """Return a person of the demonstration without a password; NotAllowed unless this is a demonstration."""
    person = User.objects.select_related("organisation", "unit").filter(username=username, is_active=True).first()
    if not settings.DEMO or person is None or not person.is_demo:
        raise NotAllowed
    enter(person, at, address)
    return person


@transaction.atomic
def sign_out(*, user: User, at: dt.datetime) -> None:
    """Write that a person signed out; the door ends the session."""
    record(actor=user, act="sign_out", subject_kind="user", subject_id=user.id, at=at)


@transaction.atomic
def unlock(*, actor: Actor, at: dt.datetime, user_id: UUID) -> None:
    """Forget a person's failed attempts, so that the next one counts again. Raises NotAllowed, NotYours."""
    require_role(actor, Role.SECURITY_ADMIN)
    person = lock_person(user_id)
    SignInFailure.objects.filter(account=_account_of(person.username)).delete()
    record(actor=actor, act="unlock", subject_kind="user", subject_id=person.id, at=at)


def is_locked(*, user: User, at: dt.datetime) -> bool:
    """Whether a person's account is locked at a moment."""
    return LOCK_OUT.is_locked(by_account=_recent(at).filter(account=_account_of(user.username)).count(), by_address=0)


def check_not_locked(*, user: User, at: dt.datetime) -> None:
    """Raise TheSignInIsLocked where a person's account is locked at a moment."""
    if is_locked(user=user, at=at):
        raise TheSignInIsLocked(_minutes_left(at, _recent(at).filter(account=_account_of(user.username))))


def forget_old_failures(*, at: dt.datetime) -> int:
    """Remove the failed attempts that no longer count; return their number."""
    return SignInFailure.objects.filter(at__lte=at - LOCK_OUT.window).delete()[0]


def _count_attempt(account: bytes, address: str, at: dt.datetime) -> SignInFailure:
    failure = SignInFailure.objects.create(account=account, address=address, at=at)
    others = _recent(at).exclude(pk=failure.pk)
    by_account, by_address = others.filter(account=account), others.filter(address=address)
    if LOCK_OUT.is_locked(by_account=by_account.count(), by_address=by_address.count()):
        # An attempt on a locked door is not counted: the lock ends in time, whoever keeps knocking.
        failure.delete()
        raise TheSignInIsLocked(_minutes_left(at, by_account | by_address))
    return failure


def _recent(at: dt.datetime) -> QuerySet[SignInFailure]:
    return SignInFailure.objects.filter(at__gt=at - LOCK_OUT.window)


def _minutes_left(at: dt.datetime, failures: QuerySet[SignInFailure]) -> int:
    """Say in how many minutes the oldest of these no longer counts."""
    oldest = failures.order_by("at").values_list("at", flat=True)[0]
    return max(1, -((at - oldest - LOCK_OUT.window) // dt.timedelta(minutes=1)))


def _forget(account: bytes, attempt: SignInFailure) -> None:
    SignInFailure.objects.filter(Q(account=account) | Q(pk=attempt.pk)).delete()


def _account_of(username: str) -> bytes:
    return hashlib.sha256(username.strip().lower().encode()).digest()


def _take_as_long(password: str) -> bool:
    make_password(password)
    return False
