"""ClaimReview (schema.org) in the JSON-LD of an article page. Pure.

Fact-checkers mark up the claim, their own word for it and a number; the word is read first, the number only where it
comes with its scale. Pages are hostile: sizes and depths are bounded, and what is not understood is left out.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.claims.label import verdict_of, verdict_of_rating
from collector.model.judgement import Verdict

MAX_SCRIPT_CHARS = 500_000
MAX_SCRIPTS = 40
MAX_REVIEWS = 50
MAX_DEPTH = 12
MAX_TEXT = 1_000
_SCRIPT = re.compile(r"<script\b[^>]{0,300}\bld\+json[^>]{0,300}>", re.I)
_END = re.compile(r"</script", re.I)
_TAG = re.compile(r"<[^>]{0,200}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One ClaimReview. ``word`` is the publisher's own verdict; ``published_at`` UTC, a bare date is midnight UTC."""

    claim: str
    word: str
    verdict: Verdict | None
    publisher: str
    url: str | None
    published_at: datetime | None


def reviews(page: str) -> tuple[Review, ...]:
    """The ClaimReviews of an HTML page, in its order, equal ones once."""
    found: dict[tuple[str, str], Review] = {}
    for script in _scripts(page):
        try:
            data = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data, MAX_DEPTH):
            review = _review(node)
            if review is not None:
                found.setdefault((review.claim, review.publisher), review)
            if len(found) >= MAX_REVIEWS:
                return tuple(found.values())
    return tuple(found.values())


def _scripts(page: str) -> Iterator[str]:
    here = 0
    for _ in range(MAX_SCRIPTS):
        start = _SCRIPT.search(page, here)
        if not start:
            return
        end = _END.search(page, start.end())
        if not end:
            return
        if end.start() - start.end() <= MAX_SCRIPT_CHARS:
            yield page[start.end() : end.start()].strip().removeprefix("<!--").removesuffix("-->")
        here = end.end()


def _nodes(data: object, depth: int) -> Iterator[Mapping[str, object]]:
    """Every object of type ClaimReview, however deep it is wrapped."""
    if depth <= 0:
        return
    if isinstance(data, list):
        for one in data[:200]:
            yield from _nodes(one, depth - 1)
    elif isinstance(data, dict):
        kind = data.get("@type")
        if kind == "ClaimReview" or (isinstance(kind, list) and "ClaimReview" in kind):
            yield data
        for key in ("@graph", "mainEntity", "hasPart", "review", "itemListElement", "item"):
            if key in data:
                yield from _nodes(data[key], depth - 1)


def _review(node: Mapping[str, object]) -> Review | None:
    claim = _text(node.get("claimReviewed"))
    if not claim:
        return None
    rating = _object(node.get("reviewRating"))
    word = _text(rating.get("alternateName")) or _text(rating.get("name")) or _text(rating.get("ratingExplanation"))
    verdict = verdict_of(word) if word else None
    if verdict is None and not word:
        verdict = _by_number(rating)
    author = _object(node.get("author")) or _object(node.get("publisher"))
    return Review(
        claim=claim,
        word=word,
        verdict=verdict,
        publisher=_text(author.get("name")),
        url=_address(node.get("url")),
        published_at=_moment(_text(node.get("datePublished"))),
    )


def _by_number(rating: Mapping[str, object]) -> Verdict | None:
    numbers = [_number(rating.get(key)) for key in ("ratingValue", "worstRating", "bestRating")]
    value, worst, best = numbers
    if value is None or worst is None or best is None:
        return None
    return verdict_of_rating(value, worst, best)


def _object(value: object) -> Mapping[str, object]:
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return " ".join(_TAG.sub(" ", html.unescape(value[: 4 * MAX_TEXT])).split())[:MAX_TEXT]


def _address(value: object) -> str | None:
    text = _text(value)
    return text if text.startswith(("http://", "https://")) else None


def _number(value: object) -> float | None:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e6 else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None
