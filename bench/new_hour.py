#!/usr/bin/env python3
"""How long one new hour of many series takes, when the states of the hours before are kept.

    bench/new_hour.py [--series 10000] [--window 6h|24h] [--store]

Series of hours with means from 0.02 to 5, as the store hands them out. First their past is read once (that is what a
start of the daemon costs), then hour after hour by the end of the series alone, as `alerts.reader` does; a sample is
compared with what the whole past says. ``--store`` reads them out of a database as the daemon's watch does, by
`alerts.reader`, with two weeks of rows in its hourly roll-up. Times are CPU seconds of one core.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 -- after the path
from numpy.typing import NDArray  # noqa: E402

from alerts.detect.auto import AutoDetector  # noqa: E402
from alerts.reader import Reader  # noqa: E402
from collector.model.bucket import Measure, Series, Subject  # noqa: E402
from collector.model.clock import HOUR  # noqa: E402
from collector.model.rule import Rule  # noqa: E402
from collector.model.source import Source, SourceState  # noqa: E402
from collector.store.base import Poll, PollOutcome, PollRecord  # noqa: E402
from collector.store.sqlite.store import SqliteStore  # noqa: E402

HOURS = 3
BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
AT_ONCE = 500  # series learnt at a time, so that their past fits into memory


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--window", choices=["6h", "24h"], default="6h")
    parser.add_argument("--store", action="store_true", help="with the read out of a database")
    asked = parser.parse_args()
    rule = Rule(
        name="bench",
        topics=("t",),
        receivers=(),
        measure=Measure.MENTIONS,
        window=timedelta(hours=int(asked.window[:-1])),
        at_least=5,
        min_sources=2,
    )
    if asked.store:
        from_a_store(asked.series, rule)
        return
    detector = AutoDetector()
    memory, past = detector.memory(), detector.history(rule) // HOUR
    chance = np.random.default_rng(7)
    means = np.exp(chance.uniform(np.log(0.02), np.log(5.0), asked.series))
    counts = chance.poisson(means[:, None], (asked.series, past + 24 * HOURS)).astype(np.int16)
    names = [frozenset(f"outlet-{n}" for n in range(many)) for many in range(9)]

    def series(which: range, first: int, last: int) -> list[Series]:
        hours = last - first
        return [
            Series(
                subject=Subject(kind="topic", id=f"t{n}"),
                measure=Measure.MENTIONS,
                start=BEGIN + first * HOUR,
                count=tuple(counts[n, first:last].tolist()),
                late=(0,) * hours,
                backfill=(0,) * hours,
                publishers=tuple(names[min(8, many)] for many in counts[n, first:last].tolist()),
                coverage=(1.0,) * hours,
            )
            for n in which
        ]

    began = time.process_time()
    for first in range(0, asked.series, AT_ONCE):
        which = range(first, min(asked.series, first + AT_ONCE))
        detector.learn(series(which, 0, past), rule, memory)
    spent = time.process_time() - began
    print(f"{asked.series} series, window {asked.window}: past of {past} hours read in {spent:.1f} s")
    print(f"states kept: {memory.nbytes / 2**20:.0f} MB")
    recent, step = detector.recent(rule) // HOUR, 24 if asked.window == "24h" else 1
    for hour in range(1, HOURS + 1):
        end = past + hour * step
        batch = series(range(asked.series), end - recent - 1, end)
        began = time.process_time()
        said = detector.recall(batch, rule, memory)
        spent = time.process_time() - began
        known = sum(row is not None for row in said)
        print(f"a new hour: {spent:.2f} s CPU for {known} series ({known / spent:,.0f} a second)")
        some = range(0, asked.series, max(1, asked.series // 20))
        whole = detector.readings([one for n in some for one in series(range(n, n + 1), 0, end)], rule)
        print(f"  the same as the whole past says: {[said[n] for n in some] == list(whole)}", flush=True)


STORED = timedelta(days=14)
STORED_HOURS = 2  # looked at


def from_a_store(many: int, rule: Rule) -> None:
    """What the ticks of the watch cost, a minute apart as the daemon's: the first of an hour, and all of an hour
    together. Once an hour each series' whole past is compared with what was read of it, some at each tick."""
    chance = np.random.default_rng(7)
    means = np.exp(chance.uniform(np.log(0.02), np.log(5.0), many))
    subjects = [Subject(kind="topic", id=f"t{n}") for n in range(many)]
    first = int(STORED / HOUR)
    counts = chance.poisson(means[:, None], (many, first + STORED_HOURS)).astype(np.int16)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "siaga.db"
        store = SqliteStore(path)
        _read_every_hour(store, first + STORED_HOURS)
        _put(path, counts, 0, first)
        reader = Reader(store, {"auto": AutoDetector()})
        for hour in range(STORED_HOURS):
            _put(path, counts, first + hour, first + hour + 1)
            spent = []
            for minute in range(60):
                now = BEGIN + (first + hour) * HOUR + timedelta(minutes=minute)
                began = time.process_time()
                reader.readings(rule, subjects, now, last=1)
                spent.append(time.process_time() - began)
            what = "a new hour" if hour else "the first look"
            print(f"{what}: {spent[0]:.2f} s CPU for {many} series; {len(spent)} ticks: {sum(spent):.1f} s", flush=True)
        store.close()


def _read_every_hour(store: SqliteStore, hours: int) -> None:
    source = Source(id="s", kind="feed", url="https://kabar.example/feed")
    store.sources.register([source], BEGIN)
    state = SourceState(source_id="s", next_poll_at=BEGIN, last_poll_at=BEGIN, last_ok_at=BEGIN, first_ok_at=BEGIN)
    poll = Poll(source_id="s", started_at=BEGIN, duration=timedelta(0), outcome=PollOutcome.OK, entries=0)
    covers = tuple(BEGIN + n * HOUR for n in range(hours))
    store.items.record_poll(PollRecord(poll=poll, state=state, drafts=(), covers=covers))


def _put(path: Path, counts: NDArray[np.int16], begin: int, end: int) -> None:
    """Straight into the roll-up: a row per publisher, of up to eight."""

    def rows() -> Iterator[tuple[object, ...]]:
        for hour in range(begin, end):
            at = f"{BEGIN + hour * HOUR:%Y-%m-%dT%H:00:00Z}"
            for topic in np.flatnonzero(counts[:, hour]).tolist():
                count = int(counts[topic, hour])
                shares = [count // 8 + (n < count % 8) for n in range(min(8, count))]
                for outlet, share in enumerate(shares):
                    yield "topic", f"t{topic}", at, f"outlet-{outlet}", "news", 1, share, 0, 0

    with sqlite3.connect(path) as db:
        db.executemany("insert into hourly values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows())
    db.close()


if __name__ == "__main__":
    main()
