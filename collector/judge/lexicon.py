"""The first judge: words, style and links, by a list that everybody can read (``collector/data/lexicon.yaml``). Pure.

    entry, context -> page (views of the text) -> stance -> points = groups (capped) + combinations - reasons for trust

One Aho-Corasick pass over literal triggers decides which of the patterns are tried at all: on news hardly any.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick, Implementation

from collector.judge import signs
from collector.judge.page import OPENING_CHARS, Page
from collector.judge.rules import RULES, Facts
from collector.judge.signs import Group, Lexicon, Pattern, Sign
from collector.judge.stance import Seen, stance_of
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement, Signal
from collector.model.phrase import Phrase

MAX_WORDS = 3  # shown per signal
MAX_WORD_CHARS = 60
_LONG_NUMBER = re.compile(r"\+?\d[\d .-]{6,}\d")
_ACCOUNT = re.compile(r"(?<!\w)@\w[\w.]+|[\w.+-]+@[\w-]+\.[\w.]+")


class LexiconJudge:
    """Implements :class:`collector.judge.base.Judge` with one lexicon."""

    name = "lexicon"

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.version = lexicon.version

    @classmethod
    def shipped(cls) -> LexiconJudge:
        """With the packaged lexicon."""
        return cls(signs.shipped())

    def band(self, points: float) -> str:
        """``low``, ``watch``, ``suspicious`` or ``high``."""
        return self.lexicon.band(points)

    def judge(self, entry: Entry, context: Context) -> Judgement:
        """See :class:`collector.judge.base.Judge`. Only the first 2,000 characters of the text are read."""
        page = Page.of(entry)
        facts = Facts(entry=entry, context=context, page=page, lexicon=self.lexicon)
        triggers = self._triggers.found_in(page)
        seen = stance_of(facts, triggers.worth)
        marker = (self._marker(seen),) if seen.marker else ()
        signals = self._scored(facts, triggers) if seen.scored else ()
        points = round(max(0.0, sum(signal.points for signal in signals)), 2)
        return Judgement(
            stance=seen.stance,
            points=points,
            suspicion=self.lexicon.suspicion(points),
            signals=(*marker, *signals),
            judge=self.name,
            judge_version=self.version,
            verdict=seen.verdict,
        )

    @cached_property
    def _triggers(self) -> Triggers:
        markers = self.lexicon.markers
        patterns = [sign.pattern for sign in self._signs() if sign.pattern]
        return Triggers((*patterns, *markers.body, markers.clarifications, markers.satire, markers.gambling))

    def _signs(self) -> Iterator[Sign]:
        for group in self.lexicon.groups:
            yield from group.signs
        yield from self.lexicon.trust

    def _marker(self, seen: Seen) -> Signal:
        return _signal(seen.marker, 0.0, self.lexicon.markers.reasons[seen.marker], seen.words)

    def _scored(self, facts: Facts, triggers: Found) -> tuple[Signal, ...]:
        found = self._by_group(facts, triggers)
        if not any(found.values()):
            return ()
        names = {group for group, hits in found.items() if hits}
        signals = [signal for group in self.lexicon.groups for signal in _capped(group, found.get(group.id, []), facts)]
        signals += [
            _signal(combo.id, combo.points, combo.reason, ()) for combo in self.lexicon.combos if combo.groups <= names
        ]
        signals += [
            _signal(sign.id, sign.points, sign.reason, words)
            for sign in self.lexicon.trust
            if (words := _words(sign, facts, triggers))
        ]
        return tuple(signals)

    def _by_group(self, facts: Facts, triggers: Found) -> dict[str, list[tuple[Sign, tuple[str, ...]]]]:
        """What each group found. Signals that ask for another group's find come second."""
        found: dict[str, list[tuple[Sign, tuple[str, ...]]]] = defaultdict(list)
        for group, sign in self._first_signs:
            self._look(group, sign, facts, triggers, found)
        for group, sign in self._second_signs:
            if any(found.get(other) for other in sign.when.groups):
                self._look(group, sign, facts, triggers, found)
        return found

    @cached_property
    def _first_signs(self) -> tuple[tuple[str, Sign], ...]:
        return tuple((group.id, sign) for group in self.lexicon.groups for sign in group.signs if not sign.when.groups)

    @cached_property
    def _second_signs(self) -> tuple[tuple[str, Sign], ...]:
        return tuple((group.id, sign) for group in self.lexicon.groups for sign in group.signs if sign.when.groups)

    def _look(
        self,
        group: str,
        sign: Sign,
        facts: Facts,
        triggers: Found,
        found: dict[str, list[tuple[Sign, tuple[str, ...]]]],
    ) -> None:
        words = _words(sign, facts, triggers)
        if words and _applies(sign, facts):
            found[group].append((sign, words))


