"""One configuration at work."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zlib import crc32

from collector import __version__
from collector.app.database import open_store, sqlite_version
from collector.app.parts import Parts
from collector.app.round import OnceReport, Progress, Round
from collector.app.tasks import ARTICLE_SLOTS, COPY_SLOTS, article_task, copy_task, poll_task
from collector.config.settings import Settings
from collector.model.clock import Clock, WallClock
from collector.model.errors import StoreError
from collector.model.source import Source
from collector.net.turns import PATIENCE, host_of
from collector.runner.base import Task
from collector.store.articles import ArticleWish
from collector.store.base import PollOutcome, Storage
from collector.store.copies import CopyWish
from collector.store.indexing import index_all
from collector.store.retention import cutoffs

if TYPE_CHECKING:
    from collector.pipeline import PollReport
    from collector.reading import PageReport

STEP_BACK_S = 60.0  # a source in trouble lets those go first that are due up to so much later
COPIES_EVERY_S = 10.0
PRUNED = "prune.last_at"
ONCE, DAEMON = "once-", "daemon-"  # how the names of those begin who lease deliveries


class App(Parts):
    """Its parts, and what the ticks ask of them."""

    def __init__(self, settings: Settings, *, store: Storage, clock: Clock, workers: str = ONCE) -> None:
        super().__init__(settings, store=store, clock=clock, workers=workers)
        self._sources = {source.id: source for source in settings.sources}
        self._next_beat = 0.0
        self._next_copies = 0.0
        self._troubled: set[str] = set()  # failed or slow at their last poll

    @classmethod
    def build(
        cls, settings: Settings, *, clock: Clock | None = None, store: Storage | None = None, workers: str = ONCE
    ) -> App:
        """Raises StoreError. A given ``store`` is used as it is (a reload keeps the open one). ``workers`` begins the
        name under which deliveries are leased."""
        return cls(settings, store=store or open_store(settings), clock=clock or WallClock(), workers=workers)

    def due(self) -> tuple[Task, ...]:
        """A poll task for each source whose time has come. Who is due first goes first, but a source that failed or
        was slow steps back behind the healthy ones of its host, however many ticks it has waited before them."""
        now = time.monotonic()
        due = (self._sources.get(source_id) for source_id in self.store.sources.due(self.clock.now()))
        return tuple(
            self.poll_task(source, now + place / 1e6) for place, source in enumerate(due) if source is not None
        )

    def poll_task(self, source: Source, priority: float) -> Task:
        """Whoever is in trouble steps back."""
        return poll_task(source, priority + STEP_BACK_S if source.id in self._troubled else priority)

    def poll(self, source_id: str) -> PollReport | None:
        """Poll a source if it is still configured and due: a task may have waited while both changed."""
        source = self._sources.get(source_id)
        if source is None or self.store.sources.state(source_id).next_poll_at > self.clock.now():
            return None
        started = time.monotonic()
        report = self.pipeline.poll(source)
        if report.outcome is PollOutcome.FAILED or time.monotonic() - started > PATIENCE.total_seconds():
            self._troubled.add(source_id)
        else:
            self._troubled.discard(source_id)
        return report

    def due_articles(self) -> tuple[Task, ...]:
        """Pages behind headlines to be read now: of each host one at a time, ``ARTICLE_SLOTS`` in all, so that pages
        which do not answer never take the threads or the turns of polls. Polls that wait go first."""
        tasks: dict[str, Task] = {}
        for wish, host in self.wanted_articles(each=2):
            slot = f"article/{crc32(host.encode()) % ARTICLE_SLOTS}"
            tasks.setdefault(slot, article_task(slot, wish, host))
        return tuple(tasks.values())

    def due_copies(self) -> tuple[Task, ...]:
        """Pages of suspicious items to be kept as evidence, as seldom and as politely as the pages behind headlines."""
        if not self.settings.ledger.copies or time.monotonic() < self._next_copies:
            return ()
        self._next_copies = time.monotonic() + COPIES_EVERY_S
        tasks: dict[str, Task] = {}
        for wish in self.archivist.due(4 * COPY_SLOTS):
            host = host_of(wish.url)
            slot = f"copy/{crc32(host.encode()) % COPY_SLOTS}"
            tasks.setdefault(slot, copy_task(slot, wish, host))
        return tuple(tasks.values())

    def keep_copy(self, wish: CopyWish) -> None:
        """Keep the page of an item, if that is still wanted."""
        if self.settings.ledger.copies:
            self.archivist.keep(wish)

    def wanted_articles(self, *, each: int) -> Iterator[tuple[ArticleWish, str]]:
        """Up to so many of each source, with their hosts, newest first. Costs nothing where no source has articles."""
        asked = [source for source in self.settings.sources if source.article and source.enabled]
        wishes = [wish for source in asked for wish in self.reader.due(source, each)]
        for wish in sorted(wishes, key=lambda wish: wish.wanted_at, reverse=True):
            yield wish, host_of(self.store.items.get(wish.item_id).item.url or "")

    def read_article(self, source_id: str, item_id: int) -> PageReport | None:
        """Read the page behind an item if its source is still configured and still wants that."""
        source = self._sources.get(source_id)
        return self.reader.read(source, item_id) if source is not None and source.article else None

    def watch_now(self) -> int:
        """Detect, decide, open and resolve; the number of alerts opened."""
        return self.watch.tick(self.clock.now()).opened

    def deliver_now(self, *, hurry: bool = False) -> tuple[int, int]:
        """Send what is due; numbers of deliveries sent and not sent (to be tried again, or given up). ``hurry``: new
        alerts wait for no others."""
        now = self.clock.now()
        self.dispatch.tick(now, hurry=hurry)
        result = self.deliver.tick(now)
        return result.sent, result.retried + result.dead

    def digest_now(self) -> None:
        self.digest.tick(self.clock.now())
        if self.settings.partners:
            self.exchange.tick(self.clock.now())

    def prune_now(self) -> None:
        """Index what came in for search, group it into issues; once a day drop what is older than the retention."""
        index_all(self.store.items)
        now = self.clock.now()
        self.group()
        last = self.store.meta(PRUNED)
        if last is None or now - datetime.fromisoformat(last) >= timedelta(days=1):
            kept = self.settings.retention
            ends = cutoffs(now, items=kept.items, polls=kept.polls)
            self.store.items.prune(items_before=ends.items_before, polls_before=ends.polls_before)
            self.store.partners.prune(ends.items_before)
            self.store.copies.prune(now - kept.copies)
            self.store.set_meta(PRUNED, now.isoformat())

    def beat(self, key: str) -> None:
        """Leave a sign of life in the database, at most twice a minute."""
        now = time.monotonic()
        if now >= self._next_beat:
            self.store.set_meta(key, self.clock.now().isoformat())
            self._next_beat = now + 30.0
            if self.is_made("alarm"):
                self.alarm.database_works()

    def once(self, *, send: bool = True, articles: bool = True, progress: Progress | None = None) -> OnceReport:
        """One round, as :class:`collector.app.round.Round` goes it."""
        return Round(self, progress).run(send=send, articles=articles)

    def describe(self) -> Mapping[str, object]:
        """For the log: how much is watched, and with what."""
        settings = self.settings
        return {
            "version": __version__,
            "sqlite": sqlite_version(),
            "sources": sum(source.enabled for source in settings.sources),
            "topics": len(settings.topics),
            "rules": len(settings.rules),
            "receivers": len(settings.receivers),
        }

    def sound_alarm(self, error: StoreError) -> None:
        """The database failed; what is told of it goes past the database where it must."""
        self.alarm.database_failed(error, self.clock.now())

    def tell_operator_of_refused_configuration(self, why: str) -> None:
        self.digest.configuration_refused(why, self.clock.now())

    def hurry(self) -> None:
        """Ask a delivery that hangs and a long grouping to let go: the daemon wants to end."""
        if self.is_made("deliver"):
            self.deliver.stop()
        if self.is_made("grouper"):
            self.grouper.hurry()

    def close(self) -> None:
        """Let go of connections. The store stays open: it may serve the next configuration."""
        if self.is_made("fetcher"):
            self.fetcher.close()
