"""A small world for tests about alerts: outlets that publish, hours that are watched or not, over a real store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from collector.model.alert import Delivery
from collector.model.clock import HOUR, hour_of
from collector.model.item import Timing
from collector.model.judgement import Judgement, Signal, Stance, Verdict
from collector.model.phrase import Phrase
from collector.model.source import Source, SourceState
from collector.model.topic import Match, Span, Topic
from collector.store.base import Draft, Poll, PollOutcome, PollRecord, Storage

JUDOL = Topic(id="judi_online", name=Phrase(id="Judi online", en="Online gambling"), strong=("judi online",))
REASON = Phrase(id="Tautan beserta janji", en="A link with a promise")


class Newsroom:
    """``outlets`` are sources that are polled; each publishes under its own name."""

    def __init__(self, store: Storage, now: datetime, outlets: Sequence[str] = ("satu", "dua", "tiga")) -> None:
        self._store = store
        self.outlets = tuple(outlets)
        self._published = 0
        sources = [Source(id=name, kind="feed", url=f"https://{name}.example/rss") for name in self.outlets]
        store.sources.register(sources, now)

    def watches(self, now: datetime) -> None:
        """Every outlet is read, has nothing new, and this hour is covered."""
        for outlet in self.outlets:
            self._record(outlet, now, ())

    def publishes(
        self,
        count: int,
        now: datetime,
        *,
        outlets: Sequence[str] | None = None,
        suspicion: float = 0.8,
        stance: Stance = Stance.SPREAD,
        verdict: Verdict | None = None,
        timing: Timing = Timing.ON_TIME,
        title: str = "Daftar judi online",
        numbered: bool = True,
    ) -> None:
        """So many items on the topic, by the outlets in turn."""
        chosen = tuple(outlets or self.outlets)
        for _ in range(count):
            outlet = chosen[self._published % len(chosen)]
            self._published += 1
            words = f"{title} {self._published}" if numbered else title
            draft = _draft(self._published, outlet, now, words, suspicion, stance, verdict, timing)
            self._record(outlet, now, (draft,))

    def _record(self, outlet: str, now: datetime, drafts: tuple[Draft, ...]) -> None:
        state = SourceState(
            source_id=outlet,
            next_poll_at=now + timedelta(minutes=15),
            last_poll_at=now,
            last_ok_at=now,
            first_ok_at=self._store.sources.state(outlet).first_ok_at or now,
        )
        poll = Poll(source_id=outlet, started_at=now, duration=timedelta(0), outcome=PollOutcome.OK, status=200)
        self._store.items.record_poll(PollRecord(poll=poll, state=state, covers=(hour_of(now),), drafts=drafts))

    def is_quiet_for(self, hours: int, since: datetime) -> datetime:
        """Hour after hour is watched and brings nothing; the first moment after them."""
        for i in range(hours):
            self.watches(since + i * HOUR)
        return since + hours * HOUR


def _draft(
    number: int,
    outlet: str,
    now: datetime,
    title: str,
    suspicion: float,
    stance: Stance,
    verdict: Verdict | None,
    timing: Timing,
) -> Draft:
    url = f"https://{outlet}.example/{number}"
    return Draft(
        identity=url,
        url=url,
        title=title,
        excerpt="",
        lang="id",
        publisher=f"{outlet}.example",
        published_at=None,
        date_note=None,
        seen_at=now,
        timing=timing,
        content_hash=str(number),
        guid=None,
        matches=(
            Match(
                topic_id=JUDOL.id,
                spans=(Span(term="judi online", field="title", start=7, end=18, surface="judi online"),),
            ),
        ),
        judgement=Judgement(
            stance=stance,
            points=12 * suspicion,
            suspicion=suspicion,
            signals=(Signal(name="link", points=4.0, reason=REASON),),
            judge="lexicon",
            judge_version="1",
            verdict=verdict,
        ),
    )


def keys(deliveries: Sequence[Delivery]) -> set[str]:
    return {delivery.dedup_key for delivery in deliveries}
