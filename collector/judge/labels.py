"""What a form (see :mod:`collector.judge.forms`) is called in both languages, for reasons that can be checked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collector.judge.forms import LONG, MANY_UNKNOWN, SHORT
from collector.model.phrase import Phrase

_MARK_NAMES: Mapping[str, tuple[str, str]] = {
    "comma": ("koma", "a comma"), "colon": ("titik dua", "a colon"), "question": ("tanda tanya", "a question mark"),
    "exclamation": ("tanda seru", "an exclamation mark"), "quote": ("tanda kutip", "quotation marks"),
    "apostrophe": ("petik tunggal", "an apostrophe"), "bracket": ("tanda kurung", "brackets"),
    "dash": ("tanda pisah", "a dash"), "hyphen": ("tanda hubung", "a hyphen"), "dot": ("titik", "a full stop"),
    "slash": ("garis miring", "a slash"), "ellipsis": ("elipsis", "an ellipsis"), "hash": ("tagar", "a hashtag"),
    "at": ("tanda @", "an @ sign"), "placeholder": ("alamat atau nomor", "an address or number"),
    "percent": ("persen", "a per cent sign"), "star": ("bintang", "an asterisk"),
    "semicolon": ("titik koma", "a semicolon"),
}  # fmt: skip
_PREFIX_NAMES = {"me": "me-", "ber": "ber-", "ter": "ter-", "di": "di-", "pe": "pe-", "se": "se-", "ke": "ke-"}
_FIXED: Mapping[str, tuple[str, str]] = {
    "caps_none": ("tanpa teriakan huruf besar", "nothing in capitals"),
    "caps_all": ("semua kata huruf besar", "all words in capitals"),
    "caps_most": ("kebanyakan kata huruf besar", "most words in capitals"),
    "caps_some": ("sebagian kata huruf besar", "some words in capitals"),
    "bare_verb": ("kata kerja tanpa me- (seperti “tetapkan”)", "a bare verb, as in headlines (“tetapkan”)"),
    "exotic": ("emoji atau huruf tak lazim", "emoji or unusual letters"),
    "trailing_dots": ("titik-titik", "dots that trail off"),
    "starts_small": ("berawal huruf kecil", "begins with a small letter"),
    "ends_with_exclamation": ("berakhir tanda seru", "ends with an exclamation mark"),
    "ends_with_question": ("berakhir tanda tanya", "ends with a question mark"),
    "ends_with_dot": ("berakhir titik", "ends with a full stop"),
    "speaker": ("penutur atau pokok sebelum titik dua", "a speaker or subject before a colon"),
    "year": ("menyebut tahun", "names a year"),
    "rupiah": ("menyebut rupiah", "names a sum in rupiah"),
    "news_date": ("tanggal dalam kurung", "a date in brackets"),
}


def label(form: str) -> Phrase:
    """A form in words that a reader can check against the title."""
    if form.startswith("text_"):
        return _text_label(form.removeprefix("text_"))
    fixed = _FIXED.get(form)
    if fixed:
        return Phrase(id=fixed[0], en=fixed[1])
    head, _, rest = form.partition("_")
    return _BY_HEAD[head](rest)


def _text_label(form: str) -> Phrase:
    if form.startswith("size_"):
        words = 2 ** int(form[5:])
        return Phrase(id=f"teks sekitar {words} kata", en=f"a text of about {words} words")
    if form.startswith("caps_"):
        share = ("hampir tidak ada", "sedikit", "banyak", "sangat banyak")[int(form[5:])]
        shared = ("hardly any", "a few", "many", "very many")[int(form[5:])]
        return Phrase(id=f"{share} kata berhuruf besar semua di teks", en=f"{shared} words in capitals in the text")
    if form.startswith("capital_"):
        part = 20 * int(form[8:])
        return Phrase(
            id=f"sekitar {part} % kata teks berawal huruf besar", en=f"about {part} % of the text's words capitalised"
        )
    plain = label(form)
    return Phrase(id=f"di teks: {plain.id}", en=f"in the text: {plain.en}")


def _length(rest: str) -> Phrase:
    units = int(rest)
    if units == SHORT:
        return Phrase(id="judul sangat pendek", en="a very short title")
    if units == LONG:
        return Phrase(id="judul sangat panjang", en="a very long title")
    return Phrase(id=f"panjang judul {units} unsur", en=f"a title of {units} parts")


def _names(rest: str) -> Phrase:
    if rest == "0":
        return Phrase(id="tanpa nama", en="no name")
    more = " atau lebih" if int(rest) == MANY_UNKNOWN else ""
    if rest == "1":
        return Phrase(id="satu nama", en="one name")
    return Phrase(id=f"{rest}{more} nama", en=f"{rest}{' or more' if more else ''} names")


def _numbers(rest: str) -> Phrase:
    return Phrase(id=f"{rest} angka", en=f"{rest} number{'s' if rest != '1' else ''}")


def _mark(rest: str) -> Phrase:
    name, _, count = rest.rpartition("_")
    of = _MARK_NAMES[name]
    return (
        Phrase(id=of[0], en=of[1])
        if count == "1"
        else Phrase(id=f"{of[0]} lebih dari satu", en=f"{of[1]}, more than once")
    )


def _prefix(rest: str) -> Phrase:
    return Phrase(id=f"kata berawalan {_PREFIX_NAMES[rest]}", en=f"a word with the prefix {_PREFIX_NAMES[rest]}")


def _suffix(rest: str) -> Phrase:
    return Phrase(id=f"kata berakhiran -{rest}", en=f"a word with the ending -{rest}")


_BY_HEAD: Mapping[str, Callable[[str], Phrase]] = {
    "length": _length,
    "names": _names,
    "numbers": _numbers,
    "mark": _mark,
    "prefix": _prefix,
    "suffix": _suffix,
}
