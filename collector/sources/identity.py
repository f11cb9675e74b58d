"""Which item an entry is: new, known and first seen here, known with other words, or nothing to do. Pure.

The rules and what speaks against others stand in ``docs/decisions/identity.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from unicodedata import is_normalized, normalize

from collector.model.item import Entry
from collector.sources.links import canonical
from collector.store.base import Known, KnownItem

TEXT_CHARACTERS = 500  # of the text that content_hash covers
_UNIQUE_LENGTH = 20  # a UUID has 36, a database's running number at most 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What a document's entries are, each in document order: new ones with their identity, the others with the id of
    the item they are. Entries that bring nothing are in none of them."""

    new: tuple[tuple[str, Entry], ...] = ()
    resightings: tuple[tuple[int, Entry], ...] = ()
    changes: tuple[tuple[int, Entry], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Identified:
    identity: str
    content_hash: str
    entry: Entry


def identity_of(entry: Entry) -> str:
    """The canonical link, or ``hash:…`` of title and text where there is no link that names a story."""
    key = canonical(entry.url) if entry.url else None
    return key or "hash:" + _digest(f"{_plain(entry.title).casefold()}\0{_plain(entry.text).casefold()}", 16)


def content_hash(entry: Entry) -> str:
    """``TITLE-TEXT``, a hash of each (the text's first 500 characters), blind to spacing and composed letters."""
    return f"{_digest(_plain(entry.title), 8)}-{_digest(_plain(entry.text[:TEXT_CHARACTERS]), 8)}"


def sort_out(entries: Iterable[Entry], known: Known, identities: Sequence[str] | None = None) -> Sorted:
    """Decide for a document's entries what each one is, given what the store knows of their identities and guids.

    ``identities`` are those of the entries, where the caller has them already. A link decides alone. A guid only speaks
    where the link is unknown or missing and it looks globally unique (see :func:`is_unique`). A changed title is a
    change only in the source that showed the item first, so that two outlets with different headlines for one link do
    not overwrite each other at every poll.
    """
    entries = tuple(entries)
    if identities is None:
        identities = tuple(map(identity_of, entries))
    guids = Counter(entry.guid for entry in entries)
    new: dict[str, Entry] = {}
    matched: dict[int, list[tuple[KnownItem, _Identified]]] = {}
    for identity, entry in zip(identities, entries, strict=True):
        if identity in new and not _are_two(entry, new[identity]):
            continue
        one = _Identified(identity=identity, content_hash=content_hash(entry), entry=entry)
        item = known.by_identity.get(identity) or _by_guid(one, known, guids)
        if item is None:
            new[f"{identity}-{_digest(entry.guid or '', 8)}" if identity in new else identity] = entry
        else:
            matched.setdefault(item.item_id, []).append((item, one))
    return Sorted(
        new=tuple(new.items()),
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


def _are_two(entry: Entry, other: Entry) -> bool:
    """Whether two entries of one document with the same title and text are two items: without links, by their guids."""
    linkless = not (entry.url and canonical(entry.url))
    return linkless and entry.guid is not None and other.guid is not None and entry.guid != other.guid


def _by_guid(one: _Identified, known: Known, guids: Counter[str | None]) -> KnownItem | None:
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


def _resightings(matched: Iterable[list[tuple[KnownItem, _Identified]]]) -> Iterator[tuple[int, Entry]]:
    for pairs in matched:
        item, one = pairs[0]
        if not item.here:
            yield item.item_id, one.entry


def _changes(matched: Iterable[list[tuple[KnownItem, _Identified]]]) -> Iterator[tuple[int, Entry]]:
    for pairs in matched:
        item, one = pairs[0]
        if item.here and item.first_here and not any(same_title(item.content_hash, o.content_hash) for _, o in pairs):
            yield item.item_id, one.entry


def _plain(text: str) -> str:
    text = " ".join(text.split())
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=size).hexdigest()
