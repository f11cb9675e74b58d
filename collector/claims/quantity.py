"""Numbers in running text: how many, how much, when. Pure.

"Rp38,5 triliun", "3,5jutaan", "750rb", "tujuh", "tiga puluh empat", "14 Februari 2024", "80%" become values
with a unit.
Indonesian numbers have a dot between thousands and a comma before decimals; an English "3.5" is understood too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a number counts, as far as comparing needs to know."""

    MONEY = "money"
    PERCENT = "percent"
    YEAR = "year"
    DAY = "day"
    MONTH = "month"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number of a text: ``of`` is the stem of the word behind it ("34 provinsi"), empty where none fits."""

    value: float
    unit: Unit
    surface: str
    at: int
    of: str = ""

    def agrees(self, other: Quantity) -> bool:
        """Whether both name the same number, rounding allowed ("3,5 juta" for 3.550.000)."""
        if self.unit is not other.unit and Unit.COUNT not in (self.unit, other.unit):
            return False
        large, small = max(self.value, other.value), min(self.value, other.value)
        return large == small or (large >= ROUNDABLE and small / large >= 1 - ROUNDING)

    def comparable(self, other: Quantity) -> bool:
        """Whether they would contradict each other if they differ."""
        if self.unit is not other.unit:
            return False
        return self.unit is not Unit.COUNT or not self.of or not other.of or self.of == other.of


ROUNDABLE = 1_000
ROUNDING = 0.03
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb pebruari peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags agst aug",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for name in names.split()
}
SCALES = {
    "ratus": 100.0,
    "ribu": 1e3,
    "rb": 1e3,
    "ribuan": 1e3,
    "k": 1e3,
    "rebu": 1e3,
    "thousand": 1e3,
    "juta": 1e6,
    "jt": 1e6,
    "jutaan": 1e6,
    "million": 1e6,
    "miliar": 1e9,
    "milyar": 1e9,
    "m": 1e9,
    "miliaran": 1e9,
    "billion": 1e9,
    "triliun": 1e12,
    "trilyun": 1e12,
    "t": 1e12,
    "trillion": 1e12,
}
MONEY_FROM = 10_000  # rupiah: "750rb", "5 juta" behind a word for money
DIGITS = {
    "nol": 0,
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "sembilan": 9,
    "pitu": 7,
    "wolu": 8,
    "telu": 3,
    "loro": 2,
    "siji": 1,
    "papat": 4,
    "enem": 6,
    "sanga": 9,
    "hiji": 1,
    "tilu": 3,
    "opat": 4,
    "genep": 6,
    "dalapan": 8,
    "salapan": 9,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twice": 2,
    "kedua": 2,
    "ketiga": 3,
    "keempat": 4,
    "kelima": 5,
}
WHOLE = {"sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1_000, "sejuta": 1_000_000, "setengah": 0.5}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+\Z")


def number_of(text: str) -> float:
    """The value of digits with dots and commas: "1.000.000", "58,6", "3.550.000,00", "2.5"."""
    if _THOUSANDS.match(text):
        return float(re.sub(r"[.,]", "", text))
    whole, comma, fraction = text.rpartition(",") if "," in text else text.rpartition(".")
    if not comma:
        return float(text)
    return float(f"{re.sub('[.,]', '', whole) or '0'}.{fraction}")


def spelled(words: list[str], start: int) -> tuple[float, int]:
    """The number written in words from ``start`` on, and how many words it takes (0: none)."""
    total = group = 0.0
    here = start
    seen = False
    while here < len(words):
        word = words[here]
        following = words[here + 1] if here + 1 < len(words) else ""
        if word in WHOLE:
            group += WHOLE[word]
        elif word in DIGITS:
            digit = DIGITS[word]
            if following == "belas":
                group, here = group + 10 + digit, here + 1
            elif following == "puluh":
                group, here = group + 10 * digit, here + 1
            elif following == "ratus":
                group, here = group + 100 * digit, here + 1
            else:
                group += digit
        elif seen and word in SCALES and len(word) > 2 and group:
            total, group = total + group * SCALES[word], 0.0
        else:
            break
        seen = True
        here += 1
    return total + group, here - start
