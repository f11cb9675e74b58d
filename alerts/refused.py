"""What becomes of messages that a receiver did not take, or not for all of its addresses. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from alerts.backoff import next_attempt_at
from alerts.channels.base import Refusal
from alerts.operator import operator_notice
from collector.model.alert import Delivery, DeliveryState
from collector.model.errors import ChannelError
from collector.model.phrase import Phrase

_KEYS = UUID("5a0d6b7e-52d6-5b6a-9b3d-0f6a9a1c7d44")  # namespace of delivery keys
NAMED = 20

Dead = tuple[Delivery, ChannelError]


def owed(delivery: Delivery, refusals: Sequence[Refusal], now: datetime, jitter: float) -> tuple[Delivery, ...]:
    """One delivery for each address that was left out while the others got the message: to be tried again alone where
    the refusal was temporary, dead from the start where it was final."""
    return tuple(
        replace(
            delivery,
            recipient=refusal.address,
            state=DeliveryState.DEAD if refusal.permanent else DeliveryState.PENDING,
            attempts=1,
            not_before_at=next_attempt_at(1, now, jitter=jitter) or now,
            created_at=now,
            claimed_by=None,
            claimed_until=None,
            last_error=refusal.reason,
            dedup_key=str(uuid5(_KEYS, f"{delivery.dedup_key}\n{refusal.address}")),
        )
        for refusal in refusals
    )


def dead_letters(dead: Sequence[Dead], operator: Sequence[str], now: datetime) -> tuple[Delivery, ...]:
    """Messages that nobody will try again."""
    ids = ", ".join(str(delivery.id) for delivery, _ in dead[:NAMED])
    lines = "\n".join(f"{delivery.id} → {_where(delivery)}: {error.reason}" for delivery, error in dead[:NAMED])
    return operator_notice(
        f"dead {ids}",
        Phrase(id=f"Pesan tidak terkirim: {ids}", en=f"Undeliverable messages: {ids}"),
        Phrase(
            id=f"{lines}\nLihat: siaga alerts --dead. Kirim lagi: siaga resend NOMOR.\n"
            "Yang berikutnya untuk penerima yang sama dalam satu jam hanya disebut dalam ringkasan harian.",
            en=f"{lines}\nSee: siaga alerts --dead. Send again: siaga resend NUMBER.\n"
            "Further ones for the same receiver within the hour are told in the daily summary only.",
        ),
        operator,
        now,
    )


def left_out(
    receiver: str, refusals: Sequence[Refusal], operator: Sequence[str], now: datetime
) -> tuple[Delivery, ...]:
    """Addresses that were refused for good while the others of their receiver got the message."""
    names = ", ".join(refusal.address for refusal in refusals)
    lines = "\n".join(f"{refusal.address}: {refusal.reason}" for refusal in refusals)
    return operator_notice(
        f"left out {receiver} {names}",
        Phrase(id=f"{receiver}: alamat ditolak: {names}", en=f"{receiver}: addresses refused: {names}"),
        Phrase(
            id=f"{lines}\nAlamat lain dari penerima ini sudah menerima pesannya. Lihat: siaga alerts --dead.",
            en=f"{lines}\nThe receiver's other addresses have the message. See: siaga alerts --dead.",
        ),
        operator,
        now,
    )


def gone(delivery: Delivery, error: ChannelError, operator: Sequence[str], now: datetime) -> tuple[Delivery, ...]:
    """A receiver that wants no message ever again."""
    name = delivery.receiver
    return operator_notice(
        f"gone {name}",
        Phrase(id=f"Penerima dinonaktifkan: {name}", en=f"Receiver disabled: {name}"),
        Phrase(
            id=f"{delivery.id} → {name}: {error.reason}\nPesan berikutnya menunggu sampai alamatnya di sources.yaml "
            f"diubah, atau sampai: siaga resend {delivery.id}",
            en=f"{delivery.id} → {name}: {error.reason}\nFurther messages wait until its address in sources.yaml is "
            f"changed, or until: siaga resend {delivery.id}",
        ),
        operator,
        now,
    )


def _where(delivery: Delivery) -> str:
    return f"{delivery.receiver} ({delivery.recipient})" if delivery.recipient else delivery.receiver
