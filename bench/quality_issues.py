"""Grouping items into issues, measured on a replay of real debunks and on a large store.

    python bench/quality_issues.py [--shared ../shared] [--show 50] [--items 100000]

Prints how the 8,220 debunked titles of ``hoax_timeline.csv.gz`` fall into issues (they carry no labels: ``--show``
prints issues of several items for a person to read), and how far labelled posts scattered among them are grouped as
they are labelled, the two halves of them apart (those of odd numbers were never read while the grouping was made), also
without the titles of their own claims; then the CPU time to add an item and the memory of the process while the book
grows to ``--items`` texts made of those titles with their words changed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import resource
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from collector.claims.grouping import IssueBook
from collector.claims.index import word_features
from collector.claims.nearby import Nearby

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Title(NamedTuple):
    text: str
    at: datetime


class Found(NamedTuple):
    """The issue that a labelled post is in, and its label."""

    issue: str
    label: str
    odd: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--show", type=int, default=0, help="print so many issues of several items")
    parser.add_argument("--items", type=int, default=0, help="grow the book to so many texts")
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    with gzip.open(args.shared / "data" / "hoax_timeline.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["date"])
    titles = [Title(row["title"], datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)) for row in rows]
    issues = replay(titles)
    print("labelled posts within:")
    labelled(args.shared, titles)
    print("the same without the titles nearest to the claims of the posts, as if nobody had checked them:")
    labelled(args.shared, unheard(args.shared, titles))
    if args.show:
        show(issues, args.show, args.seed)
    if args.items:
        grow(titles, args.items, args.seed)


def replay(titles: list[Title]) -> dict[str, list[str]]:
    book, issues = IssueBook(), {}
    started = time.process_time()
    for title in titles:
        book.join(book.read(title.text), at=title.at)
    spent = (time.process_time() - started) / len(titles)
    for place, title in enumerate(titles):
        issues.setdefault(book.issue_of(place), []).append(title.text)
    sizes = sorted((len(members) for members in issues.values()), reverse=True)
    several = [size for size in sizes if size > 1]
    print(f"titles {len(titles)}, issues {len(issues)}, of several items {len(several)} holding {sum(several)} items")
    print(f"largest issues {sizes[:8]}, the largest holds {sizes[0] / len(titles):.2%} of all")
    print(f"CPU per item {spent * 1000:.2f} ms")
    return issues


def labelled(shared: Path, titles: list[Title]) -> None:
    """The posts of ``data/matching`` scattered over the replay, without telling the book of checked claims, nor when
    the posts were written: they have no dates.

    Posts of one claim are one issue; near misses and posts about nothing checked are issues of their own.
    """
    posts = list(csv.DictReader((shared / "data" / "matching" / "posts.csv").open(encoding="utf-8", newline="")))
    rng = random.Random(7)
    rng.shuffle(posts)
    stream: list[tuple[float, str, datetime | None, str | None, bool]] = [
        (place, title.text, title.at, None, False) for place, title in enumerate(titles)
    ]
    for number, post in enumerate(posts):
        odd = int(post["post_id"].lstrip("DP")) % 2 == 1
        stream.append((rng.uniform(0, len(titles)), post["post"], None, post["claim_id"] or f"alone {number}", odd))
    stream.sort(key=lambda one: one[0])
    book = IssueBook()
    for _, text, at, _, _ in stream:
        book.join(book.read(text), at=at)
    found = [
        Found(book.issue_of(place), label, odd)
        for place, (_, _, _, label, odd) in enumerate(stream)
        if label is not None
    ]
    print(f"  {len(found)} posts: {agreement(found, found)}")
    for name, half in (("even numbers", False), ("odd numbers, never read", True)):
        print(f"  {name}: {agreement(found, [one for one in found if one.odd is half])}")


def unheard(shared: Path, titles: list[Title]) -> list[Title]:
    """The titles but for those that share half of their words with a claim that a post repeats."""
    posts = csv.DictReader((shared / "data" / "matching" / "posts.csv").open(encoding="utf-8", newline=""))
    claims = csv.DictReader((shared / "data" / "matching" / "claims.csv").open(encoding="utf-8", newline=""))
    told = {post["claim_id"] for post in posts}
    book, index = IssueBook(), Nearby()
    for title in titles:
        index.add(word_features(book.read(title.text)))
    near = {
        one.place
        for claim in claims
        if claim["claim_id"] in told
        for one in index.nearest(word_features(book.read(claim["claim"])), 24, 0.5)
    }
    return [title for place, title in enumerate(titles) if place not in near]


def agreement(found: list[Found], asked: list[Found]) -> str:
    """Purity of all, and B-cubed of those asked for among all. Bagga and Baldwin 1998."""
    by_issue, by_label = Counter(one.issue for one in found), Counter(one.label for one in found)
    both = Counter((one.issue, one.label) for one in found)
    most: dict[str, int] = {}
    for (issue, _), count in both.items():
        most[issue] = max(most.get(issue, 0), count)
    precision = sum(both[one.issue, one.label] / by_issue[one.issue] for one in asked) / len(asked)
    recall = sum(both[one.issue, one.label] / by_label[one.label] for one in asked) / len(asked)
    alone = sum(1 / by_label[one.label] for one in asked) / len(asked)
    purity = f"purity {sum(most.values()) / len(found):.3f}, " if asked is found else ""
    fused, by_itself = 2 * precision * recall / (precision + recall), 2 * alone / (1 + alone)
    return (
        f"{purity}B-cubed precision {precision:.3f}, recall {recall:.3f}, F1 {fused:.3f}; "
        f"every post alone gives F1 {by_itself:.3f}"
    )


def show(issues: dict[str, list[str]], count: int, seed: int) -> None:
    several = [members for members in issues.values() if len(members) > 1]
    for number, members in enumerate(random.Random(seed).sample(several, min(count, len(several))), 1):
        print(f"\n{number}. {len(members)} items")
        for title in members[:6]:
            print(f"   - {title[:150]}")


def grow(titles: list[Title], items: int, seed: int) -> None:
    """Every text is one title of the replay with a third of its words made up, so that the store fills with texts that
    share words as real ones do, but not stories."""
    rng, book, times = random.Random(seed), IssueBook(), []
    before = peak()
    for number in range(items):
        title = titles[number % len(titles)].text
        text = varied(title, rng) if number >= len(titles) else title
        started = time.process_time()
        book.join(book.read(text))
        times.append(time.process_time() - started)
        if (number + 1) % 20_000 == 0 or number + 1 == items:
            latest = sorted(times[-5000:])
            median, late = latest[len(latest) // 2] * 1000, latest[len(latest) * 99 // 100] * 1000
            print(
                f"{number + 1} items, {len(book)} issues: median {median:.2f} CPU-ms an item ({late:.1f} at the 99th "
                f"percentile), peak {peak():.0f} MB, {peak() - before:.0f} of them since the first",
                flush=True,
            )


def peak() -> float:
    """MB of the whole process at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def varied(title: str, rng: random.Random) -> str:
    return " ".join(
        "".join(rng.choices(LETTERS, k=rng.randint(4, 9))) if rng.random() < 1 / 3 else word for word in title.split()
    )


if __name__ == "__main__":
    main()
