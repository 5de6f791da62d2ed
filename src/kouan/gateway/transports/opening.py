"""Opening a line of HTTP: with the credential of the channel, and to servers that it trusts."""

from __future__ import annotations

import os
import ssl
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import httpx


@dataclass(frozen=True, slots=True)
class Key:
    """What a channel shows the other side: a token, or a client certificate with its key (PEM, key unencrypted)."""

    token: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    private: str = field(default="", repr=False)


def open_line(key: Key | None, authorities: str = "") -> httpx.Client:
    """Give a client that shows a key. authorities: certificates (PEM) that alone may vouch for the server; empty for
    those that the system trusts. Redirects are never followed, so that the key goes nowhere else. Raises ssl.SSLError.
    """
    headers = {"Authorization": f"Bearer {key.token}"} if key and key.token else {}
    if not authorities and not (key and key.certificate):
        return httpx.Client(headers=headers, follow_redirects=False)
    context = ssl.create_default_context(cadata=authorities or None)
    if key and key.certificate:
        _show(context, key)
    return httpx.Client(headers=headers, follow_redirects=False, verify=context)


def _show(context: ssl.SSLContext, key: Key) -> None:
    """Load certificate and key; OpenSSL takes them from a file only, which is gone before anything is sent."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "key.pem"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{key.certificate}\n{key.private}")
        context.load_cert_chain(path)
