"""``siaga test-source`` and ``siaga sources``: what a source serves now, and how the sources stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from collector.cli.context import Context
from collector.model.clock import WallClock, rfc3339_or_none
from collector.model.errors import ParseError
from collector.model.item import Entry
from collector.model.judgement import Context as Circumstances
from collector.model.judgement import Judgement
from collector.model.source import Failed, Fetched, Source, SourceState
from collector.model.topic import Match

if TYPE_CHECKING:
    from collector.cli.pages import Page
    from collector.config.settings import Settings
    from collector.sources.base import Fetcher, Parsed

SHOWN = 20
HINTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One entry, and what Siaga would make of it; with ``page`` of the whole story behind it."""

    entry: Entry
    publisher: str
    matches: tuple[Match, ...]
    judgement: Judgement
    page: Page | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A source as it answers now. ``reason`` says why nothing could be read; ``hints`` are addresses that may do."""

    source: Source
    url: str
    status: int | None
    duration: timedelta
    title: str | None = None
    previews: tuple[Preview, ...] = ()
    wordless: int = 0
    members: int = 0
    reason: str | None = None
    hints: tuple[str, ...] = ()


# ---------------------------------------------------------------- test-source


@click.command("test-source")
@click.argument("what", metavar="NAME|URL")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--all", "show_all", is_flag=True, help=f"Show every item, not the first {SHOWN}.")
@click.option("--article", "articles", is_flag=True, help="Read the pages of a few items too, as article: true would.")
@click.pass_obj
def test_source(context: Context, what: str, as_json: bool, show_all: bool, articles: bool) -> None:
    """Fetch a source now; show its items, dates, matches and scores. Nothing is stored."""
    settings = context.settings
    trial = try_out(settings, source_for(settings, what), WallClock().now(), articles=articles)
    if as_json:
        click.echo(json.dumps(_trial_json(trial, settings), ensure_ascii=False, indent=2))
    else:
        _tell(trial, settings, len(trial.previews) if show_all else SHOWN)
    if trial.reason:
        raise SystemExit(1)


def source_for(settings: Settings, what: str) -> Source:
    """The configured source of that name or address, else one made up for the address.

    Raises UsageError where ``what`` is neither.
    """
    known = settings.source(what) or next((source for source in settings.sources if source.url == what), None)
    if known:
        return known
    if what.startswith("@") or "t.me/" in what:
        return Source(id=what, kind="telegram", url=what, timeout=settings.timeout)
    if "://" not in what and ("." not in what or " " in what):
        raise click.UsageError(f"no source is called {what!r}, and it is no address{_nearest(settings, what)}")
    url = what if "://" in what else f"https://{what}"
    kind = "sitemap" if "sitemap" in url.lower() else "feed"
    return Source(id=url, kind=kind, url=url, timeout=settings.timeout)


def _nearest(settings: Settings, what: str) -> str:
    from difflib import get_close_matches

    names = {source.id.casefold(): source.id for source in settings.sources}
    near = get_close_matches(what.casefold(), names, n=1)
    return f"; did you mean {names[near[0]]!r}?" if near else ""


def try_out(settings: Settings, source: Source, now: datetime, *, articles: bool = False) -> Trial:
    """Fetch, read, match and judge, with the parts the daemon uses. Failures come back in the trial's ``reason``.

    ``articles``: the pages behind some items too, those on a topic first.
    """
    from collector.app.network import build_fetcher
    from collector.app.sources import kind_of

    kind = kind_of(source.kind)
    address = kind.address(source)
    fetcher = build_fetcher(settings)
    try:
        answer = fetcher.fetch(source, address, None, accept=kind.accept(), robots=kind.needs_robots, now=now)
        if isinstance(answer, Failed):
            return Trial(
                source=source, url=address, status=answer.status, duration=answer.duration, reason=answer.reason
            )
        try:
            parsed = kind.parse(source, answer)
        except ParseError as error:
            return _unreadable(source, answer, error)
        entries = parsed.entries + _of_members(source, fetcher, parsed, now)
        previews = _previews(settings, source, entries, now)
        if articles:
            previews = _with_pages(settings, source, fetcher, previews, now)
    finally:
        fetcher.close()
    return Trial(
        source=source,
        url=answer.final_url,
        status=answer.status,
        duration=answer.duration,
        title=parsed.title,
        previews=previews,
        wordless=parsed.wordless,
        members=len(parsed.more),
    )


def _unreadable(source: Source, answer: Fetched, error: ParseError) -> Trial:
    from collector.sources.discovery import discover

    is_page = source.kind == "feed" and b"<html" in answer.body[:20_000].lower()
    hints = [address for address in discover(answer.body, answer.final_url) if address != answer.final_url]
    return Trial(
        source=source,
        url=answer.final_url,
        status=answer.status,
        duration=answer.duration,
        reason=str(error),
        hints=tuple(hints[:HINTS]) if is_page else (),
    )


def _of_members(source: Source, fetcher: Fetcher, parsed: Parsed, now: datetime) -> tuple[Entry, ...]:
    """Entries of the further documents that a sitemap index names; members that fail are left out."""
    from collector.app.sources import kind_of

    kind = kind_of(source.kind)
    entries: list[Entry] = []
    for address in parsed.more:
        answer = fetcher.fetch(source, address, None, accept=kind.accept(), robots=kind.needs_robots, now=now)
        if isinstance(answer, Fetched):
            try:
                entries += kind.parse(source, answer).entries
            except ParseError:
                continue
    return tuple(entries)


def _previews(settings: Settings, source: Source, entries: tuple[Entry, ...], now: datetime) -> tuple[Preview, ...]:
    from collector.app.judge import build_judge
    from collector.app.matcher import build_matcher
    from collector.sources.publisher import publisher_of

    matcher, judge = build_matcher(settings), build_judge(settings)
    previews = []
    for entry in entries:
        matches = matcher.matches(entry.title, entry.text)
        judgement = judge.judge(entry, Circumstances(source=source, matches=matches, now=now))
        publisher = publisher_of(entry, source)
        previews.append(Preview(entry=entry, publisher=publisher, matches=matches, judgement=judgement))
    return tuple(previews)


def _with_pages(
    settings: Settings, source: Source, fetcher: Fetcher, previews: tuple[Preview, ...], now: datetime
) -> tuple[Preview, ...]:
    """Those whose pages were read come first, judged by all that stands there."""
    from collector.cli.pages import read_pages

    by_topic = sorted(previews, key=lambda preview: not preview.matches)
    read = list(read_pages(fetcher, source, (p.entry for p in by_topic), settings.network.host_gap, now))
    whole = _previews(settings, source, tuple(page.entry(entry) for entry, page in read), now)
    asked = {id(entry) for entry, _ in read}
    shown = (replace(preview, page=page) for preview, (_, page) in zip(whole, read, strict=True))
    return (*shown, *(preview for preview in previews if id(preview.entry) not in asked))


def _tell(trial: Trial, settings: Settings, limit: int) -> None:
    from alerts.text import clean_line

    click.echo(f"{trial.source.id}: {trial.source.kind}, {trial.source.role.value}")
    click.echo(f"  {_answer(trial)}")
    if trial.reason:
        click.echo(f"  nothing read: {clean_line(trial.reason, 500)}")
        if trial.hints:
            click.echo("  feeds may lie at:\n" + "\n".join(f"    {clean_line(hint, 500)}" for hint in trial.hints))
        return
    click.echo(f"  {_contents(trial)}\n")
    for preview in trial.previews[:limit]:
        _tell_item(preview, settings)
    if len(trial.previews) > limit:
        click.echo(f"... and {len(trial.previews) - limit} more (--all shows them)")


def _answer(trial: Trial) -> str:
    from alerts.text import clean_line

    status = "no answer" if trial.status is None else f"status {trial.status}"
    return f"{clean_line(trial.url, 500)} · {status} after {trial.duration.total_seconds():.1f} s"


def _contents(trial: Trial) -> str:
    """How many items, of what; the trial's figures as a sentence."""
    on_topic = sum(1 for preview in trial.previews if preview.matches)
    suspicious = sum(1 for preview in trial.previews if preview.judgement.suspicion >= 0.5)
    parts = [f"{len(trial.previews)} items", f"{on_topic} on a topic", f"{suspicious} suspicious"]
    if undated := sum(1 for preview in trial.previews if preview.entry.published_at is None):
        parts.append(f"{undated} without a date that could be read")
    if trial.wordless:
        parts.append(f"{trial.wordless} without words left out")
    if trial.members:
        parts.append(f"from {trial.members} sitemaps")
    return ", ".join(parts)


