"""From one window to another: in total, per day, and beside what others say of it. Pure.

A percentage is never given without both windows' lengths, units and per-day rates.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from collector.model.phrase import Language, Phrase
from collector.reports.window import Window, window_of

SAME_WINDOW = 0.9  # of the days in either: from here on two windows are taken for the same period
EXACT = 0.5  # percentage points by which a published figure may differ and still fit
ROUNDED = 5.0  # likewise of one that is a multiple of ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two windows."""

    window: Window
    issues: int
    covered_days: int

    @property
    def per_day(self) -> float:
        return self.issues / self.window.days

    @property
    def whole(self) -> bool:
        return self.covered_days == self.window.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A change that somebody published, in percent; ``before``/``after`` are None where only the figure is known."""

    percent: float
    says: Phrase
    source: Phrase
    before: Window | None = None
    after: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A published change beside the computed ones."""

    claimed: Claimed
    fits_total: bool
    fits_per_day: bool
    reason: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Percentages are None where nothing stood before, or a side has no data. ``sentence`` holds everything that a
    percentage needs."""

    before: Side
    after: Side
    total_percent: float | None
    per_day_percent: float | None
    sentence: Phrase
    checked: tuple[Checked, ...]


def change(before: Side, after: Side, claims: Sequence[Claimed] = ()) -> Change:
    """``claims`` that name other windows are passed over."""
    known = bool(before.covered_days and after.covered_days) or bool(before.issues and after.issues)
    total = percent(before.issues, after.issues) if known else None
    per_day = percent(before.per_day, after.per_day) if known else None
    near = [one for one in claims if _is_about(one, before.window, after.window)]
    return Change(
        before=before,
        after=after,
        total_percent=total,
        per_day_percent=per_day,
        sentence=Phrase(
            id=_sentence(before, after, total, per_day, "id"), en=_sentence(before, after, total, per_day, "en")
        ),
        checked=tuple(_checked(one, total, per_day) for one in near),
    )


def percent(before: float, after: float) -> float | None:
    return None if before == 0 else 100 * (after - before) / before


@cache
def shipped_claims() -> tuple[Claimed, ...]:
    """Changes that were published, as packaged."""
    text = (files("collector") / "data" / "published_changes.json").read_text(encoding="utf-8")
    return tuple(
        Claimed(
            percent=float(one["percent"]),
            says=Phrase(id=one["says_id"], en=one["says"]),
            source=Phrase(id=one["source_id"], en=one["source"]),
            before=window_of(*one["from"]),
            after=window_of(*one["to"]),
        )
        for one in json.loads(text)
    )


def _is_about(claimed: Claimed, before: Window, after: Window) -> bool:
    if claimed.before is None or claimed.after is None:
        return True
    return claimed.before.likeness(before) >= SAME_WINDOW and claimed.after.likeness(after) >= SAME_WINDOW


def _checked(claimed: Claimed, total: float | None, per_day: float | None) -> Checked:
    room = ROUNDED if claimed.percent % 10 == 0 else EXACT
    in_total = total is not None and abs(total - claimed.percent) <= room
    by_day = per_day is not None and abs(per_day - claimed.percent) <= room
    return Checked(
        claimed=claimed,
        fits_total=in_total,
        fits_per_day=by_day,
        reason=Phrase(
            id=_verdict(claimed, total, per_day, in_total, by_day, "id"),
            en=_verdict(claimed, total, per_day, in_total, by_day, "en"),
        ),
    )


def _verdict(
    claimed: Claimed, total: float | None, per_day: float | None, in_total: bool, by_day: bool, language: Language
) -> str:
    said = f"{figure(abs(claimed.percent), 0, language)} %"
    figures = f"{signed(total, language)} / {signed(per_day, language)}"
    words = f"{claimed.says.in_language(language)}; {claimed.source.in_language(language)}"
    if language == "id":
        fits = {
            (False, False): "tidak cocok dengan keduanya",
            (True, False): "cocok dengan jumlah, bukan dengan laju per hari",
            (False, True): "cocok dengan laju per hari, bukan dengan jumlah",
            (True, True): "cocok dengan keduanya",
        }[in_total, by_day]
        return f"“{said}” yang diterbitkan ({words}) {fits}: jumlah / per hari {figures}"
    fits = {
        (False, False): "fits neither",
        (True, False): "fits the total, not the rate per day",
        (False, True): "fits the rate per day, not the total",
        (True, True): "fits both",
    }[in_total, by_day]
    return f"the published “{said}” ({words}) {fits}: total / per day {figures}"


def _sentence(before: Side, after: Side, total: float | None, per_day: float | None, language: Language) -> str:
    one, other = _side(before, language), _side(after, language)
    if language == "id":
        return (
            f"dari {one} menjadi {other}: {signed(total, language)} dalam jumlah, {signed(per_day, language)} per hari"
        )
    return f"from {one} to {other}: {signed(total, language)} in total, {signed(per_day, language)} per day"


def _side(side: Side, language: Language) -> str:
    rate = figure(side.per_day, 2, language)
    if language == "id":
        part = "" if side.whole else f", hanya {side.covered_days} hari ada datanya"
        return f"{side.issues} isu dalam {side.window.days} hari ({side.window}; {rate} isu per hari{part})"
    part = "" if side.whole else f", data for {side.covered_days} days only"
    return f"{side.issues} issues in {side.window.days} days ({side.window}; {rate} issues per day{part})"


def signed(value: float | None, language: Language) -> str:
    if value is None:
        return "tidak dapat dihitung" if language == "id" else "not computable"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{figure(abs(value), 1, language)} %"


def figure(value: float, places: int, language: Language) -> str:
    text = f"{value:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "id" else text
