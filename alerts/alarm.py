"""When the database itself fails, the outbox that lies in it cannot carry the message: the operators are told past it.

At least once does not hold here, for nothing can be recorded. In memory alone it is kept what was said, so that five
ticks which fail every few seconds make one message, and again one after six hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID, uuid5

import structlog

from alerts import bulletin
from alerts.channels.base import Channel
from alerts.deliver import MessageRenderer
from alerts.operator import operator_notice
from alerts.text import clean_line
from collector.model.alert import Notice, NoticeType
from collector.model.errors import ChannelError, StoreError
from collector.store.base import Storage

log = structlog.get_logger("siaga.alarm")

AGAIN = timedelta(hours=6)
BUSY_FOR = timedelta(minutes=10)  # a database that is locked for a moment is nobody's business
_KEYS = UUID("1f1f0cc9-8b33-5a4e-8f0b-6a6b7d4c2e10")  # namespace of message keys


class Alarm:
    """``channels`` by receiver name, ``receivers`` the operators' names."""

    def __init__(
        self, store: Storage, channels: Mapping[str, Channel], renderer: MessageRenderer, receivers: Sequence[str]
    ) -> None:
        self._store = store
        self._channels = channels
        self._renderer = renderer
        self._receivers = tuple(name for name in receivers if name in channels)
        self._lock = Lock()
        self._busy_since: datetime | None = None
        self._told_at: datetime | None = None

    def database_failed(self, error: StoreError, now: datetime) -> int:
        """The number of operators that were told. Never raises for what the database or a receiver does."""
        with self._lock:
            if not self._is_grave(error, now) or (self._told_at is not None and now - self._told_at < AGAIN):
                return 0
            self._told_at = now
        return self._tell(clean_line(str(error), 300), now)

    def database_works(self) -> None:
        """A tick went through."""
        self._busy_since = None

    def _is_grave(self, error: StoreError, now: datetime) -> bool:
        if not error.can_retry:
            return True
        self._busy_since = self._busy_since or now
        return now - self._busy_since >= BUSY_FOR

    def _tell(self, fault: str, now: datetime) -> int:
        news = bulletin.database_faulty((fault,))
        try:
            self._store.outbox.add(operator_notice(news.kind, news.headline, news.why, self._receivers, now))
        except StoreError:
            notice = Notice(type=NoticeType.DEGRADED, at=now, headline=news.headline, why=news.why)
            return sum(self._sent_past_the_outbox(notice, receiver, now) for receiver in self._receivers)
        return len(self._receivers)

    def _sent_past_the_outbox(self, notice: Notice, receiver: str, now: datetime) -> bool:
        key = str(uuid5(_KEYS, f"{receiver}\n{now.isoformat()}"))
        try:
            self._channels[receiver].send(self._renderer.render(notice), key, now=now)
        except ChannelError as error:
            log.error("operator_not_told", receiver=receiver, reason=error.reason)
            return False
        return True
