"""Addresses, read once and as browsers read them."""

from __future__ import annotations

import pytest

from collector.net.origin import Origin
from collector.sources.target import BadAddress, target_of


@pytest.mark.parametrize(
    ("address", "url", "host", "port"),
    [
        ("HTTPS://Www.Example.ORG", "https://www.example.org/", "www.example.org", 443),
        ("http://example.org:80/a?b=1#c", "http://example.org/a?b=1", "example.org", 80),
        ("http://2130706433:81/", "http://127.0.0.1:81/", "127.0.0.1", 81),
        ("http://127.1/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://0x7f.1/", "http://127.0.0.1/", "127.0.0.1", 80),
        ("http://127.0.0.1\\@good.example/", "http://127.0.0.1/@good.example/", "127.0.0.1", 80),
        ("http://[::FFFF:127.0.0.1]:8080/", "http://[::ffff:7f00:1]:8080/", "::ffff:7f00:1", 8080),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b", "xn--bcher-kva.example", 443),
        ("http://ex\tample.org/\r\n", "http://example.org/", "example.org", 80),
    ],
)
def test_there_is_one_reading_of_an_address(address: str, url: str, host: str, port: int) -> None:
    target = target_of(address)
    assert target.url == url
    assert target.place == Origin(url.partition(":")[0], host, port)
    assert target.url == target.origin + target.path


@pytest.mark.parametrize(
    "address",
    ["", "no address", "http://", "http://[::1", "file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)"],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        target_of(address)


@pytest.mark.parametrize("address", ["http://user@example.org/", "http://:pass@example.org/", "http://a:b@c/"])
def test_addresses_with_a_user_name_are_refused(address: str) -> None:
    with pytest.raises(BadAddress, match="user name"):
        target_of(address)


def test_an_endless_address_is_refused() -> None:
    with pytest.raises(BadAddress, match="longer"):
        target_of("http://example.org/" + "a" * 9000)


def test_a_relative_location_is_joined_to_where_it_came_from() -> None:
    assert target_of("../b?c", "https://example.org/x/y/z").url == "https://example.org/x/b?c"
    assert target_of("//other.example/b", "https://example.org/x").url == "https://other.example/b"
