#!/usr/bin/env python3
"""The election of February 2024 replayed: would an alert have come, when, and how many came for nothing?

    bench/election.py [SHARED]

Two records of the ministry (Kominfo): the hoaxes it listed (dates partly interpolated, so weeks are judged, not days),
put on topics by our own matcher; and its monthly count of hoax issues about the election (laid evenly over each month).
Ours run through `siaga replay`'s own code: the daemon's watch over the past. Beside it epitweetr's rule, by the public
baseline of the spike bench, on the same rows by day, by week and by month. Prints Markdown.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType, SimpleNamespace

import numpy as np

from collector.cli.log import configure_logging
from collector.config.load import load
from collector.config.settings import Settings
from collector.model.bucket import Measure
from collector.model.rule import Rule, Sensitivity
from collector.model.source import Role
from collector.rehearsal.replay import replay
from collector.rehearsal.stage import listed

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SHIPPED = ROOT / "collector" / "data" / "sources.yaml"
ELECTIONS = ("pemilu_umum", "pemilu_2029", "pilpres_2024", "pilkada_2024", "psu_2025")
SHIPPED_RULE = "Cek fakta pemilu"

LIST_FROM, LIST_TO = date(2023, 8, 19), date(2024, 6, 30)  # the ministry's list is complete from there
JUDGED_FROM = date(2023, 9, 1)
AROUND = (date(2024, 1, 29), date(2024, 2, 26))  # the two weeks before the week of 14 February, and the one after it
CALM_FROM = date(2024, 5, 1)

MONTHS_KNOWN_FROM, RISE_BY = date(2023, 1, 1), date(2023, 12, 1)
FALSE_BEFORE = date(2023, 10, 1)  # what the baselines' table calls false, too
AFTER = date(2024, 8, 1)
EPITWEETR_NATIVE = 1.60206  # -log10 of its alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """When a rule would have opened alerts, in local days."""

    rule: str
    opened: tuple[date, ...]

    def within(self, start: date, end: date) -> tuple[date, ...]:
        return tuple(day for day in self.opened if start <= day < end)


# ---------------------------------------------------------------- the records


def ministry_rows(shared: Path) -> Iterator[Mapping[str, str]]:
    """What the ministry listed, as ``date``, ``title`` and ``publisher``."""
    with gzip.open(shared / "data" / "hoax_timeline.csv.gz", "rt", encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            if "kominfo" in (row["publisher"], row["also"]) and row["date"] >= LIST_FROM.isoformat():
                yield {"date": row["date"], "title": row["title"], "publisher": "kominfo", "topic": "", "count": ""}


def ministry_months(shared: Path) -> dict[str, int]:
    with (shared / "data" / "kominfo_monthly.csv").open(encoding="utf-8", newline="") as table:
        return {row["month"]: int(row["issues"]) for row in csv.DictReader(table)}


def month_rows(months: Mapping[str, int]) -> Iterator[Mapping[str, str]]:
    """A row per month; a ``?`` where no figure was published."""
    for month in every_month(min(months), max(months)):
        count = str(months[month]) if month in months else "?"
        yield {"date": month, "title": "", "publisher": "kominfo", "topic": "pemilu_umum", "count": count}


def every_month(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while (text := f"{year}-{month:02}") <= last:
        yield text
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


# ---------------------------------------------------------------- ours


def shipped_settings() -> Settings:
    return load(SHIPPED, environ={})


def rules_on(settings: Settings) -> tuple[Rule, ...]:
    """What is tried on the list: the shipped rule, and ``method: auto`` with the same floor."""
    (shipped,) = (rule for rule in settings.rules if rule.name == SHIPPED_RULE)
    return (shipped, *auto(shipped))


def rules_on_months(settings: Settings) -> tuple[Rule, ...]:
    """The same over a month's window, with the ratio method a monthly record would be given: twice the usual."""
    (shipped, *_) = rules_on(settings)
    month = Rule(
        name="ratio, 30 days",
        topics=("pemilu_umum",),
        receivers=(),
        measure=Measure.DEBUNKS,
        method="ratio",
        window=timedelta(days=30),
        at_least=20,
        min_sources=1,
        times=2.0,
    )
    return (replace(shipped, topics=("pemilu_umum",)), month, *auto(replace(shipped, topics=("pemilu_umum",))))


def auto(like: Rule) -> tuple[Rule, ...]:
    """The detector that needs no threshold, in the two sensitivities of somebody who fears to miss something."""
    return tuple(
        replace(like, name=f"auto, {sensitivity.value}", method="auto", sensitivity=sensitivity)
        for sensitivity in (Sensitivity.BALANCED, Sensitivity.MORE)
    )


