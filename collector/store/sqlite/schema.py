"""The tables, as numbered migrations.

Imported only when a database has to be created or brought up to date, because sqlite-utils (which runs the migrations
and records each in its own transaction) costs 0.3 s to import. A migration that was released is never edited: add the
next one, raise ``SCHEMA_VERSION`` in :mod:`collector.store.sqlite.version`, and describe the columns in
``docs/reference/database.md`` and ``datasette-metadata.yml`` beside it (a test compares them).

Times are ISO 8601 text in UTC to the second (``2026-11-25T03:30:00Z``): they sort as text and SQLite's and Datasette's
date functions read them. Durations carry their unit in the column's name.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("siaga")

_0001_SOURCES = """
create table sources (
    id text primary key,
    kind text not null,
    url text not null,
    role text not null,
    every_s integer not null,
    timeout_s integer not null,
    expect_every_s integer,
    lang text not null,
    enabled integer not null,
    options text not null,
    added_at text not null,
    removed_at text,
    disabled_at text,
    next_poll_at text not null,
    last_poll_at text,
    last_ok_at text,
    first_ok_at text,
    newest_item_at text,
    etag text,
    last_modified text,
    body_hash text,
    failure_score real not null default 0,
    failures integer not null default 0,
    last_error text
);
create table polls (
    id integer primary key,
    source_id text not null references sources(id),
    started_at text not null,
    duration_ms integer not null,
    outcome text not null,
    status integer,
    body_bytes integer not null,
    entries integer not null,
    error text
);
create table coverage (
    source_id text not null references sources(id),
    from_at text not null,
    until_at text not null,
    primary key (source_id, from_at)
) without rowid;
create index coverage_until_at on coverage (until_at);
"""

_0001_ITEMS = """
create table items (
    id integer primary key,
    identity text not null unique,
    url text,
    title text not null,
    excerpt text not null,
    lang text not null,
    source_id text not null references sources(id),
    publisher text not null,
    published_at text,
    date_note text,
    seen_at text not null,
    timing text not null,
    content_hash text not null,
    issue_id integer
);
create index items_seen_at on items (seen_at);
create table sightings (
    item_id integer not null references items(id),
    source_id text not null references sources(id),
    publisher text not null,
    seen_at text not null,
    guid text,
    primary key (item_id, source_id)
) without rowid;
create index sightings_guid on sightings (source_id, guid) where guid is not null;
create table revisions (
    id integer primary key,
    item_id integer not null references items(id),
    replaced_at text not null,
    title text not null,
    content_hash text not null
);
create index revisions_item_id on revisions (item_id);
create table mentions (
    item_id integer not null references items(id),
    topic_id text not null,
    seen_at text not null,
    matched_at text not null,
    terms text not null,
    spans text not null,
    primary key (item_id, topic_id)
) without rowid;
create index mentions_topic on mentions (topic_id, seen_at);
create table judgements (
    item_id integer primary key references items(id),
    stance text not null,
    points real not null,
    suspicion real not null,
    verdict text,
    signals text not null,
    judge text not null,
    judge_version text not null,
    judged_at text not null
);
create table hourly (
    subject_kind text not null,
    subject_id text not null,
    hour text not null,
    publisher text not null,
    stance text not null,
    suspicious integer not null,
    count integer not null,
    late integer not null,
    backfill integer not null,
    primary key (subject_kind, subject_id, hour, publisher, stance, suspicious)
) without rowid;
"""

_0001_ALERTS = """
create table alerts (
    id integer primary key,
    key text not null,
    rule text not null,
    subject_kind text not null,
    subject_id text not null,
    measure text not null,
    state text not null,
    opened_at text not null,
    last_spike_at text not null,
    updated_at text not null,
    resolved_at text,
    notified_at text not null,
    notified_count integer not null,
    window_s integer not null,
    count integer not null,
    peak integer not null,
    expected real,
    limit_count real not null,
    publishers integer not null,
    detector text not null,
    detector_version text not null,
    title text not null,
    summary text not null
);
create unique index alerts_one_firing on alerts (key) where state = 'firing';
create index alerts_key on alerts (key);
create table alert_events (
    id integer primary key,
    alert_id integer not null references alerts(id),
    at text not null,
    reason text not null,
    count integer not null,
    text text not null
);
create index alert_events_alert_id on alert_events (alert_id);
create table alert_items (
    alert_id integer not null references alerts(id),
    item_id integer not null references items(id),
    primary key (alert_id, item_id)
) without rowid;
create index alert_items_item_id on alert_items (item_id);
create table deliveries (
    id integer primary key,
    alert_id integer references alerts(id),
    receiver text not null,
    reason text not null,
    state text not null,
    attempts integer not null,
    created_at text not null,
    not_before_at text not null,
    claimed_by text,
    claimed_until text,
    sent_at text,
    last_error text,
    dedup_key text not null unique,
    notice text not null
);
create index deliveries_pending on deliveries (not_before_at) where state = 'pending';
create index deliveries_alert_id on deliveries (alert_id);
create table audit (
    id integer primary key,
    at text not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null
);
create table meta (
    key text primary key,
    value text not null
) without rowid;
"""


_0002_ARTICLES = """
create table article_reads (
    item_id integer primary key references items(id),
    source_id text not null references sources(id),
    state text not null,
    wanted_at text not null,
    next_at text not null,
    attempts integer not null,
    tried_at text,
    error text
);
create index article_reads_wanted on article_reads (source_id, wanted_at) where state = 'wanted';
create index article_reads_tried on article_reads (source_id, tried_at) where tried_at is not null;
"""


_0003_CLAIMS = """
create table checked_claims (
    id integer primary key,
    key text not null unique,
    text text not null,
    title text not null,
    verdict text,
    publisher text not null,
    url text,
    checked_at text,
    case_id text,
    topics text not null,
    added_at text not null
);
create index checked_claims_checked_at on checked_claims (checked_at);
create table item_claims (
    item_id integer not null references items(id),
    claim_id integer not null references checked_claims(id),
    confidence real not null,
    stance text not null,
    differences text not null,
    matched_at text not null,
    primary key (item_id, claim_id)
) without rowid;
create index item_claims_claim_id on item_claims (claim_id);
"""


_0004_ISSUES = """
create table issues (
    id integer primary key,
    title text not null,
    claim_key text,
    opened_at text not null,
    last_seen_at text not null
);
create index issues_last_seen_at on issues (last_seen_at);
alter table items add column voice integer;
create index items_issue_id on items (issue_id, seen_at) where issue_id is not null;
"""

_0006_LEDGER = """
alter table issues add column title_by text;
alter table issues add column state text not null default 'new';
alter table issues add column verdict text;
alter table issues add column verdict_note text not null default '';
alter table issues add column verdict_link text;
alter table issues add column verdict_by text;
alter table issues add column verdict_at text;
alter table issues add column origin text not null default 'grouping';
alter table issues add column topics text not null default '';
alter table issues add column opened_precision text not null default 'time';
alter table issues add column merged_into integer references issues(id);
alter table issues add column voice_offset integer not null default 0;
create index issues_state on issues (state, last_seen_at);
create index issues_verdict on issues (verdict, last_seen_at) where verdict is not null;
create index issues_claim_key on issues (claim_key) where claim_key is not null;
create index issues_merged_into on issues (merged_into) where merged_into is not null;
create index issues_by_people on issues (id) where title_by is not null or origin <> 'grouping';
create index issues_brought on issues (opened_at) where origin in ('import', 'partner');
alter table items add column date_precision text not null default 'time';
alter table items add column grouped_as integer;
create index items_brought on items (published_at) where source_id = '(import)';
create index alerts_subject on alerts (subject_kind, subject_id);
create table issue_events (
    id integer primary key,
    issue_id integer not null references issues(id),
    at text not null,
    actor text not null,
    kind text not null,
    old text not null,
    new text not null,
    why text not null
);
create index issue_events_issue_id on issue_events (issue_id);
create table actions (
    id integer primary key,
    issue_id integer not null references issues(id),
    kind text not null,
    at text not null,
    precision text not null,
    by text not null,
    note text not null,
    link text,
    recorded_at text not null
);
create index actions_issue_id on actions (issue_id);
create index actions_at on actions (at);
create table tellings (
    id integer primary key,
    issue_id integer not null references issues(id),
    recipient text not null,
    channel text not null,
    at text not null,
    about text not null,
    verdict text,
    correction integer not null,
    reference text not null,
    answer text not null,
    answered_at text
);
create index tellings_issue_id on tellings (issue_id, channel, recipient);
create table published_counts (
    id integer primary key,
    first_day text not null,
    last_day text not null,
    issues integer not null,
    topic text not null,
    source text not null,
    added_at text not null,
    unique (first_day, last_day, topic, source)
);
create table page_copies (
    item_id integer primary key,
    url text not null,
    state text not null,
    fetched_at text,
    status integer,
    media_type text not null,
    sha256 text not null,
    page_bytes integer not null,
    kept_bytes integer not null,
    whole integer not null,
    attempts integer not null,
    next_at text,
    error text,
    body blob
);
create index page_copies_fetched_at on page_copies (fetched_at) where fetched_at is not null;
create table tombstones (
    identity_hash text primary key,
    item_id integer,
    at text not null,
    actor text not null,
    why text not null
) without rowid;
"""


_0005_REACTIONS = """
alter table alerts add column level text not null default 'rising';
alter table alerts add column repeats integer not null default 0;
alter table alerts add column hushed_at text;
alter table alerts add column hushed_count integer not null default 0;
alter table alert_events add column hold text;
create table withheld (
    id integer primary key,
    alert_id integer not null references alerts(id),
    receiver text not null,
    reason text not null,
    hold text not null,
    why text not null,
    company text not null,
    made_at text not null,
    until_at text,
    settled_at text,
    delivery_id integer references deliveries(id),
    dedup_key text not null unique,
    notice text not null
);
create index withheld_waiting on withheld (receiver) where settled_at is null;
create index withheld_alert_id on withheld (alert_id, receiver);
create index withheld_delivery_id on withheld (delivery_id) where delivery_id is not null;
create table digests (
    receiver text not null,
    slot text not null,
    made_at text not null,
    delivery_id integer not null references deliveries(id),
    primary key (receiver, slot)
) without rowid;
create table acknowledgements (
    id integer primary key,
    alert_id integer not null references alerts(id),
    made_by text not null,
    note text not null,
    made_at text not null,
    count integer not null,
    ended_at text,
    ended_because text
);
create index acknowledgements_alert_id on acknowledgements (alert_id);
create unique index acknowledgements_one on acknowledgements (alert_id) where ended_at is null;
create table silences (
    id integer primary key,
    kind text not null,
    target text not null,
    comment text not null,
    made_by text not null,
    made_at text not null,
    ends_at text not null,
    expired_at text,
    expired_by text
);
create index silences_ends_at on silences (ends_at);
create table keys (
    name text primary key,
    secret text not null
) without rowid;
insert into withheld (alert_id, receiver, reason, hold, why, company, made_at, until_at, settled_at, delivery_id,
                      dedup_key, notice)
