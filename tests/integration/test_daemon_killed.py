"""The daemon is killed at random moments (SIGKILL: no goodbye) while it polls and delivers. Nothing may be lost, and
what is sent twice says so by its id."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from fakes import FakeClock
from loopback import Answer, LoopbackServer, Request

from collector.app import App
from collector.config.load import load

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = int(os.environ.get("SIAGA_KILLS", "5"))
OUTLETS = 4
AT_ONCE = 5  # new items at each poll
TOPICS = 60
LEASES_ARE_OVER = timedelta(minutes=10)
DAEMON = """
import sys
from datetime import timedelta
from pathlib import Path
from collector.config.load import load
from collector.daemon import Daemon, TickTimes

config, often = Path(sys.argv[1]), timedelta(seconds=0.1)
ticks = TickTimes(poll=often, watch=often, deliver=often, prune=often, digest=often)
daemon = Daemon(load(config), load=lambda: load(config), ticks=ticks)
daemon.start()
daemon.wait()
"""


@dataclass
class World:
    """Outlets whose feeds grow at each poll and keep all they ever showed, and a receiver that takes its time."""

    web: LoopbackServer
    folder: Path
    shown: dict[int, int] = field(default_factory=dict)
    confirmed: set[tuple[int, int]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def feed(self, request: Request) -> Answer:
        """Five more than before, except once to whoever shows the newest validator: 304."""
        outlet = int(request.path.removeprefix("/feed/"))
        with self.lock:
            count = self.shown.get(outlet, 0)
            known = request.headers.get("if-none-match")
            if known == f'"{count}"' and (outlet, count) not in self.confirmed:
                self.confirmed.add((outlet, count))
                return Answer(status=304, headers={"ETag": known})
            count = self.shown[outlet] = count + AT_ONCE
        items = "".join(
            f"<item><title>Kabar topik{number % TOPICS:02} nomor {number}</title>"
            f"<link>https://outlet{outlet}.example/{number}</link></item>"
            for number in range(count)
        )
        body = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()
        return Answer(headers={"ETag": f'"{count}"', "Content-Type": "application/rss+xml"}, body=body)

    def hook(self, request: Request) -> Answer:
        time.sleep(0.03)  # a real receiver is not instant: kills meet deliveries under way
        return Answer(status=204)

    @property
    def config(self) -> Path:
        return self.folder / "sources.yaml"

    def write(self) -> None:
        addresses = [f'  - {{name: outlet{n}, url: "{self.web.url(f"/feed/{n}")}"}}' for n in range(OUTLETS)]
        topics = [f"  - {{id: t{n:02}, name: T{n:02}, strong: [topik{n:02}]}}" for n in range(TOPICS)]
        text = [
            "version: 1",
            f'network: {{host_gap: 0s, allow_private: ["{self.web.host_port}"]}}',
            "defaults: {every: 1s, timeout: 5s}",
            "sources:",
            *addresses,
            "topics:",
            *topics,
            "rules: [{name: uji, count: mentions, method: threshold, window: 1h, "
            "at_least: 1, min_sources: 1, receivers: [satu, dua]}]",
            "receivers:",
            f'  - {{name: satu, webhook: {{url: "{self.web.url("/hook/satu")}"}}}}',
            f'  - {{name: dua, webhook: {{url: "{self.web.url("/hook/dua")}"}}}}',
        ]
        self.config.write_text("\n".join(text), encoding="utf-8")

    @contextmanager
    def daemon(self) -> Iterator[subprocess.Popen[str]]:
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", DAEMON, str(self.config)],
                env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log, text=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)

    def calls(self) -> list[Request]:
        return [request for request in self.web.requests if request.path.startswith("/hook/")]

    def waits_for(self, requests: int, process: subprocess.Popen[str], within: float = 30.0) -> None:
        begun = time.monotonic()
        while len(self.web.requests) < requests:
            assert process.poll() is None, "the daemon ended by itself"
            assert time.monotonic() - begun < within
            time.sleep(0.01)

    def one_last_round(self) -> None:
        """As after a restart once the leases of the dead have run out."""
        app = App.build(load(self.config), clock=FakeClock(datetime.now(UTC) + LEASES_ARE_OVER))
        app.once()
        app.close()
        app.store.close()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "siaga.db")) as database:
            return database.execute(sql).fetchall()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """After all kills and one last round."""
    chance = Random(7)
    with LoopbackServer() as web:
        made = World(web=web, folder=tmp_path_factory.mktemp("killed"))
        made.write()
        for outlet in range(OUTLETS):
            web.answer(f"/feed/{outlet}", made.feed)
        for receiver in ("satu", "dua"):
            web.answer(f"/hook/{receiver}", made.hook)
        for _ in range(KILLS):
            with made.daemon() as process:
                made.waits_for(len(web.requests) + chance.randint(1, 40), process)
                time.sleep(chance.random() / 10)
            assert made.rows("pragma integrity_check") == [("ok",)]
        made.one_last_round()
        yield made


def test_every_item_ever_shown_is_stored_once(world: World) -> None:
    stored = [row[0] for row in world.rows("select url from items")]
    shown = {f"https://outlet{n}.example/{i}" for n, count in world.shown.items() for i in range(count)}
    assert len(stored) == len(set(stored))
    assert set(stored) == shown


def test_the_hourly_counts_agree_with_the_mentions(world: World) -> None:
    counted = world.rows("select subject_id, sum(count) from hourly group by 1 order by 1")
    assert counted == world.rows("select topic_id, count(*) from mentions group by 1 order by 1")


def test_every_alert_was_announced_to_every_receiver(world: World) -> None:
    assert world.rows("select count(*) from alerts") > [(10,)]
    first = """
        select w.receiver, count(distinct w.alert_id) from withheld as w join deliveries as d on d.id = w.delivery_id
        where w.reason = 'first' and d.state = 'sent' group by 1 order by 1
    """  # alerts that began together are one message
    (alerts,) = world.rows("select count(*) from alerts")
    assert world.rows(first) == [("dua", *alerts), ("satu", *alerts)]
    assert world.rows("select count(*) from deliveries where state <> 'sent'") == [(0,)]
    assert world.rows("select count(*) from withheld where settled_at is null") == [(0,)]


def test_each_message_arrived_and_repeats_are_recognisable(world: World) -> None:
    sent = {str(row[0]) for row in world.rows("select dedup_key from deliveries")}
    bodies: dict[str, set[bytes]] = {}
    for call in world.calls():
        bodies.setdefault(call.headers["webhook-id"], set()).add(call.body)
    assert bodies.keys() == sent  # none lost, none of a transaction that never was
    assert all(len(same) == 1 for same in bodies.values())


def test_no_kill_left_a_fault_in_the_log(world: World) -> None:
    log = (world.folder / "log").read_text()
    assert "Traceback" not in log
    assert "tick failed" not in log
