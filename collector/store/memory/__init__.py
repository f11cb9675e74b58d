"""The store in memory, for tests. Start reading at :mod:`collector.store.memory.store`."""

from collector.store.memory.store import MemoryStore

__all__ = ["MemoryStore"]
