"""What the demo shows: one line that moves on a terminal, a few plain lines elsewhere, and the events as they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from shutil import get_terminal_size
from typing import TextIO

from collector.demo.story import DAYS, WEEK, ZONE
from collector.demo.tally import Tally

PLAIN_EVERY = timedelta(hours=12)
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BAR = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What the desk has received."""

    mails: int
    calls: int


class Screen:
    """Writes to ``out``. Never asks anything."""

    def __init__(self, out: TextIO, start: datetime) -> None:
        self._out = out
        self._start = start
        self._moves = out.isatty()
        self._next_plain = start
        self._line = ""

    def say(self, text: str = "") -> None:
        """A line that stays."""
        self._wipe()
        self._out.write(text + "\n")
        self._redraw()

    def event(self, at: datetime, text: str) -> None:
        self.say(f"  {self.when(at)}  {text}")

    def progress(self, now: datetime, tally: Tally, arrivals: Arrivals) -> None:
        """The state of things. Elsewhere than on a terminal only twice a simulated day."""
        if not self._moves:
            if now < self._next_plain:
                return
            self._next_plain = now + PLAIN_EVERY
        line = (
            f"{self.when(now)}  {tally.polls} polls, {tally.items} items, {tally.mentions} mentions, "
            f"{tally.suspicious} suspicious, {tally.alerts} alerts, {arrivals.mails} mails, {arrivals.calls} webhooks"
        )
        if self._moves:
            width = get_terminal_size().columns - 1  # a line that wraps could not be wiped
            self._wipe()
            self._line = f"{self._bar(now)} {line}"[:width]
            self._redraw()
        else:
            self._out.write(f"  {line}\n")
            self._out.flush()

    def finish(self) -> None:
        """Leave the moving line as it stands."""
        if self._line:
            self._out.write("\n")
            self._line = ""

    def when(self, at: datetime) -> str:
        """Days to the vote, weekday and local hour: ``D-5 Fri 20:15``."""
        local = at.astimezone(ZONE)
        days_left = DAYS - int((at - self._start) / timedelta(days=1))
        return f"D-{max(0, days_left)} {DAY_NAMES[local.weekday()]} {local:%H:%M}"

    def _bar(self, now: datetime) -> str:
        done = min(BAR, max(0, round(BAR * ((now - self._start) / WEEK))))
        return f"[{'#' * done}{'.' * (BAR - done)}]"

    def _wipe(self) -> None:
        if self._line:
            self._out.write("\r\x1b[2K")

    def _redraw(self) -> None:
        self._out.write(self._line)
        self._out.flush()
