"""A report as one HTML page that needs nothing else: no script, no file, no font. Pure; everything is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from collector.model.phrase import Language, Phrase
from collector.reports import charts
from collector.reports.change import Change, figure
from collector.reports.evenness import Named, Share
from collector.reports.period import DEFINITIONS, Group, Period, Report
from collector.reports.words import FIGURES, figures_of, word

NO_NAMES: Mapping[str, Phrase] = {}
STYLE = """
:root{color-scheme:light dark;--paper:#faf9f6;--card:#fff;--ink:#1d2126;--soft:#5b636d;--line:#e3e0d9;--bar:#b3bac2;
--bar-now:#7d8791;--accent:#b23c08;--accent-wash:#fcefe7;--round:10px}
@media(prefers-color-scheme:dark){:root{--paper:#121519;--card:#1a1e23;--ink:#e8eaed;--soft:#a7afb8;--line:#2d333a;
--bar:#4d565f;--bar-now:#87919b;--accent:#ff9a66;--accent-wash:#35241b}}
*{box-sizing:border-box}
body{font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;margin:0 auto;max-width:62rem;
padding:clamp(1rem,4vw,2.2rem);color:var(--ink);background:var(--paper);font-variant-numeric:tabular-nums;
overflow-wrap:anywhere}
h1{font-size:clamp(1.5rem,1.2rem + 1.6vw,2.1rem);line-height:1.25;margin:0 0 1rem}
h2{font-size:1.2rem;line-height:1.25;margin:2.2rem 0 .5rem}
p{margin:.4rem 0}ul{padding-left:1.2rem}svg{display:block;max-width:100%;height:auto}
.soft{color:var(--soft);font-size:.925rem}
figure{margin:1rem 0;background:var(--card);border:1px solid var(--line);border-radius:var(--round);padding:1rem}
.wide{width:100%}.narrow{display:none}@media(max-width:40rem){.wide{display:none}.narrow{display:block;width:100%}}
.bars text{font-size:12px;fill:var(--soft)}.bars text.count{fill:var(--ink);font-weight:600}
.bar.now{fill:var(--accent)}.grid{stroke:var(--line)}.base{stroke:var(--bar-now)}
.report .windows{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:1rem}
.report .windows section{background:var(--card);border:1px solid var(--line);border-radius:var(--round);
padding:1rem 1.1rem}
.report .windows h2{margin:0 0 .6rem;font-size:1.05rem}
.report .scroll{overflow-x:auto}
.report table{border-collapse:collapse;width:100%}
.report th,.report td{padding:.4rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;
font-weight:400}
.report thead th{color:var(--soft);font-size:.875rem}
.report .n{text-align:right;white-space:nowrap}
"""
REPORT_STYLE = """
.report .scroll th,.report .scroll td{overflow-wrap:normal}
.report .scroll th[scope="row"]{min-width:6.5rem}
.report .before{fill:var(--bar)}
.report .bar.now{fill:var(--accent)}
.report .unknown{fill:var(--line);opacity:.55}
.report .whole{fill:var(--accent-wash);stroke:var(--accent);stroke-dasharray:4 3}
.report .covered{fill:var(--bar-now)}
.report .uncovered{fill:var(--line)}
.report .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;padding:0;margin:.4rem 0 0;list-style:none;
color:var(--soft);font-size:.925rem}
.report .legend svg{display:inline-block;width:.9rem;height:.9rem;margin-right:.4rem;vertical-align:-.1em}
.report .definition{color:var(--soft);font-size:.875rem;line-height:1.45;max-width:44rem}
.report dl{margin:0;display:block}
.report dt{font-weight:600;color:var(--ink);margin-top:.6rem}
.report dd{margin:0;text-align:left}
.report dd b{font-size:1.25rem}
.report .multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13rem),1fr));gap:.8rem;
padding:0;margin:.6rem 0;list-style:none}
.report .multiples li{background:var(--card);border:1px solid var(--line);border-radius:var(--round);
padding:.7rem .8rem;display:flex;flex-direction:column;gap:.4rem;color:var(--ink)}
.report .multiples p{margin:0;line-height:1.3}
.report .multiples svg{width:100%;margin-top:auto}
.report .length{width:100%;min-width:5rem;height:.7rem;margin-top:.45em}
.report .interval{width:12.5rem;min-width:9rem;margin-top:.25em}
.report .reach{stroke:var(--bar-now);stroke-width:4;stroke-linecap:round}
.report .dot{fill:var(--ink)}
.report .apart .dot{fill:var(--accent)}
.report .faint{opacity:.45}
"""


def as_html(report: Report, language: Language, names: Mapping[str, Phrase] = NO_NAMES) -> str:
    """``names`` are the topics' by their ids."""
    title = f"{word('title', language)} {report.period.window}"
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{language}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{STYLE}{REPORT_STYLE}</style></head><body>",
            f'<h1>{escape(title)}</h1><main class="report">',
            *body(report, language, names),
            "</main></body></html>",
            "",
        )
    )


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
        yield f"<h2>{escape(word('per_topic', language))}</h2>"
        yield from charts.multiples(report.topics, names, language)
        yield f'<p class="soft">{escape(word("per_topic_note", language))}</p>'
    if report.groups:
        yield from _table(report.groups, report.by or "", names, language)
    if report.evenness:
        yield from _evenness(report.evenness, language)
    if report.notes:
        yield f"<h2>{escape(word('notes', language))}</h2><ul>"
        yield from (f"<li>{escape(note.in_language(language))}</li>" for note in report.notes)
        yield "</ul>"
    if report.period.published:
        yield f"<h2>{escape(word('published', language))}</h2><ul>"
        for row in report.period.published:
            about = f"{row.first}..{row.last}: {row.issues} ({row.topic or '—'}; {row.source or '—'})"
            yield f"<li>{escape(about)}</li>"
        yield "</ul>"


