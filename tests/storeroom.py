"""What suites of the store do again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from records import BANSOS, HOUR, NOW, draft, record

from collector.model.bucket import Measure, Series, Subject
from collector.model.issue import Membership
from collector.model.judgement import Verdict
from collector.model.ledger import CopyState, IssueOrigin, PageCopy, Precision
from collector.store.base import Draft, MentionFilter, Storage
from collector.store.ledger import IssueChange, IssueDraft

DAY = timedelta(days=1)


def series(
    store: Storage, measure: Measure = Measure.MENTIONS, *, subject: Subject = BANSOS, **wanted: float
) -> Series:
    """The hour of NOW and the two after it."""
    (found,) = store.buckets.series([subject], measure, NOW, NOW + 2 * HOUR, **wanted)
    return found


def item_id(store: Storage, name: str = "a") -> int:
    found = store.items.find(f"https://tempo.example/{name}")
    assert found is not None
    return found.item.id


def post(name: str, **words: object) -> Draft:
    return draft(name, **({"title": f"Judul {name}", "excerpt": f"Isi {name}"} | words))  # type: ignore[arg-type]


def grouped(store: Storage, *drafts: Draft, issue: int = 1, claim: str | None = None, title: str = "") -> list[int]:
    """Store the drafts and enter them into an issue, each in a voice of its own."""
    store.items.record_poll(record(*drafts))
    numbers = [found.item.id for one in drafts if (found := store.items.find(one.identity)) is not None]
    store.issues.save(
        [
            Membership(
                item_id=number,
                issue_id=issue,
                voice=voice,
                title=title or drafts[0].title,
                claim_key=claim,
                seen_at=one.seen_at,
            )
            for voice, (number, one) in enumerate(zip(numbers, drafts, strict=True), 1)
        ]
    )
    return numbers


def opened(store: Storage, title: str = "Isu impor", at: datetime = NOW, **words: object) -> int:
    made = IssueDraft(title=title, opened_at=at, opened_precision=Precision.DAY, origin=IssueOrigin.IMPORT)
    return store.ledger.open(replace(made, **words), at=NOW, actor="ani", why="berkas")  # type: ignore[arg-type]


def verdict(issue_id: int, found: Verdict = Verdict.FALSE, **words: object) -> IssueChange:
    made = IssueChange(issue_id=issue_id, at=NOW, actor="ani", why="KPU membantah", verdict=found)
    return replace(made, **words)  # type: ignore[arg-type]


def ids(found: Sequence[object]) -> list[int]:
    return [one.id for one in found]  # type: ignore[attr-defined]


def copy(item_id: int, at: datetime = NOW) -> PageCopy:
    return PageCopy(
        item_id=item_id,
        url="https://tempo.example/a",
        state=CopyState.KEPT,
        fetched_at=at,
        status=200,
        media_type="text/html",
        sha256="ab" * 32,
        page_bytes=4,
        kept_bytes=0,
        whole=True,
        attempts=0,
        next_at=None,
        error=None,
    )


def titles(store: Storage, **wanted: object) -> list[str]:
    return [judged.item.title for judged in store.items.list(MentionFilter(**wanted))]  # type: ignore[arg-type]
