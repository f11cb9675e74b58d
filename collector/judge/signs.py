"""The judge's data file, read and checked: signals, combinations, reasons for trust, markers, word and site lists."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any, Literal

from ahocorasick_rs import AhoCorasick, Implementation

from collector.model.judgement import Verdict
from collector.model.lazy import lazy
from collector.model.phrase import Phrase
from collector.model.source import Role

View = Literal["text", "title", "opening", "raw"]
Needs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pattern:
    """A regular expression, compiled when first tried, and what must stand in a text for it to be worth trying.

    Each is itself: two signals may look for the same words.
    """

    source: str
    needs: Needs = ()
    view: View = "text"

    @lazy
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Under which circumstances a signal counts. Empty: always."""

    roles: frozenset[Role] = frozenset()
    groups: frozenset[str] = frozenset()
    words: str = ""
    after: datetime | None = None
    unattributed: bool = False


ALWAYS = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One signal to look for, by a pattern or by a named rule."""

    id: str
    points: float
    reason: Phrase
    pattern: Pattern | None = None
    rule: str = ""
    when: When = ALWAYS
    halved: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Signals of one kind, which add at most ``cap`` points."""

    id: str
    cap: float
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combo:
    """Points for groups that found something together."""

    id: str
    points: float
    groups: frozenset[str]
    reason: Phrase


@dataclass(frozen=True, kw_only=True)
class Markers:
    """What tells a debunk, a satire, a clarification, a gambling advert and news about hoaxes.

    ``label`` and ``phrase`` hold only the literals without which ``labels`` and ``title_phrases`` are not tried.
    """

    labels: tuple[re.Pattern[str], ...]
    label: Pattern
    title_phrases: tuple[re.Pattern[str], ...]
    phrase: Pattern
    body: tuple[Pattern, ...]
    body_at_least: int
    hoax_as_subject: tuple[re.Pattern[str], ...]
    negations: re.Pattern[str]
    clarifications: Pattern
    satire: Pattern
    satire_addresses: tuple[str, ...]
    gambling: Pattern
    reasons: Mapping[str, Phrase]


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """How a fact-checker's own words become one of our verdicts."""

    labels: Mapping[str, Verdict]
    phrases: tuple[tuple[Verdict, re.Pattern[str]], ...]
    conclusion: re.Pattern[str]
    misleading_text: re.Pattern[str]


