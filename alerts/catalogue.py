"""The words of messages in both languages, and how numbers, spans of time and moments are written. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from collector.model.bucket import Measure
from collector.model.clock import HOUR
from collector.model.judgement import Stance, Verdict
from collector.model.phrase import Language, Phrase, Words

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

UNWATCHED = "░"
MAX_SHORT_NAME = 28
ALERTS = _phrase("peringatan", "alerts")
ITEMS = _phrase("kiriman", "items")
CLAIMS = _phrase("isu", "issues")
SOURCES = _phrase("sumber", "sources")

TEXTS: Mapping[str, Phrase] = {
    # ---- the state, in the subject's first word
    "rising": _phrase("NAIK", "RISING"),
    "sharp": _phrase("NAIK TAJAM", "RISING SHARPLY"),
    "extreme": _phrase("MELONJAK", "SURGING"),
    "worse": _phrase("MEMBURUK", "WORSE"),
    "still": _phrase("MASIH TINGGI", "STILL HIGH"),
    "resolved": _phrase("MEREDA", "CALMER"),
    "correction": _phrase("KOREKSI", "CORRECTION"),
    "system": _phrase("SISTEM", "SYSTEM"),
    "digest": _phrase("RINGKASAN", "DIGEST"),
    "test": _phrase("[UJI]", "[UJI] [TEST]"),
    # ---- the sentence that says why
    "why_usual": _phrase(
        "{topic}: {counted} dalam {span} ({window}), {times} kali yang biasa ({expected}), dari {sources} berbeda.",
        "{topic}: {counted} in {span} ({window}), {times} times the usual {expected}, from {sources}.",
    ),
    "why_none_usual": _phrase(
        "{topic}: {counted} dalam {span} ({window}), padahal biasanya tidak ada, dari {sources} berbeda.",
        "{topic}: {counted} in {span} ({window}) where none are usual, from {sources}.",
    ),
    "why_limit": _phrase(
        "{topic}: {counted} dalam {span} ({window}) dari {sources} berbeda; batas aturan ini {limit}.",
        "{topic}: {counted} in {span} ({window}) from {sources}; this rule's limit is {limit}.",
    ),
    "why_resolved": _phrase(
        "{topic} mereda: kini {counted} dalam {span} ({window}){beside}{peak}.",
        "{topic} has calmed down: now {counted} in {span} ({window}){beside}{peak}.",
    ),
    "window_running": _phrase("{window}, jam terakhir masih berjalan", "{window}, the last hour still running"),
    "resolved_usual": _phrase("; biasanya {expected}", "; usually {expected}"),
    "resolved_peak": _phrase("; puncaknya {peak}", "; {peak} at its peak"),
    # ---- what is quoted is not confirmed by being quoted
    "lead": _phrase(
        "Peringatan dini: yang dikutip di bawah ini baru dicurigai dan belum diperiksa.",
        "Early warning: what is quoted below is suspected, and has not been checked.",
    ),
    "lead_some_checked": _phrase(
        "Peringatan dini: yang dikutip di bawah ini baru dicurigai. Yang sudah diperiksa, putusannya tertulis padanya.",
        "Early warning: what is quoted below is suspected. Where it has been checked, the verdict stands with it.",
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
    "checked_again": _phrase("sudah diperiksa: {title}", "already checked: {title}"),
    # ---- fourteen days
    "daily": _phrase("14 hari terakhir", "Last 14 days"),
    "daily_title": _phrase("{topic}: {measure} per hari", "{topic}: {measure} per day"),
    "daily_caption": _phrase("{measure} per hari", "{measure} per day"),
    "daily_alt": _phrase(
        "Grafik batang, {title}, {span} ({zone}): {numbers}. Hari ini {today}, tertinggi sebelumnya {highest}.",
        "Bar chart, {title}, {span} ({zone}): {numbers}. Today {today}, highest before that {highest}.",
    ),
    "daily_span": _phrase("{span}, paling kanan: hari ini", "{span}, rightmost: today"),
    "daily_unwatched": _phrase("{mark}: tidak terpantau", "{mark}: not watched"),
    "today": _phrase("hari ini", "today"),
    # ---- issues
    "issues": _phrase("Isu yang menonjol", "Leading issues"),
    "issue_facts": _phrase(
        "pertama terlihat {seen} · {sources}, {items} dalam jendela ini · kecurigaan {suspicion}",
        "first seen {seen} · {sources}, {items} in this window · suspicion {suspicion}",
    ),
    "issue_facts_checked": _phrase(
        "pertama terlihat {seen} · {sources}, {items} dalam jendela ini",
        "first seen {seen} · {sources}, {items} in this window",
    ),
    "issue_new": _phrase("baru", "new"),
    "checked_before": _phrase(
        "Sudah diperiksa {publisher}: {verdict} — klaim: “{claim}”",
        "Already checked by {publisher}: {verdict} — the claim: “{claim}”",
    ),
    "no_verdict": _phrase("lihat artikelnya", "see the article"),
    "debunks": _phrase("Sudah diperiksa pemeriksa fakta", "Already examined by fact-checkers"),
    "suspected": _phrase("diduga", "suspected"),
    "seen": _phrase("pertama terlihat", "first seen"),
    "the_check": _phrase("Hasil pemeriksaan", "The check"),
    "verdict": _phrase("label pemeriksa fakta", "fact-checker's label"),
    "not_a_link": _phrase("tautan dimatikan: mungkin phishing", "link made unclickable: may be phishing"),
    "private_link": _phrase("tautan memuat nomor pribadi", "the link carries a personal number"),
    # ---- since the last message
    "since": _phrase("Yang baru sejak pesan terakhir", "New since the last message"),
    "since_count": _phrase("Pesan terakhir {at}: {before}; kini {now}.", "Last message {at}: {before}; now {now}."),
    "since_items": _phrase("{items} baru, {issues} baru.", "{items} and {issues} that are new."),
    "since_sources": _phrase("Sumber yang baru ikut: {names}.", "Sources that joined: {names}."),
    "since_nothing": _phrase("Tidak ada kiriman baru.", "No new items."),
    "since_first": _phrase("Ini pesan pertama tentang peringatan ini.", "This is the first message on this alert."),
    # ---- data quality
    "quality": _phrase("Mutu data", "Data quality"),
    "quality_line": _phrase(
        "{polled} dari {total} sumber terbaca dalam jendela ini", "{polled} of {total} sources polled in this window"
    ),
    "quality_failing": _phrase("gagal: {names}", "failing: {names}"),
    "quality_none_failing": _phrase("tidak ada yang gagal", "none failing"),
    "quality_baseline": _phrase(
        "nilai biasa dihitung dari {days} di antara {of} hari", "baseline from {days} of {of} days"
    ),
    "quality_no_baseline": _phrase(
        "aturan ini tidak memakai nilai biasa; {days} di antara {of} hari terpantau",
        "this rule uses no baseline; {days} of {of} days were watched",
    ),
    "and_more": _phrase("dan {n} lainnya", "and {n} more"),
    # ---- what to do
    "actions": _phrase("Tindakan", "What to do"),
    "whole_evidence": _phrase("Semua bukti di halaman Siaga", "All evidence on Siaga's page"),
    "acknowledge": _phrase("Saya tangani (diam sampai memburuk atau reda)", "Acknowledge (quiet until worse or over)"),
    "silence": _phrase("Bisukan untuk sementara", "Silence for a while"),
    "or_command": _phrase("atau dengan perintah", "or by command"),
    "by_command": _phrase("dengan perintah", "by command"),
    "name_here": _phrase("NAMA", "NAME"),
    "comment_here": _phrase("ALASAN", "REASON"),
    # ---- how it was decided
    "method": _phrase("Cara menilai", "How it was decided"),
    "rule_line": _phrase(
        "Aturan {rule}; metode {method}, versi {version}", "Rule {rule}; method {method}, version {version}"
    ),
    "sensitivity": _phrase("kepekaan {sensitivity}", "sensitivity {sensitivity}"),
    "limit_line": _phrase("batas {limit}", "limit {limit}"),
    "opened": _phrase("peringatan {id} mulai {at}", "alert {id} began {at}"),
    "siaga_line": _phrase("Siaga {version}", "Siaga {version}"),
    "standing": _phrase(
        "Skor adalah petunjuk untuk diperiksa, bukan vonis. Periksa sebelum membagikan; bila ada yang keliru di sini, "
        "beri tahu pengelola Siaga Anda.",
        "A score is a lead to check, not a verdict. Check before you share; if something here is wrong, tell whoever "
        "runs your Siaga.",
    ),
    # ---- beside the count in a subject
    "of_limit": _phrase("batas {limit}", "limit {limit}"),
    "usually": _phrase("biasa {expected}", "usual {expected}"),
    # ---- several alerts in one message
    "bundle_going": _phrase("{going} berlangsung.", "{going} going on."),
    "bundle_ended": _phrase("{ended} sudah mereda.", "{ended} over."),
    "bundle_both": _phrase("{going} berlangsung, {ended} sudah mereda.", "{going} going on, {ended} over."),
    "digest_empty": _phrase("tidak ada peringatan", "no alerts"),
    "digest_nothing": _phrase("Tidak ada peringatan sejak ringkasan terakhir.", "No alerts since the last digest."),
    "bundle_more": _phrase("{n} peringatan lagi: siaga alerts --all", "{n} more alerts: siaga alerts --all"),
    "top_issue": _phrase("Isu teratas", "Top issue"),
}

SENSITIVITIES: Mapping[str, Phrase] = {
    "fewer": _phrase("rendah (fewer)", "fewer"),
    "balanced": _phrase("seimbang (balanced)", "balanced"),
    "more": _phrase("tinggi (more)", "more"),
}


say = Words(TEXTS).say


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
    return counted(n, SOURCES, language)


def listed(names: Sequence[str], most: int, language: Language, *, total: int | None = None) -> str:
    """``A, B, C dan 2 lainnya``; ``total`` where ``names`` are only the first of so many."""
    shown = ", ".join(names[:most])
    more = (len(names) if total is None else total) - most
    return shown if more <= 0 else f"{shown} {say('and_more', language, n=number(more, language))}"


def short_name(name: str, limit: int = MAX_SHORT_NAME) -> str:
    """A name for a subject line, of which a telephone shows about 60 characters: a topic without what stands in
    brackets, cut between words; of an issue (``isu yang dicurigai “Surat suara ...”``) one word and how it begins."""
    before, quote, claim = name.partition("“")
    if quote:
        return f"{before.partition(' ')[0]} “{_cut(claim.removesuffix('”'), limit)}”".lstrip()
    return _cut(name.partition(" (")[0].strip() or name, limit)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit + 1].rpartition(" ")[0]
    kept = head if len(head) >= limit // 2 else text[: limit - 1]
    return f"{kept.rstrip(' ,;:-/')}…"


def decimal(value: float, language: Language, places: int = 2) -> str:
    """0.83 as ``0,83`` or ``0.83``."""
    text = f"{value:.{places}f}"
    return text.replace(".", ",") if language == "id" else text


def span(length: timedelta, language: Language) -> str:
    """``6 jam``, ``7 hari``: whole days from two days up, else hours."""
    if length >= 2 * _DAY and not length % _DAY:
        return counted(length // _DAY, Phrase(id="hari", en="days"), language)
    return counted(length // HOUR, Phrase(id="jam", en="hours"), language)


def day(moment: date, language: Language) -> str:
    """``25 November 2026``, in either language."""
    months = _MONTHS_ID if language == "id" else _MONTHS_EN
    return f"{moment.day} {months[moment.month - 1]} {moment.year}"


def days(first: date, last: date, language: Language) -> str:
    """``12–25 November 2026``, ``28 Oktober – 10 November 2026``, with both years where they differ."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, language)}"
    begin = day(first, language)
    return f"{begin if first.year != last.year else begin.rpartition(' ')[0]} – {day(last, language)}"


