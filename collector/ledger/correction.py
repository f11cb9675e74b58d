"""A changed verdict, told again to everyone who was told before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from alerts.announcement import pending
from alerts.catalogue import VERDICTS
from alerts.notice import to_json
from collector.model.alert import Delivery, Notice, NoticeType
from collector.model.judgement import Verdict
from collector.model.ledger import LedgerIssue, Telling
from collector.model.phrase import Language, Phrase

REASON = "correction"
TITLE_CHARS = 120
_KEYS = UUID("d0f9a0d2-3a3f-5f0c-8a5e-6f0f3f7c2b11")  # namespace of delivery keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one receiver, and the note that it was sent."""

    delivery: Delivery
    telling: Telling


def correction(
    before: LedgerIssue, after: LedgerIssue, receivers: Sequence[str], *, desk: str, now: datetime
) -> tuple[Letter, ...]:
    """One letter per receiver, all with the same words."""
    text = to_json(correction_notice(before, after, desk=desk, now=now))
    return tuple(_letter(before, after, receiver, text, now) for receiver in receivers)


def _letter(before: LedgerIssue, after: LedgerIssue, receiver: str, text: str, now: datetime) -> Letter:
    said = f"{_word(before.verdict, 'en')} -> {_word(after.verdict, 'en')}"
    key = str(uuid5(_KEYS, "\n".join((str(before.id), str(after.id), said, now.isoformat(), receiver))))
    telling = Telling(
        id=0,
        issue_id=after.id,
        recipient=receiver,
        channel=REASON,
        at=now,
        about=said,
        verdict=after.verdict,
        correction=True,
        reference=key,
    )
    return Letter(delivery=pending(receiver, text, reason=REASON, key=key, at=now), telling=telling)


def correction_notice(before: LedgerIssue, after: LedgerIssue, *, desk: str, now: datetime) -> Notice:
    """What a correction says. The old verdict is named beside the new one, so that nobody takes it for news."""
    title = after.title if len(after.title) <= TITLE_CHARS else after.title[: TITLE_CHARS - 1] + "…"
    return Notice(
        type=NoticeType.CORRECTION,
        at=now,
        headline=Phrase(
            id=f"isu {after.id} sekarang {_word(after.verdict, 'id')}, semula {_word(before.verdict, 'id')}: “{title}”",
            en=f"issue {after.id} is now {_word(after.verdict, 'en')}, was {_word(before.verdict, 'en')}: “{title}”",
        ),
        link=after.verdict_link,
        why=Phrase(id=_why(before, after, desk, "id"), en=_why(before, after, desk, "en")),
    )


def _why(before: LedgerIssue, after: LedgerIssue, desk: str, language: Language) -> str:
    old, new = _word(before.verdict, language), _word(after.verdict, language)
    note = after.verdict_note.rstrip() or "—"
    reason = note if note.endswith((".", "!", "?", "…")) else f"{note}."
    if language == "id":
        return (
            f"Anda pernah diberi tahu tentang isu ini. {desk} mengubah putusannya dari “{old}” menjadi “{new}”. "
            f"Alasan: {reason} Mohon teruskan koreksi ini kepada siapa pun yang Anda beri tahu."
        )
    return (
        f"You were told of this issue before. {desk} has changed its verdict from “{old}” to “{new}”. "
        f"Reason: {reason} Please pass this correction on to whomever you told."
    )


def _word(verdict: Verdict | None, language: Language) -> str:
    if verdict is None:
        return "belum diperiksa" if language == "id" else "not checked"
    return VERDICTS[verdict].in_language(language)
