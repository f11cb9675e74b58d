"""What a reading says of itself, in words and numbers a citizen can check, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from math import log10

from alerts import catalogue
from collector.model.phrase import Language, Phrase
from collector.model.rule import Rule

SENTENCES_KEPT = 4096  # most hours say what another hour said: the words cost more than the reckoning
SELDOM = 0.05  # items in a window, below which the usual is said to be none


def _both(sentence: Callable[[Language], str]) -> Phrase:
    return Phrase(id=sentence("id"), en=sentence("en"))


def _seen(rule: Rule, observed: int, language: Language) -> str:
    within = "dalam" if language == "id" else "in"
    what = catalogue.counted(observed, catalogue.MEASURES[rule.measure], language)
    return f"{what} {within} {catalogue.span(rule.window, language)}"


@lru_cache(maxsize=SENTENCES_KEPT)
def why_threshold(rule: Rule, observed: int, publishers: int) -> Phrase:
    def sentence(language: Language) -> str:
        seen, by = _seen(rule, observed, language), catalogue.sources(publishers, language)
        least, floor = catalogue.number(rule.at_least, language), catalogue.sources(rule.min_sources, language)
        if language == "id":
            return f"{seen} dari {by} berbeda; batas aturan ini {least}, dari sedikitnya {floor}."
        return f"{seen} from {by}; this rule's limit is {least}, from at least {floor}."

    return _both(sentence)


def why_ratio(rule: Rule, observed: int, publishers: int, usual: float, days: int) -> Phrase:
    def sentence(language: Language) -> str:
        seen, by = _seen(rule, observed, language), catalogue.sources(publishers, language)
        mean, count = catalogue.number(usual, language), catalogue.number(days, language)
        if language == "id":
            usually = f"biasanya {mean} (rata-rata jam yang sama pada {count} hari sebelumnya yang terpantau)"
            return f"{seen} dari {by} berbeda; {usually}{_times(rule, observed, usual, language)}."
        usually = f"usually {mean} (mean of the same hours on {count} earlier days that were watched)"
        return f"{seen} from {by}; {usually}{_times(rule, observed, usual, language)}."

    return _both(sentence)


def _times(rule: Rule, observed: int, usual: float, language: Language) -> str:
    """How many times the usual; where the usual is nothing, ``at_least`` alone decided."""
    least = catalogue.number(rule.at_least, language)
    if usual <= 0:
        return f", jadi batas {least} yang menentukan" if language == "id" else f", so the floor of {least} decides"
    now, from_ = catalogue.number(observed / usual, language), catalogue.number(rule.times, language)
    if language == "id":
        return f", kini {now} kali lipat; batas aturan ini {from_} kali lipat dan sedikitnya {least}"
    return f", now {now} times that; this rule's limit is {from_} times that, and at least {least}"


@lru_cache(maxsize=SENTENCES_KEPT)
def quiet(rule: Rule, observed: int, limit: float) -> Phrase:
    def sentence(language: Language) -> str:
        seen, most = _seen(rule, observed, language), catalogue.number(limit, language)
        return f"{seen}, di bawah batas {most}." if language == "id" else f"{seen}, below the limit of {most}."

    return _both(sentence)


def quiet_ratio(rule: Rule, observed: int, usual: float) -> Phrase:
    def sentence(language: Language) -> str:
        seen, mean = _seen(rule, observed, language), catalogue.number(usual, language)
        limit = catalogue.number(max(rule.at_least, rule.times * usual), language)
        if language == "id":
            return f"{seen}, di bawah batas {limit} (biasanya {mean})."
        return f"{seen}, below the limit of {limit} (usually {mean})."

    return _both(sentence)


@lru_cache(maxsize=SENTENCES_KEPT)
def too_few_publishers(rule: Rule, observed: int, publishers: int) -> Phrase:
    def sentence(language: Language) -> str:
        seen, by = _seen(rule, observed, language), catalogue.sources(publishers, language)
        floor = catalogue.number(rule.min_sources, language)
        if language == "id":
            return f"{seen}, tetapi hanya dari {by}; aturan ini meminta sedikitnya {floor}."
        return f"{seen}, but from only {by}; this rule asks for at least {floor}."

    return _both(sentence)


@lru_cache(maxsize=SENTENCES_KEPT)
def missing(rule: Rule, observed: int) -> Phrase:
    def sentence(language: Language) -> str:
        seen = _seen(rule, observed, language)
        if language == "id":
            return f"Jam ini kurang terpantau (kurang dari separuh sumber terbaca), jadi bukan nol: {seen} terlihat."
        return f"This hour was hardly watched (less than half the sources were read), which is not zero: {seen} seen."

    return _both(sentence)


def not_enough_history(days: int, needed: int, first: date) -> Phrase:
    return Phrase(
        id=f"Belum cukup riwayat: {days} dari {needed} hari terkumpul, "
        f"peringatan paling cepat mungkin {catalogue.day(first, 'id')}.",
        en=f"Not enough history: {days} of {needed} days collected, "
        f"first alert possible on {catalogue.day(first, 'en')}.",
    )


def why_auto(
    rule: Rule, observed: int, publishers: int, expected: float, limit: float, score: float, step: timedelta
) -> Phrase:
    def sentence(language: Language) -> str:
        seen, by = _seen(rule, observed, language), catalogue.sources(publishers, language)
        usual, least = _usual(expected, language), catalogue.number(limit, language)
        rare = _rare(score, step, language)
        if language == "id":
            return f"{seen} dari {by} berbeda; biasanya {usual}, dan baru {least} ke atas yang tidak biasa. {rare}"
        return f"{seen} from {by}; usually {usual}, and from {least} it is unusual. {rare}"

    return _both(sentence)


def quiet_auto(rule: Rule, observed: int, expected: float, limit: float, unusual: bool) -> Phrase:
    """``unusual``: the score is high, yet ``at_least`` is not reached."""
    return _quiet_auto(rule, observed, _about(expected), limit, unusual)


@lru_cache(maxsize=SENTENCES_KEPT)
def _quiet_auto(rule: Rule, observed: int, expected: float, limit: float, unusual: bool) -> Phrase:
    def sentence(language: Language) -> str:
        seen, usual = _seen(rule, observed, language), _usual(expected, language)
        least = catalogue.number(limit, language)
        if unusual:
            floor = catalogue.number(rule.at_least, language)
            if language == "id":
                return f"{seen}, tidak biasa (biasanya {usual}), tetapi aturan ini meminta sedikitnya {floor}."
            return f"{seen}, unusual (usually {usual}), but this rule asks for at least {floor}."
        if observed >= limit:
            if language == "id":
                return f"{seen} (biasanya {usual}), tetapi hampir semuanya dari satu sumber."
            return f"{seen} (usually {usual}), but nearly all of it from one source."
        if language == "id":
            return f"{seen}, di bawah batas {least} (biasanya {usual} pada jam dan hari seperti ini)."
        return f"{seen}, below the limit of {least} (usually {usual} at such hours and days)."

    return _both(sentence)


_MOST_RARE = 6.0


def _about(expected: float) -> float:
    """As exactly as it is said."""
    if expected < SELDOM:
        return 0.0
    return round(expected, 1) if expected < 10 else float(round(expected))


def _usual(expected: float, language: Language) -> str:
    if expected < SELDOM:
        return "hampir tidak ada" if language == "id" else "next to none"
    about = catalogue.number(_about(expected), language)
    return f"sekitar {about}" if language == "id" else f"about {about}"


def _rare(score: float, step: timedelta, language: Language) -> str:
    """In words: minus the log10 of the share of ordinary steps."""
    one_in = 10 ** min(score, _MOST_RARE)
    digits = 10 ** max(0, int(log10(one_in)) - 1)
    many = catalogue.number(round(one_in / digits) * digits, language)
    by_day, beyond = step >= timedelta(days=1), score > _MOST_RARE
    if language == "id":
        share, what = "kurang dari" if beyond else "kira-kira", "hari" if by_day else "jam"
        return f"Kebetulan belaka membawa sebanyak ini pada {share} satu dari {many} {what}."
    share, what = "less than" if beyond else "about", "days" if by_day else "hours"
    return f"So much comes by chance in {share} one of {many} {what}."
