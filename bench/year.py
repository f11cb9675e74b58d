#!/usr/bin/env python3
"""How long a year of hours of many series takes: every hour of every series judged anew, in batches.

    bench/year.py [--series 1000]

What is timed is all of the detector's arithmetic: scores, expected counts and limits, with the weeks that every fold
reads before its first verdict. Times are CPU seconds of one core; run it with OPENBLAS_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 -- after the path

from alerts.detect.auto import THRESHOLDS  # noqa: E402
from alerts.detect.stretch import Columns, Wanted, read, spans_of  # noqa: E402
from alerts.detect.tempo import HOUR, HOURLY  # noqa: E402
from collector.model.rule import Sensitivity  # noqa: E402

HOURS = 365 * 24


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--series", type=int, default=1000)
    many = parser.parse_args().series
    chance = np.random.default_rng(7)
    means = np.exp(chance.uniform(np.log(0.02), np.log(5.0), many))
    count = chance.poisson(means[:, None], (many, HOURS)).astype(np.float64)
    columns = Columns(
        count=count,
        exposure=np.ones_like(count),
        publishers=np.minimum(count, 8.0),
        joined=np.zeros_like(count),
        planned=np.zeros_like(count),
        first=0,
        width=HOUR,
    )
    updates = many * sum(span.end - max(span.start, 0) for span in spans_of(columns, HOURLY, HOURS))
    began = time.process_time()
    read([Wanted(columns=columns, last=HOURS)], HOURLY, threshold=THRESHOLDS[Sensitivity.BALANCED])
    spent = time.process_time() - began
    print(f"{many} series of {HOURS} hours: {spent:.1f} s CPU")
    print(f"{updates / spent:,.0f} bucket updates a second ({updates / many / HOURS:.2f} a bucket, warm-up included)")


if __name__ == "__main__":
    main()
