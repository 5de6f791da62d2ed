"""Where webhooks may go: the internet, never into our network, however it is written."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from kouan.notices import addresses
from kouan.notices.addresses import TheAddressIsInside, check_url, choose_address, may_post_to, to_networks

INSIDE = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "0.0.0.0", "224.0.0.1", "239.1.1.1", "255.255.255.255", "192.0.2.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "240.0.0.1", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254",
    "ff02::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "2001:db8::1", "2001:0:4136:e378:8000:63bf:f5fe:fffe",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "1.1.1.1", "202.103.24.68", "2606:4700:4700::1111", "2400:3200::1"]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_refused(address):
    assert not may_post_to(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_are_permitted(address):
    assert may_post_to(ip_address(address))


def test_a_network_that_the_operator_named_is_permitted_and_no_other():
    allowed = to_networks(["10.20.0.0/16"])
    assert may_post_to(ip_address("10.20.3.4"), allowed)
    assert may_post_to(ip_address("::ffff:10.20.3.4"), allowed)
    assert not may_post_to(ip_address("10.21.3.4"), allowed)
    assert not may_post_to(ip_address("169.254.169.254"), allowed)


def test_a_name_with_one_address_inside_is_refused_whole():
    with pytest.raises(TheAddressIsInside):
        choose_address(["8.8.8.8", "127.0.0.1"])
    assert choose_address(["8.8.8.8"]) == "8.8.8.8"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "ftp://hooks.example.com/", "https://user:word@hooks.example.com/",
        "https://hooks.example.com:25/", "https://hooks.example.com:70000/", "https:///path", "https://",
        "javascript:alert(1)", "https://hooks.example.com/#part", "https://hooks.example.com/ x",
        "https://例子.中国/", "https://" + "a" * 500, "https://[::1", "file:///etc/passwd", "https://a\tb/",
    ],
)  # fmt: skip
def test_an_address_of_a_wrong_form_is_refused_without_asking_anybody(url, monkeypatch):
    monkeypatch.setattr(addresses, "resolve", lambda host, port: pytest.fail("the resolver was asked"))
    problem = check_url(url)
    assert problem is not None and problem.code == "NOTICES-URL" and problem.fix_zh and problem.fix_en


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "0177.0.0.1", "[::1]"])
def test_this_machine_is_refused_in_every_spelling(host):
    problem = check_url(f"https://{host}/hook")
    assert problem is not None and problem.code == "NOTICES-INSIDE"


def test_a_public_name_is_taken(monkeypatch):
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["8.8.8.8"])
    assert check_url("https://hooks.example.com:8443/kouan?x=1") is None


def test_plain_http_is_for_the_operators_own_networks(monkeypatch):
    allowed = to_networks(["10.20.0.0/16"])
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["10.20.0.1"])
    assert check_url("http://inner.example.com/", allowed) is None
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["8.8.8.8"])
    assert check_url("http://outer.example.com/", allowed) is not None
    assert check_url("https://outer.example.com/", allowed) is None