select alert_id, receiver, reason, 'grouped', '', '', created_at, created_at, created_at, id, dedup_key, notice
from deliveries where alert_id is not null;
"""


_0007_RECIPIENTS = "alter table deliveries add column recipient text;"


_0008_PEOPLE = """
create table people (
    name text not null,
    key text primary key,
    role text not null,
    password text not null,
    added_at text not null
) without rowid;
create table sessions (
    token_hash text primary key,
    person text references people(key),
    opened_at text not null,
    ends_at text not null
) without rowid;
create index sessions_person on sessions (person) where person is not null;
create index sessions_ends_at on sessions (ends_at);
create table login_attempts (
    id integer primary key,
    key text not null,
    at text not null
);
create index login_attempts_key on login_attempts (key, at);
create index login_attempts_at on login_attempts (at);
create index alerts_resolved on alerts (opened_at) where state = 'resolved';
create index deliveries_dead on deliveries (id) where state = 'dead';
create index tellings_verdict on tellings (id) where verdict is not null;
"""


_0010_CLAIM_REVISIONS = """
alter table checked_claims add column revision integer not null default 0;
update checked_claims set revision = id;
create index checked_claims_revision on checked_claims (revision);
"""


_0012_PARTNERS = """
create table partner_reports (
    number integer primary key,
    id text not null unique,
    partner text not null,
    message_id text not null,
    body_hash text not null,
    received_at text not null,
    kind text not null,
    reference text not null,
    item_id integer references items(id) on delete set null,
    verdict text,
    link text,
    unique (partner, message_id)
);
create index partner_reports_received_at on partner_reports (partner, received_at);
create index partner_reports_reference on partner_reports (partner, reference) where item_id is not null;
create index partner_reports_item on partner_reports (item_id) where item_id is not null;
create view partner_findings as
select r.*, i.issue_id from partner_reports r left join items i on i.id = r.item_id;
"""

_0013_COUNTED_DAYS = """
create table counted_days (
    figure text not null,
    topic text not null,
    label text not null,
    starts text not null,
    ends text not null,
    counts text not null,
    primary key (figure, topic, label, starts)
) without rowid;
create index counted_days_ends on counted_days (ends);
create table counted_until (
    one integer primary key check (one = 1),
    at text not null,
    changes integer not null
);
insert into counted_until values (1, '', 0);
create trigger counted_item_added after insert on items
when (select at from counted_until) > new.seen_at begin
    delete from counted_days where ends > new.seen_at;
    update counted_until set at = new.seen_at, changes = changes + 1;
