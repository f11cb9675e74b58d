"""A report as JSON values, as rows of a table, and as text. Pure.

Every figure stands beside its definition, and every percentage in a sentence with both windows' lengths and rates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from collector.model.ledger import ActionKind
from collector.model.phrase import Language, Phrase, Words
from collector.reports.change import Change, figure
from collector.reports.evenness import Named, Share
from collector.reports.period import DEFINITIONS, Group, Period, Report

TEXTS: Mapping[str, Phrase] = {
    "title": Phrase(id="Laporan", en="Report"),
    "issues": Phrase(id="Isu", en="Issues"),
    "items": Phrase(id="Konten", en="Items"),
    "actions": Phrase(id="Tindak lanjut", en="Actions"),
    "days": Phrase(id="Hari", en="Days"),
    "per_day": Phrase(id="Isu per hari", en="Issues per day"),
    "coverage": Phrase(id="Cakupan", en="Coverage"),
    "definitions": Phrase(id="Cara menghitung", en="How it is counted"),
    "notes": Phrase(id="Yang perlu diketahui", en="What to know"),
    "published": Phrase(id="Angka terbitan yang dipakai", en="Published figures used"),
    "change": Phrase(id="Perubahan", en="Change"),
    "by_month": Phrase(id="Per bulan", en="By month"),
    "by_week": Phrase(id="Per minggu", en="By week"),
    "by_day": Phrase(id="Per hari", en="By day"),
    "by_topic": Phrase(id="Per topik", en="By topic"),
    "by_source": Phrase(id="Per sumber", en="By source"),
    "evenness": Phrase(id="Perlakuan yang sama", en="Even-handedness"),
    "named": Phrase(id="konten yang menyebutnya", en="items naming it"),
    "flagged": Phrase(id="ditandai mencurigakan", en="flagged as suspicious"),
    "alerted": Phrase(id="masuk peringatan", en="shown in an alert"),
    "who": Phrase(id="Siapa", en="Who"),
    "candidate": Phrase(id="calon", en="candidate"),
    "party": Phrase(id="partai", en="party"),
    "programme": Phrase(id="program", en="programme"),
    "name": Phrase(id="nama", en="name"),
    "evenness_note": Phrase(
        id="Berapa konten yang menyebut tiap nama, dan berapa bagiannya yang ditandai dan masuk peringatan; titik: "
        "bagiannya, garis: selang 95 % (Wilson). Samar: terlalu sedikit.",
        en="How many items name each, and what share of them was flagged and shown in an alert; dot: the share, line: "
        "its 95 % interval (Wilson). Faint: too few.",
    ),
    "not_named": Phrase(id="Tidak disebut dalam konten mana pun:", en="Named in no item:"),
    "nobody_named": Phrase(
        id="Tidak ada konten dalam masa ini yang menyebut calon, partai, atau program.",
        en="No item in this time names a candidate, party or programme.",
    ),
    "per_topic": Phrase(id="Isu tiap topik", en="Issues of each topic"),
    "per_topic_note": Phrase(
        id="Semua dengan skala yang sama. Satu isu dapat masuk lebih dari satu topik.",
        en="All by one scale. One issue may count under several topics.",
    ),
    "legend_covered": Phrase(id="hari yang ada datanya", en="days with data"),
    "legend_unknown": Phrase(id="tidak ada data (bukan nol)", en="no data (not zero)"),
    "legend_whole": Phrase(id="angka terbitan, tidak dibagi", en="a published figure, not split"),
    "stands_out": Phrase(id="berbeda dari yang lain sejenisnya", en="differs from the others of its kind"),
}
KINDS: Mapping[ActionKind, Phrase] = {
    ActionKind.REPORTED: Phrase(id="dilaporkan", en="reported"),
    ActionKind.LABELLED: Phrase(id="dilabeli", en="labelled"),
    ActionKind.TAKEN_DOWN: Phrase(id="diturunkan", en="taken down"),
    ActionKind.DEBUNKED: Phrase(id="dibantah", en="debunked"),
    ActionKind.ANSWERED: Phrase(id="dijawab", en="answered"),
}
FIGURES = ("issues", "items", "actions", "per_day", "coverage")
COLUMNS = ("label", "from", "to", "days", "issues", "items", "actions", "issues_per_day", "coverage", "note")


say = Words(TEXTS).say


# ---------------------------------------------------------------- for programs


def as_json(report: Report, language: Language) -> Mapping[str, object]:
    """One object; sentences in ``language``. ``per_day`` counts issues."""
    return {
        **_period_json(report.period, language),
        "by": report.by,
        "groups": [_group_json(group, language) for group in report.groups],
        "vs": None if report.versus is None else _period_json(report.versus, language),
        "change": None if report.change is None else _change_json(report.change, language),
        "evenness": [_named_json(named, language) for named in report.evenness],
        "notes": [note.in_language(language) for note in report.notes],
        "definitions": {key: phrase.in_language(language) for key, phrase in DEFINITIONS.items()},
    }


def _period_json(period: Period, language: Language) -> Mapping[str, object]:
    return {
        "from": str(period.window.first),
        "to": str(period.window.last),
        "days": period.window.days,
        "topic": period.topic,
        "issues": period.figures.issues,
        "items": period.figures.items,
        "actions": period.figures.actions,
        "per_day": round(period.per_day, 4),
        "per_day_unit": "issues per day",
        "coverage": {
            "days": period.coverage.days,
            "of": period.coverage.of,
            "ratio": round(period.coverage.ratio, 4),
            "published_days": period.coverage.published_days,
            "watched_days": period.coverage.watched_days,
        },
        "own_issues": period.own_issues,
        "published_issues": period.published_issues,
        "own_issues_beside": period.beside,
        "actions_by_kind": {kind.value: n for kind, n in period.actions_by_kind.items()},
        "published": [
            {
                "from": str(row.first),
                "to": str(row.last),
                "issues": row.issues,
                "topic": row.topic or None,
                "source": row.source,
            }
            for row in period.published
        ],
        "left_out": [
            {
                "from": str(left.row.first),
                "to": str(left.row.last),
                "issues": left.row.issues,
                "source": left.row.source,
                "why": left.why.value,
                "reason": left.reason.in_language(language),
            }
            for left in period.left_out
        ],
    }


def _group_json(group: Group, language: Language) -> Mapping[str, object]:
    window = group.window
    return {
        "label": group.label,
        "from": None if window is None else str(window.first),
        "to": None if window is None else str(window.last),
        "days": None if window is None else window.days,
        "issues": None if group.unknown else group.figures.issues,
        "items": group.figures.items,
        "actions": None if window is None else group.figures.actions,
        "per_day": None if window is None or group.unknown else round(group.figures.issues / window.days, 4),
        "covered_days": group.covered_days,
        "note": None if group.note is None else group.note.in_language(language),
    }


def _change_json(change: Change, language: Language) -> Mapping[str, object]:
    return {
        "from": {
            "window": str(change.before.window),
            "days": change.before.window.days,
            "issues": change.before.issues,
            "per_day": round(change.before.per_day, 4),
            "covered_days": change.before.covered_days,
        },
        "to": {
            "window": str(change.after.window),
            "days": change.after.window.days,
            "issues": change.after.issues,
            "per_day": round(change.after.per_day, 4),
            "covered_days": change.after.covered_days,
        },
        "unit": "issues; issues per day",
        "total_percent": None if change.total_percent is None else round(change.total_percent, 2),
        "per_day_percent": None if change.per_day_percent is None else round(change.per_day_percent, 2),
        "sentence": change.sentence.in_language(language),
        "published_changes": [
            {
                "percent": one.claimed.percent,
                "source": one.claimed.source.in_language(language),
                "fits_total": one.fits_total,
                "fits_per_day": one.fits_per_day,
                "fits": "both"
                if one.fits_total and one.fits_per_day
                else "total"
                if one.fits_total
                else "per_day"
                if one.fits_per_day
                else "neither",
                "reason": one.reason.in_language(language),
            }
            for one in change.checked
        ],
    }


def _named_json(named: Named, language: Language) -> Mapping[str, object]:
    return {
        "kind": named.kind,
        "name": named.name,
        "items": named.items,
        "flagged": _share_json(named.flagged),
        "alerted": _share_json(named.alerted),
        "stands_out": named.stands_out,
        "warning": None if named.warning is None else named.warning.in_language(language),
    }


def _share_json(share: Share) -> Mapping[str, object]:
    return {
        "count": share.part,
        "of": share.whole,
        "share": None if share.share is None else round(share.share, 4),
        "low": round(share.low, 4),
        "high": round(share.high, 4),
        "interval": "Wilson, 95 %",
    }


# ---------------------------------------------------------------- for spreadsheets


def as_rows(report: Report, language: Language) -> Iterator[Mapping[str, object]]:
    """One row per part, and one for the whole window (and for the other). The notes of a row are its last column."""
    for group in report.groups:
        window = group.window
        yield {
            "label": group.label,
            "from": "" if window is None else str(window.first),
            "to": "" if window is None else str(window.last),
            "days": "" if window is None else window.days,
            "issues": "" if group.unknown else group.figures.issues,
            "items": group.figures.items,
            "actions": "" if window is None else group.figures.actions,
            "issues_per_day": "" if window is None or group.unknown else round(group.figures.issues / window.days, 4),
            "coverage": "" if window is None else f"{group.covered_days}/{window.days}",
            "note": "" if group.note is None else group.note.in_language(language),
        }
    for period in (report.period, report.versus):
        if period is not None:
            yield _total_row(period, report, language)


def _total_row(period: Period, report: Report, language: Language) -> Mapping[str, object]:
    about = [left.reason.in_language(language) for left in period.left_out]
    if period is report.period and report.change is not None:
        about.insert(0, report.change.sentence.in_language(language))
        about.extend(one.reason.in_language(language) for one in report.change.checked)
    return {
        "label": str(period.window),
        "from": str(period.window.first),
        "to": str(period.window.last),
        "days": period.window.days,
        "issues": period.figures.issues,
        "items": period.figures.items,
        "actions": period.figures.actions,
        "issues_per_day": round(period.per_day, 4),
        "coverage": f"{period.coverage.days}/{period.coverage.of}",
        "note": "; ".join(about),
    }


# ---------------------------------------------------------------- for people


def as_text(report: Report, language: Language) -> str:
    """Plain lines for a terminal."""
    lines = list(_period_lines(report.period, language))
    if report.versus is not None:
        lines += ["", *_period_lines(report.versus, language)]
    if report.change is not None:
        lines += ["", f"{say('change', language)}: {report.change.sentence.in_language(language)}"]
        lines += [f"  {one.reason.in_language(language)}" for one in report.change.checked]
    if report.groups:
        lines += ["", *_table(report.groups, language)]
    if report.evenness:
        lines += ["", say("evenness", language), *(f"  {line}" for line in even_lines(report.evenness, language))]
    if report.notes:
        lines += ["", say("notes", language), *(f"  - {note.in_language(language)}" for note in report.notes)]
    lines += ["", say("definitions", language)]
    lines += [f"  {phrase.in_language(language)}" for phrase in DEFINITIONS.values()]
    return "\n".join(lines)


def _period_lines(period: Period, language: Language) -> Iterator[str]:
    topic = f", {period.topic}" if period.topic else ""
    yield f"{say('title', language)} {period.window} ({period.window.length(language)}{topic})"
    for name, value in figures_of(period, language):
        yield f"  {name:<18} {value}"


def figures_of(period: Period, language: Language) -> Sequence[tuple[str, str]]:
    """Names and values of a period's figures, as people read them."""
    own, others = period.own_issues, period.published_issues
    parts = f" ({own} + {others})" if own and others else ""
    kinds = ", ".join(f"{KINDS[kind].in_language(language)} {n}" for kind, n in period.actions_by_kind.items() if n)
    cover = period.coverage
    days = "hari" if language == "id" else "days"
    return (
        (say("issues", language), f"{period.figures.issues}{parts}"),
        (say("items", language), str(period.figures.items)),
        (say("actions", language), f"{period.figures.actions}{f' ({kinds})' if kinds else ''}"),
        (say("per_day", language), figure(period.per_day, 2, language)),
        (
            say("coverage", language),
            f"{cover.days} / {cover.of} {days} ({figure(100 * cover.ratio, 1, language)} %)",
        ),
    )


