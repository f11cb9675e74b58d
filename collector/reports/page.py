"""A report as one HTML page that needs nothing else: no script, no file, no font. Pure; everything is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path

from collector.model.phrase import Language, Phrase
from collector.reports import charts
from collector.reports.change import Change, figure
from collector.reports.evenness import Named, Share
from collector.reports.period import DEFINITIONS, Group, Period, Report
from collector.reports.words import FIGURES, figures_of, say

NO_NAMES: Mapping[str, Phrase] = {}
SHEET = Path(__file__).with_name("report.css")  # of the figures; the web page shows them in its own frame
PAPER = Path(__file__).with_name("paper.css")  # of a page that stands alone


def as_html(report: Report, language: Language, names: Mapping[str, Phrase] = NO_NAMES) -> str:
    """``names`` are the topics' by their ids."""
    title = f"{say('title', language)} {report.period.window}"
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{language}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>\n{_read(PAPER)}\n{_read(SHEET)}</style></head><body>",
            f'<h1>{escape(title)}</h1><main class="report">',
            *body(report, language, names),
            "</main></body></html>",
            "",
        )
    )


@cache
def _read(sheet: Path) -> str:
    return sheet.read_text(encoding="utf-8")


def body(report: Report, language: Language, names: Mapping[str, Phrase] = NO_NAMES) -> Iterator[str]:
    """The parts of the page below its heading; a web page of Siaga can show them in its own frame."""
    if report.change is not None:
        yield from _change(report.change, language)
    if charts.has_course(report):
        yield from _course(report, language)
    yield '<div class="windows">'
    yield from _window(report.period, language)
    if report.versus is not None:
        yield from _window(report.versus, language, definitions=False)
    yield "</div>"
    if len([line for line in report.topics if sum(line.counts) or sum(line.before)]) > 1:
        yield f"<h2>{escape(say('per_topic', language))}</h2>"
        yield from charts.multiples(report.topics, names, language)
        yield f'<p class="soft">{escape(say("per_topic_note", language))}</p>'
    if report.groups:
        yield from _table(report.groups, report.by or "", names, language)
    if report.evenness:
        yield from _evenness(report.evenness, language)
    if report.notes:
        yield f"<h2>{escape(say('notes', language))}</h2><ul>"
        yield from (f"<li>{escape(note.in_language(language))}</li>" for note in report.notes)
        yield "</ul>"
    if report.period.published:
        yield f"<h2>{escape(say('published', language))}</h2><ul>"
        for row in report.period.published:
            about = f"{row.first}..{row.last}: {row.issues} ({row.topic or '—'}; {row.source or '—'})"
            yield f"<li>{escape(about)}</li>"
        yield "</ul>"


def _change(change: Change, language: Language) -> Iterator[str]:
    yield f"<h2>{escape(say('change', language))}</h2>"
    yield f"<p>{escape(change.sentence.in_language(language))}</p>"
    for one in change.checked:
        yield f"<p>{escape(one.reason.in_language(language))}</p>"


def _course(report: Report, language: Language) -> Iterator[str]:
    yield "<figure>"
    yield from charts.course(report, language)
    kinds = [("bar now", str(report.period.window))]
    if report.versus is not None:
        kinds.append(("before", str(report.versus.window)))
    kinds += [("covered", say("legend_covered", language)), ("unknown", say("legend_unknown", language))]
    if any(group.note is not None for group in report.groups):
        kinds.append(("whole", say("legend_whole", language)))
    marks = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="{kind}" width="10" height="10" rx="1"/></svg>'
        f"{escape(words)}</li>"
        for kind, words in kinds
    )
    yield f'<figcaption><ul class="legend">{marks}</ul></figcaption></figure>'


