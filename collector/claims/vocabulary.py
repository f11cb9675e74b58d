"""What the words of a claim mean: spellings, synonyms, names and opposites, from ``collector/data/claims``.

Built once (some 40 ms) and shared; nothing in it changes afterwards except the stemmer's memory.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from collector.claims.stem import Stemmer

NAME_KINDS = frozenset({"person", "party", "institution", "place", "country"})
_WORD = re.compile(r"[^\W_]+")
# Words that carry nothing to compare; everything else counts by its rarity.
_FILLERS = """
    yang dengan dan untuk dari ke di pada karena kalau tapi atau juga saja sudah akan mau lagi sedang masih bisa harus
    sama seperti sekali banyak saya kamu dia kita kami mereka ini itu apa siapa kenapa bagaimana kapan sampai sejak
    terus nanti sekarang besok kemarin hari katanya lebih paling langsung begitu begini tentang lihat tolong tahu
    jadi dapat ada benar baru sangat cuma malah biar lewat bikin teman bapak ibu jalan bagi oleh dalam sebagai adalah
    ialah yaitu para si sang sebuah suatu hal secara antara atas bawah luar demi guna agar hingga saat ketika waktu
    tersebut pun lah kah nya deh dong sih kok nih tuh kan ya yah loh lho wkwk wkwkwk wkwkwkwk haha hahaha hehe lur cak
    gaes guys gaess gan bro sis bang mas mbak mba kak om pakde bu coy cuy bestie woi woy eh oh ah anjir astaga
    astagfirullah alhamdulillah insyaallah inalillahi assalamualaikum wassalam ternyata akhirnya mulai kata sebut
    terkait soal menurut atas tapi begini isi rekan saudara video foto berita informasi viral heboh simak waspada
    breaking news
    the a an of to in on for and or is are was were be been by with from at as that this it its his her their our we
    they he she you i has have had will would just only so now not no yes who what when where how
    jare kon yo to ta mah teh euy atuh rek cah ing sak wong kuwi ana nah lah mulo
    dst dll dsb tsb yth
"""
FILLERS = frozenset(_FILLERS.split())
NEGATIONS = frozenset({"tidak", "bukan", "belum", "tanpa", "jangan", "never", "not", "no", "without", "mustahil"})


@dataclass(frozen=True, slots=True)
class Name:
    """A known name: its key ("person:jokowi"), its kind, and keys it may stand for."""

    key: str
    kind: str
    related: frozenset[str]
    related_senses: frozenset[int]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words with one meaning."""

    words: tuple[str, ...]
    key: str
    senses: frozenset[int]


def entries(text: str) -> Iterator[tuple[str, str, str]]:
    """(section, head, rest) of the lines "head = rest"."""
    section = ""
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#") and "=" in line:
            head, _, rest = line.partition("=")
            yield section, head.strip(), rest.strip()


def _parts(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split(",")) if part]


def _data(name: str) -> str:
    return (files("collector") / "data" / "claims" / name).read_text(encoding="utf-8")


