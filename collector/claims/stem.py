"""The stem of an Indonesian word, without a dictionary of the whole language. Pure.

Affixes are peeled off in every way that grammar allows (also the spoken n-, ng-, -in); of the results that are known
roots the shortest wins, else the plainest peel. A few microseconds for a new word, where a rule-and-dictionary stemmer
takes three milliseconds; answers are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

MIN_ROOT = 3
_PARTICLES = ("nya", "lah", "kah", "pun", "ku", "mu", "ne", "e")
_SUFFIXES = ("kan", "an", "i", "in", "ke", "ake")
_PLAIN_PREFIXES = (
    "di",
    "ter",
    "ber",
    "be",
    "ke",
    "se",
    "per",
    "pe",
    "memper",
    "diper",
    "mem",
    "men",
    "me",
    "ku",
    "nge",
)
# A nasal prefix and the first letters it swallowed: "menulis" is men + (t)ulis.
_NASALS = (
    ("meny", ("s",)),
    ("meng", ("", "k")),
    ("mem", ("", "p")),
    ("men", ("", "t")),
    ("me", ("",)),
    ("peny", ("s",)),
    ("peng", ("", "k")),
    ("pem", ("", "p")),
    ("pen", ("", "t")),
    ("nge", ("",)),
    ("ng", ("", "k")),
    ("ny", ("s", "c")),
    ("n", ("t", "")),
    ("m", ("p",)),
)
_VOWELS = "aeiou"
_PROTECTED_WORDS = """
    adalah akan amin anak antara bahan baik bakal bagaimana banding bangsa belanja beli beras berat beri berita
    berkas bersih besar bukan bulan dalam dapat dengan depan dewan dia diri ikan ini itu jalan jangan kalian kami
    kampus kantor karena kecil kedua kepada kepala kera keras keris kertas kesal ketat ketika ketua kita kuasai
    laman lain makan mana mantan mengapa menit menteri mereka merah mesin milik minum mobil modal muda nama negara
    negeri nikah nilai nomor pada paling paman panen pantai papan partai pasar pasien pelajar pemilu penuh pensiun
    peran perang peras perempuan pergi perlu permen pernah persen pertama pesan pesawat peta petani poin pulau
    rakyat ramai rekan santri saran satuan sebab sebuah sedang sejak sekali sekolah sekitar selalu selamat selama
    selain seluruh semua senang sendiri seni sering serta setan setiap setuju sidang silakan sopan sungai surat
    tahan tahun taman tangan tanpa teman tempat tengah tentang tentara terang terima terus tetap tidak tujuan tuan
    uang ulang ulama undang usai utama warga makanan sebelum pemerintah pengacara menurut kematian perintah sekda
    seperti semakin serius siapa keadaan pengaruh perumahan kembali bersama sesama kemudian menjadi berlaku
"""
_PROTECTED = frozenset(_PROTECTED_WORDS.split())


class Stemmer:
    """Stems words with the help of ``roots``; safe to share between threads (its memory only grows, up to a limit)."""

    def __init__(self, roots: frozenset[str], *, remembered: int = 100_000) -> None:
        self._roots = roots
        self._remembered = remembered
        self._stems: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The stem of one lower-case word."""
        known = self._stems.get(word)
        if known is not None:
            return known
        found = self._find(word)
        if len(self._stems) < self._remembered:
            self._stems[word] = found
        return found

    def _find(self, word: str) -> str:
        if len(word) <= MIN_ROOT or word in _PROTECTED or not word.isascii() or not word.isalpha():
            return word
        peels = [peel for peel in dict.fromkeys(_peels(word)) if len(peel) >= MIN_ROOT and peel in self._roots]
        if peels:
            return min(peels, key=len)
        return word if word in self._roots else _plain(word)


def _peels(word: str) -> Iterator[str]:
    """All that may be the root, the word itself first."""
    for body in _bodies(word):
        yield body
        yield from _without_prefix(body)
        for rest in tuple(_without_prefix(body)):
            if len(rest) > MIN_ROOT + 2:
                yield from _without_prefix(rest)


def _bodies(word: str) -> Iterator[str]:
    """Without particles and suffixes, in every combination."""
    yield word
    heads = [word]
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= MIN_ROOT:
            heads.append(word[: -len(particle)])
            yield heads[-1]
    for head in heads:
        for suffix in _SUFFIXES:
            if head.endswith(suffix) and len(head) - len(suffix) >= MIN_ROOT:
                yield head[: -len(suffix)]


def _without_prefix(body: str) -> Iterator[str]:
    for prefix in _PLAIN_PREFIXES:
        if body.startswith(prefix) and len(body) - len(prefix) >= MIN_ROOT:
            yield body[len(prefix) :]
    for prefix, swallowed in _NASALS:
        if not body.startswith(prefix) or len(body) - len(prefix) < MIN_ROOT - 1:
            continue
        rest = body[len(prefix) :]
        for letter in swallowed:
            if letter == "" or rest[0] in _VOWELS:
                yield letter + rest


def _plain(word: str) -> str:
    """For an unknown root: the surest affixes only, and only where enough of the word remains."""
    for particle in ("nya", "lah", "kah", "pun"):
        if word.endswith(particle) and len(word) > len(particle) + 4:
            word = word[: -len(particle)]
            break
    if word.endswith("kan") and len(word) > 7:
        word = word[:-3]
    elif word.endswith("an") and len(word) > 6 and word.startswith(("pe", "ke")):
        word = word[:-2]
    for prefix in ("memper", "diper"):
        if word.startswith(prefix) and len(word) > len(prefix) + 3:
            return word[len(prefix) :]
    for prefix, letter in (("meny", "s"), ("meng", ""), ("peng", ""), ("peny", "s")):
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            return letter + word[len(prefix) :]
    for prefix, letter in (("mem", "p"), ("men", "t"), ("pem", "p"), ("pen", "t")):
        if word.startswith(prefix) and len(word) > len(prefix) + 3:
            rest = word[len(prefix) :]
            return letter + rest if rest[0] in _VOWELS else rest
    for prefix in ("ber", "ter", "di", "me", "ke"):
        if word.startswith(prefix) and len(word) > len(prefix) + 4:
            return word[len(prefix) :]
    return word
