"""The daemon is killed (SIGKILL) at each point of a delivery by mail and by webhook. Nothing may be lost, and a repeat
is possible only between the receiver's acceptance and our commit, with the same id.

``SIAGA_KILLS_EACH=20`` kills twenty times at each point; what that showed stands in docs/explain/alerts.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from badmail import BadMail
from loopback import LoopbackServer
from notices import notice
from stoppable import daemon_at

from alerts.announcement import pending
from alerts.notice import to_json
from collector.model.alert import DeliveryState
from collector.store.sqlite.store import SqliteStore

pytestmark = pytest.mark.slow

TESTS = Path(__file__).resolve().parents[1]
EACH = int(os.environ.get("SIAGA_KILLS_EACH", "1"))
WITHIN_S = 30.0
FILE = """\
version: 1
database: siaga.db
network: {{allow_private: ["{web}"]}}
sources: []
receivers:
  - {{name: surat, email: {{to: [a@example.org], from: s@example.org, smarthost: "127.0.0.1:{mail}", tls: none}}}}
  - {{name: kait, webhook: {{url: "http://{web}/hook"}}}}
"""


class Post:
    """Two receivers, and an outbox that a daemon serves until it is killed."""

    def __init__(self, folder: Path, web: LoopbackServer) -> None:
        self.folder = folder
        self.web = web
        self.config = folder / "sources.yaml"
        self.chance = Random()
        web.answer("/hook", status=204)
        with BadMail().running(folder) as server:
            self.port = server.port  # each round has a server of its own, at the same place
        self.config.write_text(FILE.format(web=web.host_port, mail=self.port), encoding="utf-8")

    @contextmanager
    def store(self) -> Iterator[SqliteStore]:
        with closing(SqliteStore(self.folder / "siaga.db")) as store:
            yield store

    def writes(self, name: str) -> None:
        now, text = datetime.now(UTC), to_json(notice())
        with self.store() as store:
            for who in ("surat", "kait"):
                store.outbox.add([pending(who, text, reason="first", key=f"{name}-{who}", at=now)])

    def is_killed_at(self, point: str, server: BadMail) -> None:
        """And at a random moment after it was reached."""
        with subprocess.Popen(
            [sys.executable, str(TESTS / "stoppable.py"), str(self.config), point],
            env={**os.environ, "PYTHONPATH": str(TESTS.parent)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            try:
                if point == "nowhere":
                    waits_until(lambda: server.entries("hangs") != [])
                else:
                    assert any(line.strip() == point.encode() for line in process.stdout)
                time.sleep(self.chance.random() / 20)
            finally:
                process.kill()

    def is_served(self) -> None:
        """By the next daemon, until nothing waits: it must not wait for the leases of the dead one."""
        daemon = daemon_at(self.config, "nowhere")
        daemon.start()
        try:
            waits_until(lambda: daemon.app.store.outbox.counts()[DeliveryState.PENDING] == 0)
        finally:
            daemon.stop()

    def went_through(self, name: str, server: BadMail) -> tuple[int, int]:
        """How often each of the two messages arrived."""
        mails = Counter(mail.id for mail in server.mails)
        calls = Counter(request.headers["webhook-id"] for request in self.web.asked("/hook"))
        return mails[f"<{name}-surat@example.org>"], calls[f"{name}-kait"]


def waits_until(done: object) -> None:
    begun = time.monotonic()
    while not done():  # type: ignore[operator]
        assert time.monotonic() - begun < WITHIN_S
        time.sleep(0.005)


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with LoopbackServer() as web:
        yield Post(tmp_path_factory.mktemp("killed"), web)


@pytest.mark.parametrize("number", range(EACH))
@pytest.mark.parametrize(
    ("point", "hangs", "mails", "calls"),
    [
        ("before-send", "", {1}, {1}),
        ("nowhere", "dot", {2}, {1, 2}),  # after DATA: the mail is there, its answer never came
        ("before-commit", "", {1, 2}, {1, 2}),  # after 250 or 204
        ("between-receivers", "", {1}, {1}),
    ],
    ids=["before-send", "after-data", "before-commit", "between-receivers"],
)
def test_nothing_is_lost_and_only_the_gap_repeats(
    post: Post, point: str, hangs: str, mails: set[int], calls: set[int], number: int
) -> None:
    name = f"{point}-{hangs}-{number}"
    post.writes(name)
    with BadMail(hang=hangs, hang_times=1).running(post.folder, port=post.port) as server:
        server.log.write_text("")
        post.is_killed_at(point, server)
        post.is_served()
    arrived = post.went_through(name, server)
    assert arrived[0] in mails
    assert arrived[1] in calls
    if point == "before-commit":
        assert max(arrived) == 2  # it stood in the gap of at least one of them
    with post.store() as store:
        states = {d.dedup_key: d.state for d in store.outbox.list(limit=1000)}
    assert states[f"{name}-surat"] is states[f"{name}-kait"] is DeliveryState.SENT


def test_every_id_that_arrived_is_one_of_ours_and_every_repeat_says_the_same(post: Post) -> None:
    post.writes("akhir")
    with BadMail().running(post.folder, port=post.port):
        post.is_served()
    with post.store() as store:
        ours = {delivery.dedup_key for delivery in store.outbox.list(limit=1000)}
    bodies: dict[str, set[bytes]] = {}
    for request in post.web.asked("/hook"):
        bodies.setdefault(request.headers["webhook-id"], set()).add(request.body)
    assert bodies.keys() <= ours
    assert all(len(same) == 1 for same in bodies.values())
