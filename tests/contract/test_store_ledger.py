"""The ledger, its copies and its figures: one suite for every store."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from records import BANSOS, HOUR, NOW, alert, change, delivery, draft, record, source

from collector.model.bucket import Measure, Subject
from collector.model.claim import CheckedClaim
from collector.model.errors import NotFound, StoreError
from collector.model.issue import Membership
from collector.model.item import Timing
from collector.model.judgement import Stance, Verdict
from collector.model.ledger import (
    ActionKind,
    CopyState,
    EventKind,
    IssueOrigin,
    IssueState,
    PageCopy,
    Precision,
    PublishedCount,
    Telling,
)
from collector.store.base import Draft, MentionFilter, Storage
from collector.store.ledger import BROUGHT_BY, CHANGED, FORGOTTEN, ActionDraft, IssueChange, IssueDraft, IssueFilter
from collector.store.memory import MemoryStore
from collector.store.sqlite import SqliteStore

DAY = timedelta(days=1)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    made: Storage = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "siaga.db")
    made.sources.register((source(),), NOW)
    yield made
    made.close()


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


# ---------------------------------------------------------------- issues


def test_three_counts_are_kept_apart(store: Storage) -> None:
    grouped(store, post("a"), post("b", publisher="x.example"), post("c", suspicion=0.0, stance=Stance.DEBUNK))
    store.ledger.act(
        ActionDraft(issue_id=1, kind=ActionKind.TAKEN_DOWN, at=NOW, precision=Precision.DAY, by="Meta"),
        at=NOW,
        actor="ani",
    )
    issue = store.ledger.get(1)
    assert (issue.items, issue.suspicious, issue.debunks, issue.actions) == (3, 2, 1, 1)
    assert (issue.voices, issue.publishers, issue.topics) == (3, 2, ("bansos",))
    assert (issue.state, issue.verdict, issue.origin) == (IssueState.NEW, None, IssueOrigin.GROUPING)


def test_an_issue_without_items_is_in_the_ledger_and_no_watcher_sees_it(store: Storage) -> None:
    number = opened(store, topics=("bansos",))
    issue = store.ledger.get(number)
    assert (issue.items, issue.title_by, issue.topics, issue.opened_precision) == (0, "ani", ("bansos",), "day")
    assert store.issues.list() == ()
    assert [e.kind for e in store.ledger.history(number)] == [EventKind.OPENED]


def test_numbers_of_issues_are_given_once_to_whoever_asks(store: Storage) -> None:
    first = store.issues.reserve(3)
    assert opened(store) == first + 3
    assert store.issues.next_id() == first + 4


def test_an_unknown_issue_is_not_found_by_any_verb(store: Storage) -> None:
    for ask in (
        lambda: store.ledger.get(9),
        lambda: store.ledger.change(verdict(9)),
        lambda: store.ledger.merge(9, 8, at=NOW, actor="ani"),
        lambda: store.ledger.split(9, [1], "x", at=NOW, actor="ani"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_a_change_keeps_who_when_why_and_what_stood_before(store: Storage) -> None:
    grouped(store, post("a"))
    issue = store.ledger.change(verdict(1, state=IssueState.CHECKED, verdict_link="https://cek.example/1"))
    assert (issue.verdict, issue.verdict_by, issue.verdict_note) == (Verdict.FALSE, "ani", "KPU membantah")
    assert (issue.state, issue.verdict_at, issue.verdict_link) == (IssueState.CHECKED, NOW, "https://cek.example/1")
    store.ledger.change(verdict(1, Verdict.TRUE, state=IssueState.CORRECTED, at=NOW + HOUR))
    told = [(e.kind, e.old, e.new, e.at) for e in store.ledger.history(1) if e.kind is EventKind.VERDICT]
    assert told == [(EventKind.VERDICT, "", "false", NOW), (EventKind.VERDICT, "false", "true", NOW + HOUR)]


def test_a_link_stays_with_its_verdict_and_goes_with_it(store: Storage) -> None:
    """What was published as false is no evidence for unproven."""
    grouped(store, post("a"))
    store.ledger.change(verdict(1, verdict_link="https://cek.example/1"))
    assert store.ledger.change(verdict(1, at=NOW + HOUR)).verdict_link == "https://cek.example/1"
    assert store.ledger.change(verdict(1, Verdict.UNPROVEN, at=NOW + 2 * HOUR)).verdict_link is None


def test_a_title_that_a_person_gave_outlives_the_grouping(store: Storage) -> None:
    grouped(store, post("a"))
    store.ledger.change(IssueChange(issue_id=1, at=NOW, actor="ani", title="Judul meja"))
    grouped(store, post("b"), title="Judul mesin")
    assert store.ledger.get(1).title == "Judul meja"
    assert [(e.old, e.new) for e in store.ledger.history(1)] == [("Judul a", "Judul meja")]


def test_a_failed_change_leaves_no_history(store: Storage) -> None:
    grouped(store, post("a"))
    with pytest.raises(NotFound):
        _change_and_fail(store)
    assert store.ledger.history(1) == ()
    assert store.ledger.get(1).verdict is None


def _change_and_fail(store: Storage) -> None:
    with store.transaction():
        store.ledger.change(verdict(1))
        store.ledger.get(99)


def test_the_desks_finding_is_asked_for_by_issue(store: Storage) -> None:
    grouped(store, post("a"))
    grouped(store, post("b"), issue=2)
    found = CheckedClaim(
        id=0, key="issue:1", text="K", title="K", verdict=Verdict.FALSE, publisher="Meja", url=None, checked_at=None
    )
    store.claims.add([found], NOW)
    assert store.ledger.findings([1, 2]) == {}
    store.ledger.change(verdict(1))
    assert {number: claim.publisher for number, claim in store.ledger.findings([1, 2]).items()} == {1: "Meja"}


# ---------------------------------------------------------------- merge and split


def test_merged_issues_are_one_with_all_items_actions_and_the_verdict(store: Storage) -> None:
    grouped(store, post("a"))
    grouped(store, post("b", seen_at=NOW + HOUR), issue=2)
    store.ledger.change(verdict(2, state=IssueState.CHECKED))
    issue = store.ledger.merge(2, 1, at=NOW, actor="ani", why="sama")
    assert (issue.id, issue.items, issue.voices, issue.verdict) == (1, 2, 2, Verdict.FALSE)
    assert (issue.opened_at, issue.last_seen_at) == (NOW, NOW + HOUR)
    assert (store.ledger.get(2).merged_into, store.ledger.get(2).state) == (1, IssueState.MERGED)
    assert ids(store.ledger.list(IssueFilter())) == [1]
    assert store.meta(CHANGED) is None


def test_items_that_a_grouping_still_enters_into_a_merged_issue_go_to_the_other(store: Storage) -> None:
    grouped(store, post("a"))
    grouped(store, post("b"), issue=2)
    grouped(store, post("c"), issue=3)
    store.ledger.merge(2, 1, at=NOW, actor="ani")
    store.ledger.merge(1, 3, at=NOW, actor="ani")
    grouped(store, post("d", seen_at=NOW + DAY), issue=2)
    issue = store.ledger.get(3)
    assert (issue.items, issue.last_seen_at, issue.title) == (4, NOW + DAY, "Judul c")
    back = {one.item_id: (one.issue_id, one.voice) for one in store.issues.grouped(NOW - DAY, 10)}
    assert back == {1: (1, 1), 2: (2, 1), 3: (3, 1), 4: (2, 1)}  # as the grouping knows them


@pytest.mark.parametrize("pair", [(1, 1), (2, 1), (1, 2)])
def test_what_is_merged_already_is_not_merged_again(store: Storage, pair: tuple[int, int]) -> None:
    grouped(store, post("a"))
    grouped(store, post("b"), issue=2)
    store.ledger.merge(2, 1, at=NOW, actor="ani")
    with pytest.raises(StoreError, match="part of issue"):
        store.ledger.merge(*pair, at=NOW, actor="ani")


def test_a_split_moves_items_into_an_issue_of_their_own(store: Storage) -> None:
    first, second = grouped(store, post("a"), post("b", seen_at=NOW + DAY))
    new = store.ledger.split(1, [second], "Klaim lain", at=NOW, actor="ani", why="beda tempat")
    assert (store.ledger.get(1).items, store.ledger.get(1).last_seen_at) == (1, NOW)
    made = store.ledger.get(new)
    assert store.meta(CHANGED)
    assert (made.title, made.items, made.opened_at, made.origin) == ("Klaim lain", 1, NOW + DAY, IssueOrigin.SPLIT)
    with pytest.raises(StoreError, match="both sides"):
        store.ledger.split(1, [first], "alles", at=NOW, actor="ani")
    with pytest.raises(NotFound, match="no item"):
        store.ledger.split(1, [second], "fremd", at=NOW, actor="ani")


def test_a_new_issue_of_a_claim_that_has_one_joins_it(store: Storage) -> None:
    number = opened(store, claim_key="url:cek.example/1")
    grouped(store, post("a"), issue=number + 1, claim="url:cek.example/1")
    grouped(store, post("b"), issue=number + 1, claim="url:cek.example/1")
    assert store.ledger.get(number).items == 2
    assert store.ledger.of_claim("url:cek.example/1") == number
    assert store.items.get(1).item.issue_id == number


def test_a_desks_own_claim_leads_to_its_issue_even_after_a_merge(store: Storage) -> None:
    grouped(store, post("a"))
    grouped(store, post("b"), issue=2)
    assert store.ledger.of_claim("issue:2") == 2
    store.ledger.merge(2, 1, at=NOW, actor="ani")
    assert store.ledger.of_claim("issue:2") == 1
    assert store.ledger.of_claim("issue:7") is None


# ---------------------------------------------------------------- lists


def test_issues_are_found_by_state_verdict_topic_and_words(store: Storage) -> None:
    grouped(store, post("kotak suara"), issue=1)
    grouped(store, post("beras", seen_at=NOW + HOUR, topics=("mbg",)), issue=2)
    desk = opened(store, "Surat suara dicoblos", at=NOW + DAY, topics=("bansos",))
    store.items.index_pending(10)
    store.ledger.change(verdict(2, state=IssueState.CHECKED))
    assert ids(store.ledger.list(IssueFilter())) == [desk, 2, 1]
    assert ids(store.ledger.list(IssueFilter(limit=1, offset=1))) == [2]
    assert ids(store.ledger.list(IssueFilter(state=IssueState.CHECKED))) == [2]
    assert ids(store.ledger.list(IssueFilter(verdict=Verdict.FALSE))) == [2]
    assert ids(store.ledger.list(IssueFilter(with_verdict=True))) == [2]
    assert ids(store.ledger.list(IssueFilter(topic_id="bansos"))) == [desk, 1]
    assert ids(store.ledger.list(IssueFilter(search="suara"))) == [desk, 1]
    assert ids(store.ledger.list(IssueFilter(search="beras", topic_id="bansos"))) == []
    assert ids(store.ledger.list(IssueFilter(since=NOW + HOUR, until=NOW + DAY))) == [2]


def test_talk_that_nobody_suspected_can_be_left_out(store: Storage) -> None:
    grouped(store, post("berita", suspicion=0.0), issue=1)
    grouped(store, post("hoaks"), issue=2)
    assert ids(store.ledger.list(IssueFilter(claimed=True))) == [2]
    store.ledger.change(IssueChange(issue_id=1, at=NOW, actor="ani", state=IssueState.UNDER_CHECK))
    assert ids(store.ledger.list(IssueFilter(claimed=True))) == [2, 1]


# ---------------------------------------------------------------- items that people bring


def test_a_brought_item_joins_the_named_issue_and_counts_on_its_own_date(store: Storage) -> None:
    number = opened(store)
    brought = post("lama", timing=Timing.BACKFILL)
    brought = replace(brought, published_at=datetime(2024, 1, 31, 17, tzinfo=UTC), date_precision=Precision.MONTH)
    (item_id,) = store.ledger.add_items(BROUGHT_BY, [(brought, number)], NOW)
    item = store.items.get(item_id).item
    assert (item.issue_id, item.date_precision, item.source_id) == (number, Precision.MONTH, BROUGHT_BY)
    counted = store.figures.items(datetime(2024, 2, 1, tzinfo=UTC), NOW, topic_id=None, label="")
    assert [(one.at, one.precision, one.n) for one in counted] == [(brought.published_at, Precision.MONTH, 1)]
    assert BROUGHT_BY not in [state.source_id for state in store.sources.states()]


def test_a_brought_item_that_is_known_is_one_more_sighting(store: Storage) -> None:
    grouped(store, post("a"))
    number = opened(store)
    assert store.ledger.add_items(BROUGHT_BY, [(post("a"), number)], NOW) == (1,)
    assert store.items.get(1).sightings == 2
    assert store.items.get(1).item.issue_id == 1


# ---------------------------------------------------------------- who was told


def telling(found: Verdict | None = Verdict.FALSE, **words: object) -> Telling:
    made = Telling(id=0, issue_id=1, recipient="Meta", channel="partner", at=NOW, about="x", verdict=found)
    return replace(made, **words)  # type: ignore[arg-type]


def test_who_was_told_is_kept_with_the_alerts_that_spoke_of_the_issue(store: Storage) -> None:
    (item_id,) = grouped(store, post("a"))
    store.alerts.save(alert(), deliveries=[delivery("m1", alert_id=1)], evidence=[item_id])
    own = replace(alert(2, key="k/issue:1"), subject=Subject(kind="issue", id="1"))
    store.alerts.save(own, deliveries=[delivery("m2", receiver="sistem", alert_id=2, at=NOW + HOUR)])
    store.ledger.tell([telling(at=NOW + DAY)])
    told = store.ledger.told(1)
    assert [(one.recipient, one.channel) for one in told] == [
        ("meja", "alert"),
        ("sistem", "alert"),
        ("Meta", "partner"),
    ]
    assert store.ledger.told(2) == ()


def test_what_was_told_is_what_the_message_said_then(store: Storage) -> None:
    """The alert's title grows with the alert; who read of five was not told of nineteen."""
    (item_id,) = grouped(store, post("a"))
    said = replace(delivery("m1", alert_id=1), notice='{"headline": ["lima sebutan", "five mentions"]}')
    store.alerts.save(alert(count=19), deliveries=[said], evidence=[item_id])
    assert [one.about for one in store.ledger.told(1)] == ["lima sebutan"]