class Vocabulary:
    """See the module. ``spelling`` maps one word to plain words; ``senses`` a stem to the numbers of its meanings."""

    def __init__(self, *, spelling: str, roots: str, concepts: str, names: str, opposites: str) -> None:
        self.spelling = {
            variant: tuple(head.split())
            for _, head, rest in entries(spelling)
            for variant in _parts(rest)
            if variant != head
        }
        concept_lines = tuple(entries(concepts))
        self.roots = self._roots_of(concept_lines, roots)
        self.stemmer = Stemmer(self.roots)
        self.senses: dict[str, frozenset[int]] = {}
        self.phrases: dict[str, list[Phrase]] = defaultdict(list)
        self.deeds = self._read_concepts(concept_lines)
        self.names: dict[str, list[tuple[tuple[str, ...], Name]]] = defaultdict(list)
        self._read_names(tuple(entries(names)))
        self.opposites = self._read_opposites(opposites)
        self._against: dict[str, frozenset[str]] = {}
        self._handles: dict[str, frozenset[str]] = {}
        self.known = self.roots | FILLERS | frozenset(self.spelling) | self._name_words()

    # ---------------------------------------------------------------- words

    def plain(self, word: str) -> tuple[str, ...]:
        """One word as it stands in a dictionary; several where it is short for several."""
        return self.spelling.get(word, (word,))

    def knows(self, word: str) -> bool:
        return word in self.known or self.stemmer.stem(word) in self.roots

    def normal(self, text: str) -> list[str]:
        """The plain words of a list entry."""
        return [plain for word in _WORD.findall(text.lower()) for plain in self.plain(word)]

    def against(self, key: str) -> frozenset[str]:
        """The handles of what excludes the term of that key."""
        known = self._against.get(key)
        if known is None:
            handles = self.handles(key)
            known = frozenset(other for handle in handles for other in self.opposites.get(handle, ()))
            self._against[key] = known
        return known

    def handles(self, key: str) -> frozenset[str]:
        """A stem and the names of its senses, as the list of opposites knows them."""
        known = self._handles.get(key)
        if known is None:
            names = (f"sense:{self.sense_names[sense]}" for sense in self.senses.get(key, ()))
            known = self._handles[key] = frozenset((key, *names))
        return known

    # ---------------------------------------------------------------- reading the lists

    def _roots_of(self, lines: Iterable[tuple[str, str, str]], roots: str) -> frozenset[str]:
        words = {word for _, head, rest in lines for part in (head, *_parts(rest)) for word in part.split()}
        words |= {word for meaning in self.spelling.values() for word in meaning}
        words.update(word for line in roots.splitlines() if not line.startswith("#") for word in line.split())
        words -= FILLERS
        candidates = frozenset(word for word in words if word.isalpha() and len(word) >= 3)
        # A word that can be peeled to another root ("dukungan" to "dukung") is none itself.
        stemmer = Stemmer(candidates, remembered=0)
        return frozenset(word for word in candidates if stemmer.stem(word) == word)

    def _read_concepts(self, lines: Iterable[tuple[str, str, str]]) -> frozenset[int]:
        deeds = set()
        senses: dict[str, set[int]] = defaultdict(set)
        phrases: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self.sense_names: list[str] = []
        for number, (section, head, rest) in enumerate(lines):
            self.sense_names.append(head)
            if section == "deed":
                deeds.add(number)
            for part in {head, *_parts(rest)}:
                words = tuple(self.stemmer.stem(word) for word in self.normal(part))
                if len(words) == 1:
                    senses[words[0]].add(number)
                elif words:
                    phrases[words].add(number)
        self.senses = {stem: frozenset(numbers) for stem, numbers in senses.items()}
        for words, numbers in phrases.items():
            key = "_".join(words) if len(numbers) > 1 else f"c:{self.sense_names[min(numbers)]}"
            self.phrases[words[0]].append(Phrase(words, key, frozenset(numbers)))
        for options in self.phrases.values():
            options.sort(key=lambda phrase: -len(phrase.words))
        return frozenset(deeds)

    def _read_names(self, lines: tuple[tuple[str, str, str], ...]) -> None:
        keys: dict[str, str] = {}
        for section, head, rest in lines:
            for variant in (head, *_parts(rest.partition("~")[0])):
                keys.setdefault(" ".join(self.normal(variant)), f"{section}:{head}")
        related: dict[str, set[str]] = defaultdict(set)
        for section, head, rest in lines:
            own = f"{section}:{head}"
            for other in _parts(rest.partition("~")[2]):
                for key in self._keys_in(other, keys):
                    related[own].add(key)
                    related[key].add(own)
        for section, head, rest in lines:
            key = f"{section}:{head}"
            senses = frozenset(int(other[6:]) for other in related[key] if other.startswith("sense:"))
            name = Name(
                key, section, frozenset(other for other in related[key] if not other.startswith("sense:")), senses
            )
            for variant in {head, *_parts(rest.partition("~")[0])}:
                words = tuple(self.normal(variant))
                if words and not (len(words) == 1 and words[0] in FILLERS | NEGATIONS):
                    self.names[words[0]].append((words, name))
        for options in self.names.values():
            options.sort(key=lambda option: -len(option[0]))

    def _keys_in(self, text: str, keys: Mapping[str, str]) -> Iterator[str]:
        """The names in a related entry ("ketua kpu" stands for kpu), else the sense it has as a word or phrase."""
        plain = " ".join(self.normal(text))
        if plain in keys:
            yield keys[plain]
            return
        stems = tuple(self.stemmer.stem(word) for word in plain.split())
        phrase = next((p for p in self.phrases.get(stems[0], ()) if p.words == stems), None)
        if phrase:
            yield from (f"sense:{number}" for number in phrase.senses)
        elif len(stems) == 1:
            yield from (f"sense:{number}" for number in self.senses.get(stems[0], ()))
        else:
            yield from (keys[word] for word in plain.split() if word in keys)

    def _read_opposites(self, text: str) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for line in text.splitlines():
            if line.startswith("#") or "/" not in line:
                continue
            left, right = ([self._side(part) for part in _parts(side)] for side in line.split("/"))
            for one in left:
                for other in right:
                    found[one].add(other)
                    found[other].add(one)
        return {key: frozenset(others) for key, others in found.items()}

    def _side(self, text: str) -> str:
        """How a side of an opposite is recognised: by the sense of that name, else by its stem."""
        return f"sense:{text}" if text in self.sense_names else self.stemmer.stem(self.normal(text)[0])

    def _name_words(self) -> frozenset[str]:
        return frozenset(word for options in self.names.values() for words, _ in options for word in words)


@cache
def shipped() -> Vocabulary:
    """The packaged lists."""
    return Vocabulary(
        spelling=_data("spelling.txt"),
        roots=_data("roots.txt"),
        concepts=_data("concepts.txt"),
        names=_data("names.txt"),
        opposites=_data("opposites.txt"),
    )
