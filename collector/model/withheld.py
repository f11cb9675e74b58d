"""Messages that were kept back: for company, for a digest, for the morning, or for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Hold(StrEnum):
    """Why a message is not sent at once."""

    GROUPED = "grouped"  # others may start with it: group_wait
    DIGEST = "digest"  # its receiver reads digests
    QUIET_HOURS = "quiet_hours"
    FIRST_UNSENT = "first_unsent"  # an end, while the beginning is still on its way
    SILENCED = "silenced"  # for good: somebody asked for silence
    ACKNOWLEDGED = "acknowledged"  # for good: somebody has it in hand
    UNHEARD = "unheard"  # for good: an end, to one who never heard of the beginning

    @property
    def for_good(self) -> bool:
        return self in (Hold.SILENCED, Hold.ACKNOWLEDGED, Hold.UNHEARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What one receiver would have been told of one alert, and why it was not told then.

    ``until_at`` is when the wait ends; for a silence when that ends; None: when the alert gets worse or ends.
    ``company``: messages of one word may travel together; of a silenced one it is the
    number of the silence. ``settled_at`` is set once it left (``delivery_id`` then
    names the message that carries it) or was given up. ``notice`` is the JSON text of the notice; ``dedup_key`` the
    key of the delivery if it leaves alone.
    """

    id: int
    alert_id: int
    receiver: str
    reason: str
    hold: Hold
    why: str
    company: str
    made_at: datetime
    until_at: datetime | None
    dedup_key: str
    notice: str
    settled_at: datetime | None = None
    delivery_id: int | None = None


class Heard(StrEnum):
    """What became of the messages to one receiver about one alert."""

    SENT = "sent"  # one at least arrived
    UNDERWAY = "underway"  # none yet, but one may still
    NOTHING = "nothing"  # none was made, or all were given up
