"""Appointments: that a firm appointed a key service in writing, and signing under it.

The key service holds a key that was issued for it to the firm. It signs only while the appointment holds; the firm
ends it at once, and the key is erased with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, require_role
from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.rules import Mistake
from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.gateway import key_files
from kouan.gateway.codes import SignerKind
from kouan.gateway.models import Certificate, KeyAppointment
from kouan.gateway.sealing import SealBroken, seal, unseal
from kouan.gateway.services.certificates import TheDayIsWrong, register_certificate
from kouan.gateway.standards.dec.attached_files import check_file
from kouan.gateway.standards.xmldsig.certificates import read_certificate
from kouan.gateway.standards.xmldsig.keys import RsaKey, Sm2Key, import_key
from kouan.gateway.standards.xmldsig.signing import sign

if TYPE_CHECKING:
    from kouan.accounts.models import Organisation, User

KEY_SERVICES = (OrganisationKind.PORT_OFFICE, OrganisationKind.OPERATOR)
"""The kinds of organisations that may run the key service: the port office, and who operates the port for it."""


class NoSigner(Exception):
    """The firm has appointed no key service; its declaration has to be signed with its own card."""


class TheAppointmentDoesNotFit(Mistake):
    """The paper, the key or the key service of an appointment cannot stand."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The written appointment: its number, its day, and the scanned PDF."""

    number: str
    day: date | None = None
    name: str = ""
    content: bytes = b""


def list_key_services(*, at: datetime) -> list[Organisation]:
    """Give the organisations that may be appointed."""
    return accounts.list_running_of_kinds(KEY_SERVICES, on=timezone.localdate(at))


def appoint_key_service(
    *, actor: Actor, organisation_id: UUID, kind: SignerKind, document_no: str, key: RsaKey | Sm2Key, at: datetime
) -> KeyAppointment:
    """Note that a firm appointed the key service: its key is sealed, its certificate counts. For the system itself."""
    with transaction.atomic():
        return _appoint(actor, organisation_id, None, kind, Paper(document_no), key, at, None, at)


@transaction.atomic
def appoint(
    *, user: User, service_id: UUID, paper: Paper, key_file: bytes, password: str, since: date, last_day: date | None,
    at: datetime,
) -> KeyAppointment:  # fmt: skip
    """Let one's firm appoint a key service from a day on, with the key that was issued for it; the earlier one ends.

    last_day: the last day on which it may sign; None until revoked. Raises NotAllowed, TheAppointmentDoesNotFit,
    TheDayIsWrong, TheFileIsWrong, TheCertificateIsKnown.
    """
    require_role(user, Role.FIRM_MANAGER)
    if service_id not in {one.pk for one in list_key_services(at=at)}:
        raise TheAppointmentDoesNotFit(
            "-982001", "service", "请选择受托的密钥服务单位。", "Choose the organisation of the key service."
        )
    begins, ends = _times_of(since, last_day, paper.day, at)
    _check_paper(paper)
    key = key_files.read_signing_key(key_file, password, at=at)
    _check_certificate(user, key)
    return _appoint(user, user.organisation_id, service_id, SignerKind.KEY_SERVICE, paper, key, begins, ends, at)


def _appoint(
    actor: Actor, organisation_id: UUID, service_id: UUID | None, kind: SignerKind, paper: Paper, key: RsaKey | Sm2Key,
    since: datetime, until: datetime | None, at: datetime,
) -> KeyAppointment:  # fmt: skip
    _end_open(organisation_id, at)
    serial = read_certificate(key.certificate).serial
    row = KeyAppointment.objects.create(
        organisation_id=organisation_id,
        service_id=service_id,
        kind=kind,
        document_no=paper.number,
        document_date=paper.day,
        paper_name=paper.name[:200],
        sealed_paper=seal(paper.content) if paper.content else b"",
        certificate_serial=serial,
        sealed_key=seal(json.dumps(key.export()).encode()),
        since=since,
        until=until,
    )
    register_certificate(
        actor=actor, organisation_id=organisation_id, der=key.certificate, at=at, is_demo=kind == SignerKind.TEST
    )
    audit.record(
        actor=actor,
        act="appoint_key_service",
        subject_kind="key_appointment",
        subject_id=row.pk,
        at=at,
        detail={"document_no": paper.number, "kind": str(kind), "service": str(service_id or ""), "serial": serial},
    )
    return row


