"""Mailing: what is new for a person becomes a letter at the pace that the person chose; letters go out of an outbox.

Where no mail server is set, letters are written all the same and kept: the outbox shows what would have gone out.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core import mail, signing
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours
from kouan.audit import services as audit
from kouan.notices import selectors
from kouan.notices.codes import MailState, Pace
from kouan.notices.models import Mail, Notice, Reader
from kouan.notices.topics import word_of_topic

if TYPE_CHECKING:
    from kouan.accounts.models import User

log = logging.getLogger("kouan.notices.mailing")

DAILY_HOUR = 8
MOST_IN_A_LETTER = 50
MOST_READ = 1000
READERS_A_TURN = 200
LETTERS_A_TURN = 100
MOST_ATTEMPTS = 8
LETTER_KEPT = timedelta(days=30)
LINK_HOLDS = timedelta(days=2)
_SALT = "kouan.notices.mail-address"


# The address ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def choose_mail(*, user: User, address: str, pace: Pace, at: datetime) -> Reader:
    """Set where and how often a person gets mail. A new address gets a letter with a link that confirms it."""
    reader = selectors.reader_of(user)
    is_new = bool(address) and address != reader.mail_address
    if address != reader.mail_address:
        reader.mail_address, reader.is_confirmed = address, False
    reader.pace = pace
    _plan(reader, user, at)
    reader.save()
    audit.record(
        actor=user, act="choose_mail", subject_kind="user", subject_id=user.pk, at=at, detail={"pace": str(pace)}
    )
    if is_new:
        _write_confirmation(user, address, at)
    return reader


@transaction.atomic
def confirm_address(*, user: User, token: str, at: datetime) -> Reader:
    """Take an address as the person's own. Raises NotYours for a link that is another's, old or of another address."""
    try:
        person, address = signing.loads(token, salt=_SALT, max_age=LINK_HOLDS)
    except (signing.BadSignature, ValueError):
        raise NotYours from None
    reader = selectors.reader_of(user)
    if person != str(user.pk) or address != reader.mail_address:
        raise NotYours
    reader.is_confirmed = True
    _plan(reader, user, at)
    reader.save()
    return reader


def _plan(reader: Reader, user: User, at: datetime) -> None:
    """Say when the next letter is due; what was told before is not mailed any more."""
    wants = reader.is_confirmed and reader.pace != Pace.NEVER
    if wants and reader.mail_due_at is None:
        last = Notice.objects.visible_to(user).order_by("-pk").values_list("pk", flat=True).first()
        reader.mailed_up_to = last or reader.mailed_up_to
    reader.mail_due_at = next_due(Pace(reader.pace), at) if wants else None


def next_due(pace: Pace, at: datetime) -> datetime | None:
    """Give the next moment at which a letter may go out at a pace."""
    local = timezone.localtime(at)
    if pace == Pace.AT_ONCE:
        return at + timedelta(minutes=1)
    if pace == Pace.HOURLY:
        return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if pace == Pace.DAILY:
        today = local.replace(hour=DAILY_HOUR, minute=0, second=0, microsecond=0)
        return today if today > local else today + timedelta(days=1)
    return None


def _write_confirmation(user: User, address: str, at: datetime) -> None:
    token = signing.dumps([str(user.pk), address], salt=_SALT)
    with override(user.language):
        context = {"person": user, "link": f"{settings.KOUAN_ADDRESS}/notices/mail/{token}"}
        body = render_to_string("notices/letter_confirm.txt", context)
        _write(user.pk, address, _("请确认接收口岸通知的邮箱"), body, at)


# Letters -------------------------------------------------------------------------------------------------------------


def write_due_letters(*, at: datetime) -> int:
    """Write the letters that are due; return how many people were looked at."""
    with transaction.atomic():
        due = Reader.objects.select_for_update(skip_locked=True).filter(mail_due_at__lte=at)
        readers = list(due.order_by("mail_due_at")[:READERS_A_TURN])
        people = accounts.people_by_id(reader.person_id for reader in readers)
        for reader in readers:
            user = people.get(reader.person_id)
            if user:
                _write_letter(user, reader, at)
            reader.mail_due_at = next_due(Pace(reader.pace), at) if user else None
            reader.save(update_fields=["mailed_up_to", "mail_due_at"])
    return len(readers)


def _write_letter(user: User, reader: Reader, at: datetime) -> None:
    """Write one person's letter about what is new and unread, and note how far it reaches."""
    new = selectors.list_notices(user).filter(pk__gt=reader.mailed_up_to, is_read=False)
    notices = list(new.order_by("pk")[:MOST_READ])
    if not notices:
        return
    reader.mailed_up_to = notices[-1].pk
    with override(user.language):
        counts = Counter(notice.topic for notice in notices)
        context = {
            "person": user,
            "counts": [(word_of_topic(topic), count) for topic, count in counts.most_common()],
            "lines": [(notice, word_of_topic(notice.topic)) for notice in notices[:MOST_IN_A_LETTER]],
            "more": len(notices) - MOST_IN_A_LETTER,
            "address": settings.KOUAN_ADDRESS,
        }
        subject = _("口岸通知 %(n)s 条") % {"n": len(notices)}
        if len(notices) == 1:
            subject = f"{word_of_topic(notices[0].topic)} {notices[0].number}"
        _write(user.pk, reader.mail_address, subject, render_to_string("notices/letter.txt", context), at)


