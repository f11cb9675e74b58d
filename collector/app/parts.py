"""The parts of one configuration, each built when it is first used."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from collector.app.database import free_bytes
from collector.app.desks import build_desk, build_partner_desk, build_tips
from collector.app.detectors import build_detectors
from collector.app.judge import build_judge
from collector.app.matcher import build_matcher
from collector.app.network import build_fetcher
from collector.app.receivers import build_channels, build_plans, build_renderer, receiver_entries
from collector.app.sources import kind_of
from collector.config.settings import Settings
from collector.model.clock import Clock
from collector.store.base import Storage

if TYPE_CHECKING:
    from alerts.alarm import Alarm
    from alerts.channels.base import Channel
    from alerts.deliver import Deliver, Letters
    from alerts.digest import Digest
    from alerts.dispatch import Dispatch
    from alerts.watch import Watch
    from collector.claims.grouper import Grouper
    from collector.claims.known import KnownClaims
    from collector.ledger.desk import Desk
    from collector.ledger.evidence import Archivist
    from collector.ledger.tip import TipDesk
    from collector.partners.desk import PartnerDesk
    from collector.partners.outgoing import Exchange
    from collector.pipeline import Pipeline
    from collector.reading import Reader
    from collector.sources.base import Fetcher

GROUPING_AT_MOST = 3.0  # seconds that an alarm waits for its items to be grouped
Part = TypeVar("Part")


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


class Parts:
    """Each part is made at its first use. ``workers`` begins the name under which deliveries are leased."""

    def __init__(self, settings: Settings, *, store: Storage, clock: Clock, workers: str) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self._worker = f"{workers}{socket.gethostname()}-{os.getpid()}"
        self._grouping = threading.Lock()  # the ticks that group are two

    def is_made(self, part: str) -> bool:
        return part in self.__dict__

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

    def group(self) -> None:
        """Group what waits."""
        with self._grouping:
            self.grouper.tick(self.clock.now())

    def group_now(self, now: datetime) -> None:
        """Group what waits before a message is made of it, but never hold an alarm up for long: what is not grouped in
        time stands in the message by itself."""
        if self._grouping.acquire(timeout=GROUPING_AT_MOST):
            try:
                self.grouper.tick(now, seconds=GROUPING_AT_MOST)
            finally:
                self._grouping.release()
