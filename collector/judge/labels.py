"""What a form (see :mod:`collector.judge.forms`) is called in both languages, for reasons that can be checked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from collector.judge.forms import MANY_SPELLED_OUT, MANY_UNKNOWN
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
    "year": ("menyebut tahun", "names a year"),
    "rupiah": ("menyebut rupiah", "names a sum in rupiah"),
    "news_date": ("tanggal dalam kurung", "a date in brackets"),
    "small_words_large_1": (
        "kata tugas di tengah judul berhuruf besar (media menulis “di”, “dari”)",
        "a small word capitalised within the title (newspapers write “di”, “dari”)",
    ),
    "small_words_large_2": (
        "beberapa kata tugas di tengah judul berhuruf besar (media menulis “di”, “dari”)",
        "small words capitalised within the title (newspapers write “di”, “dari”)",
    ),
    "space_before_mark": ("spasi sebelum tanda baca", "a space before a punctuation mark"),
    "no_space_behind_mark": ("tanpa spasi sesudah tanda baca", "no space behind a punctuation mark"),
    "informal": ("ejaan percakapan atau pesan singkat", "the spelling of talk or of short messages"),
    "month": ("menyebut bulan", "names a month"),
    "full_date": ("tanggal lengkap dengan tahun", "a full date with the year"),
    "day_and_month": ("tanggal dan bulan tanpa tahun", "day and month without the year"),
    "month_and_year": ("bulan dan tahun", "month and year"),
    "day_name": ("menyebut nama hari", "names a day of the week"),
    "today": ("hari ini, malam ini, besok atau kemarin", "today, tonight, tomorrow or yesterday"),
    "decimal": ("angka desimal", "a decimal number"),
    "thousands": ("angka ribuan yang persis", "an exact number of thousands"),
    "big_number": ("angka dengan ribu, juta, miliar atau triliun", "a number of thousands, millions, billions or more"),
    "uses_cause": ("menyebut sebab dengan kata sambung", "gives a cause"),
    "uses_headline_link": (
        "kata sambung khas judul berita (soal, usai, jelang)",
        "a link word of headlines (soal, usai, jelang)",
    ),
    "uses_first_person": ("berbicara sebagai saya, kami, atau kita", "speaks as I or we"),
    "uses_third_person": ("menyebut orang dengan dia, ia atau mereka", "says he, she or they"),
    "uses_teaser": ("menunjuk dengan ini, itu, begini atau berikut", "points with “this”, “that” or “here is”"),
    "uses_question_word": ("memakai kata tanya", "a question word"),
    "uses_adverb": ("kata keterangan (masih, juga, tetap, harus)", "an adverb (still, also, must)"),
    "uses_future": ("berbicara tentang yang akan terjadi (akan, bakal)", "speaks of what will be (akan, bakal)"),
    "uses_past": ("berbicara tentang yang sudah terjadi (sudah, telah, pernah)", "speaks of what has been"),
    "uses_able": ("menyebut yang bisa atau dapat terjadi", "says what can be"),
    "uses_being": ("menyebut yang ada atau yang menjadi", "says what is or becomes"),
    "uses_clause": ("anak kalimat dengan yang atau bahwa", "a clause with yang or bahwa"),
    "uses_purpose": ("menyebut tujuan (untuk, guna, agar)", "gives a purpose (untuk, guna, agar)"),
    "uses_place": ("menyebut arah atau tempat dengan di, ke, dari", "tells where or whence with di, ke, dari"),
    "uses_within": ("kata depan dalam, pada atau antara", "the preposition dalam, pada or antara"),
    "uses_joined": ("merangkai dengan dan, serta, atau, maupun", "joins with dan, serta, atau, maupun"),
    "uses_contrast": ("mempertentangkan (tapi, namun, meski)", "a contrast (tapi, namun, meski)"),
    "uses_manner": ("memakai “dengan” atau “secara”", "uses “dengan” or “secara”"),
    "uses_degree": ("menyebut tingkat (lebih, sangat, paling)", "a degree (lebih, sangat, paling)"),
    "uses_condition": ("menyebut syarat (jika, kalau, bila)", "a condition (jika, kalau, bila)"),
    "uses_when": ("menyebut waktu dengan kata sambung (saat, sebelum, sejak)", "tells when (saat, sebelum, sejak)"),
    "uses_you": ("menyapa pembaca (anda, kamu, kalian)", "speaks to the reader (anda, kamu, kalian)"),
    "uses_only": ("membatasi dengan hanya atau saja", "a limit with hanya or saja"),
    "uses_each": ("menyebut banyak orang atau hal (para, setiap)", "speaks of all of a kind (para, setiap)"),
    "uses_likeness": ("menyamakan (sebagai, seperti)", "a likeness (sebagai, seperti)"),
    "uses_one": ("seorang, sebuah atau suatu", "an indefinite one (seorang, sebuah)"),
    "uses_about": ("tentang atau mengenai", "about (tentang, mengenai)"),
    "uses_english": ("kata tugas bahasa Inggris", "small words of English"),
    "uses_equation": ("menyatakan sesuatu adalah sesuatu", "says that something is something"),
    "uses_negation": ("kalimat ingkar atau larangan", "a negation or a prohibition"),
}


_COUNTED = ("first_", "second_", "last_", "opens_", "closes_", "prefix_", "suffix_", "bare_verb", "names_")
_TELLING_IN_TEXTS = ("exclamation", "question", "hash", "at", "placeholder", "star")
_SHORT, _LONG = 5, 8  # steps of a title's length


@cache
def is_plain(form: str) -> bool:
    """Whether a reader sees it at a glance and would grant that it may matter: a word order or an affix tells only over
    thousands of titles, and every longer text holds commas."""
    if form.startswith("text_mark_"):
        return form.split("_")[2] in _TELLING_IN_TEXTS
    return not form.removeprefix("text_").startswith(_COUNTED)


@cache
def label(form: str) -> Phrase:
    """A form in words that a reader can check against the title."""
    if form.startswith("text_"):
        return _text_label(form.removeprefix("text_"))
    if form.startswith("spelled_out_"):
        return _spelled_out(form.removeprefix("spelled_out_"))
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
    """In words, for what counts is not quite the number of letters: names have half of theirs."""
    if int(rest) < _SHORT:
        return Phrase(id="judul pendek", en="a short title")
    if int(rest) < _LONG:
        return Phrase(id="judul sepanjang lazimnya judul berita", en="a title as long as headlines are")
    return Phrase(id="judul panjang", en="a long title")


def _spelled_out(rest: str) -> Phrase:
    if rest == "0":
        return Phrase(id="ringkas: tanpa kata yang biasa dihemat judul berita", en="terse, as headlines are")
    more = " atau lebih" if int(rest) == MANY_SPELLED_OUT else ""
    return Phrase(
        id=f"{rest}{more} kata yang biasa dihemat judul berita (telah, oleh, adalah)",
        en=f"{rest}{' or more' if more else ''} of the words that headlines leave out (telah, oleh, adalah)",
    )


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


_PARTS: Mapping[str, tuple[str, str]] = {
    "U": ("nama", "a name"),
    "D": ("angka", "a number"),
    "word": ("kata dasar", "a plain word"),
    "small": ("kata tugas", "a small word"),
    "link": ("kata sambung judul", "a link word of headlines"),
    "not": ("kata ingkar", "a negation"),
}


def _part(part: str) -> Phrase:
    """One kind of word, as a sentence's build is told by."""
    fixed = _PARTS.get(part)
    if fixed:
        return Phrase(id=fixed[0], en=fixed[1])
    shown = "…".join(f"{one}-" if one in _PREFIX_NAMES else f"-{one}" for one in part.split("+"))
    return Phrase(id=f"kata {shown}", en=f"a word with {shown}")


