"""Two configurations over the same past: what only one of them would have told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from collector.rehearsal.episode import Episode, Timeline

Key = TypeVar("Key")
FOREVER = timedelta(days=36500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The same alarm in both."""

    first: Episode
    second: Episode

    @property
    def same_times(self) -> bool:
        return (self.first.opened_at, self.first.ended_at) == (self.second.opened_at, self.second.ended_at)

    @property
    def later_by(self) -> timedelta:
        """How much later the second opened (negative: earlier)."""
        return self.second.opened_at - self.first.opened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """In order of opening."""

    only_first: tuple[Episode, ...]
    only_second: tuple[Episode, ...]
    pairs: tuple[Pair, ...]

    @property
    def moved(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if not pair.same_times)


def compare(first: Timeline, second: Timeline) -> Comparison:
    """Alerts are the same where rule and topic are and they were open at the same time. What is left of rules that only
    one side has is then paired by topic and by what is counted: a renamed rule is no change of its alerts."""
    pairs, left, right = _paired(first.episodes, second.episodes, lambda episode: episode.alert.key)
    named = {episode.rule for episode in first.episodes} & {episode.rule for episode in second.episodes}
    lone_left = [episode for episode in left if episode.rule not in named]
    lone_right = [episode for episode in right if episode.rule not in named]
    more, lone_left, lone_right = _paired(
        lone_left, lone_right, lambda episode: (episode.subject, episode.alert.measure)
    )
    return Comparison(
        only_first=_in_order([episode for episode in left if episode.rule in named] + lone_left),
        only_second=_in_order([episode for episode in right if episode.rule in named] + lone_right),
        pairs=tuple(sorted(pairs + more, key=lambda pair: pair.first.opened_at)),
    )


def _paired(
    first: Sequence[Episode], second: Sequence[Episode], key: Callable[[Episode], Key]
) -> tuple[list[Pair], list[Episode], list[Episode]]:
    """Pairs, and what is left on either side. Of several that overlap, the one nearest in opening is taken."""
    pairs: list[Pair] = []
    left: list[Episode] = []
    right = list(second)
    for episode in first:
        same = [other for other in right if key(other) == key(episode) and _together(episode, other)]
        if not same:
            left.append(episode)
            continue
        nearest = min(same, key=lambda other: abs(other.opened_at - episode.opened_at))
        right.remove(nearest)
        pairs.append(Pair(first=episode, second=nearest))
    return pairs, left, right


def _together(one: Episode, other: Episode) -> bool:
    return one.overlaps(other.opened_at, _end(other))


def _end(episode: Episode) -> datetime:
    return episode.ended_at or episode.opened_at + FOREVER


def _in_order(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    return tuple(sorted(episodes, key=lambda episode: (episode.opened_at, episode.rule, episode.subject.id)))
