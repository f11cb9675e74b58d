"""A text beside a checked claim: what agrees, and what differs in who, where, how many, what and yes or no. Pure.

Near misses share more words with a claim than true repeats do, so that shared words alone decide nothing: a name, a
number or a place put in the place of another, a denial, or a deed and its opposite weigh more than ten common words.
Extra words are neutral in a long text; in a short one they say that it speaks of something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from collector.claims.align import ENOUGH, PLACES, SYNONYM, Sides, View, same_side, say_the_same
from collector.claims.features import Features
from collector.claims.quantity import Quantity, Unit
from collector.claims.statement import Statement, Term
from collector.claims.vocabulary import NAME_KINDS, Vocabulary
from collector.model.claim import Difference, DifferenceKind

Rarity = Callable[[str], float]

NEAR_WORDS = 30  # a text of more terms is read around the words it shares with the claim
MARGIN = 12
SHORT_WORDS = 18  # a longer text has room for names, numbers and denials of other things
SUBJECT_WITHIN = 4
ACTORS = ("person", "party", "institution")
DATES = (Unit.YEAR, Unit.MONTH, Unit.DAY)
MUCH_ELSE = 0.75  # share of a text that the claim knows, below which its other words are told
FAINT = 0.3  # what a year or month counts beside another number

# What reporters, offices and fact-checkers write when they set something right. Stems.
_DENYING_WORDS = """bantah tepis sangkal hoaks palsu keliru sesat disinformasi misinformasi fitnah lurus klarifikasi
    edit sunting rekayasa manipulasi deepfake ngada debunk fake false satire ngawur"""
DENYING = frozenset(_DENYING_WORDS.split())
_ASSURING_WORDS = (
    "tegas pasti jelas imbau ingat klaim sanggah konfirmasi aman normal sesuai syarat tetap lanjut masih bertahan"
)
ASSURING = frozenset(_ASSURING_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Features, and the differences that can be told to people."""

    features: Features
    differences: tuple[Difference, ...]

    def with_lead(self, lead: float) -> Features:
        """The features with how far this claim is ahead of the next."""
        return replace(self.features, lead=lead)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A term of the claim, the term of the text that agrees best with it, how far (0..1), and its weight."""

    claim: Term
    text: Term | None
    agreement: float
    weight: float

    @property
    def said(self) -> bool:
        return self.agreement >= ENOUGH


@dataclass(frozen=True, slots=True)
class _Scene:
    """Everything one comparison looks at. ``near`` are the terms of the text that may speak of the claim, ``extra``
    those of them that the claim does not know."""

    text: Statement
    claim: Statement
    pairs: tuple[_Pair, ...]
    near: tuple[Term, ...]
    extra: tuple[Term, ...]
    room: float  # 1 in a short text, less in a longer one
    differences: list[Difference]

    def tell(self, kind: DifferenceKind, claim: str, text: str) -> None:
        self.differences.append(Difference(kind=kind, claim=claim, text=text))

    def span(self) -> tuple[int, int]:
        return (self.near[0].at, self.near[-1].at) if self.near else (0, 0)


@dataclass(frozen=True, slots=True)
class Outline:
    """The first look: the share of the claim that the text says, and the share of the text that the claim knows."""

    scene: _Scene
    coverage: float
    focus: float

    @property
    def shared(self) -> float:
        """What both say, by weight."""
        return sum([pair.weight * pair.agreement for pair in self.scene.pairs])


class Comparer:
    """Compares statements with one vocabulary; ``rarity`` tells how telling a stem is among the claims."""

    def __init__(self, vocabulary: Vocabulary, rarity: Rarity) -> None:
        self._vocabulary = vocabulary
        self._rarity = rarity
        self._weights: dict[str, float] = {}

    def renew(self) -> None:
        """Rarities have changed: a text was added to those that they are counted among."""
        self._weights.clear()

    def compare(self, text: Statement, claim: Statement, *, spelling: float = 0.0) -> Comparison:
        """The text beside the claim. ``spelling`` is their likeness by characters, 0..1."""
        return self.compare_view(View(text), claim, spelling=spelling)

    def outline(self, view: View, claim: Statement) -> Outline:
        """The first look at a text beside a claim: enough for ordering claims, and what :meth:`finish` starts from."""
        scene = self._scene(view, claim)
        return Outline(scene, _agreed(scene.pairs, 0.0), self._focus(scene))

    def compare_view(self, view: View, claim: Statement, *, spelling: float = 0.0) -> Comparison:
        """The whole comparison of a text looked at before."""
        return self.finish(self.outline(view, claim), spelling=spelling)

    def finish(self, outline: Outline, *, spelling: float = 0.0) -> Comparison:
        """The whole comparison, from its first look."""
        scene = outline.scene
        features = Features(
            coverage=outline.coverage,
            focus=outline.focus,
            spelling=min(spelling * 3, 1.0),
            **self._content(scene),
            **self._names(scene),
            **self._numbers(scene),
            **self._polarity(scene),
            other_subject=self._subject(scene),
            extra_deeds=scene.room * min(2.0, float(sum(self._is_deed(term) for term in scene.extra))),
            opposed=self._opposed(scene),
        )
        self._tell_missing(scene, features.coverage)
        self._tell_extra(scene, features.focus)
        return Comparison(features=features, differences=tuple(scene.differences))

    def contradicts(self, outline: Outline) -> bool:
        """Whether the texts of a first look put somebody, something, a number or a date in another's place, or a deed
        against its opposite. A third of the whole comparison."""
        if self._replaced(outline.scene):
            return True
        numbers = self._numbers(outline.scene)
        return bool(numbers["numbers_differing"] or numbers["dates_differing"] or self._opposed(outline.scene))

    def _replaced(self, scene: _Scene) -> bool:
        """Whether a name that the text lacks has one beside it that the text has instead, be they related or not:
        "Jokowi with Ganjar's picture" is not "Jokowi with Gibran's"."""
        unsaid = [pair.claim.kind for pair in scene.pairs if pair.claim.kind in NAME_KINDS and not pair.said]
        instead = [term.kind for term in scene.extra if term.kind in NAME_KINDS] if unsaid else []
        return any(same_side(one, other) for one in unsaid for other in instead)

    # ---------------------------------------------------------------- aligning

    def _scene(self, view: View, claim: Statement) -> _Scene:
        text = view.statement
        pairs = tuple([self._pair(term, view) for term in claim.unique])
        near = _near(text, pairs)
        used = {pair.text.at for pair in pairs if pair.text is not None and pair.said}
        extra = tuple(term for term in near if term.at not in used)
        room = min(1.0, SHORT_WORDS / max(1, len(text.terms)))
        return _Scene(text, claim, pairs[::-1], near, extra, room, [])

    def _pair(self, wanted: Term, view: View) -> _Pair:
        found, agreement = view.best(wanted)
        if agreement < 1.0 and wanted.parts:
            said = SYNONYM * sum(part in view.statement.stems for part in wanted.parts) / len(wanted.parts)
            agreement = max(agreement, said)
        return _Pair(wanted, found, agreement, self._weight(wanted))

    def _weight(self, term: Term) -> float:
        weight = self._weights.get(term.key)
        if weight is None:
            weight = (0.6 + self._rarity(term.key)) * (1.2 if term.kind in NAME_KINDS else 1.0)
            self._weights[term.key] = weight
        return weight

    def _is_deed(self, term: Term) -> bool:
        return not term.senses.isdisjoint(self._vocabulary.deeds)

    # ---------------------------------------------------------------- what

    def _content(self, scene: _Scene) -> dict[str, float]:
        deeds = [pair for pair in scene.pairs if self._is_deed(pair.claim)]
        unsaid = [self._rarity(pair.claim.key) for pair in scene.pairs if not pair.said]
        highest = self._rarity("")
        return {
            "deed_coverage": _agreed(deeds, 0.5),
            "rarest_missing": max(unsaid, default=0.0) / highest if highest else 0.0,
        }

    def _focus(self, scene: _Scene) -> float:
        extra = sum([self._weight(term) for term in scene.extra])
        near = sum([self._weight(term) for term in scene.near])
        return 1 - extra / near if near else 0.0

    def _tell_missing(self, scene: _Scene, coverage: float) -> None:
        missing = sorted((pair for pair in scene.pairs if not pair.said), key=lambda pair: -pair.weight)
        if missing and coverage < 0.75:
            scene.tell(DifferenceKind.WHAT, ", ".join(pair.claim.surface for pair in missing[:3]), "")

    def _tell_extra(self, scene: _Scene, focus: float) -> None:
        """What the text says beside the claim, where that is much: names and numbers were told, other words are not."""
        extra = {term.key: term for term in scene.extra if term.kind not in NAME_KINDS}
        words = sorted(extra.values(), key=lambda term: -self._weight(term))
        if words and focus < MUCH_ELSE:
            scene.tell(DifferenceKind.WHAT, "", ", ".join(term.surface for term in words[:3]))

    def _opposed(self, scene: _Scene) -> float:
        """Whether a deed that the text lacks stands against one that it has."""
        for pair in scene.pairs:
            if pair.said or pair.claim.kind in NAME_KINDS:
                continue
            against = self._vocabulary.against(pair.claim.key)
            if not against:
                continue
            handles = self._vocabulary.handles
            other = next((term for term in scene.extra if not against.isdisjoint(handles(term.key))), None)
            if other is not None:
                scene.tell(DifferenceKind.DEED, pair.claim.surface, other.surface)
                return 1.0
        return 0.0

    # ---------------------------------------------------------------- who and where

    def _names(self, scene: _Scene) -> dict[str, float]:
        named = [pair for pair in scene.pairs if pair.claim.kind in NAME_KINDS]
        unsaid = [pair for pair in named if not pair.said]
        strangers = {term.key: term for term in scene.extra if term.kind in NAME_KINDS and not _known(term, scene)}
        swapped = {"who": 0.0, "where": 0.0}
        for pair in unsaid:
            other = next((term for term in strangers.values() if same_side(term.kind, pair.claim.kind)), None)
            where = pair.claim.kind in ("place", "country")
            if other is not None:
                del strangers[other.key]
                swapped["where" if where else "who"] += 1
            if other is not None or len(unsaid) <= 2:
                kind = DifferenceKind.WHERE if where else DifferenceKind.WHO
                scene.tell(kind, pair.claim.surface, other.surface if other is not None else "")
        for kind, places in ((DifferenceKind.WHERE, True), (DifferenceKind.WHO, False)):
            others = [term.surface for term in strangers.values() if (term.kind in PLACES) is places]
            if others:
                scene.tell(kind, "", ", ".join(others[:3]))
        return {
            "name_coverage": _agreed(named, 0.5),
            "names_swapped": min(swapped["who"], 2.0),
            "places_swapped": min(swapped["where"], 2.0),
            "names_missing": min(len(unsaid) - swapped["who"] - swapped["where"], 2.0),
            "names_extra": scene.room * min(float(len(strangers)), 2.0),
        }

    def _subject(self, scene: _Scene) -> float:
        """Whether the text begins with an actor of its own ("Suhartoyo terpilih ... menggantikan Anwar Usman")."""
        first = next((term for term in scene.text.terms[:SUBJECT_WITHIN] if term.kind in ACTORS), None)
        if first is None or not any(term.kind in ACTORS for term in scene.claim.terms):
            return 0.0
        people = first.kind == "person" and any(term.kind == "person" for term in scene.claim.terms)
        sides = Sides.PEOPLE if people else Sides.ALL
        return 0.0 if _known(first, scene, sides) else 1.0

    # ---------------------------------------------------------------- how many, when

    def _numbers(self, scene: _Scene) -> dict[str, float]:
        low, high = scene.span()
        free = [quantity for quantity in scene.text.quantities if low - 4 <= quantity.at <= high + 4]
        agreeing = differing = missing = dates = 0.0
        open_ones: list[Quantity] = []
        for wanted in scene.claim.quantities:
            same = next((one for one in scene.text.quantities if wanted.agrees(one)), None)
            if same is None:
                open_ones.append(wanted)
                continue
            free = [one for one in free if one is not same]
            agreeing += FAINT if wanted.unit is Unit.YEAR else 1.0
        for wanted in open_ones:
            other = next((one for one in free if wanted.comparable(one)), None)
            if other is None:
                missing += FAINT if wanted.unit in (Unit.YEAR, Unit.MONTH) else 1.0
                continue
            free = [one for one in free if one is not other]
            is_date = wanted.unit in DATES
            dates, differing = (dates + 1, differing) if is_date else (dates, differing + 1)
            scene.tell(DifferenceKind.WHEN if is_date else DifferenceKind.HOW_MANY, wanted.surface, other.surface)
        others = [one for one in free if one.unit not in (Unit.YEAR, Unit.MONTH)]
        if others:
            kind = DifferenceKind.WHEN if others[0].unit in DATES else DifferenceKind.HOW_MANY
            scene.tell(kind, "", ", ".join(one.surface for one in others[:3]))
        extra = len(others)
        return {
            "numbers_agreeing": min(agreeing, 2.0),
            "numbers_differing": min(differing, 2.0),
            "numbers_missing": min(missing, 2.0),
            "numbers_extra": scene.room * min(float(extra), 2.0),
            "dates_differing": min(dates, 2.0),
        }

    # ---------------------------------------------------------------- yes or no

    def _polarity(self, scene: _Scene) -> dict[str, float]:
        said = [(pair, pair.text) for pair in scene.pairs if pair.text is not None and pair.said]
        turned = [(pair, term) for pair, term in said if term.denied is not pair.claim.denied]
        weight = sum(self._deed_weight(pair) for pair, _ in said) or 1.0
        denied = min(1.0, 1.5 * sum(self._deed_weight(pair) for pair, _ in turned) / weight)
        aligned = {term.at for _, term in said}
        touching = sum(1 for at in scene.text.denials if not aligned.isdisjoint((at + 1, at + 2, at + 3)))
        own = {term.key for term in scene.claim.terms} | scene.claim.stems
        denying = {term.key: term.surface for term in scene.near if term.key in DENYING and term.key not in own}
        assuring = {term.key for term in scene.near if term.key in ASSURING and term.key not in own}
        if denying:
            scene.tell(DifferenceKind.DENIAL, "", ", ".join(denying.values()))
        elif turned and denied > 0.25:
            pair, term = turned[0]
            scene.tell(DifferenceKind.DENIAL, _with_no(pair.claim), _with_no(term))
        return {
            "denied": denied,
            "denying_words": min(float(len(denying)), 2.0),
            "assuring_words": scene.room * min(float(len(assuring)), 2.0),
            "extra_negations": scene.room * min(max(float(touching - len(scene.claim.denials)), 0.0), 2.0),
        }

    def _deed_weight(self, pair: _Pair) -> float:
        return pair.weight * (2.0 if self._is_deed(pair.claim) else 1.0)


def _agreed(pairs: Sequence[_Pair], otherwise: float) -> float:
    weight = sum([pair.weight for pair in pairs])
    return sum([pair.weight * pair.agreement for pair in pairs]) / weight if weight else otherwise


def _known(term: Term, scene: _Scene, sides: Sides = Sides.ALL) -> bool:
    """Whether the claim has a term that says the same as this one of the text."""
    return any(
        say_the_same(wanted, term) for wanted in scene.claim.terms if sides is Sides.ALL or wanted.kind != "institution"
    )


def _near(text: Statement, pairs: Sequence[_Pair]) -> tuple[Term, ...]:
    """The terms of a short text; of a long one those around the densest run of words shared with the claim."""
    if len(text.terms) <= NEAR_WORDS:
        return text.terms
    places = sorted(pair.text.at for pair in pairs if pair.text is not None and pair.said)
    if not places:
        return text.terms[:NEAR_WORDS]
    start = max(places, key=lambda at: (sum(at <= other <= at + NEAR_WORDS for other in places), -at))
    last = max(at for at in places if start <= at <= start + NEAR_WORDS)
    return tuple(term for term in text.terms if start - MARGIN <= term.at <= last + MARGIN)


def _with_no(term: Term) -> str:
    return f"tidak {term.surface}" if term.denied else term.surface
