"""The deliver tick: claim -> render -> send -> record.

Deliveries lie in the outbox until a receiver took them. A worker leases a few, sends them side by side and records each
as soon as it is answered. A repeat is possible only if the process dies between the receiver's acceptance and our
commit; it carries the same key.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol

import structlog

from alerts.backoff import next_attempt_at
from alerts.channels.base import Channel, Message, Receipt
from alerts.notice import from_json
from alerts.operator import is_for_operator, operator_notice
from alerts.render import fallback, unreadable
from collector.model.alert import Delivery, Notice
from collector.model.errors import ChannelError
from collector.model.phrase import Phrase
from collector.store.base import Storage

log = structlog.get_logger("siaga.deliver")

SIDE_BY_SIDE = 4  # one slow receiver holds up three others at most
LEASE = timedelta(minutes=5)  # well above the longest a channel may take (60 s)
GRACE_SECONDS = 4.0  # the daemon has ten seconds to end cleanly
TICK_SECONDS = 60.0  # no new claims after so long, so that a tick's leases cannot run out


class MessageRenderer(Protocol):
    def render(self, notice: Notice) -> Message: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverResult:
    """How many deliveries a tick sent, put off and gave up."""

    sent: int = 0
    retried: int = 0
    dead: int = 0


Outcome = Receipt | ChannelError


class Deliver:
    """``channels`` by receiver name; ``operator`` names the receivers that are told of undeliverable messages;
    ``jitter`` gives random numbers in 0..1."""

    def __init__(
        self,
        store: Storage,
        channels: Mapping[str, Channel],
        renderer: MessageRenderer,
        worker: str,
        *,
        operator: Sequence[str] = (),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._outbox = store.outbox
        self._operator = tuple(operator)
        self._channels = channels
        self._renderer = renderer
        self._worker = worker
        self._jitter = jitter
        self._give_up_at: float | None = None

    def tick(self, now: datetime) -> DeliverResult:
        sent = retried = dead = 0
        ends = time.monotonic() + TICK_SECONDS
        while time.monotonic() < ends and self._give_up_at is None:
            batch = self._outbox.claim(self._worker, now, LEASE, SIDE_BY_SIDE)
            hopeless: list[tuple[Delivery, ChannelError]] = []
            for delivery, outcome in self._send_all(batch, now):
                if isinstance(outcome, Receipt):
                    sent += self._record_sent(delivery, outcome, now)
                elif (again := self._again_at(delivery, outcome, now)) is not None:
                    retried += self._record_retry(delivery, outcome, again)
                else:
                    hopeless.append((delivery, outcome))
            dead += self._give_up(hopeless, now)
            if len(batch) < SIDE_BY_SIDE:
                break
        return DeliverResult(sent=sent, retried=retried, dead=dead)

    def stop(self) -> None:
        """Claim nothing more; what is under way has :data:`GRACE_SECONDS` to be answered. Safe from any thread."""
        self._give_up_at = time.monotonic() + GRACE_SECONDS

    def _send_all(self, batch: Sequence[Delivery], now: datetime) -> Iterator[tuple[Delivery, Outcome]]:
        """Each delivery with its outcome, as they come. Ends early when the grace after :meth:`stop` is over: what was
        not answered is sent again after its lease, with the same key."""
        answers: SimpleQueue[tuple[Delivery, Outcome]] = SimpleQueue()
        for delivery in batch:
            # Daemon threads: a receiver that hangs must not keep the process from ending.
            Thread(target=self._answer, args=(delivery, now, answers), name="siaga-deliver", daemon=True).start()
        for _ in batch:
            answer = self._awaited(answers)
            if answer is None:
                log.warning("left_unanswered", hint="sent again after its lease, with the same key")
                return
            yield answer

    def _answer(self, delivery: Delivery, now: datetime, answers: SimpleQueue[tuple[Delivery, Outcome]]) -> None:
        answers.put((delivery, self._send(delivery, now)))

    def _awaited(self, answers: SimpleQueue[tuple[Delivery, Outcome]]) -> tuple[Delivery, Outcome] | None:
        while True:
            try:
                return answers.get(timeout=0.2)
            except Empty:
                if self._give_up_at is not None and time.monotonic() >= self._give_up_at:
                    return None

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
        """The rendered notice; where that fails a plain one, because an alert must not be lost to a broken layout."""
        try:
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
        log.info("delivered", receiver=delivery.receiver, delivery=delivery.id, answer=receipt.answer)
        return self._outbox.sent(delivery.id, self._worker, now)

    def _record_retry(self, delivery: Delivery, error: ChannelError, again: datetime) -> bool:
        log.warning("not_delivered", receiver=delivery.receiver, delivery=delivery.id, reason=error.reason)
        return self._outbox.retry(delivery.id, self._worker, error.reason, again)

    def _give_up(self, hopeless: Sequence[tuple[Delivery, ChannelError]], now: datetime) -> int:
        """Mark them dead and tell the operators, in one transaction. A dead message to an operator tells nobody:
        it would chase its own tail."""
        if not hopeless:
            return 0
        with self._store.transaction(durable=True):
            dead = [
                (delivery, error)
                for delivery, error in hopeless
                if self._outbox.dead(delivery.id, self._worker, error.reason)
            ]
            told = [(delivery, error) for delivery, error in dead if not is_for_operator(delivery)]
            if told:
                self._outbox.add(_dead_letters(told, self._operator, now))
        for delivery, error in dead:
            log.error("undeliverable", receiver=delivery.receiver, delivery=delivery.id, reason=error.reason)
        return len(dead)

    def _again_at(self, delivery: Delivery, error: ChannelError, now: datetime) -> datetime | None:
        if error.permanent:
            return None
        return next_attempt_at(delivery.attempts + 1, now, retry_after=error.retry_after, jitter=self._jitter())


def _dead_letters(
    dead: Sequence[tuple[Delivery, ChannelError]], operator: Sequence[str], now: datetime
) -> tuple[Delivery, ...]:
    ids = ", ".join(str(delivery.id) for delivery, _ in dead)
    lines = "\n".join(f"{delivery.id} → {delivery.receiver}: {error.reason}" for delivery, error in dead)
    return operator_notice(
        f"dead {ids}",
        Phrase(id=f"Pesan tidak terkirim: {ids}", en=f"Undeliverable messages: {ids}"),
        Phrase(
            id=f"{lines}\nLihat: siaga alerts --dead. Kirim lagi: siaga resend NOMOR.",
            en=f"{lines}\nSee: siaga alerts --dead. Send again: siaga resend NUMBER.",
        ),
        operator,
        now,
    )