# ---------------------------------------------------------------- which patterns are worth trying


@dataclass(frozen=True, slots=True)
class Found:
    """The patterns whose literals all stand in one text."""

    candidates: frozenset[int]

    def worth(self, pattern: Pattern) -> bool:
        return id(pattern) in self.candidates


class Triggers:
    """The literals of all patterns in one automaton, for those that read the text; the few that read it as written are
    asked one by one."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        literals: dict[str, int] = {}
        self._first: dict[int, list[tuple[int, tuple[frozenset[int], ...]]]] = defaultdict(list)
        self._raw = tuple(pattern for pattern in self._patterns if pattern.view == "raw")
        for pattern in self._patterns:
            if pattern.view == "raw":
                continue
            groups = [
                frozenset(literals.setdefault(literal, len(literals)) for literal in group) for group in pattern.needs
            ]
            for literal in groups[0]:
                self._first[literal].append((id(pattern), tuple(groups[1:])))
        self._automaton = AhoCorasick(list(literals), implementation=Implementation.ContiguousNFA)

    def found_in(self, page: Page) -> Found:
        hits = {hit[0] for hit in self._automaton.find_matches_as_indexes(page.spaced, overlapping=True)}
        candidates = {
            pattern
            for literal in hits
            if literal in self._first
            for pattern, others in self._first[literal]
            if not any(group.isdisjoint(hits) for group in others)
        }
        candidates.update(id(pattern) for pattern in self._raw if _in_raw(pattern, page.raw))
        return Found(frozenset(candidates))


def _in_raw(pattern: Pattern, raw: str) -> bool:
    """A pattern without literals looks for letters outside ASCII."""
    if not pattern.needs:
        return not raw.isascii()
    return any(literal in raw for literal in pattern.needs[0])


# ---------------------------------------------------------------- one signal


def _words(sign: Sign, facts: Facts, triggers: Found) -> tuple[str, ...]:
    """What the signal rests on; empty where it does not hold."""
    if sign.pattern is None:
        return RULES[sign.rule](facts)
    if not triggers.worth(sign.pattern):
        return ()
    return tuple(_surfaces(sign.pattern, facts.page))


def _surfaces(pattern: Pattern, page: Page) -> Iterator[str]:
    if pattern.view == "raw":
        text, end = page.raw, len(page.raw)
        spelling = text
    else:
        text, spelling = page.lower, page.plain
        end = page.title_length if pattern.view == "title" else len(text)
        if pattern.view == "opening":
            end = OPENING_CHARS
    for found in pattern.regex.finditer(text, 0, end):
        yield spelling[found.start() : found.end()]


def _applies(sign: Sign, facts: Facts) -> bool:
    when = sign.when
    if when.roles and facts.context.source.role not in when.roles:
        return False
    if when.after and (facts.entry.published_at or facts.context.now) < when.after:
        return False
    if when.words and not _has_words(when.words, facts):
        return False
    return not (when.unattributed and facts.said_by)


def _has_words(name: str, facts: Facts) -> bool:
    if name == "elections" and any(match.topic_id in facts.lexicon.election_topics for match in facts.context.matches):
        return True
    return facts.lexicon.word_lists[name].search(facts.page.lower) is not None


def _capped(group: Group, hits: list[tuple[Sign, tuple[str, ...]]], facts: Facts) -> Iterator[Signal]:
    """The group's signals, the heaviest first; what lies above the cap is taken from the lightest."""
    room = group.cap
    weighed = [(_weight(sign, facts), sign, words) for sign, words in hits]
    for weight, sign, words in sorted(weighed, key=lambda hit: -hit[0]):
        points = min(weight, room)
        room -= points
        yield _signal(sign.id, points, sign.reason, words)


def _weight(sign: Sign, facts: Facts) -> float:
    halved = (sign.halved == "hedges" and facts.hedged) or (sign.halved == "attribution" and bool(facts.said_by))
    return sign.points / 2 if halved else sign.points


def _signal(name: str, points: float, reason: Phrase, words: tuple[str, ...]) -> Signal:
    shown = tuple(dict.fromkeys(_shown(word) for word in words))[:MAX_WORDS]
    quoted = ", ".join(f"“{word}”" for word in shown)
    return Signal(
        name=name,
        points=points,
        reason=Phrase(id=reason.id.replace("{words}", quoted), en=reason.en.replace("{words}", quoted)),
        words=shown,
    )


def _shown(word: str) -> str:
    """Short, on one line, and without numbers and accounts that could be a person's."""
    plain = _ACCOUNT.sub("@…", _LONG_NUMBER.sub("…", " ".join(word.split())))
    return plain if len(plain) <= MAX_WORD_CHARS else plain[: MAX_WORD_CHARS - 1] + "…"
