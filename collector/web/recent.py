"""The last fortnight of a topic, an alert or an issue, asked of the store."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime

from collector.model.alert import Alert
from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import hour_of
from collector.store.overview import MEASURES
from collector.web.days import Days, Span, days_of, span_of, watched_days
from collector.web.desk import Desk


class Watch:
    """When the sources were read; asked of the store once for a page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._days: dict[Span, tuple[bool, ...]] = {}
        first = min((state.first_ok_at for state in desk.store.sources.states() if state.first_ok_at), default=None)
        self.since: date | None = None if first is None else first.astimezone(desk.zone).date()
        """The day on which the first source was read."""

    def days(self, span: Span) -> tuple[bool, ...]:
        if span not in self._days:
            coverage = self._desk.store.sources.coverage(hour_of(span.edges[0]), span.edges[-1])
            self._days[span] = watched_days(span, coverage)
        return self._days[span]


def days_of_topic(desk: Desk, topic_id: str, measure: Measure, span: Span, watch: Watch) -> Days:
    counts = desk.store.overview.counts(topic_id, measure, span.edges)
    (lately,) = desk.store.overview.counts(topic_id, measure, span.lately)
    return days_of(span, counts, lately, watched_since=watch.since, watched=watch.days(span))


def days_of_alert(desk: Desk, alert: Alert, now: datetime, watch: Watch) -> Days:
    """As the alert's rule counts; of an alert that is over, the days up to its end."""
    span = span_of(alert.resolved_at or now, desk.zone)
    if alert.subject.kind == "topic" and alert.measure in MEASURES:
        return days_of_topic(desk, alert.subject.id, alert.measure, span, watch)
    # An issue has no usual day: it was not there.
    since = watch.since if alert.subject.kind == "topic" else None
    return _of_series(desk, alert.subject, alert.measure, span, since, watch)


def days_of_issue(desk: Desk, issue_id: int, until: datetime) -> Days:
    """All its items, up to that moment."""
    subject = Subject(kind="issue", id=str(issue_id))
    return _of_series(desk, subject, Measure.MENTIONS, span_of(until, desk.zone), None, Watch(desk))


def _of_series(desk: Desk, subject: Subject, measure: Measure, span: Span, since: date | None, watch: Watch) -> Days:
    (series,) = desk.store.buckets.series((subject,), measure, span.edges[0], span.edges[-1])
    (lately,) = _folded(series, span.lately)
    counts = _folded(series, span.edges)
    return days_of(span, counts, lately, watched_since=since, watched=watch.days(span))


def _folded(series: Series, edges: Sequence[datetime]) -> list[int]:
    found = [0] * (len(edges) - 1)
    for place, count in enumerate(series.count):
        live = count - series.backfill[place]
        if live and edges[0] <= series.start_of(place) < edges[-1]:
            found[bisect_right(edges, series.start_of(place)) - 1] += live
    return found
