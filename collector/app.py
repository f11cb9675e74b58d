"""The composition root: the only file that names concrete classes and reads the wall clock.

Collecting and alerting meet here and in the store, nowhere else.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache, cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast
from zlib import crc32

from collector import __version__
from collector.config.secret import Secret
from collector.config.settings import Settings, Webhook
from collector.model.bucket import Measure
from collector.model.clock import Clock, WallClock
from collector.model.errors import ConfigError, NotFound, StoreError
from collector.model.plan import Plan
from collector.model.source import Source
from collector.net.turns import PATIENCE, host_of
from collector.registry import CHANNELS, DETECTORS, SOURCE_KINDS, implementation
from collector.runner.base import Task
from collector.store.base import ArticleWish, PollOutcome, Storage
from collector.store.copies import CopyWish
from collector.store.retention import cutoffs

if TYPE_CHECKING:
    from alerts.alarm import Alarm
    from alerts.channels.base import Channel
    from alerts.deliver import Deliver, Letters
    from alerts.detect.base import Detector
    from alerts.digest import Digest
    from alerts.dispatch import Dispatch
    from alerts.render import Renderer
    from alerts.watch import Watch
    from collector.claims.grouper import Grouper
    from collector.claims.known import KnownClaims
    from collector.judge.base import Judge
    from collector.judge.weights import Weights
    from collector.ledger.desk import Desk
    from collector.ledger.evidence import Archivist
    from collector.ledger.tip import TipDesk
    from collector.match.base import Matcher
    from collector.model.item import Entry
    from collector.partners.desk import PartnerDesk
    from collector.partners.outgoing import Exchange
    from collector.pipeline import Pipeline, PollReport, Verdicts
    from collector.reading import PageReport, Reader
    from collector.sources.base import Fetcher, SourceKind

THREADS = 32  # requests under way at once; waiting for a host's turn takes no thread
STEP_BACK_S = 60.0  # a source in trouble lets those go first that are due up to so much later
ARTICLE_SLOTS = 8  # pages behind headlines under way or waiting at once, of the daemon
COPY_SLOTS = 2  # pages kept as evidence at once
COPIES_EVERY_S = 10.0
ARTICLES_ONCE = 50  # pages that one round reads
ARTICLES_ONCE_FOR = timedelta(minutes=2)
AFTER_POLLS = 1e12  # a priority that lets every poll go first
Part = TypeVar("Part")

INDEX_BATCH = 2000  # items added to the full-text index in one transaction
GROUPING_AT_MOST = 3.0  # seconds that an alarm waits for its items to be grouped
PRUNED = "prune.last_at"
ONCE, DAEMON = "once-", "daemon-"  # how the names of those begin who lease deliveries


# ---------------------------------------------------------------- parts


def open_store(settings: Settings, *, quick: bool = False) -> Storage:
    """``quick`` where somebody waits for the answer: a lock is told after seconds. Raises StoreError, SchemaTooNew."""
    from collector.store.sqlite.connection import PATIENT_S, QUICK_S
    from collector.store.sqlite.store import SqliteStore

    return SqliteStore(settings.database, patience_s=QUICK_S if quick else PATIENT_S)


def build_fetcher(settings: Settings) -> Fetcher:
    from collector.sources.fetch import HttpFetcher

    return HttpFetcher(
        version=__version__,
        contact=settings.network.contact,
        allow_private=settings.network.allow_private,
        ca_bundle=ca_bundle(),
    )


def build_matcher(settings: Settings) -> Matcher:
    from collector.config.topics import foreign_context, leet_keep
    from collector.match.topics import TopicMatcher

    return TopicMatcher(settings.topics, leet_keep=leet_keep(), foreign_context=foreign_context())


def build_judge(settings: Settings) -> Judge:
    """With the desk's own weights where ``siaga train`` has laid them beside the database. Raises ConfigError."""
    from collector.judge.combined import CombinedJudge
    from collector.judge.lexicon import LexiconJudge

    return CombinedJudge(LexiconJudge.shipped(), own_weights(settings) or shipped_weights())


def weights_path(settings: Settings) -> Path:
    """Where a desk's own weights lie."""
    return settings.database.with_suffix(".weights.json")


