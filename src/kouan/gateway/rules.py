"""What must hold of connections, their credentials, certificates and appointments, and who may see to them."""

from __future__ import annotations

import ipaddress
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.rules import Mistake
from kouan.gateway.codes import Carrier, Scope, Side, SignaturePolicy

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.gateway.models import Connection

KEEPERS = (Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN)
OPENERS = (Role.FIRM_MANAGER, *KEEPERS)
"""Who may open connections: a firm's administrator for the firm, the office and the system administrator for the
national side; the system administrator for any firm as well."""
_PART = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._-]{0,79}")


class TheAddressIsWrong(Mistake):
    """The address or the folder of a connection cannot be used."""


class TheConnectionDoesNotFit(Mistake):
    """What was asked of a connection does not go together."""


class TheTokenDoesNotFit(Mistake):
    """What was asked of a token does not go together."""


def may_keep(user: User, channel: Connection) -> bool:
    """Whether a person may change and close a connection."""
    if channel.carrier == Carrier.DESK:
        return False
    if user.is_system_admin:
        return True
    if channel.side == Side.NATIONAL:
        return user.has_role(Role.PORT_OFFICE_CLERK)
    return user.has_role(Role.FIRM_MANAGER) and channel.organisation_id == user.organisation_id


def may_hold_token(user: User, channel: Connection) -> bool:
    """Whether a person may be shown the token of a connection: who has it speaks for the owner.

    So it is the firm's own administrator, and for the national side those who keep it.
    """
    if channel.carrier != Carrier.HTTP:
        return False
    if channel.side == Side.NATIONAL:
        return user.has_role(*KEEPERS)
    return user.has_role(Role.FIRM_MANAGER) and channel.organisation_id == user.organisation_id


def scopes_for(side: str) -> list[Scope]:
    """What machines at the other end of a channel have to do with Kouan."""
    scopes = [Scope.SEND, Scope.FETCH, Scope.LOOK]
    return [*scopes, Scope.SITE] if side == Side.SITE else scopes


def check_until(until: datetime | None, *, at: datetime) -> None:
    """Raise TheTokenDoesNotFit unless a token ends, and within the time that the installation allows.

    Reason: a key that never ends is found years later where nobody thinks of it (GB/T 22239-2019, 8.1.4.1 a: what
    proves who somebody is has to be changed regularly).
    """
    most = settings.KOUAN_TOKEN_DAYS
    if until is None or not at < until <= at + timedelta(days=most + 1):
        raise TheTokenDoesNotFit(
            "-983021", "last_day", f"令牌须有截止日期，自今日起不超过 {most} 天。",
            f"A token has a last day, at most {most} days from today.", "请改选日期；到期前可平滑更换。",
            "Choose another day; it can be replaced without a gap before it ends.",
        )  # fmt: skip


def policies_for(user: User, *, side: Side) -> list[SignaturePolicy]:
    """The signature policies that a person may choose.

    Reason: that declarations are signed (海关总署公告 2018 年第 113 号) protects more than the firm itself, so only the
    system administrator loosens it; a firm may always be stricter again.
    """
    return list(SignaturePolicy) if user.is_system_admin or side == Side.NATIONAL else [SignaturePolicy.REQUIRE]


def sides_for(user: User) -> list[Side]:
    """The other sides to which a person may open connections."""
    found: list[Side] = []
    if user.has_role(Role.FIRM_MANAGER):
        kinds = set(user.organisation.kinds)
        if kinds & {OrganisationKind.SITE_OPERATOR, OrganisationKind.OPERATOR}:
            found.append(Side.SITE)
        if kinds - {OrganisationKind.SITE_OPERATOR, OrganisationKind.OPERATOR}:
            found.append(Side.ENTERPRISE)
    if user.has_role(*KEEPERS):
        found.append(Side.NATIONAL)
    if user.is_system_admin:
        found += [Side.ENTERPRISE, Side.SITE]
    return list(dict.fromkeys(found))


def check_url(address: str, *, shows_credential: bool) -> str:
    """Return the address of an HTTP channel without a slash at its end; raise TheAddressIsWrong.

    A credential goes over TLS only, or to this very machine.
    """
    address = address.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f\x7f]", address):
        raise TheAddressIsWrong(
            "-983001", "address", "地址应为 http:// 或 https:// 开头的完整网址。",
            "The address is a whole one that begins with http:// or https://.",
            "例如 https://dxp.example.cn/api/v1。", "Such as https://dxp.example.cn/api/v1.",
        )  # fmt: skip
    if parts.username or parts.password or parts.query or parts.fragment:
        raise TheAddressIsWrong(
            "-983002", "address", "地址不应含用户名、口令、问号或井号。",
            "The address holds no user name, password, question mark or hash.",
            "凭证请在“通道凭证”登记。", "Enter the credential where credentials are entered.",
        )  # fmt: skip
    if shows_credential and parts.scheme != "https" and not _is_this_machine(host):
        raise TheAddressIsWrong(
            "-983003", "address", "带凭证的通道须使用 https。", "A channel with a credential has to use https.",
            "请改用 https:// 地址，或先移除凭证。", "Use an https:// address, or remove the credential first.",
        )  # fmt: skip
    return address


def check_folder(address: str) -> str:
    """Return the folder of a channel below the exchange root; raise TheAddressIsWrong where it could lead out of it."""
    parts = address.strip().strip("/").split("/")
    if not 1 <= len(parts) <= 4 or not all(_PART.fullmatch(part) and ".." not in part for part in parts):
        raise TheAddressIsWrong(
            "-983004", "address", "文件夹应为交换目录下的相对路径，由字母、数字、汉字、点、横线组成。",
            "The folder is a path below the exchange folder, of letters, digits, dots and dashes.",
            "例如 national 或 firms/4201960001。", "Such as national or firms/4201960001.",
        )  # fmt: skip
    return "/".join(parts)


def overlaps(one: str, other: str) -> bool:
    """Whether one folder lies within the other, or is it."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
