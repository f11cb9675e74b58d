#!/usr/bin/env python3
"""The spike detectors side by side: every peer's rule and ours, on the same series, in the same run.

    bench/spikes.py                          # the whole table on seeds 11 and 12, NAB and Kominfo
    bench/spikes.py --seeds 31 32 --sets hourly_oper
    bench/spikes.py --budgets                # how often each sensitivity errs: alerts/detect/false_alarms.json
    python ../shared/bench/spikes/score.py --data DIR --detector bench.spikes:siaga --native 3

`siaga(series)` hands a series of that scorer to `method: auto` as the daemon's watch would, and returns the scores of
its readings, before the rule's own gates. Peers are the public `baselines.py`; rows of R programs, which are not
installed here, are copied from its recorded tables (seeds 11 and 12). Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that it runs from a checkout, as the scorer's `--detector bench.spikes:siaga` does

import numpy as np  # noqa: E402 -- after the path
from numpy.typing import NDArray  # noqa: E402

from alerts.detect.auto import THRESHOLDS, AutoDetector  # noqa: E402
from collector.model.bucket import Measure, Series, Subject  # noqa: E402
from collector.model.rule import Rule, Sensitivity  # noqa: E402

Scores = NDArray[np.float64]
SHARED = Path(os.environ.get("SIAGA_SHARED", ROOT.parent / "shared"))
SETS = ("weekly", "daily_core", "daily_oper", "hourly_core", "hourly_oper")
DAY = timedelta(days=1)
WIDTHS = {"weekly": 7 * DAY, "daily": DAY, "hourly": timedelta(hours=1), "5min": timedelta(minutes=5)}
A_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
BALANCED = THRESHOLDS[Sensitivity.BALANCED]
AT_ONCE = 42


def siaga(series: Any) -> Scores:
    """Scores of `method: auto` for one series of score.py (kind, count, backfill, sources, planned)."""
    return siaga_all([series])[0]


def siaga_all(batch: Sequence[Any]) -> list[Scores]:
    """The same for many of one kind; each gets the scores it would get alone."""
    scores: list[Scores] = []
    for group in _alike(batch):
        ours = [_as_series(one, number) for number, one in enumerate(group)]
        detector = AutoDetector(
            zone=UTC, calendar=[event for pair in zip(group, ours, strict=True) for event in _events(*pair)]
        )
        rule = Rule(
            name="bench",
            topics=("each",),
            receivers=(),
            measure=Measure.MENTIONS,
            method="auto",
            window=max(WIDTHS[group[0].kind], timedelta(hours=1)),
            at_least=1,
            min_sources=1,
        )
        read = detector.readings(ours, rule, last=len(ours[0]))
        scores += [np.array([reading.score for reading in readings]) for readings in read]
    return scores


def _alike(batch: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts of the batch with one length; the same start makes one calendar fit."""
    begin = 0
    for at in range(1, len(batch) + 1):
        full = at - begin == AT_ONCE
        if at == len(batch) or full or len(batch[at].count) != len(batch[begin].count):
            yield batch[begin:at]
            begin = at


def _as_series(one: Any, number: int) -> Series:
    missing = np.isnan(one.count)
    count = np.where(missing, 0, one.count).astype(int)
    backfill = np.minimum(np.asarray(one.backfill, int), count)
    sources = [0] * len(count) if one.sources is None else [int(n) for n in one.sources]
    names = [frozenset(f"source-{i}" for i in range(n)) for n in range(max(sources, default=0) + 1)]
    return Series(
        subject=Subject(kind="topic", id=f"each-{number}"),
        measure=Measure.MENTIONS,
        start=A_MONDAY,
        count=tuple(count.tolist()),
        late=(0,) * len(count),
        backfill=tuple(backfill.tolist()),
        publishers=tuple(names[n] for n in sources),
        coverage=tuple(np.where(missing, 0.0, 1.0).tolist()),
        width=WIDTHS[one.kind],
    )


class Flagged(NamedTuple):
    """A planned event that is near exactly in the buckets the scorer flags; a calendar knows whole days only."""

    topic: str
    begin_at: datetime
    end_at: datetime

    def concerns(self, topic_id: str) -> bool:
        return topic_id == self.topic

    def near(self, zone: tzinfo) -> tuple[datetime, datetime]:
        return self.begin_at, self.end_at


def _events(one: Any, series: Series) -> Iterator[Flagged]:
    flagged = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(one.planned) > 0, [0]]).astype(int)))
    for begin, end in flagged.reshape(-1, 2):
        yield Flagged(series.subject.id, series.start_of(int(begin)), series.start_of(int(end)))


# ------------------------------------------------------------ the table


def public(name: str) -> ModuleType:
    folder = str(SHARED / "bench" / "spikes")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return import_module(name)