def own_weights(settings: Settings) -> Weights | None:
    """None where the desk has trained none. Raises ConfigError where the file cannot be read."""
    from collector.judge.weights import read

    path = weights_path(settings)
    if not path.exists():
        return None
    try:
        return read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError((f"{path}: {error}. Remove it to judge with the shipped weights.",)) from error


def shipped_judge() -> Judge:
    """As it comes, where there is no configuration."""
    from collector.judge.combined import CombinedJudge

    return CombinedJudge.shipped()


def shipped_matcher() -> Matcher:
    """For every packaged topic."""
    from collector.config.topics import foreign_context, leet_keep, shipped_topics
    from collector.match.topics import TopicMatcher

    topics = tuple(shipped_topics().values())
    return TopicMatcher(topics, leet_keep=leet_keep(), foreign_context=foreign_context())


def shipped_weights() -> Weights:
    """The packaged ones."""
    from collector.judge.weights import shipped

    return shipped()


@cache
def kind_of(name: str) -> SourceKind:
    """The source kind of that name. Raises NotFound."""
    factory = cast("Callable[[], SourceKind]", implementation(SOURCE_KINDS, "siaga.sources", name))
    return factory()


def build_detectors(settings: Settings) -> Mapping[str, Detector]:
    """The detectors that the rules name, by method."""
    methods = {rule.method for rule in settings.rules}
    return {
        method: cast("Callable[..., Detector]", implementation(DETECTORS, "siaga.detectors", method))(
            zone=settings.timezone, calendar=settings.calendar
        )
        for method in sorted(methods)
    }


def build_plans(settings: Settings) -> Mapping[str, Plan]:
    """When each receiver wants to be told, by its name."""
    return {receiver.name: receiver.plan for receiver in settings.receivers}


def build_channels(settings: Settings) -> Mapping[str, Channel]:
    """A channel per receiver, by the receiver's name."""
    channels: dict[str, Channel] = {}
    for receiver in settings.receivers:
        factory = cast("Callable[..., Channel]", implementation(CHANNELS, "siaga.channels", receiver.kind))
        channels[receiver.name] = factory(receiver.channel, network=settings.network, ca_bundle=ca_bundle())
    return {**channels, **build_partner_channels(settings)}


def build_partner_channels(settings: Settings) -> Mapping[str, Channel]:
    """A signed webhook per partner that is told, by :func:`collector.partners.outgoing.receiver_of`."""
    told = [partner for partner in settings.partners if partner.send is not None]
    if not told:
        return {}
    from alerts.channels.webhook import WebhookChannel
    from collector.partners.outgoing import receiver_of

    return {
        receiver_of(partner.name): WebhookChannel(
            Webhook(url=partner.send.url, secret=partner.send.secret, receiver=receiver_of(partner.name)),
            network=settings.network,
            ca_bundle=ca_bundle(),
        )
        for partner in told
        if partner.send is not None
    }


def receiver_entries(settings: Settings) -> Mapping[str, str]:
    """A fingerprint of each receiver's entry by its name, secrets included but not told."""
    found: dict[str, str] = {}
    for receiver in settings.receivers:
        values = (getattr(receiver.channel, field.name) for field in fields(receiver.channel))
        told = "\n".join(value.reveal() if isinstance(value, Secret) else str(value) for value in values)
        found[receiver.name] = blake2b(told.encode("utf-8", "replace"), digest_size=8).hexdigest()
    for partner in settings.partners:
        if partner.send is not None:
            told = f"{partner.send.url.reveal()}\n{partner.send.secret.reveal()}"
            mark = blake2b(told.encode("utf-8", "replace"), digest_size=8).hexdigest()
            found[f"(partner) {partner.name}"] = mark
    return found


def build_renderer(settings: Settings, store: Storage | None = None) -> Renderer:
    """With links to react by where there is a page, and the ``store`` that keeps the key they are signed with."""
    from alerts.links import ActionLinks
    from alerts.render import Renderer

    web = settings.web
    links = ActionLinks(web.address, store.signing_key()) if web is not None and store is not None else None
    return Renderer(settings.language, settings.timezone, links=links, templates=settings.templates)


