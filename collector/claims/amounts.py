"""Finds the numbers of a text among its words: amounts, counts, dates, years. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from collector.claims.quantity import DIGITS, MONEY_FROM, MONTHS, SCALES, WHOLE, Quantity, Unit, spelled
from collector.claims.vocabulary import FILLERS
from collector.claims.words import Word

BALLOTS = ("01", "02", "03")
BALLOT_NUMBERS = {"1": 1, "2": 2, "3": 3, "satu": 1, "dua": 2, "tiga": 3}
_NO_AMOUNT_BEFORE = frozenset({"jam", "rt", "rw", "pasal", "juz"})
_COUNTED_WORDS = "orang jiwa warga anak suara unit siswa keluarga pilih porsi ton"
_COUNTED = frozenset(_COUNTED_WORDS.split())


@dataclass(slots=True)
class Amounts:
    """What :func:`amounts` found: the quantities, and the positions of the words they consist of."""

    quantities: list[Quantity] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


def amounts(words: list[Word], stem: Callable[[str], str]) -> Amounts:
    """The numbers among ``words``. Numbers of candidates ("01", "paslon 1 dan 3") are names: they are marked there."""
    found = Amounts()
    plains = [word.plain for word in words]
    here = 0
    while here < len(words):
        word = words[here]
        value, length = _value(word, plains, here)
        if not length:
            if word.plain in MONTHS:
                found.quantities.append(
                    Quantity(value=MONTHS[word.plain], unit=Unit.MONTH, surface=word.surface, at=here)
                )
                found.taken.add(here)
            here += 1
            continue
        if length == 1 and _is_ballot(words, here):
            word.ballot = True
            plains[here] = word.plain
            here += 1
            continue
        following = _at(plains, here + length)
        if following in SCALES and (word.number is not None or len(following) <= 2):
            value, length = value * SCALES[following], length + 1
            following = _at(plains, here + length)
        quantity = _quantity(words, here, length, value, following, stem)
        if quantity is not None:
            found.quantities.append(quantity)
        found.taken.update(range(here, here + length))
        here += length
    return found


def _value(word: Word, plains: list[str], here: int) -> tuple[float, int]:
    if word.number is not None:
        return word.number, 1
    if word.plain in DIGITS or word.plain in WHOLE:
        return spelled(plains, here)
    return 0.0, 0


def _is_ballot(words: list[Word], here: int) -> bool:
    """Whether it names a pair of candidates: 01, paslon 1, nomor urut dua, "paslon 1 sama 3"."""
    word, before = words[here], words[here - 1].plain if here else ""
    if word.unit is not None:
        return False
    if word.digits in BALLOTS and word.plain == word.digits:
        return True
    if word.plain not in BALLOT_NUMBERS:
        return False
    if before in ("calon", "nomor", "urut"):
        return True
    if before in ("sama", "dan") and here > 1 and words[here - 2].ballot:
        word.plain = f"0{BALLOT_NUMBERS[word.plain]}"
        return True
    return False


def _quantity(
    words: list[Word], here: int, length: int, value: float, following: str, stem: Callable[[str], str]
) -> Quantity | None:
    word, before = words[here], words[here - 1].plain if here else ""
    surface = " ".join(part.surface for part in words[here : here + length])
    if 1 <= value <= 31 and (following in MONTHS or before == "tanggal"):
        return Quantity(value=value, unit=Unit.DAY, surface=surface, at=here)
    bare = word.unit is None and length == 1 and word.digits == word.plain
    if bare and len(word.digits) == 4 and 1900 <= value <= 2100:
        return Quantity(value=value, unit=Unit.YEAR, surface=surface, at=here)
    of = stem(following) if following and following not in FILLERS else ""
    unit = word.unit or _unit(value, before, following, of)
    if unit is Unit.COUNT and (before in _NO_AMOUNT_BEFORE or (value == 1 and word.number is None)):
        return None  # a time of day, an address; "satu" is an article as often as a number
    return Quantity(value=value, unit=unit, surface=surface, at=here, of=of)


def _unit(value: float, before: str, following: str, of: str) -> Unit:
    if following in ("persen", "percent"):
        return Unit.PERCENT
    if before in ("rupiah", "rp") or following == "rupiah" or (value >= MONEY_FROM and of not in _COUNTED):
        return Unit.MONEY
    return Unit.COUNT


def _at(plains: list[str], place: int) -> str:
    return plains[place] if place < len(plains) else ""
