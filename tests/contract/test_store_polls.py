"""What one poll writes, and what is known of it: one suite for every store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from records import HOUR, NOW, change, draft, judgement, record
from storeroom import item_id, series

from collector.model.bucket import Measure, Subject
from collector.model.errors import NotFound
from collector.model.item import Timing
from collector.model.judgement import Stance, Verdict
from collector.store.base import PollResult, Resighting, Storage


def test_a_poll_reports_what_was_new(store: Storage) -> None:
    made = store.items.record_poll(
        record(
            draft("a", topics=("bansos", "pemilu")),
            draft("b", suspicion=0.9, stance=Stance.DEBUNK),
            draft("c", topics=(), suspicion=0.9),
        )
    )
    assert made == PollResult(items_new=3, mentions_new=3, suspicious_new=1)


def test_an_item_comes_back_as_it_was_given(store: Storage) -> None:
    given = draft(guid="g1")
    given = replace(given, date_note=None, judgement=replace(given.judgement, verdict=Verdict.FALSE))
    store.items.record_poll(record(given))
    found = store.items.get(item_id(store))
    assert (found.item.title, found.item.url, found.item.publisher) == (given.title, given.url, given.publisher)
    assert (found.item.published_at, found.item.seen_at, found.item.timing) == (NOW, NOW, Timing.ON_TIME)
    assert found.item.source_id == "Tempo"
    assert found.judgement == given.judgement
    assert [(m.topic_id, m.spans) for m in found.mentions] == [("bansos", given.matches[0].spans)]
    assert found.sightings == 1


def test_an_unknown_item_is_not_found(store: Storage) -> None:
    assert store.items.find("https://nowhere.example/") is None
    with pytest.raises(NotFound):
        store.items.get(99)


def test_recording_the_same_poll_again_adds_nothing(store: Storage) -> None:
    store.items.record_poll(record(draft("a"), draft("b")))
    again = store.items.record_poll(record(draft("a"), draft("b")))
    assert again == PollResult()
    assert series(store).count == (2, 0, 0)
    assert len(store.items.sightings(item_id(store))) == 1


def test_the_same_story_twice_in_one_poll_is_one_item(store: Storage) -> None:
    assert store.items.record_poll(record(draft("a"), draft("a"), draft("b"))).items_new == 2
    assert series(store).count == (2, 0, 0)


def test_a_story_in_two_sources_is_one_item_with_one_mention_and_two_sightings(store: Storage) -> None:
    store.items.record_poll(record(draft(), name="Tempo"))
    made = store.items.record_poll(record(draft(publisher="antara.example"), name="Antara"))
    found = store.items.get(item_id(store))
    assert made == PollResult()
    assert (found.sightings, len(found.mentions), found.item.publisher) == (2, 1, "tempo.example")
    assert {s.publisher for s in store.items.sightings(found.item.id)} == {"tempo.example", "antara.example"}
    assert series(store).count == (1, 0, 0)


def test_a_resighting_is_noted_once_and_may_bring_a_new_guid(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    seen = Resighting(item_id=item_id(store), publisher="antara.example", guid="old", seen_at=NOW)
    store.items.record_poll(record(name="Antara", resightings=[seen]))
    later = replace(seen, guid="new", seen_at=NOW + HOUR)
    store.items.record_poll(record(name="Antara", resightings=[later]))
    ours = [s for s in store.items.sightings(seen.item_id) if s.source_id == "Antara"]
    assert [(s.guid, s.seen_at) for s in ours] == [("new", NOW)]


def test_a_resighting_of_an_item_that_is_gone_is_no_error(store: Storage) -> None:
    seen = Resighting(item_id=77, publisher="x.example", guid=None, seen_at=NOW)
    assert store.items.record_poll(record(resightings=[seen])) == PollResult()


def test_a_poll_of_a_source_nobody_registered_is_refused_whole(store: Storage) -> None:
    with pytest.raises(NotFound):
        store.items.record_poll(record(draft(), name="Kompas"))
    assert store.items.find("https://tempo.example/a") is None


def test_two_threads_with_the_same_story_make_one_item(store: Storage) -> None:
    names = [str(n) for n in range(20)]
    polls = [record(*map(draft, names), name=name) for name in ("Tempo", "Antara")] * 2
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(store.items.record_poll, polls))
    assert sum(result.items_new for result in made) == 20
    assert series(store).count == (20, 0, 0)
    assert store.items.get(item_id(store, "7")).sightings == 2


def test_broken_characters_never_break_a_poll(store: Storage) -> None:
    torn = "Bansos \ud83d dihapus\x00"
    given = replace(draft(title=torn, excerpt=torn, guid=torn), identity=f"hash:{torn}", publisher=torn, url=torn)
    store.items.record_poll(record(given))
    known = store.items.known("Tempo", [given.identity], [torn])
    found = store.items.get(known.by_identity[given.identity].item_id)
    assert found.item.title == "Bansos \ufffd dihapus"
    assert known.by_guid[torn].item_id == found.item.id


def test_known_tells_a_new_link_from_one_seen_here_and_one_seen_elsewhere(store: Storage) -> None:
    store.items.record_poll(record(draft("a", guid="1"), name="Tempo"))
    asked = ["https://tempo.example/a", "https://tempo.example/b"]
    here = store.items.known("Tempo", asked, []).by_identity
    elsewhere = store.items.known("Antara", asked, []).by_identity
    assert list(here) == list(elsewhere) == asked[:1]
    assert (here[asked[0]].here, here[asked[0]].guid, here[asked[0]].first_here) == (True, "1", True)
    assert (elsewhere[asked[0]].here, elsewhere[asked[0]].guid, elsewhere[asked[0]].first_here) == (False, None, False)


def test_a_guid_is_known_only_within_its_source(store: Storage) -> None:
    store.items.record_poll(record(draft("a", guid="1"), name="Tempo"))
    assert store.items.known("Tempo", [], ["1", "2"]).by_guid.keys() == {"1"}
    assert not store.items.known("Antara", [], ["1"]).by_guid


def test_a_guid_used_for_many_stories_means_the_newest(store: Storage) -> None:
    for name in ("monday", "tuesday", "wednesday"):
        store.items.record_poll(record(draft(name, guid="1")))
    assert store.items.known("Tempo", [], ["1"]).by_guid["1"].item_id == item_id(store, "wednesday")


def test_a_guid_means_the_asked_story_where_that_was_shown_under_it(store: Storage) -> None:
    for name in ("monday", "tuesday"):
        store.items.record_poll(record(draft(name, guid="1")))
    known = store.items.known("Tempo", ["https://tempo.example/monday"], ["1"])
    assert known.by_guid["1"].item_id == item_id(store, "monday")


def test_asking_nothing_is_answered_with_nothing(store: Storage) -> None:
    assert not store.items.known("Tempo", [], []).by_identity


def test_a_changed_title_is_a_revision_and_no_new_item(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    number = item_id(store)
    made = store.items.record_poll(record(changes=[change(number)]))
    found = store.items.get(number)
    assert made.items_new == 0
    assert (found.item.title, found.item.seen_at) == ("Bansos tidak dihapus", NOW)
    assert found.judgement == judgement(0.1, Stance.NEWS)
    assert [(r.title, r.replaced_at) for r in store.items.revisions(number)] == [
        ("Bansos dihapus, sebarkan!", NOW + 2 * HOUR)
    ]


def test_a_change_corrects_the_roll_up_in_the_hour_of_the_first_sighting(store: Storage) -> None:
    store.items.record_poll(record(draft("a", timing=Timing.LATE), draft("b")))
    store.items.record_poll(record(changes=[change(item_id(store), topics=("pemilu",))], at=NOW + 2 * HOUR))
    assert (series(store).count, series(store).late) == ((1, 0, 0), (0, 0, 0))
    moved = series(store, subject=Subject(kind="topic", id="pemilu"))
    assert (moved.count, moved.late) == ((1, 0, 0), (1, 0, 0))
    assert series(store, Measure.SUSPICIOUS).count == (1, 0, 0)


def test_a_change_that_ends_a_mention_leaves_no_publisher_behind(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    store.items.record_poll(record(changes=[change(item_id(store), topics=())]))
    assert series(store).publishers[0] == frozenset()
    assert store.items.get(item_id(store)).mentions == ()


def test_the_same_change_twice_is_one_revision(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    for _ in range(2):
        store.items.record_poll(record(changes=[change(item_id(store))]))
    assert len(store.items.revisions(item_id(store))) == 1
    assert series(store).count == (1, 0, 0)


def test_a_change_of_an_item_that_is_gone_is_no_error(store: Storage) -> None:
    store.items.record_poll(record(changes=[change(77)]))
    assert store.items.revisions(77) == ()
