"""``train``: a desk's own verdicts correct the weights, if that pays."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.cli.context import Context
from collector.model.clock import WallClock

if TYPE_CHECKING:
    from collector.judge.calibration import Quality
    from collector.judge.examples import Example
    from collector.judge.schooling import Lesson
    from collector.judge.weights import Weights

FIGURES = (
    ("ROC area", "area"),
    ("recall at 5 % false alarms", "recall_at_5"),
    ("claims at suspicion 0.5 and above", "caught"),
    ("other items at 0.5 and above", "false_alarms"),
    ("calibration error", "error"),
)


@click.command("train")
@click.option(
    "--input",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV: id, title, text, label. Labels: hoax, false, misleading, scam; valid, true, news.",
)
@click.option(
    "--desk",
    is_flag=True,
    help="Also the verdicts in the database: items of issues and claims that have one. The default without --input.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the weights go. Default: beside the database, where the judge finds them.",
)
@click.option("--replace", is_flag=True, help="Write the new weights without asking, if they are better.")
@click.pass_obj
def train(context: Context, source: Path | None, desk: bool, output: Path | None, replace: bool) -> None:
    """Correct the judge's weights by verdicts of your own.

    First the gain is measured on verdicts that were held out; nothing is written before. New weights that are no better
    are never written. Afterwards `siaga rescore` judges what is stored anew.
    """
    from collector.app.judge import own_weights, shipped_weights, weights_path

    if output is None or context.config is not None or context.config_path.exists():
        settings = context.settings
        current, target = own_weights(settings) or shipped_weights(), output or weights_path(settings)
    else:
        current, target = shipped_weights(), output
    verdicts = [] if source is None else _verdicts(source)
    if desk or source is None:
        verdicts += _of_desk(context)
    found = _lesson(verdicts, current)
    _show(found)
    if not found.pays:
        click.echo("No gain worth having: the weights stay as they are.")
        return
    if not (replace or _agreed(target)):
        click.echo(f"Nothing written. With --replace the new weights go to {target}")
        return
    _write(target, found.weights)
    click.echo(f"{target}: version {found.weights.version}. `siaga rescore` judges what is stored anew.")


def _of_desk(context: Context) -> list[Example]:
    from collector.verdicts import desk_examples

    with context.store() as store:
        found = list(desk_examples(store))
    claims = sum(one.claim for one in found)
    click.echo(f"from the database: {claims} claims and {len(found) - claims} other items with a verdict")
    return found


def _verdicts(source: Path) -> list[Example]:
    from collector.judge.examples import examples

    try:
        with source.open(encoding="utf-8-sig", newline="") as lines:
            return list(examples(lines))
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{source} is not UTF-8; save it as “CSV UTF-8”") from error
    except (ValueError, csv.Error) as error:
        raise click.UsageError(f"{source}: {error}") from error


def _lesson(verdicts: list[Example], current: Weights) -> Lesson:
    from collector.judge.lexicon import LexiconJudge
    from collector.judge.schooling import lesson

    try:
        return lesson(verdicts, current, LexiconJudge.shipped(), WallClock().now().date())
    except ImportError as error:
        raise click.ClickException("training needs SciPy: pip install 'siaga[train]'") from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _show(found: Lesson) -> None:
    click.echo(
        f"{found.before.claims} claims and {found.before.news} other verdicts, each judged by weights made without it"
    )
    click.echo(f"{'':36}{'now':>8}{'trained':>10}")
    for title, name in FIGURES:
        click.echo(f"{title:36}{_share(found.before, name):>8}{_share(found.after, name):>10}")


def _share(quality: Quality, name: str) -> str:
    return f"{getattr(quality, name):.3f}"


def _agreed(target: Path) -> bool:
    return sys.stdin.isatty() and click.confirm(f"Write the new weights to {target}?", default=False)


def _write(target: Path, weights: Weights) -> None:
    """Whole or not at all: a daemon may read it at any time."""
    from collector.judge.weights import written

    beside = target.with_name(target.name + ".new")
    beside.write_text(written(weights), encoding="utf-8")
    beside.replace(target)
