"""A real Chromium, and a daemon that serves the page over a small world."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeClock
from newsroom import JUDOL, Newsroom
from records import state

from alerts.links import ActionLinks
from collector.app import App
from collector.config.settings import Settings, Web
from collector.model.alert import Alert, AlertEvent, AlertReason, AlertState
from collector.model.bucket import Measure, Subject
from collector.model.issue import Membership
from collector.model.person import Person, Role
from collector.store.base import Poll, PollOutcome, PollRecord
from collector.store.sqlite import SqliteStore
from collector.web.desk import Desk
from collector.web.password import hashed
from collector.web.serving import PageServer
from collector.web.site import create

PASSWORD = "kata sandi meja"
RUMOUR = "VIRALKAN! Daftar judi online resmi dari kementerian, sebarkan sebelum dihapus"
HOUR = timedelta(hours=1)


def chromium() -> str | None:
    """$SIAGA_CHROMIUM, or Debian's."""
    return os.environ.get("SIAGA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True)
class Served:
    """Where the page is, what an alert's mail would link to, and who may log in."""

    base: str
    alert: str
    ack_link: str
    silence_link: str
    issue: str
    item: str
    store: SqliteStore


def missing(what: str) -> Any:
    """Skips, or fails where a browser was asked for by name."""
    if os.environ.get("SIAGA_CHROMIUM"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        from playwright import sync_api as playwright
    except ImportError:
        missing("no playwright: make set-up-browser")
    program = chromium()
    if program is None or not Path(program).exists():
        missing("no chromium: apt-get install chromium, or name one with SIAGA_CHROMIUM")
    with playwright.sync_playwright() as running:
        # Root in a container has no sandbox to give; the pages are our own.
        started = running.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def served(tmp_path: Path, now: datetime) -> Iterator[Served]:
    with SqliteStore(tmp_path / "siaga.db") as store, closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{probe.getsockname()[1]}"
        probe.close()
        newsroom = Newsroom(store, now - 20 * 24 * HOUR)
        issue, item = rumour(store, newsroom, now)
        store.people.add(Person(name="Sari", role=Role.EDITOR, added_at=now), hashed(PASSWORD))
        sources = tuple(_source(name) for name in newsroom.outlets)
        settings = Settings(
            path=tmp_path / "sources.yaml",
            database=tmp_path / "siaga.db",
            sources=sources,
            topics=(JUDOL,),
            web=Web(listen=listen),
        )
        app = App(settings, store=store, clock=FakeClock(now))
        server = PageServer(create(Desk(lambda: app)), listen)
        server.start()
        links = ActionLinks(f"http://{listen}", store.signing_key())
        yield Served(
            base=f"http://{listen}",
            alert="/alert/1",
            ack_link=links.ack(1, now),
            silence_link=links.silence(1, now),
            issue=f"/issue/{issue}",
            item=f"/item/{item}",
            store=store,
        )
        server.stop()


def _source(name: str) -> Any:
    from collector.model.source import Source

    return Source(id=name, kind="feed", url=f"https://{name}.example/rss")


def rumour(store: SqliteStore, newsroom: Newsroom, now: datetime) -> tuple[int, int]:
    """A fortnight of talk, then a rumour that grows into an alert; one source fails."""
    for days in range(18, 0, -1):
        newsroom.publishes(1 + days % 3, now - days * 24 * HOUR, suspicion=0.6, title="Promo judi online")
    for hours in range(5, -1, -1):
        newsroom.publishes(2, now - hours * HOUR, title=RUMOUR)
    newest = [one.item for one in store.items.after(0, 1000) if one.item.title.startswith(RUMOUR)]
    store.issues.save(
        [
            Membership(item_id=one.id, issue_id=1, voice=place, title=RUMOUR, claim_key=None, seen_at=one.seen_at)
            for place, one in enumerate(newest, 1)
        ]
    )
    store.items.index_pending(1000)
    store.alerts.save(
        _alert(now),
        events=[AlertEvent(alert_id=1, at=now, reason=AlertReason.FIRST, count=12, text="12 dalam 6 jam, batas 5")],
        evidence=[one.id for one in newest],
    )
    failed = Poll(source_id="tiga", started_at=now, duration=HOUR, outcome=PollOutcome.FAILED, error="HTTP 503")
    failing = replace(
        state("tiga", at=now, failures=4), last_error="HTTP 503: Service Unavailable", last_ok_at=now - 9 * HOUR
    )
    store.items.record_poll(PollRecord(poll=failed, state=failing))
    return 1, newest[-1].id


def _alert(now: datetime) -> Alert:
    return Alert(
        id=1,
        key="lonjakan/topic:judi_online",
        rule="lonjakan",
        subject=Subject(kind="topic", id=JUDOL.id),
        measure=Measure.SUSPICIOUS,
        state=AlertState.FIRING,
        opened_at=now - 2 * HOUR,
        last_spike_at=now,
        updated_at=now,
        resolved_at=None,
        notified_at=now,
        notified_count=12,
        window=6 * HOUR,
        count=12,
        peak=12,
        expected=None,
        limit=5.0,
        publishers=3,
        detector="threshold",
        detector_version="1",
        title="Judi online — 12 sebutan mencurigakan (batas 5), 3 sumber",
        summary="12 sebutan mencurigakan dalam 6 jam dari 3 sumber berbeda; batas aturan ini 5.",
    )
