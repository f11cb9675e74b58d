"""Signals that no single pattern finds: capitals, digits for letters, links, and reasons for trust. Pure.

Each rule takes what is known of an item and returns the words it rests on, none if it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from collector.judge.page import Page
from collector.judge.signs import Lexicon, Reporting
from collector.judge.sites import (
    Link,
    host_of,
    imitates,
    known,
    links,
    names_programme,
    official,
    on_free_host,
    site_of,
)
from collector.model.item import Entry
from collector.model.judgement import Context
from collector.model.lazy import lazy
from collector.model.source import Role

CAPS_LETTERS = 3  # a word shorter than this is no shout
CAPS_RUN = 3  # with fewer words in capitals no rule about them holds
CAPS_HALF = 6
CAPS_AMONG = 12  # where fewer than one character in twelve is a capital nobody shouts
LEET_LETTERS = 3  # up to this many it is a code (mp3a, b2b1), not a word
_KINDS = bytes(
    ord("A") if 65 <= code <= 90 else ord("a") if 97 <= code <= 122 else ord("1") if 48 <= code <= 57 else ord(" ")
    for code in range(256)
)
_DIGITS_INSIDE = bytes(ord("a") if 97 <= code <= 122 else ord("1") if 48 <= code <= 57 else 32 for code in range(256))
_CAPS_KINDS = re.compile(rb"AAA+(?: {1,4}AAA+){2,}")
_CAPS_ROW = re.compile(r"\b[A-Z]{3,}\b(?:[\s,.:;!?\"'&/()-]{1,4}[A-Z]{3,}\b){2,}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_SEAM = re.compile(rb"a11?a")
_LEET = re.compile(r"(?<![\w./:@=&?-])(?=[a-z0-9]{5})(?:[a-z]+[01345])+[a-z]+[0-9]?(?![\w./@=&-])")
_NAME = re.compile(r"\b[A-Z][a-z']+\s+[A-Z][a-z']+")
_BEGINS_WITH_A_NAME = re.compile(r"\s([A-Z][\w']+(?:\s[A-Z][\w']+)?)")
_ENDS_WITH_A_NAME = re.compile(r"\b([A-Z][\w']+(?:\s[A-Z][\w']+)?)\s$")
_SPEAKER_FOLLOWS = (
    "kata",
    "ujar",
    "tutur",
    "papar",
    "imbuh",
    "tandas",
    "pungkas",
    "tulis",
    "cuit",
    "menurut",
    "dikutip",
)
_DATELINE = re.compile(r"\W{0,3}[A-Z][A-Za-z]+(?:[ ,.]+[A-Z][A-Za-z.]+){0,4}(?:\s?\([^)\n]{3,20}\))?\s?[-–—]{1,2}\s")
_DATE = re.compile(r"\(\d{1,2}/\d{1,2}(?:/\d{2,4})?\)")


@dataclass(eq=False)
class Facts:
    """An item, its circumstances and the lexicon, with what several rules ask for worked out once."""

    entry: Entry
    context: Context
    page: Page
    lexicon: Lexicon

    @lazy
    def source_site(self) -> str:
        return site_of(host_of(self.context.source.url))

    @lazy
    def aggregated(self) -> bool:
        """Whether the source is a search or collection of what others publish (Google News)."""
        aggregators = self.lexicon.sites.aggregators
        return host_of(self.context.source.url) in aggregators or self.source_site in aggregators

    @lazy
    def links(self) -> tuple[Link, ...]:
        """Without those to the source's own site."""
        found = links(self.page.lower)
        if not found:
            return ()
        own = {self.source_site, site_of(host_of(self.entry.url))} - {""}
        return tuple(link for link in found if link.site not in own)

    @lazy
    def letters(self) -> bytes:
        """Per character as written ``A``, ``a``, ``1`` or a space."""
        return self.page.raw.encode("ascii", "replace").translate(_KINDS)

    @lazy
    def shouts(self) -> int:
        """At least as many as there are words in capitals."""
        return self.letters.count(b"AAA")

    @lazy
    def digits(self) -> bytes:
        """Per character of ``page.spaced`` ``a`` (a letter), ``1`` or a space."""
        return self.page.spaced.translate(_DIGITS_INSIDE)

    @lazy
    def said_by(self) -> tuple[str, ...]:
        """A reporting verb, not shouted, with a name or an office nearby."""
        reporting, page = self.lexicon.reporting, self.page
        for start, end in reporting.said_in(page.lower):
            if page.plain[start:end].isupper():
                continue
            verb = page.lower[start:end]
            before = page.plain[max(0, start - reporting.within) : start]
            after = page.plain[end : end + reporting.within]
            if who := _speaker(verb, before, after, reporting):
                return (f"{verb} … {who}",)
        return ()

    @lazy
    def hedged(self) -> bool:
        return self.lexicon.reporting.hedged(self.page.lower)


def _speaker(verb: str, before: str, after: str, reporting: Reporting) -> str | None:
    """The likeliest of those named nearby: who stands next to *mengatakan* or *sebut* on the left, to *kata* on the
    right. None where neither a name of two words nor an office is near."""
    left, right = _named(before, reporting), _named(after, reporting)
    if not left and not right:
        return None
    if verb.startswith(_SPEAKER_FOLLOWS):
        beside = _BEGINS_WITH_A_NAME.match(after)
        return beside[1] if beside else (right[0] if right else left[-1])
    beside = _ENDS_WITH_A_NAME.search(before)
    return beside[1] if beside else (left[-1] if left else right[0])


