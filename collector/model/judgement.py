"""What a judge observed in an item. A lead, never a verdict of our own."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from collector.model.phrase import Phrase
from collector.model.source import Source
from collector.model.topic import Match

if TYPE_CHECKING:
    from collector.model.claim import ClaimMatch


class Stance(StrEnum):
    """What an item does with a claim."""

    SPREAD = "spread"
    DEBUNK = "debunk"
    NEWS = "news"
    SATIRE = "satire"


class Verdict(StrEnum):
    """A fact-checker's finding, in the one vocabulary used everywhere."""

    FALSE = "false"
    MISLEADING = "misleading"
    SCAM = "scam"
    SATIRE = "satire"
    TRUE = "true"
    UNPROVEN = "unproven"


class Signal(NamedTuple):
    """One observation. ``points`` may be negative (a reason for trust); ``words`` are the spellings it rests on.

    No dataclass: six are made for every item, and a frozen one takes three times as long.
    """

    name: str
    points: float
    reason: Phrase
    words: tuple[str, ...] = ()


START = "source"
"""Name of the signal that holds what a text begins with before it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a judge may know besides the entry itself. ``known`` is the checked claim that the entry repeats, where
    the store of checked claims was asked and is sure; ``similar`` one that it only resembles."""

    source: Source
    matches: tuple[Match, ...]
    now: datetime
    known: ClaimMatch | None = None
    similar: ClaimMatch | None = None


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class Judgement:
    """``points`` is the sum of the signals, never below 0; ``suspicion`` the same in 0..1 (6 points are 0.5).

    ``verdict`` is set only where a fact-checker's own label says so.
    """

    stance: Stance
    points: float
    suspicion: float
    signals: tuple[Signal, ...]
    judge: str
    judge_version: str
    verdict: Verdict | None = None

    def __init__(
        self,
        *,
        stance: Stance,
        points: float,
        suspicion: float,
        signals: tuple[Signal, ...],
        judge: str,
        judge_version: str,
        verdict: Verdict | None = None,
    ) -> None:
        """Written out, as that of :class:`Signal` is."""
        if not 0.0 <= suspicion <= 1.0:
            raise ValueError(f"suspicion must lie in 0..1, not {suspicion}")
        _set_stance(self, stance)
        _set_sum(self, points)
        _set_suspicion(self, suspicion)
        _set_signals(self, signals)
        _set_judge(self, judge)
        _set_version(self, judge_version)
        _set_verdict(self, verdict)

    @property
    def findings(self) -> tuple[Signal, ...]:
        """What was found in the text itself and speaks for its score, the strongest first. What it began with is no
        finding, nor is a reason for trust."""
        found = (signal for signal in self.signals if signal.name != START and signal.points >= 0)
        return tuple(sorted(found, key=lambda signal: -signal.points))


_set_stance, _set_sum, _set_suspicion, _set_signals, _set_judge, _set_version, _set_verdict = (
    vars(Judgement)[one.name].__set__ for one in fields(Judgement)
)
