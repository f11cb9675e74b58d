"""The daemon's sign of life, as it lies in the store beside the moment of its last orderly end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

BEAT = "daemon.heartbeat_at"
STOPPED = "daemon.stopped_at"
ALIVE_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When a daemon last began a round of polls, and when one last ended in order; None where that never was."""

    beat_at: datetime | None = None
    stopped_at: datetime | None = None

    @classmethod
    def from_texts(cls, beat: str | None, stopped: str | None) -> Heartbeat:
        """From ISO texts as they are stored."""
        return cls(
            beat_at=None if beat is None else datetime.fromisoformat(beat),
            stopped_at=None if stopped is None else datetime.fromisoformat(stopped),
        )

    @property
    def ended(self) -> bool:
        """Whether the daemon that beat last said goodbye. One that was killed did not."""
        return self.stopped_at is not None and (self.beat_at is None or self.stopped_at >= self.beat_at)

    def is_alive(self, now: datetime) -> bool:
        """Whether a daemon began a round of polls within the last five minutes and did not end since."""
        return self.beat_at is not None and not self.ended and now - self.beat_at < ALIVE_WITHIN
