"""Links in a text and whose they are. Pure; nothing is ever fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from collector.judge.signs import Sites

MAX_LINKS = 20
BRAND_BY_SUBSTRING_FROM = 6  # letters; shorter names of agencies are found in other words
ONE_SLIP_FROM = 6
_COUNTRY_SECOND_LEVEL = frozenset(
    ("ac", "biz", "co", "com", "desa", "edu", "go", "gov", "mil", "my", "net", "or", "org", "ponpes", "sch", "web")
)
_BLANKS = frozenset(("", " ", "\n"))
_TOP = (
    r"(?:id|com|net|org|co|me|ly|ee|at|win|top|site|online|xyz|click|icu|shop|live|cfd|dev|app|link|info|page|space)"
    r"\b(?![@\w-])"
)
_DOT_TOP = re.compile(rf"\.{_TOP}")
_LINK = re.compile(
    r"(?:https?://|hxxps?://|www\.)[^\s<>\"'()]+"
    rf"|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}{_TOP}(?:/[^\s<>\"'()]*)?"
)


@dataclass(frozen=True, slots=True)
class Link:
    """An address as written, its host without ``www.``, and the registrable domain."""

    text: str
    host: str
    site: str


def links(lower: str) -> tuple[Link, ...]:
    """The addresses in a text in small letters, with or without ``https://``."""
    if "." not in lower or not (_DOT_TOP.search(lower) or "://" in lower or "www." in lower):
        return ()
    dotted = " ".join(_dotted(lower))
    found: dict[str, Link] = {}
    for match in _LINK.finditer(dotted):
        text = match[0].rstrip(".,;:!?)]}")
        host = host_of(text)
        if host:
            found.setdefault(text, Link(text, host, site_of(host)))
        if len(found) == MAX_LINKS:
            break
    return tuple(found.values())


def _dotted(lower: str) -> Iterator[str]:
    """The words with a full stop that does not end them. Words are parted by one space, a title from its text by a line
    end."""
    end, at = 0, lower.find(".")
    while at >= 0:
        end = at + 1
        if lower[end : end + 1] not in _BLANKS:
            start = max(lower.rfind(" ", 0, at), lower.rfind("\n", 0, at)) + 1
            end = min(place for place in (lower.find(" ", at), lower.find("\n", at), len(lower)) if place >= 0)
            yield lower[start:end]
        at = lower.find(".", end)


@lru_cache(maxsize=4_096)
def host_of(address: str | None) -> str:
    """The host of an address, in small letters, without ``www.``; empty where there is none."""
    if not address:
        return ""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:  # a broken bracket in the address
        return ""
    return host.removeprefix("www.")


def site_of(host: str) -> str:
    """The registrable domain by a short rule: ``bgn.go.id``, ``kompas.com``, ``pkh22.my.id``."""
    labels = host.split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _COUNTRY_SECOND_LEVEL
    return ".".join(labels[-3:] if deep else labels[-2:])


def official(link: Link, sites: Sites) -> bool:
    return link.site in sites.official or link.host.endswith(tuple("." + suffix for suffix in sites.official_suffixes))


def known(link: Link, sites: Sites) -> bool:
    """Of an agency, a newsroom, a fact-checker, a platform or a store."""
    return (
        official(link, sites)
        or link.site in sites.outlets
        or link.site in sites.neutral
        or link.host in sites.neutral
        or link.host in sites.factcheckers
    )


def of_factchecker(link: Link, sites: Sites) -> bool:
    place = re.sub(r"^(?:\w+://)?(?:www\.)?", "", link.text)
    return any(link.host == checker or ("/" in checker and place.startswith(checker)) for checker in sites.factcheckers)


def names_programme(link: Link, sites: Sites) -> bool:
    """Whether the host contains a programme's name: short ones only as a word, digits may follow (pkh22.my.id)."""
    return any(
        word in link.host if len(word) > 3 else re.search(rf"(?<![a-z]){word}(?![a-z])", link.host)
        for word in sites.programme_words
    )


def on_free_host(link: Link, sites: Sites) -> bool:
    return link.host.endswith(tuple("." + host for host in sites.free_hosts))


def imitates(link: Link, sites: Sites) -> bool:
    """Whether the host carries the name of an agency or newsroom, or one slip beside it, under another address."""
    if known(link, sites):
        return False
    return any(_like(part, brand) for part in _parts(link.host) for brand in sites.brands) or any(
        len(brand) >= BRAND_BY_SUBSTRING_FROM and brand in link.host for brand in sites.brands
    )


def _parts(host: str) -> Iterator[str]:
    for label in host.split(".")[:-1]:
        yield label
        if "-" in label:
            yield from label.split("-")


def _like(part: str, brand: str) -> bool:
    if part == brand:
        return True
    return len(brand) >= ONE_SLIP_FROM and abs(len(part) - len(brand)) <= 1 and _one_slip(part, brand)


def _one_slip(a: str, b: str) -> bool:
    """One letter more, less, other, or two neighbours swapped."""
    if len(a) > len(b):
        a, b = b, a
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[i:] == b[i + 1 :]
    swapped = a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :]
    return a[i + 1 :] == b[i + 1 :] or swapped
