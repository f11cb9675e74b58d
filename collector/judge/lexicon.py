"""The first judge: words, style and links, by a list that everybody can read (``collector/data/lexicon.yaml``). Pure.

    entry, context -> page (views of the text) -> stance -> points = groups (capped) + combinations - reasons for trust

One Aho-Corasick pass over literal triggers decides which of the patterns are tried at all: on news hardly any.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from collector.judge import signs
from collector.judge.page import OPENING_CHARS, Page
from collector.judge.rules import CAPS_RUN, LINK_RULES, RULES, Facts, any_digit, leet_words
from collector.judge.signs import ALWAYS, Group, Lexicon, Pattern, Sign, When
from collector.judge.stance import SPREADS, Seen, Worth, stance_of
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement, Signal
from collector.model.lazy import lazy
from collector.model.phrase import Later, Phrase
from collector.model.source import Role

Hit = tuple[Sign, tuple[str, ...]]
Finds = dict[str, list[Hit]]  # by group

_SOCIAL = Role.SOCIAL
MAX_WORDS = 3  # shown per signal
MAX_WORD_CHARS = 60
_LONG_NUMBER = re.compile(r"\+?\d[\d .-]{6,}\d")
_ACCOUNT = re.compile(r"(?<!\w)@\w[\w.]+|[\w.+-]+@[\w-]+\.[\w.]+")


class Look(NamedTuple):
    """An item through the lexicon: its views and links, its stance, and every signal (none but the marker's where
    ``seen.scored`` is False). ``marked``: words stand in it that could make an article a debunk or a denial."""

    facts: Facts
    seen: Seen
    signals: tuple[Signal, ...]
    worth: Worth
    marked: bool


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
        look = self.look(entry, context)
        points = round(max(0.0, sum(signal.points for signal in look.signals)), 2)
        return Judgement(
            stance=look.seen.stance,
            points=points,
            suspicion=self.lexicon.suspicion(points),
            signals=look.signals,
            judge=self.name,
            judge_version=self.version,
            verdict=look.seen.verdict,
        )

    def look(self, entry: Entry, context: Context) -> Look:
        """What the lexicon sees, before anything is summed: for judges that know more."""
        page = Page.of(entry)
        facts = Facts(entry=entry, context=context, page=page, lexicon=self.lexicon)
        triggers = self._triggers.found_in(page)
        candidates = triggers.candidates
        if context.source.role is _SOCIAL and candidates.isdisjoint(self._post_markers):
            seen = SPREADS
        else:
            seen = stance_of(facts, triggers.worth)
        signals = self._scored(facts, triggers) if seen.scored else ()
        if seen.marker:
            signals = (self.marker(seen), *signals)
        return Look(facts, seen, signals, triggers.worth, not candidates.isdisjoint(self._article_markers))

    @lazy
    def _triggers(self) -> Triggers:
        """Numbered like ``_signs``; the patterns of trust and markers follow."""
        markers = self.lexicon.markers
        signs_with_patterns = [sign.pattern for _, sign in self._signs]
        trust = [sign.pattern for sign in self.lexicon.trust]
        others = (
            markers.label,
            markers.phrase,
            *markers.body,
            markers.clarifications,
            markers.satire,
            markers.gambling,
        )
        return Triggers((*signs_with_patterns, *trust, *others))

    @lazy
    def _article_markers(self) -> frozenset[int]:
        markers = self.lexicon.markers
        return self._triggers.numbers_of(markers.label, markers.phrase, markers.clarifications, *markers.body)

    @lazy
    def _post_markers(self) -> frozenset[int]:
        markers = self.lexicon.markers
        return self._triggers.numbers_of(markers.label, markers.satire, markers.gambling)

    @lazy
    def _signs(self) -> tuple[tuple[str, Sign], ...]:
        """With their groups; those that ask for another group's find come last."""
        every = [(group.id, sign) for group in self.lexicon.groups for sign in group.signs]
        return tuple(sorted(every, key=lambda entry: bool(entry[1].when.groups)))

    def marker(self, seen: Seen) -> Signal:
        """The signal that says why it got its stance."""
        return _signal(seen.marker, 0.0, self.lexicon.markers.reasons[seen.marker], seen.words)

    def _scored(self, facts: Facts, triggers: Found) -> tuple[Signal, ...]:
        found = self._by_group(facts, triggers)
        if not found:
            return ()
        signals = [
            signal
            for group in self.lexicon.groups
            if group.id in found
            for signal in _capped(group, found[group.id], facts)
        ]
        signals += [
            _signal(combo.id, combo.points, combo.reason, ())
            for combo in self.lexicon.combos
            if combo.groups <= found.keys()
        ]
        signals += [
            _signal(sign.id, sign.points, sign.reason, words)
            for sign in self.lexicon.trust
            if (sign.pattern is None or triggers.worth(sign.pattern)) and (words := _words(sign, facts))
        ]
        return tuple(signals)

    def _by_group(self, facts: Facts, triggers: Found) -> Finds:
        """What each group found."""
        found: Finds = {}
        signs = self._signs
        tried = [number for number in triggers.candidates if number < len(signs)]
        if facts.shouts >= CAPS_RUN:
            tried += self._caps_rules
        if any_digit(facts):
            tried += self._digit_rules
        if facts.links:
            tried += self._link_rules
        if not tried:
            return found
        tried.sort()
        for number in tried:
            group, sign = signs[number]
            when = sign.when
            if when.groups and when.groups.isdisjoint(found):
                continue
            words = _words(sign, facts)
            if words and (when is ALWAYS or _applies(when, facts)):
                found.setdefault(group, []).append((sign, words))
        return found

    @lazy
    def _caps_rules(self) -> list[int]:
        """Whatever needs no link and no digit."""
        others = LINK_RULES.union(("", leet_words.__name__))
        return [i for i, (_, sign) in enumerate(self._signs) if sign.rule not in others]

    @lazy
    def _digit_rules(self) -> list[int]:
        return [i for i, (_, sign) in enumerate(self._signs) if sign.rule == leet_words.__name__]

    @lazy
    def _link_rules(self) -> list[int]:
        return [i for i, (_, sign) in enumerate(self._signs) if sign.rule in LINK_RULES]


