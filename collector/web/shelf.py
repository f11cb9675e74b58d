"""Answers that take long, kept for a while: a report over a year of a million items takes seconds to count."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Generic[Answer]):
    """``made_at`` is told beside the answer."""

    answer: Answer
    made_at: datetime


class Shelf(Generic[Answer]):
    """At most ``most`` answers, none older than ``lasts``. One question is asked by one thread at a time."""

    def __init__(self, *, lasts: timedelta = timedelta(minutes=5), most: int = 32) -> None:
        self._lasts = lasts
        self._most = most
        self._kept: OrderedDict[Hashable, Kept[Answer]] = OrderedDict()
        self._lock = threading.Lock()
        self._asking = threading.Lock()

    def get(self, key: Hashable, now: datetime, ask: Callable[[], Answer]) -> Kept[Answer]:
        found = self._fresh(key, now)
        if found is not None:
            return found
        with self._asking:
            found = self._fresh(key, now)  # another thread may have asked while we waited
            if found is None:
                found = Kept(answer=ask(), made_at=now)
                with self._lock:
                    self._kept[key] = found
                    while len(self._kept) > self._most:
                        self._kept.popitem(last=False)
        return found

    def _fresh(self, key: Hashable, now: datetime) -> Kept[Answer] | None:
        with self._lock:
            found = self._kept.get(key)
        return found if found is not None and timedelta(0) <= now - found.made_at < self._lasts else None
