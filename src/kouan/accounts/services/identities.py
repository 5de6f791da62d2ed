"""Linking people to the sign-in provider, and letting them in by it.

Who somebody is at the provider is linked by the system administrator, or by the person with the own password. No
account and no role comes from the provider.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import require_role
from kouan.accounts.codes import Role
from kouan.accounts.models import ProviderIdentity, User
from kouan.accounts.rules import Mistake
from kouan.accounts.selectors import lock_person
from kouan.accounts.services.signing_in import check_not_locked, enter, record_failure
from kouan.audit.services import record
from kouan.audit.types import Actor, SystemActor

_LONGEST_ID = 80
PROVIDER = "provider"
"""How the audit says that somebody came by the provider."""


class TheIdentityIsTaken(Mistake):
    """Another person is linked to this name at the provider, or the person to another one."""


class TheIdentityIsUnknown(Mistake):
    """Nobody is linked to this name at the provider."""

    status = 403

    def __init__(self, subject: str) -> None:
        super().__init__(
            "OIDC-UNKNOWN",
            "",
            f"身份已确认，但没有账号与之关联（标识：{subject}）。",
            f"You are known to the provider, but no account is linked to you (identifier: {subject}).",
            "请用本系统的口令登录后自行关联，或将此标识告知系统管理员。",
            "Sign in with your password and link it yourself, or give this identifier to the system administrator.",
        )


class TheAccountIsSuspended(Mistake):
    """The person who is linked may not sign in."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "OIDC-SUSPENDED",
            "",
            "您的账号已停用。",
            "Your account is suspended.",
            "如需恢复，请联系系统管理员。",
            "The system administrator can let you in again.",
        )


@transaction.atomic
def link_identity(*, actor: User, at: dt.datetime, user_id: UUID, issuer: str, subject: str) -> ProviderIdentity:
    """Link a person to a name at the provider: oneself, or others as the system administrator.

    A door that lets people link themselves has seen their password and heard the provider. Raises TheIdentityIsTaken,
    NotAllowed, NotYours.
    """
    if actor.pk != user_id:
        require_role(actor, Role.SYSTEM_ADMIN)
    person = lock_person(user_id)
    if ProviderIdentity.objects.filter(user=person, issuer=issuer).exists():
        raise TheIdentityIsTaken(
            "OIDC-LINKED",
            "subject",
            "该账号已有关联。",
            "The account is linked already.",
            "请先取消原关联。",
            "Undo that link first.",
        )
    identity, is_new = ProviderIdentity.objects.get_or_create(
        issuer=issuer, subject=subject, defaults={"user": person, "linked_by_id": actor.pk, "linked_at": at}
    )
    if not is_new:
        raise TheIdentityIsTaken(
            "OIDC-TAKEN",
            "subject",
            "该标识已关联其他账号。",
            "This identifier is linked to another account.",
            "一个标识只能关联一个账号，请核对。",
            "Each identifier stands for one account only; check it.",
        )
    _record(actor, "link_identity", person, at, subject)
    return identity


@transaction.atomic
def unlink_identity(*, actor: User, at: dt.datetime, user_id: UUID, issuer: str) -> None:
    """Let a person come in by the provider no more; sessions that it opened end with the next click.

    Raises NotAllowed, NotYours.
    """
    if actor.pk != user_id:
        require_role(actor, Role.SYSTEM_ADMIN)
    person = lock_person(user_id)
    identity = ProviderIdentity.objects.filter(user=person, issuer=issuer).first()
    if identity is not None:
        identity.delete()
        _record(actor, "unlink_identity", person, at, identity.subject)


def sign_in_by_provider(*, issuer: str, subject: str, address: str, at: dt.datetime) -> User:
    """Return the person who is linked to whom the provider vouched for.

    Raises TheIdentityIsUnknown, TheAccountIsSuspended, TheSignInIsLocked.
    """
    identity = ProviderIdentity.objects.filter(issuer=issuer, subject=subject).first()
    if identity is None:
        record(
            actor=SystemActor("系统登录"),
            act="fail_sign_in",
            subject_kind="provider_identity",
            subject_id=subject[:_LONGEST_ID],
            at=at,
            detail={"address": address, "by": PROVIDER, "issuer": issuer},
        )
        raise TheIdentityIsUnknown(subject)
    person = User.objects.select_related("organisation", "unit").get(pk=identity.user_id)
    try:
        if not person.is_active:
            raise TheAccountIsSuspended
        check_not_locked(user=person, at=at)
    except Mistake:
        record_failure(person, at, address, by=PROVIDER)
        raise
    with transaction.atomic():
        ProviderIdentity.objects.filter(pk=identity.pk).update(last_used_at=at)
        enter(person, at, address, by=PROVIDER)
    return person


def _record(actor: Actor, act: str, person: User, at: dt.datetime, subject: str) -> None:
    record(actor=actor, act=act, subject_kind="user", subject_id=person.id, at=at, detail={"subject": subject})
