"""Seals of hours that were read: what changes them, and when that is seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from alerts.seals import Seals
from collector.model.bucket import Subject
from collector.model.clock import HOUR

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
BANSOS = Subject(kind="topic", id="bansos")


class Hours:
    """A store's marks of one subject. ``corrected_after`` so many questions an hour is another one."""

    def __init__(self) -> None:
        self.counts = {BEGIN + n * HOUR: n + 1 for n in range(24 * 9)}
        self.corrected_after = 0
        self.corrected = BEGIN

    def marks(self, subjects: Sequence[Subject], since: datetime, until: datetime) -> tuple[int, ...]:
        found = sum(count for hour, count in self.counts.items() if since <= hour < until)
        self.corrected_after -= 1
        if self.corrected_after == 0:
            self.counts[self.corrected] += 1000
        return (found,) * len(subjects)


def at(day: float) -> datetime:
    return BEGIN + timedelta(days=day)


def sealed(hours: Hours) -> Seals:
    seals = Seals(hours.marks, back=timedelta(days=2))
    assert seals.put([BANSOS], at(0), at(4))
    return seals


def test_a_seal_moves_on_with_the_hours() -> None:
    hours = Hours()
    seals = sealed(hours)
    for day in (4.2, 4.7, 5.5, 8.0):
        assert seals.unbroken([BANSOS], at(day)) == [BANSOS]
    hours.counts[at(3)] += 1  # out of reach by now
    assert seals.unbroken([BANSOS], at(8.1)) == [BANSOS]
    hours.counts[at(7)] += 1
    assert seals.unbroken([BANSOS], at(8.2)) == []


def test_an_hour_corrected_while_the_seal_moves_breaks_it() -> None:
    for questions in (1, 2, 3):
        hours = Hours()
        seals = sealed(hours)
        hours.corrected, hours.corrected_after = at(3.5), questions
        seals.unbroken([BANSOS], at(4.8))
        assert seals.unbroken([BANSOS], at(4.9)) == [], questions
