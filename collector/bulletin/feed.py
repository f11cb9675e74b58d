"""The bulletin as an Atom feed (RFC 4287), which a website can publish or read in.

An entry's id stays the same for an issue in all bulletins; a correction is the same entry with a newer ``updated``.
"""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from collector.bulletin.entries import Bulletin, Entry
from collector.bulletin.page import entry_html
from collector.bulletin.views import BulletinView, EntryView
from collector.bulletin.words import say
from collector.model.clock import rfc3339

ATOM = "http://www.w3.org/2005/Atom"


def atom(
    bulletin: Bulletin, view: BulletinView, *, title: str, author: str, page: str | None, feed: str | None
) -> bytes:
    """``page`` and ``feed`` are the public addresses of the HTML page and of this feed, where they are known."""
    language = view.language
    root = Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _text(root, "id", _urn(f"{feed or page or title}#{language}"))
    _text(root, "title", title)
    _text(root, "subtitle", say("lead", language))
    _text(
        root, "updated", rfc3339(max((_updated(entry, bulletin) for entry in bulletin.every), default=bulletin.made_at))
    )
    _text(SubElement(root, "author"), "name", author)
    _text(root, "generator", "Siaga")
    if feed is not None:
        SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": feed})
    if page is not None:
        SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": page})
    for entry, words in zip(bulletin.every, (*view.corrections, *view.entries), strict=True):
        _entry(SubElement(root, "entry"), entry, words, bulletin, view, page)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _entry(
    element: Element, entry: Entry, words: EntryView, bulletin: Bulletin, view: BulletinView, page: str | None
) -> None:
    language = view.language
    mark = f"{say('correction', language)}: " if entry.before is not None else ""
    _text(element, "id", _urn(f"{entry.first_seen_at.isoformat()} {entry.issue_id} {language}"))
    _text(element, "title", f"{mark}{words.label.capitalize()} — {words.claim}")
    _text(element, "updated", rfc3339(_updated(entry, bulletin)))
    _text(element, "published", rfc3339(entry.answered_at))
    for topic, name in zip(entry.topics, words.topics, strict=True):
        SubElement(element, "category", {"term": topic, "label": name})
    if page is not None:
        SubElement(element, "link", {"rel": "alternate", "type": "text/html", "href": f"{page}#{words.anchor}"})
    for check in words.checks:
        if check.url is not None:
            SubElement(element, "link", {"rel": "related", "href": check.url, "title": check.publisher})
    content = SubElement(element, "content", {"type": "html"})
    content.text = entry_html(words, language)


def _updated(entry: Entry, bulletin: Bulletin) -> datetime:
    """A correction is new now, whatever the date of the verdict behind it."""
    return bulletin.made_at if entry.before is not None else entry.answered_at


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, f"siaga bulletin {name}").urn
