"""Letters of other alphabets that pass for Latin ones, and what is invisible. Pure.

The table is our own: the letters that were seen, or are likely, in disguised Indonesian posts. Accents, full width,
circled, squared and mathematical letters need no entry: Unicode's compatibility decomposition (NFKD) unfolds them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

LONGEST_EXPANSION = 6  # U+FDFA unfolds to 18 characters: no word that we look for hides in one letter

# Each line: the Latin letter, then its doubles (Latin with strokes, small capitals and IPA, Cyrillic, Greek, Armenian,
# Cherokee, Lisu). The case matters: a Greek capital Η looks like H, its small letter η like n.
LOOK_ALIKES = {
    "a": "ɑɐⱥᴀаАӕαΑλΛᎪꓮ",
    "b": "ƀɓƅʙвВьЬъЪбБβΒᏴꓐ",
    "c": "ƈȼɕᴄ¢сСҫҪϲᏟꓚ",
    "d": "đɖɗðᴅԁԀδᎠꓓ",
    "e": "ɇəɘɛᴇ℮€еЕєЄэЭҽεΕΣξᎬꓰ",
    "f": "ƒꜰғҒϝꓝ",
    "g": "ɠɡɢԍԌցᏀꓖ",
    "h": "ħɦʜнНһҺңҢҥΗհᎻꓧ",
    "i": "ıɨɩɪіІιΙӏӀꓲ",
    "j": "ȷɉʝᴊјЈϳյᎫꓙ",
    "k": "ƙᴋкКқҚҝҜҟҞκΚᏦꓗ",
    "l": "łɫɬɭʟԼᏞꓡ",
    "m": "ɱɯᴍмМΜᎷꓟ",
    "n": "ŋƞɲɳɴпПиИηΝπΠոռꓠ",
    "o": "øɵɔᴏоОөӨοΟσΩօՕꓳ",
    "p": "ƥþᴘрРρΡքᏢꓑ",
    "q": "ɋԛԚզ",
    "r": "ɍɹɾʀгГяЯΓᎡꓣ",
    "s": "ʂꜱѕЅςՏᏚꓢ",
    "t": "ŧƭʈᴛтТτΤᎢꓔ",
    "u": "ʉʊᴜцЦυμսՍꓴ",
    "v": "ʋᴠѵѴνᏙꓦ",
    "w": "ᴡԝԜшШѡѠωաաᎳꓪ",
    "x": "×хХҳҲχΧꓫ",
    "y": "ɏƴʏ¥уУүҮұҰγΥᎩꓬ",
    "z": "ƶʐʑᴢζΖᏃꓜ",
    "'": "‘’‚‛′ʼʻ`´",
    '"': "“”„‟″«»",
    "-": "‐‑‒–—―−",
}
# Runs of 26 letters A..Z that have no decomposition of their own, or one with brackets.
ENCLOSED = (0x249C, 0x1F110, 0x1F150, 0x1F170, 0x1F1E6)
# Letters that show nothing; all other invisible characters are of the categories Cf, Mn and Me.
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
DELETED_CATEGORIES = frozenset({"Cf", "Mn", "Me"})
KEPT_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mc", "Nd", "Nl", "No"})


def _look_alikes() -> Iterator[tuple[int, str]]:
    for plain, doubles in LOOK_ALIKES.items():
        for double in doubles:
            if not double.isascii():
                yield ord(double), plain
    for first in ENCLOSED:
        for n in range(26):
            yield first + n, chr(ord("a") + n)
    for blank in BLANK_LETTERS:
        yield ord(blank), ""


class Alphabet(dict[int, str]):
    """For ``str.translate``: a code point to its plain, case-folded spelling, worked out when first met."""

    def __missing__(self, code: int) -> str:
        plain = self._unfold(chr(code))
        self[code] = plain
        return plain

    def _unfold(self, char: str) -> str:
        if unicodedata.category(char) in DELETED_CATEGORIES:
            return ""
        plain = "".join(self._one(part) for part in unicodedata.normalize("NFKD", char))
        return plain if len(plain) <= LONGEST_EXPANSION else " "

    def _one(self, char: str) -> str:
        if char.isascii():
            return char.lower()
        if ord(char) in self:
            return self[ord(char)]
        category = unicodedata.category(char)
        if category in DELETED_CATEGORIES:
            return ""
        if category == "Nd":
            return str(unicodedata.decimal(char))
        if category not in KEPT_CATEGORIES:
            return " "
        return "".join(LATIN.get(ord(part), part) for part in char.casefold())


LATIN = dict(_look_alikes())
ALPHABET = Alphabet(LATIN)
"""Filled as letters are met; what it answers depends on nothing but the letter."""
