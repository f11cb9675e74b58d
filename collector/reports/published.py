"""Which published figures a window takes whole, and which it leaves out. Pure.

A row is never split: nobody knows how its issues lie within its days. Nor are two rows added up that count the same
days of the same topic: the shorter one says more, then the one about all topics, then the later one entered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from collector.model.ledger import PublishedCount
from collector.model.phrase import Phrase
from collector.reports.window import Window


class Why(StrEnum):
    """Why a row is not counted."""

    CUT = "cut"
    OVERLAPS = "overlaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A row that touches the window and is not counted in it."""

    row: PublishedCount
    why: Why
    reason: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The rows of a window, by first day."""

    taken: tuple[PublishedCount, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def issues(self) -> int:
        return sum(row.issues for row in self.taken)

    def covers(self, day: date) -> bool:
        return any(row.first <= day <= row.last for row in self.taken)


def choose(rows: Sequence[PublishedCount], window: Window, topic: str | None) -> Chosen:
    """Rows of that topic (None: of all) that lie within the window whole and count no day twice."""
    near = [row for row in rows if window.touches(row.first, row.last) and topic in (None, row.topic)]
    taken: list[PublishedCount] = []
    left: list[LeftOut] = []
    for row in sorted(near, key=lambda row: (row.days, bool(row.topic), row.first, -row.id)):
        if not window.holds(row.first, row.last):
            left.append(LeftOut(row=row, why=Why.CUT, reason=_cut(row, window)))
            continue
        rival = next((other for other in taken if _same_days(row, other)), None)
        if rival is None:
            taken.append(row)
        else:
            left.append(LeftOut(row=row, why=Why.OVERLAPS, reason=_overlaps(row, rival)))
    return Chosen(
        taken=tuple(sorted(taken, key=lambda row: (row.first, row.last))),
        left_out=tuple(sorted(left, key=lambda one: (one.row.first, one.row.last))),
    )


def _same_days(row: PublishedCount, other: PublishedCount) -> bool:
    same_topic = row.topic == other.topic or not row.topic or not other.topic
    return same_topic and row.first <= other.last and other.first <= row.last


def _cut(row: PublishedCount, window: Window) -> Phrase:
    return Phrase(
        id=f"{row.issues} isu untuk {row.first}..{row.last} ({row.source or 'tanpa sumber'}) tidak dihitung: jendela "
        f"{window} memotongnya, dan angka yang diterbitkan tidak pernah dibagi",
        en=f"{row.issues} issues for {row.first}..{row.last} ({row.source or 'no source given'}) are left out: the "
        f"window {window} cuts this row, and a published figure is never split",
    )


def _overlaps(row: PublishedCount, rival: PublishedCount) -> Phrase:
    return Phrase(
        id=f"{row.issues} isu untuk {row.first}..{row.last} ({row.source or 'tanpa sumber'}) tidak dihitung: "
        f"{rival.first}..{rival.last} sudah menghitung hari yang sama",
        en=f"{row.issues} issues for {row.first}..{row.last} ({row.source or 'no source given'}) are left out: "
        f"{rival.first}..{rival.last} counts the same days already",
    )
