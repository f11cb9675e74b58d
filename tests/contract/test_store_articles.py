"""Pages behind headlines: one suite for every store."""

from __future__ import annotations

from records import HOUR, NOW, article, change, draft, judgement, record
from storeroom import item_id, series

from collector.model.bucket import Measure, Subject
from collector.model.judgement import Stance
from collector.store.articles import ArticleState
from collector.store.base import MentionFilter, Storage

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
