"""The files of a bulletin: a page and a feed in each language, under names that stay, so that links to them do too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin

from collector.bulletin.entries import Bulletin
from collector.bulletin.feed import atom
from collector.bulletin.page import html
from collector.bulletin.views import view
from collector.bulletin.words import say
from collector.model.phrase import Language, Phrase

OTHER: Mapping[Language, Language] = {"id": "en", "en": "id"}


def write(
    bulletin: Bulletin,
    folder: Path,
    topics: Mapping[str, Phrase],
    *,
    title: str | None = None,
    author: str = "Siaga",
    site: str | None = None,
) -> tuple[Path, ...]:
    """Returns what was written: ``bulletin.id.html``, ``bulletin.id.atom`` and the same in English, and the page of the
    period under a name of its own (``2026-11-19_2026-11-25.id.html``). Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for language in OTHER:
        words = view(bulletin, language, topics)
        heading = title or say("title", language)
        other = OTHER[language]
        kept = f"{bulletin.period.first}_{bulletin.period.last}"
        feed_name = f"bulletin.{language}.atom"
        for stem in ("bulletin", kept):
            file = folder / f"{stem}.{language}.html"
            page = html(words, title=heading, feed=feed_name, other=(other, f"{stem}.{other}.html"))
            file.write_text(page, encoding="utf-8")
            written.append(file)
        feed = atom(
            bulletin, words, title=heading, author=author,
            page=_at(site, f"{kept}.{language}.html"), feed=_at(site, feed_name),
        )  # fmt: skip
        (folder / feed_name).write_bytes(feed)
        written.append(folder / feed_name)
    return tuple(written)


def _at(site: str | None, name: str) -> str | None:
    return None if site is None else urljoin(site.rstrip("/") + "/", name)
