"""The bulletin's words in both languages. Label and sentence of the verdict are the answer, before the claim."""

from __future__ import annotations

from collections.abc import Mapping

from collector.model.judgement import Verdict
from collector.model.phrase import Language, Phrase, Words

ANSWERS: Mapping[Verdict | None, Phrase] = {
    Verdict.FALSE: Phrase(id="Tidak benar.", en="Not true."),
    Verdict.MISLEADING: Phrase(
        id="Ada yang benar di dalamnya, tetapi kesan yang ditimbulkan keliru.",
        en="Something in it is right, but the impression it gives is wrong.",
    ),
    Verdict.SCAM: Phrase(
        id="Jangan membuka tautannya dan jangan memberikan data pribadi.",
        en="Do not open its links and do not give away personal data.",
    ),
    Verdict.SATIRE: Phrase(id="Ini lelucon, bukan berita.", en="This is a joke, not news."),
    Verdict.TRUE: Phrase(id="Klaim ini benar.", en="This claim is true."),
    Verdict.UNPROVEN: Phrase(
        id="Sejauh ini tidak ada bukti yang mendukungnya.",
        en="So far there is no evidence for it.",
    ),
    None: Phrase(
        id="Baca hasilnya sebelum mempercayai atau membagikan.",
        en="Read the result before you believe or share it.",
    ),
}

TEXTS: Mapping[str, Phrase] = {
    "title": Phrase(id="Buletin cek fakta", en="Fact-check bulletin"),
    "period": Phrase(id="{first} sampai {last}", en="{first} to {last}"),
    "lead": Phrase(
        id="Kabar yang beredar dan sudah ada jawabannya. Setiap jawaban berdiri di depan klaimnya; tautan hanya menuju "
        "hasil pemeriksaan.",
        en="What went round and has an answer. Each answer stands before its claim; links lead to fact-checks only.",
    ),
    "corrections": Phrase(id="Ralat", en="Corrections"),
    "corrections_lead": Phrase(
        id="Jawaban kami berubah sejak buletin sebelumnya.", en="Our answer has changed since an earlier bulletin."
    ),
    "before": Phrase(id="Sebelumnya kami menulis: {verdict}.", en="Before, we wrote: {verdict}."),
    "checked": Phrase(id="Yang sudah diperiksa", en="What was checked"),
    "claim": Phrase(id="Klaim yang beredar:", en="The claim that went round:"),
    "by": Phrase(id="Diperiksa oleh", en="Checked by"),
    "desk": Phrase(id="meja cek fakta kami", en="our own desk"),
    "differ": Phrase(
        id="Para pemeriksa fakta menilainya berbeda; bacalah semuanya.",
        en="Fact-checkers judge it differently; read all of them.",
    ),
    "published": Phrase(id="hasil pemeriksaan", en="the fact-check"),
    "reach": Phrase(
        id="Terpantau {items} dari {sources} dalam periode ini; pertama terlihat {first}.",
        en="Seen in {items} from {sources} in this period; first seen on {first}.",
    ),
    "reach_none": Phrase(id="Pertama terlihat {first}.", en="First seen on {first}."),
    "none": Phrase(id="Tidak ada isu yang terjawab dalam periode ini.", en="No issue of this period has an answer."),
    "unanswered": Phrase(
        id="{n} isu lain yang mencurigakan dalam periode ini belum terjawab dan sengaja tidak dikutip.",
        en="{n} more suspicious issues of this period have no answer yet and are not quoted on purpose.",
    ),
    "definition": Phrase(
        id="Satu isu adalah satu klaim, berapa pun kiriman yang memuatnya. Angka menghitung kiriman yang terlihat oleh "
        "sumber yang kami pantau, bukan seluruh peredarannya; artikel cek fakta tidak dihitung.",
        en="An issue is one claim, however many items carry it. The figures count items seen in the sources we watch, "
        "not all that circulates; fact-checks are not counted.",
    ),
    "made": Phrase(id="Disusun {at}.", en="Made {at}."),
    "correction": Phrase(id="Ralat", en="Correction"),
}


def answer(verdict: Verdict | None, language: Language) -> str:
    return ANSWERS[verdict].in_language(language)


say = Words(TEXTS).say
