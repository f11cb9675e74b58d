"""The words of messages in both languages, and how numbers, spans of time and moments are written. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo

from collector.model.bucket import Measure
from collector.model.clock import HOUR
from collector.model.judgement import Stance, Verdict
from collector.model.phrase import Language, Phrase

_DAY = timedelta(days=1)

_MONTHS_ID = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _phrase(indonesian: str, english: str) -> Phrase:
    return Phrase(id=indonesian, en=english)


MEASURES: Mapping[Measure, Phrase] = {
    Measure.SUSPICIOUS: _phrase("sebutan mencurigakan", "suspicious mentions"),
    Measure.DEBUNKS: _phrase("artikel cek fakta", "fact-checks"),
    Measure.MENTIONS: _phrase("sebutan", "mentions"),
    Measure.KNOWN_CLAIMS: _phrase("ulangan klaim yang sudah diperiksa", "repeated checked claims"),
    Measure.ISSUES: _phrase("isu baru", "new issues"),
}

STANCES: Mapping[Stance, Phrase] = {
    Stance.SPREAD: _phrase("menyebarkan klaim", "spreads a claim"),
    Stance.DEBUNK: _phrase("cek fakta", "fact-check"),
    Stance.NEWS: _phrase("berita", "news"),
    Stance.SATIRE: _phrase("satire", "satire"),
}

VERDICTS: Mapping[Verdict, Phrase] = {
    Verdict.FALSE: _phrase("salah", "false"),
    Verdict.MISLEADING: _phrase("menyesatkan", "misleading"),
    Verdict.SCAM: _phrase("penipuan", "scam"),
    Verdict.SATIRE: _phrase("satire", "satire"),
    Verdict.TRUE: _phrase("benar", "true"),
    Verdict.UNPROVEN: _phrase("belum terbukti", "unproven"),
}

TEXTS: Mapping[str, Phrase] = {
    "first": _phrase("NAIK", "RISING"),
    "worse": _phrase("MEMBURUK", "WORSE"),
    "still": _phrase("MASIH", "STILL"),
    "resolved": _phrase("MEREDA", "CALMER"),
    "system": _phrase("SISTEM", "SYSTEM"),
    "test": _phrase("[UJI]", "[UJI] [TEST]"),
    "lead": _phrase(
        "Peringatan dini: kutipan di bawah ini baru dicurigai dan belum diperiksa.",
        "Early warning: what is quoted below is suspected, and has not been checked.",
    ),
    "lead_debunks": _phrase(
        "Peringatan dini: klaim yang dikutip di bawah ini sudah diperiksa oleh pemeriksa fakta.",
        "Early warning: the claims quoted below have been examined by fact-checkers.",
    ),
    "lead_known_claims": _phrase(
        "Peringatan dini: klaim yang dikutip di bawah ini beredar lagi; pemeriksa fakta sudah pernah memeriksanya.",
        "Early warning: the claims quoted below are going round again; fact-checkers have examined them before.",
    ),
    "lead_issues": _phrase(
        "Peringatan dini: isu di bawah ini baru dicurigai atau baru dibahas pemeriksa fakta; anggap sebagai petunjuk.",
        "Early warning: the issues below are suspected, or were just taken up by fact-checkers; read them as leads.",
    ),
    "checked_again": _phrase("sudah diperiksa: {title}", "already checked: {title}"),
    "checked_before": _phrase(
        "Sudah diperiksa {publisher}: {verdict} — klaim: “{claim}”",
        "Already checked by {publisher}: {verdict} — the claim: “{claim}”",
    ),
    "no_verdict": _phrase("lihat artikelnya", "see the article"),
    "lead_mentions": _phrase(
        "Peringatan dini: topik ini lebih ramai dari batas; isinya belum diperiksa.",
        "Early warning: this topic is busier than its limit; what is said has not been checked.",
    ),
    "lead_resolved": _phrase(
        "Lonjakan ini sudah mereda. Yang dikutip di bawah ini belum tentu benar atau salah.",
        "This spike has calmed down. What is quoted below is neither confirmed nor refuted by that.",
    ),
    "lead_test": _phrase(
        "Ini pesan uji: tidak ada lonjakan sungguhan. Isinya contoh.",
        "This is a test message: there is no real spike. Its content is made up.",
    ),
    "why": _phrase("Mengapa", "Why"),
    "window": _phrase("Jendela waktu", "Window"),
    "usual": _phrase("Biasanya", "Usually"),
    "limit": _phrase("Batas", "Limit"),
    "sources": _phrase("Sumber berbeda", "Distinct sources"),
    "opened": _phrase("Mulai", "Began"),
    "items": _phrase("Yang paling menonjol", "Leading items"),
    "debunks": _phrase("Sudah diperiksa pemeriksa fakta", "Already examined by fact-checkers"),
    "suspected": _phrase("diduga", "suspected"),
    "suspicion": _phrase("kecurigaan", "suspicion"),
    "seen": _phrase("pertama terlihat", "first seen"),
    "verdict": _phrase("label pemeriksa fakta", "fact-checker's label"),
    "not_a_link": _phrase("tautan dimatikan", "link made unclickable"),
    "daily": _phrase("Per hari, 14 hari terakhir (kanan: hari ini)", "Per day, last 14 days (right: today)"),
    "quality": _phrase("Mutu data", "Data quality"),
    "quality_line": _phrase(
        "{polled} dari {total} sumber terbaca dalam jendela ini.",
        "{polled} of {total} sources were read in this window.",
    ),
    "quality_failing": _phrase("Sedang gagal: {names}.", "Failing now: {names}."),
    "and_more": _phrase("dan {n} lainnya", "and {n} more"),
    "rule_line": _phrase(
        "Aturan {rule}; metode {method}, versi {version}.", "Rule {rule}; method {method}, version {version}."
    ),
    "standing": _phrase(
        "Skor adalah petunjuk untuk diperiksa, bukan vonis. Periksa sebelum membagikan; bila ada yang keliru di sini, "
        "beri tahu pengelola Siaga Anda.",
        "A score is a lead to check, not a verdict. Check before you share; if something here is wrong, tell whoever "
        "runs your Siaga.",
    ),
    "of_limit": _phrase("batas {limit}", "limit {limit}"),
    "usually": _phrase("biasanya {expected}", "usually {expected}"),
    "n_sources": _phrase("{n} sumber", "{n} sources"),
}


def say(key: str, language: Language, **values: object) -> str:
    """The text of the catalogue in that language, with ``values`` filled in. Raises KeyError for an unknown key."""
    text = TEXTS[key].in_language(language)
    return text.format(**values) if values else text


def number(value: float, language: Language) -> str:
    """12345.6 as ``12.346`` or ``12,346``; below ten one decimal is kept where there is one (``5,7``)."""
    rounded = round(value, 1) if abs(value) < 10 else round(value)
    text = f"{rounded:,.1f}" if rounded != int(rounded) else f"{int(rounded):,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "id" else text


def counted(n: int, noun: Phrase, language: Language) -> str:
    """``1 suspicious mention``, ``34 sebutan mencurigakan`` (Indonesian has no plural ending)."""
    word = noun.in_language(language)
    return f"{number(n, language)} {word.removesuffix('s') if language == 'en' and n == 1 else word}"


def sources(n: int, language: Language) -> str:
    return counted(n, Phrase(id="sumber", en="sources"), language)


def span(length: timedelta, language: Language) -> str:
    """``6 jam``, ``7 hari``: whole days from two days up, else hours."""
    if length >= 2 * _DAY and not length % _DAY:
        return counted(length // _DAY, Phrase(id="hari", en="days"), language)
    return counted(length // HOUR, Phrase(id="jam", en="hours"), language)


def day(moment: date, language: Language) -> str:
    """``25 November 2026``, in either language."""
    months = _MONTHS_ID if language == "id" else _MONTHS_EN
    return f"{moment.day} {months[moment.month - 1]} {moment.year}"


def short_month(month: int, language: Language) -> str:
    """1 is ``Jan`` in either language, 8 ``Agu`` or ``Aug``."""
    return (_MONTHS_ID if language == "id" else _MONTHS_EN)[month - 1][:3]


def clock_time(at: datetime, zone: tzinfo, language: Language) -> str:
    """``10.00`` in the zone with a dot, as Indonesian newspapers write it; ``10:00`` in English."""
    return at.astimezone(zone).strftime("%H.%M" if language == "id" else "%H:%M")


def moment(at: datetime, zone: tzinfo, language: Language) -> str:
    """``25 November 2026 10.00 WIB`` (WIB, WITA, WIT; elsewhere the zone's own short name)."""
    local = at.astimezone(zone)
    return f"{day(local, language)} {clock_time(at, zone, language)} {local.tzname()}"


def period(start_at: datetime, end_at: datetime, zone: tzinfo, language: Language) -> str:
    """``25 November 2026 04.00-10.00 WIB``; with both dates where they differ."""
    start, end = start_at.astimezone(zone), end_at.astimezone(zone)
    if start.date() == end.date():
        hours = f"{clock_time(start_at, zone, language)}–{clock_time(end_at, zone, language)}"
        return f"{day(start, language)} {hours} {end.tzname()}"
    return f"{day(start, language)} {clock_time(start_at, zone, language)} – {moment(end_at, zone, language)}"


def bars(counts: tuple[int, ...]) -> str:
    """The counts as a row of small bars; zero is a baseline dot."""
    top = max(counts, default=0)
    if top == 0:
        return "·" * len(counts)
    steps = "▁▂▃▄▅▆▇█"
    return "".join("·" if n == 0 else steps[(n * len(steps) - 1) // top] for n in counts)
