"""Seeing personal data in full: for a stated purpose, for a short time, and each time on record.

The record says who saw whose data, when and for what; never the data.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kouan.accounts.access import NotAllowed, NotYours, require_role
from kouan.accounts.codes import Role
from kouan.audit.services import record
from kouan.safekeeping.codes import Purpose
from kouan.safekeeping.marks import kind_of
from kouan.safekeeping.models import Unmasking
from kouan.safekeeping.subjects import Subject, get_subject
from kouan.safekeeping.types import Person

if TYPE_CHECKING:
    from kouan.accounts.models import User

NEED_IT = (Role.OFFICER, Role.TRADER_CLERK)
"""Who needs personal data for the work: officers of the agencies concerned, and firms in what they declared."""
SHORTEST = 5


def state_purpose(
    *, user: User, subject_kind: str, subject_id: UUID, purpose: str, words: str, at: datetime
) -> Unmasking:
    """Let a person see the personal data of one record in full for some minutes. Raises NotAllowed, NotYours."""
    require_role(user, *NEED_IT)
    if len(words.strip()) < SHORTEST:
        raise NotAllowed(
            f"请写明事由，至少 {SHORTEST} 个字。", f"Say why, in {SHORTEST} characters at least.",
            "例如：核对订购人证件号码与运单收货人。", "For example: compare the buyer with the consignee.",
            code="-970020", pointer="words",
        )  # fmt: skip
    subject = _subject(subject_kind)
    subject.read(user, subject_id)
    with transaction.atomic():
        row = Unmasking.objects.create(
            user_id=user.pk, subject_kind=subject_kind, subject_id=subject_id, purpose=Purpose(purpose),
            words=words.strip(), since=at, until=at + timedelta(minutes=settings.KOUAN_UNMASKED_MINUTES),
        )  # fmt: skip
        _record(user, "state_purpose", row, at)
    return row


def see_persons(*, user: User, row: Unmasking, at: datetime) -> list[Person]:
    """Give the persons of a record in full, and write down that they were seen. Raises NotAllowed, KeyGone."""
    require_role(user, *NEED_IT)
    if row.user_id != user.pk or not row.since <= at < row.until:
        raise NotAllowed(
            "查看时间已到。", "The time to look is over.", "请重新说明事由。", "State the purpose again.",
            code="-970021",
        )  # fmt: skip
    persons = list(_subject(row.subject_kind).read(user, row.subject_id))
    _record(user, "see_personal_data", row, at)
    return persons


def note_search(*, user: User, text: str, at: datetime) -> None:
    """Write down that somebody searched by a person's whole number; never the number. Nothing for other searches."""
    if kind := kind_of(text):
        record(
            actor=user, act="search_person", subject_kind="person", subject_id="", at=at, detail={"number": str(kind)}
        )


def _subject(key: str) -> Subject:
    subject = get_subject(key)
    if subject is None:
        raise NotYours
    return subject


def _record(user: User, act: str, row: Unmasking, at: datetime) -> None:
    number = _subject(row.subject_kind).numbers([row.subject_id]).get(row.subject_id, "")
    record(
        actor=user, act=act, subject_kind=row.subject_kind, subject_id=str(row.subject_id), at=at,
        detail={"number": number, "until": row.until.isoformat()},
        purpose=f"{Purpose(row.purpose).label}：{row.words}"[:200],
    )  # fmt: skip
