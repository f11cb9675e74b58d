"""A person at the desk, whose week runs beside the daemon's: wordings of one rumour made one issue, a verdict, a
bulletin, and the correction of the verdict once fact-checkers have answered.

Everything is done through the product's own ledger and bulletin, as the page and ``siaga verdict`` do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from collector.app import App
from collector.bulletin.entries import Bulletin, Period, gather, tellings
from collector.bulletin.files import write
from collector.demo.story import ZONE, Story
from collector.model.judgement import Verdict
from collector.model.ledger import ActionKind, LedgerIssue, Precision
from collector.store.indexing import index_all
from collector.store.ledger import ActionDraft, IssueFilter

WHO = "Rina"
TITLE = "Surat suara sudah tercoblos di gudang KPU Seroja"
WORDINGS = ("seroja tercoblos", "seroja dicoblos")  # how the rumour is searched for
CARRIER = 3  # an issue with so many suspicious items carries the rumour by itself
FACT_CHECK = "Surat Suara Pilkada di Gudang KPU Seroja"  # words of the headline that answers it


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something the editor does ``after`` so much of the story; ``act`` tells it, or None: not yet."""

    after: timedelta
    act: Callable[[App, datetime], str | None]


class Editor:
    """``issue_id`` is the rumour's issue; ``told_again`` the receivers that got the correction."""

    def __init__(self, story: Story, folder: Path) -> None:
        self.issue_id: int | None = None
        self.told_again: tuple[str, ...] = ()
        self._story = story
        self._folder = folder
        self._plan: list[Deed] = [
            Deed(after=timedelta(days=3, hours=12), act=self._doubt),
            Deed(after=timedelta(days=4, hours=8), act=self._publish_the_first),
            Deed(after=timedelta(days=5, hours=10), act=self._correct),
        ]

    def work(self, app: App, now: datetime) -> Iterator[str]:
        """Do what is due; sentences for the screen."""
        while self._plan and now >= self._story.start + self._plan[0].after:
            said = self._plan[0].act(app, now)
            if said is None:
                return
            self._plan.pop(0)
            yield said

    def publish(self, app: App, now: datetime) -> Bulletin:
        """The week's bulletin, with what was said otherwise before at its head."""
        return self._publish(app, now, days=7)

    # ------------------------------------------------ what the editor does

    def _doubt(self, app: App, now: datetime) -> str | None:
        """The first verdict, before anybody has answered: too early to say false, too odd to say nothing."""
        found = [issue for issue in self._wordings(app) if issue.suspicious >= CARRIER]
        if not found:
            return None
        self.issue_id = max(found, key=lambda issue: (issue.suspicious, -issue.id)).id
        merged = self._merge(app, now)
        app.desk.rename(self.issue_id, TITLE, why="satu klaim, banyak kalimat", actor=WHO, now=now)
        app.desk.act(
            ActionDraft(
                issue_id=self.issue_id,
                kind=ActionKind.REPORTED,
                at=now,
                precision=Precision.TIME,
                by="Meja Siaga",
                note="dilaporkan ke pengelola Jagat Warga",
                link=None,
            ),
            actor=WHO,
            now=now,
        )
        note = "Segel gudang utuh menurut polisi dan Bawaslu; asal videonya masih dicari."
        app.desk.verdict(self.issue_id, Verdict.MISLEADING, note=note, actor=WHO, now=now)
        return f"{WHO} makes {merged + 1} issues one (issue {self.issue_id}), reports it, and finds it misleading"

    def _publish_the_first(self, app: App, now: datetime) -> str:
        made = self._publish(app, now, days=4)
        return f"{WHO} publishes a bulletin: {len(made.entries)} issues with an answer"

    def _correct(self, app: App, now: datetime) -> str | None:
        """Fact-checkers found the video's origin: the verdict changes, and whoever heard the first one hears of it."""
        if self.issue_id is None:
            return None
        answer = self._fact_check()
        self._merge(app, now)
        note = (
            "Video itu rekaman simulasi pelipatan; Bawaslu memeriksa gudang dan tidak menemukan surat suara tercoblos."
        )
        outcome = app.desk.verdict(self.issue_id, Verdict.FALSE, note=note, actor=WHO, now=now, link=answer)
        self.told_again = outcome.corrected
        return f"{WHO} corrects issue {self.issue_id}: false; told again: {', '.join(outcome.corrected) or 'nobody'}"

    # ------------------------------------------------ how

    def _wordings(self, app: App) -> Sequence[LedgerIssue]:
        index_all(app.store.items)
        found: dict[int, LedgerIssue] = {}
        for words in WORDINGS:
            wanted = IssueFilter(search=words, since=self._story.start, limit=200)
            found.update({issue.id: issue for issue in app.store.ledger.list(wanted)})
        return tuple(found.values())

    def _merge(self, app: App, now: datetime) -> int:
        """Make the other wordings part of the issue; how many they were."""
        others = [one.id for one in self._wordings(app) if one.id != self.issue_id]
        for one in others:
            app.desk.merge(one, self.issue_id or 0, why="klaim yang sama", actor=WHO, now=now)
        return len(others)

    def _fact_check(self) -> str | None:
        return next((post.link for post in self._story.posts["periksafakta"] if FACT_CHECK in post.title), None)

    def _publish(self, app: App, now: datetime, *, days: int) -> Bulletin:
        first = self._story.start.astimezone(ZONE).date()
        period = Period(first=first, last=first + timedelta(days=days - 1), zone=ZONE)
        made = gather(app.store, period, now)
        files = write(made, self._folder, {topic.id: topic.name for topic in app.settings.topics}, author="Meja Siaga")
        app.store.ledger.tell(tellings(made, reference=files[0].name))
        return made
