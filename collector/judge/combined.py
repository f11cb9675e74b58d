"""The judge Siaga uses: what the lexicon sees and what the learned weights see, added up. Pure.

    entry, context -> lexicon: stance, signals -> evidence: words and forms -> source -> known claim
                   -> points = sum of all signals -> suspicion by the curve (6 points are 0.5)

Every point belongs to a named signal with a sentence. The stance is the lexicon's: a debunk, a satire, a denial gets no
points, whatever its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from collector.judge import weights as weights_file
from collector.judge.evidence import TEXT_LIMIT, Evidence
from collector.judge.lexicon import LexiconJudge, Look
from collector.judge.stance import Seen, of_article
from collector.judge.weights import Weights
from collector.model.claim import CheckedClaim, ClaimMatch, DifferenceKind
from collector.model.item import Entry
from collector.model.judgement import Context, Judgement, Signal, Stance, Verdict
from collector.model.phrase import Phrase
from collector.model.source import Role, Source

UNSOURCED = Source(id="unknown", kind="none", url="-", role=Role.SOCIAL)
"""Stands for the source of a text that came without one (``siaga judge``)."""

NEWS_BELOW = 0.45
"""Suspicion under which a text without a source is taken for news: its signs weigh no more for a claim than against."""

ROLE_POINTS: Mapping[Role, float] = {Role.SOCIAL: -2.0, Role.NEWS: -4.0, Role.OFFICIAL: -5.0, Role.FACTCHECK: -4.0}
"""Beside a text whose source is not known. Set by hand: no data tells how often a newsroom's own feed carries a false
claim, and the claims data holds no ordinary posts, so a post must not begin half-way to suspicion: most people on
social media tell of their day. With these an ordinary headline of a news source needs seven times the evidence of a
post."""

SUSPICIOUS_POINTS = 6.0  # suspicion 0.5
KNOWN_POINTS = 6.0  # of a checked claim that is surely repeated: suspicious by itself on social sources
LIKE_FROM = 0.3  # how sure it is that the claim is the same; below, ordinary headlines come as near to some claim
LIKE_POINTS = 4.0  # by how sure, for a checked claim that is near and not surely repeated
_SOURCE_REASONS: Mapping[Role, Phrase] = {
    Role.SOCIAL: Phrase(
        id="Nilai awal unggahan media sosial, sebelum isinya dibaca",
        en="Where a social post starts, before it is read",
    ),
    Role.NEWS: Phrase(id="Nilai awal: dari media berita", en="Where it starts: from a newsroom"),
    Role.OFFICIAL: Phrase(id="Nilai awal: dari lembaga resmi", en="Where it starts: from an official source"),
    Role.FACTCHECK: Phrase(id="Nilai awal: dari pemeriksa fakta", en="Where it starts: from a fact-checker"),
}
_UNSOURCED_REASON = Phrase(id="Nilai awal: sumbernya tidak diketahui", en="Where it starts: its source is not known")
_NO_KIND, _SOCIAL, _NEWS = UNSOURCED.kind, Role.SOCIAL, Stance.NEWS  # an enum's member costs a look-up
_POINTS = attrgetter("points")
_FALSE = frozenset((Verdict.FALSE, Verdict.MISLEADING, Verdict.SCAM, None))
_ANSWERING = frozenset((Role.OFFICIAL, Role.FACTCHECK))  # who come near a false claim because they answer it


class CombinedJudge:
    """Implements :class:`collector.judge.base.Judge`."""

    name = "combined"

    def __init__(self, lexicon: LexiconJudge, weights: Weights) -> None:
        self.version = f"{lexicon.version}+{weights.version}"
        self.weights = weights
        self._lexicon = lexicon
        self._evidence = Evidence(weights, lexicon.lexicon.acronyms)
        self._starts = {role: self._start(role) for role in Role}
        self._unsourced = Signal(name="source", points=round(weights.start, 2), reason=_UNSOURCED_REASON)

    @classmethod
    def shipped(cls) -> CombinedJudge:
        """With the packaged lexicon and weights."""
        return cls(LexiconJudge.shipped(), weights_file.shipped())

    def band(self, points: float) -> str:
        """``low``, ``watch``, ``suspicious`` or ``high``."""
        return self._lexicon.band(points)

    def judge(self, entry: Entry, context: Context) -> Judgement:
        """See :class:`collector.judge.base.Judge`. Of the text 2,000 characters are read, by the weights 1,000."""
        look = self._lexicon.look(entry, context)
        seen = look.seen
        role = context.source.role
        unsourced = context.source.kind == _NO_KIND
        if unsourced and seen.scored:
            seen = _as_article(look) or seen
        if not seen.scored:
            return self._judged(
                seen.stance, 0.0, 0.0, (self._lexicon.marker(seen),) if seen.marker else (), seen.verdict
            )
        start = self._unsourced if unsourced else self._starts[role]
        signals = list(look.signals)
        self._evidence.add_title(look.facts.page, signals)
        # A newsroom's text is read only where it could still make the item suspicious: it is half of the work.
        if unsourced or role is _SOCIAL or start.points + sum(map(_POINTS, signals)) + TEXT_LIMIT >= SUSPICIOUS_POINTS:
            self._evidence.add_text(look.facts.page, signals)
        signals.append(start)
        if context.known is not None and context.known.decided and _is_wrong(context.known.claim):
            signals.insert(0, _repeats(context.known))
        elif context.similar is not None and role not in _ANSWERING and _resembles(context.similar):
            signals.insert(0, _is_like(context.similar))
        points = sum(map(_POINTS, signals))
        suspicion = self.weights.curve.suspicion(points)
        stance = _NEWS if unsourced and suspicion < NEWS_BELOW else seen.stance
        return self._judged(stance, points, suspicion, tuple(signals), seen.verdict)

    def _judged(
        self, stance: Stance, points: float, suspicion: float, signals: tuple[Signal, ...], verdict: Verdict | None
    ) -> Judgement:
        return Judgement(
            stance=stance,
            points=round(max(0.0, points), 2),
            suspicion=suspicion,
            signals=signals,
            judge=self.name,
            judge_version=self.version,
            verdict=verdict,
        )

    def _start(self, role: Role) -> Signal:
        return Signal(
            name="source", points=round(self.weights.start + ROLE_POINTS[role], 2), reason=_SOURCE_REASONS[role]
        )


def _as_article(look: Look) -> Seen | None:
    """A text without a source may be a fact-checker's article or a denial: as an article it would be no claim."""
    if not look.marked:
        return None
    seen = of_article(look.facts, look.worth)
    return None if seen.scored else seen


