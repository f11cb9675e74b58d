"""Checked claims, and which items speak of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from collector.model.claim import CheckedClaim, Difference, DifferenceKind
from collector.model.errors import NotFound
from collector.model.judgement import Stance, Verdict
from collector.store.claims import ClaimChanges, ClaimLink, ItemClaim
from collector.store.sqlite.connection import Connections
from collector.store.sqlite.rows import json_text, moment, moment_or_none, time_text, time_text_or_none
from collector.store.sqlite.statements import claims as sql
from collector.store.text import storable, storable_or_none


class SqliteClaims:
    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, claims: Sequence[CheckedClaim], now: datetime) -> int:
        with self._connections.write() as db:
            before = _count(db)
            db.executemany(sql.CLAIM_ADD, [_row(claim, now) for claim in claims])
            return _count(db) - before

    def changed(self, since: int) -> ClaimChanges:
        with self._connections.read() as db:
            rows = db.execute(sql.CLAIMS_CHANGED, (since,)).fetchall()
        return ClaimChanges(
            claims=tuple(claim_of(row) for row in rows), revision=rows[-1]["revision"] if rows else since
        )

    def get(self, claim_id: int) -> CheckedClaim:
        with self._connections.read() as db:
            row = db.execute(sql.CLAIM_GET, (claim_id,)).fetchone()
        if row is None:
            raise NotFound(f"no checked claim {claim_id} is stored")
        return claim_of(row)

    def list(self, *, search: str | None = None, limit: int = 100) -> tuple[CheckedClaim, ...]:
        words = json_text([] if search is None else search.lower().split())
        with self._connections.read() as db:
            return tuple(claim_of(row) for row in db.execute(sql.CLAIMS_LIST, {"words": words, "limit": limit}))

    def count(self) -> int:
        with self._connections.read() as db:
            return _count(db)

    def link(self, links: Sequence[ClaimLink]) -> int:
        with self._connections.write() as db:
            linked = 0
            for link in links:
                db.execute(sql.ITEM_CLAIMS_DROP, (storable(link.identity),))
                linked += db.execute(sql.ITEM_CLAIM_ADD, _link(link)).rowcount
            return linked

    def unlink(self, item_ids: Sequence[int]) -> None:
        with self._connections.write() as db:
            db.execute(sql.ITEM_CLAIMS_UNLINK, (json_text(list(item_ids)),))

    def of_items(self, item_ids: Sequence[int]) -> Mapping[int, tuple[ItemClaim, ...]]:
        found: dict[int, list[ItemClaim]] = {}
        with self._connections.read() as db:
            for row in db.execute(sql.CLAIMS_OF_ITEMS, (json_text(list(item_ids)),)):
                found.setdefault(row["item_id"], []).append(_item_claim(row))
        return {item_id: tuple(claims) for item_id, claims in found.items()}


def _count(db: sqlite3.Connection) -> int:
    count: int = db.execute(sql.CLAIMS_COUNT).fetchone()[0]
    return count


def _row(claim: CheckedClaim, now: datetime) -> dict[str, object]:
    return {
        "key": storable(claim.key),
        "text": storable(claim.text),
        "title": storable(claim.title),
        "verdict": None if claim.verdict is None else claim.verdict.value,
        "publisher": storable(claim.publisher),
        "url": storable_or_none(claim.url),
        "checked_at": time_text_or_none(claim.checked_at),
        "case_id": storable_or_none(claim.case_id),
        "topics": storable(" ".join(claim.topics)),
        "now": time_text(now),
    }


def claim_of(row: sqlite3.Row) -> CheckedClaim:
    """The claim of a row of ``checked_claims``."""
    return CheckedClaim(
        id=row["id"],
        key=row["key"],
        text=row["text"],
        title=row["title"],
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
        publisher=row["publisher"],
        url=row["url"],
        checked_at=moment_or_none(row["checked_at"]),
        case_id=row["case_id"],
        topics=tuple(row["topics"].split()),
    )


def _link(link: ClaimLink) -> dict[str, object]:
    differences = [{"kind": one.kind, "claim": one.claim, "text": one.text} for one in link.differences]
    return {
        "identity": storable(link.identity),
        "claim_key": storable(link.claim_key),
        "confidence": round(link.confidence, 4),
        "stance": link.stance.value,
        "differences": storable(json_text(differences)),
        "matched_at": time_text(link.matched_at),
    }


def _item_claim(row: sqlite3.Row) -> ItemClaim:
    return ItemClaim(
        item_id=row["item_id"],
        claim=claim_of(row),
        confidence=row["confidence"],
        stance=Stance(row["stance"]),
        differences=tuple(
            Difference(kind=DifferenceKind(one["kind"]), claim=one["claim"], text=one["text"])
            for one in json.loads(row["differences"])
        ),
        matched_at=moment(row["matched_at"]),
    )
