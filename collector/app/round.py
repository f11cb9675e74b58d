"""One round, as ``siaga once`` goes it: poll, detect, deliver, read some pages, end."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from collector.app.tasks import ARTICLE_SLOTS, THREADS, article_task
from collector.model.bucket import Measure
from collector.model.source import Source, SourceState
from collector.runner.base import Task
from collector.store.base import PollOutcome

if TYPE_CHECKING:
    from collector.app.app import App
    from collector.pipeline import PollReport
    from collector.reading import PageReport

ARTICLES_ONCE = 50  # pages that one round reads
ARTICLES_ONCE_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceReport:
    """What one round did; the fields of ``siaga once --json``."""

    polled: int
    not_modified: int
    failed: int
    failures: tuple[PollReport, ...] = ()
    backing_off: int = 0  # enabled sources that were left alone because they failed before
    items_new: int
    mentions_new: int
    suspicious_new: int
    alerts_opened: int
    deliveries_sent: int
    deliveries_failed: int
    duration_s: float
    articles_read: int | None = None  # None: there were none to read

    def as_json(self) -> Mapping[str, float]:
        return {
            "polled": self.polled,
            "not_modified": self.not_modified,
            "failed": self.failed,
            "items_new": self.items_new,
            "mentions_new": self.mentions_new,
            "suspicious_new": self.suspicious_new,
            "alerts_opened": self.alerts_opened,
            "deliveries_sent": self.deliveries_sent,
            **({} if self.articles_read is None else {"articles_read": self.articles_read}),
            "duration_s": round(self.duration_s, 3),
        }

    @property
    def exit_code(self) -> int:
        """0 done, 3 nothing could be polled, 4 some sources or deliveries failed."""
        if self.failed == self.polled:
            return 3
        return 4 if self.failed or self.deliveries_failed else 0


Progress = Callable[[int, int, str], None]
"""Called after each poll with how many are done, how many there are, and the source's name."""


def ready(sources: Sequence[Source], states: Sequence[SourceState], now: datetime) -> tuple[Source, ...]:
    """Who is polled in a round: the healthy first, then those in trouble whose time has come again."""
    found = {state.source_id: state for state in states}
    enabled = [source for source in sources if source.enabled]
    healthy = [source for source in enabled if found[source.id].failure_score == 0]
    again = [s for s in enabled if found[s.id].failure_score and found[s.id].next_poll_at <= now]
    return (*healthy, *again)


class Round:
    def __init__(self, app: App, progress: Progress | None = None) -> None:
        self._app = app
        self._progress = progress

    def run(self, *, send: bool, articles: bool) -> OnceReport:
        """Poll every enabled source that is not backing off, detect, deliver; then read some pages behind headlines,
        and detect and deliver once more where that changed anything."""
        app, started = self._app, time.monotonic()
        now = app.clock.now()
        app.store.sources.register(app.settings.sources, now)
        polled = ready(app.settings.sources, app.store.sources.states(), now)
        reports = self._poll_all(polled)
        if any(rule.per == "issue" or rule.measure is Measure.ISSUES for rule in app.settings.rules):
            app.group()
        opened = app.watch_now()
        app.digest_now()
        sent, unsent = self._deliver_all() if send else (0, 0)
        read = self._read_some_articles() if articles else None
        if read:
            opened += app.watch_now()
            more, still_unsent = self._deliver_all() if send else (0, 0)
            sent, unsent = sent + more, unsent + still_unsent
        outcomes = [report.outcome for report in reports]
        return OnceReport(
            polled=len(outcomes),
            not_modified=outcomes.count(PollOutcome.NOT_MODIFIED),
            failed=outcomes.count(PollOutcome.FAILED),
            failures=tuple(report for report in reports if report.outcome is PollOutcome.FAILED),
            backing_off=sum(source.enabled for source in app.settings.sources) - len(polled),
            items_new=sum(report.result.items_new for report in reports),
            mentions_new=sum(report.result.mentions_new for report in reports),
            suspicious_new=sum(report.result.suspicious_new for report in reports),
            alerts_opened=opened,
            deliveries_sent=sent,
            deliveries_failed=unsent,
            articles_read=read,
            duration_s=time.monotonic() - started,
        )

    def _poll_all(self, sources: Sequence[Source]) -> list[PollReport]:
        from collector.runner.inprocess import Pool

        by_id = {source.id: source for source in sources}
        reports: list[PollReport] = []

        def poll(task: Task) -> None:
            reports.append(self._app.pipeline.poll(by_id[task.key]))
            self._tell(len(reports), len(sources), task.key)

        gap = self._app.settings.network.host_gap
        pool = Pool({"poll": poll}, threads=max(1, min(THREADS, len(sources))), host_gap=gap)
        pool.start()
        for place, source in enumerate(sources):
            pool.submit(self._app.poll_task(source, place))
        pool.wait()
        pool.stop(timedelta(seconds=5))
        return reports

    def _read_some_articles(self) -> int | None:
        """How many of the pages that were due brought something; None where none was due."""
        wanted = self._app.wanted_articles(each=60)
        due = [article_task(f"article/{wish.item_id}", wish, host) for wish, host in wanted][:ARTICLES_ONCE]
        if not due:
            return None
        from collector.reading import Outcome
        from collector.runner.inprocess import Pool

        reports: list[PageReport | None] = []

        def read(task: Task) -> None:
            reports.append(self._app.read_article(task.args["source"], int(task.args["item"])))
            self._tell(len(reports), len(due), f"page of {task.args['source']}")

        gap = self._app.settings.network.host_gap
        pool = Pool({"article": read}, threads=min(ARTICLE_SLOTS, len(due)), host_gap=gap)
        pool.start()
        for task in due:
            pool.submit(task)
        pool.wait(ARTICLES_ONCE_FOR)
        pool.stop(timedelta(seconds=30))  # what waits is left for the next round, what runs has its own deadline
        return sum(report is not None and report.outcome is Outcome.READ for report in reports)

    def _deliver_all(self) -> tuple[int, int]:
        """Until nothing is due: what failed waits for its next attempt."""
        sent_in_all = unsent_in_all = 0
        while True:
            sent, unsent = self._app.deliver_now(hurry=True)  # the next round may be an hour away
            sent_in_all, unsent_in_all = sent_in_all + sent, unsent_in_all + unsent
            if not sent:
                return sent_in_all, unsent_in_all

    def _tell(self, done: int, of: int, name: str) -> None:
        if self._progress is not None:
            self._progress(done, of, name)
