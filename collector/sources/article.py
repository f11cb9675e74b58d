"""One article page to its words: the story's text, its headline, its date and what it says of itself in JSON-LD. Pure.

    bytes ── decode ──> HTML ── limits ──> tree ──> JSON-LD, headline, date
                                            └─ trimmed ─> trafilatura ─> text
                                                          (else articleBody, else paragraphs, else the description)

trafilatura finds the story among menus, advertisements and lists of other stories. It is the extra ``[article]``: it
brings 40 MB. Without it, or where it finds nothing, the site's own ``articleBody`` is taken, else the paragraphs of the
element that holds most of them, else the page's description. Measured: ``docs/explain/articles.md``.

A page cannot hold the reader up: at most ``MAX_CHARACTERS`` and ``MAX_TAGS`` are read, libxml2 nests at most 256 deep,
attributes are cut before trafilatura's patterns run over them, and its slower second opinions are left out (one looks
at every paragraph's neighbours: 9,800 paragraphs took it six seconds). The costliest page found within that takes 1.5
seconds of processor time.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from collector.model.errors import ParseError
from collector.sources.charset import text_of
from collector.sources.dates import parse_date
from collector.sources.limits import check
from collector.sources.plaintext import line, plain
from collector.sources.rough import MAX_TEXT, MAX_TITLE, zone_for

if TYPE_CHECKING:
    from lxml.html import HtmlElement

EXTRA = 'pip install "siaga[article]"'
MAX_CHARACTERS = 2_000_000
MAX_TAGS = 20_000  # a long live blog has 8,000
MIN_STORY = 200  # characters: less is a teaser or a wall before the story
MAX_SCRIPTS, MAX_SCRIPT_CHARACTERS, MAX_OBJECTS, MAX_NESTING = 20, 400_000, 200, 40
MAX_ATTRIBUTE, MAX_ATTRIBUTES = 80, 200_000  # characters of one, of all; pages of ours have 20 to 90 thousand

_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")
_SLASHED_DAY = re.compile(r"(\d{4})/(\d\d)/(\d\d)(?!\d)", re.ASCII)
_BRACKETS = re.compile(r"[\[{]|[\]}]")
_NO_STORY = ("script", "style", "template", "iframe", "object", "svg", "math", "select", "button", "noscript")
_NO_PARAGRAPHS = frozenset({"nav", "header", "footer", "aside", "form", "figure", "figcaption", "table"})
_ARTICLES = ("Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BlogPosting", "LiveBlogPosting")
_DATES = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "publishdate_iso",
    "content_publisheddate",
    "dtk:publishdate",
    "dc.date",
    "dc.date.issued",
    "parsely-pub-date",
)
# Newsrooms put headlines of other stories between the paragraphs: they would be taken for this story's topics.
_ASIDE = re.compile(
    r"(?:(?:baca|simak|lihat|tonton|saksikan|dengarkan|read|watch|see)(?:\s+(?:juga|pula|also|selengkapnya))?\s*:"
    r"|(?:baca|simak|lihat|tonton|saksikan)\s+(?:juga|pula)\b"
    r"|\W*(?:pilihan editor|berita terkait|artikel terkait|topik terkait|read more|advertisement|iklan"
    r"|scroll to continue|gulir(?:kan)? (?:ke bawah|untuk)|lanjutkan membaca|hak cipta|copyright|all rights reserved)\b"
    r"|\[gambas:)",
    re.IGNORECASE,
)
# Letters nobody sees, which disguise words: trafilatura drops them, and they are evidence. They pass it as letters of
# a script that no page of today is written in (cuneiform, whose block has no gaps).
_UNSEEN = (
    *(0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x180B, 0x180E), *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
    *(*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080)),
)
_UNSEEN_AGAIN = {0x12000 + place: unseen for place, unseen in enumerate(_UNSEEN)}
_CONTROLS = (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)  # a parser lets them in, and no tree takes them back
_SEEN = {**{unseen: seen for seen, unseen in _UNSEEN_AGAIN.items()}, **dict.fromkeys(_CONTROLS, 32)}
_FOREIGN_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says. ``text`` is plain, on one line, at most 20,000 characters, "" where there is no story;
    ``published_at`` is UTC; ``json_ld`` holds the page's JSON-LD objects as it spells them, those of ``@graph`` and of
    lists one by one; ``found_by`` names what the text was taken from."""

    text: str
    title: str
    published_at: datetime | None
    json_ld: tuple[Mapping[str, Any], ...]
    found_by: str

    @property
    def has_story(self) -> bool:
        """Whether there is more than a teaser."""
        return len(self.text) >= MIN_STORY


