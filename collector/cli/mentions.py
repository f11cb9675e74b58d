"""``mentions``: what was found, newest first or most suspicious first."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches

import click

from collector.cli.context import Context
from collector.config.duration import duration
from collector.config.settings import Settings
from collector.model.bucket import Measure
from collector.model.clock import WallClock, rfc3339_or_none, utc
from collector.model.judgement import Signal
from collector.store.base import JudgedItem, MentionFilter, Storage
from collector.store.indexing import index_all

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@click.command("mentions")
@click.option("--topic", metavar="ID", help="Only this topic.")
@click.option("--since", metavar="TIME", help="24h, 7d, or a date such as 2026-11-25.")
@click.option("--until", metavar="TIME", help="The same; a date includes that day.")
@click.option("--suspicious", is_flag=True, help="Only suspicious items (0.5 or more, no debunks), the worst first.")
@click.option("--debunks", is_flag=True, help="Only what fact-checkers published.")
@click.option("--search", metavar="WORDS", help="All these words, in title or excerpt; the last may be unfinished.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list; times in UTC.")
@click.pass_obj
def mentions(
    context: Context,
    topic: str | None,
    since: str | None,
    until: str | None,
    suspicious: bool,
    debunks: bool,
    search: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List stored items that mention a watched topic."""
    if suspicious and debunks:
        raise click.UsageError("at most one of --suspicious and --debunks")
    settings, now = context.settings, WallClock().now()
    wanted = MentionFilter(
        topic_id=topic,
        since=None if since is None else moment(since, now, settings.timezone),
        until=None if until is None else moment(until, now, settings.timezone, end_of_day=True),
        measure=Measure.SUSPICIOUS if suspicious else Measure.DEBUNKS if debunks else None,
        search=search,
        limit=limit,
    )
    context.tell_if_new()
    with context.store() as store:
        found = _find(store, wanted)
    if not found and topic is not None and settings.topic(topic) is None:
        raise click.UsageError(no_such_topic(topic, settings))
    if as_json:
        click.echo(json.dumps([as_object(judged) for judged in found], ensure_ascii=False, indent=2))
    elif found:
        click.echo("\n\n".join("\n".join(_lines(judged, settings)) for judged in found))
    else:
        click.echo("Nothing found.", err=True)


def moment(text: str, now: datetime, zone: tzinfo, *, end_of_day: bool = False) -> datetime:
    """A length of time before ``now``, or a date or time in ``zone``. Raises BadParameter with what was expected."""
    try:
        return now - duration(text)
    except ValueError:
        pass
    except OverflowError:
        return datetime.min.replace(tzinfo=utc(now).tzinfo)
    try:
        if _DATE.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=1 if end_of_day else 0)
            return utc(datetime.combine(day, time(), tzinfo=zone))
        given = datetime.fromisoformat(text)
        return utc(given if given.tzinfo else given.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{text!r} is neither a length of time (24h, 7d) nor a date (2026-11-25)") from None


def _find(store: Storage, wanted: MentionFilter) -> tuple[JudgedItem, ...]:
    if wanted.search is not None:
        index_all(store.items)
    return store.items.list(wanted)


def no_such_topic(topic: str, settings: Settings) -> str:
    near = get_close_matches(topic, [known.id for known in settings.topics], n=1)
    return f"no topic {topic!r} in {settings.path.name}" + (f"; did you mean {near[0]}?" if near else "")


# ---------------------------------------------------------------- for people


def _lines(judged: JudgedItem, settings: Settings) -> list[str]:
    from alerts.text import clean_line

    item, judgement = judged.item, judged.judgement
    verdict = f" ({judgement.verdict})" if judgement.verdict else ""
    topics = ", ".join(mention.topic_id for mention in judged.mentions)
    reasons = "; ".join(
        signal.reason.in_language(settings.language) for signal in judgement.findings if signal.points > 0
    )
    seen = f"seen in {judged.sightings} sources" if judged.sightings > 1 else ""
    return [
        f"{item.seen_at.astimezone(settings.timezone):%Y-%m-%d %H:%M}  {judgement.suspicion:.2f} "
        f"{judgement.stance}{verdict}  {clean_line(topics)}  [{item.id}]",
        f"    {clean_line(item.title)}",
        f"    {clean_line(item.publisher)}  {clean_line(item.url or '', 500)}  {seen}".rstrip(),
        *([f"    because: {clean_line(reasons, 500)}"] if reasons else []),
    ]


# ---------------------------------------------------------------- for programs


def as_object(judged: JudgedItem) -> Mapping[str, object]:
    """One item of ``--json``. Names as in the export."""
    item, judgement = judged.item, judged.judgement
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "excerpt": item.excerpt,
        "lang": item.lang,
        "source": item.source_id,
        "publisher": item.publisher,
        "published_at": rfc3339_or_none(item.published_at),
        "seen_at": rfc3339_or_none(item.seen_at),
        "timing": item.timing.value,
        "stance": judgement.stance.value,
        "suspicion": judgement.suspicion,
        "verdict": judgement.verdict.value if judgement.verdict else None,
        "signals": [_signal(signal) for signal in judgement.signals],
        "topics": {mention.topic_id: [span.surface for span in mention.spans] for mention in judged.mentions},
        "sightings": judged.sightings,
    }


def _signal(signal: Signal) -> Mapping[str, object]:
    return {
        "name": signal.name,
        "points": signal.points,
        "reason": {"id": signal.reason.id, "en": signal.reason.en},
        "words": list(signal.words),
    }