def _write(person_id: UUID, address: str, subject: str, body: str, at: datetime) -> None:
    state = MailState.WAITING if settings.EMAIL_HOST else MailState.KEPT
    Mail.objects.create(
        person_id=person_id, address=address, subject=subject, body=body, state=state, written_at=at, due_at=at
    )


def send_due_letters(*, at: datetime) -> int:
    """Send letters that are due, each in a transaction of its own; return how many went out."""
    if not settings.EMAIL_HOST:
        return 0
    sent = 0
    with mail.get_connection() as server:
        for _turn in range(LETTERS_A_TURN):
            outcome = _send_next(server, at)
            if outcome is None:
                break
            sent += outcome
    return sent


@transaction.atomic
def _send_next(server: mail.backends.base.BaseEmailBackend, at: datetime) -> int | None:
    due = Mail.objects.select_for_update(skip_locked=True).filter(state=MailState.WAITING, due_at__lte=at)
    letter = due.order_by("due_at").first()
    if letter is None:
        return None
    letter.attempts += 1
    try:
        message = mail.EmailMessage(
            letter.subject,
            letter.body,
            settings.DEFAULT_FROM_EMAIL,
            [letter.address],
            headers={"Message-ID": f"<{letter.pk}@kouan>", "Auto-Submitted": "auto-generated"},
            connection=server,
        )
        message.send()
        letter.state, letter.sent_at, letter.error = MailState.SENT, at, ""
    except (OSError, SMTPException) as error:
        letter.error = f"{type(error).__name__}: {error}"[:300]
        letter.due_at = at + timedelta(minutes=2**letter.attempts)
        if letter.attempts >= MOST_ATTEMPTS:
            letter.state = MailState.FAILED
        log.warning("letter %s did not go out: %s", letter.pk, letter.error)
    letter.save()
    return int(letter.state == MailState.SENT)


@transaction.atomic
def resend_letter(*, user: User, pk: UUID, at: datetime) -> bool:
    """Put a letter that was kept or failed into the line again; False where no server is set. Raises NotYours."""
    letter = selectors.get_mail(user=user, pk=pk)
    if not settings.EMAIL_HOST:
        return False
    Mail.objects.filter(pk=letter.pk, state__in=[MailState.KEPT, MailState.FAILED]).update(
        state=MailState.WAITING, attempts=0, due_at=at
    )
    audit.record(actor=user, act="resend_letter", subject_kind="letter", subject_id=letter.pk, at=at)
    return True


def forget_old_letters(*, at: datetime) -> int:
    """Remove letters that were written long ago; return how many went."""
    return Mail.objects.filter(written_at__lt=at - LETTER_KEPT).delete()[0]