def free_bytes(database: Path) -> int | None:
    """The room that is left on the disk where the database lies. None where it cannot be asked."""
    try:
        return shutil.disk_usage(database.parent).free
    except OSError:
        return None


def build_desk(settings: Settings, store: Storage) -> Desk:
    from collector.ledger.desk import Desk

    return Desk(store, name=settings.ledger.desk, receivers=[receiver.name for receiver in settings.receivers])


def build_tips(
    settings: Settings,
    store: Storage,
    *,
    conclude: Callable[[Source, Entry, datetime], Verdicts],
    known: KnownClaims,
    fetcher: Callable[[], Fetcher],
    group: Callable[[datetime], object] | None = None,
) -> TipDesk:
    """``group`` only in a process that groups, on the thread that does."""
    from collector.ledger.tip import TipDesk

    return TipDesk(store, conclude=conclude, known=known, desk=settings.ledger.desk, fetcher=fetcher, group=group)


def build_partner_desk(
    settings: Settings,
    store: Storage,
    *,
    conclude: Callable[[Source, Entry, datetime], Verdicts],
    known: KnownClaims,
) -> PartnerDesk:
    from collector.partners.desk import PartnerDesk

    return PartnerDesk(store, conclude=conclude, known=known, topics=[topic.id for topic in settings.topics])


def ca_bundle() -> str | None:
    """The certificates to verify TLS against where the operator set others than certifi's."""
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")


def once_made(make: Callable[[], Part]) -> Callable[[], Part]:
    """A function that makes the part at its first call and gives the same one ever after, from any thread."""
    lock = threading.Lock()
    made: list[Part] = []

    def get() -> Part:
        if not made:
            with lock:
                if not made:
                    made.append(make())
        return made[0]

    return get


# ---------------------------------------------------------------- the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceReport:
    """What one round did; the fields of ``siaga once --json``."""

    polled: int
    not_modified: int
    failed: int
    failures: tuple[PollReport, ...] = ()
    backing_off: int = 0  # enabled sources that were left alone because they failed before
    items_new: int
    mentions_new: int
    suspicious_new: int
    alerts_opened: int
    deliveries_sent: int
    deliveries_failed: int
    duration_s: float
    articles_read: int | None = None  # None: there were none to read

    def as_json(self) -> Mapping[str, float]:
        return {
            "polled": self.polled,
            "not_modified": self.not_modified,
            "failed": self.failed,
            "items_new": self.items_new,
            "mentions_new": self.mentions_new,
            "suspicious_new": self.suspicious_new,
            "alerts_opened": self.alerts_opened,
            "deliveries_sent": self.deliveries_sent,
            **({} if self.articles_read is None else {"articles_read": self.articles_read}),
            "duration_s": round(self.duration_s, 3),
        }

    @property
    def exit_code(self) -> int:
        """0 done, 3 nothing could be polled, 4 some sources or deliveries failed."""
        if self.failed == self.polled:
            return 3
        return 4 if self.failed or self.deliveries_failed else 0


Progress = Callable[[int, int, str], None]
"""Called after each poll with how many are done, how many there are, and the source's name."""


