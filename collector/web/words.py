"""The page's words in both languages. What messages and pages share stands in :mod:`alerts.catalogue`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from alerts.catalogue import number, span
from collector.model.alert import Alert
from collector.model.clock import HOUR
from collector.model.phrase import Language, Phrase
from collector.web.days import Days


def _phrase(indonesian: str, english: str) -> Phrase:
    return Phrase(id=indonesian, en=english)


TEXTS: Mapping[str, Phrase] = {
    # ------------------------------------------------ frame
    "skip": _phrase("Lompat ke isi", "Skip to content"),
    "menu": _phrase("Bagian", "Sections"),
    "now": _phrase("Sekarang", "Now"),
    "issues": _phrase("Isu", "Issues"),
    "sources": _phrase("Sumber", "Sources"),
    "reports": _phrase("Laporan", "Reports"),
    "tip": _phrase("Lapor klaim", "Report a claim"),
    "language": _phrase("Bahasa", "Language"),
    "log_in": _phrase("Masuk", "Log in"),
    "log_out": _phrase("Keluar", "Log out"),
    "as": _phrase("Masuk sebagai {name}", "Logged in as {name}"),
    "as_guest": _phrase("Hanya membaca", "Reading only"),
    "standing": _phrase(
        "Skor adalah petunjuk untuk diperiksa, bukan vonis.", "A score is a lead to check, not a verdict."
    ),
    "refused": _phrase("Tidak bisa", "Not possible"),
    "home": _phrase("Ke halaman Sekarang", "To the page Now"),
    # ------------------------------------------------ log-in
    "login_lead": _phrase(
        "Tindakan (putusan, gabung, tangani, senyapkan) dicatat dengan nama Anda.",
        "What you do (verdict, merge, acknowledge, silence) is written down with your name.",
    ),
    "name": _phrase("Nama", "Name"),
    "name_or_none": _phrase("Nama (kosongkan untuk sandi bersama)", "Name (leave empty for the shared password)"),
    "password": _phrase("Kata sandi", "Password"),
    "login_failed": _phrase("Nama atau kata sandi salah.", "Wrong name or password."),
    "login_wait": _phrase(
        "Terlalu banyak percobaan. Coba lagi dalam {seconds} detik.", "Too many tries. Try again in {seconds} seconds."
    ),
    "nobody": _phrase(
        "Belum ada pengguna. Pengelola menambahkannya dengan: siaga user add NAMA",
        "There is no user yet. Whoever runs this Siaga adds one by: siaga user add NAME",
    ),
    # ------------------------------------------------ now
    "open_alerts": _phrase("Peringatan aktif", "Open alerts"),
    "no_alerts": _phrase("Tidak ada peringatan aktif.", "No alert is open."),
    "resolved": _phrase("Baru mereda", "Recently over"),
    "rising": _phrase("Isu yang naik", "Issues that rise"),
    "rising_lead": _phrase(
        "Unggahan mencurigakan dalam 24 jam terakhir, dihimpun per klaim.",
        "Suspicious items of the last 24 hours, grouped by claim.",
    ),
    "no_rising": _phrase("Tidak ada dalam 24 jam terakhir.", "None in the last 24 hours."),
    "topics": _phrase("Topik, 14 hari terakhir", "Topics, last 14 days"),
    "topics_lead": _phrase(
        "Batang: per hari, hari ini di kanan. Garis putus-putus: hari biasa (median empat minggu sebelumnya).",
        "Bars: per day, today on the right. Dashed line: a usual day (median of the four weeks before).",
    ),
    "count_of": _phrase("Yang dihitung", "What is counted"),
    "in_24h": _phrase("dalam 24 jam", "in 24 hours"),
    "usual_day": _phrase("biasa {usual} per hari", "usually {usual} a day"),
    "usual_unknown": _phrase("hari biasa belum diketahui", "usual day not known yet"),
    "items_24h": _phrase("{items} unggahan, {publishers} penerbit", "{items} items, {publishers} publishers"),
    "of_window": _phrase("{count} dalam {window}", "{count} in {window}"),
    "usually": _phrase("biasanya {expected}", "usually {expected}"),
    "limit_is": _phrase("batas {limit}", "limit {limit}"),
    "since": _phrase("sejak", "since"),
    "until": _phrase("sampai", "until"),
    "held_by": _phrase("ditangani {name}", "in hand: {name}"),
    "all_read": _phrase("Semua {total} sumber terbaca.", "All {total} sources are read."),
    "some_failing": _phrase(
        "{healthy} dari {total} sumber terbaca; {failing} gagal.",
        "{healthy} of {total} sources are read; {failing} fail.",
    ),
    # ------------------------------------------------ confirm
    "ack_title": _phrase("Tangani peringatan ini?", "Acknowledge this alert?"),
    "silence_title": _phrase("Senyapkan?", "Silence it?"),
    "ack_lead": _phrase(
        "Siaga tidak mengulang peringatan ini sampai memburuk atau mereda.",
        "Siaga will not repeat this alert until it gets worse or ends.",
    ),
    "silence_lead": _phrase(
        "Tidak ada yang diberi tahu tentang {name} sampai waktunya habis. Catatannya tetap tampil di sini.",
        "Nobody is told about {name} until the time is over. The record of it stays visible here.",
    ),
    "ack": _phrase("Tangani", "Acknowledge"),
    "silence": _phrase("Senyapkan", "Silence"),
    "your_name": _phrase("Nama Anda", "Your name"),
    "note": _phrase("Catatan (boleh kosong)", "Note (may be empty)"),
    "comment": _phrase("Alasan", "Reason"),
    "for_how_long": _phrase("Selama", "For"),
    "missing_name": _phrase("Isi nama Anda.", "Enter your name."),
    "missing_comment": _phrase("Isi alasannya.", "Enter the reason."),
    "already_over": _phrase("Peringatan ini sudah mereda.", "This alert is over already."),
    "already_held": _phrase("Sudah ditangani {name}.", "Already in hand: {name}."),
    "link_ends": _phrase("Tautan ini berlaku sampai", "This link is good until"),
    "done": _phrase("Tercatat", "Done"),
    "ack_done": _phrase("Peringatan ini sekarang ditangani.", "The alert is now in hand."),
    "silence_done": _phrase("Sekarang senyap.", "It is silent now."),
    "see_alert": _phrase("Lihat peringatannya", "See the alert"),
}

REFUSALS: Mapping[int, Phrase] = {
    400: _phrase("Permintaan ini tidak dapat dibaca.", "This request cannot be read."),
    401: _phrase("Masuk dulu.", "Log in first."),
    403: _phrase(
        "Ini tidak diizinkan. Bila Anda baru mengirim formulir: muat ulang halamannya dan kirim lagi.",
        "This is not allowed. If you just sent a form: reload its page and send it again.",
    ),
    404: _phrase("Halaman atau catatan ini tidak ada.", "There is no such page or record."),
    405: _phrase("Alamat ini tidak menerima permintaan seperti itu.", "This address takes no such request."),
    413: _phrase("Terlalu besar.", "Too large."),
    421: _phrase("Siaga ini dibuka di alamat lain.", "This Siaga is opened at another address."),
    429: _phrase("Terlalu sering. Tunggu sebentar.", "Too often. Wait a moment."),
    500: _phrase("Ada yang rusak di sini; lognya mencatat.", "Something broke here; the log has it."),
    503: _phrase("Basis data sedang sibuk. Muat ulang sebentar lagi.", "The database is busy. Reload in a moment."),
}


def say(key: str, language: Language, **values: object) -> str:
    """Raises KeyError for an unknown key."""
    text = TEXTS[key].in_language(language)
    return text.format(**values) if values else text


def ago(since: timedelta, language: Language) -> str:
    """``12 menit lalu``; a moment that has not come is ``baru saja``."""
    minutes = int(since.total_seconds() // 60)
    if minutes < 1:
        return "baru saja" if language == "id" else "just now"
    for size, indonesian, english in ((2880, "hari", "day"), (60, "jam", "hour"), (1, "menit", "minute")):
        if minutes >= size:
            many = minutes // (1440 if size == 2880 else size)
            if language == "id":
                return f"{number(many, language)} {indonesian} lalu"
            return f"{number(many, language)} {english}{'' if many == 1 else 's'} ago"
    raise AssertionError(since)


def hours(many: int, language: Language) -> str:
    """``6 jam``, ``3 hari``."""
    return span(many * HOUR, language)


def window(alert: Alert, language: Language) -> str:
    """``dalam 6 jam, biasanya 5``; beside the limit where the method has no usual."""
    within = "dalam" if language == "id" else "in"
    if alert.expected is None:
        beside = say("limit_is", language, limit=number(alert.limit, language))
    else:
        beside = say("usually", language, expected=number(alert.expected, language))
    return f"{within} {span(alert.window, language)}, {beside}"


def picture_label(days: Days, language: Language) -> str:
    """What a picture of days says, in words."""
    counts = ", ".join(number(count, language) for count in days.counts)
    usual = "" if days.usual is None else say("usual_day", language, usual=number(days.usual, language))
    start = "14 hari terakhir, hari ini yang terakhir" if language == "id" else "last 14 days, today last"
    return f"{start}: {counts}" + (f"; {usual}" if usual else "")