def test_whoever_heard_another_verdict_is_owed_a_correction(store: Storage) -> None:
    grouped(store, post("a"))
    store.ledger.change(verdict(1))
    store.ledger.tell([telling(), telling(None, recipient="TikTok"), telling(channel="bulletin", recipient="umum")])
    assert store.ledger.owed() == ()
    store.ledger.change(verdict(1, Verdict.TRUE))
    assert [one.recipient for one in store.ledger.owed()] == ["Meta", "umum"]
    assert [one.recipient for one in store.ledger.owed("bulletin")] == ["umum"]
    store.ledger.tell([telling(Verdict.TRUE, correction=True)])
    assert [one.recipient for one in store.ledger.owed()] == ["umum"]


def test_an_answer_is_kept_with_what_was_told(store: Storage) -> None:
    grouped(store, post("a"))
    store.ledger.tell([telling()])
    store.ledger.answered(store.ledger.told(1)[0].id, "diturunkan", NOW + HOUR)
    assert (store.ledger.told(1)[0].answer, store.ledger.told(1)[0].answered_at) == ("diturunkan", NOW + HOUR)
    with pytest.raises(NotFound):
        store.ledger.answered(99, "x", NOW)


# ---------------------------------------------------------------- removal


def forget(store: Storage, name: str = "a") -> None:
    store.ledger.forget(f"https://tempo.example/{name}", at=NOW, actor="ani", why="permintaan orangnya")


