"""Which addresses may be reached."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.net.address import AddressPolicy, parse_allowance

NOTHING = AddressPolicy()


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",  # metadata at one cloud, inside carrier NAT
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",  # metadata at another, in public space
        "169.254.169.254",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",  # IPv4-compatible, long abandoned
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b:1::1",  # NAT64 of a local network
        "100::1",
        "2001::1",  # Teredo
        "2001:db8::1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "fc00::1",
        "fd00:ec2::254",  # metadata once more
        "fe80::1%eth0",
        "ff02::1",
        "no address",
    ],
)
def test_inside_addresses_are_refused(address: str) -> None:
    assert NOTHING.refusal(address, "feed.example", 80)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "103.10.66.1", "2404:6800:4003::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "172.32.0.1"]
)
def test_public_addresses_pass(address: str) -> None:
    assert NOTHING.refusal(address, "feed.example", 80) is None


def test_the_reason_names_the_address_and_the_setting() -> None:
    refusal = NOTHING.refusal("::ffff:127.0.0.1", "feed.example", 80)
    assert refusal == "127.0.0.1 is an inside address (loopback) and not in network.allow_private"


def test_a_host_and_port_allows_exactly_these() -> None:
    policy = AddressPolicy.from_texts(["127.0.0.1:8801"])
    assert policy.allows("127.0.0.1", "127.0.0.1", 8801)
    assert policy.allows("127.0.0.1", "localhost", 8801)  # the same address under another name
    assert policy.allows("::ffff:127.0.0.1", "::ffff:7f00:1", 8801)
    assert not policy.allows("127.0.0.1", "127.0.0.1", 8802)
    assert not policy.allows("127.0.0.2", "127.0.0.2", 8801)


def test_a_name_and_port_allows_wherever_that_name_leads_and_no_other_name() -> None:
    policy = AddressPolicy.from_texts(["Feeds.Internal:80", "[::1]:8080"])
    assert policy.allows("10.0.0.5", "feeds.internal.", 80)
    assert not policy.allows("10.0.0.5", "evil.example", 80)
    assert policy.allows("::1", "::1", 8080)
    assert not policy.allows("::1", "::1", 80)


def test_a_network_allows_all_its_ports() -> None:
    policy = AddressPolicy.from_texts(["10.0.0.0/8", "192.168.1.7", "fd00::/8"])
    assert policy.allows("10.9.9.9", "a", 1)
    assert policy.allows("192.168.1.7", "b", 2)
    assert policy.allows("fd00::5", "c", 3)
    assert not policy.allows("192.168.1.8", "b", 2)
    assert not policy.allows("127.0.0.1", "d", 4)


@pytest.mark.parametrize("text", ["", "localhost", "example.org:", ":80", "a:0", "a:65536", "10.0.0.0/33", "a/8:80"])
def test_an_allowance_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="neither host:port nor an address nor a network"):
        parse_allowance(text)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_never_opens_what_is_closed(address: object) -> None:
    plain, number = str(address), int(ip_address(str(address)))
    closed = NOTHING.refusal(plain, "h", 80) is not None
    for wrapped in (f"::ffff:{plain}", str(ip_address((0x64FF9B << 96) | number))):
        assert (NOTHING.refusal(wrapped, "h", 80) is not None) == closed
