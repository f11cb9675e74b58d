"""What every store promises of checked claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from records import BANSOS, HOUR, NOW, draft, record, source

from collector.model.bucket import Measure
from collector.model.claim import CheckedClaim, Difference, DifferenceKind
from collector.model.errors import NotFound
from collector.model.judgement import Stance, Verdict
from collector.store.base import MentionFilter, Storage
from collector.store.claims import ClaimLink


@pytest.fixture
def store(empty: Storage) -> Storage:
    empty.sources.register([source("Tempo")], NOW)
    empty.items.record_poll(record(draft("a"), draft("b")))
    return empty


def claim(key: str = "k1", text: str = "Prabowo hapus MBG", **other: object) -> CheckedClaim:
    known = CheckedClaim(
        id=0,
        key=key,
        text=text,
        title=f"[SALAH] {text}",
        verdict=Verdict.FALSE,
        publisher="TurnBackHoax",
        url="https://turnbackhoax.id/1",
        checked_at=NOW,
        case_id="GFD-2026-1",
        topics=("mbg", "bansos"),
    )
    return replace(known, **other)  # type: ignore[arg-type]


def link(store: Storage, item_id: int = 1, key: str = "k1", confidence: float = 0.8) -> ClaimLink:
    return ClaimLink(
        identity=store.items.get(item_id).item.identity,
        claim_key=key,
        confidence=confidence,
        stance=Stance.SPREAD,
        differences=(Difference(kind=DifferenceKind.WHAT, claim="MBG", text=""),),
        matched_at=NOW,
    )


def test_a_claim_comes_back_as_it_was_stored(store: Storage) -> None:
    assert store.claims.add([claim()], NOW) == 1
    assert store.claims.get(1) == claim(id=1)
    assert store.claims.count() == 1


def test_a_claim_that_is_not_stored_is_not_found(store: Storage) -> None:
    with pytest.raises(NotFound):
        store.claims.get(7)


def test_the_same_key_is_the_same_claim_and_the_newer_words_win(store: Storage) -> None:
    store.claims.add([claim()], NOW)
    newer = claim(text="Prabowo menghapus MBG", verdict=None, url=None, checked_at=None, topics=(), publisher="")
    assert store.claims.add([newer], NOW) == 0
    assert store.claims.get(1) == claim(id=1, text="Prabowo menghapus MBG")


def test_a_matcher_learns_only_what_came_after(store: Storage) -> None:
    store.claims.add([claim("k1"), claim("k2"), claim("k3")], NOW)
    assert [one.key for one in store.claims.changed(1).claims] == ["k2", "k3"]
    assert store.claims.changed(3).claims == ()


def test_a_claim_checked_anew_is_learnt_again_and_one_that_stayed_the_same_is_not(store: Storage) -> None:
    store.claims.add([claim("k1"), claim("k2")], NOW)
    seen = store.claims.changed(0).revision
    store.claims.add([claim("k2"), claim("k1", verdict=Verdict.TRUE)], NOW)
    news = store.claims.changed(seen)
    assert [(one.key, one.verdict) for one in news.claims] == [("k1", Verdict.TRUE)]
    assert store.claims.changed(news.revision).claims == ()


def test_a_claim_that_keeps_what_the_newer_one_leaves_empty_has_not_changed(store: Storage) -> None:
    store.claims.add([claim()], NOW)
    seen = store.claims.changed(0).revision
    store.claims.add([claim(verdict=None, url=None, checked_at=None, topics=(), publisher="", case_id=None)], NOW)
    assert store.claims.changed(seen).claims == ()


def test_a_link_can_be_taken_back(store: Storage) -> None:
    store.claims.add([claim()], NOW)
    store.claims.link([link(store, 1), link(store, 2)])
    store.claims.unlink([1])
    assert list(store.claims.of_items([1, 2])) == [2]


def test_claims_are_listed_newest_first_and_found_by_words(store: Storage) -> None:
    store.claims.add([claim("old"), claim("new", "KPU curang", checked_at=NOW + HOUR)], NOW)
    store.claims.add([claim("undated", "MK bubar", checked_at=None)], NOW)
    assert [one.key for one in store.claims.list()] == ["new", "old", "undated"]
    assert [one.key for one in store.claims.list(search="curang KPU")] == ["new"]
    assert [one.key for one in store.claims.list(limit=1)] == ["new"]
    assert store.claims.list(search="100% '") == ()


def test_an_item_is_linked_to_the_claim_it_repeats(store: Storage) -> None:
    store.claims.add([claim()], NOW)
    assert store.claims.link([link(store)]) == 1
    (found,) = store.claims.of_items([1, 2])[1]
    assert (found.claim, found.confidence, found.stance) == (claim(id=1), 0.8, Stance.SPREAD)
    assert found.differences == (Difference(kind=DifferenceKind.WHAT, claim="MBG", text=""),)
    assert found.matched_at == NOW


def test_a_newer_link_replaces_the_older(store: Storage) -> None:
    store.claims.add([claim("k1"), claim("k2")], NOW)
    store.claims.link([link(store, key="k1")])
    store.claims.link([link(store, key="k2")])
    assert [one.claim.key for one in store.claims.of_items([1])[1]] == ["k2"]


def test_links_to_what_is_not_stored_are_left_out(store: Storage) -> None:
    store.claims.add([claim()], NOW)
    stranger = replace(link(store), identity="https://elsewhere.example/")
    assert store.claims.link([stranger, link(store, key="unknown")]) == 0
    assert store.claims.of_items([1]) == {}


def test_links_go_with_their_item_and_claims_stay(store: Storage) -> None:
    store.claims.add([claim()], NOW)
    store.claims.link([link(store)])
    store.items.prune(items_before=NOW + HOUR, polls_before=NOW - timedelta(days=1))
    assert store.claims.of_items([1]) == {}
    assert store.claims.count() == 1


def test_words_that_no_database_takes_are_cleaned(store: Storage) -> None:
    store.claims.add([claim(text="a\0b \ud800")], NOW)
    assert store.claims.get(1).text == "ab \ufffd"


def test_what_repeats_a_wrong_claim_is_counted_and_listed(store: Storage) -> None:
    store.claims.add([claim("k1"), claim("true one", verdict=Verdict.TRUE)], NOW)
    assert returns(store) == (0, ())
    store.claims.link([link(store, 1, "k1"), link(store, 2, "true one")])
    assert returns(store) == (1, (1,))


def test_a_debunk_of_a_claim_is_no_return_of_it(store: Storage) -> None:
    store.claims.add([claim()], NOW)
    store.claims.link([replace(link(store), stance=Stance.DEBUNK)])
    assert returns(store) == (0, ())


def returns(store: Storage) -> tuple[int, tuple[int, ...]]:
    """How many items of the hour repeat a checked claim, and which."""
    (series,) = store.buckets.series([BANSOS], Measure.KNOWN_CLAIMS, NOW, NOW)
    items = store.items.list(MentionFilter(topic_id="bansos", measure=Measure.KNOWN_CLAIMS))
    return sum(series.count), tuple(item.item.id for item in items)