@dataclass(frozen=True, kw_only=True)
class Reporting:
    """The words by which news says who said so."""

    said: tuple[str, ...]
    offices: re.Pattern[str]
    within: int
    hedges: tuple[str, ...]

    @lazy
    def _said(self) -> AhoCorasick:
        return AhoCorasick(self.said, implementation=Implementation.ContiguousNFA)

    @lazy
    def _hedges(self) -> re.Pattern[str]:
        return _any_word(self.hedges)

    def hedged(self, lower: str) -> bool:
        """Whether one of the hedges stands there as a word: looked for as letters first, at a tenth of the cost."""
        return any(map(lower.__contains__, self.hedges)) and self._hedges.search(lower) is not None

    def said_in(self, lower: str) -> list[tuple[int, int]]:
        """Where somebody is said to have said something, in order. A third of what one regular expression costs."""
        found = self._said.find_matches_as_indexes(lower, overlapping=True)
        return sorted([(start, end) for _, start, end in found if _a_word(lower, start, end)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """Registrable domains, or hosts, by what they are."""

    official_suffixes: tuple[str, ...]
    official: frozenset[str]
    outlets: frozenset[str]
    factcheckers: tuple[str, ...]
    aggregators: frozenset[str]
    neutral: frozenset[str]
    free_hosts: tuple[str, ...]
    programme_words: tuple[str, ...]
    brands: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """The whole file. ``version`` changes with every change of it."""

    version: str
    half_at: float
    bands: tuple[tuple[str, float], ...]
    groups: tuple[Group, ...]
    combos: tuple[Combo, ...]
    trust: tuple[Sign, ...]
    markers: Markers
    verdicts: Verdicts
    reporting: Reporting
    sites: Sites
    acronyms: frozenset[str]
    leet_keep: frozenset[str]
    word_lists: Mapping[str, re.Pattern[str]]
    election_topics: frozenset[str]
    left_out: Mapping[str, str]

    def band(self, points: float) -> str:
        """The name of the band: low, watch, suspicious or high."""
        return [name for name, start in self.bands if points >= start][-1]

    def suspicion(self, points: float) -> float:
        """Points as 0..1: ``half_at`` points are 0.5, twice that 0.75, and so on."""
        return float(1.0 - 2.0 ** (-points / self.half_at))


def shipped() -> Lexicon:
    """The packaged file."""
    return read(files("collector").joinpath("data/lexicon.yaml").read_text(encoding="utf-8"))


def read(text: str) -> Lexicon:
    """Raises KeyError or ValueError for a file that is not complete: it is ours, and tested."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    tree = yaml.load(text, Loader=loader)  # noqa: S506 -- a safe loader either way
    words = tree["words"]
    return Lexicon(
        version=f"{tree['version']}-{hashlib.sha256(text.encode()).hexdigest()[:8]}",
        half_at=float(tree["half_at"]),
        bands=tuple((name, float(start)) for name, start in tree["bands"].items()),
        groups=tuple(_group(entry) for entry in tree["groups"]),
        combos=tuple(_combo(entry) for entry in tree["combos"]),
        trust=tuple(_sign(entry) for entry in tree["trust"]),
        markers=_markers(tree["markers"], tree["stance"]),
        verdicts=_verdicts(tree["verdicts"]),
        reporting=_reporting(tree["reporting"]),
        sites=_sites(tree["sites"]),
        acronyms=frozenset(tree["acronyms"]),
        leet_keep=frozenset(tree["leet_keep"]),
        word_lists={name: _any_word(words[name]) for name in ("programmes", "elections", "agencies")},
        election_topics=frozenset(words["election_topics"]),
        left_out={entry["id"]: entry["reason"] for entry in tree["left_out"]},
    )


def _group(entry: Mapping[str, Any]) -> Group:
    signs = tuple(_sign(sign, entry) for sign in entry["signals"])
    return Group(id=entry["id"], cap=float(entry["cap"]), signs=signs)


def _sign(entry: Mapping[str, Any], group: Mapping[str, Any] | None = None) -> Sign:
    """``when`` and ``halved`` of a group hold for all its signals."""
    common = group or {}
    if ("pattern" in entry) == ("rule" in entry):
        raise ValueError(f"signal {entry['id']}: exactly one of pattern and rule")
    return Sign(
        id=entry["id"],
        points=float(entry["points"]),
        reason=_phrase(entry["reason"]),
        pattern=_pattern(entry) if "pattern" in entry else None,
        rule=entry.get("rule", ""),
        when=_when({**common.get("when", {}), **entry.get("when", {})}),
        halved=entry.get("halved", common.get("halved", "")),
    )


def _pattern(entry: Mapping[str, Any]) -> Pattern:
    needs = tuple(tuple(group) for group in entry["needs"])
    return Pattern(source=entry["pattern"], needs=needs, view=entry.get("in", "text"))


def _when(entry: Mapping[str, Any]) -> When:
    after: date | None = entry.get("after")
    if not entry:
        return ALWAYS
    return When(
        roles=frozenset(Role(role) for role in entry.get("roles", ())),
        groups=frozenset(entry.get("groups", ())),
        words=entry.get("words", ""),
        after=datetime.combine(after, time(), UTC) if after else None,
        unattributed=entry.get("attributed") is False,
    )


def _combo(entry: Mapping[str, Any]) -> Combo:
    return Combo(
        id=entry["id"],
        points=float(entry["points"]),
        groups=frozenset(entry["all"]),
        reason=_phrase(entry["reason"]),
    )


def _markers(entry: Mapping[str, Any], reasons: Mapping[str, Any]) -> Markers:
    return Markers(
        labels=_compiled(entry["labels"]),
        label=Pattern(source="", needs=(tuple(entry["label_needs"]),)),
        title_phrases=_compiled(entry["title_phrases"]),
        phrase=Pattern(source="", needs=(tuple(entry["title_needs"]),)),
        body=tuple(_pattern(phrase) for phrase in entry["body_phrases"]),
        body_at_least=entry["body_at_least"],
        hoax_as_subject=_compiled(entry["hoax_as_subject"]),
        negations=re.compile(entry["negations"]),
        clarifications=Pattern(source=entry["clarifications"], needs=(tuple(entry["clarification_needs"]),)),
        satire=Pattern(source=entry["satire"], needs=(tuple(entry["satire_needs"]),)),
        satire_addresses=tuple(entry["satire_addresses"]),
        gambling=Pattern(source=entry["gambling_ad"], needs=(tuple(entry["gambling_needs"]),)),
        reasons={name: _phrase(phrase) for name, phrase in reasons.items()},
    )


def _verdicts(entry: Mapping[str, Any]) -> Verdicts:
    return Verdicts(
        labels={word: Verdict(verdict) for verdict, words in entry["labels"].items() for word in words},
        phrases=tuple((Verdict(item["verdict"]), re.compile(item["pattern"])) for item in entry["phrases"]),
        conclusion=re.compile(entry["conclusion"]),
        misleading_text=re.compile(entry["misleading_text"]),
    )


def _reporting(entry: Mapping[str, Any]) -> Reporting:
    return Reporting(
        said=(*entry["attribution"], *entry["verbs"]),
        offices=_any_word(entry["offices"]),
        within=entry["within"],
        hedges=tuple(entry["hedges"]),
    )


def _sites(entry: Mapping[str, Sequence[str]]) -> Sites:
    return Sites(
        official_suffixes=tuple(entry["official_suffixes"]),
        official=frozenset(entry["official"]),
        outlets=frozenset(entry["outlets"]),
        factcheckers=tuple(entry["factcheckers"]),
        aggregators=frozenset(entry["aggregators"]),
        neutral=frozenset(entry["neutral"]),
        free_hosts=tuple(entry["free_hosts"]),
        programme_words=tuple(entry["programme_words_in_hosts"]),
        brands=tuple(entry["brands"]),
    )


def _phrase(entry: Mapping[str, str]) -> Phrase:
    return Phrase(id=entry["id"], en=entry["en"])


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


def _a_word(text: str, start: int, end: int) -> bool:
    """Whether neither a letter nor a digit touches it."""
    return not (_WORDLY.match(text, end) or (start and _WORDLY.match(text, start - 1)))


_WORDLY = re.compile(r"\w")


def _any_word(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\b")
