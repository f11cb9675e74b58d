"""What the desk takes out of the week when it is over: a bulletin, findings for the partner, a report, the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from collector.app import App
from collector.config.settings import Settings
from collector.demo.editor import Editor
from collector.demo.folder import Folder
from collector.demo.story import ZONE, Story
from collector.model.clock import Clock
from collector.partners.findings import findings
from collector.partners.wire import claim_reviews, data_of
from collector.reports.gather import report
from collector.reports.page import as_html
from collector.reports.period import Figures
from collector.reports.window import Window

LAST = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What was written: numbers for the screen."""

    answered: int  # issues of the bulletin
    corrections: int  # in it
    findings: int  # for the partner
    reviews: int  # ClaimReview among them
    figures: Figures  # of the report


def write(app: App, folder: Folder, story: Story, editor: Editor, now: datetime) -> Papers:
    """Write them into the folder. The ledger notes that the public was told."""
    made = editor.publish(app, now)
    partner = app.settings.partners[0]
    found = list(findings(app.store, partner.name, since=story.start, topics=partner.topics, share="checked"))
    desk = app.settings.ledger.desk
    reviews = [review for one in found for review in claim_reviews(one, desk)]
    _put(folder.findings, json.dumps([data_of(one) for one in found], ensure_ascii=False, indent=2))
    _put(folder.reviews, json.dumps(reviews, ensure_ascii=False, indent=2))
    first = story.start.astimezone(ZONE).date()
    counted = report(app.store, Window(first=first, last=first + LAST), zone=ZONE, by="day")
    _put(folder.report, as_html(counted, app.settings.language))
    return Papers(
        answered=len(made.every),
        corrections=len(made.corrections),
        findings=len(found),
        reviews=len(reviews),
        figures=counted.period.figures,
    )


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", "utf-8")


@contextmanager
def opened(settings: Settings, clock: Clock) -> Iterator[App]:
    """The week's database once the daemon has let go of it."""
    app = App.build(settings, clock=clock)
    try:
        yield app
    finally:
        app.close()
        app.store.close()