def _first(rest: str) -> Phrase:
    part = _part(rest)
    return Phrase(id=f"dibuka dengan {part.id}", en=f"opens with {part.en}")


def _second(rest: str) -> Phrase:
    part = _part(rest)
    return Phrase(id=f"unsur kedua {part.id}", en=f"goes on with {part.en}")


def _last(rest: str) -> Phrase:
    part = _part(rest)
    return Phrase(id=f"ditutup dengan {part.id}", en=f"ends with {part.en}")


def _opens(rest: str) -> Phrase:
    one, other = map(_part, rest.split("_"))
    return Phrase(id=f"dibuka dengan {one.id} lalu {other.id}", en=f"opens with {one.en}, then {other.en}")


def _closes(rest: str) -> Phrase:
    one, other = map(_part, rest.split("_"))
    return Phrase(id=f"ditutup dengan {one.id} lalu {other.id}", en=f"ends with {one.en}, then {other.en}")


_BY_HEAD: Mapping[str, Callable[[str], Phrase]] = {
    "chars": _length,
    "first": _first,
    "second": _second,
    "last": _last,
    "opens": _opens,
    "closes": _closes,
    "names": _names,
    "numbers": _numbers,
    "mark": _mark,
    "prefix": _prefix,
    "suffix": _suffix,
}
