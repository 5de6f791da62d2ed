"""Reads of certificates and appointments: the lists, one of them with what stands in it, and whether it holds now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.db.models import Case, CharField, Q, QuerySet, Value, When

from kouan.accounts import selectors as accounts
from kouan.accounts.access import get_visible
from kouan.gateway.codes import AppointmentState, CertificateState
from kouan.gateway.models import Certificate, KeyAppointment
from kouan.gateway.standards.xmldsig.certificates import Certificate as Read
from kouan.gateway.standards.xmldsig.certificates import read_certificate

if TYPE_CHECKING:
    from kouan.accounts.models import User


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered certificate with what stands in it."""

    row: Certificate
    found: Read
    state: CertificateState

    @property
    def algorithm(self) -> str:
        """The kind of the key, with its length for RSA."""
        key = self.found.key
        return f"RSA {key.key_size}" if isinstance(key, RSAPublicKey) else "SM2"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in pairs."""
        text = self.found.fingerprint.upper()
        return ":".join(text[place : place + 2] for place in range(0, len(text), 2))


def list_certificates(user: User) -> QuerySet[Certificate]:
    """Give the certificates that a person may see, each with the name of its organisation."""
    return Certificate.objects.visible_to(user).annotate(owner=accounts.name_of_organisation("organisation_id"))


def get_certificate(*, user: User, pk: UUID, at: datetime) -> Registered:
    """Give one certificate with what stands in it; raises NotYours."""
    return look_into(get_visible(Certificate.objects, user, pk=pk), at)


def look_into(row: Certificate, at: datetime) -> Registered:
    """Read a registered certificate and say whether it counts at a moment."""
    found = read_certificate(bytes(row.der))
    return Registered(row, found, _state_of(row, found, at))


def _state_of(row: Certificate, found: Read, at: datetime) -> CertificateState:
    if row.until is not None and row.until <= at:
        return CertificateState.REVOKED
    if found.until < at:
        return CertificateState.EXPIRED
    if found.since > at:
        return CertificateState.TO_COME
    return CertificateState.IN_FORCE if row.until is None else CertificateState.ENDING


def list_appointments(user: User, *, at: datetime) -> QuerySet[KeyAppointment]:
    """Give the appointments that a person may see, without key and paper, each with both names and its state."""
    return (
        KeyAppointment.objects.visible_to(user)
        .defer("sealed_key", "sealed_paper")
        .annotate(
            firm=accounts.name_of_organisation("organisation_id"),
            service=accounts.name_of_organisation("service_id"),
            state=Case(
                When(ended_at__isnull=False, then=Value(str(AppointmentState.REVOKED))),
                When(since__gt=at, then=Value(str(AppointmentState.TO_COME))),
                When(Q(until__isnull=False) & Q(until__lte=at), then=Value(str(AppointmentState.ENDED))),
                default=Value(str(AppointmentState.RUNNING)),
                output_field=CharField(),
            ),
        )
    )


def get_appointment(*, user: User, pk: UUID, at: datetime) -> KeyAppointment:
    """Give one appointment with both names and its state; raises NotYours."""
    get_visible(KeyAppointment.objects, user, pk=pk)
    return list_appointments(user, at=at).get(pk=pk)


def find_certificate_of(row: KeyAppointment) -> UUID | None:
    """Find the registered certificate of the key of an appointment."""
    found = Certificate.objects.filter(organisation_id=row.organisation_id, serial=row.certificate_serial)
    return found.values_list("pk", flat=True).first()