end;
create trigger counted_item_changed after update of issue_id, seen_at, timing, publisher on items
when (select at from counted_until) > min(old.seen_at, new.seen_at) begin
    delete from counted_days where ends > min(old.seen_at, new.seen_at);
    update counted_until set at = min(old.seen_at, new.seen_at), changes = changes + 1;
end;
create trigger counted_item_removed after delete on items
when (select at from counted_until) > old.seen_at begin
    delete from counted_days where ends > old.seen_at;
    update counted_until set at = old.seen_at, changes = changes + 1;
end;
create trigger counted_mention_added after insert on mentions
when (select at from counted_until) > new.seen_at begin
    delete from counted_days where ends > new.seen_at;
    update counted_until set at = new.seen_at, changes = changes + 1;
end;
create trigger counted_mention_removed after delete on mentions
when (select at from counted_until) > old.seen_at begin
    delete from counted_days where ends > old.seen_at;
    update counted_until set at = old.seen_at, changes = changes + 1;
end;
create trigger counted_judgement_added after insert on judgements
when (select at from counted_until) > (select seen_at from items where id = new.item_id) begin
    delete from counted_days where ends > (select seen_at from items where id = new.item_id);
    update counted_until set at = (select seen_at from items where id = new.item_id), changes = changes + 1;
