"""Who did what, when."""

from __future__ import annotations

from collector.store.base import AuditEntry
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import moment, time_text
from collector.store.sqlite.statements import audit as sql
from collector.store.text import storable


class SqliteAudit:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def write(self, entry: AuditEntry) -> None:
        with self._connections.write() as db:
            words = (entry.actor, entry.action, entry.subject, entry.detail)
            db.execute(sql.AUDIT_ADD, (time_text(entry.at), *(storable(word) for word in words)))

    def list(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        with self._connections.read() as db:
            return tuple(
                AuditEntry(
                    at=moment(row["at"]),
                    actor=row["actor"],
                    action=row["action"],
                    subject=row["subject"],
                    detail=row["detail"],
                )
                for row in db.execute(sql.AUDIT_LIST, (limit,))
            )