def test_what_is_forgotten_stands_nowhere_any_more(store: Storage) -> None:
    words = "Rahasia Pak Anu"
    (item_id, _) = grouped(store, post("a", title=words, excerpt=words, guid="g-rahasia"), post("b"))
    store.items.record_poll(record(changes=[change(item_id, title=words + " lagi", suspicion=0.7)]))
    store.items.index_pending(10)
    store.copies.keep(copy(item_id), gzip.compress(b"page"))
    notice = {
        "why": ["“Rahasia Pak…” naik", "z"],
        "exhibits": [{"item_id": item_id}],
        "issues": [{"title": "Rahasia Pak…", "url": "https://tempo.example/a"}],
    }
    sent = replace(delivery("m1", alert_id=1), notice=json.dumps(notice))
    own = replace(alert(key="k/issue:1"), subject=Subject(kind="issue", id="1"), title="isu “Rahasia Pak…” — 3")
    store.alerts.save(own, deliveries=[sent], evidence=[item_id])
    forget(store)
    item = store.items.get(item_id).item
    assert (item.title, item.excerpt, item.url, item.content_hash) == (FORGOTTEN, "", None, "")
    assert "tempo" not in item.identity
    assert store.items.revisions(item_id) == ()
    assert store.copies.of(item_id) is None
    assert store.items.list(MentionFilter(search="rahasia")) == ()
    assert [s.guid for s in store.items.sightings(item_id)] == [None]
    assert [m.spans for m in store.items.get(item_id).mentions] == [()]
    assert store.items.get(item_id).judgement.signals == ()
    assert "Rahasia" not in store.ledger.get(1).title
    assert "Rahasia" not in str(store.ledger.history(1)) + store.alerts.get(1).title
    (kept,) = store.outbox.list(alert_id=1)
    assert json.loads(kept.notice)["exhibits"] == []
    assert "Rahasia" not in kept.notice
    assert "tempo.example/a" not in kept.notice