def rehearse(
    rows: Sequence[Mapping[str, str]], settings: Settings, rules: Sequence[Rule], judged_from: date
) -> tuple[Rehearsed, ...]:
    """The rules over the rows by the code of ``siaga replay --input``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", encoding="utf-8", newline="") as table:
            writer = csv.DictWriter(table, fieldnames=["date", "title", "publisher", "topic", "count"])
            writer.writeheader()
            writer.writerows(rows)
        tried = replace(settings, rules=tuple(rules))
        with listed(tried, path, Role.FACTCHECK) as stage:
            start = datetime.combine(judged_from, datetime.min.time(), tzinfo=settings.timezone).astimezone(UTC)
            timeline = replay(stage.history(start), stage.configuration)
    return tuple(
        Rehearsed(
            rule=rule.name,
            opened=tuple(
                episode.opened_at.astimezone(settings.timezone).date() for episode in timeline.of_rule(rule.name)
            ),
        )
        for rule in rules
    )


# ---------------------------------------------------------------- epitweetr


def epitweetr(shared: Path, days: Sequence[date], counts: Sequence[float], name: str) -> Rehearsed:
    """Its alarms at its own threshold; one that follows another at once is the same alarm."""
    scores = baselines(shared).epitweetr(SimpleNamespace(count=np.array(counts, dtype=float), kind=""))
    loud = [score >= EPITWEETR_NATIVE for score in scores]
    first = [day for place, day in enumerate(days) if loud[place] and not (place and loud[place - 1])]
    return Rehearsed(rule=name, opened=tuple(first))


def baselines(shared: Path) -> ModuleType:
    folder = shared / "bench" / "spikes"
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("baselines", folder / "baselines.py")
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018 - the file is there, or the next line says so
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def counted(rows: Sequence[Mapping[str, str]], settings: Settings, step: int) -> tuple[list[date], list[float]]:
    """Rows on an election topic per day or week (its Monday), from the beginning of the list."""
    from collector.app.matcher import build_matcher

    matcher = build_matcher(settings)
    hits = [
        date.fromisoformat(row["date"])
        for row in rows
        if any(match.topic_id in ELECTIONS for match in matcher.matches(row["title"], ""))
    ]
    first = LIST_FROM + timedelta(days=-LIST_FROM.weekday() % 7 if step == 7 else 0)
    days = [first + timedelta(days=step * place) for place in range((LIST_TO - first).days // step + 1)]
    counts = [0.0] * len(days)
    for hit in hits:
        place = (hit - first).days // step
        if 0 <= place < len(days):
            counts[place] += 1
    return days, counts


# ---------------------------------------------------------------- the tables


def of_the_list(shared: Path, settings: Settings) -> tuple[Rehearsed, ...]:
    rows = list(ministry_rows(shared))
    ours = rehearse(rows, settings, rules_on(settings), JUDGED_FROM)
    theirs = (
        epitweetr(shared, *counted(rows, settings, step), name)
        for step, name in ((1, "epitweetr, by day"), (7, "epitweetr, by week"))
    )
    return (*ours, *theirs)


def of_the_months(shared: Path, settings: Settings) -> tuple[Rehearsed, ...]:
    months = ministry_months(shared)
    ours = rehearse(list(month_rows(months)), settings, rules_on_months(settings), MONTHS_KNOWN_FROM)
    names = list(every_month(min(months), max(months)))
    days = [date.fromisoformat(f"{name}-01") for name in names]
    return (*ours, epitweetr(shared, days, [months.get(name, np.nan) for name in names], "epitweetr, by month"))


def main() -> None:
    configure_logging("error", "text")  # the watch logs every alert
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    settings = shipped_settings()
    print("Hoaxes listed by the ministry, on election topics, 2023-09 to 2024-06\n")
    print("| rule | alerts opened | in the weeks around 14 February 2024 | in May and June 2024 |")
    print("|---|--:|---|--:|")
    for one in of_the_list(shared, settings):
        met = ", ".join(str(day) for day in one.within(*AROUND)) or "none"
        calm = len(one.within(CALM_FROM, LIST_TO + timedelta(days=1)))
        print(f"| {one.rule} | {len(one.within(JUDGED_FROM, LIST_TO))} | {met} | {calm} |")
    print("\nThe ministry's monthly count of issues, 2023-01 to 2024-11\n")
    print("| rule | first alert | by November 2023 | before October 2023 | August to November 2024 |")
    print("|---|---|---|--:|--:|")
    for one in of_the_months(shared, settings):
        first = min(one.opened, default=None)
        rise = [day for day in one.opened if FALSE_BEFORE <= day < RISE_BY]
        false = len(one.within(MONTHS_KNOWN_FROM, FALSE_BEFORE))
        after = len(one.within(AFTER, date(2025, 1, 1)))
        print(f"| {one.rule} | {first or 'none'} | {rise[0] if rise else 'no'} | {false} | {after} |")


if __name__ == "__main__":
    main()
