"""Days as bars, drawn as SVG inside the page: its colours are the page's, so they follow light and dark. Pure.

The last day has the accent where it is high; a dashed line marks what is usual, hatching a day that nobody watched.
Words stand in the SVG only in the large picture, which is drawn twice, for wide and for narrow screens: letters must
not shrink with the picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from alerts.catalogue import number as spoken
from alerts.catalogue import short_month
from alerts.picture.axis import levels
from collector.model.phrase import Language
from collector.web.days import Days

SMALL_WIDTH, SMALL_HEIGHT = 196, 44
HATCH = 6
WIDE, NARROW = (720, 240), (330, 210)


def small(days: Days, label: str) -> Markup:
    """A row of bars without words, for lists. ``label`` is what a screen reader says."""
    width, height = SMALL_WIDTH, SMALL_HEIGHT
    top = _highest(days)
    step = width / len(days.counts)
    shapes = []
    for place, count in enumerate(days.counts):
        if count is None:
            shapes.append(_hatched(place * step + 1, 2, step - 3, height - 3))
            continue
        tall = round((height - 3) * count / top, 1) if count else 0
        last = place == len(days.counts) - 1
        kind = "bar hot" if last and days.is_high else "bar now" if last else "bar"
        shapes.append(_bar(place * step + 1, height - 1 - max(tall, 1.0), step - 3, max(tall, 1.0), kind))
    if days.usual:
        shapes.append(_usual(0, width, height - 1 - (height - 3) * days.usual / top))
    return _picture(width, height, "bars small", label, shapes)


def large(days: Days, label: str, language: Language) -> Markup:
    """Both sizes; the page shows the one that fits."""
    return Markup("").join(_large(days, label, language, *size, kind) for kind, size in _SIZES)


_SIZES = (("wide", WIDE), ("narrow", NARROW))


def _large(days: Days, label: str, language: Language, width: int, height: int, kind: str) -> Markup:
    shapes = [*_shapes(days, language, width, height)]
    return _picture(width, height, f"bars large {kind}", label, shapes)


def _shapes(days: Days, language: Language, width: int, height: int) -> Iterator[str]:
    highest = _highest(days)
    scale = levels(highest, 4)
    left, right, top, bottom = 34.0, width - 6.0, 18.0, height - 26.0
    step = (right - left) / len(days.counts)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * value / scale[-1], 1)

    for level in scale:
        yield _line("base" if level == 0 else "grid", left, right, y(level))
        yield _word(left - 7, y(level) + 4, spoken(level, language), "end", "axis")
    every = 1 if step >= 44 else 2 if step >= 24 else 4
    for place, count in enumerate(days.counts):
        last = place == len(days.counts) - 1
        kind = "bar hot" if last and days.is_high else "bar now" if last else "bar"
        x = left + place * step
        if count is None:
            yield _hatched(x + step * 0.14, top, step * 0.72, bottom - top)
        if count:
            yield _bar(x + step * 0.14, y(count), step * 0.72, bottom - y(count), kind, radius=2)
        if count and (last or count == highest):
            yield _word(x + step / 2, y(count) - 6, spoken(count, language), "middle", "count hot" if last else "count")
        if (len(days.counts) - 1 - place) % every == 0:
            day = days.day(place)
            words = (
                f"{day.day} {short_month(day.month, language)}" if _names_month(place, every, day.day) else str(day.day)
            )
            yield _word(x + step / 2, height - 8, words, "middle", "axis")
    if days.usual:
        yield _usual(left, right, y(days.usual))


def _highest(days: Days) -> float:
    return max([*(count or 0 for count in days.counts), days.usual or 0, 1])


def _hatched(x: float, y: float, width: float, height: float) -> str:
    """A day that nobody watched: slanted lines from top to bottom, so that it is not taken for zero."""
    lines = []
    for k in range(HATCH - int(height) // HATCH * HATCH, int(width), HATCH):
        left, right = max(k, 0), min(k + height, width)  # along the line y = height - (x - k), within the box
        if right > left:
            lines.append(f"M{x + left:.1f} {y + height - left + k:.1f}L{x + right:.1f} {y + height - right + k:.1f}")
    return f'<path class="gap" d="{"".join(lines)}"/>'


def _names_month(place: int, every: int, day: int) -> bool:
    return every > 1 or place == 0 or day == 1 or place % 7 == 6


def _bar(x: float, y: float, width: float, height: float, kind: str, *, radius: float = 1) -> str:
    size = f'width="{max(0.5, width):.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" {size} rx="{radius:g}"/>'


def _usual(left: float, right: float, y: float) -> str:
    return _line("usual", left, right, y)


def _line(kind: str, left: float, right: float, y: float) -> str:
    return f'<line class="{kind}" x1="{left:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _word(x: float, y: float, words: str, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _picture(width: int, height: int, kind: str, label: str, shapes: Sequence[str]) -> Markup:
    inside = "".join(shapes)
    return Markup(  # noqa: S704 - numbers of ours, and words that were escaped
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">{inside}</svg>'
    )
