"""Certificates whose signatures count, and the keys with which Kouan signs where a firm appointed it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cryptography.fernet import Fernet
from django.conf import settings
from django.db.models import Q

from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.gateway.codes import SignerKind
from kouan.gateway.models import Certificate, KeyAppointment
from kouan.gateway.standards.xmldsig.certificates import read_certificate
from kouan.gateway.standards.xmldsig.keys import RsaKey, Sm2Key, import_key
from kouan.gateway.standards.xmldsig.signing import sign
from kouan.gateway.standards.xmldsig.trust import TrustedCertificates


class NoSigner(Exception):
    """The firm has appointed no key service; its declaration has to be signed with its own card."""


def register_certificate(
    *, actor: Actor, organisation_id: UUID, der: bytes, at: datetime, is_demo: bool = False
) -> Certificate:
    """Register a certificate for an organisation; registered twice is registered once."""
    found = read_certificate(der)
    row, is_new = Certificate.objects.get_or_create(
        organisation_id=organisation_id,
        serial=found.serial,
        defaults={"subject": found.subject, "der": der, "since": at, "is_demo": is_demo},
    )
    if is_new:
        audit.record(actor=actor, act="register_certificate", subject_kind="certificate", subject_id=row.pk, at=at)
    return row


def trusted_for(organisation_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, TrustedCertificates]:
    """Give, for each organisation, the certificates whose signatures count at a moment."""
    ids = list(organisation_ids)
    registered: dict[UUID, list] = {organisation_id: [] for organisation_id in ids}
    in_force = Q(since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))
    for row in Certificate.objects.filter(in_force, organisation_id__in=ids):
        registered[row.organisation_id].append(read_certificate(bytes(row.der)))
    return {organisation_id: TrustedCertificates(found) for organisation_id, found in registered.items()}


def appoint_key_service(
    *, actor: Actor, organisation_id: UUID, kind: SignerKind, document_no: str, key: RsaKey | Sm2Key, at: datetime
) -> KeyAppointment:
    """Note that a firm appointed the key service in writing; its key is kept sealed, its certificate counts."""
    KeyAppointment.objects.filter(organisation_id=organisation_id, until__isnull=True).update(until=at)
    row = KeyAppointment.objects.create(
        organisation_id=organisation_id,
        kind=kind,
        document_no=document_no,
        sealed_key=_seal().encrypt(json.dumps(key.export()).encode()),
        since=at,
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
        detail={"document_no": document_no, "kind": str(kind)},
    )
    return row


def signer_of(organisation_id: UUID) -> KeyAppointment | None:
    """Find the appointment under which Kouan may sign for a firm."""
    return KeyAppointment.objects.filter(organisation_id=organisation_id, until__isnull=True).first()


def sign_for(*, actor: Actor, organisation_id: UUID, raw: bytes, at: datetime) -> bytes:
    """Sign a message with the key that a firm appointed. Raises NoSigner."""
    appointment = signer_of(organisation_id)
    if appointment is None:
        raise NoSigner(str(organisation_id))
    key = import_key(json.loads(_seal().decrypt(bytes(appointment.sealed_key))))
    audit.record(actor=actor, act="sign_for_firm", subject_kind="key_appointment", subject_id=appointment.pk, at=at)
    return sign(raw, key)


def _seal() -> Fernet:
    return Fernet(settings.KOUAN_SEALING_KEY)
