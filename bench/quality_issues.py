"""Grouping items into issues, measured on a replay of real debunks and on a large store.

    python bench/quality_issues.py [--shared ../shared] [--show 50] [--items 100000]

Prints how the 8,220 debunked titles of ``hoax_timeline.csv.gz`` fall into issues (they carry no labels: ``--show``
prints issues of several items for a person to read), and how far labelled posts scattered among them are grouped as
they are labelled; then the CPU time to add an item and the memory of the process while the book grows to ``--items``
texts made of those titles with their words changed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import resource
import time
from collections import Counter
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
    labelled(args.shared, titles)
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


def labelled(shared: Path, titles: list[str]) -> None:
    """The posts of ``data/matching`` scattered over the replay, without telling the book of checked claims.

    Posts of one claim are one issue; near misses and posts about nothing checked are issues of their own.
    """
    posts = list(csv.DictReader((shared / "data" / "matching" / "posts.csv").open(encoding="utf-8", newline="")))
    rng = random.Random(7)
    rng.shuffle(posts)
    book, found = IssueBook(), []
    stream: list[tuple[float, str, str | None]] = [(place, title, None) for place, title in enumerate(titles)]
    for number, post in enumerate(posts):
        stream.append((rng.uniform(0, len(titles)), post["post"], post["claim_id"] or f"alone {number}"))
    for _, text, label in sorted(stream, key=lambda one: one[0]):
        issue = book.join(book.read(text)).issue
        if label is not None:
            found.append((issue, label))
    print(f"{len(found)} labelled posts within: {agreement(found)}")


def agreement(found: list[tuple[str, str]]) -> str:
    """Purity and B-cubed of (issue, label) pairs. Bagga and Baldwin 1998."""
    by_issue, by_label = Counter(issue for issue, _ in found), Counter(label for _, label in found)
    both = Counter(found)
    most: dict[str, int] = {}
    for (issue, _), count in both.items():
        most[issue] = max(most.get(issue, 0), count)
    precision = sum(both[pair] / by_issue[pair[0]] for pair in found) / len(found)
    recall = sum(both[pair] / by_label[pair[1]] for pair in found) / len(found)
    fused = 2 * precision * recall / (precision + recall)
    return (
        f"purity {sum(most.values()) / len(found):.3f}, B-cubed precision {precision:.3f}, recall {recall:.3f}, "
        f"F1 {fused:.3f}; every post alone gives F1 {2 * (alone := len(by_label) / len(found)) / (1 + alone):.3f}"
    )


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
