"""The credential that a channel shows the other side: entered once, kept sealed, never shown again."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
from django.db import transaction

from kouan.accounts.access import NotYours
from kouan.accounts.rules import Mistake
from kouan.audit import services as audit
from kouan.gateway import key_files
from kouan.gateway.codes import Carrier, CredentialKind, Side
from kouan.gateway.models import Connection, Credential
from kouan.gateway.rules import check_url, may_keep
from kouan.gateway.sealing import SealBroken, seal, unseal
from kouan.gateway.transports.opening import Key, open_line

if TYPE_CHECKING:
    from kouan.accounts.models import User

LONGEST_TOKEN = 4096
_DOES_NOT_OPEN = "通道凭证无法解密，请重新登记 / the credential of this channel does not open; enter it again"
_CANNOT_BE_USED = "通道凭证或信任的证书无法使用，请重新登记 / the credential or the trusted certificate cannot be used"


class TheCredentialIsWrong(Mistake):
    """What was entered as a credential cannot be one."""


@transaction.atomic
def set_bearer(*, user: User, connection_id: UUID, token: str, at: datetime) -> Credential:
    """Let a channel show a token from now on. Raises TheCredentialIsWrong, TheAddressIsWrong, NotYours."""
    token = token.strip()
    if not 1 <= len(token) <= LONGEST_TOKEN or not all("!" <= letter <= "~" for letter in token):
        raise TheCredentialIsWrong(
            "-983010", "token", f"令牌应为不含空格的可见字符，不超过 {LONGEST_TOKEN} 个。",
            f"A token has up to {LONGEST_TOKEN} visible characters and no spaces.",
            "请按对方给出的原文粘贴。", "Paste it as the other side gave it.",
        )  # fmt: skip
    return _keep(user, connection_id, CredentialKind.BEARER, {"token": token}, "", None, at)


@transaction.atomic
def set_client_certificate(
    *, user: User, connection_id: UUID, content: bytes, password: str, at: datetime
) -> Credential:
    """Let a channel show a client certificate from now on. content: PKCS #12, or PEM of certificate and key.

    Raises TheFileIsWrong, TheAddressIsWrong, NotYours.
    """
    found = key_files.read_client_certificate(content, password, at=at)
    secret = {"certificate": found.certificate, "private": found.private}
    return _keep(user, connection_id, CredentialKind.CERTIFICATE, secret, found.subject, found.until, at)


@transaction.atomic
def remove_credential(*, user: User, connection_id: UUID, at: datetime) -> None:
    """Let a channel show nothing any more, and forget what it showed. Raises NotYours."""
    channel = _lock(user, connection_id)
    if Credential.objects.filter(connection=channel).delete()[0]:
        _record(user, "remove_credential", channel, at)


def _keep(
    user: User, connection_id: UUID, kind: CredentialKind, secret: dict[str, str], label: str,
    until: datetime | None, at: datetime,
) -> Credential:  # fmt: skip
    channel = _lock(user, connection_id)
    check_url(channel.address, shows_credential=True)
    row, _ = Credential.objects.update_or_create(
        connection=channel,
        defaults={
            "kind": kind, "sealed": seal(json.dumps(secret).encode()), "label": label[:300], "until": until,
            "entered_at": at,
        },
    )  # fmt: skip
    Connection.objects.filter(pk=channel.pk).update(retry_at=None if channel.retry_at is None else at)
    _record(user, "set_credential", channel, at, kind=str(kind))
    return row


def _lock(user: User, connection_id: UUID) -> Connection:
    channel = Connection.objects.visible_to(user).select_for_update().filter(pk=connection_id).first()
    if channel is None or not may_keep(user, channel):
        raise NotYours
    if channel.side != Side.NATIONAL or channel.carrier != Carrier.HTTP:
        raise NotYours
    return channel


def _record(user: User, act: str, channel: Connection, at: datetime, **detail: str) -> None:
    audit.record(actor=user, act=act, subject_kind="connection", subject_id=channel.pk, at=at, detail=detail)


# The line that shows it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to a channel, or the reason why there is none. edition: what it was opened with."""

    edition: tuple[str, datetime | None]
    client: httpx.Client | None = None
    fault: str = ""


def edition_of(channel: Connection) -> tuple[str, datetime | None]:
    """Say what a line to a channel has to be opened with: another edition needs another line."""
    entered = Credential.objects.filter(connection=channel).values_list("entered_at", flat=True).first()
    return channel.authorities, entered


def line_to(channel: Connection, edition: tuple[str, datetime | None]) -> Line:
    """Open a line to a channel with its credential; where that cannot be used the line says why."""
    row = Credential.objects.filter(connection=channel).first()
    try:
        key = Key(**json.loads(unseal(row.sealed))) if row else None
        return Line(edition, open_line(key, channel.authorities))
    except SealBroken:
        return Line(edition, fault=_DOES_NOT_OPEN)
    except (ssl.SSLError, ValueError, TypeError):
        return Line(edition, fault=_CANNOT_BE_USED)
