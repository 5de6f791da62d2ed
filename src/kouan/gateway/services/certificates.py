"""Certificates whose signatures count: registered, revoked from a day on, and asked for when messages are checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.rules import Mistake
from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.gateway import key_files
from kouan.gateway.models import Certificate
from kouan.gateway.standards.xmldsig.certificates import read_certificate
from kouan.gateway.standards.xmldsig.trust import TrustedCertificates

if TYPE_CHECKING:
    from kouan.accounts.models import User

HOLDERS = (Role.FIRM_MANAGER, Role.SYSTEM_ADMIN)
"""Who registers and revokes the certificates of the own organisation."""


class TheCertificateIsKnown(Mistake):
    """The certificate was registered before, or another one stands under its serial number."""


class TheDayIsWrong(Mistake):
    """A day from which something shall hold lies in the past, or after its end."""


def register_certificate(
    *, actor: Actor, organisation_id: UUID, der: bytes, at: datetime, is_demo: bool = False
) -> Certificate:
    """Register a certificate for an organisation; registered twice is registered once."""
    found = read_certificate(der)
    row, is_new = Certificate.objects.get_or_create(
        organisation_id=organisation_id,
        serial=found.serial,
        defaults={"subject": found.subject[:300], "der": der, "since": at, "is_demo": is_demo},
    )
    if is_new:
        audit.record(
            actor=actor,
            act="register_certificate",
            subject_kind="certificate",
            subject_id=row.pk,
            at=at,
            detail={"serial": found.serial, "fingerprint": found.fingerprint},
        )
    return row


@transaction.atomic
def register_uploaded(*, user: User, content: bytes, at: datetime) -> Certificate:
    """Register the certificate of an uploaded file for one's own organisation.

    Raises NotAllowed, TheFileIsWrong, TheCertificateIsKnown.
    """
    if not user.has_role(*HOLDERS):
        raise NotAllowed
    found = key_files.read_certificate_file(content, at=at)
    known = Certificate.objects.filter(organisation_id=user.organisation_id, serial=found.serial).first()
    if known is not None:
        is_same = bytes(known.der) == found.der
        raise TheCertificateIsKnown(
            "-981020", "file",
            f"序列号 {found.serial} 已登记{'' if is_same else '为另一张证书'}{'，且已撤销' if known.until else ''}。",
            f"The serial number {found.serial} is registered already{'' if is_same else ' for another certificate'}"
            f"{' and was revoked' if known.until else ''}.",
            "撤销的证书不能恢复，请申领新证书。" if known.until else "请在证书列表查看。",
            "A revoked one does not come back; get a new one." if known.until else "See the list of certificates.",
        )  # fmt: skip
    return register_certificate(actor=user, organisation_id=user.organisation_id, der=found.der, at=at)


@transaction.atomic
def revoke_certificate(*, user: User, certificate_id: UUID, from_day: date, reason: str, at: datetime) -> Certificate:
    """Let signatures of a certificate count no more from a day on; today means now.

    A day that is still to come may be brought forward; a revocation is never taken back. Raises NotYours, NotAllowed,
    TheDayIsWrong.
    """
    row = Certificate.objects.visible_to(user).select_for_update().filter(pk=certificate_id).first()
    if row is None or row.organisation_id != user.organisation_id:
        raise NotYours
    if not user.has_role(*HOLDERS):
        raise NotAllowed
    today = timezone.localdate(at)
    if from_day < today:
        raise TheDayIsWrong(
            "-981021", "from_day", "撤销不能早于今天：已验过的报文不改结论。",
            "A revocation cannot begin before today: what was checked stays checked.",
            "如密钥已泄露，请选今天，立即生效。", "If the key is known to others choose today: it holds at once.",
        )  # fmt: skip
    until = at if from_day == today else timezone.make_aware(datetime.combine(from_day, time.min))
    if row.until is not None and row.until <= until:
        raise TheDayIsWrong(
            "-981022", "from_day", "该证书已撤销，且不晚于所填日期。",
            "The certificate is revoked from that day on or an earlier one.",
        )  # fmt: skip
    row.until, row.revoked_for = until, reason[:200]
    row.save(update_fields=["until", "revoked_for"])
    audit.record(
        actor=user,
        act="revoke_certificate",
        subject_kind="certificate",
        subject_id=row.pk,
        at=at,
        detail={"serial": row.serial, "from": from_day.isoformat(), "reason": reason[:200]},
    )
    return row


def trusted_for(organisation_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, TrustedCertificates]:
    """Give, for each organisation, the certificates whose signatures count at a moment."""
    ids = list(organisation_ids)
    registered: dict[UUID, list] = {organisation_id: [] for organisation_id in ids}
    in_force = Q(since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))
    for row in Certificate.objects.filter(in_force, organisation_id__in=ids):
        registered[row.organisation_id].append(read_certificate(bytes(row.der)))
    return {organisation_id: TrustedCertificates(found) for organisation_id, found in registered.items()}
