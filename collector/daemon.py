"""The daemon: five ticks over one database, a reload when the file changes, a clean end.

    poll     who is due? hand each to a thread          watch    count, detect, open and resolve alerts
    deliver  send what waits in the outbox              digest   messages for the operator
    prune    index new items for search, drop old ones

Everything a tick needs comes from the current :class:`collector.app.App`; a reload builds a new one and swaps it in, so
work under way ends with the configuration it began with.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from alerts.text import clean_line
from collector.app import App
from collector.app.app import DAEMON
from collector.app.tasks import THREADS
from collector.config.settings import Settings
from collector.memory import give_back
from collector.model.clock import Clock, WallClock
from collector.model.errors import ConfigError, StoreError
from collector.model.heartbeat import BEAT as HEARTBEAT
from collector.model.heartbeat import STOPPED
from collector.runner.base import Task, Tick
from collector.runner.inprocess import InProcessRunner
from collector.store.copies import CopyWish
from collector.web.desk import Desk
from collector.web.serving import CannotListen, PageHost

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class TickTimes:
    """How often each tick comes, in real time (a scaled clock does not stretch them)."""

    poll: timedelta = timedelta(seconds=2)
    watch: timedelta = timedelta(seconds=60)
    deliver: timedelta = timedelta(seconds=5)
    prune: timedelta = timedelta(seconds=60)
    digest: timedelta = timedelta(seconds=60)


class Daemon:
    """Runs until it is told to stop. ``load`` reads the configuration again; it raises ConfigError.

    Raises DatabaseInUse from :meth:`start` when another daemon serves the database.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        load: Callable[[], Settings],
        clock: Clock | None = None,
        ticks: TickTimes | None = None,
        threads: int = THREADS,
    ) -> None:
        self._clock = clock or WallClock()
        self._ticks = ticks or TickTimes()
        self._load = load
        self._app = App.build(settings, clock=self._clock, workers=DAEMON)
        self._runner = InProcessRunner(threads=threads, host_gap=settings.network.host_gap)
        self._pages = PageHost(self._make_site)
        self._held = ExitStack()
        self._ending = threading.Event()
        self._reload_wanted = threading.Event()
        self._file_seen = _stamp(settings.path)

    @property
    def app(self) -> App:
        """The current configuration at work; another one after a reload."""
        return self._app

    def _make_site(self) -> WSGIApplication:
        from collector.web.site import create  # flask: only those pay who have a page

        return create(Desk(lambda: self._app))

    def start(self) -> None:
        """Take the database, register the sources, serve the page and begin to tick; returns at once. Raises
        CannotListen."""
        self._held.enter_context(self._app.store.lock())
        self._app.store.sources.register(self._app.settings.sources, self._clock.now())
        if freed := self._app.store.outbox.free(DAEMON):  # we hold the lock: whoever leased them is dead
            log.info("took back what a daemon left unsent", deliveries=freed)
        try:
            self._pages.follow(self._app.settings.web)
        except CannotListen:
            self._held.close()
            raise
        times = self._ticks
        ticks = (
            Tick(name="poll", every=times.poll, action=self._or_alarm(self.poll)),
            Tick(name="watch", every=times.watch, action=self._or_alarm(lambda: self._app.watch_now())),
            Tick(name="deliver", every=times.deliver, action=self._or_alarm(lambda: self._app.deliver_now())),
            Tick(name="prune", every=times.prune, action=self._or_alarm(self._tidy)),
            Tick(name="digest", every=times.digest, action=self._or_alarm(lambda: self._app.digest_now())),
        )
        self._runner.run(ticks, {"poll": self._poll_one, "article": self._read_one, "copy": self._keep_one})
        log.info("started", **self._app.describe())

    def _or_alarm(self, action: Callable[[], object]) -> Callable[[], None]:
        """The same; where the database fails the operators hear of it, past the database."""

        def act() -> None:
            try:
                action()
            except StoreError as error:
                self._app.sound_alarm(error)
                raise

        return act

    def poll(self) -> None:
        """The poll tick: reload if asked to, leave a heartbeat, hand out who is due and which pages are to be read."""
        self._reload_if_changed()
        app = self._app
        app.beat(HEARTBEAT)
        for task in (*app.due(), *app.due_articles(), *app.due_copies()):
            self._runner.submit(task)

    def _tidy(self) -> None:
        """The prune tick: index what came in, drop what is old, hand back the memory that big bodies left free."""
        self._app.prune_now()
        give_back()

    def reload(self) -> None:
        """Ask for a reload at the next poll tick (SIGHUP). Safe in a signal handler."""
        self._reload_wanted.set()

    def end(self) -> None:
        """Ask :meth:`wait` to return (SIGTERM, SIGINT). Safe in a signal handler."""
        self._ending.set()

    def wait(self) -> None:
        """Until somebody asks for the end."""
        while not self._ending.wait(0.5):
            pass

    def stop(self, within: timedelta = timedelta(seconds=8)) -> bool:
        """Finish what is under way, at most so long, and close the database. False if a poll had to be left: it was
        not recorded and is due again at the next start."""
        began = time.monotonic()
        self._app.hurry()
        self._pages.stop()
        clean = self._runner.stop(within - timedelta(seconds=time.monotonic() - began))
        self._app.close()
        self._say_goodbye()
        self._held.close()
        self._app.store.close()
        log.info("stopped", clean=clean)
        return clean

    def _say_goodbye(self) -> None:
        """So that `siaga status` does not take the last sign of life for a daemon at work."""
        try:
            self._app.store.set_meta(STOPPED, self._clock.now().isoformat())
        except StoreError as error:
            log.warning("end not recorded", reason=str(error))

    def _poll_one(self, task: Task) -> None:
        report = self._app.poll(task.key)
        if report is None:
            return
        if report.error is not None:
            log.warning("source failed", source=report.source_id, reason=clean_line(report.error, 200))
        elif report.result.items_new:
            new = report.result
            log.info("polled", source=report.source_id, new=new.items_new, mentions=new.mentions_new)
        else:
            log.debug("polled", source=report.source_id, outcome=report.outcome.value)

    def _read_one(self, task: Task) -> None:
        self._app.read_article(task.args["source"], int(task.args["item"]))

    def _keep_one(self, task: Task) -> None:
        args = task.args
        wish = CopyWish(
            item_id=int(args["item"]),
            source_id=args["source"],
            url=args["url"],
            lang=args["lang"],
            attempts=int(args["attempts"]),
        )
        self._app.keep_copy(wish)

    def _reload_if_changed(self) -> None:
        stamp = _stamp(self._app.settings.path)
        if not self._reload_wanted.is_set() and stamp == self._file_seen:
            return
        self._reload_wanted.clear()
        self._file_seen = stamp
        try:
            settings = self._load()
        except ConfigError as error:
            self._refuse(str(error))
            return
        if settings.database != self._app.settings.database:
            self._refuse("database: cannot be changed while running; restart Siaga to use another file")
            return
        new = App.build(settings, clock=self._clock, store=self._app.store, workers=DAEMON)
        try:
            new.store.sources.register(settings.sources, self._clock.now())
        except StoreError as error:
            if error.can_retry:  # the file is not at fault: once more at the next tick
                log.warning("configuration waits for the database", reason=str(error))
                self._reload_wanted.set()
            else:
                self._refuse(f"the database refused it: {error}")
            return
        old, self._app = self._app, new
        self._runner.host_gap(settings.network.host_gap)
        old.close()
        try:
            self._pages.follow(settings.web)
        except CannotListen as error:
            log.error("no page is served", why=str(error))
            self._app.tell_operator_of_refused_configuration(str(error))
        log.info("reloaded", **self._app.describe())

    def _refuse(self, why: str) -> None:
        log.error("configuration refused, the last good one stays", why=why)
        self._app.tell_operator_of_refused_configuration(why)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells that a file was edited: an editor may write in place or put a new file there."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
