"""What every store promises. A new implementation joins by one line in STORES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from records import BANSOS, HOUR, NOW, alert, article, change, delivery, draft, judgement, record, source, state

from collector.model.alert import AlertEvent, AlertReason, AlertState, DeliveryState
from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import hour_of
from collector.model.errors import DatabaseInUse, NotFound, StoreError
from collector.model.item import Timing
from collector.model.judgement import Stance, Verdict
from collector.store.base import ArticleState, AuditEntry, ItemCounts, MentionFilter, PollResult, Resighting, Storage
from collector.store.memory import MemoryStore
from collector.store.sqlite import SqliteStore

STORES: dict[str, Callable[[Path], Storage]] = {
    "memory": lambda folder: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(folder / "siaga.db"),
}
LEASE = timedelta(minutes=5)


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    store = STORES[request.param](tmp_path)
    yield store
    store.close()


@pytest.fixture
def store(empty: Storage) -> Storage:
    """With two sources configured."""
    empty.sources.register([source("Tempo"), source("Antara")], NOW)
    return empty


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


# ---------------------------------------------------------------- sources


def test_a_new_source_is_due_at_once(store: Storage) -> None:
    assert store.sources.due(NOW) == ("Antara", "Tempo")
    assert store.sources.state("Tempo").next_poll_at == NOW


def test_a_source_that_is_not_stored_has_no_state(store: Storage) -> None:
    with pytest.raises(NotFound):
        store.sources.state("Kompas")


def test_state_is_kept_exactly_over_a_second_registration(store: Storage) -> None:
    store.items.record_poll(record())
    store.sources.register([source("Tempo"), source("Antara")], NOW + HOUR)
    assert store.sources.state("Tempo") == state("Tempo")


def test_a_changed_url_forgets_what_belonged_to_the_old_one(store: Storage) -> None:
    store.items.record_poll(record())
    store.sources.register([source("Tempo", url="https://elsewhere.example/rss")], NOW)
    kept = store.sources.state("Tempo")
    assert (kept.etag, kept.last_modified, kept.body_hash) == (None, None, None)
    assert kept.first_ok_at == NOW
    assert store.sources.due(NOW) == ("Tempo",)


def test_a_source_no_longer_configured_is_neither_due_nor_listed_but_keeps_its_history(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    store.sources.register([source("Antara")], NOW)
    assert [s.source_id for s in store.sources.states()] == ["Antara"]
    assert store.sources.due(NOW + 9 * HOUR) == ("Antara",)
    assert store.items.sightings(item_id(store))


def test_a_source_that_returns_is_due_at_once(store: Storage) -> None:
    store.items.record_poll(record())
    store.sources.register([], NOW)
    store.sources.register([source("Tempo")], NOW)
    assert store.sources.due(NOW) == ("Tempo",)


def test_a_disabled_source_is_listed_but_not_due(store: Storage) -> None:
    store.sources.register([source("Tempo", enabled=False)], NOW)
    assert [s.source_id for s in store.sources.states()] == ["Tempo"]
    assert store.sources.due(NOW + HOUR) == ()


def test_sources_that_never_failed_come_first_then_the_longest_overdue(store: Storage) -> None:
    names = ("Failing", "Recent", "Overdue")
    store.sources.register([source(name) for name in names], NOW)
    for name, failures, next_in in (("Failing", 2, -3 * HOUR), ("Recent", 0, -HOUR), ("Overdue", 0, -2 * HOUR)):
        store.items.record_poll(replace(record(name=name), state=state(name, failures=failures, next_in=next_in)))
    assert store.sources.due(NOW) == ("Overdue", "Recent", "Failing")


def test_a_source_removed_during_its_poll_does_no_harm(store: Storage) -> None:
    store.sources.register([source("Antara")], NOW)
    assert store.items.record_poll(record(draft())).items_new == 1
    assert [s.source_id for s in store.sources.states()] == ["Antara"]


# ---------------------------------------------------------------- coverage


def test_an_hour_is_covered_by_the_sources_whose_poll_said_so(store: Storage) -> None:
    store.items.record_poll(record(name="Tempo", covers=[hour_of(NOW), hour_of(NOW) + HOUR]))
    store.items.record_poll(record(name="Antara"))
    assert store.sources.coverage(hour_of(NOW), hour_of(NOW) + 3 * HOUR) == ((2, 2), (1, 2), (0, 2))


def test_coverage_does_not_depend_on_the_order_or_number_of_polls(store: Storage) -> None:
    for hours in ([0, 1], [4], [1, 2], [0], [2, 3]):
        store.items.record_poll(record(covers=[hour_of(NOW) + n * HOUR for n in hours]))
    covered = store.sources.coverage(hour_of(NOW), hour_of(NOW) + 6 * HOUR)
    assert [hour[0] for hour in covered] == [1, 1, 1, 1, 1, 0]


def test_a_source_is_expected_from_its_first_success_until_its_removal(store: Storage) -> None:
    store.items.record_poll(record(at=NOW))
    store.sources.register([], NOW + HOUR)
    expected = [hour[1] for hour in store.sources.coverage(hour_of(NOW) - HOUR, hour_of(NOW) + 3 * HOUR)]
    assert expected == [0, 1, 1, 0]


def test_a_series_says_which_share_of_the_sources_was_read(store: Storage) -> None:
    store.items.record_poll(record(name="Tempo", covers=[hour_of(NOW), hour_of(NOW) + HOUR]))
    store.items.record_poll(record(name="Antara"))
    assert series(store).coverage == (1.0, 0.5, 0.0)


def test_before_the_first_success_nothing_is_covered(store: Storage) -> None:
    assert series(store).coverage == (0.0, 0.0, 0.0)


# ---------------------------------------------------------------- polls


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


# ---------------------------------------------------------------- what is known


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


# ---------------------------------------------------------------- the roll-up


def test_items_count_in_the_hour_in_which_they_were_first_seen(store: Storage) -> None:
    store.items.record_poll(record(draft("a"), draft("b", seen_at=NOW + HOUR), draft("c", seen_at=NOW + HOUR)))
    assert series(store).count == (1, 2, 0)
    assert series(store).start == hour_of(NOW)


def test_hours_are_half_open(store: Storage) -> None:
    on_the_hour = hour_of(NOW) + HOUR
    store.items.record_poll(record(draft("a", seen_at=on_the_hour), draft("b", seen_at=on_the_hour - HOUR / 3600)))
    assert series(store).count == (1, 1, 0)


def test_late_and_backfill_are_parts_of_the_count(store: Storage) -> None:
    kinds = (Timing.ON_TIME, Timing.LATE, Timing.LATE, Timing.BACKFILL)
    store.items.record_poll(record(*(draft(str(n), timing=kind) for n, kind in enumerate(kinds))))
    found = series(store)
    assert (found.count[0], found.late[0], found.backfill[0]) == (4, 2, 1)


def test_backfill_brings_no_publisher(store: Storage) -> None:
    store.items.record_poll(
        record(
            draft("a", publisher="old.example", timing=Timing.BACKFILL),
            draft("b", publisher="new.example"),
            draft("c", publisher="late.example", timing=Timing.LATE),
        )
    )
    assert series(store).publishers[0] == {"new.example", "late.example"}


# stance, suspicion -> counted as mention, suspicious, debunk
COUNTED = [
    (Stance.SPREAD, 0.5, (1, 1, 0)),  # the threshold itself counts
    (Stance.SPREAD, 0.49, (1, 0, 0)),
    (Stance.NEWS, 0.8, (1, 1, 0)),
    (Stance.DEBUNK, 0.9, (1, 0, 1)),  # a debunk quotes the rumour
    (Stance.DEBUNK, 0.0, (1, 0, 1)),
    (Stance.SATIRE, 0.9, (1, 0, 0)),  # satire exaggerates on purpose
]


@pytest.mark.parametrize(("stance", "suspicion", "counts"), COUNTED)
def test_each_measure_counts_its_own(
    store: Storage, stance: Stance, suspicion: float, counts: tuple[int, int, int]
) -> None:
    store.items.record_poll(record(draft(stance=stance, suspicion=suspicion)))
    measures = (Measure.MENTIONS, Measure.SUSPICIOUS, Measure.DEBUNKS)
    assert tuple(series(store, measure).count[0] for measure in measures) == counts


def test_another_threshold_is_counted_from_the_items(store: Storage) -> None:
    scores = (0.2, 0.4, 0.6, 0.8)
    store.items.record_poll(record(*(draft(f"{score}", suspicion=score) for score in scores)))
    store.items.record_poll(record(draft("debunk", suspicion=0.9, stance=Stance.DEBUNK)))
    at_least = [series(store, Measure.SUSPICIOUS, suspicion_at_least=limit).count[0] for limit in (0.4, 0.5, 0.7)]
    assert at_least == [3, 2, 1]


def test_another_threshold_gives_the_same_columns_as_the_roll_up(store: Storage) -> None:
    kinds = (Timing.ON_TIME, Timing.LATE, Timing.BACKFILL)
    store.items.record_poll(record(*(draft(str(n), timing=kind) for n, kind in enumerate(kinds))))
    assert series(store, Measure.SUSPICIOUS, suspicion_at_least=0.51) == series(store, Measure.SUSPICIOUS)


def test_several_subjects_are_answered_in_their_order(store: Storage) -> None:
    store.items.record_poll(record(draft("a", topics=("pemilu", "bansos")), draft("b", topics=("pemilu",))))
    subjects = [Subject(kind="topic", id=name) for name in ("bansos", "unheard", "pemilu")]
    found = store.buckets.series(subjects, Measure.MENTIONS, NOW, NOW)
    assert [(s.subject.id, s.count) for s in found] == [("bansos", (1,)), ("unheard", (0,)), ("pemilu", (2,))]


def test_another_kind_of_subject_has_no_topic_counts(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    assert series(store, subject=Subject(kind="issue", id="bansos")).count == (0, 0, 0)


# ---------------------------------------------------------------- changed wording


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


# ---------------------------------------------------------------- articles

TODAY = {"wanted_since": NOW - 24 * HOUR, "limit": 9}


def wished(store: Storage, *names: str) -> int:
    """Items whose pages are wanted; the id of the first."""
    store.items.record_poll(record(*(draft(name, wants_article=True) for name in names or ("a",))))
    return item_id(store, names[0] if names else "a")


def test_only_new_items_that_want_their_page_read_are_due(store: Storage) -> None:
    store.items.record_poll(record(draft("a", wants_article=True), draft("b")))
    store.items.record_poll(record(draft("b", wants_article=True), name="Antara"))
    (wish,) = store.articles.due("Tempo", NOW, **TODAY)
    assert (wish.item_id, wish.state, wish.attempts) == (item_id(store), ArticleState.WANTED, 0)
    assert store.articles.due("Antara", NOW, **TODAY) == ()


def test_the_newest_pages_come_first_and_old_ones_no_more(store: Storage) -> None:
    for hour, name in enumerate("abc"):
        store.items.record_poll(record(draft(name, seen_at=NOW + hour * HOUR, wants_article=True)))
    due = store.articles.due("Tempo", NOW + 3 * HOUR, wanted_since=NOW + HOUR, limit=9)
    assert [wish.item_id for wish in due] == [item_id(store, "c"), item_id(store, "b")]
    assert len(store.articles.due("Tempo", NOW + 3 * HOUR, wanted_since=NOW, limit=1)) == 1


def test_an_attempt_is_counted_before_it_is_made_and_only_once(store: Storage) -> None:
    number = wished(store)
    assert store.articles.begin(number, NOW, NOW + HOUR) == 1
    assert store.articles.begin(number, NOW, NOW + HOUR) == 0
    assert store.articles.due("Tempo", NOW, **TODAY) == ()
    assert store.articles.begin(number, NOW + HOUR, NOW + 2 * HOUR) == 2
    assert store.articles.begin(99, NOW, NOW) == 0


def test_attempts_are_counted_per_source_and_never_too_few(store: Storage) -> None:
    first = wished(store, "a", "b", "c")
    store.articles.begin(first, NOW, NOW)
    store.articles.begin(first, NOW + HOUR, NOW + HOUR)
    store.articles.begin(item_id(store, "b"), NOW, NOW)
    assert store.articles.attempts("Tempo", NOW + HOUR) == 2
    assert store.articles.attempts("Tempo", NOW) == 3
    assert store.articles.attempts("Antara", NOW) == 0


def test_reading_replaces_excerpt_mentions_judgement_and_counts_without_a_revision(store: Storage) -> None:
    number = wished(store)
    store.articles.begin(number, NOW, NOW + HOUR)
    assert store.articles.read(article(number, topics=("bansos", "pemilu"), suspicion=0.1))
    found = store.items.get(number)
    assert (found.item.title, found.item.excerpt) == (
        "Bansos dihapus, sebarkan!",
        "Kementerian Sosial membantah kabar itu.",
    )
    assert found.judgement == judgement(0.1, Stance.NEWS)
    assert [(m.topic_id, m.matched_at) for m in found.mentions] == [("bansos", NOW + HOUR), ("pemilu", NOW + HOUR)]
    assert series(store).count == (1, 0, 0)
    assert series(store, Measure.SUSPICIOUS).count == (0, 0, 0)
    assert series(store, subject=Subject(kind="topic", id="pemilu")).count == (1, 0, 0)
    assert store.items.revisions(number) == ()


def test_what_was_read_is_settled(store: Storage) -> None:
    number = wished(store)
    store.articles.begin(number, NOW, NOW)
    store.articles.read(article(number))
    wish = store.articles.of(number)
    assert wish is not None
    assert (wish.state, wish.attempts, wish.tried_at, wish.error) == (ArticleState.READ, 1, NOW, None)
    assert store.articles.due("Tempo", NOW + HOUR, **TODAY) == ()
    assert store.articles.begin(number, NOW + HOUR, NOW + HOUR) == 0


def test_what_was_read_is_found_by_its_new_words(store: Storage) -> None:
    number = wished(store)
    store.items.index_pending(10)
    store.articles.read(article(number))
    assert [f.item.id for f in store.items.list(MentionFilter(search="membantah kabar"))] == [number]
    assert store.items.list(MentionFilter(search="dikabarkan")) == ()


def test_a_page_that_failed_waits_or_is_given_up(store: Storage) -> None:
    number = wished(store)
    store.articles.failed(number, "HTTP 503", again_at=NOW + 2 * HOUR)
    assert store.articles.due("Tempo", NOW + HOUR, **TODAY) == ()
    (wish,) = store.articles.due("Tempo", NOW + 2 * HOUR, **TODAY)
    assert wish.error == "HTTP 503"
    store.articles.failed(number, "HTTP 404", again_at=None)
    assert store.articles.counts() == {ArticleState.WANTED: 0, ArticleState.READ: 0, ArticleState.FAILED: 1}


def test_a_page_read_for_an_earlier_wording_changes_nothing(store: Storage) -> None:
    number = wished(store)
    store.items.record_poll(record(changes=[change(number, wants_article=True)]))
    assert not store.articles.read(article(number))
    assert store.items.get(number).item.excerpt == "Kementerian membantah."
    assert not store.articles.read(article(99))


def test_a_new_wording_asks_for_the_page_again_or_no_more(store: Storage) -> None:
    number = wished(store)
    store.articles.begin(number, NOW, NOW)
    store.articles.read(article(number))
    store.items.record_poll(record(changes=[change(number, wants_article=True)]))
    wish = store.articles.of(number)
    assert wish is not None
    assert (wish.state, wish.attempts, wish.wanted_at) == (ArticleState.WANTED, 0, NOW + 2 * HOUR)
    store.items.record_poll(record(changes=[change(number, title="Resep rendang", topics=())]))
    assert store.articles.of(number) is None


def test_the_same_poll_again_does_not_undo_what_was_read(store: Storage) -> None:
    number = wished(store)
    changed = record(changes=[change(number)])
    store.items.record_poll(changed)
    store.articles.read(article(number, of="hash of Bansos tidak dihapus", excerpt="Isi berita."))
    store.items.record_poll(changed)
    assert store.items.get(number).item.excerpt == "Isi berita."
    assert len(store.items.revisions(number)) == 1


def test_pruning_forgets_what_was_wanted(store: Storage) -> None:
    number = wished(store)
    store.items.prune(items_before=NOW + HOUR, polls_before=NOW)
    assert store.articles.of(number) is None


# ---------------------------------------------------------------- lists and search


def titles(store: Storage, **wanted: object) -> list[str]:
    return [judged.item.title for judged in store.items.list(MentionFilter(**wanted))]  # type: ignore[arg-type]


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


# ---------------------------------------------------------------- export and retention


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


def prune(store: Storage, before: datetime, **options: bool) -> dict[str, int]:
    return dict(store.items.prune(items_before=before, polls_before=before, **options))  # type: ignore[call-arg]


def test_pruning_deletes_what_is_older_and_keeps_the_roll_up(store: Storage) -> None:
    store.items.record_poll(record(draft("old"), draft("new", seen_at=NOW + HOUR)))
    store.items.record_poll(record(changes=[change(item_id(store, "old"))]))
    store.items.index_pending(10)
    deleted = prune(store, NOW + HOUR)
    assert (deleted["items"], deleted["polls"]) == (1, 2)
    assert store.items.find("https://tempo.example/old") is None
    assert store.items.find("https://tempo.example/new") is not None
    assert series(store).count == (1, 1, 0)
    assert titles(store, search="bansos") == ["Bansos dihapus, sebarkan!"]


def test_a_dry_run_says_the_same_and_deletes_nothing(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    said = prune(store, NOW + HOUR, dry_run=True)
    assert (said["items"], said["polls"]) == (1, 1)
    assert store.items.find("https://tempo.example/a") is not None


def test_the_evidence_of_a_firing_alert_is_kept_until_it_is_resolved(store: Storage) -> None:
    store.items.record_poll(record(draft("proof"), draft("other")))
    proof = item_id(store, "proof")
    store.alerts.save(alert(), evidence=[proof])
    assert prune(store, NOW + HOUR)["items"] == 1
    assert store.alerts.evidence(1) == (proof,)
    store.alerts.save(alert(state=AlertState.RESOLVED, resolved_at=NOW + HOUR))
    assert prune(store, NOW + HOUR)["items"] == 1
    assert store.alerts.evidence(1) == ()


def test_a_number_is_never_given_to_two_items(store: Storage) -> None:
    store.items.record_poll(record(draft("old")))
    first = item_id(store, "old")
    prune(store, NOW + HOUR)
    store.items.record_poll(record(draft("new", seen_at=NOW + 2 * HOUR)))
    assert item_id(store, "new") > first


def test_a_pruned_story_that_is_shown_again_is_a_new_item(store: Storage) -> None:
    store.items.record_poll(record(draft(guid="1")))
    prune(store, NOW + HOUR)
    assert not store.items.known("Tempo", ["https://tempo.example/a"], ["1"]).by_guid
    again = store.items.record_poll(record(draft(guid="1", seen_at=NOW + 2 * HOUR, timing=Timing.BACKFILL)))
    assert again.items_new == 1


# ---------------------------------------------------------------- alerts


def test_an_alert_comes_back_as_it_was_saved(store: Storage) -> None:
    assert store.alerts.next_id() == 1
    store.alerts.save(alert())
    assert store.alerts.get(1) == store.alerts.open("lonjakan/topic:bansos") == alert()
    assert store.alerts.firing() == (alert(),)
    assert store.alerts.next_id() == 2


def test_an_alert_that_is_not_stored_is_not_found(store: Storage) -> None:
    assert store.alerts.open("other") is None
    with pytest.raises(NotFound):
        store.alerts.get(1)


def test_an_alert_its_events_evidence_and_deliveries_are_saved_together(store: Storage) -> None:
    store.items.record_poll(record(draft()))
    first = AlertEvent(alert_id=1, at=NOW, reason=AlertReason.FIRST, count=5, text="5 dalam 6 jam")
    store.alerts.save(alert(), [first], [delivery(alert_id=1)], [item_id(store)])
    assert store.alerts.events(1) == (first,)
    assert store.alerts.evidence(1) == (item_id(store),)
    assert [d.dedup_key for d in store.outbox.list(alert_id=1)] == ["msg-1"]


def test_saving_again_updates_and_adds(store: Storage) -> None:
    store.alerts.save(alert(), deliveries=[delivery(alert_id=1)])
    worse = replace(alert(count=9), updated_at=NOW + HOUR)
    store.alerts.save(worse, deliveries=[delivery(alert_id=1), delivery("msg-2", alert_id=1)])
    assert store.alerts.firing() == (worse,)
    assert [d.dedup_key for d in store.outbox.list()] == ["msg-2", "msg-1"]


def test_evidence_that_was_pruned_meanwhile_is_left_out(store: Storage) -> None:
    store.alerts.save(alert(), evidence=[77])
    assert store.alerts.evidence(1) == ()


def test_only_one_alert_per_key_can_fire(store: Storage) -> None:
    store.alerts.save(alert(1))
    with pytest.raises(StoreError):
        store.alerts.save(alert(2))
    assert [a.id for a in store.alerts.list()] == [1]


def test_resolved_alerts_are_listed_and_their_end_is_known(store: Storage) -> None:
    store.alerts.save(alert(1, state=AlertState.RESOLVED, resolved_at=NOW + HOUR))
    store.alerts.save(alert(2, opened_at=NOW + 2 * HOUR))
    assert [a.id for a in store.alerts.list()] == [2, 1]
    assert [a.id for a in store.alerts.list(state=AlertState.RESOLVED)] == [1]
    assert [a.id for a in store.alerts.list(limit=1)] == [2]
    assert store.alerts.last_resolved_at("lonjakan/topic:bansos") == NOW + HOUR
    assert store.alerts.last_resolved_at("other") is None


# ---------------------------------------------------------------- outbox


def test_a_delivery_is_claimed_by_one_worker_only(store: Storage) -> None:
    store.outbox.add([delivery()])
    (claimed,) = store.outbox.claim("one", NOW, LEASE, 10)
    assert (claimed.claimed_by, claimed.claimed_until) == ("one", NOW + LEASE)
    assert store.outbox.claim("two", NOW, LEASE, 10) == ()


def test_many_workers_share_the_outbox_without_overlap(store: Storage) -> None:
    store.outbox.add([delivery(f"msg-{n}") for n in range(30)])

    def take_all(worker: str) -> list[int]:
        taken: list[int] = []
        while claimed := store.outbox.claim(worker, NOW, LEASE, 4):
            taken += [d.id for d in claimed]
            assert all(store.outbox.sent(d.id, worker, NOW) for d in claimed)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [number for numbers in pool.map(take_all, "abcd") for number in numbers]
    assert sorted(taken) == list(range(1, 31))


def test_the_oldest_due_deliveries_are_claimed_first(store: Storage) -> None:
    store.outbox.add([delivery("later", at=NOW + HOUR), delivery("second"), delivery("first", at=NOW - HOUR)])
    assert [d.dedup_key for d in store.outbox.claim("w", NOW, LEASE, 10)] == ["first", "second"]
    assert [d.dedup_key for d in store.outbox.claim("v", NOW + 2 * HOUR, LEASE, 1)] == ["first"]


def test_a_sent_delivery_is_done(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("w", NOW, LEASE, 1)
    assert store.outbox.sent(1, "w", NOW)
    (done,) = store.outbox.list()
    assert (done.state, done.sent_at, done.attempts, done.claimed_by) == (DeliveryState.SENT, NOW, 1, None)
    assert store.outbox.claim("w", NOW + HOUR, LEASE, 1) == ()


def test_after_a_crash_between_claim_and_sent_another_worker_repeats_it_with_the_same_key(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("crashed", NOW, LEASE, 1)
    assert store.outbox.claim("other", NOW + LEASE - timedelta(seconds=1), LEASE, 1) == ()
    (again,) = store.outbox.claim("other", NOW + LEASE, LEASE, 1)
    assert again.dedup_key == "msg-1"


def test_a_worker_that_lost_its_lease_changes_nothing(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("slow", NOW, LEASE, 1)
    store.outbox.claim("quick", NOW + LEASE, LEASE, 1)
    assert not store.outbox.sent(1, "slow", NOW + LEASE)
    assert not store.outbox.retry(1, "slow", "timed out", NOW)
    assert not store.outbox.dead(1, "slow", "refused")
    assert store.outbox.sent(1, "quick", NOW + LEASE)


def test_an_unclaimed_delivery_cannot_be_settled(store: Storage) -> None:
    store.outbox.add([delivery()])
    assert not store.outbox.sent(1, "w", NOW)
    assert not store.outbox.sent(99, "w", NOW)


def test_a_failed_attempt_is_counted_and_waits(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("w", NOW, LEASE, 1)
    assert store.outbox.retry(1, "w", "450 try later", NOW + HOUR)
    assert store.outbox.claim("v", NOW + LEASE, LEASE, 1) == ()
    (again,) = store.outbox.claim("v", NOW + HOUR, LEASE, 1)
    assert (again.attempts, again.last_error, again.dedup_key) == (1, "450 try later", "msg-1")


def test_a_dead_delivery_is_listed_and_can_be_resent(store: Storage) -> None:
    store.outbox.add([delivery()])
    store.outbox.claim("w", NOW, LEASE, 1)
    assert store.outbox.dead(1, "w", "550 no such user")
    (dead,) = store.outbox.list(dead_only=True)
    assert (dead.attempts, dead.last_error) == (1, "550 no such user")
    assert store.outbox.claim("w", NOW + HOUR, LEASE, 1) == ()
    store.outbox.resend(1, NOW + HOUR)
    (again,) = store.outbox.claim("w", NOW + HOUR, LEASE, 1)
    assert (again.attempts, again.dedup_key) == (0, "msg-1")


def test_only_a_dead_delivery_can_be_resent(store: Storage) -> None:
    store.outbox.add([delivery()])
    for number in (1, 99):
        with pytest.raises(NotFound):
            store.outbox.resend(number, NOW)


def test_a_known_key_is_not_posted_twice(store: Storage) -> None:
    store.outbox.add([delivery(), delivery()])
    store.outbox.add([delivery()])
    assert len(store.outbox.list()) == 1


def test_deliveries_are_counted_by_state(store: Storage) -> None:
    store.outbox.add([delivery(f"msg-{n}") for n in range(3)])
    (first,) = store.outbox.claim("w", NOW, LEASE, 1)
    store.outbox.dead(first.id, "w", "550 no such user")
    assert store.outbox.counts() == {DeliveryState.PENDING: 2, DeliveryState.SENT: 0, DeliveryState.DEAD: 1}


# ---------------------------------------------------------------- the whole


def test_a_failed_transaction_leaves_nothing(store: Storage) -> None:
    def fail_late() -> None:
        with store.transaction(durable=True):
            store.items.record_poll(record(draft()))
            store.alerts.save(alert(), deliveries=[delivery()])
            store.set_meta("digest", "today")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_late()
    assert store.items.find("https://tempo.example/a") is None
    assert (store.alerts.list(), store.outbox.list(), store.meta("digest")) == ((), (), None)


def test_a_failed_part_can_be_given_up_without_the_rest(store: Storage) -> None:
    with store.transaction():
        store.alerts.save(alert(1))
        with pytest.raises(StoreError):
            store.alerts.save(alert(2))
        store.set_meta("digest", "today")
    assert ([a.id for a in store.alerts.list()], store.meta("digest")) == ([1], "today")


def test_a_transaction_sees_its_own_changes(store: Storage) -> None:
    with store.transaction():
        store.alerts.save(alert())
        assert store.alerts.next_id() == 2
        assert store.alerts.firing() == (alert(),)


def test_small_facts_are_kept_and_replaced(store: Storage) -> None:
    assert store.meta("daemon.heartbeat_at") is None
    store.set_meta("daemon.heartbeat_at", "1")
    store.set_meta("daemon.heartbeat_at", "2")
    assert store.meta("daemon.heartbeat_at") == "2"


def test_the_audit_tells_who_did_what_newest_first(store: Storage) -> None:
    entries = [
        AuditEntry(at=NOW + n * HOUR, actor="desk", action="resend", subject=f"delivery:{n}", detail="")
        for n in range(3)
    ]
    for entry in entries:
        store.audit.write(entry)
    assert store.audit.list(2) == (entries[2], entries[1])


def test_a_second_daemon_is_refused_while_the_first_runs(store: Storage) -> None:
    with store.lock(), pytest.raises(DatabaseInUse), store.lock():
        pass
    with store.lock():
        store.set_meta("served", "again")


# ---------------------------------------------------------------- judged anew


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


def test_deliveries_of_a_held_receiver_are_left_alone(store: Storage) -> None:
    store.outbox.add([delivery("msg-1"), replace(delivery("msg-2"), receiver="lain")])
    claimed = store.outbox.claim("w", NOW, LEASE, 10, held=("meja",))
    assert [(d.dedup_key, d.receiver) for d in claimed] == [("msg-2", "lain")]
    assert store.outbox.claim("w", NOW, LEASE, 10, held=("meja", "lain")) == ()


def test_the_leases_of_dead_workers_can_be_taken_back(store: Storage) -> None:
    store.outbox.add([delivery(f"msg-{n}") for n in range(3)])
    store.outbox.claim("daemon-a-1", NOW, LEASE, 1)
    store.outbox.claim("once-a-2", NOW, LEASE, 1)
    assert store.outbox.free("daemon-") == 1
    assert [d.dedup_key for d in store.outbox.claim("daemon-a-3", NOW, LEASE, 10)] == ["msg-0", "msg-2"]


def test_what_is_owed_to_one_recipient_is_kept_with_the_delivery(store: Storage) -> None:
    store.outbox.add([replace(delivery(), recipient="b@example.org")])
    (claimed,) = store.outbox.claim("w", NOW, LEASE, 1)
    assert claimed.recipient == "b@example.org"
