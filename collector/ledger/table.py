"""Rows of a desk's files, CSV or one JSON object per line. Pure.

Columns are found by their names, in Indonesian or English. What cannot be read is listed by line and left out, so that
one bad row does not stop three hundred good ones.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Generic, TypeVar

from collector.claims.label import is_open, verdict_of
from collector.model.dated import Dated, dated, moment_of
from collector.model.judgement import Verdict
from collector.model.ledger import IssueState, Precision, PublishedCount
from collector.model.sheet import sheet

MAX_TITLE = 1_000
MAX_TEXT = 100_000
MAX_FIELD = 1_000_000
ISSUE_COLUMNS = {
    "title": ("title", "judul", "issue", "isu", "claim", "klaim", "narasi"),
    "date": ("date", "tanggal", "month", "bulan", "opened_at", "opened"),
    "verdict": ("verdict", "putusan", "label", "hasil"),
    "note": ("note", "catatan", "keterangan", "alasan"),
    "link": ("link", "url", "tautan", "alamat"),
    "topics": ("topic", "topics", "topik"),
    "state": ("state", "status"),
}
ITEM_COLUMNS = {
    "title": ("title", "judul", "headline"),
    "text": ("text", "teks", "isi", "excerpt", "summary", "post", "konten"),
    "url": ("url", "link", "tautan", "alamat"),
    "date": ("date", "tanggal", "month", "bulan", "published_at", "published", "seen_at"),
    "publisher": ("publisher", "penerbit", "platform", "source", "sumber", "outlet"),
    "topics": ("topic", "topics", "topik"),
    "issue": ("issue", "isu", "issue_id"),
    "lang": ("lang", "bahasa"),
}
COUNT_COLUMNS = {
    "first": ("from", "dari", "mulai"),
    "last": ("to", "sampai", "hingga"),
    "month": ("month", "bulan"),
    "issues": ("issues", "isu", "jumlah"),
    "topic": ("topic", "topik"),
    "source": ("source", "sumber"),
    "basis": ("basis", "dasar", "note", "catatan", "keterangan"),
}
TOTALS = frozenset({"total", "jumlah", "sum", "all", "semua"})
_UP_TO = re.compile(
    r"\b(?:to|until|sampai|hingga|s[./]?\s?d\.?)\s+(?:(?:tanggal|tgl\.?)\s+)?(\d{1,2})(?:\s+([A-Za-z]+)\.?)?(?:\s+(\d{4}))?\b",
    re.I,
)
RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[RowT]):
    """The rows of a file with their line numbers, and its lines that were left out, each with the reason."""

    rows: tuple[tuple[int, RowT], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """An issue of a desk's list. ``at`` is UTC, as exact as ``precision`` says."""

    title: str
    at: datetime
    precision: Precision
    verdict: Verdict | None
    note: str
    link: str | None
    topics: tuple[str, ...]
    state: IssueState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item of a desk's list. ``issue`` is the number or the title of an issue, or empty."""

    title: str
    text: str
    url: str | None
    at: datetime
    precision: Precision
    publisher: str
    topics: tuple[str, ...]
    issue: str
    lang: str


def issue_table(text: str, zone: tzinfo) -> Table[IssueRow]:
    """Raises ValueError where the needed columns are missing or the text is no CSV."""
    return _table(_csv_rows(text), ISSUE_COLUMNS, ("title", "date"), lambda cells: _issue(cells, zone))


def item_table(text: str, zone: tzinfo, *, lines_of_json: bool = False) -> Table[ItemRow]:
    """Raises ValueError likewise."""
    rows = _json_rows(text) if lines_of_json else _csv_rows(text)
    return _table(rows, ITEM_COLUMNS, ("title", "date"), lambda cells: _item(cells, zone))


def count_table(text: str) -> Table[PublishedCount]:
    """Windows by from and to, or by a month. Raises ValueError likewise."""
    needed = ("first", "last", "issues")
    return _table(_csv_rows(text), COUNT_COLUMNS, needed, _count, instead={"first": "month", "last": "month"})


# ---------------------------------------------------------------- rows

_Rows = Iterator[tuple[int, Mapping[str, object] | str]]


def _csv_rows(text: str) -> _Rows:
    csv.field_size_limit(MAX_FIELD)
    plain = text.removeprefix("\ufeff")
    reader = sheet(io.StringIO(plain, newline=""))
    try:
        names = reader.fieldnames or ()
        yield 0, dict.fromkeys(names)
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from error


def _json_rows(text: str) -> _Rows:
    """Names may differ from line to line, so the first row says nothing of the others."""
    yield 0, dict.fromkeys(names[0] for names in ITEM_COLUMNS.values())
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield number, "not JSON"
            continue
        yield number, row if isinstance(row, dict) else "not a JSON object"


