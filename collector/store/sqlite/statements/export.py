"""What can be exported."""

from __future__ import annotations

EXPORTS = {
    "items": """
        select i.id, i.url, i.title, i.excerpt, i.lang, i.source_id as source, i.publisher, i.published_at, i.seen_at,
               i.timing, i.date_note, j.stance, j.suspicion, j.points, j.verdict, j.signals, j.judge, j.judge_version,
               (select group_concat(m.topic_id, ' ') from mentions as m where m.item_id = i.id) as topics,
               (select count(*) from sightings as s where s.item_id = i.id) as sightings, i.identity, i.issue_id
        from items as i join judgements as j on j.item_id = i.id
        order by i.id
    """,
    "sightings": """
        select s.item_id, i.url, i.title, s.source_id as source, s.publisher, s.seen_at, s.guid
        from sightings as s join items as i on i.id = s.item_id
        order by s.item_id, s.seen_at
    """,
    "mentions": """
        select m.item_id, m.topic_id as topic, i.url, i.title, i.publisher, m.seen_at, i.timing, j.stance, j.suspicion,
               j.verdict, m.terms, m.spans, m.matched_at
        from mentions as m join items as i on i.id = m.item_id join judgements as j on j.item_id = m.item_id
        order by m.item_id, m.topic_id
    """,
    "alerts": """
        select id, rule, subject_kind, subject_id as subject, measure, state, opened_at, last_spike_at, resolved_at,
               notified_at, window_s / 3600 as window_hours, count, peak, expected, limit_count as "limit", publishers,
               detector, detector_version, title, summary,
               (select group_concat(e.item_id, ' ') from alert_items as e where e.alert_id = alerts.id) as evidence
        from alerts
        order by id
    """,
    "deliveries": """
        select id, alert_id, receiver, reason, state, attempts, created_at, not_before_at, sent_at, last_error,
               dedup_key
        from deliveries
        order by id
    """,
}