def _is_wrong(claim: CheckedClaim) -> bool:
    """Whether a fact-checker found it wrong; one who gave no word for what he found writes of rumours as a rule."""
    return claim.verdict in _FALSE and not claim.is_clarified


def _resembles(near: ClaimMatch) -> bool:
    """Whether likeness to a claim found wrong is worth a line: near, not setting it right, not denying it."""
    return (
        near.confidence >= LIKE_FROM
        and near.stance is Stance.SPREAD
        and _is_wrong(near.claim)
        and all(one.kind is not DifferenceKind.DENIAL for one in near.differences)
    )


def _publisher(claim: CheckedClaim) -> Phrase:
    """An imported list need not say who checked a claim."""
    name = claim.publisher.strip()
    return Phrase(id=name, en=name) if name else Phrase(id="pemeriksa fakta", en="a fact-checker")


def _is_like(near: ClaimMatch) -> Signal:
    publisher, text = _publisher(near.claim), near.claim.text
    return Signal(
        name="like_claim",
        points=round(LIKE_POINTS * near.confidence, 2),
        reason=Phrase(
            id=f"Mirip klaim yang diperiksa {publisher.id}, belum tentu sama: “{text}”",
            en=f"Resembles a claim that {publisher.en} has checked, perhaps another: “{text}”",
        ),
        words=(text,),
    )


def _repeats(known: ClaimMatch) -> Signal:
    publisher, text = _publisher(known.claim), known.claim.text
    return Signal(
        name="known_claim",
        points=round(KNOWN_POINTS * known.confidence, 2),
        reason=Phrase(
            id=f"Mengulang klaim yang sudah diperiksa {publisher.id}: “{text}”",
            en=f"Repeats a claim that {publisher.en} has checked: “{text}”",
        ),
        words=(text,),
    )
