"""``replay`` and ``tune``: a configuration tried on the past before it wakes anybody."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from collector.cli.context import Context
from collector.cli.log import configure_logging
from collector.cli.mentions import moment, no_such_topic
from collector.model.clock import WallClock, hour_of
from collector.model.errors import ChannelError
from collector.model.phrase import Phrase
from collector.model.source import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from collector.config.settings import Settings
    from collector.model.rule import Rule
    from collector.rehearsal.episode import Timeline
    from collector.rehearsal.history import Span
    from collector.rehearsal.labels import Label
    from collector.rehearsal.replay import Progress
    from collector.rehearsal.stage import Stage

_FILE = click.Path(dir_okay=False, path_type=Path)


def over_the_past(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which past."""
    for option in (
        click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.FACTCHECK.value,
                     show_default=True, help="Who wrote the rows of --input that do not say."),
        click.option("--input", "input_file", metavar="FILE.csv", type=_FILE,
                     help="A dated list instead of the database: date,title[,url,publisher,text,...]."),
        click.option("--to", "until", metavar="TIME", help="The same; a date includes that day. Default: the end."),
        click.option("--from", "since", metavar="TIME", help="A date, or 30d: the last 30 days. Default: all."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command("replay")
@over_the_past
@click.option("--rules", metavar="FILE", type=_FILE, help="Another sources.yaml whose rules and topics to try.")
@click.option("--compare", metavar="OTHER.yaml", type=_FILE, help="Show what this one would change.")
@click.option("--events", metavar="FILE.csv", type=_FILE, help="What really happened: start,end,topic,name.")
@click.option("--send-to", metavar="RECEIVER", help="Really send the messages there, marked as a replay.")
@click.option("--send-at-most", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; times in UTC.")
@click.pass_obj
def replay(
    context: Context,
    since: str | None,
    until: str | None,
    input_file: Path | None,
    role: str,
    rules: Path | None,
    compare: Path | None,
    events: Path | None,
    send_to: str | None,
    send_at_most: int,
    as_json: bool,
) -> None:
    """Run the rules over the past and show every alert that would have been.

    The code is the daemon's; only the clock follows the data. Nothing is sent unless --send-to says so, and nothing is
    written. --rules, --compare and --events help to choose between thresholds.
    """
    if send_to and compare:
        raise click.UsageError("at most one of --send-to and --compare")
    be_quiet()
    settings = _settings(context, rules)
    if send_to and settings.receiver(send_to) is None:
        known = ", ".join(receiver.name for receiver in settings.receivers) or "none"
        raise click.BadParameter(f"no receiver {send_to!r}; there are: {known}", param_hint="--send-to")
    labels = _labels(events, settings)
    with stage_of(settings, input_file, role) as stage:
        note_mute(stage, settings.rules)
        timeline = _run(stage, since, until, every_message=send_to is not None)
    if compare is None:
        _show(timeline, settings, stage, labels, as_json)
    else:
        other = _settings(context, compare)
        with stage_of(other, input_file, role) as other_stage:
            second = _run(other_stage, since, until)
        _show_both((timeline, second), (settings, other), stage, as_json)
    if send_to:
        _send(timeline, settings, send_to, send_at_most)


@click.command("tune")
@over_the_past
@click.option("--topic", metavar="ID", help="Only this topic.")
@click.option("--rule", "rule_name", metavar="NAME", help="Only this rule.")
@click.option("--alerts-per-week", type=click.FloatRange(min=0, min_open=True), default=1.0, show_default=True,
              help="How many alerts a week you want, of all the rules together.")  # fmt: skip
@click.option("--events", metavar="FILE.csv", type=_FILE, help="What really happened: start,end,topic,name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def tune(
    context: Context,
    since: str | None,
    until: str | None,
    input_file: Path | None,
    role: str,
    topic: str | None,
    rule_name: str | None,
    alerts_per_week: float,
    events: Path | None,
    as_json: bool,
) -> None:
    """Propose thresholds for a wished number of alerts a week, and show what each would have cost.

    Every threshold is tried on the past by the code of the daemon. Nothing is changed: write what you choose into
    sources.yaml.
    """
    from collector.rehearsal import report
    from collector.rehearsal.tuning import choose, trade

    be_quiet()
    settings = _settings(context, None)
    rules = _chosen_rules(settings, topic, rule_name)
    labels = _labels(events, settings)
    with stage_of(settings, input_file, role) as stage:
        note_mute(stage, rules)
        history = stage.history(*between(stage, since, until))
        trades = [trade(history, stage.configuration, rule, labels, progress=_trial_progress()) for rule in rules]
    _wipe()
    chosen = choose(trades, alerts_per_week)
    if as_json:
        data = report.tuning_data(trades, chosen, alerts_per_week)
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    click.echo(_title_of(history.span, settings))
    for one, best in zip(trades, chosen, strict=True):
        click.echo("\n" + "\n".join(report.trade_lines(one, best, with_events=bool(labels))))
    click.echo("\n" + "\n".join(report.proposal_lines(chosen, alerts_per_week)))


def _chosen_rules(settings: Settings, topic: str | None, rule_name: str | None) -> tuple[Rule, ...]:
    if topic is not None and settings.topic(topic) is None:
        raise click.BadParameter(no_such_topic(topic, settings), param_hint="--topic")
    if rule_name is not None and rule_name not in [rule.name for rule in settings.rules]:
        known = ", ".join(rule.name for rule in settings.rules)
        raise click.BadParameter(f"no rule {rule_name!r}; there are: {known}", param_hint="--rule")
    rules = [rule for rule in settings.rules if rule_name in (None, rule.name)]
    if topic is None:
        return tuple(rules)
    return tuple(replace(rule, topics=(topic,)) for rule in rules if topic in rule.topics)


def _trial_progress() -> Callable[[str], None] | None:
    if not sys.stderr.isatty():
        return None
    return lambda text: click.echo(f"\r\x1b[K{text[:70]}", nl=False, err=True)


def _wipe() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


# ---------------------------------------------------------------- what is played


def be_quiet() -> None:
    """The watch logs every alert; here they are the answer itself."""
    configure_logging("error", "text")


def _settings(context: Context, other: Path | None) -> Settings:
    """Of another file where one is named: its rules and topics, over the same database."""
    if other is None:
        return context.settings
    from collector.config.load import load

    database = context.database_path
    if database is None and context.config_path.is_file():
        database = context.settings.database
    return load(other, database=database)


def stage_of(settings: Settings, input_file: Path | None, role: str) -> AbstractContextManager[Stage]:
    from collector.rehearsal.stage import listed, stored

    if input_file is not None:
        return listed(settings, input_file, Role(role))
    return stored(settings, WallClock().now())


def note_mute(stage: Stage, rules: Sequence[Rule]) -> None:
    """Which of the rules this past cannot let speak."""
    names = ", ".join(rule.name for rule in rules if rule.name in stage.mute)
    if names:
        click.echo(f"note: the list has counts and no titles, so rules about issues cannot speak: {names}", err=True)


def _labels(path: Path | None, settings: Settings) -> tuple[Label, ...]:
    if path is None:
        return ()
    from collector.rehearsal.label_sheet import read_labels

    return read_labels(path, settings.timezone, [topic.id for topic in settings.topics])


def between(stage: Stage, since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """Full hours. Lengths of time count back from the end of what is known."""
    zone, end = stage.configuration.zone, stage.span.end
    first = None if since is None else hour_of(moment(since, end, zone))
    last = None if until is None else hour_of(moment(until, end, zone, end_of_day=True))
    if first is not None and last is not None and first >= last:
        raise click.UsageError(f"--from {since} is not before --to {until}")
    return first, last


def _run(stage: Stage, since: str | None, until: str | None, *, every_message: bool = False) -> Timeline:
    from collector.rehearsal.replay import replay as run

    history = stage.history(*between(stage, since, until))
    timeline = run(history, stage.configuration, progress=_progress(), every_message=every_message)
    _wipe()
    return timeline


def _progress() -> Progress | None:
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, name: str) -> None:
        click.echo(f"\r\x1b[K{done + 1}/{total} {name[:60]}", nl=False, err=True)

    return show


# ---------------------------------------------------------------- what is shown


def _show(timeline: Timeline, settings: Settings, stage: Stage, labels: tuple[Label, ...], as_json: bool) -> None:
    from collector.rehearsal import report
    from collector.rehearsal.labels import assess

    assessment = assess(timeline, labels) if labels else None
    if as_json:
        click.echo(json.dumps(report.as_data(timeline, assessment), ensure_ascii=False, indent=2))
        return
    click.echo(_title_of(timeline.span, settings))
    for number, episode in enumerate(timeline.episodes, 1):
        click.echo("\n" + "\n".join(report.episode_lines(number, episode, stage.configuration)))
    click.echo("\n" + "\n".join(report.summary_lines(timeline, stage.configuration)))
    if assessment is not None:
        click.echo("\n" + "\n".join(report.assessment_lines(assessment, settings.timezone)))


def _show_both(
    timelines: tuple[Timeline, Timeline], settings: tuple[Settings, Settings], stage: Stage, as_json: bool
) -> None:
    from collector.rehearsal import report
    from collector.rehearsal.comparison import compare

    comparison = compare(*timelines)
    if as_json:
        data = {
            "first": report.as_data(timelines[0], None),
            "second": report.as_data(timelines[1], None),
            **report.comparison_data(comparison),
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    zone, language = stage.configuration.zone, stage.configuration.language
    names = (settings[0].path.name, settings[1].path.name)
    if names[0] == names[1]:
        names = (str(settings[0].path), str(settings[1].path))
    click.echo(_title_of(timelines[0].span, settings[0]))
    for name, timeline in zip(names, timelines, strict=True):
        click.echo(f"{len(timeline.episodes):>5} alerts, {timeline.per_week:.2f} a week with {name}")
    click.echo()
    click.echo("\n".join(report.comparison_lines(comparison, names, zone, language)))


def _title_of(span: Span, settings: Settings) -> str:
    zone = settings.timezone
    start, end = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (span.start, span.end))
    return (
        f"Rehearsal from {start} to {end} {span.end.astimezone(zone).tzname()} ({span.weeks:.1f} weeks) "
        f"with {settings.path.name}."
    )


# ---------------------------------------------------------------- what is sent


def _send(timeline: Timeline, settings: Settings, receiver: str, at_most: int) -> None:
    """Through the real renderer and sender, marked in the first words; nothing is stored."""
    from collector.app.receivers import build_channels, build_renderer

    renderer, channel = build_renderer(settings), build_channels(settings)[receiver]
    notices = sorted(
        (notice for episode in timeline.episodes for notice in episode.notices), key=lambda notice: notice.at
    )
    for notice in notices[:at_most]:
        headline = Phrase(id=f"[ULANG] {notice.headline.id}", en=f"[REPLAY] {notice.headline.en}")
        message = renderer.render(replace(notice, headline=headline))
        try:
            channel.send(message, str(uuid4()), now=WallClock().now())
        except ChannelError as error:
            click.echo(f"Not delivered to {receiver}: {error.reason}", err=True)
            raise SystemExit(1) from None
    sent, left = min(at_most, len(notices)), max(0, len(notices) - at_most)
    more = f"; {left} more were held back (--send-at-most)" if left else ""
    click.echo(f"Sent {sent} messages to {receiver}{more}.", err=True)
