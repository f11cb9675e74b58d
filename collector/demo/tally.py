"""What the demo's database holds, read beside the running daemon as any SQLite tool would read it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over the whole database; ``suspicious`` without backfill, as alerts count."""

    polls: int = 0
    not_modified: int = 0
    failed: int = 0
    items: int = 0
    mentions: int = 0
    suspicious: int = 0
    debunks: int = 0
    backfill: int = 0
    twice: int = 0  # items that more than one source showed
    revisions: int = 0
    alerts: int = 0
    deliveries: int = 0
    delivered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event in an alert's life."""

    id: int
    alert_id: int
    key: str
    at: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source stands."""

    source_id: str
    failures: int
    last_error: str | None


_TALLY = """
select
    (select count(*) from polls) as polls,
    (select count(*) from polls where outcome = 'not_modified') as not_modified,
    (select count(*) from polls where outcome = 'failed') as failed,
    (select count(*) from items) as items,
    (select count(*) from mentions) as mentions,
    (select count(*) from judgements j join items i on i.id = j.item_id
        where j.stance = 'spread' and j.suspicion >= 0.5 and i.timing != 'backfill') as suspicious,
    (select count(*) from judgements where stance = 'debunk') as debunks,
    (select count(*) from items where timing = 'backfill') as backfill,
    (select count(*) from (select 1 from sightings group by item_id having count(*) > 1)) as twice,
    (select count(*) from revisions) as revisions,
    (select count(*) from alerts) as alerts,
    (select count(*) from deliveries) as deliveries,
    (select count(*) from deliveries where state = 'sent') as delivered
"""
_MOMENTS = """
select e.id, e.alert_id, a.key, e.at, e.reason, e.count
from alert_events e join alerts a on a.id = e.alert_id where e.id > ? order by e.id
"""
_HEALTH = "select id as source_id, failures, last_error from sources where removed_at is null order by id"
_ARCHIVE = "select count(*) from items where source_id = ? and timing = 'backfill'"
_STRANGERS = """
select count(*) from alert_items ai join alerts a on a.id = ai.alert_id
join items i on i.id = ai.item_id join judgements j on j.item_id = i.id
where i.timing = 'backfill' or (a.measure = 'suspicious' and j.stance = 'debunk')
"""
_EXAMPLE = """
select i.id from items i join judgements j on j.item_id = i.id join mentions m on m.item_id = i.id
where j.stance = 'spread' and i.timing != 'backfill' and m.topic_id = ? order by j.suspicion desc, i.id limit 1
"""

_VERDICTS = "select new from issue_events where issue_id = ? and kind = 'verdict' order by id"


class Ledger:
    """Questions to the database file. Each opens it anew, read only, so that nothing is held open."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro"

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._uri, uri=True, timeout=5)) as connection:
            connection.row_factory = sqlite3.Row
            yield connection

    def tally(self) -> Tally:
        with self._open() as connection:
            return Tally(**dict(connection.execute(_TALLY).fetchone()))

    def moments(self, after: int = 0) -> tuple[Moment, ...]:
        """The alerts' events with a higher id, oldest first."""
        with self._open() as connection:
            return tuple(Moment(**dict(row)) for row in connection.execute(_MOMENTS, (after,)))

    def health(self) -> tuple[Health, ...]:
        with self._open() as connection:
            return tuple(Health(**dict(row)) for row in connection.execute(_HEALTH))

    def backfilled(self, source_id: str) -> int:
        with self._open() as connection:
            return int(connection.execute(_ARCHIVE, (source_id,)).fetchone()[0])

    def strangers(self) -> int:
        """Items among the alerts' evidence that have no place there: backfill, or debunks counted as claims."""
        with self._open() as connection:
            return int(connection.execute(_STRANGERS).fetchone()[0])

    def example(self, topic_id: str) -> int | None:
        """The id of the most suspicious post on a topic."""
        with self._open() as connection:
            row = connection.execute(_EXAMPLE, (topic_id,)).fetchone()
        return None if row is None else int(row["id"])

    def verdicts(self, issue_id: int) -> tuple[str, ...]:
        """What a person found of an issue, in the order of finding."""
        with self._open() as connection:
            return tuple(str(row["new"]) for row in connection.execute(_VERDICTS, (issue_id,)))