class App:
    """One configuration at work: its parts, built when first used, and what the ticks ask of them."""

    def __init__(self, settings: Settings, *, store: Storage, clock: Clock, workers: str = ONCE) -> None:
        self.settings = settings
        self._worker = f"{workers}{socket.gethostname()}-{os.getpid()}"
        self.store = store
        self.clock = clock
        self._sources = {source.id: source for source in settings.sources}
        self._next_beat = 0.0
        self._next_copies = 0.0
        self._grouping = threading.Lock()  # the ticks that group are two
        self._troubled: set[str] = set()  # failed or slow at their last poll

    @classmethod
    def build(
        cls, settings: Settings, *, clock: Clock | None = None, store: Storage | None = None, workers: str = ONCE
    ) -> App:
        """Raises StoreError. A given ``store`` is used as it is (a reload keeps the open one). ``workers`` begins the
        name under which deliveries are leased."""
        return cls(settings, store=store or open_store(settings), clock=clock or WallClock(), workers=workers)

    @cached_property
    def fetcher(self) -> Fetcher:
        return build_fetcher(self.settings)

    @cached_property
    def pipeline(self) -> Pipeline:
        from collector.pipeline import Pipeline

        return Pipeline(
            store=self.store,
            fetcher=self.fetcher,
            kind_of=kind_of,
            matcher=once_made(lambda: build_matcher(self.settings)),
            judge=once_made(lambda: build_judge(self.settings)),
            clock=self.clock,
            known=lambda: self.known_claims,
        )

    @cached_property
    def known_claims(self) -> KnownClaims:
        """Learns the store's checked claims when the first text is compared with them."""
        from collector.claims.known import KnownClaims

        return KnownClaims(self.store)

    @cached_property
    def grouper(self) -> Grouper:
        """Remembers the stored grouping when the first item is grouped."""
        from collector.claims.grouper import Grouper

        return Grouper(self.store)

    @cached_property
    def desk(self) -> Desk:
        """What people do with issues."""
        return build_desk(self.settings, self.store)

    @cached_property
    def tips(self) -> TipDesk:
        """Takes tips beside the daemon's own grouping, which opens an issue for what is new within a minute."""
        return build_tips(
            self.settings,
            self.store,
            conclude=self.pipeline.conclude,
            known=self.known_claims,
            fetcher=lambda: self.fetcher,
        )

    @cached_property
    def archivist(self) -> Archivist:
        from collector.ledger.evidence import Archivist

        size = self.settings.ledger.copy_kb * 1000
        return Archivist(store=self.store, fetcher=self.fetcher, clock=self.clock, max_bytes=size)

    @cached_property
    def reader(self) -> Reader:
        from collector.reading import Reader

        return Reader(store=self.store, fetcher=self.fetcher, conclude=self.pipeline.conclude, clock=self.clock)

    @cached_property
    def watch(self) -> Watch:
        from alerts.watch import Watch

        return Watch(
            store=self.store,
            rules=self.settings.rules,
            topics=self.settings.topics,
            detectors=build_detectors(self.settings),
            zone=self.settings.timezone,
            language=self.settings.language,
            watched=frozenset(source.id for source in self.settings.sources if source.enabled),
            plans=build_plans(self.settings),
            group=self.group_now,
        )

    @cached_property
    def dispatch(self) -> Dispatch:
        from alerts.dispatch import Dispatch
        from alerts.withholding import Receivers

        settings = self.settings
        receivers = Receivers(plans=build_plans(settings), zone=settings.timezone, language=settings.language)
        return Dispatch(self.store, receivers)

    @cached_property
    def deliver(self) -> Deliver:
        from alerts.deliver import Deliver

        return Deliver(
            store=self.store,
            channels=self.channels,
            renderer=build_renderer(self.settings, self.store),
            worker=self._worker,
            operator=self.settings.operator,
            entries=receiver_entries(self.settings),
            letters=self._letters(),
        )

    def _letters(self) -> Mapping[str, Letters]:
        if not self.settings.partners:
            return {}
        from collector.partners.outgoing import CHANNEL, Post

        return {CHANNEL: Post(self.store)}

    @cached_property
    def exchange(self) -> Exchange:
        """Tells partners what is new."""
        from collector.partners.outgoing import Exchange

        return Exchange(self.store, self.settings.partners)

    @cached_property
    def partner_desk(self) -> PartnerDesk:
        """Takes what partners report."""
        return build_partner_desk(self.settings, self.store, conclude=self.pipeline.conclude, known=self.known_claims)

    @cached_property
    def digest(self) -> Digest:
        from alerts.digest import Digest

        return Digest(
            store=self.store,
            sources=self.settings.sources,
            receivers=self.settings.operator,
            zone=self.settings.timezone,
            entries=receiver_entries(self.settings),
            free_bytes=lambda: free_bytes(self.settings.database),
        )

    @cached_property
    def alarm(self) -> Alarm:
        from alerts.alarm import Alarm

        return Alarm(self.store, self.channels, build_renderer(self.settings, self.store), self.settings.operator)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        return build_channels(self.settings)

    # ------------------------------------------------ what the ticks ask

    def due(self) -> tuple[Task, ...]:
        """A poll task for each source whose time has come. Who is due first goes first, but a source that failed or
        was slow steps back behind the healthy ones of its host, however many ticks it has waited before them."""
        now = time.monotonic()
        due = (self._sources.get(source_id) for source_id in self.store.sources.due(self.clock.now()))
        return tuple(self._task(source, now + place / 1e6) for place, source in enumerate(due) if source is not None)

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
        for wish, host in self._wanted_articles(each=2):
            slot = f"article/{crc32(host.encode()) % ARTICLE_SLOTS}"
            tasks.setdefault(slot, _article_task(slot, wish, host))
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
            tasks.setdefault(slot, _copy_task(slot, wish, host))
        return tuple(tasks.values())

    def keep_copy(self, wish: CopyWish) -> None:
        """Keep the page of an item, if that is still wanted."""
        if self.settings.ledger.copies:
            self.archivist.keep(wish)

    def _wanted_articles(self, *, each: int) -> Iterator[tuple[ArticleWish, str]]:
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
        while self.store.items.index_pending(INDEX_BATCH) == INDEX_BATCH:
            pass
        now = self.clock.now()
        with self._grouping:
            self.grouper.tick(now)
        last = self.store.meta(PRUNED)
        if last is None or now - datetime.fromisoformat(last) >= timedelta(days=1):
            kept = self.settings.retention
            ends = cutoffs(now, items=kept.items, polls=kept.polls)
            self.store.items.prune(items_before=ends.items_before, polls_before=ends.polls_before)
            self.store.partners.prune(ends.items_before)
            self.store.copies.prune(now - kept.copies)
            self.store.set_meta(PRUNED, now.isoformat())

    def group_now(self, now: datetime) -> None:
        """Group what waits before a message is made of it, but never hold an alarm up for long: what is not grouped in
        time stands in the message by itself."""
        if self._grouping.acquire(timeout=GROUPING_AT_MOST):
            try:
                self.grouper.tick(now, seconds=GROUPING_AT_MOST)
            finally:
                self._grouping.release()

    def beat(self, key: str) -> None:
        """Leave a sign of life in the database, at most twice a minute."""
        now = time.monotonic()
        if now >= self._next_beat:
            self.store.set_meta(key, self.clock.now().isoformat())
            self._next_beat = now + 30.0
            if "alarm" in self.__dict__:
                self.alarm.database_works()

    # ------------------------------------------------ one round

    def once(self, *, send: bool = True, articles: bool = True, progress: Progress | None = None) -> OnceReport:
        """Poll every enabled source that is not backing off, detect, deliver; then read some pages behind headlines,
        and detect and deliver once more where that changed anything."""
        started = time.monotonic()
        now = self.clock.now()
        self.store.sources.register(self.settings.sources, now)
        ready = self._ready(now)
        reports = self._poll_all(ready, progress)
        if any(rule.per == "issue" or rule.measure is Measure.ISSUES for rule in self.settings.rules):
            with self._grouping:
                self.grouper.tick(self.clock.now())
        opened = self.watch_now()
        self.digest_now()
        sent, unsent = self._deliver_all() if send else (0, 0)
        read = self._read_some_articles(progress) if articles else None
        if read:
            opened += self.watch_now()
            more, still_unsent = self._deliver_all() if send else (0, 0)
            sent, unsent = sent + more, unsent + still_unsent
        outcomes = [report.outcome for report in reports]
        return OnceReport(
            polled=len(outcomes),
            not_modified=outcomes.count(PollOutcome.NOT_MODIFIED),
            failed=outcomes.count(PollOutcome.FAILED),
            failures=tuple(report for report in reports if report.outcome is PollOutcome.FAILED),
            backing_off=sum(source.enabled for source in self.settings.sources) - len(ready),
            items_new=sum(report.result.items_new for report in reports),
            mentions_new=sum(report.result.mentions_new for report in reports),
            suspicious_new=sum(report.result.suspicious_new for report in reports),
            alerts_opened=opened,
            deliveries_sent=sent,
            deliveries_failed=unsent,
            articles_read=read,
            duration_s=time.monotonic() - started,
        )

    def _ready(self, now: datetime) -> tuple[Source, ...]:
        """Who is polled in this round: the healthy first, then those in trouble whose time has come again."""
        states = {state.source_id: state for state in self.store.sources.states()}
        enabled = [source for source in self.settings.sources if source.enabled]
        healthy = [source for source in enabled if states[source.id].failure_score == 0]
        again = [s for s in enabled if states[s.id].failure_score and states[s.id].next_poll_at <= now]
        return (*healthy, *again)

    def _poll_all(self, sources: tuple[Source, ...], progress: Progress | None) -> list[PollReport]:
        from collector.runner.inprocess import Pool

        reports: list[PollReport] = []

        def poll(task: Task) -> None:
            reports.append(self.pipeline.poll(self._sources[task.key]))
            if progress is not None:
                progress(len(reports), len(sources), task.key)

        pool = Pool({"poll": poll}, threads=max(1, min(THREADS, len(sources))), host_gap=self.settings.network.host_gap)
        pool.start()
        for place, source in enumerate(sources):
            pool.submit(self._task(source, place))
        pool.wait()
        pool.stop(timedelta(seconds=5))
        return reports

    def _read_some_articles(self, progress: Progress | None) -> int | None:
        """How many of the pages that were due brought something; None where none was due."""
        due = [_article_task(f"article/{wish.item_id}", wish, host) for wish, host in self._wanted_articles(each=60)]
        due = due[:ARTICLES_ONCE]
        if not due:
            return None
        from collector.reading import Outcome
        from collector.runner.inprocess import Pool

        reports: list[PageReport | None] = []

        def read(task: Task) -> None:
            reports.append(self.read_article(task.args["source"], int(task.args["item"])))
            if progress is not None:
                progress(len(reports), len(due), f"page of {task.args['source']}")

        pool = Pool({"article": read}, threads=min(ARTICLE_SLOTS, len(due)), host_gap=self.settings.network.host_gap)
        pool.start()
        for task in due:
            pool.submit(task)
        pool.wait(ARTICLES_ONCE_FOR)
        pool.stop(timedelta(seconds=30))  # what waits is left for the next round, what runs has its own deadline
        return sum(report is not None and report.outcome is Outcome.READ for report in reports)

    def _deliver_all(self) -> tuple[int, int]:
        """Until nothing is due: what failed waits for its next attempt."""
        sent_in_all = unsent_in_all = 0
        while True:
            sent, unsent = self.deliver_now(hurry=True)  # the next round may be an hour away
            sent_in_all, unsent_in_all = sent_in_all + sent, unsent_in_all + unsent
            if not sent:
                return sent_in_all, unsent_in_all

    def _task(self, source: Source, priority: float) -> Task:
        if source.id in self._troubled:
            priority += STEP_BACK_S
        return Task(name="poll", key=source.id, args={"host": _host(source), "priority": repr(priority)})

    # ------------------------------------------------ the rest

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
        if "deliver" in self.__dict__:
            self.deliver.stop()
        if "grouper" in self.__dict__:
            self.grouper.hurry()

    def close(self) -> None:
        """Let go of connections. The store stays open: it may serve the next configuration."""
        if "fetcher" in self.__dict__:
            self.fetcher.close()


def _copy_task(key: str, wish: CopyWish, host: str) -> Task:
    args = {"host": host, "priority": repr(AFTER_POLLS), "source": wish.source_id, "item": str(wish.item_id)}
    return Task(name="copy", key=key, args=args | {"url": wish.url, "lang": wish.lang, "attempts": str(wish.attempts)})


def _article_task(key: str, wish: ArticleWish, host: str) -> Task:
    args = {"host": host, "priority": repr(AFTER_POLLS), "source": wish.source_id, "item": str(wish.item_id)}
    return Task(name="article", key=key, args=args)


def _host(source: Source) -> str:
    """Whose turn a poll of the source takes.

    A kind that cannot be loaded fails its own source's poll, not everybody's.
    """
    try:
        return host_of(kind_of(source.kind).address(source))
    except (NotFound, ImportError):
        return source.id


def sqlite_version() -> str:
    from sqlite3 import sqlite_version as version

    return version
