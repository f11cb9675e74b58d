"""Five recorded Tempo feeds, 168 snapshots over seven months, through the real pipeline.

Their ``guid`` is the position in the feed (1, 2, 3 ...): the same article has another one the next day, and different
articles share one. Only the link identifies a story.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fakes import FakeClock
from loopback import Answer, LoopbackServer, Request

from collector.app import App
from collector.config.load import load
from collector.store.base import PollOutcome

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FEEDS = ("tempo-cekfakta", "tempo-ekonomi", "tempo-hukum", "tempo-investigasi", "tempo-wawancara")
BUILT = re.compile(rb"<lastBuildDate>[^<]*</lastBuildDate>")


@dataclass(frozen=True)
class Snapshot:
    """What a feed showed on a day. Feeds were recorded early in the day; noon is after everything they hold."""

    feed: str
    at: datetime
    body: bytes

    @property
    def links(self) -> list[str]:
        root = ElementTree.fromstring(self.body)  # noqa: S314 - our own recorded files
        return [str(item.findtext("link")).strip() for item in root.iter("item")]


@pytest.fixture(scope="module")
def snapshots(shared: Path) -> list[Snapshot]:
    """All of them, in time order."""
    found = [
        Snapshot(
            feed=feed,
            at=datetime.combine(datetime.fromisoformat(path.stem), time(12), UTC),
            body=path.read_bytes(),
        )
        for feed in FEEDS
        for path in (shared / "data" / "feeds" / feed).glob("*.xml")
    ]
    return sorted(found, key=lambda snapshot: (snapshot.at, snapshot.feed))


class Recorder:
    """Serves one address per feed, with validators; counts its answers by status."""

    def __init__(self, server: LoopbackServer) -> None:
        self.answered: Counter[int] = Counter()
        self._bodies: dict[str, bytes] = {}
        self._mute = False
        for feed in FEEDS:
            server.answer(f"/{feed}", self._answer)

    def shows(self, snapshot: Snapshot) -> None:
        self._bodies[snapshot.feed] = snapshot.body

    @contextmanager
    def without_validators(self) -> Iterator[None]:
        """Every answer is 200, as of a server that knows no conditional requests."""
        self._mute = True
        try:
            yield
        finally:
            self._mute = False

    def rebuilds(self) -> None:
        """The same items under another ``lastBuildDate``, as Tempo's server does every day."""
        for feed, body in self._bodies.items():
            stamp = b"<lastBuildDate>Sat, 07 Mar 2026 00:00:00 GMT</lastBuildDate>"
            self._bodies[feed] = BUILT.sub(stamp, body)

    def _answer(self, request: Request) -> Answer:
        body = self._bodies[request.path.removeprefix("/")]
        etag = f'"{sha256(body).hexdigest()[:20]}"'
        known = not self._mute and request.headers.get("if-none-match") == etag
        self.answered[304 if known else 200] += 1
        headers = {} if self._mute else {"ETag": etag}
        if known:
            return Answer(status=304, headers=headers)
        return Answer(headers={**headers, "Content-Type": "application/rss+xml"}, body=body)


@dataclass(frozen=True)
class Replay:
    """The stand of things after all snapshots were polled once."""

    app: App
    clock: FakeClock
    recorder: Recorder
    snapshots: list[Snapshot]

    def poll_all(self, after: timedelta = timedelta(hours=6)) -> list[PollOutcome]:
        self.clock.moves(after)
        return [poll(self.app, feed) for feed in FEEDS]

    def rows(self, table: str) -> list[dict[str, object]]:
        return [dict(row) for row in self.app.store.items.export(table)]

    def counts(self) -> dict[str, int]:
        return {table: len(self.rows(table)) for table in ("items", "sightings", "mentions")}


def poll(app: App, source_id: str) -> PollOutcome:
    report = app.poll(source_id)
    assert report is not None, f"{source_id} is not due"
    return report.outcome


