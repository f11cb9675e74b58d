"""What fact-checkers have published, and how a text stands to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collector.model.judgement import Stance, Verdict
from collector.model.phrase import Phrase

CLARIFICATION = re.compile(r"\A\W{0,3}klarifikasi\s*[\])】:!]+\s*", re.I)
"""How a title begins that calls itself one: it says that something was looked at, and not what was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim somebody has checked. ``text`` is the claim alone, without the label, medium word and quotation marks of
    ``title``; ``case_id`` is the fact-checker's own number (GFD-2025-28799). ``checked_at`` is UTC.

    ``key`` is stable across imports: the publisher's link, else publisher and case id, else a hash of the text.
    """

    id: int
    key: str
    text: str
    title: str
    verdict: Verdict | None
    publisher: str
    url: str | None
    checked_at: datetime | None
    case_id: str | None = None
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a checked claim needs a text")
        if self.checked_at is not None and self.checked_at.tzinfo is None:
            raise ValueError("checked_at must be aware")

    @property
    def is_clarified(self) -> bool:
        """Whether it was only called a clarification, with no word of what was found."""
        return self.verdict is None and CLARIFICATION.match(self.title) is not None


class DifferenceKind(StrEnum):
    """In what a text and a claim differ."""

    WHO = "who"
    WHERE = "where"
    WHEN = "when"
    HOW_MANY = "how_many"
    WHAT = "what"
    DEED = "deed"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference, with the words on either side; an empty side says nothing of the kind."""

    kind: DifferenceKind
    claim: str
    text: str

    @property
    def reason(self) -> Phrase:
        """A sentence for people."""
        return _reason(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMatch:
    """A checked claim beside a text.

    ``score`` (0..1) orders candidates; ``confidence`` (0..1) is how sure it is that the text speaks of this very claim,
    and ``decided`` whether that is enough. ``stance`` is the text's towards the claim, ``said`` the share of the claim
    that the text says.
    """

    claim: CheckedClaim
    score: float
    confidence: float
    decided: bool
    stance: Stance
    said: float = 0.0
    differences: tuple[Difference, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence must lie in 0..1, not {self.confidence}")


_NAMES = {
    DifferenceKind.WHO: ("pelaku", "who"),
    DifferenceKind.WHERE: ("tempat", "where"),
    DifferenceKind.WHEN: ("waktu", "when"),
    DifferenceKind.HOW_MANY: ("angka", "the number"),
    DifferenceKind.WHAT: ("isi", "what"),
    DifferenceKind.DEED: ("perbuatan", "the deed"),
    DifferenceKind.DENIAL: ("bantahan", "denial"),
}


def _reason(difference: Difference) -> Phrase:
    id_name, en_name = _NAMES[difference.kind]
    if difference.kind is DifferenceKind.DENIAL and not difference.claim:
        return Phrase(
            id=f"teks ini membantah ({difference.text})", en=f"this text denies or corrects ({difference.text})"
        )
    if difference.kind is DifferenceKind.DENIAL:
        word = difference.claim.removeprefix("tidak ")
        return Phrase(
            id=f"klaim dan teks berlawanan soal “{word}”: yang satu menyangkalnya",
            en=f"claim and text contradict each other on “{word}”: one of them denies it",
        )
    if not difference.text:
        return Phrase(
            id=f"{id_name} dalam klaim tidak disebut: {difference.claim}",
            en=f"{en_name}: the claim says {difference.claim}, this text does not",
        )
    if not difference.claim:
        return Phrase(
            id=f"{id_name} tambahan: {difference.text}", en=f"{en_name}: only this text says {difference.text}"
        )
    return Phrase(
        id=f"{id_name} berbeda: klaim “{difference.claim}”, teks “{difference.text}”",
        en=f"{en_name} differs: the claim says “{difference.claim}”, this text “{difference.text}”",
    )