def _table(
    rows: _Rows,
    columns: Mapping[str, tuple[str, ...]],
    needed: tuple[str, ...],
    read: Callable[[dict[str, str]], RowT],
    *,
    instead: Mapping[str, str] | None = None,
) -> Table[RowT]:
    """``instead``: for a needed column another one that may stand in its place."""
    found: list[tuple[int, RowT]] = []
    problems: list[str] = []
    for number, row in rows:
        if isinstance(row, str):
            problems.append(f"line {number}: {row}")
            continue
        cells = _cells(row, columns)
        if number == 0:
            missing = [columns[role][0] for role in needed if not {role, (instead or {}).get(role)} & cells.keys()]
            if missing:
                raise ValueError(f"no column {', '.join(missing)}")
            continue
        if not any(cells.values()):
            continue
        try:
            found.append((number, read(cells)))
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    return Table(rows=tuple(found), problems=tuple(problems))


def _cells(row: Mapping[str, object], columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Role -> text; a role whose column is not there is left out."""
    given = {str(name).strip().lower(): value for name, value in row.items() if name is not None}
    cells = {}
    for role, names in columns.items():
        name = next((name for name in names if name in given), None)
        if name is not None:
            value = given[name]
            cells[role] = " ".join(map(str, value)) if isinstance(value, list) else str(value or "").strip()
    return cells


def _issue(cells: Mapping[str, str], zone: tzinfo) -> IssueRow:
    at, precision = moment_of(cells["date"], zone)
    return IssueRow(
        title=_title(cells),
        at=at,
        precision=precision,
        verdict=_verdict(cells.get("verdict", "")),
        note=cells.get("note", ""),
        link=_link(cells.get("link", "")),
        topics=_words(cells.get("topics", "")),
        state=_state(cells.get("state", "")),
    )


def _item(cells: Mapping[str, str], zone: tzinfo) -> ItemRow:
    at, precision = moment_of(cells.get("date", ""), zone)
    return ItemRow(
        title=_title(cells),
        text=cells.get("text", "")[:MAX_TEXT],
        url=_link(cells.get("url", "")),
        at=at,
        precision=precision,
        publisher=cells.get("publisher", "").lower(),
        topics=_words(cells.get("topics", "")),
        issue=cells.get("issue", ""),
        lang=cells.get("lang", "") or "id",
    )


def _count(cells: Mapping[str, str]) -> PublishedCount:
    number = cells["issues"]
    if not number.isdecimal() or len(number) > 9:
        raise ValueError(f"{number!r} is no number of issues")
    first, last = _window(cells)
    return PublishedCount(
        id=0,
        first=first,
        last=last,
        issues=int(number),
        topic=cells.get("topic", ""),
        source=cells.get("source", ""),
    )


def _window(cells: Mapping[str, str]) -> tuple[date, date]:
    """From and to; else the whole month, or as much of it as its basis says ("reported (to 18 Nov)")."""
    if cells.get("first") or cells.get("last") or "month" not in cells:
        return dated(cells.get("first", "")).day, dated(cells.get("last", "")).last
    if cells["month"].lower() in TOTALS:
        raise ValueError("a total over other rows, which count its issues already")
    month = dated(cells["month"])
    return month.day, _up_to(cells.get("basis", ""), month) or month.last


def _up_to(basis: str, month: Dated) -> date | None:
    """The last day that the figure counts, where the basis names one within the month."""
    found = _UP_TO.search(basis)
    if found is None:
        return None
    named = f"{found[1]} {found[2] or ''} {found[3] or month.day.year}"
    try:
        last = dated(named).day if found[2] else month.day.replace(day=int(found[1]))
    except ValueError:
        return None
    return last if month.day <= last <= month.last else None


def _title(cells: Mapping[str, str]) -> str:
    title = " ".join(cells.get("title", "").split())
    if not title:
        raise ValueError("no title")
    if len(title) > MAX_TITLE:
        raise ValueError(f"a title of {len(title)} characters; at most {MAX_TITLE}")
    return title


def _verdict(word: str) -> Verdict | None:
    if not word or is_open(word):
        return None
    try:
        return Verdict(word.lower())
    except ValueError:
        found = verdict_of(word)
    if found is None:
        raise ValueError(f"{word!r} is no verdict; there are {', '.join(Verdict)}")
    return found


def _state(word: str) -> IssueState | None:
    if not word:
        return None
    try:
        return IssueState(word.lower().replace(" ", "_"))
    except ValueError:
        known = [state for state in IssueState if state is not IssueState.MERGED]
        raise ValueError(f"{word!r} is no state; there are {', '.join(known)}") from None


def _link(text: str) -> str | None:
    if text and not text.startswith(("http://", "https://")):
        raise ValueError(f"not a link: {text[:200]}")
    return text or None


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").replace("|", " ").split()))
