"""The rehearsal: the daemon as it is, on the story's servers, through a week in about a minute.

Nothing of the product is replaced. What the demo brings is the world around it: outlets, a mail server, a webhook
receiver, and a clock that runs fast.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collector.config.load import load
from collector.daemon import Daemon, TickTimes
from collector.demo.caller import Visit, links_to, visit
from collector.demo.cast import ARCHIVE
from collector.demo.desk import HookDesk, Mail, MailDesk
from collector.demo.editor import Editor
from collector.demo.folder import Addresses, Folder, configuration, page_address, webhook_secret, write
from collector.demo.papers import Papers, opened
from collector.demo.papers import write as write_papers
from collector.demo.screen import Arrivals, Screen
from collector.demo.server import Newsstand
from collector.demo.site import Site
from collector.demo.story import Story
from collector.demo.tally import Ledger, Tally
from collector.model.clock import ScaledClock

SPEED = 9000.0  # a week in 67 seconds
ARCHIVE_ADDED = timedelta(days=3, hours=10)  # into the story
AT_LEAST_VISITED = 3  # the front page, the rumour's issue, and a link of the mail
LOOK_EVERY = 0.25  # real seconds between two looks at the database
# Real time. At 9,000 times the speed a quarter of a second is 37 simulated minutes: hourly sources are on time.
TICKS = TickTimes(
    poll=timedelta(seconds=0.1),
    watch=timedelta(seconds=0.15),
    deliver=timedelta(seconds=0.1),
    prune=timedelta(seconds=2),
    digest=timedelta(seconds=0.5),
)
THREADS = 8
DESK = "meja@siaga.example"
RUMOUR = "lonjakan/topic:pemilu_umum"  # keys of the alerts that the story is written for
DEBUNKS = "bantahan/topic:pemilu_umum"


class HeldClock:
    """Stands at the story's start until it is let go, so that setting up costs no simulated time."""

    def __init__(self, start_at: datetime, speed: float) -> None:
        self._start_at = start_at
        self._speed = speed
        self._running: ScaledClock | None = None

    def let_go(self) -> None:
        self._running = ScaledClock(self._start_at, self._speed)

    def now(self) -> datetime:
        return self._start_at if self._running is None else self._running.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that had to happen, whether it did, and what was seen."""

    what: str
    ok: bool
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the week brought. ``mail`` is the first the desk received; ``example`` an item worth explaining,
    ``issue`` the rumour's; ``page`` where the page is served."""

    checks: tuple[Check, ...]
    tally: Tally
    answers: dict[int, int]
    mails: tuple[Mail, ...]
    mail: Mail | None
    example: int | None
    issue: int | None
    page: str

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


@dataclass(slots=True, kw_only=True)
class _Told:
    """What the screen has shown already."""

    moment: int = 0
    mails: int = 0
    archive: bool = False
    failing: dict[str, int] = field(default_factory=dict)