def test_forgetting_changes_no_count(store: Storage) -> None:
    grouped(store, post("a"), post("b"))
    before = store.buckets.series((BANSOS,), Measure.SUSPICIOUS, NOW, NOW)[0].count
    issue = store.ledger.get(1)
    forget(store)
    assert store.buckets.series((BANSOS,), Measure.SUSPICIOUS, NOW, NOW)[0].count == before
    after = store.ledger.get(1)
    assert (after.items, after.suspicious, after.voices) == (issue.items, issue.suspicious, issue.voices)
    assert store.items.counts(NOW - DAY).suspicious == 2


def test_what_was_forgotten_is_not_collected_again(store: Storage) -> None:
    grouped(store, post("a"))
    forget(store)
    assert store.items.record_poll(record(post("a"), post("z"))).items_new == 1
    assert store.items.find("https://tempo.example/a") is None
    assert store.ledger.add_items(BROUGHT_BY, [(post("a"), None)], NOW) == (0,)
    assert store.ledger.forgotten(["https://tempo.example/a", "other"]) == {"https://tempo.example/a"}


def test_an_address_can_be_forgotten_before_it_was_ever_seen(store: Storage) -> None:
    forget(store, "baru")
    assert store.items.record_poll(record(post("baru"))).items_new == 0
    (stone,) = store.ledger.tombstones()
    assert (stone.item_id, stone.actor, stone.why) == (None, "ani", "permintaan orangnya")
    assert "tempo" not in stone.identity_hash