def _table(groups: Sequence[Group], language: Language) -> Iterator[str]:
    width = max(len(group.label) for group in groups)
    heads = [say(key, language) for key in ("issues", "items", "actions", "per_day")]
    yield f"  {'':<{width}}  {heads[0]:>8}  {heads[1]:>8}  {heads[2]:>13}  {heads[3]:>14}"
    for group in groups:
        rate = "" if group.window is None else figure(group.figures.issues / group.window.days, 2, language)
        issues, actions = str(group.figures.issues), str(group.figures.actions)
        if group.window is None:
            actions = "—"
        if group.unknown:
            issues, rate = "—", "—"
        note = "" if group.note is None else f"  {group.note.in_language(language)}"
        counts = group.figures
        line = f"  {group.label:<{width}}  {issues:>8}  {counts.items:>8}  {actions:>13}  {rate:>14}{note}"
        yield line.rstrip()


def even_lines(evenness: Sequence[Named], language: Language) -> Iterator[str]:
    for named in evenness:
        line = f"{named.kind} {named.name}: {named.items} {say('named', language)}"
        if named.items:
            line += f"; {_share(named.flagged, 'flagged', language)}; {_share(named.alerted, 'alerted', language)}"
        if named.stands_out:
            line += f" — {say('stands_out', language)}"
        yield line + (f" ({named.warning.in_language(language)})" if named.warning else "")


def _share(share: Share, key: str, language: Language) -> str:
    """The share never stands alone: its counts and its interval are beside it."""
    low, high = (figure(100 * bound, 1, language) for bound in (share.low, share.high))
    middle = figure(100 * (share.share or 0.0), 1, language)
    return f"{say(key, language)} {share.part}/{share.whole} = {middle} % [{low}–{high} %]"