class Rehearsal:
    """One run of the demo in one folder."""

    def __init__(self, folder: Folder, story: Story, screen: Screen, *, speed: float = SPEED, seed: int = 1) -> None:
        self._folder = folder
        self._story = story
        self._screen = screen
        self._clock = HeldClock(story.start, speed)
        self._secret = webhook_secret(seed)
        self._stand = Newsstand(Site(story), self._clock)
        self._mail = MailDesk(folder.mail)
        self._hook = HookDesk(folder.webhook, self._secret, self._clock)
        self._partner_secret = webhook_secret(seed, " partner")
        self._partner = HookDesk(folder.partner, self._partner_secret, self._clock)
        self._page = page_address()
        self._editor = Editor(story, folder.bulletin)
        self._visits: tuple[Visit, ...] = ()
        self._ledger = Ledger(folder.database)
        self._told = _Told()

    def run(self) -> Outcome:
        """Set up, live through the week, end, and look at what came of it. Raises SiagaError."""
        with self._stand.running(), self._mail.running(), self._hook.running(), self._partner.running():
            write(self._folder.config, self._configuration(with_archive=False))
            with self._daemon() as daemon:
                self._follow(daemon)
                self._visits = self._visit()
        self._look(self._story.end)
        self._screen.finish()
        write(self._folder.config, self._configuration(with_archive=True, over=True))
        with opened(load(self._folder.config), self._clock) as app:
            papers = write_papers(app, self._folder, self._story, self._editor, self._story.end)
        return self._outcome(papers)

    def _configuration(self, *, with_archive: bool, over: bool = False) -> str:
        addresses = Addresses(
            newsstand=self._stand.address,
            mail=f"127.0.0.1:{self._mail.port}",
            webhook=self._hook.address,
            partner=self._partner.address,
            page=self._page,
        )
        return configuration(addresses, self._secret, self._partner_secret, with_archive=with_archive, over=over)

    @contextmanager
    def _daemon(self) -> Iterator[Daemon]:
        path = self._folder.config
        daemon = Daemon(load(path), load=lambda: load(path), clock=self._clock, ticks=TICKS, threads=THREADS)
        daemon.start()
        self._clock.let_go()
        try:
            yield daemon
        finally:
            daemon.stop()

    def _follow(self, daemon: Daemon) -> None:
        pause = threading.Event()
        while (now := self._clock.now()) < self._story.end:
            if not self._told.archive and now >= self._story.start + ARCHIVE_ADDED:
                self._add_archive(now)
            for said in self._editor.work(daemon.app, now):
                self._screen.event(now, said)
            self._look(now)
            pause.wait(LOOK_EVERY)

    def _add_archive(self, now: datetime) -> None:
        """Somebody edits the file while the daemon runs; the daemon notices by itself."""
        write(self._folder.config, self._configuration(with_archive=True))
        self._told.archive = True
        self._screen.event(now, f"sources.yaml edited: {ARCHIVE.name} added, with posts from years ago")

    def _visit(self) -> tuple[Visit, ...]:
        """Open what somebody would who reads the first mail to the desk: its links, and the rumour's issue."""
        first = next((mail for mail in self._mail.mails if DESK in mail.to), None)
        links = () if first is None else links_to(self._page, first.text)
        issue = self._editor.issue_id
        wanted = ["/", *links, *([] if issue is None else [f"/issue/{issue}"])]
        return tuple(visit(self._page, path) for path in wanted)

    def _look(self, now: datetime) -> None:
        self._tell_health(now)
        self._tell_alerts()
        self._tell_mails(now)
        self._screen.progress(now, self._ledger.tally(), self._arrivals())

    def _arrivals(self) -> Arrivals:
        return Arrivals(mails=len(self._mail.mails), calls=len(self._hook.calls))

    def _tell_health(self, now: datetime) -> None:
        failing = self._told.failing
        for source in self._ledger.health():
            before = failing.get(source.source_id, 0)
            failing[source.source_id] = source.failures
            if source.failures and not before:
                self._screen.event(now, f"{source.source_id} fails: {source.last_error}")
            elif before and not source.failures:
                self._screen.event(now, f"{source.source_id} answers again, after {before} failed polls")

    def _tell_alerts(self) -> None:
        for moment in self._ledger.moments(self._told.moment):
            self._told.moment = moment.id
            at = datetime.fromisoformat(moment.at).astimezone(UTC)
            self._screen.event(at, f"ALERT {moment.key}: {moment.reason}, {moment.count} in the window")

    def _tell_mails(self, now: datetime) -> None:
        for mail in self._mail.mails[self._told.mails :]:
            self._told.mails += 1
            self._screen.event(now, f"mail to {mail.to}: {mail.subject}")

    def _outcome(self, papers: Papers) -> Outcome:
        mails = tuple(self._mail.mails)
        return Outcome(
            checks=(*self._checks(mails), *self._desk_checks(mails, papers)),
            tally=self._ledger.tally(),
            answers=dict(self._stand.answered),
            mails=mails,
            mail=next((mail for mail in mails if DESK in mail.to), None),
            example=self._ledger.example("pemilu_umum"),
            issue=self._editor.issue_id,
            page=self._page,
        )

    def _checks(self, mails: tuple[Mail, ...]) -> Iterator[Check]:
        tally, calls = self._ledger.tally(), self._hook.calls
        life = [moment.reason for moment in self._ledger.moments() if moment.key == RUMOUR]
        debunks = [moment.reason for moment in self._ledger.moments() if moment.key == DEBUNKS]
        refused = [call.fault for call in calls if call.fault]
        to_desk = [mail for mail in mails if DESK in mail.to and mail.subject.startswith("[Siaga]")]
        old = self._ledger.backfilled(ARCHIVE.name)
        yield Check(what="the rumour raised an alert", ok="first" in life, seen=", ".join(life) or "none")
        yield Check(what="which ended when calm returned", ok=life[-1:] == ["resolved"], seen=(life or ["none"])[-1])
        yield Check(what="the desk got mail", ok=bool(to_desk), seen=f"{len(to_desk)} mails")
        yield Check(
            what="the webhook's signatures are good",
            ok=bool(calls) and not refused,
            seen=refused[0] if refused else f"{len(calls)} calls",
        )
        yield Check(what="fact-checks were counted apart", ok=bool(debunks), seen=f"{tally.debunks} debunks")
        yield Check(
            what="an old archive raised nothing",
            ok=old > 0 and self._ledger.strangers() == 0,
            seen=f"{old} old posts stored as backfill",
        )
        yield Check(
            what="every message was delivered",
            ok=tally.delivered == tally.deliveries > 0,
            seen=f"{tally.delivered} of {tally.deliveries}",
        )

    def _desk_checks(self, mails: tuple[Mail, ...], papers: Papers) -> Iterator[Check]:
        """What people do once the alert is there: verdict, correction, partner, page, bulletin, report."""
        given = () if self._editor.issue_id is None else self._ledger.verdicts(self._editor.issue_id)
        corrections = [mail for mail in mails if DESK in mail.to and mail.subject.startswith("[Siaga] KOREKSI")]
        calls = self._partner.calls
        refused = [call.fault for call in calls if call.fault]
        closed = [f"{one.path} answered {one.status}" for one in self._visits if one.status != 200]
        counted = papers.figures
        yield Check(
            what="a verdict was given and corrected",
            ok=given == ("misleading", "false") and bool(corrections),
            seen=f"{', then '.join(given) or 'none'}; {len(corrections)} mails of correction to the desk",
        )
        yield Check(
            what="the partner was told, and told again",
            ok=not refused and {"report.created", "report.updated"} <= {call.type for call in calls},
            seen=refused[0] if refused else f"{len(calls)} calls",
        )
        yield Check(
            what="the mail's links lead to the page",
            ok=len(self._visits) >= AT_LEAST_VISITED and not closed,
            seen=closed[0] if closed else f"{len(self._visits)} addresses of http://{self._page} opened",
        )
        yield Check(
            what="a bulletin was written, the correction first",
            ok=papers.answered > 0 and papers.corrections == 1,
            seen=f"{papers.answered} issues with an answer, {papers.corrections} of them corrected",
        )
        yield Check(
            what="findings for the partner were written",
            ok=papers.findings > 0 and papers.reviews > 0,
            seen=f"{papers.findings} issues, {papers.reviews} fact-checks as ClaimReview",
        )
        yield Check(
            what="a report was printed",
            ok=counted.issues > 0 and counted.items > 0 and counted.actions > 0,
            seen=f"{counted.issues} issues, {counted.items} items, {counted.actions} actions",
        )
