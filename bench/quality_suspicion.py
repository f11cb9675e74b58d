#!/usr/bin/env python3
"""How well suspicion parts checked claims from news, on data the weights have not seen. Prints Markdown tables.

    bench/quality_suspicion.py [CLAIMS.csv.gz] [--origins]

By time: weights from hoaxes and dated headlines to 2023-06 and all undated rows, tested on the later ones. Every second
of the later rows sets the start and the curve; only the others are measured. The same again with all rows to
2023-12, which is nearer to how the shipped weights stand to the day they are used on. By origin: all rows of
one origin held out, beside a fifth of the other label. The baseline is TF-IDF with logistic regression
(scikit-learn), fitted and tested on the same rows in the same run.
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from collector.claims.known import SHORTEST, is_sure
from collector.claims.matcher import ClaimMatcher
from collector.config.unweighed import unweighed
from collector.judge.calibration import Quality, above, quality
from collector.judge.combined import UNSOURCED, CombinedJudge
from collector.judge.examples import Example, examples
from collector.judge.lexicon import LexiconJudge
from collector.judge.schooling import (
    PRESENT,
    SPLIT,
    View,
    by_time,
    forecast,
    headline,
    judged,
    measured,
    whole,
)
from collector.judge.training import learned
from collector.model.claim import CheckedClaim
from collector.model.judgement import Context, Verdict

CLAIMS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "claims_id.csv.gz"
HEAD = (
    "| judge | area | recall at 5 % | recall at 0.5 | false alarms at 0.5 | calibration error |\n"
    "|---|---:|---:|---:|---:|---:|"
)
FIFTH = 5
LATER_SPLIT = date(2023, 12, 31)
COST_EVERY, COST_ROWS, COST_ROUNDS = 20, 20, 10
FEWEST = 30  # titles of an origin


def main() -> None:
    parser = argparse.ArgumentParser(description="How well suspicion parts checked claims from news.")
    parser.add_argument("claims", nargs="?", type=Path, default=CLAIMS)
    parser.add_argument("--origins", action="store_true", help="Also leave each origin out in turn (minutes).")
    asked = parser.parse_args()
    with gzip.open(asked.claims, "rt", encoding="utf-8", newline="") as lines:
        known = list(examples(lines))
    lexicon = LexiconJudge.shipped()
    for last in (SPLIT, LATER_SPLIT):
        by_period(known, lexicon, last)
    cost(known)
    if asked.origins:
        by_origin(known, lexicon)


def by_period(known: Sequence[Example], lexicon: LexiconJudge, last: date) -> None:
    earlier, later = by_time(known, last)
    judge = CombinedJudge(lexicon, forecast(earlier, later[::2], unweighed(), lexicon))
    later = later[1::2]
    claims = sum(one.claim for one in later)
    print(f"Measured on rows after {last}: {claims} claims, {len(later) - claims} headlines\n")
    for title, view, rows in (
        ("Titles alone", headline, later),
        ("Title and text where there is one", whole, later),
        ("Only rows with a text", whole, [one for one in later if one.text]),
    ):
        kept = [one for one in rows if view(one).title or view(one).text]
        print(f"### {title} ({len(kept)} rows)\n\n{HEAD}")
        print(line("TF-IDF + logistic regression", baseline(earlier, kept, view)))
        print(line("lexicon alone", of_lexicon(lexicon, kept, view)))
        print(line("combined", measured(judge, kept, view)), end="\n\n")
    beside_claims(judge, earlier, [one for one in later if one.title])


def beside_claims(judge: CombinedJudge, earlier: Sequence[Example], rows: Sequence[Example]) -> None:
    """Titles alone, with the earlier claims in the store: as an item is judged beside what was checked before it."""
    claims = [one for one in earlier if one.claim and len(one.title) >= SHORTEST]
    matcher = ClaimMatcher()
    matcher.add_all(_checked(number, one.title) for number, one in enumerate(claims))
    started = time.process_time()
    nearest = [matcher.likeliest(one.title) for one in rows]
    spent = time.process_time() - started
    each = 1e3 * spent / len(rows)
    print(f"### Titles alone, beside {len(claims)} claims checked before ({each:.2f} ms each)\n\n{HEAD}")
    for name, alike in (("repeats alone", False), ("repeats and likeness", True)):
        suspicion = []
        for one, near in zip(rows, nearest, strict=True):
            sure = near is not None and is_sure(near)
            context = Context(
                source=UNSOURCED,
                matches=(),
                now=PRESENT,
                known=near if sure else None,
                similar=near if alike and not sure else None,
            )
            suspicion.append(judge.judge(one.headline, context).suspicion)
        print(line(name, quality(suspicion, [one.claim for one in rows])))
    print()


def _checked(number: int, text: str) -> CheckedClaim:
    return CheckedClaim(
        id=number, key=str(number), text=text, title=text, verdict=Verdict.FALSE, publisher="-", url=None,
        checked_at=None,
    )  # fmt: skip


def cost(known: Sequence[Example]) -> None:
    """CPU time of one thread, reasons made; of each twenty items the quickest of ten rounds."""
    judge = CombinedJudge.shipped()
    whole_items = [one for one in known if one.title and one.text][::COST_EVERY]
    for title, view, rows in (("a title", headline, whole_items), ("a title with its text", whole, whole_items)):
        total = 0.0
        for at in range(0, len(rows), COST_ROWS):
            some = rows[at : at + COST_ROWS]
            total += min(_seconds(judge, some, view) for _ in range(COST_ROUNDS))
        print(f"{1e6 * total / len(rows):.0f} µs of CPU for {title}\n")


def _seconds(judge: CombinedJudge, rows: Sequence[Example], view: View) -> float:
    started = time.process_time()
    judged(judge, rows, view)
    return time.process_time() - started


def by_origin(known: Sequence[Example], lexicon: LexiconJudge) -> None:
    print("### One origin left out at a time, titles alone\n")
    print("| origin | label | rows | area | recall at 5 % |\n|---|---|---:|---:|---:|")
    for origin, claim in sorted({(one.origin, one.claim) for one in known}):
        ours = [one for one in known if (one.origin, one.claim) == (origin, claim) and one.title]
        if len(ours) < FEWEST:
            continue
        others = [one for one in known if one.claim != claim and one.title]
        held = [*ours, *others[::FIFTH]]
        inside = set(map(id, held))
        rest = [one for one in known if id(one) not in inside]
        judge = CombinedJudge(lexicon, learned(rest, unweighed(), lexicon, now=PRESENT))
        points = [sum(signal.points for signal in one.signals) for one in judged(judge, held, headline)]
        found = quality([1 / (1 + 2.718**-point) for point in points], [one.claim for one in held])
        label = "hoax" if claim else "valid"
        print(f"| {origin} | {label} | {len(ours)} | {found.area:.3f} | {found.recall_at_5:.2f} |", flush=True)


def of_lexicon(lexicon: LexiconJudge, rows: Sequence[Example], view: View) -> Quality:
    return quality([one.suspicion for one in judged(lexicon, rows, view)], [one.claim for one in rows])


def baseline(earlier: Sequence[Example], rows: Sequence[Example], view: View) -> Quality | None:
    """None without scikit-learn. Its probabilities are shifted so that 1 in 200 of the news reach 0.5."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        return None
    vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2))
    train = vectorizer.fit_transform([_words(one, view) for one in earlier])
    model = LogisticRegression(C=5.0, max_iter=500).fit(train, [one.claim for one in earlier])
    scores = model.predict_proba(vectorizer.transform([_words(one, view) for one in rows]))[:, 1].tolist()
    claims = [one.claim for one in rows]
    found = quality(scores, claims)
    limit = above([score for score, claim in zip(scores, claims, strict=True) if not claim], 0.005)
    at_limit = quality([float(score > limit) for score in scores], claims)
    return Quality(
        claims=found.claims, news=found.news, area=found.area, recall_at_5=found.recall_at_5, error=found.error,
        caught=at_limit.caught, false_alarms=at_limit.false_alarms,
    )  # fmt: skip


def _words(example: Example, view: View) -> str:
    entry = view(example)
    return f"{entry.title}\n{entry.text}"


def line(name: str, found: Quality | None) -> str:
    if found is None:
        return f"| {name} | needs scikit-learn | | | | |"
    return (
        f"| {name} | {found.area:.3f} | {found.recall_at_5:.2f} | {found.caught:.2f} "
        f"| {100 * found.false_alarms:.2f} % | {found.error:.3f} |"
    )


if __name__ == "__main__":
    main()
