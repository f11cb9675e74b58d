"""Examples to learn from and to measure on, read from CSV. Pure.

The columns are ``id,title,text,label`` with ``hoax`` or a verdict of ours for a claim (``false, misleading, scam``) and
``valid``, ``true`` or ``news`` for the rest; ``date`` (ISO) and ``origin`` where known.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from collector.model.item import Entry
from collector.model.sheet import sheet

CLAIM_LABELS = frozenset(("hoax", "false", "misleading", "scam", "salah", "menyesatkan", "penipuan"))
NEWS_LABELS = frozenset(("valid", "true", "news", "benar", "berita"))
_LONGEST_FIELD = 10_000_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A checked claim, or news. ``day`` is None where unknown; ``doubtful`` where the label is noisy."""

    title: str
    text: str
    claim: bool
    day: date | None = None
    origin: str = ""
    doubtful: bool = False

    @property
    def entry(self) -> Entry:
        """As the judge takes it."""
        return Entry(title=self.title, text=self.text)

    @property
    def headline(self) -> Entry:
        """The title alone."""
        return Entry(title=self.title)


def examples(lines: Iterable[str]) -> Iterator[Example]:
    """Rows without title and text are left out. Raises ValueError with the line of a label that is none of ours."""
    csv.field_size_limit(_LONGEST_FIELD)
    rows = sheet(lines)
    missing = {"title", "label"} - set(rows.fieldnames or ())
    if missing:
        raise ValueError(f"no column {', '.join(sorted(missing))}")
    for row in rows:
        label = (row["label"] or "").strip().lower()
        if label not in CLAIM_LABELS | NEWS_LABELS:
            known = ", ".join(sorted(CLAIM_LABELS | NEWS_LABELS))
            raise ValueError(f"line {rows.line_num}: label {label!r}; expected one of {known}")
        title, text = row["title"] or "", row.get("text") or ""
        if not (title.strip() or text.strip()):
            continue
        yield Example(
            title=title,
            text=text,
            claim=label in CLAIM_LABELS,
            day=_day(row.get("date") or ""),
            origin=row.get("origin") or "",
            doubtful=(label, row.get("origin")) in DOUBTFUL,
        )


DOUBTFUL = frozenset({("valid", "muhammadrizalharis/FakeNewsID-FeatureEngineering")})
"""What the same fact-checker found true: worded like its claims, and noisy (see the README of the data)."""


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
