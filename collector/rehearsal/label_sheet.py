"""Labelled events from a table: ``start,end,topic,name``; all but ``start`` may be left out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta, tzinfo
from pathlib import Path

from collector.config.problems import Problem, nearest
from collector.model.errors import ConfigError
from collector.rehearsal.date_cell import stretch
from collector.rehearsal.labels import Label
from collector.rehearsal.sheet import Row, RowFault, problem, rows


def read_labels(path: Path, zone: tzinfo, topics: Collection[str]) -> tuple[Label, ...]:
    """An end that names a day or a month includes it; without an end the event is its start's day or month (an hour
    where the start is a moment). Raises ConfigError with every mistake."""
    labels: list[Label] = []
    problems: list[Problem] = []
    for row in rows(path, needed=("start",)):
        try:
            labels.append(_label(row, zone, topics))
        except RowFault as fault:
            problems.append(problem(path, row, fault))
    if problems:
        raise ConfigError(tuple(problems))
    return tuple(sorted(labels, key=lambda label: label.start_at))


def _label(row: Row, zone: tzinfo, topics: Collection[str]) -> Label:
    start = stretch("start", row["start"], zone)
    end = stretch("end", row["end"], zone) if row["end"] else start
    topic = row["topic"] or None
    if topic is not None and topic not in topics:
        near = nearest(topic, topics)
        raise RowFault("topic", f'no topic "{topic[:60]}"', f"a watched topic{f', such as {near}' if near else ''}")
    end_at = end.end + timedelta(hours=1) if end.exact and not row["end"] else end.end
    if end_at <= start.start:
        raise RowFault("end", "does not lie after the start", "a later date")
    name = row["name"] or f"{topic or 'event'} {row['start']}"
    return Label(name=name, start_at=start.start, end_at=end_at, topic=topic)
