"""``siaga add``, ``import-opml`` and ``export-opml``: sources come and go without an editor."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from collector.cli.context import Context
from collector.model.source import Failed, Fetched, Source

if TYPE_CHECKING:
    from collector.config.edit import Entry
    from collector.config.settings import Settings
    from collector.sources.base import Fetcher, Parsed

ROLES = click.Choice(["factcheck", "news", "official", "social"])
MAX_TRIES = 12


@click.command("add")
@click.argument("url")
@click.option("--name", help="What to call it. Default: the feed's own title.")
@click.option("--role", type=ROLES, help="Who speaks. Default: news; social for a Telegram channel.")
@click.option("--every", metavar="TIME", help="How often to read it, such as 30m.")
@click.option("--no-fetch", is_flag=True, help="Take the address as it is, without looking.")
@click.option("--dry-run", is_flag=True, help="Show the lines; change nothing.")
@click.pass_obj
def add(
    context: Context, url: str, name: str | None, role: str | None, every: str | None, no_fetch: bool, dry_run: bool
) -> None:
    """Find the feed of a site and add it to sources.yaml."""
    settings = context.settings
    find = _taken_as_is(url) if no_fetch else _look(settings, url)
    twin = next((source for source in settings.sources if source.url == find.url), None)
    if twin:
        raise click.ClickException(f"{find.url} is there already, as {twin.id}")
    entry = _entry(settings, find, name, role or find.role, every)
    _append(context, [entry], dry_run=dry_run)
    if not dry_run:
        click.echo(f"added {entry['name']} ({find.kind}, {find.url}){find.remark}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A source that answered, and what is to be said of it."""

    url: str
    kind: str
    title: str = ""
    remark: str = ""
    role: str | None = None


def _entry(settings: Settings, find: Find, name: str | None, role: str | None, every: str | None) -> Entry:
    from collector.config.edit import free_name

    host = urlsplit(find.url).hostname or find.url.lstrip("@")
    title = name or free_name(find.title, (source.id for source in settings.sources), host)
    entry = {"name": title, "url": find.url}
    if find.kind != "feed":
        entry["kind"] = find.kind
    if role and role != "news":
        entry["role"] = role
    if every:
        entry["every"] = every
    return entry


def _append(context: Context, entries: list[Entry], *, dry_run: bool) -> None:
    """Put ``entries`` into the file if it is still valid with them. Raises ConfigError."""
    from collector.config.edit import replace_file, with_sources
    from collector.config.load import load_text, read

    path = context.config_path
    before = read(path)
    after = with_sources(before, entries)
    load_text(after, path)
    if dry_run:
        click.echo(_added_lines(before, after), nl=False)
    else:
        replace_file(path, after)


def _added_lines(before: str, after: str) -> str:
    from difflib import ndiff

    changes = ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return "".join(line[2:] for line in changes if line.startswith("+ "))


def _taken_as_is(url: str) -> Find:
    telegram = _telegram(url)
    return telegram or Find(url=_with_scheme(url), kind="feed", remark=", not looked at")


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def _telegram(url: str) -> Find | None:
    from collector.config.address import telegram_channel

    channel = telegram_channel(url)
    if channel is None:
        return None
    return Find(url=f"https://t.me/s/{channel}", kind="telegram", title=f"Telegram {channel}", role="social")


def _look(settings: Settings, url: str) -> Find:
    """Ask the address what it is; of a page, follow where it says its feed is. Raises ClickException."""
    telegram = _telegram(url)
    if telegram:
        return telegram
    from collector.app.network import build_fetcher

    fetcher = build_fetcher(settings)
    try:
        return _search(settings, fetcher, _with_scheme(url))
    finally:
        fetcher.close()


