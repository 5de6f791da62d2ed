"""Choosing what to be told, following one case, and reading."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed
from kouan.audit import services as audit
from kouan.notices import selectors
from kouan.notices.codes import Scope
from kouan.notices.models import Follow, Notice, Reader, ReadMark, Subscription
from kouan.notices.topics import find_topic

if TYPE_CHECKING:
    from kouan.accounts.models import User


@transaction.atomic
def choose(
    *, user: User, topics: Collection[str], scope: Scope, at: datetime, for_organisation: bool = False
) -> Subscription:
    """Set what a person is told, or what those people of the organisation are told who have not chosen themselves."""
    if for_organisation and not user.roles:
        raise NotAllowed
    known = sorted({key for key in topics if find_topic(key)})
    owner = user.organisation_id if for_organisation else user.pk
    row, _ = Subscription.objects.update_or_create(
        owner_id=owner,
        defaults={"is_organisation": for_organisation, "topics": known, "scope": scope, "changed_at": at},
    )
    detail = {"topics": known, "scope": str(scope), "for": "organisation" if for_organisation else "person"}
    audit.record(actor=user, act="choose_notices", subject_kind="subscription", subject_id=owner, at=at, detail=detail)
    return row


@transaction.atomic
def forget_choice(*, user: User, at: datetime, for_organisation: bool = False) -> None:
    """Go back to what the organisation chose, or what fits the roles."""
    owner = user.organisation_id if for_organisation else user.pk
    if Subscription.objects.filter(pk=owner).delete()[0]:
        audit.record(actor=user, act="reset_notices", subject_kind="subscription", subject_id=owner, at=at)


def follow(*, user: User, subject_id: UUID, at: datetime) -> None:
    """Follow a case that the person may see: the app that owns the case has made sure. Following twice is once."""
    Follow.objects.get_or_create(person_id=user.pk, subject_id=subject_id, defaults={"since": at})


def unfollow(*, user: User, subject_id: UUID) -> None:
    """Follow a case no longer."""
    Follow.objects.filter(person_id=user.pk, subject_id=subject_id).delete()


def read_notice(*, user: User, pk: UUID) -> Notice:
    """Mark a notice as read and give it; raises NotYours."""
    notice = selectors.get_notice(user=user, pk=pk)
    ReadMark.objects.get_or_create(person_id=user.pk, notice_id=notice.pk)
    return notice


@transaction.atomic
def read_some(*, user: User, ids: Collection[UUID]) -> int:
    """Mark notices as read; return how many were unread."""
    found = selectors.list_notices(user).filter(pk__in=ids, is_read=False).values_list("pk", flat=True)
    marks = [ReadMark(person_id=user.pk, notice_id=pk) for pk in found]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True)
    return len(marks)


@transaction.atomic
def read_all(*, user: User) -> None:
    """Mark everything up to now as read."""
    last = selectors.list_notices(user).order_by("-pk").values_list("pk", flat=True).first()
    if last is not None:
        Reader.objects.update_or_create(person_id=user.pk, defaults={"read_up_to": last})
        ReadMark.objects.filter(person_id=user.pk, notice_id__lte=last).delete()


@transaction.atomic
def forget_old_notices(*, before: UUID, most: int = 20_000) -> int:
    """Remove notices with ids below one, and the marks on them; return how many went."""
    ids = list(Notice.objects.filter(pk__lt=before).order_by("pk").values_list("pk", flat=True)[:most])
    ReadMark.objects.filter(notice_id__in=ids).delete()
    return Notice.objects.filter(pk__in=ids).delete()[0]
