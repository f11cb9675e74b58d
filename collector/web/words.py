"""The page's words in both languages. What messages and pages share stands in :mod:`alerts.catalogue`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from alerts.catalogue import number, span
from collector.model.alert import Alert
from collector.model.clock import HOUR
from collector.model.phrase import Language, Phrase, Words
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
    "opened_ago": _phrase("dibuka", "opened"),
    "since": _phrase("sejak", "since"),
    "until": _phrase("sampai", "until"),
    "held_by": _phrase("ditangani {name}", "in hand: {name}"),
    "none_active": _phrase("Tidak ada sumber yang aktif.", "No source is switched on."),
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
    # ------------------------------------------------ alert
    "firing": _phrase("aktif", "open"),
    "over": _phrase("mereda", "over"),
    "rule": _phrase("Aturan", "Rule"),
    "alert_number": _phrase("peringatan {number}", "alert {number}"),
    "peak": _phrase("puncak {peak}", "peak {peak}"),
    "not_watched": _phrase("tidak terpantau", "not watched"),
    "gaps_caption": _phrase(
        "Hari yang diarsir tidak terpantau: bukan nol.", "Hatched days were not watched: that is not zero."
    ),
    "picture_caption": _phrase(
        "Per hari, 14 hari; hari terakhir di kanan.", "Per day, 14 days; the last one on the right."
    ),
    "usual_sentence": _phrase(
        "Garis putus-putus: hari biasa, {usual} (median empat minggu sebelumnya).",
        "Dashed line: a usual day, {usual} (median of the four weeks before).",
    ),
    "usual_unknown_sentence": _phrase("Hari biasa belum diketahui.", "A usual day is not known yet."),
    "numbers": _phrase("Angkanya", "The numbers"),
    "day": _phrase("Hari", "Day"),
    "count": _phrase("Jumlah", "Count"),
    "why": _phrase("Mengapa", "Why"),
    "method_line": _phrase("Metode {method}, versi {version}.", "Method {method}, version {version}."),
    "leading_issues": _phrase("Klaim di baliknya", "Claims behind it"),
    "n_items_here": _phrase("{n} unggahan di sini", "{n} items here"),
    "evidence": _phrase("Bukti", "Evidence"),
    "evidence_lead": _phrase(
        "Yang dihitung, yang paling dicurigai dulu. Dicurigai belum berarti salah.",
        "What was counted, the most suspicious first. Suspected does not mean false.",
    ),
    "no_evidence": _phrase("Tidak ada yang tersimpan lagi.", "Nothing is stored any more."),
    "show_more": _phrase("Tampilkan {n} lagi", "Show {n} more"),
    "suspicion": _phrase("Kecurigaan", "Suspicion"),
    "checked_by": _phrase("Sudah diperiksa {publisher}:", "Checked by {publisher}:"),
    "what_to_do": _phrase("Tindakan", "What to do"),
    "silent_until": _phrase("Senyap sampai", "Silent until"),
    "end_silence": _phrase("Akhiri senyap", "End the silence"),
    "readers_only_read": _phrase(
        "Anda masuk sebagai pembaca; tindakan perlu penyunting.", "You are a reader; acting takes an editor."
    ),
    "log_in_to_act": _phrase("Masuk untuk bertindak", "Log in to act"),
    "life": _phrase("Riwayat", "History"),
    "event_first": _phrase("Naik.", "Rising."),
    "event_worse": _phrase("Memburuk.", "Worse."),
    "event_still": _phrase("Masih.", "Still."),
    "event_resolved": _phrase("Mereda.", "Over."),
    "told": _phrase("Yang diberi tahu", "Who was told"),
    "state_sent": _phrase("terkirim", "sent"),
    "state_pending": _phrase("menunggu", "waiting"),
    "state_dead": _phrase("gagal", "given up"),
    # ------------------------------------------------ item
    "first_seen": _phrase("pertama terlihat", "first seen"),
    "link_dead": _phrase("tautan dimatikan", "link made unclickable"),
    "key_topic": _phrase("kata topik", "word of a topic"),
    "key_reason": _phrase("alasan skor", "reason of the score"),
    "score_lead": _phrase(
        "Seberapa mirip tulisannya dengan yang pernah terbukti salah: 6 poin sama dengan 50. Bukan putusan.",
        "How much it is written like what was found false before: 6 points are 50. No verdict.",
    ),
    "points": _phrase("Poin", "Points"),
    "reason": _phrase("Alasan", "Reason"),
    "no_signals": _phrase("Tidak ada tanda yang ditemukan.", "No sign was found."),
    "points_line": _phrase("poin", "points"),
    "issue_and_claims": _phrase("Isu dan klaim yang sudah diperiksa", "Issue and checked claims"),
    "issue_counts": _phrase("{items} unggahan, {voices} suara", "{items} items, {voices} voices"),
    "checked": _phrase("sudah diperiksa", "checked"),
    "says": _phrase("menurut {publisher}:", "says {publisher}:"),
    "no_verdict": _phrase("tanpa label", "no label"),
    "topics_found": _phrase("Topik", "Topics"),
    "no_topics": _phrase("Tidak ada topik.", "No topic."),
    "seen_where": _phrase("Terlihat di", "Seen at"),
    "published": _phrase("Tanggal menurut sumbernya:", "Date by its source:"),
    "date_missing": _phrase("tidak ada", "none given"),
    "date_future": _phrase("di masa depan, tidak dipakai", "in the future, not used"),
    "date_impossible": _phrase("mustahil, tidak dipakai", "impossible, not used"),
    "worded_before": _phrase("Judul sebelumnya", "Earlier titles"),
    "replaced": _phrase("diganti", "replaced"),
    # ------------------------------------------------ sources
    "source_failing": _phrase("gagal", "failing"),
    "source_quiet": _phrase("sepi", "gone quiet"),
    "source_unpolled": _phrase("belum dibaca", "not read yet"),
    "source_healthy": _phrase("sehat", "healthy"),
    "source_disabled": _phrase("dimatikan", "switched off"),
    "role_factcheck": _phrase("cek fakta", "fact-checker"),
    "role_news": _phrase("berita", "news"),
    "role_official": _phrase("resmi", "official"),
    "role_social": _phrase("media sosial", "social"),
    "failures_in_a_row": _phrase("{n} kali berturut-turut", "{n} times in a row"),
    "next_try": _phrase("dicoba lagi", "tried again"),
    "last_success": _phrase("Terakhir terbaca", "Last read"),
    "newest_item": _phrase("Unggahan terbaru", "Newest item"),
    "new_24h": _phrase("Baru, 24 jam", "New, 24 hours"),
    "covered_7d": _phrase("Terpantau, 7 hari", "Covered, 7 days"),
    # ------------------------------------------------ issues
    "issues_lead": _phrase(
        "Satu isu adalah satu klaim, berapa pun unggahan yang membawanya.",
        "An issue is one claim, however many items carry it.",
    ),
    "search": _phrase("Cari", "Search"),
    "topic": _phrase("Topik", "Topic"),
    "verdict": _phrase("Putusan", "Verdict"),
    "state": _phrase("Tahap", "State"),
    "any": _phrase("semua", "any"),
    "all_issues": _phrase("juga yang tidak mencurigakan", "also those that are not suspicious"),
    "filter": _phrase("Saring", "Filter"),
    "choose_issue": _phrase("Pilih isu {number}", "Choose issue {number}"),
    "issue_line": _phrase(
        "{items} unggahan, {publishers} penerbit; {suspicious} mencurigakan, {debunks} cek fakta",
        "{items} items, {publishers} publishers; {suspicious} suspicious, {debunks} fact-checks",
    ),
    "last_seen": _phrase("terakhir", "last"),
    "no_issues": _phrase("Tidak ada isu seperti itu.", "There is no such issue."),
    "merge_chosen": _phrase("Gabungkan yang dipilih", "Merge the chosen ones"),
    "leaf": _phrase("Halaman lain", "Other pages"),
    "newer": _phrase("Lebih baru", "Newer"),
    "older": _phrase("Lebih lama", "Older"),
    "merge": _phrase("Gabungkan isu", "Merge issues"),
    "merge_lead": _phrase(
        "Unggahan, tindak lanjut, dan riwayat semuanya menjadi milik satu isu.",
        "Items, actions and history all become those of one issue.",
    ),
    "which_stays": _phrase("Yang tetap", "The one that stays"),
    "issue_number": _phrase("isu {number}", "issue {number}"),
    "n_items": _phrase("{n} unggahan", "{n} items"),
    "titled_by": _phrase("judul oleh {name}", "titled by {name}"),
    "items": _phrase("unggahan", "items"),
    "items_title": _phrase("Unggahan", "Items"),
    "issue_figures": _phrase(
        "{voices} suara, {publishers} penerbit; {suspicious} mencurigakan, {debunks} cek fakta",
        "{voices} voices, {publishers} publishers; {suspicious} suspicious, {debunks} fact-checks",
    ),
    "issue_caption": _phrase("Unggahan per hari, 14 hari.", "Items per day, 14 days."),
    "no_link": _phrase("Itu bukan alamat web yang lengkap.", "That is no complete web address."),
    "no_verdict_yet": _phrase("Belum ada putusan.", "No verdict yet."),
    "finding": _phrase("Temuan", "What was found"),
    "published_check": _phrase("Tautan cek fakta yang sudah terbit", "Link to a published fact-check"),
    "give_verdict": _phrase("Simpan putusan", "Save the verdict"),
    "actions": _phrase("Tindak lanjut", "Actions"),
    "no_actions": _phrase("Belum ada.", "None yet."),
    "enter_action": _phrase("Catat tindak lanjut", "Enter an action"),
    "action_kind": _phrase("Jenis", "Kind"),
    "action_reported": _phrase("dilaporkan", "reported"),
    "action_labelled": _phrase("diberi label", "labelled"),
    "action_taken_down": _phrase("diturunkan", "taken down"),
    "action_debunked": _phrase("dibantah", "debunked"),
    "action_answered": _phrase("dijawab", "answered"),
    "link_optional": _phrase("Tautan (boleh kosong)", "Link (may be empty)"),
    "rename": _phrase("Ganti judul", "Change the title"),
    "new_title": _phrase("Judul", "Title"),
    "no_history": _phrase("Belum ada yang diubah orang.", "Nobody has changed anything yet."),
    "state_of_new": _phrase("baru", "new"),
    "state_of_under_check": _phrase("sedang diperiksa", "under check"),
    "state_of_checked": _phrase("sudah diperiksa", "checked"),
    "state_of_corrected": _phrase("dikoreksi", "corrected"),
    "state_of_closed": _phrase("ditutup", "closed"),
    "state_of_merged": _phrase("digabung", "merged"),
    "happened_opened": _phrase("dibuka", "opened"),
    "happened_title": _phrase("judul", "title"),
    "happened_verdict": _phrase("putusan", "verdict"),
    "happened_state": _phrase("tahap", "state"),
    "happened_merged": _phrase("digabung", "merged"),
    "happened_split": _phrase("dipisah", "split"),
    "happened_action": _phrase("tindak lanjut", "action"),
    "happened_forgotten": _phrase("dihapus", "removed"),
    # ------------------------------------------------ tips
    "tip_lead": _phrase(
        "Tempel klaim dari WhatsApp, Facebook, atau tempat lain. Siaga mencocokkan, menilai, dan menggabungkannya "
        "dengan isunya, lalu menjawab apakah sudah pernah diperiksa.",
        "Paste a claim from WhatsApp, Facebook or elsewhere. Siaga matches it, scores it, joins it to its issue, and "
        "says whether it was checked before.",
    ),
    "tip_text": _phrase("Teks klaim", "Text of the claim"),
    "tip_link": _phrase("Tautan (boleh kosong)", "Link (may be empty)"),
    "tip_sender": _phrase("Dari siapa (boleh kosong)", "From whom (may be empty)"),
    "tip_check": _phrase("Periksa dan catat", "Check and note"),
    "tip_empty": _phrase(
        "Isi teks atau tautannya; paling panjang 20.000 huruf.", "Give a text or a link; at most 20,000 characters."
    ),
    "tip_unreadable": _phrase(
        "Halaman itu tidak dapat dibaca. Tempel teksnya juga.", "That page cannot be read. Paste its text too."
    ),
    "tip_removed": _phrase(
        "Ini pernah dihapus atas permintaan; tidak dicatat lagi.", "This was removed on request and is not noted again."
    ),
    "see_issue": _phrase("Lihat isu {number}", "See issue {number}"),
    "issue_follows": _phrase("Isunya dibuka dalam satu menit.", "Its issue is opened within a minute."),
    # ------------------------------------------------ reports
    "reports_lead": _phrase(
        "Isu, unggahan, dan tindak lanjut per periode, dengan cakupan dan cara menghitungnya.",
        "Issues, items and actions per period, with coverage and how they are counted.",
    ),
    "from_day": _phrase("Dari", "From"),
    "to_day": _phrase("Sampai", "To"),
    "vs_from": _phrase("Bandingkan: dari", "Compare: from"),
    "vs_to": _phrase("Bandingkan: sampai", "Compare: to"),
    "by": _phrase("Per", "By"),
    "by_day": _phrase("hari", "day"),
    "by_week": _phrase("pekan", "week"),
    "by_month": _phrase("bulan", "month"),
    "by_topic": _phrase("topik", "topic"),
    "by_source": _phrase("sumber", "source"),
    "count_it": _phrase("Hitung", "Count"),
    "report_days": _phrase(
        "Periksa tanggalnya: awal dan akhir, paling panjang sepuluh tahun.",
        "Check the days: a first and a last one, at most ten years.",
    ),
    "counted_at": _phrase("Dihitung", "Counted at"),
    "with_evenness": _phrase(
        "Perlakuan yang sama: per calon, partai, dan program", "Even-handedness: per candidate, party and programme"
    ),
    # ------------------------------------------------ partners
    "partners": _phrase("Mitra", "Partners"),
    "partners_lead": _phrase(
        "Apa yang dikirim ke mitra dan jawaban mereka, apa yang mereka laporkan dan apa jadinya. Yang berasal dari "
        "mitra tidak dikirim kembali kepadanya.",
        "What partners were sent and answered, what they reported and what became of it. Nothing that came from a "
        "partner goes back to it.",
    ),
    "partner_told": _phrase("kami kirimi", "we tell them"),
    "partner_not_told": _phrase("tidak kami kirimi", "we do not tell them"),
    "partner_heard": _phrase("melapor ke sini", "they report here"),
    "partner_not_heard": _phrase("melapor lewat berkas saja", "they report by file only"),
    "partner_last": _phrase("Laporan terakhir", "Last report"),
    "partner_silent": _phrase("Belum ada laporan", "No report yet"),
    "partner_reports": _phrase("Laporan mereka", "Their reports"),
    "partner_sent": _phrase("Yang kami kirim", "What we sent"),
    "no_partner_reports": _phrase("Belum ada.", "None yet."),
    "nothing_sent": _phrase("Belum ada.", "Nothing yet."),
    "no_answer": _phrase("belum dijawab", "no answer yet"),
    "answered_with": _phrase("Jawaban:", "Answer:"),
    "they_found": _phrase("Temuan mereka:", "They found:"),
    "we_found": _phrase("Temuan kami:", "We found:"),
    "their_numbers_before": _phrase("(dulu {numbers})", "(was {numbers})"),
    "their_number": _phrase("nomor mereka", "their number"),
    "see_item": _phrase("unggahannya", "its item"),
    "report_created": _phrase("temuan", "finding"),
    "report_updated": _phrase("diperbarui", "updated"),
    "report_checked": _phrase("jawaban", "answer"),
    "no_partners": _phrase(
        "Belum ada mitra. Pengelola menambahkannya di bawah partners: dalam sources.yaml.",
        "There are no partners yet. Whoever runs this Siaga adds them under partners: in sources.yaml.",
    ),
    "correction": _phrase("koreksi", "correction"),
    "not_told": _phrase("Belum ada yang diberi tahu.", "Nobody was told yet."),
    "through_alert": _phrase("peringatan", "alert"),
    "through_correction": _phrase("koreksi", "correction"),
    "through_partner": _phrase("mitra", "partner"),
    "through_bulletin": _phrase("buletin", "bulletin"),
    "through_tip": _phrase("jawaban laporan", "answer to a tip"),
    "from_partner": _phrase("Dilaporkan oleh mitra {name}", "Reported by the partner {name}"),
    "report_numbered": _phrase("laporan {id}", "report {id}"),
    # ------------------------------------------------ bulletin
    "bulletin": _phrase("Buletin", "Bulletin"),
    "bulletin_lead": _phrase(
        "Pratinjau untuk publik: hanya yang sudah dijawab, jawabannya lebih dulu. Terbit dengan: siaga bulletin.",
        "Preview for the public: only what is answered, the answer first. Published by the command siaga bulletin.",
    ),
    "preview": _phrase("Tampilkan", "Show"),
    "bulletin_days": _phrase("Periksa tanggalnya: paling panjang satu tahun.", "Check the days: at most one year."),
    "corrections": _phrase("Koreksi", "Corrections"),
    "and_more_entries": _phrase("dan {n} lagi; semuanya terbit.", "and {n} more; all are published."),
    "answered": _phrase("Sudah dijawab", "Answered"),
    "bulletin_empty": _phrase("Belum ada yang dijawab dalam masa ini.", "Nothing was answered in this time yet."),
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


say = Words(TEXTS).say


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


def points(value: float, language: Language, *, signed: bool = True) -> str:
    """``+0,39``, ``−1,3``; the minus is as wide as the plus."""
    text = (f"{value:+.2f}" if signed else f"{value:.2f}").rstrip("0").rstrip(".").replace("-", "−")
    return text.replace(".", ",") if language == "id" else text


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
    gap = say("not_watched", language)
    counts = ", ".join(gap if count is None else number(count, language) for count in days.counts)
    usual = "" if days.usual is None else say("usual_day", language, usual=number(days.usual, language))
    start = "14 hari terakhir, hari ini yang terakhir" if language == "id" else "last 14 days, today last"
    return f"{start}: {counts}" + (f"; {usual}" if usual else "")