def _named(near: str, reporting: Reporting) -> list[str]:
    """Names of two words and offices, in order, as they stand there."""
    found = [*_NAME.finditer(near), *reporting.offices.finditer(near.lower())]
    return [near[one.start() : one.end()] for one in sorted(found, key=re.Match.start)]


def any_digit(facts: Facts) -> bool:
    return b"1" in (facts.digits if facts.page.foreign else facts.letters)  # beyond ASCII, too, there are digits


def caps_run(facts: Facts) -> tuple[str, ...]:
    """Three words in capitals in a row, known acronyms aside."""
    raw = facts.page.raw
    rows = [
        row[0]
        for near in _CAPS_KINDS.finditer(facts.letters)
        for row in _CAPS_ROW.finditer(raw, near.start(), near.end() + 1)
    ]
    return tuple([row for row in rows if len(_loud(row, facts)) >= CAPS_RUN])


def caps_half(facts: Facts) -> tuple[str, ...]:
    """At least half of the words in capitals, and at least six."""
    letters = facts.letters
    if facts.shouts < CAPS_HALF or letters.count(b"A") * CAPS_AMONG < len(letters):
        return ()
    long = [word for word in letters.replace(b"1", b" ").split() if len(word) >= CAPS_LETTERS]
    if 2 * sum(map(bytes.isupper, long)) < len(long):
        return ()
    words = _WORD.findall(facts.page.raw)
    loud = [word for word in words if word.isupper() and word not in facts.lexicon.acronyms]
    return (" ".join(loud[:CAPS_HALF]),) if len(loud) >= CAPS_HALF and 2 * len(loud) >= len(words) else ()


def _loud(row: str, facts: Facts) -> list[str]:
    return [word for word in _WORD.findall(row) if word not in facts.lexicon.acronyms]


def leet_words(facts: Facts) -> tuple[str, ...]:
    """Words with digits between their letters (k0rupsi), outside addresses, save those that are meant so (H5N1)."""
    if not facts.page.foreign and b"1a" not in facts.letters and b"1A" not in facts.letters:
        return ()
    kinds = facts.digits
    if b"a1a" not in kinds and b"a11a" not in kinds:
        return ()
    page, keep = facts.page, facts.lexicon.leet_keep
    words = (_LEET.match(page.lower, start) for start in _mixed(kinds))
    found = [page.plain[word.start() : word.end()] for word in words if word]
    return tuple(word for word in found if word.lower() not in keep and sum(map(str.isalpha, word)) > LEET_LETTERS)


def _mixed(kinds: bytes) -> Iterator[int]:
    """Where in the text a word with digits inside begins; ``kinds`` has one character more in front."""
    end = 0
    while (seam := _SEAM.search(kinds, end)) is not None:
        yield kinds.rfind(b" ", 0, seam.start())
        end = kinds.find(b" ", seam.start())


def cheap_host(facts: Facts) -> tuple[str, ...]:
    sites = facts.lexicon.sites
    return tuple(defanged(link.host) for link in facts.links if not known(link, sites) and names_programme(link, sites))


def free_host(facts: Facts) -> tuple[str, ...]:
    sites = facts.lexicon.sites
    return tuple(defanged(link.host) for link in facts.links if not known(link, sites) and on_free_host(link, sites))


def agency_and_foreign_host(facts: Facts) -> tuple[str, ...]:
    """An agency or programme is named, and no link leads to an agency, a newsroom, a platform or a store."""
    if not facts.links or any(known(link, facts.lexicon.sites) for link in facts.links):
        return ()
    agency = facts.lexicon.word_lists["agencies"].search(facts.page.lower)
    return (agency[0], defanged(facts.links[0].host)) if agency else ()


def lookalike_domain(facts: Facts) -> tuple[str, ...]:
    return tuple(defanged(link.host) for link in facts.links if imitates(link, facts.lexicon.sites))


def own_site(facts: Facts) -> tuple[str, ...]:
    """An official source, or a newsroom we know, speaking on its own site (in an aggregator: the named publisher)."""
    sites = facts.lexicon.sites
    host = host_of(facts.entry.publisher_url or facts.entry.url)
    site = site_of(host)
    link = Link(host, host, site)
    role = facts.context.source.role
    if facts.aggregated:
        trusted = site in sites.outlets or official(link, sites)
    else:
        trusted = site == facts.source_site and (
            role is Role.OFFICIAL or (role in (Role.NEWS, Role.FACTCHECK) and site in sites.outlets)
        )
    return (site,) if trusted and site else ()


def attribution(facts: Facts) -> tuple[str, ...]:
    return facts.said_by


def dateline(facts: Facts) -> tuple[str, ...]:
    text = facts.page.plain_text
    found = _DATELINE.match(text) or (_DATE.search(text) if "(" in text else None)
    return (found[0].strip(" -–—"),) if found else ()


def official_link(facts: Facts) -> tuple[str, ...]:
    """Every link leads to an official site; adverts on hacked ones do not count."""
    found = facts.links
    if not found or not all(official(link, facts.lexicon.sites) for link in found):
        return ()
    if facts.lexicon.markers.gambling.regex.search(facts.page.lower):
        return ()
    return tuple(link.host for link in found)


def defanged(host: str) -> str:
    """A host that nobody clicks by mistake: ``pkh22[.]my[.]id``."""
    return host.replace(".", "[.]")


LINK_RULES = frozenset(("cheap_host", "free_host", "agency_and_foreign_host", "lookalike_domain"))
"""Those that are not worth asking where there is no link."""
Rule = Callable[[Facts], tuple[str, ...]]
RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        caps_half,
        caps_run,
        leet_words,
        cheap_host,
        free_host,
        agency_and_foreign_host,
        lookalike_domain,
        own_site,
        attribution,
        dateline,
        official_link,
    )
}
