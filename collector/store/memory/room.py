"""What a room of the store in memory stands on: the tables under one lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from collector.store.memory.tables import Tables

P = ParamSpec("P")
R = TypeVar("R")
RoomT = TypeVar("RoomT", bound="Room")


class Core:
    """The tables under one lock; a failed transaction puts the snapshot back."""

    def __init__(self) -> None:
        self.tables = Tables()
        self._lock = threading.RLock()
        self.served = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[Tables]:
        with self._lock:
            before = self.tables.snapshot()
            try:
                yield self.tables
            except BaseException:
                self.tables = before
                raise


class Room:
    def __init__(self, core: Core) -> None:
        self._core = core

    @property
    def _tables(self) -> Tables:
        return self._core.tables


def atomic(method: Callable[Concatenate[RoomT, P], R]) -> Callable[Concatenate[RoomT, P], R]:
    def run(self: RoomT, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._core.transaction():
            return method(self, *args, **kwargs)

    return run
