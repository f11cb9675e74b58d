"""Stand-ins with verbs, for tests that are about something else."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from html import escape

from collector.model.source import Failed, FailureClass, Fetched, Source, SourceState


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def moves(self, by: timedelta) -> datetime:
        self._now += by
        return self._now


class FakeFetcher:
    """Answers from a table instead of the network. An address that was not prepared does not resolve."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._answers: dict[str, tuple[int, bytes, dict[str, str]] | Failed] = {}
        self.asked: list[str] = []

    def will_return(self, url: str, body: bytes | str, *, content_type: str = "application/rss+xml") -> None:
        encoded = body.encode() if isinstance(body, str) else body
        self._answers[url] = (200, encoded, {"content-type": content_type})

    def will_say_not_modified(self, url: str) -> None:
        self._answers[url] = (304, b"", {})

    def will_fail(self, url: str, reason: str = "connection reset", *, retry_after: timedelta | None = None) -> None:
        self._answers[url] = Failed(
            url=url,
            failure_class=FailureClass.SOFT,
            reason=reason,
            failed_at=self._clock.now(),
            duration=timedelta(0),
            retry_after=retry_after,
        )

    def fetch(
        self, source: Source, url: str, state: SourceState | None, *, accept: str, robots: bool, now: datetime
    ) -> Fetched | Failed:
        self.asked.append(url)
        if url not in self._answers:
            self.will_fail(url, "name does not resolve")
        answer = self._answers[url]
        if isinstance(answer, Failed):
            return answer
        status, body, headers = answer
        return Fetched(
            url=url,
            final_url=url,
            status=status,
            body=body,
            headers=headers,
            fetched_at=now,
            duration=timedelta(milliseconds=5),
            body_hash=blake2b(body, digest_size=16).hexdigest() if body else "",
        )

    def close(self) -> None:
        """Nothing is open."""


def rss(*items: tuple[str, str] | tuple[str, str, datetime | None]) -> str:
    """A feed of (title, link) or (title, link, date)."""
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Umpan</title><link>https://kabar.example/</link>'
        "<description>x</description>" + "".join(_rss_item(*item) for item in items) + "</channel></rss>"
    )


def _rss_item(title: str, link: str, date: datetime | None = None) -> str:
    when = f"<pubDate>{date:%a, %d %b %Y %H:%M:%S +0000}</pubDate>" if date else ""
    return f"<item><title>{escape(title)}</title><link>{escape(link)}</link>{when}</item>"
