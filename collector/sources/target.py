"""An address to fetch, read as browsers read it (WHATWG). Pure.

``http://2130706433/``, ``http://127.1/`` and ``http://good.example\\@127.0.0.1/`` mean 127.0.0.1 to the machine that
connects; parsers that disagree about an address are how strangers get inside. Here there is one reading, and what is
connected to is what was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ada_url import URL

from collector.net.origin import Origin

MAX_CHARS = 8192
_PORTS = {"http": 80, "https": 443}


class BadAddress(ValueError):
    """An address that must not, or cannot, be fetched. The text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """``url`` is normalised, without fragment; ``origin`` is ``scheme://host[:port]``; ``path`` includes the query;
    ``place`` is the origin taken apart."""

    url: str
    origin: str
    path: str
    place: Origin


@lru_cache(maxsize=4096)
def target_of(address: str, base: str | None = None) -> Target:
    """Raises BadAddress for what is no address, not http(s), or carries a user name."""
    if len(address) > MAX_CHARS:
        raise BadAddress(f"the address is longer than {MAX_CHARS} characters")
    try:
        url = URL(address, base) if base else URL(address)
    except (ValueError, UnicodeError) as error:
        raise BadAddress(f"{_shown(address)} is no address") from error
    if url.protocol not in ("http:", "https:"):
        raise BadAddress(f"only http and https are fetched, not {_shown(url.protocol)}")
    if url.username or url.password:
        raise BadAddress("an address with a user name is not fetched")
    path = url.pathname + url.search
    scheme = url.protocol[:-1]
    port = int(url.port) if url.port else _PORTS[scheme]
    place = Origin(scheme, url.hostname.strip("[]"), port)
    return Target(url=url.origin + path, origin=url.origin, path=path, place=place)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:80] + "…")