def extract(html: bytes, url: str, content_type: str = "", *, now: datetime, lang: str = "id") -> Article:
    """Read a page. ``content_type`` is the server's header, for the charset; ``now`` anchors dates such as "kemarin".

    Raises ParseError where the body is no page or larger than what is read.
    """
    root = _tree(text_of(html, content_type))
    json_ld = tuple(islice(_json_ld(root), MAX_OBJECTS))
    own = next((thing for thing in json_ld if _is_a(thing, _ARTICLES)), {})
    meta = _meta(root)
    text, found_by = _story(root, own, meta, url)
    return Article(
        text=text,
        title=_title(root, own, meta),
        published_at=_published_at(root, own, meta, now, lang),
        json_ld=json_ld,
        found_by=found_by,
    )


@cache
def is_complete() -> bool:
    """Whether trafilatura is installed. Looks, does not import: that takes half a second."""
    return find_spec("trafilatura") is not None


# ---------------------------------------------------------------- the tree


def _tree(html: str) -> HtmlElement:
    """Raises ParseError."""
    if len(html) > MAX_CHARACTERS:
        raise ParseError(f"a page of {len(html):,} characters (at most {MAX_CHARACTERS:,} are read)")
    if html.count("<") > MAX_TAGS:
        raise ParseError(f"a page of {html.count('<'):,} tags (at most {MAX_TAGS:,} are read)")
    check(html, "a page")
    if "<" not in html:
        raise ParseError("no page: text without a tag")
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    declared = _DECLARATION.match(html)  # lxml refuses text that names its encoding
    try:
        root = document_fromstring(html[declared.end() if declared else 0 :].replace("\0", ""), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(f"no page: {error}") from error
    return root


def _meta(root: HtmlElement) -> Mapping[str, str]:
    """The first content of each ``<meta>``, by its property, name or itemprop in lower case."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = element.get("content")
        for attribute in ("property", "name", "itemprop"):
            name = element.get(attribute)
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _title(root: HtmlElement, own: Mapping[str, Any], meta: Mapping[str, str]) -> str:
    candidates = (
        meta.get("og:title"),
        own.get("headline"),
        *(element.text_content() for element in islice(root.iter("h1"), 1)),
        *(element.text_content() for element in islice(root.iter("title"), 1)),
    )
    for candidate in candidates:
        if isinstance(candidate, str) and (title := plain(candidate, MAX_TITLE)):
            return title
    return ""


def _published_at(
    root: HtmlElement, own: Mapping[str, Any], meta: Mapping[str, str], now: datetime, lang: str
) -> datetime | None:
    written = (
        own.get("datePublished"),
        *(meta.get(name) for name in _DATES),
        *(element.get("datetime") for element in islice(root.iter("time"), 3)),
    )
    for text in written:
        if isinstance(text, str):
            found = parse_date(
                _SLASHED_DAY.sub(r"\1-\2-\3", text.strip(), count=1),
                now=now,
                fallback_zone=zone_for(lang),
                thorough=False,
            )
            if found is not None:
                return found
    return None


# ---------------------------------------------------------------- JSON-LD


def _json_ld(root: HtmlElement) -> Iterator[Mapping[str, Any]]:
    scripts = (s for s in root.iter("script") if "ld+json" in (s.get("type") or "").lower())
    for script in islice(scripts, MAX_SCRIPTS):
        text = (script.text or "").strip().removeprefix("<![CDATA[").removesuffix("]]>")
        if 0 < len(text) <= MAX_SCRIPT_CHARACTERS and _nesting(text) <= MAX_NESTING:
            try:
                yield from _objects(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue  # a page with broken JSON-LD is still a page


def _nesting(text: str) -> int:
    """How deep the brackets go; those in strings count too, which errs on the safe side."""
    deepest = depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for part in value:
            yield from _objects(part)
    elif isinstance(value, dict):
        yield value
        if "@graph" in value:
            yield from _objects(value["@graph"])


def _is_a(thing: Mapping[str, Any], kinds: Sequence[str]) -> bool:
    kind = thing.get("@type")
    names = kind if isinstance(kind, list) else [kind]
    return any(name in kinds for name in names if isinstance(name, str))


# ---------------------------------------------------------------- the story


def _story(root: HtmlElement, own: Mapping[str, Any], meta: Mapping[str, str], url: str) -> tuple[str, str]:
    """The first of the readings that is long enough, else the longest; with its name."""
    best, best_name = "", "nothing"
    for name, paragraphs in _readings(root, own, meta, url):
        text = _joined(paragraphs)
        if len(text) >= MIN_STORY:
            return text, name
        if len(text) > len(best):
            best, best_name = text, name
    return best, best_name


def _readings(
    root: HtmlElement, own: Mapping[str, Any], meta: Mapping[str, str], url: str
) -> Iterator[tuple[str, Iterable[str]]]:
    """Each made only when it is asked for."""
    _trim(root)
    yield "trafilatura", _by_trafilatura(root, url)
    yield "articleBody", _paragraphs_of(own.get("articleBody"))
    yield "paragraphs", _by_paragraphs(root)
    yield "description", (meta.get("og:description") or meta.get("description") or "",)


def _trim(root: HtmlElement) -> None:
    """Without what holds no words, with unseen letters to be seen, and with attributes that are short, one by one and
    together: trafilatura runs a hundred patterns over every class and id."""
    for element in list(root.iter(*_NO_STORY)):
        if element.getparent() is not None:
            element.drop_tree()
    left = MAX_ATTRIBUTES
    for element in root.iter():
        if _has_unseen(element.text):
            element.text = element.text.translate(_SEEN)
        if _has_unseen(element.tail):
            element.tail = element.tail.translate(_SEEN)
        for name, value in element.items():
            if name != "href":
                kept = value[: min(MAX_ATTRIBUTE, left)]
                left -= len(kept)
                if kept != value:
                    element.set(name, kept)


def _has_unseen(text: str | None) -> bool:
    return text is not None and not text.isascii() and text.translate(_SEEN) != text


def _by_trafilatura(root: HtmlElement, url: str) -> Iterable[str]:
    if not is_complete():
        return ()
    from lxml.etree import LxmlError
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it warns of every page without a story
    try:
        found = bare_extraction(
            root, url=url, fast=True, include_comments=False, include_tables=False, with_metadata=False
        )
    except (*_FOREIGN_FAULTS, LxmlError):
        return ()  # a page it stumbles over is read the plain way
    text = getattr(found, "text", None)
    return text.split("\n") if isinstance(text, str) else ()


def _paragraphs_of(body: object) -> Iterable[str]:
    return (plain(part, MAX_TEXT) for part in body[: 4 * MAX_TEXT].split("\n")) if isinstance(body, str) else ()


def _by_paragraphs(root: HtmlElement) -> Iterable[str]:
    """The paragraphs of the element that holds most words in its own ``<p>``; links are not counted."""
    best: list[str] = []
    most = 0
    groups: dict[HtmlElement, list[str]] = {}
    weights: dict[HtmlElement, int] = {}
    for paragraph in root.iter("p"):
        parent = paragraph.getparent()
        if parent is None or parent.tag in _NO_PARAGRAPHS:
            continue
        text = paragraph.text_content()
        linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
        groups.setdefault(parent, []).append(text)
        weights[parent] = weights.get(parent, 0) + len(text) - 2 * linked
        if weights[parent] > most:
            best, most = groups[parent], weights[parent]
    return best


def _joined(paragraphs: Iterable[str]) -> str:
    """On one line, without asides to other stories; cut at the limit of every text."""
    kept: list[str] = []
    size = 0
    for paragraph in paragraphs:
        text = paragraph.strip()
        if text and not (len(text) < 300 and _ASIDE.match(text.lstrip("-*• "))):
            kept.append(text)
            size += len(text) + 1
            if size > MAX_TEXT:
                break
    return line(" ".join(kept).translate(_UNSEEN_AGAIN), MAX_TEXT)
