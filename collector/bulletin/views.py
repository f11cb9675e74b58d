"""From entries to finished words in one language, for the page, the feed and the desk's preview. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts import catalogue
from alerts.text import host_of
from collector.bulletin.checks import Check
from collector.bulletin.entries import Bulletin, Entry
from collector.bulletin.words import answer, say
from collector.model.clock import utc
from collector.model.judgement import Verdict
from collector.model.phrase import Language, Phrase

KIRIMAN = Phrase(id="kiriman", en="items")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """``url`` is http(s) or None; ``host`` is shown beside the link."""

    publisher: str
    words: str
    url: str | None
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """In the order in which they are read: ``label`` and ``answer``, ``note``, who checked it, then the ``claim``."""

    anchor: str
    label: str
    tone: str
    answer: str
    before: str
    note: str
    by_desk: bool
    checks: tuple[CheckView, ...]
    differ: bool
    claim: str
    reach: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinView:
    """The whole page."""

    language: Language
    period: str
    corrections: tuple[EntryView, ...]
    entries: tuple[EntryView, ...]
    unanswered: str
    made: str


def view(bulletin: Bulletin, language: Language, topics: Mapping[str, Phrase]) -> BulletinView:
    """``topics``: names by id; a topic no longer configured shows its id."""
    period = bulletin.period
    days = {"first": catalogue.day(period.first, language), "last": catalogue.day(period.last, language)}
    unanswered = bulletin.unanswered
    return BulletinView(
        language=language,
        period=days["first"] if period.first == period.last else say("period", language, **days),
        corrections=tuple(_entry(entry, bulletin, language, topics) for entry in bulletin.corrections),
        entries=tuple(_entry(entry, bulletin, language, topics) for entry in bulletin.entries),
        unanswered=say("unanswered", language, n=catalogue.number(unanswered, language)) if unanswered else "",
        made=say("made", language, at=catalogue.moment(bulletin.made_at, period.zone, language)),
    )


def _entry(entry: Entry, bulletin: Bulletin, language: Language, topics: Mapping[str, Phrase]) -> EntryView:
    return EntryView(
        anchor=f"isu-{entry.issue_id}",
        label=_label(entry.verdict, language),
        tone=_tone(entry.verdict),
        answer=answer(entry.verdict, language),
        before=say("before", language, verdict=_label(entry.before, language)) if entry.before is not None else "",
        note=entry.note,
        by_desk=entry.own,
        checks=tuple(_check(check, language) for check in entry.checks),
        differ=entry.differ,
        claim=entry.claim,
        reach=_reach(entry, bulletin, language),
        topics=tuple(topics[topic].in_language(language) if topic in topics else topic for topic in entry.topics),
    )


def _label(verdict: Verdict | None, language: Language) -> str:
    if verdict is None:
        return Phrase(id="sudah diperiksa", en="checked").in_language(language)
    return catalogue.VERDICTS[verdict].in_language(language)


def _tone(verdict: Verdict | None) -> str:
    """Which of the page's three colours the label takes."""
    if verdict in (Verdict.FALSE, Verdict.SCAM, Verdict.MISLEADING):
        return "wrong"
    return "right" if verdict is Verdict.TRUE else "open"


def _check(check: Check, language: Language) -> CheckView:
    words = check.title or say("published", language)
    if check.title and check.verdict is not None:
        words = f"{words} ({_label(check.verdict, language)})"
    host = host_of(check.url) if check.url else ""
    return CheckView(publisher=check.publisher or host, words=words, url=check.url, host=host)


def _reach(entry: Entry, bulletin: Bulletin, language: Language) -> str:
    first = catalogue.day(utc(entry.first_seen_at).astimezone(bulletin.period.zone), language)
    if not entry.items:
        return say("reach_none", language, first=first)
    return say(
        "reach",
        language,
        items=catalogue.counted(entry.items, KIRIMAN, language),
        sources=catalogue.sources(entry.publishers, language),
        first=first,
    )
