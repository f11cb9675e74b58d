"""Checked claims from a CSV file that a desk keeps. Pure.

Columns are found by their names, in Indonesian or English; only the claim itself is needed. What cannot be read is
listed by line and left out, so that one bad row does not stop three hundred good ones.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from collector.claims.label import is_open, labelled, verdict_of
from collector.model.claim import CLARIFICATION, CheckedClaim
from collector.model.judgement import Verdict

MAX_CHARS = 1_000
COLUMNS = {
    "text": ("claim", "klaim", "text", "teks", "title", "judul", "canonical_text", "narasi"),
    "id": ("claim_id", "narrative_id", "case_id", "id", "nomor"),
    "verdict": ("verdict", "label", "rating", "label_seen", "putusan", "hasil"),
    "publisher": ("publisher", "source", "penerbit", "sumber", "outlet"),
    "url": ("url", "link", "tautan", "alamat"),
    "date": ("date", "checked_at", "tanggal", "published_at", "published"),
    "topic": ("topic", "topics", "topik"),
}
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\Z")
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The claims of a file, and its lines that were left out, each with the reason."""

    claims: tuple[CheckedClaim, ...]
    problems: tuple[str, ...]


def read_table(text: str, *, publisher: str = "") -> Table:
    """The claims of a CSV text with a header line; comma, semicolon or tab. ``publisher`` is for rows without one.

    Raises ValueError where no column holds claims, or the text is no CSV.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), dialect=_dialect(text))
    try:
        columns = _columns(reader.fieldnames or ())
    except csv.Error as error:
        raise ValueError(f"line 1: {error}") from error
    if "text" not in columns:
        raise ValueError(f"no column of claims; name one of {', '.join(COLUMNS['text'][:6])}")
    claims: dict[str, CheckedClaim] = {}
    problems: list[str] = []
    for row in _readable(reader):
        cells = {role: (row.get(name) or "").strip() for role, name in columns.items()}
        if not any(cells.values()):
            continue
        try:
            claim = _claim(cells, publisher)
        except ValueError as error:
            problems.append(f"line {reader.line_num}: {error}")
            continue
        if claim.key in claims:
            problems.append(f"line {reader.line_num}: the same claim stands above")
            continue
        claims[claim.key] = claim
    return Table(claims=tuple(claims.values()), problems=tuple(problems))


def key_of(*, url: str | None, publisher: str, case_id: str | None, text: str) -> str:
    """What makes a checked claim the same one in two files or feeds."""
    if url:
        return "url:" + re.sub(r"\Ahttps?://(?:www\.)?", "", url).rstrip("/")
    if case_id:
        return f"case:{publisher.lower()}:{case_id}"
    digest = hashlib.blake2b(f"{publisher.lower()}\n{text.lower()}".encode(), digest_size=12).hexdigest()
    return f"text:{digest}"


def _readable(reader: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from error


def _claim(cells: Mapping[str, str], publisher: str) -> CheckedClaim:
    title = " ".join(cells["text"].split())
    if not title:
        raise ValueError("no claim")
    if len(title) > MAX_CHARS:
        raise ValueError(f"a claim of {len(title)} characters; at most {MAX_CHARS}")
    parts = labelled(title)
    case_id = parts.case_id or cells.get("id") or None
    url = cells.get("url") or None
    if url and not url.startswith(("http://", "https://")):
        raise ValueError(f"not a link: {url}")
    name = cells.get("publisher") or publisher
    word = cells.get("verdict", "")
    if is_open(word) and CLARIFICATION.match(title) is None:
        title = f"[{word.strip(' .!?[]():').upper()}] {title}"  # a label without a verdict is seen in the title
    return CheckedClaim(
        id=0,
        key=key_of(url=url, publisher=name, case_id=case_id, text=parts.text),
        text=parts.text,
        title=title,
        verdict=_verdict(word) or parts.verdict,
        publisher=name,
        url=url,
        checked_at=_moment(cells.get("date", "")),
        case_id=case_id,
        topics=tuple(topic for topic in re.split(r"[;,|\s]+", cells.get("topic", "")) if topic),
    )


def _verdict(word: str) -> Verdict | None:
    try:
        return Verdict(word.lower())
    except ValueError:
        return verdict_of(word)


def _moment(text: str) -> datetime | None:
    """A day, a month or a year, as midnight UTC of its first day."""
    if not text:
        return None
    day_first = _DAY_FIRST.match(text)
    year_first = _YEAR_FIRST.match(text)
    if day_first:
        day, month, year = (int(part) for part in day_first.groups())
    elif year_first:
        year, month, day = (int(part or 1) for part in year_first.groups())
    else:
        raise ValueError(f"not a date: {text}")
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"not a date: {text}") from error


def _columns(names: object) -> dict[str, str]:
    """Role -> the file's own name of the column."""
    given = {str(name).strip().lower(): str(name) for name in names} if isinstance(names, list | tuple) else {}
    found: dict[str, str] = {}
    for role, options in COLUMNS.items():
        name = next((given[option] for option in options if option in given), None)
        if name is not None:
            found[role] = name
    return found


def _dialect(text: str) -> type[csv.Dialect]:
    header = text.partition("\n")[0]
    separator = max((",", ";", "\t"), key=header.count)

    class Separated(csv.excel):
        delimiter = separator

    return Separated