def short_month(month: int, language: Language) -> str:
    """1 is ``Jan`` in either language, 8 ``Agu`` or ``Aug``."""
    return (_MONTHS_ID if language == "id" else _MONTHS_EN)[month - 1][:3]


def clock_time(at: datetime, zone: tzinfo, language: Language) -> str:
    """``10.00`` in the zone with a dot, as Indonesian newspapers write it; ``10:00`` in English."""
    return at.astimezone(zone).strftime("%H.%M" if language == "id" else "%H:%M")


def moment(at: datetime, zone: tzinfo, language: Language) -> str:
    """``25 November 2026 10.00 WIB`` (WIB, WITA, WIT; elsewhere the zone's own short name)."""
    return f"{day(at.astimezone(zone), language)} {clock_time(at, zone, language)} {zone_name(at, zone)}"


def zone_name(at: datetime, zone: tzinfo) -> str:
    """``WIB``, ``CET``; ``UTC+03`` for zones that have no letters of their own."""
    name = at.astimezone(zone).tzname() or "UTC"
    return name if name[0].isalpha() else f"UTC{name}"


def period(start_at: datetime, end_at: datetime, zone: tzinfo, language: Language) -> str:
    """``25 November 2026 04.00-10.00 WIB``; with both dates where they differ."""
    start, end = start_at.astimezone(zone), end_at.astimezone(zone)
    if start.date() == end.date():
        hours = f"{clock_time(start_at, zone, language)}–{clock_time(end_at, zone, language)}"
        return f"{day(start, language)} {hours} {zone_name(end_at, zone)}"
    return f"{day(start, language)} {clock_time(start_at, zone, language)} – {moment(end_at, zone, language)}"


def bar(count: int, highest: int, width: int) -> str:
    """A bar of at most so many characters, in eighths of one."""
    eighths = round(8 * width * count / max(1, highest))
    if count and not eighths:
        eighths = 1
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def bars(counts: Sequence[int | None]) -> str:
    """The counts as a row of small bars; zero is a baseline dot, :data:`UNWATCHED` what nobody watched."""
    steps, top = "▁▂▃▄▅▆▇█", max(filter(None, counts), default=0)
    return "".join(UNWATCHED if n is None else steps[(n * len(steps) - 1) // top] if n else "·" for n in counts)