CONFIG = """
version: 1
network: {{host_gap: 0s, allow_private: ["{address}"]}}
sources:
{sources}
topics: [pemilu_umum, pilpres_2024, pilkada_2024, bansos, mbg, judi_online, koperasi_merah_putih, ikn, danantara]
rules:
  - {{name: lonjakan, count: suspicious, method: threshold, receivers: [layar]}}
receivers:
  - {{name: layar, console: {{}}}}
"""


@pytest.fixture(scope="module")
def replay(snapshots: list[Snapshot], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    folder = tmp_path_factory.mktemp("tempo")
    clock = FakeClock(snapshots[0].at)
    with LoopbackServer() as server:
        recorder = Recorder(server)
        sources = "\n".join(
            f"  - {{name: {feed}, url: '{server.url('/' + feed)}', every: 1h"
            + (", role: factcheck}" if "cekfakta" in feed else "}")
            for feed in FEEDS
        )
        config = folder / "sources.yaml"
        config.write_text(CONFIG.format(address=server.host_port, sources=sources))
        app = App.build(load(config), clock=clock)
        app.store.sources.register(app.settings.sources, clock.now())
        for snapshot in snapshots:
            clock.moves(snapshot.at - clock.now())
            recorder.shows(snapshot)
            assert poll(app, snapshot.feed) is PollOutcome.OK
        yield Replay(app=app, clock=clock, recorder=recorder, snapshots=snapshots)
        app.close()
        app.store.close()


def test_all_snapshots_are_there(snapshots: list[Snapshot]) -> None:
    assert Counter(snapshot.feed for snapshot in snapshots).total() == 168


def test_every_distinct_link_is_stored_exactly_once(replay: Replay) -> None:
    expected = {link for snapshot in replay.snapshots for link in snapshot.links}
    stored = Counter(str(row["url"]) for row in replay.rows("items"))
    assert set(stored) == expected
    assert max(stored.values()) == 1


def test_a_story_is_sighted_once_in_each_feed_that_carries_it(replay: Replay) -> None:
    expected = {(snapshot.feed, link) for snapshot in replay.snapshots for link in snapshot.links}
    assert len(replay.rows("sightings")) == len(expected)


def test_the_guids_that_are_positions_collide_and_are_not_believed(replay: Replay) -> None:
    """Or else there would be as many items as positions."""
    positions = {len(snapshot.links) for snapshot in replay.snapshots}
    assert len(replay.rows("items")) > 10 * max(positions)


def test_a_second_pass_adds_nothing_and_is_answered_by_304(replay: Replay) -> None:
    replay.poll_all()  # the validators of the last snapshots, whatever another test had the server say
    before, answered = replay.counts(), replay.recorder.answered[304]
    assert replay.poll_all() == [PollOutcome.NOT_MODIFIED] * 5
    assert replay.recorder.answered[304] == answered + 5
    assert replay.counts() == before


def test_the_first_poll_brings_an_archive_and_later_ones_bring_news(replay: Replay) -> None:
    timings = Counter(str(row["timing"]) for row in replay.rows("items"))
    assert timings["backfill"] > 0
    assert timings["on_time"] + timings["late"] > 0


def test_the_fact_check_feed_is_read_as_debunks(replay: Replay) -> None:
    stances = Counter(str(row["stance"]) for row in replay.rows("items") if row["source"] == "tempo-cekfakta")
    assert set(stances) == {"debunk"}


def test_the_same_items_in_a_rebuilt_feed_add_nothing(replay: Replay) -> None:
    before = replay.counts()
    replay.recorder.rebuilds()
    assert replay.poll_all() == [PollOutcome.OK] * 5
    assert replay.counts() == before


def test_without_validators_an_unchanged_body_is_known_by_its_hash(replay: Replay) -> None:
    replay.poll_all()
    before = replay.counts()
    with replay.recorder.without_validators():
        assert replay.poll_all() == [PollOutcome.NOT_MODIFIED] * 5
    assert replay.counts() == before
