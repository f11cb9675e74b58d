"""RSS 2.0 and Atom as the standards have them, read by lxml: the quick way for nine feeds out of ten.

feedparser takes 12 ms for an honest feed of 43 kB, this 1 ms (``docs/decisions/feeds.md``). Whatever is not plain (not
well-formed, other formats and name spaces, ``xml:base``) is left to feedparser. A test reads thousands of feeds both
ways and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from collector.sources.rough import MAX_ENTRIES, Document, Rough

ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_FEEDBURNER = "{http://rssnamespace.org/feedburner/ext/1.0}"
TEXT_TYPES = frozenset({"text", "html", "xhtml", "text/html", "text/plain", "application/xhtml+xml"})

# Which elements tell what; of several the earliest in this list wins, of equal ones the first with words in it.
_RSS_DATES = (
    "pubDate",
    ATOM + "published",
    _DC + "date",
    ATOM + "updated",
    _DCTERMS + "created",
    _DCTERMS + "modified",
)
_RSS_AUTHORS = (_DC + "creator", "author")
_RSS_SUMMARIES = ("description", _DC + "description")
_RSS_KNOWN = frozenset(
    {"title", "link", "guid", "source", *_RSS_SUMMARIES, *_RSS_DATES, *_RSS_AUTHORS, _DC + "title", ATOM + "link"}
    | {_CONTENT + "encoded", _MEDIA + "description", _MEDIA + "group", _FEEDBURNER + "origLink"}
)
# Words may hide in these, in ways that feedparser knows.
_RSS_ODD = frozenset(
    {
        "body",
        "{http://www.w3.org/1999/xhtml}body",
        "fullitem",
        "summary",
        "content",
        "id",
        "updated",
        "published",
        "created",
        "modified",
    }
)
_ATOM_IN_RSS = frozenset({ATOM + name for name in ("link", "published", "updated", "author", "category")})


class _NotPlain(Exception):
    """Something in the document is better left to feedparser."""


def read(xml: bytes) -> Document | None:
    """The feed in ``xml`` (UTF-8, without DOCTYPE); None where it is not one of the plain kind."""
    if b"xml:base" in xml:
        return None
    from lxml import etree  # only where there is something to read: most polls bring nothing new

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return None
    try:
        if root.tag == "rss":
            return _rss(root)
        if root.tag == ATOM + "feed":
            return _atom(root)
    except _NotPlain:
        pass
    return None


def _rss(root: Any) -> Document:
    channel = root.find("channel")
    if channel is None:
        raise _NotPlain
    entries = tuple(_rss_item(item) for item in islice(root.iter("item"), MAX_ENTRIES))
    return Document(
        entries=_plain(entries, root),
        title=_words(channel.find("title")),
        link=_words(channel.find("link")),
    )


def _plain(entries: tuple[Rough, ...], root: Any) -> tuple[Rough, ...]:
    """The entries, if they are all there and all have words. Raises _NotPlain."""
    if not all(entry.title or entry.summary or entry.content for entry in entries):
        raise _NotPlain
    if not entries and any(str(element.tag).endswith(("item", "entry")) for element in root.iter()):
        raise _NotPlain
    return entries


def _rss_item(item: Any) -> Rough:
    found: dict[str, Any] = {}
    for child in item:
        tag = child.tag
        if tag in _RSS_KNOWN and (tag not in found or not (found[tag].text or len(found[tag]) or found[tag].attrib)):
            found[tag] = child
        elif tag in _RSS_ODD or (tag.startswith(ATOM) and tag not in _ATOM_IN_RSS):
            raise _NotPlain
    get = found.get
    guid, source = get("guid"), get("source")
    guid_text = _words(guid)
    return Rough(
        title=_first(get, ("title", _DC + "title")),
        summary=_first(get, _RSS_SUMMARIES) or _media_description(found),
        content=_words(get(_CONTENT + "encoded")),
        link=_words(get(_FEEDBURNER + "origLink")) or _rss_link(item, found) or _permalink(guid, guid_text),
        guid=guid_text,
        date=_first(get, _RSS_DATES),
        author=_first(get, _RSS_AUTHORS),
        source_name=_words(source),
        source_url=source.get("url") if source is not None else None,
    )


def _rss_link(item: Any, found: dict[str, Any]) -> str | None:
    if text := _words(found.get("link")):
        return text
    if "link" in found and (href := found["link"].get("href")):
        return str(href)
    return _alternate(item.iterfind(ATOM + "link")) if ATOM + "link" in found else None


def _permalink(guid: Any, text: str | None) -> str | None:
    """RSS 2.0: a guid is an address unless it says otherwise. Positions are none, whatever they say."""
    if guid is None or guid.get("isPermaLink", "true").strip().lower() == "false":
        return None
    return web_address(text)


def web_address(guid: str | None) -> str | None:
    """``guid`` where it can serve as the link that an entry lacks."""
    return guid if guid and guid.startswith(("http://", "https://")) else None


def _media_description(found: dict[str, Any]) -> str | None:
    described = found.get(_MEDIA + "description")
    if described is None and _MEDIA + "group" in found:
        described = found[_MEDIA + "group"].find(_MEDIA + "description")
    return _words(described)


def _atom(root: Any) -> Document:
    entries = tuple(_atom_entry(entry) for entry in islice(root.iter(ATOM + "entry"), MAX_ENTRIES))
    return Document(
        entries=_plain(entries, root),
        title=_words(root.find(ATOM + "title")),
        link=_alternate(root.iterfind(ATOM + "link")),
    )


def _atom_entry(entry: Any) -> Rough:
    found: dict[str, Any] = {}
    for child in entry:
        found.setdefault(child.tag, child)
    get = found.get
    source = get(ATOM + "source")
    content = get(ATOM + "content")
    if content is not None and content.get("type", "text").strip().lower() not in TEXT_TYPES:
        raise _NotPlain
    guid = _words(get(ATOM + "id"))
    return Rough(
        title=_words(get(ATOM + "title")),
        summary=_words(get(ATOM + "summary")) or _media_description(found),
        content=_words(content),
        link=_words(get(_FEEDBURNER + "origLink")) or _alternate(entry.iterfind(ATOM + "link")) or web_address(guid),
        guid=guid,
        date=_first(get, (ATOM + "published", ATOM + "updated", _DC + "date")),
        author=_words(entry.find(f"{ATOM}author/{ATOM}name")),
        source_name=_words(source.find(ATOM + "title")) if source is not None else None,
        source_url=_source_url(source) if source is not None else None,
    )


def _source_url(source: Any) -> str | None:
    return _alternate(source.iterfind(ATOM + "link")) or _words(source.find(ATOM + "id"))


def _alternate(links: Iterator[Any]) -> str | None:
    """The address of the page that an entry stands for: the first HTML one, else the first."""
    hrefs = [
        (not link.get("type", "text/html").startswith("text/html"), href.strip())
        for link in links
        if (href := link.get("href") or link.text) and link.get("rel", "alternate") == "alternate"
    ]
    return min(hrefs, key=lambda pair: pair[0])[1] if hrefs else None


def _first(get: Callable[[str], Any], tags: tuple[str, ...]) -> str | None:
    return next((text for tag in tags if (text := _words(get(tag)))), None)


def _words(element: Any) -> str | None:
    """An element's text; where it holds elements (XHTML), its markup as a string."""
    if element is None:
        return None
    text: str | None = element.text
    if len(element):
        from lxml import etree

        markup: str = etree.tostring(element, encoding="unicode", with_tail=False)
        text = markup
    return text.strip() or None if text else None