end;
create trigger counted_judgement_changed after update of stance, suspicion on judgements
when (old.stance <> new.stance or (old.suspicion >= 0.5) <> (new.suspicion >= 0.5))
 and (select at from counted_until) > (select seen_at from items where id = new.item_id) begin
    delete from counted_days where ends > (select seen_at from items where id = new.item_id);
    update counted_until set at = (select seen_at from items where id = new.item_id), changes = changes + 1;
end;
create trigger counted_judgement_removed after delete on judgements
when (select at from counted_until) > (select seen_at from items where id = old.item_id) begin
    delete from counted_days where ends > (select seen_at from items where id = old.item_id);
    update counted_until set at = (select seen_at from items where id = old.item_id), changes = changes + 1;
end;
create trigger counted_issue_changed after update of verdict, origin on issues
when (old.verdict is not new.verdict or old.origin <> new.origin)
 and (select at from counted_until) > (select min(seen_at) from items where issue_id = new.id) begin
    delete from counted_days where ends > (select min(seen_at) from items where issue_id = new.id);
    update counted_until
    set at = (select min(seen_at) from items where issue_id = new.id), changes = changes + 1;
end;
create index tellings_recipient on tellings (channel, recipient, id);
"""


_0015_RENUMBERED = """
alter table tellings add column told_as integer;
create index tellings_told_as on tellings (channel, recipient, issue_id) where told_as is not null;
drop view partner_findings;
alter table partner_reports add column replaces text not null default '';
create view partner_findings as
select r.*, i.issue_id from partner_reports r left join items i on i.id = r.item_id;
"""


@MIGRATIONS(name="0001")
def _first(db: Database) -> None:
    db.executescript(_0001_SOURCES)
    db.executescript(_0001_ITEMS)
    db.executescript(_0001_ALERTS)
    # Filled in batches by index_pending, not by trigger: 59 instead of 168 µs per item, and not in the poll.
    db.table("items").enable_fts(["title", "excerpt"], tokenize="unicode61 remove_diacritics 2")


@MIGRATIONS(name="0002")
def _articles(db: Database) -> None:
    db.executescript(_0002_ARTICLES)


@MIGRATIONS(name="0003")
def _claims(db: Database) -> None:
    db.executescript(_0003_CLAIMS)


@MIGRATIONS(name="0004")
def _issues(db: Database) -> None:
    db.executescript(_0004_ISSUES)


@MIGRATIONS(name="0005")
def _reactions(db: Database) -> None:
    """What was sent before counts as what each receiver has heard."""
    db.executescript(_0005_REACTIONS)


@MIGRATIONS(name="0006")
def _ledger(db: Database) -> None:
    db.executescript(_0006_LEDGER)


@MIGRATIONS(name="0007")
def _recipients(db: Database) -> None:
    db.executescript(_0007_RECIPIENTS)


@MIGRATIONS(name="0008")
def _people(db: Database) -> None:
    db.executescript(_0008_PEOPLE)


@MIGRATIONS(name="0010")
def _claim_revisions(db: Database) -> None:
    """So that a running matcher learns of a claim that was checked anew."""
    db.executescript(_0010_CLAIM_REVISIONS)


@MIGRATIONS(name="0012")
def _partners(db: Database) -> None:
    db.executescript(_0012_PARTNERS)


@MIGRATIONS(name="0013")
def _counted_days(db: Database) -> None:
    """What a report counted of past days, and what was told to each partner."""
    db.executescript(_0013_COUNTED_DAYS)


@MIGRATIONS(name="0015")
def _renumbered(db: Database) -> None:
    """Under which number a partner heard of an issue that was merged, and which numbers of theirs became one."""
    db.executescript(_0015_RENUMBERED)
