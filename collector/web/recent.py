"""The last fortnight of a topic or an alert, asked of the store."""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.model.alert import Alert
from collector.model.bucket import Measure
from collector.model.clock import HOUR
from collector.store.overview import MEASURES
from collector.web.days import Days, begin_of, days_of
from collector.web.desk import Desk


def watched_since(desk: Desk) -> datetime | None:
    """When the first source was read."""
    return min((state.first_ok_at for state in desk.store.sources.states() if state.first_ok_at), default=None)


def days_of_topic(desk: Desk, topic_id: str, measure: Measure, now: datetime, since: datetime | None) -> Days:
    hours = desk.store.overview.hours(topic_id, measure, begin_of(now, desk.zone), now + HOUR)
    return days_of(hours, now, desk.zone, watched_since=since)


def days_of_alert(desk: Desk, alert: Alert, now: datetime, since: datetime | None) -> Days:
    """As the alert's rule counts; of an alert that is over, the days up to its end."""
    end = alert.resolved_at or now
    if alert.subject.kind == "topic" and alert.measure in MEASURES:
        return days_of_topic(desk, alert.subject.id, alert.measure, end, since)
    begin = begin_of(end, desk.zone)
    (series,) = desk.store.buckets.series((alert.subject,), alert.measure, begin, end)
    hours = {series.start_of(i): series.count[i] - series.backfill[i] for i in range(len(series)) if series.count[i]}
    # An issue has no usual day: it was not there.
    known = since if alert.subject.kind == "topic" else end - timedelta(days=1)
    return days_of(hours, end, desk.zone, watched_since=known)
