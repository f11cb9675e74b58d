"""The bulletin as one HTML file that loads nothing from anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from collector.bulletin.views import BulletinView, EntryView
from collector.bulletin.words import say
from collector.model.phrase import Language

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def html(bulletin: BulletinView, *, title: str, feed: str | None = None, other: tuple[str, str] | None = None) -> str:
    """``feed`` is the address of the Atom feed, ``other`` the language and address of the same page in another."""
    template = _environment().get_template("bulletin.html")
    return template.render(
        bulletin=bulletin, title=title, feed=feed, other=other, say=lambda key: say(key, bulletin.language)
    )


def entry_html(entry: EntryView, language: Language) -> str:
    """One entry alone, for a feed's content."""
    return _environment().get_template("entry.html").render(entry=entry, say=lambda key: say(key, language))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