def _change(change: Change, language: Language) -> Iterator[str]:
    yield f"<h2>{escape(word('change', language))}</h2>"
    yield f"<p>{escape(change.sentence.in_language(language))}</p>"
    for one in change.checked:
        yield f"<p>{escape(one.reason.in_language(language))}</p>"


def _course(report: Report, language: Language) -> Iterator[str]:
    yield "<figure>"
    yield from charts.course(report, language)
    kinds = [("bar now", str(report.period.window))]
    if report.versus is not None:
        kinds.append(("before", str(report.versus.window)))
    kinds += [("covered", word("legend_covered", language)), ("unknown", word("legend_unknown", language))]
    if any(group.note is not None for group in report.groups):
        kinds.append(("whole", word("legend_whole", language)))
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
    heads = "".join(f'<th scope="col" class="n">{escape(word(key, language))}</th>' for key in keys)
    most = max((group.figures.issues for group in groups), default=0)
    title = escape(word(f"by_{by}", language))
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
    title, top = escape(word("evenness", language)), charts.widest(evenness)
    yield f'<h2>{title}</h2><p class="soft">{escape(word("evenness_note", language))}</p>'
    if not any(named.items for named in evenness):
        yield f"<p>{escape(word('nobody_named', language))}</p>"
        return
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><thead><tr>'
    yield f'<th scope="col">{escape(word("who", language))}</th>'
    yield f'<th scope="col" class="n">{escape(word("items", language))}</th>'
    axis = f"{escape(word('flagged', language))} (0–{figure(100 * top, 0, language)} %)"
    yield f'<th scope="col">{axis}</th><th scope="col">{escape(word("alerted", language))}</th></tr></thead><tbody>'
    for named in [one for one in evenness if one.items]:
        kind = ' class="apart"' if named.stands_out else ""
        about = [word("stands_out", language)] if named.stands_out else []
        about += [named.warning.in_language(language)] if named.warning else []
        note = f'<div class="definition">{escape("; ".join(about))}</div>' if about else ""
        name = f'{escape(named.name)} <span class="soft">{escape(word(named.kind, language))}</span>{note}'
        picture = charts.interval(named.flagged, top, faint=named.warning is not None)
        yield f'<tr{kind}><th scope="row">{name}</th><td class="n">{figure(named.items, 0, language)}</td>'
        yield f"<td>{picture}{_share(named.flagged, language)}</td><td>{_share(named.alerted, language)}</td></tr>"
    yield "</tbody></table></div>"
    if absent := [named.name for named in evenness if not named.items]:
        yield f'<p class="soft">{escape(word("not_named", language))} {escape(", ".join(absent))}.</p>'


def _share(share: Share, language: Language) -> str:
    if share.share is None:
        return "—"
    low, middle, high = (figure(100 * value, 1, language) for value in (share.low, share.share, share.high))
    return f'{share.part}/{share.whole} = {middle} % <span class="soft">[{low}–{high} %]</span>'
