"""From a notice to a message: subject, plain text, a text for chats, HTML with its picture, and data.

    notice --scribe--> view --layout--> words          notice --payload--> data          daily counts --> picture

The picture is drawn once per alert and language and shared by all receivers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from threading import Lock

import structlog

from alerts import catalogue
from alerts.bundle import group_of
from alerts.channels.base import Message, Picture
from alerts.layout import Layout, TemplateFault
from alerts.payload import payload
from alerts.scribe import Links, Scribe
from alerts.text import clean_header, clean_paragraph, told
from alerts.view import View
from collector.model.alert import Delivery, Notice, NoticeType
from collector.model.phrase import Language, Phrase

log = structlog.get_logger("siaga.render")

PICTURES_KEPT = 32
PICTURE_WIDTH, PICTURE_HEIGHT = 420, 190  # its words are still read where a telephone shrinks it to 300
SHARP = 2  # pixels of the picture for each of the page's


class Renderer:
    """``language`` and ``zone`` as in sources.yaml; ``links`` where there is a page to react on; ``templates``: the
    folder of a desk's own templates. Those are loaded when first needed."""

    def __init__(
        self, language: Language, zone: tzinfo, *, links: Links | None = None, templates: Path | None = None
    ) -> None:
        self._language = language
        self._zone = zone
        self._scribe = Scribe(language, zone, links)
        self._own = Layout(templates) if templates is not None else None
        self._ours = Layout()
        self._drawing = Lock()
        self._drawn = lru_cache(PICTURES_KEPT)(self._draw)

    def render(self, notice: Notice) -> Message:
        """With the desk's own templates; where those fail, with ours, because a message must not be lost to them."""
        view = self._scribe.view(notice)
        if self._own is not None:
            try:
                return self._message(notice, view, self._own)
            except TemplateFault as fault:
                log.error("own_template_failed", fault=str(fault), hint="see: siaga check; the shipped one is used")
        return self._message(notice, view, self._ours)

    def render_group(self, notices: Sequence[Notice], at: datetime) -> Message:
        """Alerts that began together, in one message."""
        return self.render(group_of(notices, at))

    def _message(self, notice: Notice, view: View, layout: Layout) -> Message:
        name = "group" if notice.members or notice.digest else "message"
        subject = layout.fill("subject.txt", view)
        return Message(
            type=notice.type.value,
            at=notice.at,
            subject=clean_header(f"{_mark(notice, self._language)} {subject}"),
            text=layout.fill(f"{name}.txt", view),
            html=layout.fill(f"{name}.html", view),
            brief=layout.fill("brief.txt", view),
            data=payload(notice, self._scribe),
            pictures=self._pictures(notice, view),
            thread=thread_of(notice),
        )

    def _pictures(self, notice: Notice, view: View) -> tuple[Picture, ...]:
        if view.days is None:
            return ()
        last = notice.at.astimezone(self._zone).date()
        with self._drawing:  # messages are rendered side by side, the picture once
            body = self._drawn(notice.daily_counts, last.toordinal(), view.days.caption)
        return (Picture(name=view.days.picture, body=body),)

    def _draw(self, counts: tuple[int | None, ...], last: int, title: str) -> bytes:
        from alerts.picture.days import fourteen_days
        from alerts.picture.png import png

        day = date.fromordinal(last)
        svg = fourteen_days(counts, day, title, language=self._language, width=PICTURE_WIDTH, height=PICTURE_HEIGHT)
        return png(svg, scale=SHARP)


def thread_of(notice: Notice) -> str | None:
    """The messages of one alert share it; another database's alert of the same number has another."""
    if notice.alert_id is None or notice.opened_at is None:
        return None
    return f"siaga-alert-{notice.alert_id}-{notice.opened_at:%Y%m%dT%H%M%S}"


def fallback(notice: Notice, language: Language = "id") -> Message:
    """A message without templates, for when rendering itself fails: an alert must not be lost to a broken layout."""
    headline = told(notice.headline.in_language(language))
    why = clean_paragraph(notice.why.in_language(language))
    return Message(
        type=notice.type.value,
        at=notice.at,
        subject=clean_header(f"{_mark(notice, language)} {headline}"),
        text=f"{headline}\n\n{why}\n\n{catalogue.say('standing', language)}\n",
        html="",
        brief=f"{headline}\n\n{why}\n",
        data=payload(replace(notice, exhibits=(), issues=(), members=()), Scribe(language, UTC)),
        thread=thread_of(notice),
    )


def unreadable(delivery: Delivery) -> Message:
    """For a notice that cannot be read back (a damaged database): the receiver learns at least that there was one."""
    phrase = Phrase(
        id=f"Isi pesan {delivery.id} tidak dapat dibaca; lihat: siaga alerts",
        en=f"The content of message {delivery.id} cannot be read; see: siaga alerts",
    )
    return fallback(Notice(type=NoticeType.DEGRADED, at=delivery.created_at, headline=phrase, why=phrase))


def _mark(notice: Notice, language: Language) -> str:
    return f"{catalogue.say('test', language)} [Siaga]" if notice.type is NoticeType.TEST else "[Siaga]"
