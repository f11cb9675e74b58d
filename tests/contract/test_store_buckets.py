"""The roll-up: one suite for every store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from records import BANSOS, HOUR, NOW, draft, record
from storeroom import series

from collector.model.bucket import Measure, Subject
from collector.model.clock import hour_of
from collector.model.item import Timing
from collector.model.judgement import Stance
from collector.store.base import Draft, Storage


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


def marks(store: Storage, measure: Measure = Measure.MENTIONS, *, hours: tuple[int, int] = (0, 3)) -> tuple[int, ...]:
    """Of the hours from ``hours[0]`` up to ``hours[1]``, counted from the hour of NOW."""
    first, end = (hour_of(NOW) + n * HOUR for n in hours)
    found = store.buckets.marks([BANSOS, Subject(kind="topic", id="pemilu")], measure, first, end)
    assert found is not None
    return found


CHANGES = [
    pytest.param(draft("b"), id="one more item"),
    pytest.param(draft("b", publisher="a.example"), id="of another publisher"),
    pytest.param(draft("b", timing=Timing.LATE), id="a late one"),
    pytest.param(draft("b", timing=Timing.BACKFILL), id="backfill"),
    pytest.param(draft("b", seen_at=NOW + HOUR), id="in another hour"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_mark_is_another_one_once_an_hour_has_changed(store: Storage, change: Draft) -> None:
    store.items.record_poll(record(draft("a")))
    before = marks(store)
    assert marks(store) == before
    store.items.record_poll(record(change))
    after = marks(store)
    assert (after[0] == before[0], after[1] == before[1]) == (False, True)


def test_what_changes_in_other_hours_leaves_a_mark_as_it_is(store: Storage) -> None:
    store.items.record_poll(record(draft("a")))
    before = marks(store, hours=(0, 1))
    store.items.record_poll(record(draft("b", seen_at=NOW + HOUR), draft("c", seen_at=NOW - HOUR)))
    assert marks(store, hours=(0, 1)) == before


def test_an_hour_that_is_covered_later_changes_every_mark(store: Storage) -> None:
    store.items.record_poll(record(draft("a")))
    before = marks(store)
    store.items.record_poll(record(at=NOW + HOUR, covers=(hour_of(NOW) + HOUR,)))
    assert not set(before) & set(marks(store))


def test_an_hour_later_and_a_shorter_name_do_not_make_up_for_each_other(store: Storage) -> None:
    early, late = draft("a", publisher="aa.example"), draft("b", publisher="a.example", seen_at=NOW + HOUR)
    store.items.record_poll(record(early, replace(late, matches=draft(topics=("pemilu",)).matches)))
    bansos, pemilu = marks(store)
    assert bansos != pemilu


def test_a_measure_has_marks_of_its_own(store: Storage) -> None:
    store.items.record_poll(record(draft("a")))
    before = [marks(store, measure) for measure in (Measure.MENTIONS, Measure.SUSPICIOUS, Measure.DEBUNKS)]
    store.items.record_poll(record(draft("b", stance=Stance.DEBUNK)))
    after = [marks(store, measure) for measure in (Measure.MENTIONS, Measure.SUSPICIOUS, Measure.DEBUNKS)]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, False]


def test_marks_of_adjoining_hours_add_up(store: Storage) -> None:
    store.items.record_poll(record(*(draft(str(n), seen_at=NOW + n * HOUR) for n in range(4))))
    parts = marks(store, hours=(0, 1)), marks(store, hours=(1, 4)), marks(store, hours=(4, 4))
    assert tuple(map(sum, zip(*parts, strict=True))) == marks(store, hours=(0, 4))


def test_what_is_not_rolled_up_has_no_marks(store: Storage) -> None:
    span = hour_of(NOW), hour_of(NOW) + HOUR
    issue = Subject(kind="issue", id="1")
    assert store.buckets.marks([BANSOS], Measure.ISSUES, *span) is None
    assert store.buckets.marks([BANSOS, issue], Measure.MENTIONS, *span) is None
    assert store.buckets.marks([BANSOS], Measure.SUSPICIOUS, *span, suspicion_at_least=0.7) is None