def _search(settings: Settings, fetcher: Fetcher, url: str) -> Find:
    answer = _ask(settings, fetcher, url)
    if isinstance(answer, Failed):
        raise click.ClickException(f"{url}: {answer.reason}")
    found = _read(url, answer)
    if found:
        return found
    for candidate in _candidates(answer):
        time.sleep(settings.network.host_gap.total_seconds())
        second = _ask(settings, fetcher, candidate)
        found = None if isinstance(second, Failed) else _read(candidate, second)
        if found:
            return found
    raise click.ClickException(
        f"no feed found at {url}. A page without one can be read with kind: page and CSS selectors;"
        " see docs/reference/sources-yaml.md"
    )


def _candidates(page: Fetched) -> Iterator[str]:
    """Where the page says its feeds are, then where feeds usually are."""
    from collector.sources.discovery import discover

    tried = {page.url, page.final_url}
    yield from [address for address in discover(page.body, page.final_url) if address not in tried][:MAX_TRIES]


def _ask(settings: Settings, fetcher: Fetcher, url: str) -> Fetched | Failed:
    from collector.model.clock import WallClock

    accept = "application/rss+xml, application/atom+xml, application/feed+json, application/xml, text/html;q=0.8"
    probe = Source(id="add", kind="feed", url=url, timeout=settings.timeout)
    return fetcher.fetch(probe, url, None, accept=accept, robots=False, now=WallClock().now())


def _read(url: str, answer: Fetched) -> Find | None:
    """What the body is, if it is something we collect."""
    for kind in ("feed", "sitemap"):
        parsed = _parse(kind, url, answer)
        if parsed and (parsed.entries or parsed.more or kind == "feed"):
            return Find(url=url, kind=kind, title=parsed.title or "", remark=f", {len(parsed.entries)} items now")
    return None


def _parse(kind: str, url: str, answer: Fetched) -> Parsed | None:
    from collector.app.sources import kind_of
    from collector.model.errors import ParseError

    try:
        return kind_of(kind).parse(Source(id="add", kind=kind, url=url), answer)
    except ParseError:
        return None


@click.command("import-opml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--role", type=ROLES, help="Role of all of them. Default: news.")
@click.option("--dry-run", is_flag=True, help="Show the lines; change nothing.")
@click.pass_obj
def import_opml(context: Context, file: Path, role: str | None, dry_run: bool) -> None:
    """Add the feeds of an OPML file to sources.yaml."""
    from collector.config import address
    from collector.config.edit import free_name
    from collector.config.opml import MAX_BYTES, OpmlError, read_opml
    from collector.config.problems import Fault

    try:
        with file.open("rb") as stream:
            outlines = read_opml(stream.read(MAX_BYTES + 1))
    except OpmlError as error:
        raise click.UsageError(f"{file}: {error}") from None
    urls = {source.url for source in context.settings.sources}
    names = {source.id for source in context.settings.sources}
    entries: list[Entry] = []
    known = unfit = 0
    for outline in outlines:
        if outline.url in urls:
            known += 1
            continue
        try:
            address.check_url(outline.url)
        except Fault:
            unfit += 1
            continue
        name = free_name(outline.title, names, address.host_and_port(outline.url)[0])
        urls.add(outline.url)
        names.add(name)
        entries.append({"name": name, "url": outline.url, **({"role": role} if role and role != "news" else {})})
    _append(context, entries, dry_run=dry_run)
    click.echo(
        f"{len(entries)} {'would be ' if dry_run else ''}added, {known} there already, {unfit} not usable", err=True
    )


@click.command("export-opml")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Disabled sources too.")
@click.pass_obj
def export_opml(context: Context, file: Path | None, everything: bool) -> None:
    """Write the feeds of sources.yaml as OPML, to FILE or to the screen."""
    from collector.config.load import secret_sources
    from collector.config.opml import write_opml

    settings = context.settings
    hidden = secret_sources(settings.path)
    chosen = [s for s in settings.sources if s.kind == "feed" and (s.enabled or everything) and s.id not in hidden]
    text = write_opml(chosen)
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")
        click.echo(f"wrote {len(chosen)} feeds to {file}", err=True)
    if hidden:
        click.echo(f"left out, as their addresses come from the environment: {', '.join(sorted(hidden))}", err=True)
