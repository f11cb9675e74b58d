"""How quick the page is over a large store: fills one with a million items and prints every page's median time.

    python bench/pages.py [--items 1000000] [--rounds 15] [--keep FOLDER]

The items lie in 400 days, on 17 topics, in issues of 1 to 2,000 items, from 60 sources. They are written straight into
the tables (polls would take an hour), in transactions of 20,000, and indexed for search as the daemon does. Ends with 1
where a page's median is 300 ms or more.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from collector.app import App
from collector.config.secret import Secret
from collector.config.settings import Settings, Web
from collector.config.topics import shipped_topics
from collector.model.alert import Alert, AlertEvent, AlertReason, AlertState
from collector.model.bucket import Measure, Subject
from collector.model.heartbeat import BEAT
from collector.model.person import Person, Role
from collector.model.source import Source
from collector.store.sqlite import SqliteStore
from collector.web.desk import Desk
from collector.web.login import LASTS, hash_of
from collector.web.site import create

DAYS, SOURCES, BATCH = 400, 60, 20_000
LIMIT_MS = 300.0
TOKEN = "shown-by-the-bench"  # noqa: S105 - opens nothing but this process
NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
WORDS = " ".join(
    (
        "bansos bantah bbm beras bergizi bumn cair curang daftar gaji gempa gratis gubernur gudang guru",
        "hoaks honorer ijazah judi keliru kerja klarifikasi kpu lama listrik lowongan makan menteri",
        "online pajak palsu pemilu pendaftaran penipuan pinjaman presiden resmi sebarkan sekolah suara",
        "subsidi surat tautan tercoblos vaksin video viral",
    )
).split(" ")
STANCES = ("spread", "spread", "news", "news", "news", "debunk")


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def fill(path: Path, many: int) -> None:
    """Open the store once, so that it has its tables, then write the rows."""
    names = [f"Sumber {number}" for number in range(SOURCES)]
    with SqliteStore(path) as store:
        store.sources.register(
            [Source(id=name, kind="feed", url=f"https://{name[7:]}.example/rss") for name in names], NOW
        )
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma synchronous = off")
    db.execute("pragma journal_mode = wal")
    db.execute("pragma foreign_keys = off")
    chance = random.Random(7)
    topics = list(shipped_topics())
    began = NOW - timedelta(days=DAYS)
    step = timedelta(days=DAYS) / many
    issue_of: list[int] = []  # of the last items: an item joins one of them, or begins an issue
    issues = 0
    for first in range(1, many + 1, BATCH):
        items, judgements, mentions, sightings, hourly = [], [], [], [], {}
        opened: dict[int, tuple[str, str]] = {}
        seen_last: dict[int, str] = {}
        for number in range(first, min(many, first + BATCH - 1) + 1):
            seen_at = stamp(began + number * step)
            title = " ".join(chance.choices(WORDS, k=9)).capitalize()
            source = names[chance.randrange(SOURCES)]
            publisher = f"{source[7:]}.example"
            suspicion = round(chance.random() ** 3, 3)
            stance = chance.choice(STANCES)
            issue_id = None
            found = [topics[min(int(chance.expovariate(0.35)), len(topics) - 1)]] if chance.random() < 0.6 else []
            if found:
                if issue_of and chance.random() < 0.75:
                    issue_id = chance.choice(issue_of)
                else:
                    issues += 1
                    issue_id = issues
                    opened[issue_id] = (title, seen_at)
                issue_of = [*issue_of[-400:], issue_id]
                seen_last[issue_id] = seen_at
            items.append((number, f"https://{publisher}/{number}", f"https://{publisher}/{number}", title, title, "id",
                          source, publisher, seen_at, None, seen_at, "on_time", str(number), issue_id,
                          number if issue_id else None))  # fmt: skip
            signals = '[{"name":"share","points":3,"words":["sebarkan"],"reason":{"id":"Minta disebarkan","en":"x"}}]'
            judgements.append((number, stance, 12 * suspicion, suspicion, signals, "bench", "1", seen_at))
            sightings.append((number, source, publisher, seen_at))
            for topic in found:
                mentions.append((number, topic, seen_at, seen_at))
                key = (topic, seen_at[:13] + ":00:00Z", publisher, stance, int(suspicion >= 0.5))
                hourly[key] = hourly.get(key, 0) + 1
        db.execute("begin")
        db.executemany(
            "insert into items (id, identity, url, title, excerpt, lang, source_id, publisher, published_at, "
            "date_note, seen_at, timing, content_hash, issue_id, voice) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", items
        )  # fmt: skip
        db.executemany(
            "insert into judgements (item_id, stance, points, suspicion, signals, judge, judge_version, judged_at) "
            "values (?,?,?,?,?,?,?,?)", judgements
        )  # fmt: skip
        db.executemany("insert into sightings (item_id, source_id, publisher, seen_at) values (?,?,?,?)", sightings)
        db.executemany(
            "insert into mentions (item_id, topic_id, seen_at, matched_at, terms, spans) values (?,?,?,?,'[]','[]')",
            mentions,
        )
        db.executemany(
            "insert into hourly values ('topic',?,?,?,?,?,?,0,0) "
            "on conflict do update set count = count + excluded.count",
            [(*key, count) for key, count in hourly.items()],
        )
        db.executemany(
            "insert into issues (id, title, opened_at, last_seen_at) values (?,?,?,?)",
            [(number, title, at, at) for number, (title, at) in opened.items()],
        )
        db.executemany("update issues set last_seen_at = ? where id = ?", [(at, one) for one, at in seen_last.items()])
        db.execute("commit")
        if first % (10 * BATCH) == 1:
            print(f"\r{first - 1:,} items", end="", file=sys.stderr, flush=True)
    for number, name in enumerate(names):
        db.execute("insert into coverage values (?,?,?)", (name, stamp(began), stamp(NOW)))
        db.execute("update sources set first_ok_at=?, last_ok_at=?, last_poll_at=?, newest_item_at=? where id=?",
                   (stamp(began), stamp(NOW), stamp(NOW), stamp(NOW), name))  # fmt: skip
        if number % 9 == 0:
            db.execute("update sources set failures=3, last_error='timed out' where id=?", (name,))
    db.close()
    print(f"\r{many:,} items; indexing for search", file=sys.stderr)
    with SqliteStore(path) as store:
        while store.items.index_pending(BATCH):
            pass
        alerts(store, many)


def alerts(store: SqliteStore, many: int) -> None:
    """Five open ones with 200 items of evidence each, and 500 that are over."""
    chance = random.Random(8)
    topics = list(shipped_topics())
    for number in range(1, 506):
        firing = number > 500
        at = NOW - timedelta(hours=5) if firing else NOW - timedelta(days=chance.randrange(1, DAYS))
        subject = Subject(kind="topic", id=topics[number % len(topics)])
        alert = Alert(
            id=number,
            key=f"r{number}/{subject}",
            rule="lonjakan",
            subject=subject,
            measure=Measure.SUSPICIOUS,
            state=AlertState.FIRING if firing else AlertState.RESOLVED,
            opened_at=at,
            last_spike_at=at,
            updated_at=at,
            resolved_at=None if firing else at,
            notified_at=at,
            notified_count=9,
            window=timedelta(hours=6),
            count=9,
            peak=12,
            expected=None,
            limit=5.0,
            publishers=4,
            detector="threshold",
            detector_version="1",
            title="Isu — 9",
            summary="9 dalam 6 jam",
        )
        event = AlertEvent(alert_id=number, at=at, reason=AlertReason.FIRST, count=9, text="9 dalam 6 jam")
        evidence = range(many - 250, many - 50) if firing else ()
        store.alerts.save(alert, events=[event], evidence=list(evidence))


def pages(store: SqliteStore) -> dict[str, str]:
    """Every page, with its heaviest arguments."""
    with sqlite3.connect(store.path) as db:
        heavy = db.execute(
            "select issue_id from items where issue_id is not null group by 1 order by count(*) desc limit 1"
        ).fetchone()[0]
        last = db.execute("select max(id) from items").fetchone()[0]
    return {
        "now": "/",
        "now, all mentions": "/?count=mentions",
        "alert": "/alert/503",
        "alert, all evidence": "/alert/503?all=1",
        "issues": "/issues",
        "issues, also unsuspicious": "/issues?all=1",
        "issues, page 50": "/issues?page=50",
        "issues of a topic": f"/issues?topic={next(iter(shipped_topics()))}",
        "issues with a verdict": "/issues?verdict=false",
        "issues by a rare search": "/issues?q=gempa+vaksin+presiden+pajak",
        "issues by a common search": "/issues?q=surat",
        "issues by a letter": "/issues?q=s",
        "issue, the largest": f"/issue/{heavy}",
        "issue, all its items": f"/issue/{heavy}?all=1",
        "merge, the question": f"/issues/merge?id={heavy}&id=1",
        "item": f"/item/{last}",
        "sources": "/sources",
        "report, two weeks": "/reports",
        "report, a year by month": "/reports?from=2025-11-26&to=2026-11-25&by=month",
        "report, beside another": "/reports?from=2026-06-01&to=2026-11-25&by=month&vs_from=2025-12-01&vs_to=2026-05-31",
        "report, even-handed": "/reports?by=week&even=1",
        "partners": "/partners",
        "bulletin, a week": "/bulletin",
        "tip": "/tip",
        "login": "/login",
        "metrics": "/metrics",
        "readyz": "/readyz",
    }


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--items", type=int, default=1_000_000)
    wanted.add_argument("--rounds", type=int, default=15)
    wanted.add_argument("--keep", type=Path, help="folder for the database; one that is there is used again")
    given = wanted.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="siaga-pages-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return measure(folder / "siaga.db", given.items, given.rounds)
    finally:
        if given.keep is None:
            shutil.rmtree(folder)


def measure(path: Path, many: int, rounds: int) -> int:
    if not path.exists():
        fill(path, many)
    with SqliteStore(path) as store:
        store.set_meta(BEAT, NOW.isoformat())
        if store.people.get("Sari") is None:
            store.people.add(Person(name="Sari", role=Role.EDITOR, added_at=NOW), "never asked for")
            store.people.open(hash_of("Sari"), "Sari", NOW, NOW + LASTS)
        states = store.sources.states()
        settings = Settings(
            path=path,
            database=path,
            sources=tuple(Source(id=one.source_id, kind="feed", url="https://x.example/") for one in states),
            topics=tuple(shipped_topics().values()),
            web=Web(token=Secret(TOKEN)),
        )
        app = App(settings, store=store, clock=Still())
        client = create(Desk(lambda: app)).test_client()
        client.set_cookie("siaga_session", "Sari", domain="127.0.0.1")
        print(f"{many:,} items, {path.stat().st_size / 1e6:,.0f} MB, SQLite {sqlite3.sqlite_version}\n")
        print(f"{'page':<28} {'first ms':>10} {'median ms':>10} {'slowest':>10} {'CPU ms':>10} {'kB':>8}")
        slow = []
        for name, address in pages(store).items():
            first, times, cpu, size = ask(client, address, rounds)
            median = statistics.median(times)
            print(
                f"{name:<28} {first:>10.1f} {median:>10.1f} {max(times):>10.1f} {cpu:>10.1f} {size / 1000:>8.1f}",
                flush=True,
            )
            if median >= LIMIT_MS:
                slow.append(name)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\npeak memory {peak:,.0f} MB; " + (f"too slow: {', '.join(slow)}" if slow else "every median < 300 ms"))
    return 1 if slow else 0


def ask(client: FlaskClient, address: str, rounds: int) -> tuple[float, list[float], float, int]:
    """Milliseconds of a first round, and of each round after it; CPU milliseconds per round; bytes."""
    times, size, shown = [], 0, {"Authorization": f"Bearer {TOKEN}"}
    began = time.perf_counter()
    client.get(address, base_url="http://127.0.0.1:8080", headers=shown)
    first = 1000 * (time.perf_counter() - began)
    cpu = time.process_time()
    for _ in range(rounds):
        began = time.perf_counter()
        answer = client.get(address, base_url="http://127.0.0.1:8080", headers=shown)
        times.append(1000 * (time.perf_counter() - began))
        size = len(answer.data)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: status {answer.status_code}")
    return first, times, 1000 * (time.process_time() - cpu) / rounds, size


class Still:
    """A clock that does not move."""

    def now(self) -> datetime:
        return NOW


if __name__ == "__main__":
    sys.exit(main())
