"""The last fortnight of a topic, an alert or an issue, asked of the store."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime

from collector.model.alert import Alert
from collector.model.bucket import Measure, Series, Subject
from collector.store.overview import MEASURES
from collector.web.days import Days, Span, days_of, span_of
from collector.web.desk import Desk


def watched_since(desk: Desk) -> date | None:
    """The day on which the first source was read."""
    first = min((state.first_ok_at for state in desk.store.sources.states() if state.first_ok_at), default=None)
    return None if first is None else first.astimezone(desk.zone).date()


def days_of_topic(desk: Desk, topic_id: str, measure: Measure, span: Span, since: date | None) -> Days:
    counts = desk.store.overview.counts(topic_id, measure, span.edges)
    (lately,) = desk.store.overview.counts(topic_id, measure, span.lately)
    return days_of(span, counts, lately, watched_since=since)


def days_of_alert(desk: Desk, alert: Alert, now: datetime, since: date | None) -> Days:
    """As the alert's rule counts; of an alert that is over, the days up to its end."""
    span = span_of(alert.resolved_at or now, desk.zone)
    if alert.subject.kind == "topic" and alert.measure in MEASURES:
        return days_of_topic(desk, alert.subject.id, alert.measure, span, since)
    # An issue has no usual day: it was not there.
    return _of_series(desk, alert.subject, alert.measure, span, since if alert.subject.kind == "topic" else None)


def days_of_issue(desk: Desk, issue_id: int, until: datetime) -> Days:
    """All its items, up to that moment."""
    subject = Subject(kind="issue", id=str(issue_id))
    return _of_series(desk, subject, Measure.MENTIONS, span_of(until, desk.zone), None)


def _of_series(desk: Desk, subject: Subject, measure: Measure, span: Span, since: date | None) -> Days:
    (series,) = desk.store.buckets.series((subject,), measure, span.edges[0], span.edges[-1])
    (lately,) = _folded(series, span.lately)
    return days_of(span, _folded(series, span.edges), lately, watched_since=since)


def _folded(series: Series, edges: Sequence[datetime]) -> list[int]:
    found = [0] * (len(edges) - 1)
    for place, count in enumerate(series.count):
        live = count - series.backfill[place]
        if live and edges[0] <= series.start_of(place) < edges[-1]:
            found[bisect_right(edges, series.start_of(place)) - 1] += live
    return found
