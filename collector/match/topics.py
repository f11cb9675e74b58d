"""Which topics a text speaks of, and by which words. Pure.

    title, text --fold--> plain spelling --one Aho-Corasick pass for all topics--> found terms --decide--> matches

Texts with mixed tokens (r4kyat) or letters spelled out (j.u.d.o.l) get one more pass each. The rules for the lists of
a topic stand at the head of ``collector/data/topics.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from collector.match.text import (
    Folded,
    Offsets,
    back,
    fold,
    joined,
    kinds,
    mixed_tokens,
    spelled_out,
    with_marks,
    words,
)
from collector.model.lazy import lazy
from collector.model.topic import AmbiguousTerm, Match, Span, Topic

ELECTION_GROUP = "election"
CLITICS = ("nya", "ku", "mu", "lah", "kah", "pun")
CLITICS_FROM = 4  # letters of a single word
MANY_TOKENS = 5
MAX_SPANS = 20  # per topic and item: enough to show why
MAX_PLACES = 50  # of one term in one item; a title of 300,000 characters repeats it 40,000 times
_SEPARATOR = " \n "
_TAILS = (" ", *(clitic + " " for clitic in CLITICS))
_OPEN = 0  # nothing to trim, but what follows must be one of _TAILS

Place = tuple[int, int]  # start and end in the folded title and text together
Found = dict[int, list[Place]]  # where each term stands


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is searched. ``literal``: the exact folded spelling that must stand there, where punctuation
    matters (``j*d*l``, ``ppn 12%``); ``before`` is how many of its signs stand before its first letter. A ``disguise``
    is looked for as it is written, never in de-leeted or joined text."""

    term: str
    literal: str = ""
    before: int = 0
    disguise: bool = False


Key = int  # a term's number in the index: sets of numbers are compared for every item


@dataclass(frozen=True, slots=True)
class Conditional:
    """An ambiguous term with what must and what must not stand in the same item."""

    key: Key
    context: frozenset[Key]
    exclude: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Watched:
    """A topic, compiled. ``home`` are its Indonesian institutions and persons, which lift ``foreign``."""

    id: str
    outright: frozenset[Key]
    conditional: Mapping[Key, list[Conditional]]
    exclude: frozenset[Key]
    home: frozenset[Key]
    foreign: frozenset[Key]
    strengtheners: tuple[re.Pattern[str], ...]


class TopicMatcher:
    """Implements :class:`collector.match.base.Matcher` for a fixed list of topics. Built when first asked."""

    def __init__(
        self, topics: Sequence[Topic], *, leet_keep: frozenset[str], foreign_context: Sequence[str] = ()
    ) -> None:
        self._topics = tuple(topics)
        self._leet_keep = leet_keep
        self._foreign_context = tuple(foreign_context)

    @lazy
    def _compiled(self) -> Compiled:
        return Compiled(self._topics, self._foreign_context)

    def matches(self, title: str, text: str) -> tuple[Match, ...]:
        """See :meth:`collector.match.base.Matcher.matches`. Only the first 20,000 characters of each are read."""
        head, body = fold(title), fold(text)
        plain = head.text + _SEPARATOR + body.text
        compiled = self._compiled
        found = self._found(plain, compiled.index)
        touched = {number for key in found if key in compiled.triggers for number in compiled.triggers[key]}
        if not touched:
            return ()
        decider = Decider(found, plain, compiled.index.terms, Locator(head, body))
        decided = (decider.match(compiled.topics[number]) for number in sorted(touched))
        return tuple(match for match in decided if match is not None)

    def _found(self, plain: str, index: Index) -> Found:
        found: Found = {}
        index.search(plain, found)
        signs = kinds(plain)
        mixed = list(mixed_tokens(plain, signs, self._leet_keep)) if b"1" in signs else ()
        if mixed:
            for start, window in _undisguised(plain, mixed, index.longest):
                index.search(window, found, disguised=True, shift=start)
        if spelled_out(signs):
            readable, offsets = joined(plain)
            if readable != plain:
                index.search(readable, found, disguised=True, offsets=offsets)
        return found


def _undisguised(plain: str, tokens: Sequence[tuple[int, int, str]], reach: int) -> Iterator[tuple[int, str]]:
    """The text around mixed tokens, read as words, and where it begins: the whole text where they are many.

    ``reach`` is the length of the longest term: of several words, one may be the mixed token.
    """
    letters = list(plain)
    for start, end, word in tokens:
        letters[start:end] = word
    readable = "".join(letters)
    if len(tokens) > MANY_TOKENS:
        yield 0, readable
        return
    for start, end, _ in tokens:
        opening = readable.rfind(" ", 0, max(start - reach, 0)) + 1
        closing = readable.find(" ", min(end + reach, len(readable)))
        yield opening, readable[opening : closing if closing >= 0 else None]