def test_a_forgotten_item_is_grouped_with_nothing(store: Storage) -> None:
    store.items.record_poll(record(post("a")))
    grouped(store, post("b"))
    forget(store, "a")
    forget(store, "b")
    assert store.issues.ungrouped(0, 10) == ()
    assert store.issues.grouped(NOW - DAY, 10) == ()


def test_a_forgotten_fact_check_takes_its_claim_along(store: Storage) -> None:
    url = "https://tempo.example/a"
    claim = CheckedClaim(
        id=0, key="url:tempo.example/a", text="K", title="K", verdict=None, publisher="t", url=url, checked_at=None
    )
    store.claims.add([claim], NOW)
    grouped(store, post("a"), claim=claim.key)
    forget(store)
    assert store.claims.count() == 0
    assert store.ledger.get(1).claim_key is None


# ---------------------------------------------------------------- copies


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


def due(store: Storage, at: datetime = NOW) -> list[int]:
    return [wish.item_id for wish in store.copies.due(at, since=NOW - DAY, limit=10)]


def test_copies_are_wanted_of_suspicious_new_items_only(store: Storage) -> None:
    store.items.record_poll(
        record(
            post("a"),
            post("news", suspicion=0.1),
            post("debunk", stance=Stance.DEBUNK),
            post("old", timing=Timing.BACKFILL),
            post("off", topics=()),
            post("late", seen_at=NOW - 2 * DAY),
        )
    )
    assert due(store) == [1]


