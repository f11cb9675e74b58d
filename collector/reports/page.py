"""A report as one HTML page that needs nothing else: no script, no file, no font. Pure; everything is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from collector.model.phrase import Language
from collector.reports.chart import columns
from collector.reports.period import DEFINITIONS, Group, Period, Report
from collector.reports.words import even_lines, figures_of, word

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1a1a1a;background:#fff}
body{overflow-wrap:break-word}td.n,tbody th{white-space:nowrap}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{padding:.35rem .6rem;border-bottom:1px solid #ccc;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
dt{font-weight:600}dd{margin:0 0 .6rem}
figure{margin:1.5rem 0}svg{width:100%;height:auto;font-size:13px;text-anchor:middle}
.bar{fill:#b3461b}.gap{fill:#eeede8}.floor{fill:#888}text{fill:#1a1a1a}text.soft{fill:#666}figcaption{color:#666;font-size:.9rem}
@media(max-width:40rem){table{display:block;overflow-x:auto}td:last-child{min-width:10rem}th,td{padding:.3rem .4rem}}
.windows{display:flex;flex-wrap:wrap;gap:2rem}
@media(prefers-color-scheme:dark){body{background:#161616;color:#eee}th,td{border-color:#444}
.bar{fill:#e0764a}.gap{fill:#262626}text{fill:#eee}text.soft,figcaption{fill:#aaa;color:#aaa}}
"""


def as_html(report: Report, language: Language) -> str:
    title = f"{word('title', language)} {report.period.window}"
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{language}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
            f"<h1>{escape(title)}</h1>",
            columns(report.groups, word("issues", language), language),
            *body(report, language),
            "</body></html>",
            "",
        )
    )


def body(report: Report, language: Language) -> Iterator[str]:
    """The parts of the page below its heading; a web page of Siaga can show them in its own frame."""
    yield '<div class="windows">'
    yield from _window(report.period, language)
    if report.versus is not None:
        yield from _window(report.versus, language)
    yield "</div>"
    if report.change is not None:
        yield f"<h2>{escape(word('change', language))}</h2>"
        yield f"<p>{escape(report.change.sentence.in_language(language))}</p>"
        for one in report.change.checked:
            yield f"<p>{escape(one.reason.in_language(language))}</p>"
    if report.groups:
        yield from _table(report.groups, report.by or "", language)
    if report.evenness:
        yield f"<h2>{escape(word('evenness', language))}</h2><ul>"
        yield from (f"<li>{escape(line)}</li>" for line in even_lines(report.evenness, language))
        yield "</ul>"
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
    yield f"<h2>{escape(word('definitions', language))}</h2><ul>"
    yield from (f"<li>{escape(phrase.in_language(language))}</li>" for phrase in DEFINITIONS.values())
    yield "</ul>"


def _window(period: Period, language: Language) -> Iterator[str]:
    topic = f", {period.topic}" if period.topic else ""
    yield f"<section><h2>{escape(f'{period.window} ({period.window.length(language)}{topic})')}</h2><dl>"
    for name, value in figures_of(period, language):
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl></section>"


def _table(groups: Sequence[Group], by: str, language: Language) -> Iterator[str]:
    heads = "".join(f'<th class="n">{escape(word(key, language))}</th>' for key in ("issues", "items", "actions"))
    yield f"<h2>{escape(word(f'by_{by}', language) if by else '')}</h2>"
    yield f"<table><thead><tr><th></th>{heads}<th></th></tr></thead><tbody>"
    for group in groups:
        issues = "—" if group.unknown else group.figures.issues
        counts = (issues, group.figures.items, "—" if group.window is None else group.figures.actions)
        cells = "".join(f'<td class="n">{n}</td>' for n in counts)
        note = "" if group.note is None else group.note.in_language(language)
        yield f'<tr><th scope="row">{escape(group.label)}</th>{cells}<td>{escape(note)}</td></tr>'
    yield "</tbody></table>"
