"""From points to a number between 0 and 1, and how good such numbers are. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Curve:
    """Knots (points, suspicion), both rising; straight lines between them, flat outside."""

    knots: tuple[tuple[float, float], ...]
    _points: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.knots) < 2:
            raise ValueError("a curve needs two knots")
        for (points, suspicion), (more, higher) in pairwise(self.knots):
            if more <= points or higher < suspicion:
                raise ValueError("the knots of a curve must rise")
        if self.knots[0][1] < 0 or self.knots[-1][1] > 1:
            raise ValueError("suspicion lies in 0..1")
        object.__setattr__(self, "_points", tuple(points for points, _ in self.knots))

    def suspicion(self, points: float) -> float:
        """0..1, rising with the points."""
        knots = self.knots
        if points <= knots[0][0]:
            return knots[0][1]
        if points >= knots[-1][0]:
            return knots[-1][1]
        at = bisect_right(self._points, points)
        (left, low), (right, high) = knots[at - 1], knots[at]
        return low + (high - low) * (points - left) / (right - left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well scores part claims from news. ``area`` is the ROC area, ``recall_at_5`` the share of claims above the
    score that 5 % of news exceed, ``caught`` and ``false_alarms`` the shares at 0.5 and above, ``error`` the expected
    calibration error over ten bins of equal width (share of claims against mean suspicion, weighted by size)."""

    claims: int
    news: int
    area: float
    recall_at_5: float
    caught: float
    false_alarms: float
    error: float


def quality(scores: Sequence[float], is_claim: Sequence[bool], *, working_point: float = 0.5) -> Quality:
    """Raises ValueError unless there are both claims and news."""
    claims = [score for score, claim in zip(scores, is_claim, strict=True) if claim]
    news = [score for score, claim in zip(scores, is_claim, strict=True) if not claim]
    if not claims or not news:
        raise ValueError("measuring needs both claims and news")
    return Quality(
        claims=len(claims),
        news=len(news),
        area=roc_area(claims, news),
        recall_at_5=recall_at(claims, news, 0.05),
        caught=sum(score >= working_point for score in claims) / len(claims),
        false_alarms=sum(score >= working_point for score in news) / len(news),
        error=calibration_error(scores, is_claim),
    )


def roc_area(claims: Sequence[float], news: Sequence[float]) -> float:
    """The chance that a claim scores above a news item, ties counted half (Mann-Whitney U)."""
    ranked = sorted([(score, 1) for score in claims] + [(score, 0) for score in news])
    total, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        total += (at + end + 1) / 2 * sum(claim for _, claim in ranked[at:end])
        at = end
    return (total - len(claims) * (len(claims) + 1) / 2) / (len(claims) * len(news))


def recall_at(claims: Sequence[float], news: Sequence[float], false_alarms: float) -> float:
    """The share of claims above the score that this share of news exceeds."""
    limit = above(news, false_alarms)
    return sum(score > limit for score in claims) / len(claims)


def above(news: Sequence[float], share: float) -> float:
    """The lowest score that at most this share of news exceeds."""
    return sorted(news, reverse=True)[int(len(news) * share)]


def calibration_error(scores: Sequence[float], is_claim: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error (Naeini, Cooper, Hauskrecht 2015)."""
    sums = [0.0] * bins
    hits = [0] * bins
    for score, claim in zip(scores, is_claim, strict=True):
        at = min(bins - 1, int(score * bins))
        sums[at] += score
        hits[at] += claim
    return sum(abs(total - hit) for total, hit in zip(sums, hits, strict=True)) / len(scores)