def test_a_kept_copy_gives_its_bytes_back_and_is_wanted_no_more(store: Storage) -> None:
    store.items.record_poll(record(post("a")))
    body = gzip.compress(b"<html>bukti</html>")
    assert store.copies.keep(copy(1), body)
    assert not store.copies.keep(copy(1), b"other")
    kept = store.copies.of(1)
    assert kept is not None
    assert (kept.state, kept.kept_bytes, kept.sha256, kept.fetched_at) == (CopyState.KEPT, len(body), "ab" * 32, NOW)
    assert store.copies.body(1) == body
    assert due(store) == []
    assert store.copies.counts()[CopyState.KEPT] == 1


def test_a_failed_copy_is_tried_again_and_then_no_more(store: Storage) -> None:
    store.items.record_poll(record(post("a")))
    store.copies.failed(1, "u", "timed out", again_at=NOW + HOUR)
    assert due(store) == []
    assert [w.attempts for w in store.copies.due(NOW + HOUR, since=NOW - DAY, limit=1)] == [1]
    store.copies.failed(1, "u", "404", again_at=None)
    found = store.copies.of(1)
    assert found is not None
    assert (found.state, found.attempts, found.error) == (CopyState.FAILED, 2, "404")
    assert due(store, NOW + 2 * HOUR) == []


def test_a_copy_can_be_removed_for_good(store: Storage) -> None:
    store.items.record_poll(record(post("a")))
    store.copies.keep(copy(1), b"x")
    assert store.copies.remove(1)
    assert not store.copies.remove(1)
    assert store.copies.body(1) is None
    assert due(store) == []


def test_old_copies_are_pruned(store: Storage) -> None:
    store.items.record_poll(record(post("a"), post("b")))
    store.copies.keep(copy(1, NOW - DAY), b"x")
    store.copies.keep(copy(2, NOW), b"y")
    assert store.copies.prune(NOW) == 1
    assert store.copies.body(1) is None
    assert store.copies.body(2) == b"y"


# ---------------------------------------------------------------- figures


def published(
    first: date, last: date, issues: int = 5, topic: str = "", source_name: str = "Kominfo"
) -> PublishedCount:
    return PublishedCount(id=0, first=first, last=last, issues=issues, topic=topic, source=source_name)


def test_published_counts_are_kept_once(store: Storage) -> None:
    rows = [published(date(2024, 2, 1), date(2024, 2, 29)), published(date(2023, 1, 1), date(2023, 1, 31))]
    assert store.figures.add_counts(rows, NOW) == 2
    assert store.figures.add_counts([replace(rows[0], issues=6)], NOW) == 0
    assert [(row.first.month, row.issues) for row in store.figures.counts()] == [(1, 5), (2, 6)]


def counted(store: Storage, what: str, label: str = "", topic: str | None = None, until: datetime = NOW + DAY) -> dict:  # type: ignore[type-arg]
    ask = store.figures.issues if what == "issues" else store.figures.items
    found = ask(NOW, until, topic_id=topic, label=label)
    return {(one.at, one.label): one.n for one in found}


def test_an_issue_counts_in_the_hour_of_its_first_item_worth_a_look(store: Storage) -> None:
    hour = NOW.replace(minute=0)
    grouped(store, post("news", suspicion=0.0), post("b", seen_at=NOW + HOUR), post("c", seen_at=NOW + 2 * HOUR))
    grouped(store, post("early", seen_at=NOW - DAY), post("again", seen_at=NOW), issue=2)
    grouped(store, post("past", timing=Timing.BACKFILL), issue=3)
    assert counted(store, "issues") == {(hour + HOUR, ""): 1}
    assert counted(store, "issues", "source") == {(hour + HOUR, "tempo.example"): 1}
    assert counted(store, "issues", "topic") == {(hour + HOUR, "bansos"): 1}
    assert counted(store, "issues", topic="mbg") == {}


