#!/usr/bin/env python3
"""How long one new hour of many series takes, when the states of the hours before are kept.

    bench/new_hour.py [--series 10000] [--window 6h|24h]

Series of hours with means from 0.02 to 5, as the store hands them out. First their past is read once (that is what a
start of the daemon costs), then hour after hour by the end of the series alone, as `alerts.reader` does; a sample is
compared with what the whole past says. Times are CPU seconds of one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 -- after the path

from alerts.detect.auto import AutoDetector  # noqa: E402
from collector.model.bucket import Measure, Series, Subject  # noqa: E402
from collector.model.clock import HOUR  # noqa: E402
from collector.model.rule import Rule  # noqa: E402

HOURS = 3
BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
AT_ONCE = 500  # series learnt at a time, so that their past fits into memory


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--window", choices=["6h", "24h"], default="6h")
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


if __name__ == "__main__":
    main()
