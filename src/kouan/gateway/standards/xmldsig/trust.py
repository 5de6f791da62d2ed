"""Whose signature counts: certificates that were registered, and authorities whose certificates do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from .certificates import Certificate, is_issued_by


class Trust(Protocol):
    """Decides whether a certificate counts, and finds one by the name of its key."""

    def accepts(self, certificate: Certificate) -> bool:
        """Say whether signatures made under a certificate count."""
        ...

    def by_key_name(self, key_name: str) -> Certificate | None:
        """Find the certificate of a signature that names its key only."""
        ...


class TrustedCertificates:
    """Counts what was registered, and what one of the authorities issued.

    registered: certificates of partners; looked up by fingerprint, and by serial number for signatures that carry only
    the name of their key. authorities: certificates of issuers; one step, no chains.
    """

    def __init__(self, registered: Iterable[Certificate] = (), authorities: Iterable[Certificate] = ()) -> None:
        self._registered = {one.fingerprint: one for one in registered}
        self._by_serial = {one.serial: one for one in self._registered.values()}
        self._authorities = list(authorities)
        self._issued: dict[str, bool] = {}

    def accepts(self, certificate: Certificate) -> bool:
        """Say whether a certificate is registered or issued by an authority."""
        if certificate.fingerprint in self._registered:
            return True
        if certificate.fingerprint not in self._issued:
            issued = any(is_issued_by(certificate, one) for one in self._authorities)
            self._issued[certificate.fingerprint] = issued
        return self._issued[certificate.fingerprint]

    def by_key_name(self, key_name: str) -> Certificate | None:
        """Find a registered certificate by its serial number in hexadecimal; leading zeros do not matter."""
        return self._by_serial.get(key_name.strip().lower().lstrip("0"))


class _Anyone:
    """Counts every certificate: for checking the mathematics alone. A message that passes it proves no sender."""

    def accepts(self, certificate: Certificate) -> bool:
        return True

    def by_key_name(self, key_name: str) -> Certificate | None:
        return None


ANYONE: Trust = _Anyone()
