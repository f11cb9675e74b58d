"""The claim inside a fact-check's title, and the fact-checker's own word for it. Pure.

    "[SALAH] Video “KPU sahkan Anies jadi presiden” (GFD-2024-17012)"
        -> KPU sahkan Anies jadi presiden · false · GFD-2024-17012

Verdict words are mapped as in section 7 of the calibration notes: the publisher's word wins over any number. But for
one: ``[KLARIFIKASI]`` is put before a rumour as often as before the correction of one (control claim C22, narrative
N135), so it is a label without a verdict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from collector.model.judgement import Verdict

_VERDICTS: dict[Verdict, str] = {
    Verdict.UNPROVEN: "belum ada bukti|tidak terbukti|belum terbukti|tidak dapat diverifikasi|unproven|no evidence",
    Verdict.MISLEADING: "sebagian benar|sebagian keliru|sebagian salah|menyesatkan|konteks keliru|konteks salah"
    "|konteks yang salah|salah konteks|konteks hilang|tanpa konteks|misinformasi|disinformasi|misleading|half true"
    "|half-true|partly false|mixture|missing context|false context|altered|manipulated",
    Verdict.SCAM: "penipuan|scam|fraud",
    Verdict.SATIRE: "parodi|satire|satiri|satir",
    Verdict.FALSE: "salah|hoaks|hoax|hoak|fitnah|hasut|berita bohong|keliru|tidak benar|palsu|false|fake|pants on fire"
    "|incorrect|bohong",
    Verdict.TRUE: "benar|fakta|true|correct|accurate|terbukti benar",
}
_SAYS_NOTHING = "klarifikasi"
_BY_WORD = {word: verdict for verdict, words in _VERDICTS.items() for word in words.split("|")}
_ANY = "|".join(sorted(map(re.escape, (*_BY_WORD, _SAYS_NOTHING)), key=len, reverse=True))
_CASE = re.compile(r"[\[(]?\b([A-Z]{2,5}-\d{4}-\d{2,7})\b[\])]?")
_BRACKETED = re.compile(
    rf"\A\W{{0,3}}[\[(【]\s*(?P<word>{_ANY}|cek fakta|verifikasi|periksa fakta)\s*[!?]?\s*[\])】]\s*:?\s*", re.I
)
_RUNNING = re.compile(
    rf"\A\W{{0,3}}(?:(?:cek fakta|fact ?check|periksa fakta|verifikasi|tempo|afp)\s*[:,!|-]\s*)?"
    rf"(?:(?P<word>{_ANY})\s*(?:[:!]|,(?=\s))\s*|(?<=[:,!|-])\s*(?P<open>{_ANY})\b\s+)",
    re.I,
)
_CHECK = re.compile(r"\A\W{0,3}(?:cek fakta|fact ?check|periksa fakta|verifikasi)\s*[:,!|-]\s*", re.I)
_MEDIUM = re.compile(
    r"\A(?:beredar\s+)?(?:sebuah\s+)?(?:(?:video|foto|gambar|tangkapan layar|screenshot|artikel|narasi|klaim|unggahan"
    r"|pesan berantai|postingan|poto|cuplikan|rekaman|informasi)\b(?!\s+lama\b)\s*(?:/\s*\w+\s*)?)+"
    r"(?:(?:berita|berjudul|bernarasi|berisi|yang menyebut(?:kan)?|yang mengklaim|memperlihatkan|menampilkan|tentang"
    r"|mengenai|bahwa|dengan narasi)\b\s*)*[:：]?\s*",
    re.I,
)
_QUOTES = "\"'“”„‘’«»`′″"
_WITHIN = re.compile(rf"\A[{_QUOTES}](?P<inner>[^{_QUOTES}]+)[{_QUOTES}]{{1,2}}\s*[.!]?\Z")
_CONTEXT = re.compile(
    r"konteks (?:yang )?salah|konten (?:yang )?(?:menyesatkan|dimanipulasi)|misleading content|false context"
    r"|manipulated content",
    re.I,
)
_SHORTEST = 8  # characters that must remain for a medium word to be cut off


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A fact-check's title taken apart. ``text`` is the claim alone."""

    text: str
    verdict: Verdict | None
    case_id: str | None


def labelled(title: str, body: str = "") -> Labelled:
    """Label, case number, medium word and outer quotation marks of a title told from the claim.

    ``body`` is the fact-check itself: a [SALAH] whose text finds a wrong context is ``misleading``.
    """
    text = " ".join(title.split())
    case = _CASE.search(text)
    if case:
        text = " ".join((text[: case.start()] + " " + text[case.end() :]).split())
    verdict = None
    while found := _BRACKETED.match(text) or _RUNNING.match(text) or _CHECK.match(text):
        words = found.groupdict()
        verdict = verdict or verdict_of(words.get("word") or words.get("open") or "")
        rest = text[found.end() :]
        if len(rest) < 3:
            break
        text = rest
    if verdict is Verdict.FALSE and _CONTEXT.search(body):
        verdict = Verdict.MISLEADING
    return Labelled(text=_claim_only(text), verdict=verdict, case_id=case[1] if case else None)


def verdict_of(word: str) -> Verdict | None:
    """A fact-checker's word on our scale; the most specific part of several decides ("Sebagian Benar")."""
    plain = " ".join(word.lower().strip(" .!?[]():").split())
    if plain in _BY_WORD:
        return _BY_WORD[plain]
    for verdict, words in _VERDICTS.items():
        if re.search(rf"\b(?:{words})\b", plain):
            return verdict
    return None


def is_open(word: str) -> bool:
    """A label that a fact-checker prints without saying whether the claim is true."""
    return word.lower().strip(" .!?[]():") == _SAYS_NOTHING


def verdict_of_rating(value: float, worst: float, best: float) -> Verdict | None:
    """A ClaimReview number on our scale, where the publisher gave no word. None where the scale says nothing."""
    if best <= worst or not worst <= value <= best:
        return None
    share = (value - worst) / (best - worst)
    if share < 0.25:
        return Verdict.FALSE
    return Verdict.MISLEADING if share < 0.7 else Verdict.TRUE


def _claim_only(text: str) -> str:
    shorter = _MEDIUM.sub("", text, count=1)
    if len(shorter) >= _SHORTEST:
        text = shorter
    within = _WITHIN.match(text)
    if within:
        text = within["inner"]
    return text.strip().strip(_QUOTES if text[:1] in _QUOTES and text[-1:] in _QUOTES else "").strip() or text
