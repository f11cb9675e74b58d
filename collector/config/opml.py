"""Lists of feeds as other programs exchange them (OPML 2.0)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from xml.parsers import expat

from collector.model.errors import SiagaError
from collector.model.source import Source

MAX_BYTES = 10_000_000
MAX_OUTLINES = 20_000


class OpmlError(SiagaError):
    """The file is no OPML that we read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed in the list. ``title`` may be empty."""

    title: str
    url: str


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """Every outline with an ``xmlUrl``, however deep. Raises OpmlError.

    Reads by events, so depth costs nothing; a document that defines entities is refused before one is used.
    """
    if len(body) > MAX_BYTES:
        raise OpmlError(f"larger than {MAX_BYTES // 1_000_000} MB")
    found: list[Outline] = []
    names: list[str] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if not names:
            names.append(name.lower())
        lowered = {key.lower(): value for key, value in attributes.items()}
        url = lowered.get("xmlurl", "").strip()
        if name.lower() == "outline" and url:
            found.append(Outline(title=(lowered.get("title") or lowered.get("text") or "").strip(), url=url))
        if len(found) > MAX_OUTLINES:
            raise OpmlError(f"more than {MAX_OUTLINES} feeds")

    def entity(*_: object) -> None:
        raise OpmlError("defines entities, which no honest list of feeds does")

    parser.StartElementHandler = start
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise OpmlError(f"no well-formed XML ({error})") from None
    if names[:1] != ["opml"]:
        raise OpmlError("no OPML: its first element is something else")
    return tuple(found)


def write_opml(sources: Iterable[Source]) -> str:
    """The sources as OPML, in the order given, one folder per role."""
    by_role: dict[str, list[Source]] = {}
    for source in sources:
        by_role.setdefault(source.role.value, []).append(source)
    folders = "".join(
        f'    <outline text="{role}">\n{"".join(_outline(source) for source in members)}    </outline>\n'
        for role, members in by_role.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head><title>Siaga</title></head>\n  <body>\n{folders}  </body>\n</opml>\n"
    )


def _outline(source: Source) -> str:
    name, url = escape(source.id), escape(source.url)
    return f'      <outline type="rss" text="{name}" title="{name}" xmlUrl="{url}" language="{escape(source.lang)}"/>\n'
