"""A report's pictures: SVG that stands inside a page, needs no file and follows light and dark. Pure.

Colours are the page's (classes, no inline style: the web page forbids it). Every bar tells its figures in a title; a
picture is drawn for wide and for narrow screens, because letters must not shrink with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from math import floor, log10

from collector.model.phrase import Language, Phrase
from collector.reports.change import figure
from collector.reports.evenness import Named, Share
from collector.reports.period import Group, Report, TopicLine
from collector.reports.window import Step, Window

WIDE, NARROW = (720, 250), (336, 220)
SMALL = (200, 52)
MOST_BARS = 400
MOST_TOPICS = 12
MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
NO_DATA = Phrase(id="tidak ada data", en="no data")
ISSUES = Phrase(id="isu", en="issues")
COVERED = Phrase(id="hari ada datanya", en="days with data")
WHOLE = Phrase(id="tidak dibagi", en="not split")


def has_course(report: Report) -> bool:
    """Whether there is a course in time to draw."""
    shown = [*_parts(report.groups, report.by), *_parts(report.versus_groups, report.by)]
    if not any(one.figures.issues for one in (*shown, *report.groups)):
        return False
    longest = max(len(_parts(report.groups, report.by)), len(_parts(report.versus_groups, report.by)))
    return report.by in ("day", "week", "month") and 1 < longest <= MOST_BARS


def course(report: Report, language: Language) -> Iterator[str]:
    """Issues per part, the compared window's part of the same place beside it, the days with data below."""
    for kind, (width, height) in (("wide", WIDE), ("narrow", NARROW)):
        shapes = "".join(_course(report, language, width, height))
        label = escape(_told(report, language))
        yield f'<svg class="bars large {kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
        yield f"{shapes}</svg>"


def _course(report: Report, language: Language, width: int, height: int) -> Iterator[str]:
    step = report.by or ""
    now, before = _parts(report.groups, step), _parts(report.versus_groups, step)
    spans = _spans(report.groups, now, step)
    many = max(len(now), len(before))
    shown = [*(one.figures.issues for one in (*now, *before)), *(n / (last - first + 1) for n, first, last in spans)]
    scale = levels(max([*shown, 1]))
    left, right, top, bottom = 36.0, width - 12.0, 20.0, height - 34.0
    room = (right - left) / many

    def tall(value: float) -> float:
        return (bottom - top) * value / scale[-1]

    for level in scale:
        yield _line("base" if level == 0 else "grid", left, right, bottom - tall(level))
        yield _word(left - 6, bottom - tall(level) + 4, figure(level, 0, language), "end", "axis")
    inner = room * (0.76 if room > 5 else 0.9)
    thick = inner / 2 if before else inner
    under = {place for _, first, last in spans for place in range(first, last + 1)}
    for place in range(many):
        x = left + place * room + (room - inner) / 2
        if place < len(before):
            yield _part(before[place], x, thick, tall, top, bottom, "before", step, language)
        if place < len(now):
            beside = x + (thick if before else 0)
            if place not in under or now[place].figures.issues:
                yield _part(now[place], beside, thick, tall, top, bottom, "bar now", step, language)
            yield _cover(now[place], left + place * room, room, bottom + 3, whole=place in under)
    for n, first, last in spans:
        high = tall(n / (last - first + 1))
        x, wide = left + first * room + room * 0.12, (last - first + 1) * room - room * 0.24
        words = f"{figure(n, 0, language)} {ISSUES.in_language(language)}, {WHOLE.in_language(language)}"
        yield f"<g><title>{escape(words)}</title>{_rect('whole', x, bottom - high, wide, high, 2)}</g>"
        yield _word(x + wide / 2, bottom - high - 6, figure(n, 0, language), "middle", "count")
    yield from _counts(now, before, left, room, thick, inner, tall, bottom, language)
    yield from _names(now, before, step, left, room, height, language)


