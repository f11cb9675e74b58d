"""Who speaks with a voice of their own, and who passes on a copy. Pure.

Agencies' texts run in a dozen outlets with a word or two changed. Two texts are one voice where most of their runs of
three words are the same: shingles and resemblance after Broder 1997, "On the resemblance and containment of documents".
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TypeAlias

RUN = 3  # words of a shingle
SAME_FROM = 0.6  # resemblance (Jaccard) of one text's shingles with another's
ASKED = 32  # voices of an issue that are compared: the latest, since copies come close together
MAX_WORDS = 60


Shingles: TypeAlias = "array[int]"
"""Sorted hashes, each once: an eighth of the memory of a set, and there are many."""


def shingles(plain: str) -> Shingles:
    """Hashes of the runs of three words of a text in plain spelling (its first 60 words); a shorter text is one run."""
    words = plain.split()[:MAX_WORDS]
    if len(words) <= RUN:
        return array("q", (hash(tuple(words)),))
    return array("q", sorted({hash(tuple(words[at : at + RUN])) for at in range(len(words) - RUN + 1)}))


def resemblance(one: Shingles, other: Shingles) -> float:
    """Jaccard index, 0..1."""
    both = len(set(one).intersection(other))
    return both / (len(one) + len(other) - both) if both else 0.0


@dataclass(slots=True)
class Choir:
    """The voices of one issue, numbered from 1."""

    count: int = 0
    _latest: list[tuple[int, Shingles]] = field(default_factory=list)

    def number(self, plain: str) -> int:
        """The voice of one more text: an earlier one that it copies, or the next number."""
        own = shingles(plain)
        for voice, theirs in reversed(self._latest):
            if resemblance(own, theirs) >= SAME_FROM:
                return voice
        return self.take(self.count + 1, own)

    def take(self, voice: int, own: Shingles) -> int:
        """Note a text under a number given before."""
        self.count = max(self.count, voice)
        self._latest.append((voice, own))
        del self._latest[:-ASKED]
        return voice

    def join(self, other: Choir) -> None:
        """Let the voices of another sing along, numbered behind its own."""
        shift, self.count = self.count, self.count + other.count
        self._latest = [*self._latest, *((shift + voice, own) for voice, own in other._latest)][-ASKED:]
