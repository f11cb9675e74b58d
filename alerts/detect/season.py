"""What the hour, the weekday and the time of year do to a count, as columns of a regression. Pure.

Waves are sines and cosines over the day and the year (as in Held, Hoehle and Hofmann 2005, Statistical Modelling 5);
time runs from the first bucket of a fold, which always stands at the same place of the week, so nothing else is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from alerts.detect.gamma import Array
from alerts.detect.tempo import DAY, WEEK, Tempo

LEVEL_SPREAD = 3.0  # of the level before anything is known: a factor of 20 either way
REST_SPREAD = 0.4  # of Saturday and Sunday together against the working days: newsrooms rest on both or on neither
WEEKDAY_SPREAD = 0.15  # of each day for itself
HOUR_SPREAD = 0.8
WEEKEND_SPREAD = 0.2
YEAR_SPREAD = 0.5
YEAR = timedelta(days=365.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """``columns`` (buckets + 1, effects); ``beforehand`` (effects, effects) is the covariance of the effects before
    anything is known, on the log scale.

    ``part`` (0..1): how much of each bucket's day belongs to the next day, for days that begin in the daytime; one
    figure, or one per row.
    """

    columns: Array
    beforehand: Array
    part: float | Array = 0.0

    def from_bucket(self, first: int) -> Season:
        return replace(self, columns=self.columns[first:])

    def column(self, at: int) -> Array:
        """(effects), or (effects, rows) where rows begin their days at different hours."""
        today, tomorrow = self.columns[at], self.columns[at + 1]
        if isinstance(self.part, float):
            column: Array = today if self.part == 0.0 else (1.0 - self.part) * today + self.part * tomorrow
        else:
            column = today[:, None] + self.part * (tomorrow - today)[:, None]
        return column


def season(buckets: int, width: timedelta, tempo: Tempo, part: float | Array = 0.0) -> Season:
    """Of the first ``buckets`` buckets of a fold."""
    at = np.arange(buckets + 1, dtype=np.float64)
    columns: list[NDArray[np.floating]] = [np.ones(buckets + 1)]
    spread = [LEVEL_SPREAD**2]
    if tempo.weekdays:
        day = np.floor(at * (width / DAY) + 1e-9).astype(np.int64) % 7
        for weekday in range(7):
            columns.append((day == weekday) * 1.0)
            spread.append(WEEKDAY_SPREAD**2)
        weekend = (day >= 5) * 1.0
        for wave in range(1, tempo.hour_waves + 1):
            angle = 2 * np.pi * wave * at * (width / DAY)
            columns += [np.cos(angle), np.sin(angle)]
            spread += [HOUR_SPREAD**2 / wave] * 2
        for wave in range(1, tempo.weekend_waves + 1):
            angle = 2 * np.pi * wave * at * (width / DAY)
            columns += [weekend * np.cos(angle), weekend * np.sin(angle)]
            spread += [WEEKEND_SPREAD**2 / wave] * 2
    for wave in range(1, tempo.year_waves + 1):
        angle = 2 * np.pi * wave * at * (width / YEAR)
        columns += [np.cos(angle), np.sin(angle)]
        spread += [YEAR_SPREAD**2 / wave] * 2
    beforehand = np.diag(spread)
    if tempo.weekdays:
        rest = np.where(np.arange(7) >= 5, 5 / 7, -2 / 7)
        beforehand[1:8, 1:8] += REST_SPREAD**2 * np.outer(rest, rest)
    return Season(columns=np.stack(columns, axis=1), beforehand=beforehand, part=part)


def buckets_in(weeks: int, width: timedelta, tempo: Tempo) -> int:
    return weeks if tempo.by_bucket else int(weeks * WEEK / width)