def _tell_item(preview: Preview, settings: Settings) -> None:
    from alerts.text import clean_line

    entry, judgement = preview.entry, preview.judgement
    when = f"{entry.published_at.astimezone(settings.timezone):%Y-%m-%d %H:%M}" if entry.published_at else "no date"
    click.echo(f"{when}  {clean_line(entry.title, 100)}")
    publisher = clean_line(preview.publisher, 80)
    click.echo(f"    {publisher} · {judgement.stance.value} · suspicion {judgement.suspicion:.2f}")
    for match in preview.matches:
        words = ", ".join(dict.fromkeys(span.surface for span in match.spans))
        click.echo(f"    {match.topic_id}: {clean_line(words, 100)}")
    for signal in judgement.signals:
        click.echo(f"    {signal.points:+g} {clean_line(signal.reason.in_language(settings.language), 300)}")
    if preview.page is not None:
        from collector.cli.pages import tell_page

        tell_page(preview.page)


def _trial_json(trial: Trial, settings: Settings) -> Mapping[str, object]:
    return {
        "source": trial.source.id,
        "kind": trial.source.kind,
        "url": trial.url,
        "status": trial.status,
        "duration_s": round(trial.duration.total_seconds(), 3),
        "title": trial.title,
        "error": trial.reason,
        "hints": list(trial.hints),
        "wordless": trial.wordless,
        "items": [_item_json(preview, settings) for preview in trial.previews],
    }