def _counts(
    now: Sequence[Group],
    before: Sequence[Group],
    left: float,
    room: float,
    thick: float,
    inner: float,
    tall: Callable[[float], float],
    bottom: float,
    language: Language,
) -> Iterator[str]:
    """Numbers over the bars where they fit; over the highest at least."""
    highest = max((one.figures.issues for one in now), default=0)
    told = False
    for place, one in enumerate(now):
        n = one.figures.issues
        first_highest = n == highest and not told
        if n and (thick >= 22 or first_highest):
            told = told or n == highest
            x = left + place * room + (room - inner) / 2 + (thick if before else 0) + thick / 2
            high = tall(n)
            yield _word(x, bottom - high - 5, figure(n, 0, language), "middle", "count")
    for place, one in enumerate(before):
        n = one.figures.issues
        if n and thick >= 22:
            x = left + place * room + (room - inner) / 2 + thick / 2
            yield _word(x, bottom - tall(n) - 5, figure(n, 0, language), "middle", "axis")


def _names(
    parts: Sequence[Group],
    before: Sequence[Group],
    step: str,
    left: float,
    room: float,
    height: int,
    language: Language,
) -> Iterator[str]:
    labels = [_short(one.window, step, language) if one.window else one.label for one in parts]
    labels += [f"({_short(one.window, step, language)})" for one in before[len(parts) :] if one.window]
    widest = max(len(label) for label in labels) * 6.6 + 10
    every = max(1, -(-int(widest) // max(1, int(room)))) if room >= 1 else int(widest / room) + 1
    for place in range(0, len(labels), every):
        yield _word(left + (place + 0.5) * room, height - 12, labels[place], "middle", "axis")


def _part(
    one: Group,
    x: float,
    wide: float,
    tall: Callable[[float], float],
    top: float,
    bottom: float,
    kind: str,
    step: str,
    language: Language,
) -> str:
    name = _long(one.window, step, language) if one.window else one.label
    if one.unknown:
        title = f"{name}: {NO_DATA.in_language(language)}"
        return f"<g><title>{escape(title)}</title>{_rect('unknown', x, top, wide, bottom - top, 2)}</g>"
    n = one.figures.issues
    days = "" if one.window is None else f" ({one.covered_days}/{one.window.days} {COVERED.in_language(language)})"
    title = f"{name}: {figure(n, 0, language)} {ISSUES.in_language(language)}{days}"
    high = tall(n)
    return f"<g><title>{escape(title)}</title>{_rect(kind, x, bottom - high, wide, high, 2)}</g>"


def _cover(one: Group, x: float, room: float, y: float, *, whole: bool) -> str:
    """A strip as long as the part's days with data."""
    share = 0.0 if one.window is None or one.covered_days is None else one.covered_days / one.window.days
    share = 1.0 if whole else share
    gap = min(1.0, room * 0.1)
    strip = _rect("uncovered", x + gap, y, room - 2 * gap, 4, 0)
    return strip + (_rect("covered", x + gap, y, (room - 2 * gap) * min(1.0, share), 4, 0) if share else "")


def _parts(groups: Sequence[Group], by: str | None) -> list[Group]:
    """Lines of the step itself; a published figure that is longer stands apart."""
    lengths = {"day": 1, "week": 7, "month": 31}
    longest = lengths.get(by or "", 0)
    return [one for one in groups if one.window is not None and one.window.days <= longest and one.note is None]


def _spans(groups: Sequence[Group], parts: Sequence[Group], step: str) -> list[tuple[int, int, int]]:
    """Published figures that are longer than a part: number, first and last part they touch."""
    found = []
    for one in groups:
        if one.window is None or one.note is None:
            continue
        touched = [place for place, part in enumerate(parts) if part.window and _touch(part.window, one.window)]
        if touched:
            found.append((one.figures.issues, touched[0], touched[-1]))
    return found


def _touch(one: Window, other: Window) -> bool:
    return one.touches(other.first, other.last)


def _told(report: Report, language: Language) -> str:
    """What a screen reader says of the picture."""
    step = report.by or ""
    parts = (
        f"{_long(one.window, step, language) if one.window else one.label} "
        f"{NO_DATA.in_language(language) if one.unknown else figure(one.figures.issues, 0, language)}"
        for one in _parts(report.groups, step)
    )
    return f"{ISSUES.in_language(language).capitalize()}: " + ", ".join(parts)


# ---------------------------------------------------------------- topics


def multiples(lines: Sequence[TopicLine], names: Mapping[str, Phrase], language: Language) -> Iterator[str]:
    """Each topic's course in a small picture; all of them by one scale, so that heights compare."""
    shown = [line for line in lines if sum(line.counts) or sum(line.before)][:MOST_TOPICS]
    highest = max((n for line in shown for n in (*line.counts, *line.before)), default=1) or 1
    yield '<ul class="multiples">'
    for line in shown:
        name = names[line.topic].in_language(language) if line.topic in names else line.topic
        total = figure(sum(line.counts), 0, language)
        before = f' <span class="soft">← {figure(sum(line.before), 0, language)}</span>' if line.before else ""
        yield f"<li><p><b>{total}</b>{before} {escape(name)}</p>{_small(line, name, highest, language)}</li>"
    yield "</ul>"


def _small(line: TopicLine, name: str, highest: int, language: Language) -> str:
    width, height = SMALL
    many = max(len(line.counts), len(line.before), 1)
    room = width / many
    thick = room * (0.4 if line.before else 0.8)
    shapes = [_line("base", 0, width, height - 0.5)]
    for place in range(many):
        x = place * room + room * 0.1
        for counts, kind, beside in (
            (line.before, "before", 0.0),
            (line.counts, "bar now", thick if line.before else 0.0),
        ):
            n = counts[place] if place < len(counts) else 0
            if n:
                high = max(1.5, (height - 2) * n / highest)
                shapes.append(_rect(kind, x + beside, height - 1 - high, thick, high, 1))
    told = ", ".join(figure(n, 0, language) for n in line.counts)
    label = escape(f"{name}: {told}")
    head = f'<svg class="bars small" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">'
    return f"{head}{''.join(shapes)}</svg>"


# ---------------------------------------------------------------- lines of a table


def length(part: float, whole: float) -> str:
    """A bar in a table's cell; its number stands beside it in the table."""
    wide = 0.0 if whole <= 0 else 100 * part / whole
    bar = _rect("bar now", 0, 0, wide, 10, 0)
    return f'<svg class="length" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{bar}</svg>'


def interval(share: Share, top: float, *, faint: bool) -> str:
    """A share as a dot on its interval, on an axis from 0 to ``top``."""
    if share.share is None or top <= 0:
        return ""
    scale = 196 / top
    low, high, middle = (2 + scale * min(value, top) for value in (share.low, share.high, share.share))
    kind = "interval faint" if faint else "interval"
    return (
        f'<svg class="{kind}" viewBox="0 0 200 16" aria-hidden="true">'
        '<line class="grid" x1="2" x2="198" y1="8" y2="8"/>'
        f'<line class="reach" x1="{low:.1f}" x2="{high:.1f}" y1="8" y2="8"/>'
        f'<circle class="dot" cx="{middle:.1f}" cy="8" r="4"/></svg>'
    )


def widest(evenness: Sequence[Named]) -> float:
    """Where the intervals' axis ends: of those that say something, or of all."""
    ends = [named.flagged.high for named in evenness if named.items and named.warning is None]
    return max(ends or [named.flagged.high for named in evenness] or [1.0])


# ---------------------------------------------------------------- parts


def levels(top: float, most: int = 5) -> tuple[float, ...]:
    """Round whole numbers from 0 to the first one that is at least ``top``."""
    rough = max(1.0, top) / (most - 1)
    power = 10.0 ** floor(log10(rough))
    step = max(1.0, next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough))
    step = float(-(-step // 1))
    return tuple(step * place for place in range(int(-(-max(1.0, top) // step)) + 1))


def _short(window: Window, step: Step | str, language: Language) -> str:
    day, month = window.first, MONTHS[language][window.first.month - 1]
    return f"{month} {day.year % 100:02}" if step == "month" else f"{day.day} {month}"


def _long(window: Window, step: Step | str, language: Language) -> str:
    day, month = window.first, MONTHS[language][window.first.month - 1]
    if step == "month":
        return f"{month} {day.year}"
    if step == "day":
        return f"{day.day} {month} {day.year}"
    end = window.last
    return f"{day.day} {month} – {end.day} {MONTHS[language][end.month - 1]} {end.year}"


def _rect(kind: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    size = f'width="{max(0.3, width):.1f}" height="{max(0.0, height):.1f}"'
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" {size} rx="{radius:g}"/>'


def _line(kind: str, left: float, right: float, y: float) -> str:
    return f'<line class="{kind}" x1="{left:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _word(x: float, y: float, words: str, anchor: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
