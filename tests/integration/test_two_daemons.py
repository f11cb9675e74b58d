"""Two daemons, each with a feed of its own and a page, as each other's partners. What happens meanwhile is the test."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from loopback import Answer, LoopbackServer

from collector.config.load import load
from collector.daemon import Daemon, TickTimes
from collector.model.judgement import Verdict
from collector.model.partner import PartnerReport

pytestmark = pytest.mark.slow

OFTEN = timedelta(seconds=0.2)
TICKS = TickTimes(poll=OFTEN, watch=OFTEN, deliver=OFTEN, prune=OFTEN, digest=OFTEN)
SOON = 60.0
KEYS = {"jakarta": "kunci-rahasia-jakarta-1", "surabaya": "kunci-rahasia-surabaya-2"}
CHECKED = {
    "jakarta": "[SALAH] Pemilu 2029 Dibatalkan Lewat Surat Edaran KPU",
    "surabaya": "[SALAH] Judi Online Dibolehkan Mulai Januari Menurut Menteri Keuangan",
}
CLAIMS = {name: title.removeprefix("[SALAH] ") for name, title in CHECKED.items()}


@dataclass
class Desk:
    """A daemon and its place."""

    daemon: Daemon
    name: str

    @property
    def reports(self) -> tuple[PartnerReport, ...]:
        return self.daemon.app.store.partners.list()


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def sources_yaml(web: LoopbackServer, name: str, other: str, here: str, there: str) -> str:
    return f"""
version: 1
network: {{host_gap: 0s, allow_private: ["{web.host_port}", "{there}"]}}
sources: [{{name: cek-{name}, url: "{web.url(f"/{name}")}", role: factcheck, every: 1s}}]
topics: [pemilu_umum, judi_online]
partners:
  - name: {other}
    send: {{url: "http://{there}/api/partners/{name}/reports", secret: {KEYS[name]}, every: 1s}}
    receive: {{secrets: [{KEYS[other]}]}}
web: {{listen: "{here}"}}
receivers: [{{name: sistem, console: {{}}}}]
"""


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    here, there = free_address(), free_address()
    with LoopbackServer() as web:
        made = []
        for name, other, mine, theirs in (("jakarta", "surabaya", here, there), ("surabaya", "jakarta", there, here)):
            web.answer(f"/{name}", feed(name))
            config = tmp_path / name / "sources.yaml"
            config.parent.mkdir()
            config.write_text(sources_yaml(web, name, other, mine, theirs), encoding="utf-8")
            made.append(
                Desk(daemon=Daemon(load(config), load=lambda config=config: load(config), ticks=TICKS), name=name)
            )
        for desk in made:
            desk.daemon.start()
        yield made[0], made[1]
        for desk in made:
            desk.daemon.stop()


def feed(name: str) -> Answer:
    item = f"<item><title>{CHECKED[name]}</title><link>https://cek-{name}.example/1</link></item>"
    body = f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>"
    return Answer(headers={"Content-Type": "application/rss+xml"}, body=body.encode())


def comes_true(what: Callable[[], bool]) -> bool:
    begun = time.monotonic()
    while not what():
        if time.monotonic() - begun > SOON:
            return False
        time.sleep(0.05)
    return True


def test_each_hears_what_the_other_found_and_nothing_comes_back(desks: tuple[Desk, Desk]) -> None:
    jakarta, surabaya = desks
    assert comes_true(lambda: bool(jakarta.reports and surabaya.reports))
    for desk, other in ((jakarta, surabaya), (surabaya, jakarta)):
        store = desk.daemon.app.store
        item = store.items.get(desk.reports[0].item_id or 0)
        assert item.item.title == CLAIMS[other.name]
        assert desk.reports[0].verdict is Verdict.FALSE
    # A few more rounds: the claims of the other side are stored here too by now, and stay.
    sent = [len(desk.daemon.app.store.outbox.list(limit=100)) for desk in desks]
    rounds = [desk.daemon.app.store.meta(f"partner_sent_at:{other.name}") for desk, other in (desks, desks[::-1])]
    assert comes_true(
        lambda: all(
            desk.daemon.app.store.meta(f"partner_sent_at:{other.name}") != before
            for (desk, other), before in zip((desks, desks[::-1]), rounds, strict=True)
        )
    )
    assert [len(desk.daemon.app.store.outbox.list(limit=100)) for desk in desks] == sent == [1, 1]
    assert [len(desk.reports) for desk in desks] == [1, 1]
