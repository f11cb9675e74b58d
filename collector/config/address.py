"""Addresses: of pages, of mail boxes, of machines. Only their shape is judged here; nothing is resolved."""

from __future__ import annotations

import ipaddress
import re

from collector.config.problems import Fault

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL_CHARS = 2048
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`|~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_HOST_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]/@\s]+):(?P<port>[0-9]{1,5})")
_TELEGRAM = re.compile(r"(?:@|https?://(?:www\.)?(?:t|telegram)\.me/(?:s/)?)(?P<channel>[A-Za-z][A-Za-z0-9_]{3,31})/?")


def check_url(url: str) -> None:
    """Raises Fault unless ``url`` is an absolute http(s) address that may be asked for. The fault never quotes it."""
    from ada_url import URL  # cffi: only those pay who have addresses

    expected = "an address that begins with https:// or http://"
    if not url:
        raise Fault("is empty", expected=expected)
    if len(url) > MAX_URL_CHARS:
        raise Fault("is too long", expected=f"at most {MAX_URL_CHARS} characters")
    if any(char.isspace() or not char.isprintable() for char in url):
        raise Fault("holds a space or control character", expected=expected)
    try:
        parsed = URL(url)
    except ValueError:
        raise Fault("is no address", expected=expected) from None
    if parsed.protocol not in {"http:", "https:"} or not parsed.hostname:
        raise Fault(f"{parsed.protocol} is not collected", expected=expected)


def host_and_port(url: str) -> tuple[str, int]:
    """Host (IPv6 without brackets) and port of an address that passed :func:`check_url`."""
    from ada_url import URL

    parsed = URL(url)
    default = 443 if parsed.protocol == "https:" else 80
    return parsed.hostname.strip("[]"), int(parsed.port or default)


def has_credentials(url: str) -> bool:
    from ada_url import URL

    parsed = URL(url)
    return bool(parsed.username or parsed.password)


def literal(host: str) -> IPAddress | None:
    """The machine address that ``host`` spells out; None for a name. An IPv4 address inside IPv6 counts as itself."""
    if not (host[-1:].isdigit() or ":" in host):
        return None
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def is_allowed(host: str, port: int, allow_private: tuple[str, ...]) -> bool:
    """Whether an entry of ``allow_private`` names this host and port, its address, or a network that holds it."""
    address = literal(host)
    for entry in allow_private:
        if entry.casefold() in {f"{host}:{port}".casefold(), f"[{host}]:{port}".casefold()}:
            return True
        if address is not None and _in_network(address, entry):
            return True
    return False


def _in_network(address: IPAddress, entry: str) -> bool:
    try:
        return address in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False


def check_allowance(entry: str) -> None:
    """Raises Fault unless ``entry`` is ``host:port``, an address or a network (CIDR)."""
    try:
        ipaddress.ip_network(entry, strict=False)
    except ValueError:
        try:
            check_host_port(entry)
        except Fault:
            raise Fault(
                "names no machine",
                expected='host:port, an address or a network, such as "127.0.0.1:8801" or "10.0.0.0/8"',
            ) from None


def check_host_port(text: str) -> None:
    """Raises Fault unless ``text`` is ``host:port`` with a port of 1..65535."""
    found = _HOST_PORT.fullmatch(text) if text.isascii() else None
    host = found["host"] if found else ""
    good_host = bool(_HOST.fullmatch(host)) or (host.startswith("[") and literal(host[1:-1]) is not None)
    if not found or not good_host or not 1 <= int(found["port"]) <= 65535:
        raise Fault("is no host:port", expected='a host and a port such as "smtp.example.org:587"')


def check_email(text: str) -> None:
    """Raises Fault unless ``text`` looks like one bare mail address."""
    local = text.partition("@")[0]
    if not _EMAIL.fullmatch(text) or len(text) > 254 or local.startswith(".") or local.endswith(".") or ".." in text:
        raise Fault("is no mail address", expected="one bare address such as desk@example.org")


def telegram_channel(url: str) -> str | None:
    """The channel in ``https://t.me/s/NAME``, ``https://t.me/NAME`` or ``@NAME``; None for anything else."""
    found = _TELEGRAM.fullmatch(url)
    return found["channel"] if found else None