# ---------------------------------------------------------------- which patterns are worth trying


class Found(NamedTuple):
    """The numbers of the patterns whose literals all stand in one text."""

    numbers: Mapping[Pattern, int]
    candidates: Set[int]

    def worth(self, pattern: Pattern) -> bool:
        return self.numbers[pattern] in self.candidates


class Triggers:
    """The literals of all patterns in one automaton. The few patterns that read the text as written are asked one by
    one. None holds the number of something that is no pattern."""

    def __init__(self, patterns: Sequence[Pattern | None]) -> None:
        self._numbers = {pattern: number for number, pattern in enumerate(patterns) if pattern is not None}
        literals: dict[str, int] = {}
        by_literal: dict[int, list[tuple[int, tuple[frozenset[int], ...]]]] = defaultdict(list)
        for pattern, number in self._numbers.items():
            if pattern.view == "raw":
                continue
            groups = [frozenset(literals.setdefault(one, len(literals)) for one in group) for group in pattern.needs]
            for literal in groups[0]:
                by_literal[literal].append((number, tuple(groups[1:])))
        self._by_literal = dict(by_literal)
        raw = [(pattern, number) for pattern, number in self._numbers.items() if pattern.view == "raw"]
        self._marks: dict[str, list[tuple[str, int]]] = {}  # by their first sign
        for pattern, number in raw:
            for mark in filter(str.isascii, _marks(pattern)):
                self._marks.setdefault(mark[0], []).append((mark, number))
        self._rare_marks = [(mark, number) for pattern, number in raw for mark in _marks(pattern) if not mark.isascii()]
        self._rare = [(pattern, number) for pattern, number in raw if not pattern.needs]
        self._automaton = BytesAhoCorasick(
            [literal.encode("ascii") for literal in literals], implementation=Implementation.ContiguousNFA
        )

    def numbers_of(self, *patterns: Pattern) -> frozenset[int]:
        return frozenset(self._numbers[pattern] for pattern in patterns)

    def found_in(self, page: Page) -> Found:
        hits = set(map(_FIRST, self._automaton.find_matches_as_indexes(page.spaced, overlapping=True)))
        candidates: set[int] = set()
        for literal in hits:
            for number, others in self._by_literal.get(literal, ()):
                if not others or all(not group.isdisjoint(hits) for group in others):
                    candidates.add(number)
        raw = page.raw
        for sign, marks in self._marks.items():
            if sign in raw:
                candidates.update([number for mark, number in marks if mark in raw])
        if page.foreign and page.exotic:
            foreign = page.foreign
            candidates.update([number for mark, number in self._rare_marks if mark in foreign])
            candidates.update([number for pattern, number in self._rare if pattern.regex.search(foreign)])
        return Found(self._numbers, candidates)


_FIRST = itemgetter(0)


def _marks(pattern: Pattern) -> Sequence[str]:
    """The literals of a pattern that reads the text as written; one without any looks for seldom seen letters."""
    return pattern.needs[0] if pattern.needs else ()


# ---------------------------------------------------------------- one signal


def _words(sign: Sign, facts: Facts) -> tuple[str, ...]:
    """What the signal rests on; empty where it does not hold."""
    if sign.pattern is None:
        return RULES[sign.rule](facts)
    return _surfaces(sign.pattern, facts.page)


def _surfaces(pattern: Pattern, page: Page) -> tuple[str, ...]:
    if pattern.view == "raw":
        text, end = page.raw, len(page.raw)
        spelling = text
    else:
        text, spelling = page.lower, page.plain
        end = page.title_length if pattern.view == "title" else len(text)
        if pattern.view == "opening":
            end = OPENING_CHARS
    return tuple([spelling[found.start() : found.end()] for found in pattern.regex.finditer(text, 0, end)])


def _applies(when: When, facts: Facts) -> bool:
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


def _capped(group: Group, hits: Sequence[Hit], facts: Facts) -> Iterator[Signal]:
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
    shown = tuple(dict.fromkeys(map(_shown, words)))[:MAX_WORDS]
    return Signal(name, points, Later(_quoting, reason, shown) if shown else reason, shown)


def _quoting(reason: Phrase, words: tuple[str, ...]) -> tuple[str, str]:
    quoted = ", ".join(f"“{word}”" for word in words)
    return reason.id.replace("{words}", quoted), reason.en.replace("{words}", quoted)


def _shown(word: str) -> str:
    """Short, on one line, and without numbers and accounts that could be a person's."""
    plain = " ".join(word[: 2 * MAX_WORD_CHARS].split())
    if not plain.replace(" ", "").isalpha():
        plain = _ACCOUNT.sub("@…", _LONG_NUMBER.sub("…", plain))
    return plain if len(plain) <= MAX_WORD_CHARS else plain[: MAX_WORD_CHARS - 1] + "…"
