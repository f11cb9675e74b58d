"""The deliver tick: claim -> render -> send -> record.

Deliveries lie in the outbox until a receiver took them. A worker leases one after the other, sends up to four side by
side and records each as soon as it is answered. A receiver has one message under way until it has answered one, so that
a receiver which hangs holds up nobody else. A repeat is possible only if the process dies between the receiver's
acceptance and our commit; it carries the same key.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Protocol

import structlog

from alerts.backoff import next_attempt_at
from alerts.channels.base import Channel, Message, Receipt
from alerts.hold import Holds
from alerts.notice import from_json
from alerts.operator import is_for_operator
from alerts.refused import Dead, dead_letters, gone, left_out, owed
from alerts.render import fallback, unreadable
from collector.model.alert import Delivery, Notice
from collector.model.errors import ChannelError
from collector.store.base import Storage

log = structlog.get_logger("siaga.deliver")

SIDE_BY_SIDE = 4
OF_ONE = SIDE_BY_SIDE - 1  # of one receiver that answers: there is always room for another's
LEASE = timedelta(minutes=5)  # well above the longest a channel may take (60 s)
TOLD_TOGETHER = 4  # undeliverable messages in one message to the operators
GRACE_SECONDS = 4.0  # the daemon has ten seconds to end cleanly
TICK_SECONDS = 60.0  # no new claims after so long, so that a tick's leases cannot run out
LOOK_AGAIN_SECONDS = 2.0  # for what came meanwhile, while a receiver lets us wait
DEAD_TOLD = "operator.dead_told"
DEAD_TOLD_AGAIN = timedelta(hours=1)  # per receiver
REMEMBERED = 16  # rendered messages: the receivers of one alert follow each other


class MessageRenderer(Protocol):
    def render(self, notice: Notice) -> Message: ...


class Letters(Protocol):
    """Messages that are no notices (those to partners): made when they were queued."""

    def message(self, delivery: Delivery) -> Message:
        """Raises ValueError or KeyError where it cannot be read back."""

    def heard(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Note what the receiver answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverResult:
    """How many deliveries a tick sent, put off and gave up."""

    sent: int = 0
    retried: int = 0
    dead: int = 0


Outcome = Receipt | ChannelError


@dataclass(slots=True, kw_only=True)
class UnderWay:
    """Which messages a tick has under way: the receiver of each by the name that leased it. A worker may lease its own
    again (that is how what a dead one left is taken up), so each message has a name of its own. ``held`` get no more in
    this tick. Once none was left for those with room there is none until a busy one has room again, or until
    ``LOOK_AGAIN_SECONDS`` later: while one hangs, news for the others may come."""

    held: set[str]
    began: float
    _look_again_at: float = 0.0
    _receivers: dict[str, str] = field(default_factory=dict)
    _desks: int = 0
    _proved: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self._receivers)

    @property
    def passed(self) -> timedelta:
        """In whole seconds, as the outbox counts."""
        return timedelta(seconds=int(time.monotonic() - self.began))

    @property
    def has_room(self) -> bool:
        now = time.monotonic()
        return self.count < SIDE_BY_SIDE and self._look_again_at <= now < self.began + TICK_SECONDS

    @property
    def busy(self) -> set[str]:
        """Those that must take nothing more for now."""
        many = Counter(self._receivers.values())
        return self.held | {name for name, n in many.items() if n >= (OF_ONE if name in self._proved else 1)}

    def next_desk(self, worker: str) -> str:
        return f"{worker}#{self._desks}"

    def goes(self, desk: str, receiver: str) -> None:
        self._receivers[desk] = receiver
        self._desks += 1

    def nothing_waits(self) -> None:
        self._look_again_at = time.monotonic() + LOOK_AGAIN_SECONDS

    def left(self, desk: str) -> None:
        del self._receivers[desk]
        self._look_again_at = 0.0

    def answers(self, receiver: str) -> None:
        """It took one, or said no for good: it may have more side by side."""
        self._proved.add(receiver)


def _holder(delivery: Delivery) -> str:
    """The name under which it is leased."""
    return delivery.claimed_by or ""


class Deliver:
    """``channels`` by receiver name; ``operator`` names the receivers that are told of undeliverable messages;
    ``entries`` as in :class:`~alerts.hold.Holds`; ``letters`` by the reason of their deliveries; ``jitter`` gives
    random numbers in 0..1."""

    def __init__(
        self,
        store: Storage,
        channels: Mapping[str, Channel],
        renderer: MessageRenderer,
        worker: str,
        *,
        operator: Sequence[str] = (),
        entries: Mapping[str, str] | None = None,
        letters: Mapping[str, Letters] | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._outbox = store.outbox
        self._operator = tuple(operator)
        self._channels = channels
        self._renderer = renderer
        self._worker = worker
        self._holds = Holds(store, entries if entries is not None else dict.fromkeys(channels, ""))
        self._letters = letters or {}
        self._jitter = jitter
        self._give_up_at: float | None = None
        self._rendered: dict[str, Message] = {}
        self._rendering = Lock()

    def tick(self, now: datetime) -> DeliverResult:
        """A receiver that did not take one message now is left alone for the rest of the tick: with a thousand waiting
        for it, the others must not wait for a thousand time-outs."""
        sent = retried = dead = 0
        hopeless: list[Dead] = []
        way = UnderWay(held=set(self._holds.held()), began=time.monotonic())
        for delivery, outcome in self._send_all(way, now):
            if isinstance(outcome, Receipt):
                sent += self._record_sent(delivery, outcome, now)
                way.answers(delivery.receiver)
            elif (again := self._again_at(delivery, outcome, now)) is not None:
                retried += self._record_retry(delivery, outcome, again)
                way.held.add(delivery.receiver)
            else:
                hopeless.append((delivery, outcome))
                if outcome.gone:
                    way.held.add(delivery.receiver)
                else:
                    way.answers(delivery.receiver)
            if len(hopeless) == TOLD_TOGETHER:
                dead += self._give_up(hopeless, now)
                hopeless = []
        dead += self._give_up(hopeless, now)
        return DeliverResult(sent=sent, retried=retried, dead=dead)

    def stop(self) -> None:
        """Claim nothing more; what is under way has :data:`GRACE_SECONDS` to be answered. Safe from any thread."""
        self._give_up_at = time.monotonic() + GRACE_SECONDS

    def _send_all(self, way: UnderWay, now: datetime) -> Iterator[tuple[Delivery, Outcome]]:
        """Each delivery with its outcome, as they come. Ends early when the grace after :meth:`stop` is over: what was
        not answered is sent again after its lease, with the same key."""
        answers: SimpleQueue[tuple[Delivery, Outcome]] = SimpleQueue()
        while True:
            for delivery in self._claimed(way, now):
                # Daemon threads: a receiver that hangs must not keep the process from ending.
                Thread(target=self._answer, args=(delivery, now, answers), name="siaga-deliver", daemon=True).start()
            if not way.count:
                return
            try:
                answer = answers.get(timeout=0.2)
            except Empty:
                if self._give_up_at is not None and time.monotonic() >= self._give_up_at:
                    log.warning("left_unanswered", hint="sent again after its lease, with the same key")
                    return
                continue
            yield answer
            way.left(_holder(answer[0]))

    def _claimed(self, way: UnderWay, now: datetime) -> Iterator[Delivery]:
        """One at a time: whose turn is next depends on who has one under way."""
        while way.has_room and self._give_up_at is None:
            desk = way.next_desk(self._worker)
            batch = self._outbox.claim(desk, now + way.passed, LEASE, 1, held=way.busy)
            if not batch:
                way.nothing_waits()
            for delivery in batch:
                way.goes(desk, delivery.receiver)
                yield delivery

    def _answer(self, delivery: Delivery, now: datetime, answers: SimpleQueue[tuple[Delivery, Outcome]]) -> None:
        answers.put((delivery, self._send(delivery, now)))

    def _send(self, delivery: Delivery, now: datetime) -> Outcome:
        channel = self._channels.get(delivery.receiver)
        if channel is None:
            return ChannelError(f"no receiver {delivery.receiver} in sources.yaml", permanent=True)
        try:
            return channel.send(self._message(delivery), delivery.dedup_key, now=now)
        except ChannelError as error:
            return error
        except Exception as error:
            log.exception("channel_fault", receiver=delivery.receiver, delivery=delivery.id)
            return ChannelError(f"fault in the channel: {type(error).__name__}", permanent=False)

    def _message(self, delivery: Delivery) -> Message:
        """The same notice goes to several receivers: it is rendered once."""
        with self._rendering:
            message = self._rendered.get(delivery.notice)
            if message is None:
                while len(self._rendered) >= REMEMBERED:
                    self._rendered.pop(next(iter(self._rendered)))
                message = self._rendered[delivery.notice] = self._newly_rendered(delivery)
        return message if delivery.recipient is None else replace(message, only=delivery.recipient)

    def _newly_rendered(self, delivery: Delivery) -> Message:
        """The rendered notice; where that fails a plain one, because an alert must not be lost to a broken layout."""
        letters = self._letters.get(delivery.reason)
        try:
            if letters is not None:
                return letters.message(delivery)
            notice = from_json(delivery.notice)
        except (ValueError, KeyError, TypeError, IndexError):
            log.error("notice_unreadable", delivery=delivery.id)
            return unreadable(delivery)
        try:
            return self._renderer.render(notice)
        except Exception:
            log.exception("render_failed", delivery=delivery.id)
            return fallback(notice)

    # Each of these is False (or counts none) where the lease was lost: another worker has the delivery now.

    def _record_sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> bool:
        """What is owed to single addresses is written in the same transaction: the others are never asked again."""
        log.info("delivered", receiver=delivery.receiver, delivery=delivery.id, answer=receipt.answer)
        letters = self._letters.get(delivery.reason)
        if letters is not None:
            with self._store.transaction():
                letters.heard(delivery, receipt.answer, now)
                return self._outbox.sent(delivery.id, _holder(delivery), now)
        if not receipt.refused:
            return self._outbox.sent(delivery.id, _holder(delivery), now)
        final = {f"{delivery.receiver} {one.address}": one for one in receipt.refused if one.permanent}
        with self._store.transaction(durable=True):
            if not self._outbox.sent(delivery.id, _holder(delivery), now):
                return False
            self._outbox.add(owed(delivery, receipt.refused, now, self._jitter()))
            fresh = [] if is_for_operator(delivery) else self._not_told_lately(final, now)
            if fresh:
                self._outbox.add(left_out(delivery.receiver, [final[key] for key in fresh], self._operator, now))
        for refusal in receipt.refused:
            log.warning("left_out", receiver=delivery.receiver, delivery=delivery.id, reason=refusal.reason)
        return True

    def _record_retry(self, delivery: Delivery, error: ChannelError, again: datetime) -> bool:
        log.warning("not_delivered", receiver=delivery.receiver, delivery=delivery.id, reason=error.reason)
        return self._outbox.retry(delivery.id, _holder(delivery), error.reason, again)

    def _give_up(self, hopeless: Sequence[Dead], now: datetime) -> int:
        """Mark them dead and tell the operators, in one transaction. A dead message to an operator tells nobody:
        it would chase its own tail."""
        if not hopeless:
            return 0
        with self._store.transaction(durable=True):
            dead = [one for one in self._without_the_held(hopeless, now) if self._is_dead_now(*one)]
            for delivery, error in dead:
                if error.gone:
                    self._holds.hold(delivery.receiver, now)
                    self._outbox.add(gone(delivery, error, self._others(delivery), now))
            told = [one for one in dead if not one[1].gone and not is_for_operator(one[0])]
            fresh = self._not_told_lately([delivery.receiver for delivery, _ in told], now)
            if fresh:
                letters = [one for one in told if one[0].receiver in fresh]
                self._outbox.add(dead_letters(letters, self._operator, now))
        for delivery, error in dead:
            log.error("undeliverable", receiver=delivery.receiver, delivery=delivery.id, reason=error.reason)
        return len(dead)

    def _without_the_held(self, hopeless: Sequence[Dead], now: datetime) -> Iterator[Dead]:
        """Of a receiver that is gone one message is given up and says so; those sent beside it wait like others."""
        held = set(self._holds.held())
        for delivery, error in hopeless:
            if error.gone and delivery.receiver in held:
                self._outbox.retry(delivery.id, _holder(delivery), error.reason, now)
            else:
                yield delivery, error
                if error.gone:
                    held.add(delivery.receiver)

    def _is_dead_now(self, delivery: Delivery, error: ChannelError) -> bool:
        return self._outbox.dead(delivery.id, _holder(delivery), error.reason)

    def _others(self, delivery: Delivery) -> tuple[str, ...]:
        return tuple(name for name in self._operator if name != delivery.receiver)

    def _not_told_lately(self, troubles: Collection[str], now: datetime) -> list[str]:
        """Those of which the operators heard nothing within the last hour; they count as told from now on."""
        told = json.loads(self._store.meta(DEAD_TOLD) or "{}")
        lately = {key: at for key, at in told.items() if now - datetime.fromisoformat(at) < DEAD_TOLD_AGAIN}
        fresh = [key for key in dict.fromkeys(troubles) if key not in lately]
        if fresh:
            lately |= dict.fromkeys(fresh, now.isoformat())
            self._store.set_meta(DEAD_TOLD, json.dumps(lately))
        return fresh

    def _again_at(self, delivery: Delivery, error: ChannelError, now: datetime) -> datetime | None:
        if error.permanent:
            return None
        return next_attempt_at(delivery.attempts + 1, now, retry_after=error.retry_after, jitter=self._jitter())