def test_what_the_desk_has_checked_counts_however_harmless_it_looked(store: Storage) -> None:
    hour = NOW.replace(minute=0)
    grouped(store, post("a", suspicion=0.1), post("b", suspicion=0.1, stance=Stance.DEBUNK))
    grouped(store, post("c", suspicion=0.1), issue=2)
    store.ledger.change(verdict(1))
    store.ledger.change(verdict(2, Verdict.TRUE))
    assert counted(store, "issues") == {(hour, ""): 2}
    assert counted(store, "items") == {(hour, ""): 1}
    assert counted(store, "items", "topic") == {(hour, "bansos"): 1}


def test_an_issue_that_a_desk_entered_counts_on_its_own_date(store: Storage) -> None:
    opened(store, at=NOW + HOUR, topics=("bansos", "mbg"))
    grouped(store, post("a"), issue=1)
    assert counted(store, "issues") == {(NOW + HOUR, ""): 1}
    assert counted(store, "issues", "topic") == {(NOW + HOUR, "bansos mbg"): 1}
    assert counted(store, "issues", topic="mbg") == {(NOW + HOUR, ""): 1}


def test_suspicious_items_count_in_the_hour_they_were_seen(store: Storage) -> None:
    hour = NOW.replace(minute=0)
    store.items.record_poll(
        record(post("a", topics=("bansos", "mbg")), post("b", suspicion=0.1), post("c", timing=Timing.BACKFILL))
    )
    assert counted(store, "items") == {(hour, ""): 1}
    assert counted(store, "items", "topic") == {(hour, "bansos"): 1, (hour, "mbg"): 1}
    assert counted(store, "items", "topic", topic="mbg") == {(hour, "mbg"): 1}


def test_actions_count_when_they_were_taken(store: Storage) -> None:
    grouped(store, post("a"))
    act = ActionDraft(issue_id=1, kind=ActionKind.LABELLED, at=NOW, precision=Precision.DAY, by="X")
    store.ledger.act(act, at=NOW, actor="ani")
    store.ledger.act(replace(act, at=NOW - 60 * DAY), at=NOW, actor="ani")
    found = store.figures.actions(NOW, NOW + DAY, topic_id="bansos")
    assert [(kind, one.at, one.n) for kind, one in found] == [(ActionKind.LABELLED, NOW, 1)]
    assert store.figures.actions(NOW, NOW + DAY, topic_id="mbg") == ()


def test_items_that_name_somebody_are_counted_by_whole_words(store: Storage) -> None:
    numbers = grouped(
        store,
        post("a", title="Budi Santoso dicoret"),
        post("b", title="kata Budi", suspicion=0.1),
        post("c", title="Santoso Budi", excerpt="Budiman"),
    )
    store.items.index_pending(10)
    store.alerts.save(alert(), evidence=numbers[:1])
    named = store.figures.naming(["Budi Santoso", "kata budi"], NOW, NOW + DAY)
    assert (named.items, named.flagged, named.alerted) == (2, 1, 1)
    assert store.figures.naming(["budi sant"], NOW, NOW + DAY).items == 0
    assert store.figures.naming(["!!"], NOW, NOW + DAY).items == 0
    assert store.figures.on_topic("bansos", NOW, NOW + DAY).items == 3


def test_the_oldest_item_says_since_when_counts_are_whole(store: Storage) -> None:
    assert store.figures.kept_since() is None
    store.items.record_poll(record(post("a"), post("b", seen_at=NOW + HOUR)))
    assert store.figures.kept_since() == NOW
    store.items.prune(items_before=NOW + HOUR, polls_before=NOW)
    assert store.figures.kept_since() == NOW + HOUR


def test_what_a_desk_brought_is_named_on_its_own_dates(store: Storage) -> None:
    long_ago = NOW - 400 * DAY
    old = replace(draft("old", title="Anies dan bansos"), published_at=long_ago, timing=Timing.BACKFILL)
    store.ledger.add_items(BROUGHT_BY, [(old, None)], NOW)
    store.items.index_pending(10)
    for ask in (
        lambda since, until: store.figures.naming(("Anies",), since, until),
        lambda since, until: store.figures.on_topic("bansos", since, until),
    ):
        assert ask(long_ago - DAY, long_ago + DAY).items == 1
        assert ask(NOW - DAY, NOW + DAY).items == 0
