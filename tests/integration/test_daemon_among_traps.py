"""The real daemon for half a minute, with every behaviour of the trap server and twelve honest feeds on one host."""

from __future__ import annotations

import io
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
from traps import TrapServer, trap_server

from collector.cli.log import configure_logging
from collector.config.load import load
from collector.daemon import Daemon, TickTimes

pytestmark = [pytest.mark.shared, pytest.mark.slow]

HONEST = 12
LASTS = 26.0  # seconds
EVERY = timedelta(seconds=4)
TIMEOUT = timedelta(seconds=2)
GRACE = timedelta(seconds=1)
# One request at a time per host: a feed that is due may find a slow one at work, and eleven honest ones before it.
LATE = TIMEOUT + timedelta(seconds=3)
TICKS = TickTimes(
    poll=timedelta(seconds=0.25),
    watch=timedelta(seconds=5),
    deliver=timedelta(seconds=1),
    prune=timedelta(seconds=5),
    digest=timedelta(seconds=5),
)


@dataclass(frozen=True)
class Polled:
    """One row of the table ``polls``; ``started_at`` is to the second."""

    source_id: str
    started_at: datetime
    duration: timedelta
    outcome: str


@dataclass(frozen=True)
class Outcome:
    """What is left when the daemon has ended."""

    polls: list[Polled]
    behaviours: tuple[str, ...]
    canary: object
    log: str
    clean: bool
    threads: list[str]
    integrity: str

    def honest(self) -> dict[str, list[Polled]]:
        names = [f"good-{number}" for number in range(HONEST)]
        return {name: [poll for poll in self.polls if poll.source_id == name] for name in names}


def sources_yaml(server: TrapServer) -> str:
    addresses = {f"b-{name}": f"{server.base}/b/{name}" for name in server.behaviours}
    addresses |= {f"big-{name}": f"{server.base}/big/{name}" for name in server.bigs if name.startswith("bomb")}
    addresses |= {f"good-{number}": f"{server.base}/good/{number}" for number in range(HONEST)}
    lines = [f'  - {{name: {name}, url: "{address}"}}' for name, address in addresses.items()]
    return "\n".join(
        [
            "version: 1",
            f'network: {{host_gap: 0s, allow_private: ["127.0.0.1:{server.port}"]}}',
            f"defaults: {{every: {EVERY.seconds}s, timeout: {TIMEOUT.seconds}s}}",
            "sources:",
            *lines,
            "topics: [{id: uji, name: Uji, strong: [pemilu]}]",
            "rules: [{name: uji, count: mentions, method: threshold, window: 1h, "
            "at_least: 1, min_sources: 1, receivers: [sistem]}]",
            f'receivers: [{{name: sistem, webhook: {{url: "{server.base}/b/no-content"}}}}]',
            "operator: {receivers: [sistem]}",
        ]
    )


@pytest.fixture(scope="module")
def outcome(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("among-traps")
    stream = io.StringIO()
    handlers = logging.getLogger().handlers[:]
    configure_logging("info", "text", stream)
    try:
        with trap_server(shared) as server:
            yield ran(server, folder / "sources.yaml", stream)
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers[:] = handlers


def ran(server: TrapServer, config: Path, log: io.StringIO) -> Outcome:
    config.write_text(sources_yaml(server), encoding="utf-8")
    settings = load(config)
    before = set(threading.enumerate())
    daemon = Daemon(settings, load=lambda: load(config), ticks=TICKS)
    daemon.start()
    try:
        time.sleep(LASTS)  # what happens meanwhile is the test
    finally:
        clean = daemon.stop()
    with closing(sqlite3.connect(settings.database)) as database:
        (integrity,) = database.execute("pragma integrity_check").fetchone()
        rows = database.execute("select source_id, started_at, duration_ms, outcome from polls order by id").fetchall()
    return Outcome(
        polls=[Polled(row[0], datetime.fromisoformat(row[1]), timedelta(milliseconds=row[2]), row[3]) for row in rows],
        behaviours=server.behaviours,
        canary=server.state()["canary"],
        log=log.getvalue(),
        clean=clean,
        threads=[thread.name for thread in threading.enumerate() if thread not in before],
        integrity=integrity,
    )


def test_every_behaviour_was_met_and_none_reached_the_canary(outcome: Outcome) -> None:
    assert {f"b-{name}" for name in outcome.behaviours} <= {poll.source_id for poll in outcome.polls}
    assert outcome.canary == []


def test_no_poll_outlives_its_deadline(outcome: Outcome) -> None:
    assert [poll for poll in outcome.polls if poll.duration > TIMEOUT + GRACE] == []


def test_honest_feeds_are_polled_on_time(outcome: Outcome) -> None:
    for name, polls in outcome.honest().items():
        assert len(polls) >= 2, (name, polls)  # the first round takes as long as all the behaviours together
        assert {poll.outcome for poll in polls} <= {"ok", "not_modified"}, (name, polls)
        ends = [poll.started_at + poll.duration for poll in polls]
        late = [poll.started_at - end - EVERY for poll, end in zip(polls[1:], ends, strict=False)]
        assert max(late) <= LATE + timedelta(seconds=1), (name, polls)  # the clock of the table counts whole seconds


def test_the_daemon_ends_cleanly_and_leaves_a_sound_database(outcome: Outcome) -> None:
    assert outcome.clean
    assert outcome.integrity == "ok"
    assert [name for name in outcome.threads if name != "siaga-lookup"] == []


def test_the_log_holds_no_fault_and_nothing_that_commands_a_terminal(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.log
    assert "error" not in outcome.log
    assert [line for line in outcome.log.splitlines() if not line.isprintable()] == []
