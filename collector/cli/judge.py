"""``judge``: a CSV file of titles and texts in, the same with suspicion, stance, topics and reasons out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from collector.cli.context import Context
from collector.model.clock import WallClock
from collector.model.item import Entry
from collector.model.judgement import Context as Circumstances
from collector.model.judgement import Judgement
from collector.model.phrase import Language
from collector.model.sheet import sheet
from collector.model.topic import Match

if TYPE_CHECKING:
    from collector.judge.base import Judge
    from collector.match.base import Matcher

NEEDED = ("id", "title", "text")
ADDED = ("suspicion", "stance", "topics", "reasons")
MAX_FIELD = 10_000_000  # characters
REASONS = 6


class _Columns(ValueError):
    """What the header lacks."""


@click.command("judge")
@click.option(
    "--input",
    "source",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV: id, title, text; further columns are kept.",
)
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Of the reasons.")
@click.pass_obj
def judge(context: Context, source: Path, output: Path, language: Language) -> None:
    """Judge every row of a file and write it with suspicion, stance, topics and reasons.

    Nothing is known of a row's source, so it is judged as a post of nobody in particular; its stance is news where its
    signs speak rather for that. Without a sources.yaml the packaged topics are looked for.
    """
    if source.resolve() == output.resolve():
        raise click.UsageError("--output would overwrite --input")
    matcher, one_judge = _tools(context)
    csv.field_size_limit(MAX_FIELD)
    with source.open(encoding="utf-8-sig", newline="") as lines:
        try:
            count = _judge_rows(lines, output, matcher, one_judge, language)
        except UnicodeDecodeError as error:
            raise click.UsageError(f"{source} is not UTF-8; save it as “CSV UTF-8”") from error
        except (csv.Error, _Columns) as error:
            raise click.UsageError(f"{source}: {error}") from error
    click.echo(f"{count} rows judged by {one_judge.name} {one_judge.version}", err=True)


def _tools(context: Context) -> tuple[Matcher, Judge]:
    from collector.app.judge import build_judge, shipped_judge
    from collector.app.matcher import build_matcher, shipped_matcher

    if context.config is None and not context.config_path.exists():
        return shipped_matcher(), shipped_judge()
    return build_matcher(context.settings), build_judge(context.settings)


def _judge_rows(lines: TextIO, output: Path, matcher: Matcher, one_judge: Judge, language: Language) -> int:
    rows = sheet(lines)
    columns = list(rows.fieldnames or ())
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        there = f"the header has {', '.join(columns)}" if columns else "it is empty"
        raise _Columns(f"no column {', '.join(missing)}; {there}")
    columns += [name for name in ADDED if name not in columns]
    conclude = _concluder(matcher, one_judge)
    count = 0
    with output.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            matches, judgement = conclude(row["title"] or "", row["text"] or "")
            writer.writerow(row | _answer(matches, judgement, language))
            count += 1
    return count


def _concluder(matcher: Matcher, one_judge: Judge) -> Callable[[str, str], tuple[tuple[Match, ...], Judgement]]:
    from collector.judge.combined import UNSOURCED

    now = WallClock().now()

    def conclude(title: str, text: str) -> tuple[tuple[Match, ...], Judgement]:
        matches = matcher.matches(title, text)
        judgement = one_judge.judge(
            Entry(title=title, text=text), Circumstances(source=UNSOURCED, matches=matches, now=now)
        )
        return matches, judgement

    return conclude


def _answer(matches: tuple[Match, ...], judgement: Judgement, language: Language) -> dict[str, str]:
    return {
        "suspicion": f"{judgement.suspicion:.4f}",
        "stance": judgement.stance.value,
        "topics": " ".join(match.topic_id for match in matches),
        "reasons": " | ".join(islice(_reasons(judgement, language), REASONS)),
    }


def _reasons(judgement: Judgement, language: Language) -> Iterator[str]:
    """The weightiest signals first; the start that all share says nothing of a row."""
    for signal in sorted(judgement.signals, key=lambda signal: -abs(signal.points)):
        if signal.name != "source":
            yield f"{signal.points:+g} {signal.reason.in_language(language)}"
