"""What the store keeps of people's reactions, and of messages held back: two rooms of the storage seam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from collector.model.alert import Delivery
from collector.model.reaction import AckEnd, Acknowledgement, Silence
from collector.model.withheld import Heard, Hold, Withheld


class Reactions(Protocol):
    """Acknowledgements and silences. Written by people's commands and pages; each is durable."""

    def acknowledge(self, ack: Acknowledgement) -> Acknowledgement:
        """Store it (its ``id`` is ignored) in the place of one that holds. Returns it with its number."""

    def acknowledged(self) -> Mapping[int, Acknowledgement]:
        """Those that hold, by alert."""

    def acknowledgements(self, alert_id: int) -> tuple[Acknowledgement, ...]:
        """All of one alert, oldest first."""

    def end_acknowledgement(self, alert_id: int, because: AckEnd, now: datetime) -> bool:
        """False where none holds."""

    def silence(self, silence: Silence) -> Silence:
        """Store it (its ``id`` is ignored). Returns it with its number."""

    def silences(self, *, holding_at: datetime | None = None, limit: int = 1000) -> tuple[Silence, ...]:
        """Newest first; ``holding_at``: only those in force then."""

    def expire(self, silence_id: int, made_by: str, now: datetime) -> Silence:
        """End a silence that holds. Raises NotFound."""


class WithheldRoom(Protocol):
    """Messages that wait, and those that were never sent. They come in with their alert (:meth:`Alerts.save`)."""

    def waiting(self) -> tuple[Withheld, ...]:
        """All that are not settled, oldest first."""

    def release(self, row_ids: Sequence[int], delivery: Delivery, now: datetime) -> int:
        """Put the delivery into the outbox and settle the rows it carries: one durable transaction. Rows that were
        settled meanwhile stay as they are. Returns the delivery's number."""

    def give_up(self, row_id: int, hold: Hold, why: str, now: datetime) -> None:
        """Settle a row without a message."""

    def wait_longer(self, row_id: int, hold: Hold, why: str, until_at: datetime | None) -> None:
        """Change why a row waits, and until when."""

    def heard(self, alert_id: int, receiver: str) -> Heard:
        """Whether this receiver got any message that told of the alert as firing. One that still waits is no
        message yet, but counts as under way."""

    def addressed(self, alert_id: int) -> tuple[str, ...]:
        """Receivers for whom such a message was made, whatever became of it (those kept back for good are not)."""

    def of_alert(self, alert_id: int) -> tuple[Withheld, ...]:
        """Oldest first, settled ones too."""

    def suppressed(self, now: datetime, limit: int = 1000) -> tuple[Withheld, ...]:
        """What receivers are not told at this moment, newest first: all that waits, and what was kept back for good
        by a silence or an acknowledgement that still holds."""

    def take_slot(self, receiver: str, slot: str, delivery_id: int, now: datetime) -> bool:
        """Note that the digest of this slot was made; False where one was already."""

    def slot_taken(self, receiver: str, slot: str) -> bool: ...
