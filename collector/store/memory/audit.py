"""Who did what, in memory."""

from __future__ import annotations

from collector.store.base import AuditEntry
from collector.store.memory.room import Room, atomic


class MemoryAudit(Room):
    @atomic
    def write(self, entry: AuditEntry) -> None:
        self._tables.audit.append(entry)

    @atomic
    def list(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        return tuple(reversed(self._tables.audit[-limit:]))
