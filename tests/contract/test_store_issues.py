"""Issues in the store: one suite for every implementation."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from records import NOW, draft, record, source

from collector.model.bucket import Measure, Subject
from collector.model.claim import CheckedClaim
from collector.model.errors import NotFound
from collector.model.issue import Membership
from collector.model.item import Timing
from collector.model.judgement import Stance, Verdict
from collector.store.base import Draft, MentionFilter, Storage
from collector.store.claims import ClaimLink

TOPIC = Subject(kind="topic", id="bansos")


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(),), NOW)
    return empty


@pytest.fixture
def now() -> datetime:
    return NOW


def stored(store: Storage, *drafts: Draft) -> tuple[int, ...]:
    """The numbers of the drafts once stored."""
    store.items.record_poll(record(*drafts))
    found = [store.items.find(one.identity) for one in drafts]
    return tuple(one.item.id for one in found if one is not None)


def post(name: str, seen_at: datetime, suspicion: float = 0.0, stance: Stance = Stance.SPREAD) -> Draft:
    return draft(name, title=f"Judul {name}", seen_at=seen_at, suspicion=suspicion, stance=stance)


def member(item_id: int, seen_at: datetime, issue_id: int = 1, voice: int = 1, claim: str | None = None) -> Membership:
    return Membership(
        item_id=item_id, issue_id=issue_id, voice=voice, title="Judul isu", claim_key=claim, seen_at=seen_at
    )


def test_items_that_mention_a_topic_wait_to_be_grouped(store: Storage, now: datetime) -> None:
    off_topic = draft("x", topics=(), seen_at=now)
    first, second, _ = stored(store, post("a", now), post("b", now), off_topic)
    assert [one.item.id for one in store.issues.ungrouped(0, 10)] == [first, second]
    assert [one.item.id for one in store.issues.ungrouped(first, 10)] == [second]
    assert len(store.issues.ungrouped(0, 1)) == 1


def test_a_grouped_item_waits_no_more_and_knows_its_issue(store: Storage, now: datetime) -> None:
    (item_id,) = stored(store, post("a", now))
    assert store.issues.next_id() == 1
    store.issues.save([member(item_id, now)])
    assert store.issues.ungrouped(0, 10) == ()
    assert store.items.get(item_id).item.issue_id == 1
    assert store.issues.next_id() == 2


def test_an_issue_counts_items_voices_suspicious_and_debunks(store: Storage, now: datetime) -> None:
    later = now + timedelta(hours=2)
    ids = stored(
        store, post("a", now), post("b", later, suspicion=0.8), post("c", later, suspicion=0.0, stance=Stance.DEBUNK)
    )
    moments = (now, later, later)
    store.issues.save([member(i, at, voice=voice) for i, at, voice in zip(ids, moments, (1, 1, 2), strict=True)])
    issue = store.issues.get(1)
    assert (issue.items, issue.voices, issue.suspicious, issue.debunks) == (3, 2, 1, 1)
    assert (issue.opened_at, issue.last_seen_at, issue.claimed_at) == (now, later, later)
    assert issue.title == "Judul isu"


def test_the_claim_of_an_issue_stays_although_later_items_name_none(store: Storage, now: datetime) -> None:
    first, second = stored(store, post("a", now), post("b", now))
    store.issues.save([member(first, now, claim="k")])
    store.issues.save([member(second, now)])
    assert store.issues.get(1).claim_key == "k"


def test_an_unknown_issue_is_not_found(store: Storage) -> None:
    with pytest.raises(NotFound):
        store.issues.get(7)


def test_what_was_grouped_comes_back_oldest_first(store: Storage, now: datetime) -> None:
    first, second = stored(store, post("a", now), post("b", now + timedelta(hours=1)))
    store.issues.save([member(first, now, claim="k"), member(second, now, voice=2)])
    back = store.issues.grouped(now - timedelta(days=1), 10)
    assert [(one.item_id, one.voice, one.claim_key) for one in back] == [(first, 1, "k"), (second, 2, "k")]
    assert [one.item_id for one in store.issues.grouped(now - timedelta(days=1), 1)] == [second]
    assert store.issues.grouped(now + timedelta(hours=3), 10) == ()


def test_issues_are_listed_by_topic_and_last_item(store: Storage, now: datetime) -> None:
    later = now + timedelta(hours=5)
    first, second = stored(store, post("a", now), post("b", later))
    store.issues.save([member(first, now), member(second, later, issue_id=2)])
    assert [issue.id for issue in store.issues.list(topic_id="bansos")] == [2, 1]
    assert [issue.id for issue in store.issues.list(since=later)] == [2]
    assert store.issues.list(topic_id="mbg") == ()


def test_an_issue_counts_once_in_the_hour_of_its_first_item_worth_a_look(store: Storage, now: datetime) -> None:
    hours = [now + timedelta(hours=n) for n in range(3)]
    ids = stored(
        store,
        post("plain", hours[0]),
        post("b", hours[1], suspicion=0.9),
        post("c", hours[2], suspicion=0.9),
        draft("old", seen_at=hours[0], suspicion=0.9, timing=Timing.BACKFILL),
    )
    store.issues.save([member(i, now) for i in ids])
    (series,) = store.buckets.series((TOPIC,), Measure.ISSUES, hours[0], hours[2])
    assert series.count == (0, 1, 0)


def test_an_issue_has_a_series_of_its_own(store: Storage, now: datetime) -> None:
    later = now + timedelta(hours=1)
    ids = stored(store, post("a", now), post("b", later, suspicion=0.9), post("other", later))
    store.issues.save([member(ids[0], now), member(ids[1], later)])
    subject = Subject(kind="issue", id="1")
    (all_items,) = store.buckets.series((subject,), Measure.MENTIONS, now, later)
    (suspicious,) = store.buckets.series((subject,), Measure.SUSPICIOUS, now, later)
    assert (all_items.count, suspicious.count) == ((1, 1), (0, 1))


def test_the_items_of_an_issue_can_be_listed(store: Storage, now: datetime) -> None:
    first, second = stored(store, post("a", now), post("b", now))
    store.issues.save([member(first, now), member(second, now, issue_id=2)])
    assert [one.item.id for one in store.items.list(MentionFilter(issue_id=2))] == [second]


def test_within_an_issue_only_repeats_of_a_claim_found_wrong_are_counted_as_such(store: Storage, now: datetime) -> None:
    ids = stored(store, post("a", now), post("b", now), post("c", now, stance=Stance.DEBUNK))
    store.issues.save([member(item_id, now) for item_id in ids])
    store.claims.add([checked("wrong", Verdict.FALSE), checked("right", Verdict.TRUE)], now)
    store.claims.link(
        [said_by(store, ids[0], "wrong"), said_by(store, ids[1], "right"), said_by(store, ids[2], "wrong")]
    )
    issue = Subject(kind="issue", id="1")
    (repeats,) = store.buckets.series([issue], Measure.KNOWN_CLAIMS, now, now)
    (mentions,) = store.buckets.series([issue], Measure.MENTIONS, now, now)
    assert (sum(repeats.count), sum(mentions.count)) == (1, 3)


def checked(key: str, verdict: Verdict) -> CheckedClaim:
    return CheckedClaim(id=0, key=key, text=key, title=key, verdict=verdict, publisher="cek", url=None, checked_at=None)


def said_by(store: Storage, item_id: int, key: str) -> ClaimLink:
    return ClaimLink(
        identity=store.items.get(item_id).item.identity,
        claim_key=key,
        confidence=0.9,
        stance=Stance.SPREAD,
        differences=(),
        matched_at=NOW,
    )
