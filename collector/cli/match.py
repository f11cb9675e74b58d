"""``match``: which posts of a file repeat which checked claims of another, and which posts tell one story."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collector.model.sheet import sheet

if TYPE_CHECKING:
    from collector.model.claim import CheckedClaim, ClaimMatch

COLUMNS = ("post_id", "claim_id", "score", "stance", "issue_id")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MAX_FIELD = 1_000_000


@click.command("match")
@click.option("--claims", required=True, type=_FILE, metavar="FILE", help="CSV: claim_id, claim; more is ignored.")
@click.option("--posts", required=True, type=_FILE, metavar="FILE", help="CSV: post_id, post; more is ignored.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--limit", type=click.IntRange(1, 50), default=5, show_default=True, help="Candidates per post.")
def match(claims: Path, posts: Path, output: Path, limit: int) -> None:
    """Compare every post with every claim and write CSV: post_id, claim_id, score, stance, issue_id.

    A post's rows are its candidates, the likeliest first. The score of its first row says how sure it is that the post
    repeats that very claim (0..1; from 0.5 on Siaga takes it for a repeat); the scores below it only keep the order.
    """
    from collector.claims.grouping import IssueBook
    from collector.claims.matcher import ClaimMatcher

    matcher = ClaimMatcher()
    matcher.add_all(_claims(claims))
    book = IssueBook()
    matched: list[tuple[str, tuple[ClaimMatch, ...]]] = []
    with output.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(COLUMNS)
        for post_id, text in _rows(posts, "post_id", "post"):
            statement = matcher.reader.read(text)
            found = matcher.match_statement(statement, limit=limit)
            book.add_statement(statement, found)
            matched.append((post_id, found))
        for place, (post_id, found) in enumerate(matched):  # a later post may have made two issues one
            writer.writerows(_lines(post_id, found, book.issue_of(place)))


def _lines(post_id: str, found: Sequence[ClaimMatch], issue: str) -> Iterator[tuple[str, str, str, str, str]]:
    if not found:
        yield post_id, "", "0", "none", issue
        return
    first = found[0]
    for place, one in enumerate(found):
        score = first.confidence
        if place:  # below the first, in order
            score *= 0.99 * one.score / first.score if first.score else 0.0
        yield post_id, one.claim.key, f"{score:.6g}", one.stance.value, issue


def _claims(path: Path) -> Iterator[CheckedClaim]:
    from collector.model.claim import CheckedClaim

    for key, text in _rows(path, "claim_id", "claim"):
        if text.strip():
            yield CheckedClaim(
                id=0, key=key, text=text, title=text, verdict=None, publisher="", url=None, checked_at=None
            )


def _rows(path: Path, *columns: str) -> Iterator[tuple[str, str]]:
    """Two columns of a CSV file; a mistake of the file is one sentence."""
    csv.field_size_limit(_MAX_FIELD)
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            reader = sheet(handle)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                there = f"the header has {', '.join(reader.fieldnames)}" if reader.fieldnames else "it is empty"
                raise click.UsageError(f"{path}: no column {', '.join(missing)}; {there}")
            for row in reader:
                yield row[columns[0]] or "", row[columns[1]] or ""
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} is not UTF-8; save it as “CSV UTF-8”") from error
    except csv.Error as error:
        raise click.UsageError(f"{path}: {error}") from error
