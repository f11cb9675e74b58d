"""Counts per day as bars: the fortnight before an alert, as a message shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from alerts.catalogue import number as spoken
from alerts.catalogue import short_month
from alerts.picture.drawing import box, fitting, hatching, line, picture, text, width_of
from alerts.picture.palette import PALETTES, Palette, ThemeName
from collector.model.phrase import Language

TITLE, TINY = 14.0, 11.0
MARGIN = 14.0
GAP = 0.28  # of a day's place


def fourteen_days(
    counts: Sequence[int | None],
    last: date,
    title: str,
    *,
    language: Language = "id",
    theme: ThemeName = "light",
    width: int = 600,
    height: int = 180,
) -> str:
    """SVG text; ``last`` is the day of the last count, whose bar has the colour of alarm; None is a day that nobody
    watched, which is hatched. Any number of days will do: days without room for words beside them have none."""
    palette = PALETTES[theme]
    label = f"{title}: {', '.join('–' if count is None else str(count) for count in counts)}"
    shapes = [text(MARGIN, 24, fitting(title, TITLE, width - 2 * MARGIN), TITLE, palette.ink, bold=True)]
    shapes.extend(_bars(counts, last, language, palette, width, height))
    defs = hatching("hatch", palette.hatch) if None in counts else ""
    return picture(width, height, shapes, label=label, paper=palette.paper, defs=defs)


def _bars(
    counts: Sequence[int | None], last: date, language: Language, palette: Palette, width: int, height: int
) -> Iterator[str]:
    top, bottom = 52.0, height - 26.0
    place = (width - 2 * MARGIN) / max(1, len(counts))
    highest = max([1, *filter(None, counts)])
    every = max(1, -(-int(width_of("30 Sep", TINY) + 8) // int(max(1, place))))
    for index, count in enumerate(counts):
        age = len(counts) - 1 - index
        left, middle = MARGIN + index * place, MARGIN + (index + 0.5) * place
        tall = (bottom - top) * (count or 0) / highest
        fill = palette.count if age else palette.alarm
        if count is None:
            yield box(left, top, place, bottom - top, "url(#hatch)", opacity=0.5)
        if count:
            yield box(left + place * GAP / 2, bottom - tall, place * (1 - GAP), tall, fill, radius=1.5)
            words = spoken(count, language)
            if width_of(words, TINY) <= place + 4:
                yield text(
                    middle, bottom - tall - 5, words, TINY, palette.ink if age else fill, anchor="middle", bold=not age
                )
        if age % every == 0:
            day = last - timedelta(days=age)
            words = f"{day.day} {short_month(day.month, language)}"
            edge = width - MARGIN + 6
            x = min(middle, edge - width_of(words, TINY) / 2)
            yield text(x, height - 9, words, TINY, palette.muted, anchor="middle")
    yield line(MARGIN, bottom + 0.5, width - MARGIN, bottom + 0.5, palette.muted)
