"""What an item does with a claim: it checks it, jokes about it, reports it or spreads it. Pure.

Decided before any score is made: a debunk, a satire, a denial or an advert gets no points.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from collector.judge.rules import Facts
from collector.judge.signs import Pattern
from collector.judge.sites import of_factchecker
from collector.model.judgement import Stance, Verdict
from collector.model.source import Role

Worth = Callable[[Pattern], bool]  # whether a pattern's literals stand in the text


class Seen(NamedTuple):
    """The stance, the marker that decided (a key of ``stance`` in the data file) and its words. ``scored`` says whether
    signals may give points to the item."""

    stance: Stance
    marker: str = ""
    words: tuple[str, ...] = ()
    verdict: Verdict | None = None
    scored: bool = True


SPREADS, _NEWS = Seen(stance=Stance.SPREAD), Seen(stance=Stance.NEWS)


def stance_of(facts: Facts, worth: Worth) -> Seen:
    """By the role of the source and the markers in title and text."""
    role = facts.context.source.role
    if role is Role.SOCIAL:
        return _of_post(facts, worth)
    if role is Role.FACTCHECK and not facts.aggregated:
        return _of_factchecker(facts, worth)
    return of_article(facts, worth)


def _of_post(facts: Facts, worth: Worth) -> Seen:
    """People paste "[SALAH]" onto true news: a label alone makes no debunk of a post, a link to a fact-checker does."""
    markers = facts.lexicon.markers
    label = _label(facts) if worth(facts.lexicon.markers.label) else None
    if label and any(of_factchecker(link, facts.lexicon.sites) for link in facts.links):
        return _debunk(facts, "debunk_label", (label[0].strip(),), label)
    satire = markers.satire.regex.search(facts.page.lower) if worth(markers.satire) else None
    if satire:
        return Seen(stance=Stance.SATIRE, marker="satire_marker", words=(satire[0],), scored=False)
    advert = markers.gambling.regex.search(facts.page.lower) if worth(markers.gambling) else None
    if advert:
        return Seen(stance=Stance.SPREAD, marker="gambling_ad", words=(advert[0],), scored=False)
    return SPREADS


def _of_factchecker(facts: Facts, worth: Worth) -> Seen:
    label = _label(facts) if worth(facts.lexicon.markers.label) else None
    if label:
        return _debunk(facts, "debunk_label", (label[0].strip(),), label)
    return _debunk(facts, "factcheck_source")


def of_article(facts: Facts, worth: Worth) -> Seen:
    """News, official pages, and fact-check searches through an aggregator: only a marker makes a debunk."""
    page, markers = facts.page, facts.lexicon.markers
    address = facts.entry.url
    if address and any(map(address.__contains__, markers.satire_addresses)):
        return Seen(stance=Stance.SATIRE, marker="satire_marker", words=(facts.entry.url or "",), scored=False)
    label = _label(facts) if worth(facts.lexicon.markers.label) else None
    if label:
        return _debunk(facts, "debunk_label", (label[0].strip(),), label)
    title = page.title
    if worth(markers.phrase):
        subject = _first(markers.hoax_as_subject, title)
        if subject:
            return Seen(stance=Stance.NEWS, marker="hoax_as_subject", words=(subject[0],))
        guarded = markers.negations.sub(" ", title)
        phrase = _first(markers.title_phrases, guarded)
        if phrase:
            return _debunk(facts, "debunk_phrase", (phrase[0],))
    likely = [sign for sign in markers.body if worth(sign)]
    if len(likely) >= markers.body_at_least:
        body = tuple([found[0] for sign in likely if (found := sign.regex.search(page.lower))])
        if len(body) >= markers.body_at_least:
            return _debunk(facts, "debunk_body", body)
    denial = markers.clarifications.regex.search(title) if worth(markers.clarifications) else None
    if denial:
        return Seen(stance=Stance.NEWS, marker="clarification", words=(denial[0],), scored=False)
    return _NEWS


def _label(facts: Facts) -> re.Match[str] | None:
    return _first(facts.lexicon.markers.labels, facts.page.title)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.search(text))), None)


def _debunk(facts: Facts, marker: str, words: tuple[str, ...] = (), label: re.Match[str] | None = None) -> Seen:
    return Seen(stance=Stance.DEBUNK, marker=marker, words=words, verdict=_verdict(facts, label), scored=False)


def _verdict(facts: Facts, label: re.Match[str] | None) -> Verdict | None:
    """The fact-checker's own word: in the label, else in the title, else in the conclusion."""
    verdicts, page = facts.lexicon.verdicts, facts.page
    word = label.groupdict().get("word") if label else None
    if word is not None and word in verdicts.labels:
        misleading = word == "salah" and verdicts.misleading_text.search(page.text)
        return Verdict.MISLEADING if misleading else verdicts.labels[word]
    conclusion = verdicts.conclusion.search(page.text)
    return _worded(facts, page.title[label.end() if label else 0 :]) or (
        _worded(facts, conclusion[0]) if conclusion else None
    )


def _worded(facts: Facts, text: str) -> Verdict | None:
    """A verdict in running words; a question or a negation is none."""
    plain = facts.lexicon.markers.negations.sub(" ", text)
    return next(
        (verdict for verdict, pattern in facts.lexicon.verdicts.phrases if pattern.search(plain)),
        None,
    )
