"""Whole tables as rows that explain themselves, streamed from one unchanging view of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collector.model.errors import NotFound
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.statements import export as sql


def export(connections: Connections, table: str) -> Iterator[Mapping[str, object]]:
    """Raises NotFound for a table that is not offered, at once rather than at the first row."""
    statement = sql.EXPORTS.get(table)
    if statement is None:
        raise NotFound(f"no export named {table!r}; there are {', '.join(sql.EXPORTS)}")
    return _rows(connections, statement)


def _rows(connections: Connections, statement: str) -> Iterator[Mapping[str, object]]:
    with connections.read_long() as db:
        for row in db.execute(statement):
            yield dict(row)
