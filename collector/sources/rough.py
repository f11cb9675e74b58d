"""An entry as its document spells it, before links are resolved, markup is removed and dates are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b

from collector.model.item import Entry
from collector.sources.base import Parsed
from collector.sources.dates import JAKARTA, parse_date
from collector.sources.links import absolute
from collector.sources.plaintext import cut, line, plain

MAX_ENTRIES = 5_000  # in one document; the longest honest feeds hold a few hundred, news sitemaps 1,000
MAX_TITLE, MAX_TEXT, MAX_GUID = 1_000, 20_000, 512
_MAX_NAME, _MAX_DATE, _MAX_FALLBACK = 200, 100, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Rough:
    """Strings as found; ``title``, ``summary`` and ``content`` may be HTML. ``date_at`` is what another parser made of
    the date, for where ours makes nothing of ``date``."""

    title: str | None = None
    summary: str | None = None
    content: str | None = None
    link: str | None = None
    guid: str | None = None
    date: str | None = None
    date_at: datetime | None = None
    author: str | None = None
    source_name: str | None = None
    source_url: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document's entries as spelled, with its own title and link, and the further documents it names."""

    entries: tuple[Rough, ...] = ()
    title: str | None = None
    link: str | None = None
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an entry is read against: the base of its links, our time, and the zone of times that name none."""

    base: str
    now: datetime
    zone: tzinfo = JAKARTA
    thorough_dates: bool = False


def zone_for(lang: str) -> tzinfo:
    """Times without a zone are WIB on Indonesian pages, UTC elsewhere."""
    return JAKARTA if lang == "id" else UTC


def parsed(document: Document, reading: Reading) -> Parsed:
    """The document in plain words; entries that say nothing are only counted."""
    entries = tuple(entry for rough in document.entries if (entry := entry_of(rough, reading)) is not None)
    return Parsed(
        entries=entries,
        title=plain(document.title, MAX_TITLE) if document.title else None,
        more=document.more,
        wordless=len(document.entries) - len(entries),
    )


def entry_of(rough: Rough, reading: Reading) -> Entry | None:
    """The entry in plain words, with an absolute link and sizes capped; None where it has neither title, text, link
    nor guid: such an entry says nothing."""
    url = absolute(rough.link, reading.base) if rough.link else None
    guid = _guid(rough.guid)
    text = _text(rough)
    title = plain(rough.title, MAX_TITLE) if rough.title else ""
    if not (title or text or url or guid):
        return None
    name = line(rough.source_name, _MAX_NAME) if rough.source_name else None
    if name:
        title, text = _without_outlet(title, text, name)
    return Entry(
        title=title or cut(text, _MAX_FALLBACK) or cut(url or guid or "", MAX_TITLE),
        text=text,
        url=url,
        guid=guid,
        published_at=_published_at(rough, reading),
        published_text=line(rough.date, _MAX_DATE) if rough.date else None,
        publisher_name=name or None,
        publisher_url=absolute(rough.source_url) if rough.source_url else None,
        author=plain(rough.author, _MAX_NAME) or None if rough.author else None,
        lang=rough.lang,
    )


def _without_outlet(title: str, text: str, name: str) -> tuple[str, str]:
    """Aggregators write "Headline - Outlet", and the same again as text."""
    title = title.removesuffix(f" - {name}").rstrip()
    return title, "" if text in (title, f"{title} {name}", f"{title} - {name}") else text


def _text(rough: Rough) -> str:
    """The longer of content and summary: either may be a mere teaser or a picture."""
    content = plain(rough.content, MAX_TEXT) if rough.content else ""
    if not rough.summary or rough.summary == rough.content:
        return content
    summary = plain(rough.summary, MAX_TEXT)
    return content if len(content) >= len(summary) else summary


def _guid(guid: str | None) -> str | None:
    if guid is None:
        return None
    guid = line(guid, max(MAX_GUID, len(guid)))
    if len(guid) > MAX_GUID:
        guid = "hash:" + blake2b(guid.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return guid or None


def _published_at(rough: Rough, reading: Reading) -> datetime | None:
    if not rough.date:
        return rough.date_at
    found = parse_date(rough.date, now=reading.now, fallback_zone=reading.zone, thorough=reading.thorough_dates)
    return found or rough.date_at