def _window(period: Period, language: Language, *, definitions: bool = True) -> Iterator[str]:
    """Each figure with how it is counted, once."""
    topic = f", {period.topic}" if period.topic else ""
    yield f"<section><h2>{escape(f'{period.window} ({period.window.length(language)}{topic})')}</h2><dl>"
    for key, (name, value) in zip(FIGURES, figures_of(period, language), strict=True):
        told = f'<div class="definition">{escape(DEFINITIONS[key].in_language(language))}</div>' if definitions else ""
        yield f"<dt>{escape(name)}</dt><dd><b>{escape(value)}</b>{told}</dd>"
    yield "</dl></section>"


def _table(groups: Sequence[Group], by: str, names: Mapping[str, Phrase], language: Language) -> Iterator[str]:
    keys = ("issues", "items", "actions", "coverage")
    heads = "".join(f'<th scope="col" class="n">{escape(say(key, language))}</th>' for key in keys)
    most = max((group.figures.issues for group in groups), default=0)
    title = escape(say(f"by_{by}", language))
    yield f"<h2>{title}</h2>"
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><thead><tr>'
    yield f'<th scope="col">{title}</th><td></td>{heads}<td></td></tr></thead><tbody>'
    for group in groups:
        issues = "—" if group.unknown else figure(group.figures.issues, 0, language)
        cover = "—" if group.window is None else f"{group.covered_days}/{group.window.days}"
        acts = "—" if group.window is None else figure(group.figures.actions, 0, language)
        cells = "".join(
            f'<td class="n">{n}</td>' for n in (issues, figure(group.figures.items, 0, language), acts, cover)
        )
        note = "" if group.note is None else group.note.in_language(language)
        name = names[group.label].in_language(language) if by == "topic" and group.label in names else group.label
        yield f'<tr><th scope="row">{escape(name)}</th><td>{charts.length(group.figures.issues, most)}</td>'
        yield f"{cells}<td>{escape(note)}</td></tr>"
    yield "</tbody></table></div>"


def _evenness(evenness: Sequence[Named], language: Language) -> Iterator[str]:
    title, top = escape(say("evenness", language)), charts.widest(evenness)
    yield f'<h2>{title}</h2><p class="soft">{escape(say("evenness_note", language))}</p>'
    if not any(named.items for named in evenness):
        yield f"<p>{escape(say('nobody_named', language))}</p>"
        return
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><thead><tr>'
    yield f'<th scope="col">{escape(say("who", language))}</th>'
    yield f'<th scope="col" class="n">{escape(say("items", language))}</th>'
    axis = f"{escape(say('flagged', language))} (0–{figure(100 * top, 0, language)} %)"
    yield f'<th scope="col">{axis}</th><th scope="col">{escape(say("alerted", language))}</th></tr></thead><tbody>'
    for named in [one for one in evenness if one.items]:
        kind = ' class="apart"' if named.stands_out else ""
        about = [say("stands_out", language)] if named.stands_out else []
        about += [named.warning.in_language(language)] if named.warning else []
        note = f'<div class="definition">{escape("; ".join(about))}</div>' if about else ""
        name = f'{escape(named.name)} <span class="soft">{escape(say(named.kind, language))}</span>{note}'
        picture = charts.interval(named.flagged, top, faint=named.warning is not None)
        yield f'<tr{kind}><th scope="row">{name}</th><td class="n">{figure(named.items, 0, language)}</td>'
        yield f"<td>{picture}{_share(named.flagged, language)}</td><td>{_share(named.alerted, language)}</td></tr>"
    yield "</tbody></table></div>"
    if absent := [named.name for named in evenness if not named.items]:
        yield f'<p class="soft">{escape(say("not_named", language))} {escape(", ".join(absent))}.</p>'


def _share(share: Share, language: Language) -> str:
    if share.share is None:
        return "—"
    low, middle, high = (figure(100 * value, 1, language) for value in (share.low, share.share, share.high))
    return f'{share.part}/{share.whole} = {middle} % <span class="soft">[{low}–{high} %]</span>'
