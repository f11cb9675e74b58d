"""Who published an entry. Sources are counted by publisher, so that one outlet read twice is one voice.

The registrable domain (kompas.com for both www.kompas.com and tekno.kompas.com) of the entry's ``<source>``, else of
its link. Where many voices share a domain (social networks, blog hosts, aggregators) it is the watched source that
speaks.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from collector.model.item import Entry
from collector.model.source import Role, Source
from collector.sources.links import host_of

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

# Their entries are other people's stories; who, only the entry's <source> says.
AGGREGATORS = frozenset(
    {"news.google.com", "google.com", "bing.com", "msn.com", "news.yahoo.com", "feedburner.com", "flipboard.com"}
    | {"rss.app", "newsapi.org", "inoreader.com", "feedly.com"}
)
# Anybody may publish here.
SHARED = frozenset(
    {"t.me", "telegram.me", "youtube.com", "youtu.be", "reddit.com", "facebook.com", "instagram.com", "threads.net"}
    | {"threads.com", "x.com", "twitter.com", "tiktok.com", "snackvideo.com", "bsky.app", "medium.com", "substack.com"}
    | {"blogspot.com", "wordpress.com", "tumblr.com", "kompasiana.com", "linkedin.com", "quora.com", "kaskus.co.id"}
    | {"github.io", "blogger.com", "wixsite.com", "weebly.com", "mastodon.social", "mastodon.online", "mstdn.social"}
)
_ADDRESS = re.compile(r"[\d.]+|\[.*\]|localhost|[^.]*")  # an IP, or a name without a dot


def publisher_of(entry: Entry, source: Source) -> str:
    """A domain, an outlet's name where only that is known, or the source's id."""
    if source.role is Role.SOCIAL or source.kind == "telegram":
        return source.id
    if entry.publisher_url and (domain := domain_of(entry.publisher_url)):
        return domain
    domain = domain_of(entry.url) if entry.url else None
    if domain is None and entry.publisher_name and is_aggregated(source.url):
        return entry.publisher_name
    return domain or source.id


def domain_of(url: str) -> str | None:
    """The registrable domain behind an address; None for an IP, a local name, an aggregator or a shared host."""
    return _domain(host_of(url))


def is_aggregated(url: str) -> bool:
    """Whether the address is an aggregator's, so that its entries are other people's."""
    host = host_of(url)
    return host.removeprefix("www.") in AGGREGATORS or _registrable(host) in AGGREGATORS


@lru_cache(maxsize=4_096)
def _domain(host: str) -> str | None:
    if not host or _ADDRESS.fullmatch(host):
        return None
    domain = _registrable(host)
    many_voices = AGGREGATORS | SHARED
    if domain is None or domain in many_voices or not many_voices.isdisjoint(_parents(host)):
        return None
    return domain


def _parents(host: str) -> tuple[str, ...]:
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))


def _registrable(host: str) -> str | None:
    domain: str | None = _suffixes().privatesuffix(host)
    return domain


@cache
def _suffixes() -> PublicSuffixList:
    """The list takes 20 ms to load: only where a publisher is asked for."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True)
