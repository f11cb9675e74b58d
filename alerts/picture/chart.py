"""A rule's readings over time: what was counted, what is usual, from where it speaks, when it spoke. Pure.

Whole readings are drawn, so the picture shows what the rule saw: the count of its sliding window, not of single hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from alerts.catalogue import number as spoken
from alerts.picture.axis import levels, marks
from alerts.picture.drawing import (
    box,
    fitting,
    hatching,
    line,
    number,
    path,
    picture,
    text,
    width_of,
)
from alerts.picture.palette import PALETTES, Palette, ThemeName
from collector.model.alert import Reading, ReadingState
from collector.model.clock import HOUR
from collector.model.phrase import Language, Phrase

NARROW = 420  # below it, a phone: smaller margins
TITLE, SMALL, TINY = 16.0, 12.0, 11.0
LEGEND = {
    "count": Phrase(id="hitungan", en="count"),
    "band": Phrase(id="kisaran biasa", en="usual range"),
    "limit": Phrase(id="batas", en="limit"),
    "alarm": Phrase(id="peringatan", en="alert"),
    "missing": Phrase(id="tidak terpantau", en="not watched"),
}
NOTHING = Phrase(id="Belum ada data.", en="No data yet.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alert's span; ``end`` is None while it lasts."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """``width`` and ``height`` in pixels."""

    zone: tzinfo
    language: Language = "id"
    theme: ThemeName = "light"
    width: int = 600
    height: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """What one pixel column shows: the loudest of its readings. ``limit`` is None where the rule could not speak."""

    start: datetime
    observed: int
    expected: float | None
    limit: float | None
    missing: bool


def chart(title: str, subtitle: str, readings: Sequence[Reading], alarms: Sequence[Alarm], style: Style) -> str:
    """SVG text. ``readings`` are consecutive hours, oldest first."""
    palette = PALETTES[style.theme]
    if not readings:
        shapes = [
            *_heads(title, "", style, palette),
            text(16, 80, NOTHING.in_language(style.language), SMALL, palette.muted),
        ]
        return picture(style.width, style.height, shapes, label=title, paper=palette.paper)
    plot = _Plot(readings, alarms, style, palette)
    shapes = [*_heads(title, subtitle, style, palette), *plot.shapes()]
    defs = hatching("hatch", palette.hatch)
    return picture(style.width, style.height, shapes, label=f"{title}. {subtitle}", paper=palette.paper, defs=defs)


def _heads(title: str, subtitle: str, style: Style, palette: Palette) -> Iterator[str]:
    room = style.width - 32
    yield text(16, 27, fitting(title, TITLE, room), TITLE, palette.ink, bold=True)
    yield text(16, 46, fitting(subtitle, SMALL, room), SMALL, palette.muted)


class _Plot:
    def __init__(self, readings: Sequence[Reading], alarms: Sequence[Alarm], style: Style, palette: Palette) -> None:
        self._style = style
        self._palette = palette
        self._start = readings[0].bucket_start
        self._end = readings[-1].bucket_start + HOUR
        self._alarms = [alarm for alarm in alarms if alarm.start < self._end and (alarm.end or self._end) > self._start]
        self._gaps = _gaps(readings)
        self._ruled = [*_legend_rows(self._shown(readings), style)]
        self._top, self._bottom = 62.0, style.height - 30.0 - 18.0 * len(self._ruled)
        highest = max(
            max(r.observed, r.limit if r.state is not ReadingState.NOT_ENOUGH_HISTORY else 0) for r in readings
        )
        self._levels = levels(highest, 4 if style.height < 260 else 5)
        self._left = 22.0 + max(width_of(spoken(level, style.language), TINY) for level in self._levels)
        self._right = style.width - 16.0
        self._columns = _columns(readings, int(self._right - self._left))

    def _shown(self, readings: Sequence[Reading]) -> list[str]:
        """What the picture holds, so what its legend names."""
        usual = any(reading.expected is not None for reading in readings)
        return (
            ["count"] + ["band"] * usual + ["limit"] + ["alarm"] * bool(self._alarms) + ["missing"] * bool(self._gaps)
        )

    def shapes(self) -> Iterator[str]:
        yield from self._alarm_shades()
        yield from self._grid()
        yield from self._band()
        yield from self._counts()
        yield from self._limits()
        yield from self._missing()
        yield from self._alarm_marks()
        yield from self._time_axis()
        yield from self._legend()

    # ------------------------------------------------ places

    def _x(self, at: datetime) -> float:
        return self._left + (self._right - self._left) * ((at - self._start) / (self._end - self._start))

    def _y(self, value: float) -> float:
        return self._bottom - (self._bottom - self._top) * min(1.0, value / self._levels[-1])

    # ------------------------------------------------ layers, from the back

    def _alarm_shades(self) -> Iterator[str]:
        for alarm in self._alarms:
            left, right = self._x(max(alarm.start, self._start)), self._x(min(alarm.end or self._end, self._end))
            yield box(
                left, self._top, max(1.5, right - left), self._bottom - self._top, self._palette.alarm, opacity=0.1
            )

    def _grid(self) -> Iterator[str]:
        for level in self._levels:
            y = self._y(level)
            yield line(self._left, y, self._right, y, self._palette.muted if level == 0 else self._palette.grid)
            words = spoken(level, self._style.language)
            yield text(self._left - 6, y + 4, words, TINY, self._palette.muted, anchor="end")

    def _band(self) -> Iterator[str]:
        """From nothing up to the limit the count is usual; the line within is the expected count."""
        known = [column for column in self._columns if column.expected is not None and column.limit is not None]
        if not known:
            return
        for run in _runs(self._columns, lambda column: column.expected is not None and column.limit is not None):
            upper = self._steps(run, lambda column: column.limit or 0)
            right = self._x(self._end_of(run))
            yield path(f"{upper}V{number(self._bottom)}H{number(self._x(run[0].start))}Z", fill=self._palette.band)
            usual = self._steps(run, lambda column: column.expected or 0)
            yield path(f"{usual}H{number(right)}", stroke=self._palette.usual, width=1.2)

    def _counts(self) -> Iterator[str]:
        """Nothing is drawn where nobody looked: that is not zero."""
        for run in _runs(self._columns, lambda column: not column.missing):
            steps = self._steps(run, lambda column: column.observed)
            closed = f"{steps}V{number(self._bottom)}H{number(self._x(run[0].start))}Z"
            yield path(closed, fill=self._palette.count, opacity=0.22)
            yield path(steps, stroke=self._palette.count, width=1.6)

    def _limits(self) -> Iterator[str]:
        for run in _runs(self._columns, lambda column: column.limit is not None):
            steps = self._steps(run, lambda column: column.limit or 0)
            yield path(steps, stroke=self._palette.limit, width=1.5, dashes="6 4")

    def _missing(self) -> Iterator[str]:
        for start, end in self._gaps:
            left, right = self._x(start), self._x(end)
            yield box(left, self._top, max(1.0, right - left), self._bottom - self._top, "url(#hatch)", opacity=0.55)

    def _alarm_marks(self) -> Iterator[str]:
        """A flag on top where an alert opened, and its length as a bar."""
        for alarm in self._alarms:
            left, right = self._x(max(alarm.start, self._start)), self._x(min(alarm.end or self._end, self._end))
            yield box(left, self._top - 6, max(2.0, right - left), 4, self._palette.alarm, radius=1)
            if alarm.start >= self._start:
                yield line(left, self._top - 6, left, self._bottom, self._palette.alarm, width=1.4)

    def _time_axis(self) -> Iterator[str]:
        style = self._style
        room = self._right - self._left
        for mark in marks(self._start, self._end, style.zone, style.language, max(2, int(room / 58))):
            x = self._x(mark.at)
            yield line(x, self._bottom, x, self._bottom + 4, self._palette.muted)
            half = width_of(mark.words, TINY) / 2
            if x - half >= 2 and x + half <= style.width - 2:
                yield text(x, self._bottom + 17, mark.words, TINY, self._palette.muted, anchor="middle")

    def _legend(self) -> Iterator[str]:
        y = self._bottom + 38
        for row in self._ruled:
            x = 16.0
            for key in row:
                yield self._swatch(key, x, y)
                yield text(x + 22, y, LEGEND[key].in_language(self._style.language), TINY, self._palette.ink)
                x += _legend_width(key, self._style.language)
            y += 18

    def _swatch(self, key: str, x: float, y: float) -> str:
        palette, middle = self._palette, y - 4
        if key == "count":
            under = box(x, y - 8, 16, 9, palette.count, opacity=0.22)
            return under + line(x, y - 8, x + 16, y - 8, palette.count, width=1.6)
        if key == "band":
            return box(x, y - 9, 16, 10, palette.band) + line(x, middle, x + 16, middle, palette.usual, width=1.2)
        if key == "limit":
            return line(x, middle, x + 16, middle, palette.limit, width=1.5, dashes="6 4")
        if key == "alarm":
            return box(x, y - 9, 16, 10, palette.alarm, opacity=0.1) + box(x, y - 9, 16, 4, palette.alarm, radius=1)
        return box(x, y - 9, 16, 10, "url(#hatch)", opacity=0.55)

    def _steps(self, columns: Sequence[_Column], value: Callable[[_Column], float]) -> str:
        """A staircase: each column is level from its start to the next one's."""
        parts: list[str] = []
        before: str | None = None
        for column in columns:
            y = number(self._y(value(column)))
            if before is None:
                parts.append(f"M{number(self._x(column.start))} {y}")
            elif y != before:
                parts.append(f"H{number(self._x(column.start))}V{y}")
            before = y
        parts.append(f"H{number(self._x(self._end_of(columns)))}")
        return "".join(parts)

    def _end_of(self, columns: Sequence[_Column]) -> datetime:
        place = self._columns.index(columns[-1]) + 1
        return self._columns[place].start if place < len(self._columns) else self._end


