"""What is reported of a window: three counts, per day, how much of it was covered, and how each was counted. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from collector.model.dated import Dated
from collector.model.ledger import ActionKind, Precision, PublishedCount
from collector.model.phrase import Phrase
from collector.reports.change import Change
from collector.reports.evenness import Named
from collector.reports.published import Chosen, LeftOut
from collector.reports.window import Step, Window
from collector.store.figures import Counted

STEPS: tuple[Step, ...] = ("month", "week", "day")
LABELS = ("topic", "source")
NOBODY = "—"

DEFINITIONS: Mapping[str, Phrase] = {
    "issues": Phrase(
        id="Isu: satu klaim, berapa pun konten yang membawanya. Dihitung sekali, pada hari konten mencurigakan atau "
        "cek fakta pertamanya terlihat (yang sudah diputus meja: konten pertamanya), atau pada tanggal yang dicatat "
        "meja. Untuk hari yang punya angka terbitan "
        "pihak lain, angka itulah yang dihitung, utuh.",
        en="Issues: one claim each, however many items carry it. Counted once, on the day its first suspicious item or "
        "debunk was seen (of those the desk has checked: its first item), or on the date a desk entered. "
        "Days for which somebody published a figure are counted by "
        "that figure, whole.",
    ),
    "items": Phrase(
        id="Konten: konten mencurigakan (skor 0,5 atau lebih, bukan cek fakta) dan yang menyebarkan isu yang oleh meja "
        "dinyatakan salah, menyesatkan, penipuan atau belum terbukti, pada hari pertama terlihat oleh Siaga, "
        "dan konten yang dimasukkan meja pada tanggalnya sendiri. Yang sudah lama ketika pertama terlihat tidak "
        "dihitung.",
        en="Items: suspicious items (score 0.5 or more, no debunks), and those that spread an issue the desk found "
        "false, misleading, a scam or unproven, on the day Siaga first saw them, and items a desk "
        "brought on their own dates. What was old when first seen is not counted.",
    ),
    "actions": Phrase(
        id="Tindak lanjut: dilaporkan, dilabeli, diturunkan, dibantah atau dijawab, pada hari dilakukan.",
        en="Actions: reported, labelled, taken down, debunked or answered, on the day it was done.",
    ),
    "days": Phrase(
        id="Hari: panjang jendela, kedua ujung termasuk.", en="Days: the length of the window, both ends included."
    ),
    "per_day": Phrase(
        id="Per hari: isu dibagi hari jendela. Membandingkan dua jendela yang panjangnya berbeda hanya sah dengan ini.",
        en="Per day: issues divided by the days of the window. Two windows of different lengths compare by this alone.",
    ),
    "coverage": Phrase(
        id="Cakupan: bagian hari jendela yang punya angka terbitan, atau yang sumbernya dipantau Siaga setidaknya "
        "separuh hari.",
        en="Coverage: the share of the window's days that have a published figure, or on which Siaga watched at least "
        "half of its sources for half of the day.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The three counts."""

    issues: int
    items: int
    actions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Days of a window for which there is a figure: published ones, and those that Siaga watched itself."""

    days: int
    of: int
    published_days: int
    watched_days: int

    @property
    def ratio(self) -> float:
        return self.days / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One line of a table: a part of the window, a topic or a source. ``window`` and ``covered_days`` (those that have
    a figure) are None for topics and sources; ``note`` says what is peculiar (a published figure longer than a month
    stands whole)."""

    label: str
    window: Window | None
    figures: Figures
    note: Phrase | None = None
    covered_days: int | None = None

    @property
    def unknown(self) -> bool:
        """Nothing is counted, and there is no data of its own: that is not zero."""
        return self.covered_days == 0 and self.figures == Figures(issues=0, items=0, actions=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One window, counted. ``own_issues`` of the issues are the ledger's, ``published_issues`` others'; ``beside`` are
    the ledger's on days that a published figure counts, not added to them."""

    window: Window
    topic: str | None
    figures: Figures
    own_issues: int
    published_issues: int
    beside: int
    actions_by_kind: Mapping[ActionKind, int]
    coverage: Coverage
    published: tuple[PublishedCount, ...]
    left_out: tuple[LeftOut, ...]
    cut_dates: int

    @property
    def per_day(self) -> float:
        return self.figures.issues / self.window.days


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLine:
    """Issues of one topic in each part of the window, in order; ``before`` the same of the compared window."""

    topic: str
    counts: tuple[int, ...]
    before: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that ``siaga report`` prints, and what its pictures show beside: the parts of the compared window, and
    each topic's course."""

    period: Period
    by: str | None
    groups: tuple[Group, ...]
    versus: Period | None
    change: Change | None
    evenness: tuple[Named, ...]
    notes: tuple[Phrase, ...]
    versus_groups: tuple[Group, ...] = ()
    topics: tuple[TopicLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """What the store says of a window, placed by day. ``watched`` are the days that Siaga watched itself; ``own`` maps
    the topics of the taken rows to the ledger's issues of that topic by day (``""``: all)."""

    issues: Sequence[Counted]
    items: Sequence[Counted]
    actions: Sequence[tuple[ActionKind, Counted]]
    watched: frozenset[date]
    of_topic: Mapping[str, Sequence[Counted]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Counts by day and label; ``months`` those known by their month alone and whole within the window; ``cut`` how
    many were left out because the window cuts their month."""

    days: Mapping[tuple[date, str], int]
    months: Mapping[tuple[date, str], int]
    cut: int

    @property
    def total(self) -> int:
        return sum(self.days.values()) + sum(self.months.values())

    def within(self, part: Window) -> int:
        """Of the days of a part; a month counts where all of it lies there."""
        by_day = sum(n for (day, _), n in self.days.items() if part.holds(day, day))
        return by_day + sum(n for (day, _), n in self.months.items() if part.holds(day, _month(day).last))

    def by_label(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for (_, label), n in (*self.days.items(), *self.months.items()):
            for name in label.split() or [""]:
                found[name] += n
        return found


def placed(counts: Sequence[Counted], window: Window, zone: tzinfo) -> Placed:
    """Days are cut in ``zone``. What is known by its month is never split."""
    days: Counter[tuple[date, str]] = Counter()
    months: Counter[tuple[date, str]] = Counter()
    cut = 0
    day_of: dict[datetime, date] = {}  # by source, thousands stand at the same moment
    for one in counts:
        day = day_of.get(one.at) or day_of.setdefault(one.at, one.at.astimezone(zone).date())
        if one.precision is not Precision.MONTH:
            if window.holds(day, day):
                days[day, one.label] += one.n
        elif window.holds(day, _month(day).last):
            months[day, one.label] += one.n
        elif window.touches(day, _month(day).last):
            cut += one.n
    return Placed(days=days, months=months, cut=cut)


def _month(day: date) -> Dated:
    return Dated(day=day, precision=Precision.MONTH)


def without_published(issues: Placed, of_topic: Mapping[str, Placed], chosen: Chosen) -> Placed:
    """The ledger's issues on days that no published figure of their topic counts."""
    days = Counter(dict(issues.days))
    months = Counter(dict(issues.months))
    for (day, label), n in issues.days.items():
        if any(not row.topic and row.first <= day <= row.last for row in chosen.taken):
            days[day, label] -= n
    for (day, label), n in issues.months.items():
        if any(not row.topic and row.first <= day and _month(day).last <= row.last for row in chosen.taken):
            months[day, label] -= n
    for topic, found in of_topic.items():
        rows = [row for row in chosen.taken if row.topic == topic]
        for key, n in found.days.items():
            if any(row.first <= key[0] <= row.last for row in rows):
                days[key] = max(0, days[key] - n)
    return Placed(days=+days, months=+months, cut=issues.cut)


def period(window: Window, topic: str | None, raw: Raw, chosen: Chosen, zone: tzinfo) -> Period:
    """Count one window."""
    all_own = placed(raw.issues, window, zone)
    of_topic = {name: placed(counts, window, zone) for name, counts in raw.of_topic.items()}
    own = without_published(all_own, of_topic, chosen)
    items = placed(raw.items, window, zone)
    kinds = {kind: placed([c for k, c in raw.actions if k is kind], window, zone) for kind in ActionKind}
    return Period(
        window=window,
        topic=topic,
        figures=Figures(
            issues=own.total + chosen.issues, items=items.total, actions=sum(one.total for one in kinds.values())
        ),
        own_issues=own.total,
        published_issues=chosen.issues,
        beside=all_own.total - own.total,
        actions_by_kind={kind: one.total for kind, one in kinds.items()},
        coverage=coverage(window, raw.watched, chosen),
        published=chosen.taken,
        left_out=chosen.left_out,
        cut_dates=all_own.cut + items.cut + sum(one.cut for one in kinds.values()),
    )


def coverage(window: Window, watched: frozenset[date], chosen: Chosen) -> Coverage:
    days = [part.first for part in window.parts("day")]
    published = {day for day in days if chosen.covers(day)}
    seen = {day for day in days if day in watched}
    return Coverage(days=len(published | seen), of=len(days), published_days=len(published), watched_days=len(seen))


def groups_by_time(window: Window, step: Step, raw: Raw, chosen: Chosen, zone: tzinfo) -> tuple[Group, ...]:
    """Parts of the window. A published figure that is longer than a part stands on a line of its own."""
    of_topic = {name: placed(counts, window, zone) for name, counts in raw.of_topic.items()}
    own = without_published(placed(raw.issues, window, zone), of_topic, chosen)
    items = placed(raw.items, window, zone)
    acts = placed([one for _, one in raw.actions], window, zone)
    parts = list(window.parts(step))
    published: dict[Window, list[PublishedCount]] = defaultdict(list)
    whole: list[Group] = []
    for row in chosen.taken:
        home = next((part for part in parts if part.holds(row.first, row.last)), None)
        if home is None:
            whole.append(_standing_whole(row))
        else:
            published[home].append(row)
    lines = [
        Group(
            label=_label(part, step),
            window=part,
            figures=Figures(
                issues=own.within(part) + sum(row.issues for row in published[part]),
                items=items.within(part),
                actions=acts.within(part),
            ),
            covered_days=_covered(part, raw.watched, published[part]),
        )
        for part in parts
    ]
    return tuple(sorted([*lines, *whole], key=lambda group: (group.window.first, group.window.last)))  # type: ignore[union-attr]


def _covered(part: Window, watched: frozenset[date], rows: Sequence[PublishedCount]) -> int:
    return sum(
        one.first in watched or any(row.first <= one.first <= row.last for row in rows) for one in part.parts("day")
    )


def _standing_whole(row: PublishedCount) -> Group:
    return Group(
        label=f"{row.first}..{row.last}",
        window=Window(first=row.first, last=row.last),
        figures=Figures(issues=row.issues, items=0, actions=0),
        covered_days=row.days,
        note=Phrase(
            id=f"angka terbitan untuk {row.days} hari, tidak dibagi ({row.source or 'tanpa sumber'})",
            en=f"a published figure for {row.days} days, not split ({row.source or 'no source given'})",
        ),
    )


def _label(part: Window, step: Step) -> str:
    if step == "day":
        return str(part.first)
    return f"{part.first:%Y-%m}" if step == "month" else str(part)


def groups_by_label(window: Window, by: str, raw: Raw, chosen: Chosen, zone: tzinfo) -> tuple[Group, ...]:
    """Topics or sources, the most issues first. One issue may count under several topics; actions belong to none."""
    own = without_published(placed(raw.issues, window, zone), {}, chosen).by_label()
    items = placed(raw.items, window, zone).by_label()
    for row in chosen.taken:
        own[row.topic if by == "topic" else row.source] += row.issues
    lines = [
        Group(label=name or NOBODY, window=None, figures=Figures(issues=own[name], items=items[name], actions=0))
        for name in own.keys() | items.keys()
    ]
    return tuple(sorted(lines, key=lambda group: (-group.figures.issues, -group.figures.items, group.label)))


def topic_counts(
    window: Window, step: Step, issues: Sequence[Counted], chosen: Chosen, zone: tzinfo
) -> Mapping[str, tuple[int, ...]]:
    """Issues of each topic in each part; a published figure of a topic counts where it lies within one part whole."""
    own = without_published(placed(issues, window, zone), {}, chosen)
    parts = list(window.parts(step))
    place_of = {one.first: place for place, part in enumerate(parts) for one in part.parts("day")}
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(parts))
    for (day, label), n in (*own.days.items(), *own.months.items()):
        for topic in label.split():
            found[topic][place_of[day]] += n
    for row in chosen.taken:
        if row.topic and place_of[row.first] == place_of[row.last]:
            found[row.topic][place_of[row.first]] += row.issues
    return {topic: tuple(counts) for topic, counts in found.items()}
