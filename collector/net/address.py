"""Which addresses Siaga may talk to. Pure: no socket is opened here.

A feed or webhook is named by whoever edits ``sources.yaml``, but where a *redirect* or a *DNS answer* leads is chosen
by strangers. So every address is judged before connecting, and the peer of the connected socket once more: public
addresses pass; everything inside (loopback, private, link-local, carrier NAT, cloud metadata, multicast, reserved,
tunnels) is refused unless ``network.allow_private`` names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# The IANA special-purpose registries (RFC 6890 and successors), written out rather than taken from ``is_global``, whose
# answer differs between Python versions and calls multicast global.
_INSIDE_V4 = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),  # Azure's, although from public space
        ("169.254.0.0/16", "link-local"),  # 169.254.169.254: cloud metadata
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")  # all that is routed; loopback, link-local, local and multicast lie outside
_INSIDE_V6 = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("2001::/23", "reserved"),  # Teredo, ORCHID, benchmarking
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the low 32 bits are the IPv4 address that is really reached


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """A ``host:port`` of allow_private: exactly that host (a name or an address) and exactly that port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """What may be reached although it is inside. Made by :meth:`from_texts`; the default allows nothing inside."""

    endpoints: frozenset[_Endpoint] = frozenset()
    networks: tuple[IPNetwork, ...] = ()

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> AddressPolicy:
        """From ``host:port``, address or CIDR texts (``network.allow_private``). Raises ValueError naming the text."""
        endpoints: set[_Endpoint] = set()
        networks: list[IPNetwork] = []
        for text in texts:
            allowed = parse_allowance(text)
            if isinstance(allowed, _Endpoint):
                endpoints.add(allowed)
            else:
                networks.append(allowed)
        return cls(endpoints=frozenset(endpoints), networks=tuple(networks))

    def refusal(self, address: str, host: str, port: int) -> str | None:
        """Why this numeric address must not be reached, or None where it may.

        ``host`` is the name the URL gave (it counts only for ``host:port`` allowances), ``port`` the port connected to.
        An address that merely wraps an IPv4 address (IPv4-mapped, NAT64) is judged by the address inside it.
        """
        try:
            ip = _unwrapped(address)
        except ValueError:
            return f"{address} is no address"
        why = why_inside(ip)
        if why is None or self._allows(ip, host, port):
            return None
        return f"{ip} is an inside address ({why}) and not in network.allow_private"

    def allows(self, address: str, host: str, port: int) -> bool:
        return self.refusal(address, host, port) is None

    def _allows(self, ip: IPAddress, host: str, port: int) -> bool:
        if self.endpoints and (
            _Endpoint(_canonical_host(host), port) in self.endpoints or _Endpoint(str(ip), port) in self.endpoints
        ):
            return True
        return any(ip in network for network in self.networks)


def parse_allowance(text: str) -> _Endpoint | IPNetwork:
    """One entry of ``network.allow_private``. Raises ValueError with a sentence fit for the user."""
    text = text.strip()
    try:
        return ip_network(text, strict=False)
    except ValueError:
        pass
    host, colon, port = text.rpartition(":")
    if colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536 and "/" not in host:
        return _Endpoint(_canonical_host(host), int(port))
    raise ValueError(f"{text!r} is neither host:port nor an address nor a network such as 10.0.0.0/8")


@lru_cache(maxsize=4096)
def why_inside(ip: IPAddress) -> str | None:
    """The kind of inside address this is, or None for a public one."""
    if isinstance(ip, IPv4Address):
        return next((why for network, why in _INSIDE_V4 if ip in network), None)
    if ip not in _GLOBAL_V6:
        if ip.is_loopback:
            return "loopback"
        return "link-local" if ip.is_link_local else "not global"
    return next((why for network, why in _INSIDE_V6 if ip in network), None)


def _unwrapped(address: str) -> IPAddress:
    ip = ip_address(address.partition("%")[0])  # fe80::1%eth0
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _canonical_host(host: str) -> str:
    """Lower case, without brackets or a final dot; an address in its shortest form."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return str(_unwrapped(host))
    except ValueError:
        return host
