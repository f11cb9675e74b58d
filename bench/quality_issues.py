"""Grouping items into issues, measured on a replay of real debunks and on a large store.

    python bench/quality_issues.py [--shared ../shared] [--show 50] [--items 100000]

Prints how the 8,220 debunked titles of ``hoax_timeline.csv.gz`` fall into issues (there are no labels: ``--show``
prints issues of several items for a person to read), then the time to add an item and the memory of the book while it
grows to ``--items`` texts made of those titles with their words changed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import resource
import time
from pathlib import Path

from collector.claims.grouping import IssueBook

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--show", type=int, default=0, help="print so many issues of several items")
    parser.add_argument("--items", type=int, default=0, help="grow the book to so many texts")
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    with gzip.open(args.shared / "data" / "hoax_timeline.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        titles = [row["title"] for row in sorted(csv.DictReader(handle), key=lambda row: row["date"])]
    issues = replay(titles)
    if args.show:
        show(issues, args.show, args.seed)
    if args.items:
        grow(titles, args.items, args.seed)


def replay(titles: list[str]) -> dict[str, list[str]]:
    book, issues = IssueBook(), {}
    started = time.process_time()
    for title in titles:
        issues.setdefault(book.join(book.read(title)).issue, []).append(title)
    spent = (time.process_time() - started) / len(titles)
    sizes = sorted((len(members) for members in issues.values()), reverse=True)
    several = [size for size in sizes if size > 1]
    print(f"titles {len(titles)}, issues {len(issues)}, of several items {len(several)} holding {sum(several)} items")
    print(f"largest issues {sizes[:8]}, the largest holds {sizes[0] / len(titles):.2%} of all")
    print(f"CPU per item {spent * 1000:.2f} ms")
    return issues


def show(issues: dict[str, list[str]], count: int, seed: int) -> None:
    several = [members for members in issues.values() if len(members) > 1]
    for number, members in enumerate(random.Random(seed).sample(several, min(count, len(several))), 1):
        print(f"\n{number}. {len(members)} items")
        for title in members[:6]:
            print(f"   - {title[:150]}")


def grow(titles: list[str], items: int, seed: int) -> None:
    """Every text is one title of the replay with a third of its words made up, so that the store fills with texts that
    share words as real ones do, but not stories."""
    rng, book, times = random.Random(seed), IssueBook(), []
    before = peak()
    for number in range(items):
        text = varied(titles[number % len(titles)], rng) if number >= len(titles) else titles[number]
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
