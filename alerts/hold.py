"""Receivers that want no more (410 Gone): their messages wait until their entry in sources.yaml changes, or until
somebody sends one of them again. What is held lies in the store, so a restart asks nobody anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from collector.store.base import Storage

GONE = "receivers.gone"


class Holds:
    """``entries`` is a fingerprint of each receiver's entry, by its name: another one is another receiver."""

    def __init__(self, store: Storage, entries: Mapping[str, str]) -> None:
        self._store = store
        self._entries = entries

    def held(self) -> frozenset[str]:
        return frozenset(name for name, (entry, _) in _read(self._store).items() if self._entries.get(name) == entry)

    def hold(self, receiver: str, now: datetime) -> None:
        known = _read(self._store)
        known[receiver] = (self._entries.get(receiver, ""), now)
        _write(self._store, known)


def gone_since(store: Storage, receivers: Mapping[str, str] | None = None) -> Mapping[str, datetime]:
    """When each receiver said so; with ``receivers`` (as ``entries``) only those whose entry is still the same."""
    return {
        name: since
        for name, (entry, since) in _read(store).items()
        if receivers is None or receivers.get(name) == entry
    }


def release(store: Storage, receiver: str) -> bool:
    """Try it again from now on. False where nothing was held."""
    known = _read(store)
    if receiver not in known:
        return False
    del known[receiver]
    _write(store, known)
    return True


def _read(store: Storage) -> dict[str, tuple[str, datetime]]:
    raw = json.loads(store.meta(GONE) or "{}")
    return {name: (entry, datetime.fromisoformat(since)) for name, (entry, since) in raw.items()}


def _write(store: Storage, known: Mapping[str, tuple[str, datetime]]) -> None:
    store.set_meta(GONE, json.dumps({name: (entry, since.isoformat()) for name, (entry, since) in known.items()}))
