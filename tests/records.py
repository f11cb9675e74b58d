"""Records to put into a store, with sensible words and only the interesting part named by the test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from collector.model.alert import Alert, AlertState, Delivery, DeliveryState
from collector.model.bucket import Measure, Subject
from collector.model.clock import hour_of
from collector.model.item import Timing
from collector.model.judgement import Judgement, Signal, Stance
from collector.model.phrase import Phrase
from collector.model.source import Source, SourceState
from collector.model.topic import Match, Span
from collector.store.articles import ArticleRead
from collector.store.base import Change, Draft, Poll, PollOutcome, PollRecord, Resighting

NOW = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
BANSOS = Subject(kind="topic", id="bansos")


def source(name: str = "Tempo", *, url: str | None = None, kind: str = "feed", enabled: bool = True) -> Source:
    return Source(id=name, kind=kind, url=url or f"https://{name.lower()}.example/feed", enabled=enabled)


def state(name: str = "Tempo", *, at: datetime = NOW, failures: int = 0, next_in: timedelta = HOUR) -> SourceState:
    ok = failures == 0
    return SourceState(
        source_id=name,
        next_poll_at=at + next_in,
        last_poll_at=at,
        last_ok_at=at if ok else None,
        first_ok_at=at if ok else None,
        etag='"v1"',
        last_modified="Wed, 25 Nov 2026 03:00:00 GMT",
        body_hash="abc",
        failure_score=0.25 * failures,
        failures=failures,
        last_error=None if ok else "timed out",
    )


def poll(name: str = "Tempo", *, at: datetime = NOW) -> Poll:
    return Poll(
        source_id=name,
        started_at=at,
        duration=timedelta(milliseconds=250),
        outcome=PollOutcome.OK,
        status=200,
        body_bytes=30_000,
        entries=1,
    )


def match(topic: str = "bansos") -> Match:
    return Match(topic_id=topic, spans=(Span(term=topic, field="title", start=0, end=len(topic), surface=topic),))


def judgement(suspicion: float = 0.6, stance: Stance = Stance.SPREAD) -> Judgement:
    reason = Phrase(id="Meminta pembaca menyebarkan pesan", en="Asks readers to pass it on")
    return Judgement(
        stance=stance,
        points=suspicion * 12,
        suspicion=suspicion,
        signals=(Signal(name="share", points=suspicion * 12, reason=reason, words=("sebarkan",)),),
        judge="lexicon",
        judge_version="1",
    )


def draft(
    name: str = "a",
    *,
    title: str = "Bansos dihapus, sebarkan!",
    excerpt: str = "Bantuan sosial dikabarkan dihapus.",
    topics: Sequence[str] = ("bansos",),
    publisher: str = "tempo.example",
    seen_at: datetime = NOW,
    timing: Timing = Timing.ON_TIME,
    suspicion: float = 0.6,
    stance: Stance = Stance.SPREAD,
    guid: str | None = None,
    wants_article: bool = False,
) -> Draft:
    return Draft(
        identity=f"https://tempo.example/{name}",
        url=f"https://tempo.example/{name}",
        title=title,
        excerpt=excerpt,
        lang="id",
        publisher=publisher,
        published_at=seen_at,
        date_note=None,
        seen_at=seen_at,
        timing=timing,
        content_hash=f"hash of {title}",
        guid=guid,
        matches=tuple(match(topic) for topic in topics),
        judgement=judgement(suspicion, stance),
        wants_article=wants_article,
    )


def change(
    item_id: int,
    *,
    title: str = "Bansos tidak dihapus",
    topics: Sequence[str] = ("bansos",),
    suspicion: float = 0.1,
    stance: Stance = Stance.NEWS,
    at: datetime = NOW + 2 * HOUR,
    wants_article: bool = False,
) -> Change:
    return Change(
        item_id=item_id,
        title=title,
        excerpt="Kementerian membantah.",
        content_hash=f"hash of {title}",
        changed_at=at,
        matches=tuple(match(topic) for topic in topics),
        judgement=judgement(suspicion, stance),
        wants_article=wants_article,
    )


def article(
    item_id: int,
    *,
    of: str = "hash of Bansos dihapus, sebarkan!",
    excerpt: str = "Kementerian Sosial membantah kabar itu.",
    topics: Sequence[str] = ("bansos",),
    suspicion: float = 0.1,
    stance: Stance = Stance.NEWS,
    at: datetime = NOW + HOUR,
) -> ArticleRead:
    return ArticleRead(
        item_id=item_id,
        content_hash=of,
        excerpt=excerpt,
        read_at=at,
        matches=tuple(match(topic) for topic in topics),
        judgement=judgement(suspicion, stance),
    )


def record(
    *drafts: Draft,
    name: str = "Tempo",
    at: datetime = NOW,
    covers: Sequence[datetime] | None = None,
    resightings: Sequence[Resighting] = (),
    changes: Sequence[Change] = (),
) -> PollRecord:
    """A successful poll that covers its own hour."""
    return PollRecord(
        poll=poll(name, at=at),
        state=state(name, at=at),
        covers=(hour_of(at),) if covers is None else tuple(covers),
        drafts=drafts,
        resightings=tuple(resightings),
        changes=tuple(changes),
    )


def alert(
    number: int = 1,
    *,
    key: str = "lonjakan/topic:bansos",
    state: AlertState = AlertState.FIRING,
    opened_at: datetime = NOW,
    resolved_at: datetime | None = None,
    count: int = 5,
) -> Alert:
    return Alert(
        id=number,
        key=key,
        rule="lonjakan",
        subject=BANSOS,
        measure=Measure.SUSPICIOUS,
        state=state,
        opened_at=opened_at,
        last_spike_at=opened_at,
        updated_at=opened_at,
        resolved_at=resolved_at,
        notified_at=opened_at,
        notified_count=count,
        window=6 * HOUR,
        count=count,
        peak=count,
        expected=None,
        limit=5.0,
        publishers=2,
        detector="threshold",
        detector_version="1",
        title="Lonjakan: Bansos",
        summary="5 unggahan mencurigakan dalam 6 jam",
    )


def delivery(
    key: str = "msg-1", *, receiver: str = "meja", alert_id: int | None = None, at: datetime = NOW
) -> Delivery:
    return Delivery(
        id=0,
        alert_id=alert_id,
        receiver=receiver,
        reason="first",
        state=DeliveryState.PENDING,
        attempts=0,
        created_at=at,
        not_before_at=at,
        claimed_by=None,
        claimed_until=None,
        sent_at=None,
        last_error=None,
        dedup_key=key,
        notice='{"type":"alert.firing"}',
    )
