"""What is published in the demo's week, and when. Deterministic: the same start and seed tell the same story."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from textwrap import shorten
from typing import Any
from zoneinfo import ZoneInfo

from collector.demo.cast import ARCHIVE, CAST, CHANNEL, SOCIAL, Form, Outlet
from collector.model.clock import HOUR, utc
from collector.model.source import Role

ZONE = ZoneInfo("Asia/Jakarta")
DAYS = 7
WEEK = timedelta(days=DAYS)
SHOWN = 20  # posts a feed shows at a time
DAY_NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
# How much of a day's talk falls into each local hour: little at night, most in the morning and evening.
RHYTHM = (1, 0, 0, 0, 1, 3, 6, 8, 9, 9, 8, 7, 7, 7, 7, 7, 7, 6, 6, 7, 7, 5, 3, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One article or message. ``at`` is UTC. From ``retitled_at`` on it is shown under ``new_title``.

    ``thread`` says which strand of the story it belongs to: ordinary, planned, rumour, doubt, phishing or archive.
    """

    at: datetime
    title: str
    text: str
    outlet: Outlet
    link: str = ""
    thread: str = "ordinary"
    retitled_at: datetime | None = None
    new_title: str = ""

    def title_at(self, now: datetime) -> str:
        return self.new_title if self.retitled_at is not None and now >= self.retitled_at else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A week of posts per outlet key, oldest first. ``start`` is a midnight in the province."""

    start: datetime
    posts: Mapping[str, tuple[Post, ...]]
    _times: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict, repr=False)

    @property
    def end(self) -> datetime:
        return self.start + WEEK

    def shown(self, key: str, now: datetime, *, at_most: int = SHOWN) -> tuple[Post, ...]:
        """What the outlet shows at that moment, newest first."""
        count = bisect_right(self._times[key], now)
        return self.posts[key][max(0, count - at_most) : count][::-1]

    def hours_at(self, now: datetime) -> float:
        """Hours since the story began."""
        return (now - self.start) / HOUR


def last_midnight(now: datetime) -> datetime:
    """The newest midnight in the province, in UTC."""
    local = utc(now).astimezone(ZONE)
    return utc(local.replace(hour=0, minute=0, second=0, microsecond=0))


def first_midnight(day: datetime) -> datetime:
    """The midnight in the province with which that calendar day begins, in UTC."""
    return utc(datetime(day.year, day.month, day.day, tzinfo=ZONE))


def tell(start: datetime, seed: int = 1) -> Story:
    """Write the week that begins at ``start`` (a midnight in the province)."""
    week: dict[str, Any] = _read_week()
    writer = _Writer(utc(start), week, random.Random(seed))  # noqa: S311 - headlines, not keys
    posts: dict[str, list[Post]] = {outlet.key: [] for outlet in (*CAST, ARCHIVE)}
    for post in sorted(writer.all(), key=lambda post: post.at):
        numbered = posts[post.outlet.key]
        numbered.append(replace(post, link=_link(post.outlet, 1001 + len(numbered), post.title)))
    posts["sorotan"] = [post for key in ("kabar", "harian", "pos") for post in posts[key][::2]]
    ordered = {key: tuple(sorted(some, key=lambda post: post.at)) for key, some in posts.items()}
    times = {key: tuple(post.at for post in some) for key, some in ordered.items()}
    return Story(start=utc(start), posts=ordered, _times=times)


def _read_week() -> Any:
    import yaml

    return yaml.safe_load(files("collector.demo").joinpath("week.yaml").read_text("utf-8"))


class _Writer:
    """Makes posts from the week's templates. One random generator, used in one fixed order."""

    def __init__(self, start: datetime, week: Mapping[str, Any], dice: random.Random) -> None:
        self._start = start
        self._week = week
        self._dice = dice
        self._by_key = {outlet.key: outlet for outlet in (*CAST, ARCHIVE)}

    def all(self) -> Iterator[Post]:
        yield from self._ordinary()
        yield from self._planned()
        yield from self._wave("rumour", self._rumour)
        yield from self._doubts()
        yield from self._wave("phishing", self._phishing)
        yield from self._archive()

    def _ordinary(self) -> Iterator[Post]:
        weights = [int(template.get("w", 1)) for template in self._week["news"]]
        for outlet in CAST:
            # Day -1 too, so that the first poll finds what a real feed would hold.
            for day in range(-1, DAYS):
                for at in self._moments(day, outlet.per_day):
                    if outlet.role is Role.SOCIAL:
                        yield self._post(outlet, at, self._filled(self._dice.choice(self._week["talk"])))
                    else:
                        template = self._dice.choices(self._week["news"], weights)[0]
                        yield self._article(outlet, at, template)

    def _article(self, outlet: Outlet, at: datetime, template: Mapping[str, str]) -> Post:
        filled = self._filled(template["t"] + "\0" + template["s"])
        title, _, summary = filled.partition("\0")
        return self._post(outlet, at, summary, title=title)

    def _planned(self) -> Iterator[Post]:
        for line in self._week["planned"]:
            at = self._moment(line["day"], line["at"])
            retitled_at = at + timedelta(hours=line["retitle_after"]) if "retitle" in line else None
            yield self._post(
                self._by_key[line["by"]], at, self._filled(line["text"]), title=self._filled(line["title"]),
                thread="planned", retitled_at=retitled_at, new_title=line.get("retitle", ""),
            )  # fmt: skip

    def _wave(self, thread: str, write: Callable[[], str]) -> Iterator[Post]:
        for day, since, until, count in self._week[thread]["waves"]:
            first, last = self._moment(day, since), self._moment(day, until)
            for n in range(count):
                at = first + (last - first) * ((n + self._dice.random()) / count)
                # In turn, so that no throw of the dice leaves a rumour with one publisher.
                yield self._post(SOCIAL[n % len(SOCIAL)], at, write(), thread=thread)

    def _rumour(self) -> str:
        lines = self._week["rumour"]
        return "".join(self._dice.choice(lines[part]) for part in ("before", "lines", "after"))

    def _phishing(self) -> str:
        lines = self._week["phishing"]
        return "".join(self._dice.choice(lines[part]) for part in ("lines", "after"))

    def _doubts(self) -> Iterator[Post]:
        for n, line in enumerate(self._week["rumour"]["doubts"] * 3):
            at = self._moment(2, "20:30") + timedelta(hours=4 * n * (0.6 + 0.4 * self._dice.random()))
            yield self._post(SOCIAL[n % len(SOCIAL)], at, line, thread="doubt")

    def _archive(self) -> Iterator[Post]:
        for n in range(SHOWN):
            at = self._start - timedelta(days=900 + 37 * n, hours=self._dice.randrange(24))
            line = self._week["archive"][n % len(self._week["archive"])]
            yield self._post(ARCHIVE, at, f"{line} ({n + 1})", title=f"{line} ({n + 1})", thread="archive")

    def _post(self, outlet: Outlet, at: datetime, text: str, *, title: str = "", thread: str = "ordinary",
              retitled_at: datetime | None = None, new_title: str = "") -> Post:  # fmt: skip
        if not title and outlet.form in {Form.ATOM, Form.RSS}:
            title = shorten(text, 90, placeholder=" …")  # a forum names a thread after its first words
        return Post(at=at.replace(microsecond=0), title=title, text=text, outlet=outlet, thread=thread,
                    retitled_at=retitled_at, new_title=new_title)  # fmt: skip

    def _moments(self, day: int, count: int) -> list[datetime]:
        hours = self._dice.choices(range(24), RHYTHM, k=count)
        midnight = self._start + timedelta(days=day)
        return sorted(midnight + timedelta(hours=hour, seconds=self._dice.randrange(3600)) for hour in hours)

    def _moment(self, day: int, clock: str) -> datetime:
        hour, _, minute = clock.partition(":")
        return self._start + timedelta(days=day, hours=int(hour), minutes=int(minute))

    def _filled(self, template: str) -> str:
        for name, choices in self._week["slots"].items():
            mark = "{" + name + "}"
            if mark in template:
                template = template.replace(mark, self._dice.choice(choices))
        first = self._start.astimezone(ZONE).weekday()
        for day in range(DAYS + 1):
            template = template.replace(f"{{hari{day}}}", DAY_NAMES[(first + day) % 7])
        return template


def _link(outlet: Outlet, number: int, title: str) -> str:
    if outlet.form is Form.TELEGRAM:
        return f"https://t.me/{CHANNEL}/{number}"
    if outlet.form is Form.TIMELINE:
        return f"https://{outlet.host}/@warga{number % 37}/{number}"
    slug = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split()[:8])
    return f"https://{outlet.host}/berita/{number}/{slug}"