def _columns(readings: Sequence[Reading], most: int) -> list[_Column]:
    """As many as there are pixels, at most; equal lengths of time. Of several hours the one nearest to an alarm."""
    length = -(-len(readings) // max(1, most))
    return [_column(readings[first : first + length]) for first in range(0, len(readings), length)]


def _column(readings: Sequence[Reading]) -> _Column:
    loudest = max(readings, key=lambda reading: (reading.observed / max(reading.limit, 1e-9), reading.observed))
    ready = loudest.state is not ReadingState.NOT_ENOUGH_HISTORY
    return _Column(
        start=readings[0].bucket_start,
        observed=loudest.observed,
        expected=loudest.expected if ready else None,
        limit=loudest.limit if ready else None,
        missing=all(reading.state is ReadingState.MISSING for reading in readings),
    )


def _gaps(readings: Sequence[Reading]) -> list[tuple[datetime, datetime]]:
    """Hours that nobody watched, touching ones together."""
    gaps: list[tuple[datetime, datetime]] = []
    for reading in readings:
        if reading.state is not ReadingState.MISSING:
            continue
        start = reading.bucket_start
        if gaps and gaps[-1][1] == start:
            start = gaps.pop()[0]
        gaps.append((start, reading.bucket_start + HOUR))
    return gaps


def _runs(columns: Sequence[_Column], wanted: Callable[[_Column], bool]) -> Iterator[list[_Column]]:
    run: list[_Column] = []
    for column in columns:
        if wanted(column):
            run.append(column)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _legend_width(key: str, language: Language) -> float:
    return 22 + width_of(LEGEND[key].in_language(language), TINY) + 18


def _legend_rows(keys: Sequence[str], style: Style) -> Iterator[list[str]]:
    row: list[str] = []
    used = 16.0
    for key in keys:
        width = _legend_width(key, style.language)
        if row and used + width > style.width:
            yield row
            row, used = [], 16.0
        row.append(key)
        used += width
    yield row
