"""Which network addresses may be posted to: public ones, and those networks that the operator names.

A firm types the address of its own system, and our server posts there: without a look at it, that is a way into our
network. The address is looked at when it is entered and again at every connection, on the very number that is then
connected to, so that a name that answers differently the second time (DNS rebinding) gains nothing. Redirects are
never followed. Pure, but for asking the resolver.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from kouan.records.problems import Problem

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 400
_LOWEST_FREE_PORT = 1024
_HTTPS = 443
_HTTP = 80
_NAT64 = ip_network("64:ff9b::/96")
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?", re.IGNORECASE)


class TheAddressIsInside(Exception):
    """The name stands for an address that may not be posted to."""


class TheNameIsUnknown(Exception):
    """No address is known for the name."""


def to_networks(texts: Iterable[str]) -> list[Network]:
    """Read networks as ``10.20.0.0/16``. Raises ValueError."""
    return [ip_network(text) for text in texts]


def may_post_to(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether an address is public or in a network that the operator named.

    Addresses that carry another one (mapped, 6to4, Teredo, NAT64) are judged by both.
    """
    if any(address in network for network in allowed):
        return True
    inner = _carried(address)
    if inner is not None and not may_post_to(inner, allowed):
        return False
    if inner is not None and isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return True
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def _carried(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def choose_address(found: Iterable[str], allowed: Sequence[Network] = ()) -> str:
    """Give the first of a name's addresses. Raises TheAddressIsInside when any of them may not be posted to."""
    addresses = [ip_address(text.partition("%")[0]) for text in found]
    if not addresses:
        raise TheNameIsUnknown
    for address in addresses:
        if not may_post_to(address, allowed):
            raise TheAddressIsInside(str(address))
    return str(addresses[0])


def resolve(host: str, port: int) -> list[str]:
    """Ask the resolver for all addresses of a name. Raises TheNameIsUnknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TheNameIsUnknown(str(error)) from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_url(url: str, allowed: Sequence[Network] = ()) -> Problem | None:
    """Look at an address as it is entered, and ask the resolver; None when it may be used."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (_HTTP if parts.scheme == "http" else _HTTPS)
    except ValueError:
        return _form_problem()
    if problem := _check_form(url, parts, host, port, is_inside=bool(allowed)):
        return problem
    try:
        chosen = choose_address(resolve(host, port), allowed)
    except TheNameIsUnknown:
        return _problem(
            "NOTICES-NAME",
            f"没有找到主机 {host} 的网络地址。",
            f"No network address is known for {host}.",
            "请核对主机名，或稍后重试。",
            "Check the name, or try again later.",
        )
    except TheAddressIsInside:
        return _inside_problem(host)
    if parts.scheme == "http" and not any(ip_address(chosen) in network for network in allowed):
        return _form_problem()
    return None


def _check_form(url: str, parts: SplitResult, host: str, port: int, *, is_inside: bool) -> Problem | None:
    schemes = {"https", "http"} if is_inside else {"https"}
    is_literal = ":" in host
    is_well_formed = (
        len(url) <= LONGEST_URL
        and url.isascii()
        and url.isprintable()
        and " " not in url
        and parts.scheme in schemes
        and (is_literal or bool(_NAME.fullmatch(host)))
        and "@" not in parts.netloc
        and not parts.fragment
        and (port in {_HTTPS, _HTTP} or port >= _LOWEST_FREE_PORT)
    )
    return None if is_well_formed else _form_problem()


def _form_problem() -> Problem:
    return _problem(
        "NOTICES-URL",
        "推送地址应为 https:// 开头的完整地址，不含用户名、口令和 # 部分，端口为 443 或 1024 以上。",
        "The address begins with https:// and has no user, password or fragment; its port is 443, or 1024 and up.",
        "例如 https://hooks.example.com/kouan 。",
        "For example https://hooks.example.com/kouan.",
    )


def _inside_problem(host: str) -> Problem:
    return _problem(
        "NOTICES-INSIDE",
        f"{host} 指向内部网络（本机、私有、链路本地或云元数据地址），不能作为推送地址。",
        f"{host} points into an internal network (loopback, private, link-local or metadata address).",
        "请使用可从互联网访问的地址；确需推送到内部网段的，由系统管理员在 KOUAN_WEBHOOK_NETWORKS 中开放。",
        "Use an address of the open internet; the operator can open a network in KOUAN_WEBHOOK_NETWORKS.",
    )


def _problem(code: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Problem:
    return Problem(code=code, pointer="url", severity="error", zh=zh, en=en, fix_zh=fix_zh, fix_en=fix_en)
