"""Sources and coverage: one suite for every store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from records import HOUR, NOW, draft, record, source, state
from storeroom import item_id, series

from collector.model.clock import hour_of
from collector.model.errors import NotFound
from collector.store.base import Storage


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
