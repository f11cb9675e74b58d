"""How long things are kept, as moments (pure). Deleting is the store's: :meth:`collector.store.base.Items.prune`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.model.clock import utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """What was first seen, or polled, before these moments goes."""

    items_before: datetime
    polls_before: datetime


def cutoffs(now: datetime, *, items: timedelta, polls: timedelta) -> Cutoffs:
    """The moments that ``retention`` of sources.yaml means now. Raises ValueError for a span that is not positive."""
    if items <= timedelta(0) or polls <= timedelta(0):
        raise ValueError("retention must be positive")
    return Cutoffs(items_before=_before(now, items), polls_before=_before(now, polls))


def _before(now: datetime, kept: timedelta) -> datetime:
    """Somebody who writes 9999999d wants to keep everything, not an overflow."""
    try:
        return utc(now) - kept
    except OverflowError:
        return datetime.min.replace(tzinfo=utc(now).tzinfo)
