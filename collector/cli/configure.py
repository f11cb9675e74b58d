"""``siaga init`` and ``siaga check``: the first five minutes, and after every edit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Context
from collector.model.errors import ConfigError
from collector.model.rule import Rule

if TYPE_CHECKING:
    from collector.config.problems import Problem
    from collector.config.settings import Settings

SCHEMA_LINE = "# yaml-language-server: $schema="


@click.command("init")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.pass_obj
def init(context: Context, force: bool) -> None:
    """Write an example sources.yaml that runs as it is."""
    path = context.config_path
    text = _example()
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        click.echo(f"{path} is there already; --force overwrites it", err=True)
        raise SystemExit(1) from None
    except OSError as error:
        click.echo(f"{path} cannot be written: {error.strerror}", err=True)
        raise SystemExit(1) from None
    click.echo(f"wrote {path}. Next: siaga check, siaga once, siaga run")


def _example() -> str:
    """The packaged example, its first line pointing at the installed schema so that editors complete keys."""
    data = files("collector").joinpath("data")
    first, _, rest = data.joinpath("sources.yaml").read_text(encoding="utf-8").partition("\n")
    schema = data.joinpath("sources.schema.json")
    return (f"{SCHEMA_LINE}{schema.as_uri()}" if isinstance(schema, Path) else first) + "\n" + rest


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def check(context: Context, as_json: bool) -> None:
    """Read sources.yaml and print every problem, or what it says."""
    try:
        settings = context.settings
    except ConfigError as error:
        _tell_problems(error, as_json)
        raise SystemExit(2) from None
    flaws = _template_flaws(settings)
    if flaws:
        _tell_problems(ConfigError(flaws), as_json)
        raise SystemExit(2)
    from collector.config.advice import advice
    from collector.config.load import unused_keys

    summary, warnings = summarise(settings), (*unused_keys(settings.path), *advice(settings))
    if as_json:
        click.echo(json.dumps({"ok": True, "problems": [], "warnings": warnings, **summary}, ensure_ascii=False))
        return
    for line in _lines(settings, summary):
        click.echo(line)
    for warning in warnings:
        click.echo(f"warning: {warning}")
    click.echo(f"{settings.path}: no problems")


def _template_flaws(settings: Settings) -> tuple[Problem, ...]:
    """What is wrong with the desk's own templates; nothing is loaded where there are none."""
    if settings.templates is None:
        return ()
    from alerts.proofread import flaws
    from collector.config.problems import Problem

    return tuple(
        Problem(file=str(flaw.file), line=flaw.line, column=None, key="", fault=flaw.fault)
        for flaw in flaws(settings.templates)
    )


def _tell_problems(error: ConfigError, as_json: bool) -> None:
    if as_json:
        problems = [as_data(problem) for problem in error.problems]  # type: ignore[arg-type]
        click.echo(json.dumps({"ok": False, "problems": problems, "warnings": []}, ensure_ascii=False))
        return
    for problem in error.problems:
        click.echo(str(problem), err=True)
    count = len(error.problems)
    click.echo(f"{count} problem{'s' if count != 1 else ''}; nothing was started or changed", err=True)


def as_data(problem: Problem) -> dict[str, object]:
    """A problem for JSON."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "problem": problem.fault,
        "expected": problem.expected,
        "nearest": problem.nearest,
    }


def summarise(settings: Settings) -> dict[str, object]:
    """What the file says, in numbers and names; no secret is among them."""
    enabled = [source for source in settings.sources if source.enabled]
    return {
        "file": str(settings.path),
        "database": str(settings.database),
        "sources": {
            "enabled": len(enabled),
            "disabled": len(settings.sources) - len(enabled),
            "by_kind": dict(sorted(Counter(source.kind for source in enabled).items())),
            "by_role": dict(sorted(Counter(source.role.value for source in enabled).items())),
        },
        "topics": [topic.id for topic in settings.topics],
        "rules": [rule.name for rule in settings.rules],
        "receivers": {receiver.name: receiver.kind for receiver in settings.receivers},
        "operator": list(settings.operator),
    }


def _lines(settings: Settings, summary: dict[str, object]) -> list[str]:
    enabled = [source for source in settings.sources if source.enabled]
    kinds, roles = Counter(source.kind for source in enabled), Counter(source.role.value for source in enabled)
    own = [topic.id for topic in settings.topics if topic.group == "own"]
    return [
        f"database   {summary['database']}",
        f"zone       {settings.timezone.key}, language {settings.language}",
        f"sources    {len(enabled)} enabled ({_counted(kinds)}; {_counted(roles)}),"
        f" {len(settings.sources) - len(enabled)} disabled",
        f"topics     {len(settings.topics)}" + (f", of which your own: {', '.join(own)}" if own else ""),
        *(line for rule in settings.rules for line in _rule_lines(rule)),
        *_together(settings.rules),
        *(f"receiver   {receiver.name}: {receiver.kind}" for receiver in settings.receivers),
    ]


def _rule_lines(rule: Rule) -> Iterator[str]:
    from collector.config.duration import spoken

    yield (
        f"rule       {rule.name}: {rule.at_least} {rule.measure.value} in {spoken(rule.window)}"
        f" from {rule.min_sources} publisher{'s' if rule.min_sources != 1 else ''} ({rule.method}),"
        f" {len(rule.topics)} topic{'s' if len(rule.topics) != 1 else ''}"
        f" -> {', '.join(rule.receivers) or 'nobody'}"
    )
    if rule.method == "auto":
        from alerts.detect.auto import false_alarms, watched_days_needed

        yield (
            f"           {rule.sensitivity.value}: at most about one false alarm per topic a {rule.sensitivity.period};"
            f" measured on {_watched(rule)} {_how_often(false_alarms(rule))}, before the floors"
        )
        days = watched_days_needed(rule)
        yield f'           needs {days} watched days first; "siaga status" says from when it may speak'


def _watched(rule: Rule) -> str:
    topics = f"{len(rule.topics)} topic{'s' if len(rule.topics) != 1 else ''}"
    return f"all issues of {topics}" if rule.per == "issue" else topics


def _together(rules: Sequence[Rule]) -> Iterator[str]:
    """All that compare with the past: the desk reads the sum."""
    auto = [rule for rule in rules if rule.method == "auto"]
    if len(auto) > 1:
        from alerts.detect.auto import false_alarms

        often = _how_often(sum(false_alarms(rule) for rule in auto))
        yield f"           {len(auto)} auto rules together: {often}, before the floors"


def _how_often(a_week: float) -> str:
    """``2.4 a week``, ``one in 5 weeks``, ``one in 14 months``: days with a false alarm."""
    if a_week >= 1.0:
        return f"{a_week:.1f} a week"
    weeks = 1.0 / a_week
    return f"one in {weeks:.0f} weeks" if weeks < 10 else f"one in {weeks / 4.35:.0f} months"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "none"
