"""A random life, lived by the store in memory and by SQLite's: both must tell the same story at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from records import HOUR, NOW, change, draft, record, source

from collector.model.bucket import Measure, Subject
from collector.model.item import Timing
from collector.model.judgement import Stance
from collector.store.base import Draft, MentionFilter, PollRecord, Resighting, Storage
from collector.store.memory import MemoryStore
from collector.store.sqlite import SqliteStore

SOURCES = ("Tempo", "Antara", "Detik")
TOPICS = ("bansos", "pemilu", "mbg")
SCORES = (0.1, 0.45, 0.5, 0.8)


def a_life(random: Random) -> Iterator[PollRecord]:
    """Polls hour by hour: new stories, known ones, changed wordings, in any mixture."""
    for hour in range(30):
        at = NOW + hour * HOUR
        yield record(
            *(_draft(random, hour) for _ in range(random.randrange(6))),
            name=random.choice(SOURCES),
            at=at,
            resightings=[
                Resighting(item_id=random.randrange(1, 60), publisher="x", guid=random.choice([None, "g"]), seen_at=at)
                for _ in range(random.randrange(3))
            ],
            changes=[
                change(
                    random.randrange(1, 60),
                    title=f"judul {random.randrange(9)}",
                    topics=_topics(random),
                    suspicion=random.choice(SCORES),
                    stance=random.choice(list(Stance)),
                    at=at,
                )
                for _ in range(random.randrange(3))
            ],
        )


def _draft(random: Random, hour: int) -> Draft:
    return draft(
        f"{random.randrange(80)}",
        title=f"judul {random.randrange(9)}",
        topics=_topics(random),
        publisher=random.choice(["a.example", "b.example", "c.example"]),
        seen_at=NOW + hour * HOUR,
        timing=random.choice(list(Timing)),
        suspicion=random.choice(SCORES),
        stance=random.choice(list(Stance)),
        guid=random.choice([None, "1", "2", "3"]),
    )


def _topics(random: Random) -> list[str]:
    return random.sample(TOPICS, random.randrange(3))


def story(store: Storage, results: list[object]) -> list[object]:
    """Everything that a store can be asked."""
    subjects = [Subject(kind="topic", id=topic) for topic in TOPICS]
    until = NOW + 31 * HOUR
    everything = store.items.list(MentionFilter(on_topic_only=False, limit=1000))
    identities = [judged.item.identity for judged in everything]
    return [
        results,
        everything,
        [store.items.sightings(judged.item.id) for judged in everything],
        [store.items.revisions(judged.item.id) for judged in everything],
        [store.buckets.series(subjects, measure, NOW, until) for measure in Measure],
        store.buckets.series(subjects, Measure.SUSPICIOUS, NOW, until, suspicion_at_least=0.4),
        [store.items.list(MentionFilter(measure=measure, topic_id="bansos")) for measure in Measure],
        store.items.list(MentionFilter(search="judul 3")),
        [store.items.known(name, identities, ["1", "2", "3", "g"]) for name in SOURCES],
        store.items.counts(NOW + 10 * HOUR),
        store.sources.coverage(NOW, until),
        store.sources.states(),
    ]


def live(store: Storage, seed: int) -> list[object]:
    store.sources.register([source(name) for name in SOURCES], NOW)
    results: list[object] = []
    for number, poll in enumerate(a_life(Random(seed))):
        results.append(store.items.record_poll(poll))
        if number % 7 == 0:
            store.items.index_pending(10)
        if number == 20:
            early = NOW + 5 * HOUR
            gone = store.items.prune(items_before=early, polls_before=early)
            results.append((gone["items"], gone["polls"]))
    return story(store, results)


@pytest.mark.parametrize("seed", range(6))
def test_memory_and_sqlite_tell_the_same_story(seed: int, tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "siaga.db") as on_disk:
        for ours, theirs in zip(live(MemoryStore(), seed), live(on_disk, seed), strict=True):
            assert ours == theirs


@pytest.mark.parametrize("seed", range(3))
def test_the_roll_up_agrees_with_the_rows_after_any_life(seed: int, tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "siaga.db") as store:
        store.sources.register([source(name) for name in SOURCES], NOW)
        for poll in a_life(Random(seed)):
            store.items.record_poll(poll)
        subjects = [Subject(kind="topic", id=topic) for topic in TOPICS]
        rolled_up = store.buckets.series(subjects, Measure.SUSPICIOUS, NOW, NOW + 31 * HOUR)
        counted = store.buckets.series(subjects, Measure.SUSPICIOUS, NOW, NOW + 31 * HOUR, suspicion_at_least=0.4999)
        assert rolled_up == counted
