"""What a source published: as parsed (Entry), as stored (Item), and where it was seen (Sighting)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector.model.ledger import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed, page or sitemap as parsed: plain text, absolute link, its own claims about itself.

    ``published_at`` is what the entry says, however odd; :func:`collector.model.bucket.place` decides what to make of
    it. ``publisher_url``/``publisher_name`` come from the entry's ``<source>`` in aggregated feeds.
    """

    title: str
    text: str = ""
    url: str | None = None
    guid: str | None = None
    published_at: datetime | None = None
    published_text: str | None = None
    publisher_name: str | None = None
    publisher_url: str | None = None
    author: str | None = None
    lang: str | None = None


class Timing(StrEnum):
    """How an item stands to the hour in which it was first seen."""

    ON_TIME = "on_time"
    LATE = "late"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One story, however many feeds carried it.

    ``identity`` is global: the canonical link, or ``hash:…`` of title and text where there is none. ``excerpt`` holds
    at most 500 characters with personal data masked. ``published_at`` is the source's own date where plausible (UTC),
    ``date_note`` says why not. ``seen_at`` is ours and decides the hour in which the item counts. ``date_precision``
    says how much of ``published_at`` is known of an item that a desk brought.
    """

    id: int
    identity: str
    url: str | None
    title: str
    excerpt: str
    lang: str
    source_id: str
    publisher: str
    published_at: datetime | None
    date_note: str | None
    seen_at: datetime
    timing: Timing
    content_hash: str
    issue_id: int | None = None
    date_precision: Precision = Precision.TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """That a source showed an item, when we first saw it there, and under which guid."""

    item_id: int
    source_id: str
    publisher: str
    seen_at: datetime
    guid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An earlier wording of an item: a changed title is a revision, not a new item."""

    item_id: int
    replaced_at: datetime
    title: str
    content_hash: str
