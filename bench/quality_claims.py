"""Known claims measured: Siaga beside the simple methods, with the scorer of the data beside the project.

    python bench/quality_claims.py [--shared ../shared]

Rows: BM25, character n-grams, their mean, and Siaga; columns as in section 2 of the task. The simple methods are made
here again, without a slang table or stems, so that the table does not rest on anybody's word. Also: the 26 pairs of
``domain/matching_tests.csv``, and how many of 1,000 real news headlines are taken for one of 8,000 checked claims.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import io
import math
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from collector.claims.grouping import IssueBook
from collector.claims.known import LINKED_FROM
from collector.claims.label import labelled
from collector.claims.matcher import ClaimMatcher
from collector.claims.table import read_table
from collector.model.claim import CheckedClaim
from collector.model.judgement import Stance

FIXED = 0.5  # Siaga's own threshold, set before the measurement
Row = tuple[str, float, str, str]
Ranked = dict[str, list[Row]]
_WORD = re.compile(r"\w+")


def rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("matching_score", shared / "bench" / "matching" / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit("no scorer beside the project")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def claim(key: str, text: str) -> CheckedClaim:
    return CheckedClaim(id=0, key=key, text=text, title=text, verdict=None, publisher="", url=None, checked_at=None)


# ---------------------------------------------------------------- the simple methods


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def trigrams(text: str) -> list[str]:
    padded = [f" {word} " for word in words(text)]
    return [word[i : i + n] for word in padded for n in (3, 4, 5) for i in range(len(word) - n + 1)]


def bm25(texts: list[str]) -> Callable[[str], list[float]]:
    documents = [Counter(words(text)) for text in texts]
    mean = sum(sum(document.values()) for document in documents) / len(documents)
    df = Counter(word for document in documents for word in document)

    def scores(text: str) -> list[float]:
        wanted = [(word, math.log(1 + (len(texts) - df[word] + 0.5) / (df[word] + 0.5))) for word in set(words(text))]
        found = []
        for document in documents:
            pressed = 1.2 * (0.25 + 0.75 * sum(document.values()) / mean)
            found.append(sum(idf * document[w] * 2.2 / (document[w] + pressed) for w, idf in wanted if w in document))
        return found

    return scores


def tfidf(texts: list[str]) -> Callable[[str], list[float]]:
    df = Counter(gram for text in texts for gram in set(trigrams(text)))

    def vector(text: str) -> dict[str, float]:
        counts = Counter(trigrams(text))
        weighed = {g: c * (1 + math.log((1 + len(texts)) / (1 + df[g]))) for g, c in counts.items() if g in df}
        norm = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
        return {gram: value / norm for gram, value in weighed.items()}

    vectors = [vector(text) for text in texts]

    def scores(text: str) -> list[float]:
        mine = vector(text)
        return [sum(value * other.get(gram, 0.0) for gram, value in mine.items()) for other in vectors]

    return scores


def simple(posts: list[dict[str, str]], keys: list[str], scores: Callable[[str], list[float]]) -> Ranked:
    ranked = {}
    for post in posts:
        found = scores(post["post"])
        best = sorted(range(len(keys)), key=lambda place: -found[place])[:5]
        ranked[post["post_id"]] = [(keys[place], found[place], "spread", keys[best[0]]) for place in best]
    return ranked


# ---------------------------------------------------------------- Siaga


def siaga(posts: list[dict[str, str]], matcher: ClaimMatcher) -> Ranked:
    book = IssueBook()
    matched = []
    for post in posts:
        statement = matcher.reader.read(post["post"])
        matched.append(matcher.match_statement(statement))
        book.add_statement(statement, matched[-1])
    ranked = {}
    for place, (post, found) in enumerate(zip(posts, matched, strict=True)):
        issue = book.issue_of(place)
        stances = {Stance.SPREAD: "spread", Stance.DEBUNK: "debunk"}
        ranked[post["post_id"]] = [
            (one.claim.key, one.confidence if rank == 0 else -float(rank), stances.get(one.stance, "none"), issue)
            for rank, one in enumerate(found)
        ]
    return ranked


def pairs(shared: Path) -> tuple[int, int, int, int]:
    """Of matching_tests.csv: repeats recognised, repeats, others refused, others."""
    known = {row["id"]: labelled(row["claim"]).text for row in rows(shared / "domain" / "known_narratives.csv")}
    matcher = ClaimMatcher()
    matcher.add_all(read_table((shared / "domain" / "known_narratives.csv").read_text(encoding="utf-8")).claims)
    count: dict[tuple[bool, bool], int] = defaultdict(int)
    for row in rows(shared / "domain" / "matching_tests.csv"):
        best = matcher.match(row["text"], limit=1)
        hit = bool(best) and best[0].decided and best[0].stance is Stance.SPREAD
        same = hit and best[0].claim.text == known[row["narrative_id"]]
        count[row["should_match"] == "1", same] += 1
    return (
        count[True, True],
        count[True, True] + count[True, False],
        count[False, False],
        sum(number for (repeat, _), number in count.items() if not repeat),
    )


def headlines(shared: Path, how_many: int) -> tuple[int, int, float, int]:
    """News headlines taken for a repeat of a checked claim, those linked to one, ms each; how many claims."""
    matcher = ClaimMatcher()
    for number, row in enumerate(rows(shared / "data" / "hoax_timeline.csv.gz")):
        matcher.add(claim(str(number), labelled(row["title"]).text))
    news = [row["title"] for row in rows(shared / "data" / "claims_id.csv.gz") if row["label"] == "valid"]
    sample = random.Random(5).sample([title for title in news if title], how_many)
    start = time.process_time()
    found = [matcher.match(title, limit=1) for title in sample]
    spent = (time.process_time() - start) / how_many * 1_000
    taken = [best[0].confidence for best in found if best and best[0].decided and best[0].stance is Stance.SPREAD]
    return len(taken), sum(one >= LINKED_FROM for one in taken), spent, len(matcher)


# ---------------------------------------------------------------- the table


def timed(work: Callable[[], Ranked], posts: int) -> tuple[Ranked, float]:
    start = time.process_time()
    ranked = work()
    return ranked, (time.process_time() - start) / posts * 1_000


def line(name: str, result: Mapping[str, Any], spent: float) -> str:
    figures = (
        result["recall_at_1"],
        result["recall_at_5"],
        result["recall_at_max_false"],
        result["clustering"]["bcubed_f1"],
        result["stance"]["debunk_vs_spread_balanced"],
    )
    return f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + f" | {spent:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--headlines", type=int, default=1_000)
    options = parser.parse_args()
    shared: Path = options.shared
    score = scorer(shared)
    claims = rows(shared / "data" / "matching" / "claims.csv")
    posts = rows(shared / "data" / "matching" / "posts.csv")
    keys, texts = [row["claim_id"] for row in claims], [row["claim"] for row in claims]
    matcher = ClaimMatcher()
    matcher.add_all(claim(row["claim_id"], row["claim"]) for row in claims)
    matcher.match(texts[0])

    lexical, spelled = bm25(texts), tfidf(texts)
    methods: dict[str, Callable[[], Ranked]] = {
        "BM25": lambda: simple(posts, keys, lexical),
        "character n-grams": lambda: simple(posts, keys, spelled),
        "**Siaga**": lambda: siaga(posts, matcher),
    }
    print("| method | recall@1 | recall@5 | recall at 5 % false | B-cubed F1 | debunk told from spread | ms |")
    print("|---|---|---|---|---|---|---|")
    for name, work in methods.items():
        ranked, spent = timed(work, len(posts))
        print(line(name, score.score(set(keys), posts, ranked), spent))
    print()
    for threshold in (FIXED, LINKED_FROM):
        at = score.score(set(keys), posts, ranked, threshold)["at_threshold"]
        print(
            f"Siaga from {threshold} on: recall {at['recall']:.3f}, false matches {at['false_match_rate']:.3f}, "
            f"wrong claim {at['wrong_claim_rate']:.3f}"
        )
    right, repeats, refused, others = pairs(shared)
    print(f"matching_tests.csv: {right} of {repeats} repeats recognised, {refused} of {others} others refused")
    taken, linked, spent, known = headlines(shared, options.headlines)
    print(
        f"{options.headlines} news headlines beside {known} claims: {taken} taken for a repeat, "
        f"{linked} sure enough to be linked, {spent:.1f} ms each"
    )


if __name__ == "__main__":
    main()
