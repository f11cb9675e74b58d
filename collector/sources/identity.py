"""Which item an entry is: new, known and first seen here, known with other words, or nothing to do. Pure.

The rules and what speaks against others stand in ``docs/decisions/identity.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from unicodedata import is_normalized, normalize

from collector.model.item import Entry
from collector.sources.links import canonical
from collector.store.base import Known, KnownItem

TEXT_CHARACTERS = 500  # of the text that content_hash covers
_UNIQUE_LENGTH = 20  # a UUID has 36, a database's running number at most 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """An entry with its identity and the hash of its words; one per identity in a document."""

    identity: str
    content_hash: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """An entry of a known item."""

    item_id: int
    content_hash: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What a document's entries are, each in document order. Entries that bring nothing are in none of them."""

    new: tuple[Identified, ...] = ()
    resightings: tuple[Recognised, ...] = ()
    changes: tuple[Recognised, ...] = ()


def identity_of(entry: Entry) -> str:
    """The canonical link, or ``hash:…`` of title and text where there is no link that names a story."""
    key = canonical(entry.url) if entry.url else None
    return key or "hash:" + _digest(f"{_plain(entry.title).casefold()}\0{_plain(entry.text).casefold()}", 16)


def content_hash(entry: Entry) -> str:
    """``TITLE-TEXT``, a hash of each (the text's first 500 characters), blind to spacing and composed letters."""
    return f"{_digest(_plain(entry.title), 8)}-{_digest(_plain(entry.text[:TEXT_CHARACTERS]), 8)}"


def identify(entries: Iterable[Entry]) -> tuple[Identified, ...]:
    """Every entry with its identity and hash, in document order, duplicates kept for :func:`sort_out`."""
    return tuple(
        Identified(identity=identity_of(entry), content_hash=content_hash(entry), entry=entry) for entry in entries
    )


def sort_out(identified: Iterable[Identified], known: Known) -> Sorted:
    """Decide for a document's entries what each one is, given what the store knows of their identities and guids.

    A link decides alone. A guid only speaks where the link is unknown or missing and it looks globally unique (see
    :func:`is_unique`). A changed title is a change only in the source that showed the item first, so that two outlets
    with different headlines for one link do not overwrite each other at every poll.
    """
    identified = tuple(identified)
    guids = Counter(one.entry.guid for one in identified)
    new: dict[str, Identified] = {}
    matched: dict[int, list[tuple[KnownItem, Identified]]] = {}
    for one in identified:
        item = known.by_identity.get(one.identity) or _by_guid(one, known, guids)
        if item is None:
            new.setdefault(one.identity, one)
        else:
            matched.setdefault(item.item_id, []).append((item, one))
    return Sorted(
        new=tuple(new.values()),
        resightings=tuple(_resightings(matched.values())),
        changes=tuple(_changes(matched.values())),
    )


def is_unique(guid: str) -> bool:
    """Whether a guid can be what it should be. Positions (1, 2, 3 in Tempo's feeds) and short numbers cannot: they
    come back for another story tomorrow."""
    return "://" in guid or guid.startswith(("tag:", "urn:")) or len(guid) >= _UNIQUE_LENGTH


def same_title(content_hash: str, other: str) -> bool:
    """Whether two content hashes are of the same title."""
    return content_hash.partition("-")[0] == other.partition("-")[0]


def _by_guid(one: Identified, known: Known, guids: Counter[str | None]) -> KnownItem | None:
    guid = one.entry.guid
    if guid is None or guids[guid] > 1:
        return None
    item = known.by_guid.get(guid)
    if item is None:
        return None
    agrees = same_title(item.content_hash, one.content_hash)
    if one.identity.startswith("hash:"):
        return item if agrees or is_unique(guid) else None
    return item if agrees and is_unique(guid) else None


def _resightings(matched: Iterable[list[tuple[KnownItem, Identified]]]) -> Iterator[Recognised]:
    for pairs in matched:
        item, one = pairs[0]
        if not item.here:
            yield _recognised(item, one)


def _changes(matched: Iterable[list[tuple[KnownItem, Identified]]]) -> Iterator[Recognised]:
    for pairs in matched:
        item, one = pairs[0]
        if item.here and item.first_here and not any(same_title(item.content_hash, o.content_hash) for _, o in pairs):
            yield _recognised(item, one)


def _recognised(item: KnownItem, one: Identified) -> Recognised:
    return Recognised(item_id=item.item_id, content_hash=one.content_hash, entry=one.entry)


def _plain(text: str) -> str:
    text = " ".join(text.split())
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).hexdigest()
