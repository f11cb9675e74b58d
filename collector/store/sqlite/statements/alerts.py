"""Alerts, their events and evidence."""

from __future__ import annotations

ALERT_OPEN = "select * from alerts where key = ? and state = 'firing'"
ALERTS_FIRING = "select * from alerts where state = 'firing' order by opened_at, id"
ALERT_GET = "select * from alerts where id = ?"
ALERTS_LIST = "select * from alerts where ?1 is null or state = ?1 order by opened_at desc, id desc limit ?2"
ALERT_LAST_RESOLVED = "select max(resolved_at) from alerts where key = ?"
ALERT_NEXT_ID = "select coalesce(max(id), 0) + 1 from alerts"
ALERT_SAVE = """
insert into alerts (id, key, rule, subject_kind, subject_id, measure, state, opened_at, last_spike_at, updated_at,
                    resolved_at, notified_at, notified_count, window_s, count, peak, expected, limit_count, publishers,
                    detector, detector_version, title, summary, level, repeats, hushed_at, hushed_count)
values (:id, :key, :rule, :subject_kind, :subject_id, :measure, :state, :opened_at, :last_spike_at, :updated_at,
        :resolved_at, :notified_at, :notified_count, :window_s, :count, :peak, :expected, :limit_count, :publishers,
        :detector, :detector_version, :title, :summary, :level, :repeats, :hushed_at, :hushed_count)
on conflict (id) do update set
    state = excluded.state, last_spike_at = excluded.last_spike_at, updated_at = excluded.updated_at,
    resolved_at = excluded.resolved_at, notified_at = excluded.notified_at, notified_count = excluded.notified_count,
    window_s = excluded.window_s, count = excluded.count, peak = excluded.peak, expected = excluded.expected,
    limit_count = excluded.limit_count, publishers = excluded.publishers, detector = excluded.detector,
    detector_version = excluded.detector_version, title = excluded.title, summary = excluded.summary,
    level = excluded.level, repeats = excluded.repeats, hushed_at = excluded.hushed_at,
    hushed_count = excluded.hushed_count
"""
EVENT_ADD = "insert into alert_events (alert_id, at, reason, count, text, hold) values (?, ?, ?, ?, ?, ?)"
EVENTS_OF_ALERT = "select * from alert_events where alert_id = ? order by id"
# An item that retention removed a moment ago is no reason to lose an alert.
EVIDENCE_ADD = """
insert into alert_items (alert_id, item_id) select ?, id from items where id = ? on conflict do nothing
"""
EVIDENCE_OF_ALERT = "select item_id from alert_items where alert_id = ? order by item_id"
