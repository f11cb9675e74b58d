"""Lists, search and export of items: one suite for every store."""

from __future__ import annotations

import pytest
from records import HOUR, NOW, alert, change, delivery, draft, judgement, record
from storeroom import item_id, series, titles

from collector.model.bucket import Measure
from collector.model.errors import NotFound
from collector.model.item import Timing
from collector.model.judgement import Stance
from collector.store.base import ItemCounts, Storage


@pytest.fixture
def filled(store: Storage) -> Storage:
    store.items.record_poll(
        record(
            draft("a", title="one", suspicion=0.9),
            draft("b", title="two", topics=("pemilu",), suspicion=0.2, seen_at=NOW + HOUR),
            draft("c", title="three", stance=Stance.DEBUNK, suspicion=0.7, seen_at=NOW + 2 * HOUR),
            draft("d", title="four", suspicion=0.6, timing=Timing.BACKFILL, seen_at=NOW + 3 * HOUR),
            draft("e", title="off topic", topics=(), seen_at=NOW + 4 * HOUR),
        )
    )
    store.items.index_pending(100)
    return store


LISTS = [
    ({}, ["four", "three", "two", "one"]),  # newest first, on a topic
    ({"limit": 2}, ["four", "three"]),
    ({"on_topic_only": False}, ["off topic", "four", "three", "two", "one"]),
    ({"topic_id": "bansos"}, ["four", "three", "one"]),
    ({"topic_id": "pemilu", "on_topic_only": False}, ["two"]),  # a named topic always narrows
    ({"since": NOW + HOUR, "until": NOW + 3 * HOUR}, ["three", "two"]),  # half-open
    ({"topic_id": "bansos", "since": NOW + HOUR}, ["four", "three"]),
    ({"include_backfill": False}, ["three", "two", "one"]),
    ({"suspicion_at_least": 0.65}, ["three", "one"]),
    ({"measure": Measure.SUSPICIOUS}, ["one", "four"]),  # most suspicious first
    ({"measure": Measure.SUSPICIOUS, "suspicion_at_least": 0.1}, ["one", "four", "two"]),
    ({"measure": Measure.DEBUNKS}, ["three"]),
    ({"measure": Measure.DEBUNKS, "topic_id": "pemilu"}, []),
    ({"measure": Measure.MENTIONS, "topic_id": "bansos"}, ["one", "three", "four"]),
    ({"search": "three"}, ["three"]),
    ({"search": "bantuan", "topic_id": "pemilu"}, ["two"]),
    ({"search": "bantuan", "measure": Measure.SUSPICIOUS}, ["one", "four"]),
    ({"search": "bantuan", "since": NOW + 3 * HOUR, "on_topic_only": False}, ["off topic", "four"]),
]


@pytest.mark.parametrize(("wanted", "found"), LISTS)
def test_a_list_is_narrowed_by_each_wish(filled: Storage, wanted: dict[str, object], found: list[str]) -> None:
    assert titles(filled, **wanted) == found


SEARCHES = [
    ("beasiswa", 1),
    ("BEASISWA", 1),
    ("beasis", 1),  # the last word may be unfinished
    ("jokówi beas", 1),  # accents do not matter
    ("beasiswa penipuan", 0),  # all words must be there
    ('"', 0),
    ("", 0),
    ("* OR -", 0),
    ("beasiswa OR penipuan", 0),  # operators are just words
    ("title:beasiswa", 0),
    ("beasiswa) AND (x", 0),
    ("'; drop table items; --", 0),
    ("NEAR(beasiswa jokowi, 1)", 0),
    ("jokowi\x00 beasiswa", 1),
    ("\ud83d", 0),
]


@pytest.mark.parametrize(("words", "hits"), SEARCHES)
def test_search_takes_plain_words(store: Storage, words: str, hits: int) -> None:
    store.items.record_poll(record(draft(title="Jokowi bagikan béasiswa", excerpt="Tautan palsu-palsuan")))
    store.items.index_pending(10)
    assert len(titles(store, search=words)) == hits


def test_items_become_searchable_in_batches(store: Storage) -> None:
    store.items.record_poll(record(*(draft(str(n)) for n in range(5))))
    assert titles(store, search="bansos") == []
    assert [store.items.index_pending(3) for _ in range(3)] == [3, 2, 0]
    assert len(titles(store, search="bansos")) == 5


def test_search_follows_a_changed_wording(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    store.items.index_pending(10)
    store.items.record_poll(record(changes=[change(item_id(store))]))
    assert titles(store, search="sebarkan") == []
    assert titles(store, search="membantah") == ["Bansos tidak dihapus"]


def test_a_change_before_its_item_is_indexed_is_searchable_afterwards(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    store.items.record_poll(record(changes=[change(item_id(store))]))
    store.items.index_pending(10)
    assert titles(store, search="sebarkan") == []
    assert titles(store, search="membantah") == ["Bansos tidak dihapus"]


def test_items_mentions_and_suspicious_ones_are_counted_from_a_moment_on(filled: Storage) -> None:
    assert filled.items.counts(NOW) == ItemCounts(items=5, mentions=4, suspicious=2)
    assert filled.items.counts(NOW + 3 * HOUR) == ItemCounts(items=2, mentions=1, suspicious=1)
    assert filled.items.counts(NOW + 9 * HOUR) == ItemCounts(items=0, mentions=0, suspicious=0)


def test_an_export_names_what_a_reader_needs(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    store.alerts.save(alert(), deliveries=[delivery(alert_id=1)])
    title, url = "Bansos dihapus, sebarkan!", "https://tempo.example/a"
    (item,) = store.items.export("items")
    (sighting,) = store.items.export("sightings")
    (mention,) = store.items.export("mentions")
    assert (item["title"], item["url"], item["source"]) == (title, url, "Tempo")
    assert (sighting["title"], sighting["url"], sighting["source"]) == (title, url, "Tempo")
    assert (mention["title"], mention["topic"]) == (title, "bansos")
    assert [row["rule"] for row in store.items.export("alerts")] == ["lonjakan"]
    assert [row["receiver"] for row in store.items.export("deliveries")] == ["meja"]


def test_an_export_of_something_else_is_refused_at_once(store: Storage) -> None:
    with pytest.raises(NotFound):
        store.items.export("sources; drop table items")


def test_what_is_judged_anew_moves_in_the_counts(store: Storage) -> None:
    store.items.record_poll(record(draft("a", suspicion=0.1), draft("b", suspicion=0.9)))
    assert series(store, Measure.SUSPICIOUS).count[0] == 1
    anew = judgement(suspicion=0.8)
    assert store.items.rescore([(item_id(store, "a"), anew), (9_999, anew)], NOW + HOUR) == 1
    assert series(store, Measure.SUSPICIOUS).count[0] == 2
    assert series(store, Measure.MENTIONS).count[0] == 2
    assert store.items.get(item_id(store, "a")).judgement == anew


def test_all_that_is_stored_can_be_gone_through(store: Storage) -> None:
    store.items.record_poll(record(*(draft(name) for name in "abcde")))
    first = store.items.after(0, 3)
    rest = store.items.after(first[-1].item.id, 3)
    assert [one.item.identity[-1] for one in (*first, *rest)] == list("abcde")
    assert store.items.after(rest[-1].item.id, 3) == ()