class Compiled:
    """Topics made ready: their terms as numbers, one automaton for all, and which term concerns which topic."""

    def __init__(self, topics: Sequence[Topic], foreign_context: Sequence[str]) -> None:
        numbers: dict[Term, Key] = {}

        def keys(terms: Iterable[Term]) -> frozenset[Key]:
            return frozenset(numbers.setdefault(term, len(numbers)) for term in terms)

        foreign = keys(_plain_terms(foreign_context))
        self.topics = tuple(_watched(topic, foreign, keys) for topic in topics)
        self.index = Index(tuple(numbers))
        triggers: dict[Key, list[int]] = {}
        for number, topic in enumerate(self.topics):
            for key in topic.outright.union(topic.conditional):
                triggers.setdefault(key, []).append(number)
        self.triggers: Mapping[Key, list[int]] = triggers


class Index:
    """All terms, contexts and exclusions of all topics in one automaton.

    A pattern is a term with a space before it and, where nothing may follow, one behind it: most of what merely begins
    like a term never leaves the automaton.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = terms
        self.longest = max((len(term.term) for term in terms), default=0)
        patterns: dict[str, list[tuple[Key, int]]] = {}
        for key, term in enumerate(terms):
            for spelling, trim in _spellings(term):
                patterns.setdefault(spelling, []).append((key, trim))
        self._keys = tuple(tuple(group) for group in patterns.values())
        # measured with 1,750 patterns on 1 KB: contiguous 12 us and built in 2 ms, DFA 24 us (cache misses) and 15 ms
        self._automaton = AhoCorasick(list(patterns), store_patterns=False, implementation=Implementation.ContiguousNFA)

    def search(
        self,
        plain: str,
        found: Found,
        *,
        disguised: bool = False,
        shift: int = 0,
        offsets: Offsets | None = None,
    ) -> None:
        """Add to ``found`` where each term stands in ``plain``. Places are moved by ``shift`` or ``offsets``."""
        spaced = words(plain)
        for number, start, stop in self._automaton.find_matches_as_indexes(spaced, overlapping=True):
            for key, trim in self._keys[number]:
                if trim == _OPEN and not spaced.startswith(_TAILS, stop):
                    continue
                term = self.terms[key]
                if term.literal and not _literally(term, plain, start, disguised):
                    continue
                place = (start + shift, stop - 1 - trim + shift)
                if term.literal:
                    place = (place[0] - term.before, place[0] - term.before + len(term.literal))
                if offsets:
                    place = offsets.span(*place)
                places = found.get(key)
                if places is None:
                    found[key] = [place]
                elif len(places) < MAX_PLACES and place not in places:
                    places.append(place)


def _literally(term: Term, plain: str, start: int, disguised: bool) -> bool:
    if disguised and term.disguise:
        return False
    return start >= term.before and plain.startswith(term.literal, start - term.before)


class Locator:
    """From places in folded title and text back to the original characters."""

    def __init__(self, head: Folded, body: Folded) -> None:
        self._head, self._body = head, body
        self._body_from = len(head.text) + len(_SEPARATOR)

    @lazy
    def _head_steps(self) -> tuple[Offsets, ...]:
        return self._head.way_back()

    @lazy
    def _body_steps(self) -> tuple[Offsets, ...]:
        return self._body.way_back()

    def span(self, term: str, place: Place) -> Span:
        start, end = place
        if start < self._body_from:
            start, end = back(self._head_steps, start, end)
            field, original = "title", self._head.original
        else:
            start, end = back(self._body_steps, start - self._body_from, end - self._body_from)
            field, original = "text", self._body.original
        end = with_marks(original, end)
        return Span(term=term, field=field, start=start, end=end, surface=original[start:end])


# ---------------------------------------------------------------- deciding


@dataclass(frozen=True, slots=True)
class Decider:
    """What was found in one item, and the rules by which a topic makes a match of it."""

    found: Found
    plain: str
    terms: Sequence[Term]
    locator: Locator

    def match(self, topic: Watched) -> Match | None:
        """The topic's match, with the words that decided, or None."""
        masks = [place for key in topic.exclude if key in self.found for place in self.found[key]]
        hits = {place: key for key in topic.outright.intersection(self.found) for place in self._places(key, masks)}
        for key in self.found.keys() & topic.conditional.keys():
            for conditional in topic.conditional[key]:
                hits.update(self._conditional(conditional, masks))
        if not hits or self._foreign(topic):
            return None
        named = [(place, self.terms[key].term) for place, key in hits.items()]
        named.extend((name.span(), name[0]) for pattern in topic.strengtheners for name in pattern.finditer(self.plain))
        return Match(topic_id=topic.id, spans=tuple(self.locator.span(term, place) for place, term in _shown(named)))

    def _conditional(self, term: Conditional, masks: Sequence[Place]) -> Iterator[tuple[Place, Key]]:
        """An ambiguous term and the first word of context that makes it count."""
        if not term.exclude.isdisjoint(self.found):
            return
        places = self._places(term.key, masks)
        context = [
            (place, key)
            for key in term.context.intersection(self.found)
            for place in self._places(key, masks)
            if place not in places
        ]
        if places and context:
            yield min(context)
            for place in places:
                yield place, term.key

    def _places(self, key: Key, masks: Sequence[Place]) -> Sequence[Place]:
        """Where a term stands outside the topic's masked phrases."""
        places = self.found[key]
        if not masks:
            return places
        return [place for place in places if not any(place[0] < mask[1] and mask[0] < place[1] for mask in masks)]

    def _foreign(self, topic: Watched) -> bool:
        return not topic.foreign.isdisjoint(self.found) and topic.home.isdisjoint(self.found)


