"""How weights come to be, and what they are worth on examples they have not seen: by time, and by origin.

examples to a day -> weights -> points of the later ones -> start and curve
all examples      -> weights, with that start and curve -> the file
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

from collector.config.unweighed import Unweighed
from collector.judge.base import Judge
from collector.judge.calibration import Quality, quality
from collector.judge.combined import UNSOURCED, CombinedJudge
from collector.judge.examples import Example
from collector.judge.lexicon import LexiconJudge
from collector.judge.training import adjusted, calibrated, learned
from collector.judge.weights import Weights, stamped
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement

SPLIT = date(2023, 6, 30)
"""The last day of the training period of the measures: later hoaxes and headlines are for testing."""

PRESENT = datetime(2024, 7, 1, tzinfo=UTC)
"""What counts as now while learning and measuring: the day after the newest row of the claims data, so that the same
data gives the same weights whenever it is asked."""

View = Callable[[Example], Entry]
_UNJUDGED = -8.0  # points of what its stance exempts, for the curve


def school(examples: Sequence[Example], left_out: Unweighed, lexicon: LexiconJudge, *, split: date = SPLIT) -> Weights:
    """Weights from all the examples, calibrated on the later ones by weights from the earlier ones."""
    earlier, later = by_time(examples, split)
    forward = forecast(earlier, later, left_out, lexicon)
    judge = CombinedJudge(lexicon, forward)
    everything = learned(examples, left_out, lexicon, now=PRESENT)
    made = replace(
        everything,
        start=forward.start,
        curve=forward.curve,
        about={
            "learned_from": _facts(examples),
            "calibrated_on": _facts(later),
            "titles_later": _rounded(measured(judge, later, headline)),
            "titles_with_text_later": _rounded(measured(judge, later, whole)),
            "share_of_claims": "that of the data, not of the world: read suspicion as likeness, not as probability",
        },
    )
    newest = max(example.day for example in examples if example.day)
    return stamped(made, f"{newest:%Y-%m-%d}")


def forecast(
    earlier: Sequence[Example], later: Sequence[Example], left_out: Unweighed, lexicon: LexiconJudge
) -> Weights:
    """Weights from the earlier examples, with start and curve from the later ones, titles and whole items alike."""
    weights = learned(earlier, left_out, lexicon, now=PRESENT)
    judge = CombinedJudge(lexicon, weights)
    titled = [example for example in later if example.title]
    titles = points_of(judge, titled, headline)
    points = [*titles, *points_of(judge, later, whole)]
    headlines = [one for one, example in zip(titles, titled, strict=True) if not example.claim]
    return calibrated(weights, points, [example.claim for example in (*titled, *later)], headlines)


def by_time(examples: Sequence[Example], split: date) -> tuple[list[Example], list[Example]]:
    """Those to that day with all undated ones, and the later ones."""
    later = [example for example in examples if example.day and example.day > split]
    return [example for example in examples if not (example.day and example.day > split)], later


def headline(example: Example) -> Entry:
    return example.headline


def whole(example: Example) -> Entry:
    return example.entry


def judged(judge: Judge, examples: Sequence[Example], view: View) -> list[Judgement]:
    """As ``siaga judge`` does: nothing is known of the source."""
    context = Context(source=UNSOURCED, matches=(), now=PRESENT)
    return [judge.judge(view(example), context) for example in examples]


def points_of(judge: CombinedJudge, examples: Sequence[Example], view: View) -> list[float]:
    """Sums of signals, below 0 too."""
    return [
        sum(signal.points for signal in judgement.signals) if _was_scored(judgement) else _UNJUDGED
        for judgement in judged(judge, examples, view)
    ]


def _was_scored(judgement: Judgement) -> bool:
    return any(signal.name == "source" for signal in judgement.signals)


def measured(judge: CombinedJudge, examples: Sequence[Example], view: View) -> Quality:
    """On examples that have something to see in that view."""
    kept = [example for example in examples if view(example).title or view(example).text]
    suspicion = [judgement.suspicion for judgement in judged(judge, kept, view)]
    return quality(suspicion, [example.claim for example in kept])


def _facts(examples: Sequence[Example]) -> Mapping[str, object]:
    days = sorted(example.day for example in examples if example.day)
    return {
        "claims": sum(example.claim for example in examples),
        "news": sum(not example.claim for example in examples),
        "with_text": sum(bool(example.text) for example in examples),
        "from": f"{days[0]}" if days else "",
        "to": f"{days[-1]}" if days else "",
    }


def _rounded(found: Quality) -> Mapping[str, float]:
    return {name: round(value, 4) for name, value in asdict(found).items()}


# ---------------------------------------------------------------- a desk's own verdicts

FOLDS = 5
FEWEST = 30  # verdicts of either kind
LEAST_GAIN = 0.002  # of the ROC area
MOST_LOST = 0.01  # of the recall


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What retraining on a desk's verdicts brings: both measured on the same items, which neither had learned from."""

    weights: Weights
    before: Quality
    after: Quality

    @property
    def pays(self) -> bool:
        """Whether the new weights part claims from news better, without losing at the working points."""
        return (
            self.after.area >= self.before.area + LEAST_GAIN
            and self.after.recall_at_5 >= self.before.recall_at_5 - MOST_LOST
            and self.after.caught >= self.before.caught - MOST_LOST
            and self.after.false_alarms <= max(self.before.false_alarms, 0.005)
        )


def lesson(examples: Sequence[Example], current: Weights, lexicon: LexiconJudge, day: date) -> Lesson:
    """The current weights changed as far as the verdicts ask for, measured on five folds before.

    Raises ValueError where there are fewer than ``FEWEST`` verdicts of either kind, ImportError without SciPy."""
    claims = sum(example.claim for example in examples)
    if min(claims, len(examples) - claims) < FEWEST:
        raise ValueError(
            f"{claims} claims and {len(examples) - claims} other verdicts; at least {FEWEST} of either are needed"
        )
    before = measured(CombinedJudge(lexicon, current), examples, whole)
    suspicion = [0.0] * len(examples)
    for fold in range(FOLDS):
        held = range(fold, len(examples), FOLDS)
        kept = [example for at, example in enumerate(examples) if at % FOLDS != fold]
        judge = CombinedJudge(lexicon, _changed(kept, current, lexicon))
        for at, judgement in zip(held, judged(judge, [examples[at] for at in held], whole), strict=True):
            suspicion[at] = judgement.suspicion
    after = quality(suspicion, [example.claim for example in examples])
    changed = _changed(examples, current, lexicon)
    about = {**current.about, "own_verdicts": _facts(examples), "changed_from": current.version}
    weights = stamped(replace(changed, about=about), f"{day:%Y-%m-%d}")
    return Lesson(weights=weights, before=before, after=after)


def _changed(examples: Sequence[Example], current: Weights, lexicon: LexiconJudge) -> Weights:
    points = points_of(CombinedJudge(lexicon, current), examples, whole)
    return adjusted(current, examples, points, lexicon.lexicon.acronyms)