def _item_json(preview: Preview, settings: Settings) -> Mapping[str, object]:
    entry, judgement = preview.entry, preview.judgement
    told: dict[str, object] = {
        "title": entry.title,
        "url": entry.url,
        "published_at": rfc3339_or_none(entry.published_at),
        "date_as_written": entry.published_text,
        "publisher": preview.publisher,
        "topics": {match.topic_id: [span.surface for span in match.spans] for match in preview.matches},
        "stance": judgement.stance.value,
        "verdict": judgement.verdict.value if judgement.verdict else None,
        "points": judgement.points,
        "suspicion": round(judgement.suspicion, 3),
        "signals": [
            {"name": s.name, "points": s.points, "reason": s.reason.in_language(settings.language)}
            for s in judgement.signals
        ],
    }
    if preview.page is not None:
        from collector.cli.pages import page_json

        told["page"] = page_json(preview.page)
    return told


# ---------------------------------------------------------------- sources


@click.command("sources")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per source.")
@click.pass_obj
def sources(context: Context, as_json: bool) -> None:
    """List the sources: when each last worked, how old its newest item is, when it is due, what is wrong."""
    settings, now = context.settings, WallClock().now()
    states = _states(context, settings)
    if as_json:
        for source in settings.sources:
            click.echo(json.dumps(_state_json(source, states.get(source.id)), ensure_ascii=False))
        return
    rows = [HEADER, *(_row(source, states.get(source.id), now) for source in settings.sources)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER) - 1)]
    for row in rows:
        click.echo(
            "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        )


HEADER = ("SOURCE", "KIND", "ROLE", "LAST OK", "NEWEST ITEM", "NEXT POLL", "FAILED", "ERROR")


def _states(context: Context, settings: Settings) -> Mapping[str, SourceState]:
    """What the database knows; nothing before the first round. It is not made for asking."""
    if not settings.database.exists():
        return {}
    with context.store() as store:
        return {state.source_id: state for state in store.sources.states()}


def _row(source: Source, state: SourceState | None, now: datetime) -> tuple[str, ...]:
    from alerts.text import clean_line

    head = (clean_line(source.id, 40), source.kind, source.role.value)
    if not source.enabled:
        return (*head, "-", "-", "off", "-", "")
    if state is None:
        return (*head, "never", "-", "at once", "-", "")
    return (
        *head,
        _ago(state.last_ok_at, now) or "never",
        _ago(state.newest_item_at, now) or "-",
        _ahead(state.next_poll_at, now),
        str(state.failures) if state.failures else "-",
        clean_line(state.last_error or "", 80) if state.failures else "",
    )


def _ago(moment: datetime | None, now: datetime) -> str:
    return f"{_span(now - moment)} ago" if moment else ""


def _ahead(moment: datetime, now: datetime) -> str:
    return f"in {_span(moment - now)}" if moment > now else "due"


def _span(time: timedelta) -> str:
    seconds = max(0, int(time.total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length or (unit == "min" and seconds >= length):
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _state_json(source: Source, state: SourceState | None) -> Mapping[str, object]:
    return {
        "name": source.id,
        "kind": source.kind,
        "role": source.role.value,
        "url": source.url,
        "enabled": source.enabled,
        "last_ok_at": rfc3339_or_none(state.last_ok_at if state else None),
        "newest_item_at": rfc3339_or_none(state.newest_item_at if state else None),
        "next_poll_at": rfc3339_or_none(state.next_poll_at if state else None),
        "failures": state.failures if state else 0,
        "error": state.last_error if state and state.failures else None,
    }
