"""Where people work: the desk, its tips, and what partners report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from collector.config.settings import Settings
from collector.model.source import Source
from collector.store.base import Storage

if TYPE_CHECKING:
    from collector.claims.known import KnownClaims
    from collector.ledger.desk import Desk
    from collector.ledger.tip import TipDesk
    from collector.model.item import Entry
    from collector.partners.desk import PartnerDesk
    from collector.pipeline import Verdicts
    from collector.sources.base import Fetcher


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