@transaction.atomic
def revoke_appointment(*, user: User, appointment_id: UUID, at: datetime) -> None:
    """End an appointment of one's firm at this moment and erase its key. Raises NotAllowed, NotYours.

    The system administrator may do so too, for a key that does harm.
    """
    require_role(user, Role.FIRM_MANAGER, Role.SYSTEM_ADMIN)
    row = KeyAppointment.objects.visible_to(user).select_for_update().filter(pk=appointment_id).first()
    if row is None or (row.organisation_id != user.organisation_id and not user.is_system_admin):
        raise NotYours
    if row.ended_at is None:
        _end(row, at)
        audit.record(
            actor=user,
            act="revoke_key_appointment",
            subject_kind="key_appointment",
            subject_id=row.pk,
            at=at,
            detail={"document_no": row.document_no},
        )


def paper_of(row: KeyAppointment) -> bytes:
    """Give the scanned appointment. Raises NotYours where there is none."""
    if not row.sealed_paper:
        raise NotYours
    return unseal(row.sealed_paper)


def signer_of(organisation_id: UUID, *, at: datetime) -> KeyAppointment | None:
    """Find the appointment under which may be signed for a firm at a moment."""
    return KeyAppointment.objects.in_force(at).filter(organisation_id=organisation_id).first()


def sign_for(*, actor: Actor, organisation_id: UUID, raw: bytes, at: datetime) -> bytes:
    """Sign a message with the key that a firm appointed. Raises NoSigner."""
    appointment = signer_of(organisation_id, at=at)
    if appointment is None:
        raise NoSigner(str(organisation_id))
    try:
        key = import_key(json.loads(unseal(appointment.sealed_key)))
    except SealBroken as fault:
        raise NoSigner(str(organisation_id)) from fault
    audit.record(actor=actor, act="sign_for_firm", subject_kind="key_appointment", subject_id=appointment.pk, at=at)
    return sign(raw, key)


def _end_open(organisation_id: UUID, at: datetime) -> None:
    for row in KeyAppointment.objects.select_for_update().filter(organisation_id=organisation_id, ended_at=None):
        _end(row, at)


def _end(row: KeyAppointment, at: datetime) -> None:
    row.ended_at, row.sealed_key = at, b""
    row.save(update_fields=["ended_at", "sealed_key"])


def _times_of(
    since: date, last_day: date | None, document_day: date | None, at: datetime
) -> tuple[datetime, datetime | None]:
    """Give the moments from which and before which may be signed. Raises TheDayIsWrong."""
    today = timezone.localdate(at)
    if since < today:
        raise TheDayIsWrong(
            "-982002", "since", "委托不能自过去的日期起生效。", "An appointment cannot begin on a past day."
        )
    if document_day is not None and document_day > today:
        raise TheDayIsWrong(
            "-982003", "document_day", "委托书日期不能晚于今天。", "The paper cannot be of a later day."
        )
    if last_day is not None and last_day < since:
        raise TheDayIsWrong("-982004", "last_day", "截止日期应不早于生效日期。", "The last day lies before the first.")
    begins = at if since == today else _midnight(since)
    return begins, None if last_day is None else _midnight(last_day + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _check_paper(paper: Paper) -> None:
    """Refuse a paper that is no whole passive PDF. Raises TheAppointmentDoesNotFit."""
    for found in check_file(paper.name, paper.content):
        raise TheAppointmentDoesNotFit(found.code, "paper", found.zh, found.en, found.fix_zh, found.fix_en)


def _check_certificate(user: User, key: RsaKey | Sm2Key) -> None:
    """Refuse a key of which the certificate was revoked, or whose serial number stands for another certificate."""
    serial = read_certificate(key.certificate).serial
    known = Certificate.objects.filter(organisation_id=user.organisation_id, serial=serial).first()
    if known is None:
        return
    if bytes(known.der) != key.certificate or known.until is not None:
        raise TheAppointmentDoesNotFit(
            "-982005", "file", f"序列号 {serial} 的证书已撤销或与登记的不同。",
            f"The certificate {serial} was revoked or is another than the one registered.",
            "请使用新的密钥和证书。", "Use a new key with its certificate.",
        )  # fmt: skip
