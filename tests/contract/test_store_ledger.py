"""The ledger: one suite for every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from records import HOUR, NOW, source
from storeroom import DAY, grouped, ids, opened, post, verdict

from collector.model.claim import CheckedClaim
from collector.model.errors import NotFound, StoreError
from collector.model.item import Timing
from collector.model.judgement import Stance, Verdict
from collector.model.ledger import ActionKind, EventKind, IssueOrigin, IssueState, Precision
from collector.store.base import Storage
from collector.store.ledger import BROUGHT_BY, CHANGED, ActionDraft, IssueChange, IssueFilter


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register((source(),), NOW)
    return empty


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