def make(seeds: Sequence[int], sets: Sequence[str], folder: str) -> None:
    script = str(SHARED / "bench" / "spikes" / "make_series.py")
    numbers = [str(seed) for seed in seeds]
    subprocess.run(  # noqa: S603 -- our own interpreter and the public generator
        [sys.executable, script, "--seeds", *numbers, "--out", folder, "--sets", *sets], check=True
    )


def recorded(set_name: str) -> list[str]:
    """Rows of the real programs, as BASELINES.md has them."""
    text = (SHARED / "bench" / "spikes" / "BASELINES.md").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith(f"| {set_name} | **")]


def print_sets(folder: str, sets: Sequence[str], peers: bool) -> None:
    score, baselines = public("score"), public("baselines")
    print(score.HEAD)
    for name in sets:
        series = score.load(folder, name)
        for rule in baselines.ALL if peers else ():
            sheet = score.Sheet(series, [rule(one) for one in series])
            print(score.line(name, rule.__name__, sheet, baselines.NATIVE[rule])[0], flush=True)
        for line in recorded(name) if peers else ():
            print(line.replace("** |", "**, recorded |", 1))
        began = time.process_time()
        scores = siaga_all(series)
        spent = time.process_time() - began
        print(score.line(name, "**siaga auto, balanced**", score.Sheet(series, scores), BALANCED)[0])
        print(f"<!-- {sum(len(one.count) for one in series) / spent:,.0f} readings a second -->", flush=True)


def print_nab(peers: bool) -> None:
    score, baselines = public("score"), public("baselines")
    print("\n| detector | NAB realTweets, standard | low FP | low FN |\n|---|--:|--:|--:|")
    rules: list[tuple[str, Callable[[Any], Any]]] = [(f.__name__, f) for f in baselines.ALL] if peers else []
    for label, rule in (*rules, ("**siaga auto**", siaga)):
        got = score.nab(str(SHARED / "data" / "nab"), rule)
        print(f"| {label} | {got['standard']:.1f} | {got['low FP']:.1f} | {got['low FN']:.1f} |", flush=True)


def print_kominfo(peers: bool) -> None:
    score, baselines = public("score"), public("baselines")
    print("\n| detector | months alarmed (2023-01..2024-01) | false before 2023-10 |\n|---|---|--:|")
    rules: list[Any] = [(f.__name__, f, baselines.NATIVE[f]) for f in baselines.ALL] if peers else []
    for label, rule, native in (*rules, ("**siaga auto, balanced**", siaga, BALANCED)):
        months = score.kominfo(rule, native)
        print(f"| {label} | {', '.join(months) or 'none'} | {sum(month < '2023-10' for month in months)} |")


BUDGETS = ROOT / "alerts" / "detect" / "false_alarms.json"
BUDGET_SEEDS = [51, 52, 202, 203]


def measure_budgets(folder: str, seeds: Sequence[int]) -> dict[str, Any]:
    """Days with a false alarm per series and week at each sensitivity; half the series with the faults of operating."""
    score = public("score")
    days: dict[str, dict[str, float]] = {}
    for width, kind in (("hour", "hourly"), ("day", "daily")):
        sheets = [
            score.Sheet(series, siaga_all(series))
            for series in (score.load(folder, f"{kind}_{what}") for what in ("core", "oper"))
        ]
        for word, bar in THRESHOLDS.items():
            each = [float(sheet.at(bar)["fa"]) for sheet in sheets]
            print(
                f"| {word.value} | by the {width} | {each[0]:.4f} | {each[1]:.4f} | {np.mean(each):.2g} |", flush=True
            )
            days.setdefault(width, {})[word.value] = float(f"{np.mean(each):.2g}")
    return {"command": "bench/spikes.py --budgets", "seeds": list(seeds), "days_a_week_per_topic": days}


def write_budgets(seeds: Sequence[int]) -> None:
    with TemporaryDirectory() as folder:
        make(seeds, SETS[1:], folder)
        print("| sensitivity | | days a week with a false alarm | with faults | mean |\n|---|---|--:|--:|--:|")
        BUDGETS.write_text(json.dumps(measure_budgets(folder, seeds), indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, nargs="+", help="default: 11 12")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS)
    parser.add_argument("--data", help="series made before, instead of --seeds")
    parser.add_argument("--ours-only", action="store_true", help="without the peers")
    parser.add_argument("--no-real", action="store_true", help="without NAB and Kominfo")
    parser.add_argument("--budgets", action="store_true", help=f"measure and write {BUDGETS.relative_to(ROOT)}")
    asked = parser.parse_args()
    if asked.budgets:
        write_budgets(asked.seeds or BUDGET_SEEDS)
        return
    with TemporaryDirectory() as folder:
        if not asked.data and asked.sets:
            make(asked.seeds or [11, 12], asked.sets, folder)
        if asked.sets:
            print_sets(asked.data or folder, asked.sets, not asked.ours_only)
    if not asked.no_real:
        print_nab(not asked.ours_only)
        print_kominfo(not asked.ours_only)


if __name__ == "__main__":
    main()