def _shown(hits: Iterable[tuple[Place, str]]) -> list[tuple[Place, str]]:
    """In order of position, the longest of those that overlap, at most MAX_SPANS."""
    shown: list[tuple[Place, str]] = []
    for place, term in sorted(hits, key=lambda hit: (hit[0][0], -hit[0][1])):
        if not shown or place[0] >= shown[-1][0][1]:
            shown.append((place, term))
            if len(shown) == MAX_SPANS:
                break
    return shown


# ---------------------------------------------------------------- compiling


def _watched(topic: Topic, foreign: frozenset[Key], keys: Callable[[Iterable[Term]], frozenset[Key]]) -> Watched:
    return Watched(
        id=topic.id,
        outright=keys((*_plain_terms(topic.strong), *_disguises(topic.slang), *_hashtags(topic.hashtags))),
        conditional=_conditionals(topic.ambiguous, keys),
        exclude=keys(_plain_terms(topic.exclude)),
        home=keys(_plain_terms((*_institutions(topic.institutions), *_persons(topic.persons)))),
        foreign=foreign if topic.group == ELECTION_GROUP else frozenset(),
        strengtheners=tuple(re.compile(pattern) for pattern in topic.regex_names),
    )


def _conditionals(
    terms: Iterable[AmbiguousTerm], keys: Callable[[Iterable[Term]], frozenset[Key]]
) -> Mapping[Key, list[Conditional]]:
    """By term: the same one may be listed twice, with other contexts."""
    by_key: dict[Key, list[Conditional]] = {}
    for term in terms:
        context, exclude = keys(_plain_terms(term.context_any)), keys(_plain_terms(term.exclude))
        for key in keys(_plain_terms((term.term,))):
            by_key.setdefault(key, []).append(Conditional(key=key, context=context, exclude=exclude))
    return by_key


def _plain_terms(terms: Iterable[str]) -> Iterator[Term]:
    for term in terms:
        plain = fold(term).text
        if words(plain).strip():
            exact = plain if re.search(r"[^\w\s\-'./()]", plain) else ""
            yield Term(term=plain, literal=exact, before=_signs_before(plain) if exact else 0)


def _disguises(terms: Iterable[str]) -> Iterator[Term]:
    for term in terms:
        plain = fold(term).text
        if words(plain).strip():
            yield Term(term=plain, literal=plain, before=_signs_before(plain), disguise=True)


def _hashtags(tags: Iterable[str]) -> Iterator[Term]:
    return _disguises("#" + tag.removeprefix("#") for tag in tags)


def _signs_before(plain: str) -> int:
    spaced = words(plain)[1:]
    return len(spaced) - len(spaced.lstrip())


def _institutions(names: Iterable[str]) -> Iterator[str]:
    """``Badan Gizi Nasional (BGN)`` is two names, ``KPU RI`` also goes by KPU."""
    for name in names:
        for part in re.split(r"\s*[()]\s*|\s+/\s+", name):
            if part:
                yield part
                short = re.match(r"[A-Z]{3,}\b", part)
                if short:
                    yield short[0]


def _persons(names: Iterable[str]) -> Iterator[str]:
    """A pair of candidates (``Anies Baswedan - Muhaimin Iskandar``) is two persons."""
    for name in names:
        yield from (part for part in name.split(" - ") if part)


def _spellings(term: Term) -> Iterator[tuple[str, int]]:
    """How a term stands in spaced text, and how many characters at the end of that are not the term (or _OPEN)."""
    spaced = " " + words(term.term).strip()
    if not term.literal and len(spaced) > CLITICS_FROM and spaced[1:].isalpha():
        yield spaced, _OPEN
        return
    yield spaced + " ", 1
    if term.term == "rp":  # "Rp600 ribu" names money as well as "Rp 600 ribu"
        for digit in "0123456789":
            yield spaced + digit, 1
