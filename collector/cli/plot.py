"""``plot``: a picture of what a rule saw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from collector.cli.context import Context
from collector.cli.mentions import no_such_topic
from collector.cli.rehearsal import be_quiet, between, note_mute, over_the_past, stage_of
from collector.model.bucket import Measure
from collector.model.errors import NotFound

if TYPE_CHECKING:
    from collector.config.settings import Settings
    from collector.model.rule import Rule

SUFFIXES = (".svg", ".png")


@click.command("plot")
@click.argument("topic")
@click.option("--out", required=True, metavar="FILE.svg|png", type=click.Path(dir_okay=False, path_type=Path))
@over_the_past
@click.option("--measure", type=click.Choice([measure.value for measure in Measure]), help="A rule that counts this.")
@click.option("--rule", "rule_name", metavar="NAME", help="Default: the first rule on the topic.")
@click.option("--width", type=click.IntRange(240, 4000), default=600, show_default=True, help="In pixels.")
@click.option("--height", type=click.IntRange(180, 3000), default=300, show_default=True, help="In pixels.")
@click.option("--scale", type=click.FloatRange(0.5, 4), default=2.0, show_default=True, help="Of a PNG: its sharpness.")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.pass_obj
def plot(
    context: Context,
    topic: str,
    out: Path,
    since: str | None,
    until: str | None,
    input_file: Path | None,
    role: str,
    measure: str | None,
    rule_name: str | None,
    width: int,
    height: int,
    scale: float,
    theme: str,
) -> None:
    """Draw TOPIC as a rule saw it: counts, the usual range, the limit, hours nobody watched, and every alert."""
    from alerts.picture.chart import Style
    from collector.rehearsal.portrait import portrait

    if out.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(f"{out.name} ends neither in .svg nor in .png", param_hint="--out")
    be_quiet()
    settings = context.settings
    noun = settings.topic(topic)
    if noun is None:
        raise click.BadParameter(no_such_topic(topic, settings), param_hint="TOPIC")
    rule = _rule(settings, topic, measure, rule_name)
    style = Style(
        zone=settings.timezone,
        language=settings.language,
        theme=cast("Literal['light', 'dark']", theme),
        width=width,
        height=height,
    )
    with stage_of(settings, input_file, role) as stage:
        note_mute(stage, [rule])
        history = stage.history(*between(stage, since, until))
        svg = portrait(history, stage.configuration, rule, noun, style)
    _write(out, svg, scale)
    click.echo(f"{out}: rule {rule.name}, {history.span.weeks:.1f} weeks", err=True)


def _rule(settings: Settings, topic: str, measure: str | None, name: str | None) -> Rule:
    on_topics = [rule for rule in settings.rules if topic in rule.topics and rule.per == "topic"]
    fitting = [rule for rule in on_topics if measure in (None, rule.measure.value)]
    named = [rule for rule in fitting if name in (None, rule.name)]
    if named:
        return named[0]
    there = ", ".join(rule.name for rule in fitting) or "none"
    asked = f" named {name!r}" if name else ""
    raise NotFound(f"no rule{asked} counts {measure or 'anything'} on {topic}; there are: {there}")


def _write(out: Path, svg: str, scale: float) -> None:
    if out.suffix.lower() == ".svg":
        body = svg.encode()
    else:
        from alerts.picture.png import png

        body = png(svg, scale=scale)
    try:
        out.write_bytes(body)
    except OSError as error:
        raise click.FileError(str(out), error.strerror or "cannot be written") from None
