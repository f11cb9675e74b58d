"""Messages to whoever runs Siaga: apart from findings, and never to the readers of alerts. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from alerts.announcement import pending
from alerts.notice import to_json
from collector.model.alert import Delivery, Notice, NoticeType
from collector.model.phrase import Phrase

REASON = "operator"
_KEYS = UUID("0b0f7f0a-54a5-5f0e-8d0a-7d9d7a2b6f35")  # namespace of delivery keys


def operator_notice(
    kind: str, headline: Phrase, why: Phrase, receivers: Sequence[str], at: datetime
) -> tuple[Delivery, ...]:
    """One delivery per operator. ``kind`` tells messages of one moment apart (``failing``, ``dead``, ``summary``)."""
    text = to_json(Notice(type=NoticeType.DEGRADED, at=at, headline=headline, why=why))
    return tuple(
        pending(receiver, text, reason=REASON, key=str(uuid5(_KEYS, f"{kind}\n{at.isoformat()}\n{receiver}")), at=at)
        for receiver in receivers
    )


def is_for_operator(delivery: Delivery) -> bool:
    return delivery.alert_id is None and delivery.reason == REASON
