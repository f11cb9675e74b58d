"""What is wrong with a desk's own templates, told before a message needs them: ``siaga check``.

files -> names -> syntax and forbidden things -> filled with samples of every kind of message, in both languages
"""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.bundle import digest_of, group_of
from alerts.layout import NAMES, Layout, TemplateFault
from alerts.sample import sample_notice
from alerts.scribe import Scribe
from alerts.view import View
from collector.model.alert import Notice, NoticeType
from collector.model.phrase import Language, Phrase

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import SandboxedEnvironment

WHEN = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
MARK = "<siaga-check>"  # stands in every sample's quoted words: it must come out escaped
MAX_BYTES = 200_000
LANGUAGES: tuple[Language, ...] = ("id", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """``line`` counts from 1; None: the file or the folder as a whole."""

    file: Path
    line: int | None
    fault: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.fault}"


def flaws(folder: Path) -> tuple[Flaw, ...]:
    """Every flaw of the templates in ``folder``; empty where messages can be made with them."""
    if not folder.is_dir():
        return (Flaw(file=folder, line=None, fault="is no folder; expected one with templates of your own"),)
    layout = Layout(folder)
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    read = [flaw for path in found for flaw in _read(path, layout.environment)]
    named = [] if read else list(_misnamed(found, folder, layout.environment))
    filled = [] if read or named else list(_filled([path for path in found if path.name in NAMES], layout))
    return (*read, *named, *filled)


# ---------------------------------------------------------------- one file


def _read(path: Path, environment: SandboxedEnvironment) -> Iterator[Flaw]:
    from jinja2 import TemplateSyntaxError

    try:
        text = path.read_text(encoding="utf-8")
        if len(text) > MAX_BYTES:
            yield Flaw(file=path, line=None, fault=f"is too large; expected at most {MAX_BYTES // 1000} kB")
            return
        environment.compile(text, path.name, str(path))  # knows unknown filters, which parsing does not
        tree = environment.parse(text, path.name, str(path))
    except (OSError, UnicodeDecodeError) as error:
        yield Flaw(file=path, line=None, fault=f"cannot be read ({type(error).__name__}); expected text in UTF-8")
        return
    except TemplateSyntaxError as error:
        yield Flaw(file=path, line=error.lineno, fault=_words(error.message or "is no template"))
        return
    yield from _forbidden(path, tree)


def _forbidden(path: Path, tree: nodes.Template) -> Iterator[Flaw]:
    from jinja2 import nodes

    for switch in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
        yield Flaw(file=path, line=switch.lineno, fault="switches escaping; expected a template without autoescape")
    fields = [field.name for field in dataclasses.fields(View)]
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name == "view" and part.attr not in fields:
            yield Flaw(file=path, line=part.lineno, fault=_unknown(f"view.{part.attr}", part.attr, fields))


def _unknown(shown: str, name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f'; did you mean "{near[0]}"? Expected' if near else "; expected"
    return f"no field {shown}{hint} one of {', '.join(known)}"


def _misnamed(found: Sequence[Path], folder: Path, environment: SandboxedEnvironment) -> Iterator[Flaw]:
    """A file that is no template's name and that no other file uses: a slip of the pen, which would change nothing."""
    from jinja2 import meta

    used = {
        name
        for path in found
        for name in meta.find_referenced_templates(environment.parse(path.read_text(encoding="utf-8")))
    }
    for path in found:
        name = path.relative_to(folder).as_posix()
        if name not in NAMES and name not in used:
            near = get_close_matches(name, NAMES, n=1)
            hint = f'; did you mean "{near[0]}"? Expected' if near else "; expected"
            yield Flaw(file=path, line=None, fault=f"is used by nothing{hint} one of {', '.join(NAMES)}")


# ---------------------------------------------------------------- filled


def _filled(templates: Sequence[Path], layout: Layout) -> Iterator[Flaw]:
    for path in templates:
        flaw = next(_filled_one(path, layout), None)  # one is enough: the samples repeat it
        if flaw is not None:
            yield flaw


def _filled_one(path: Path, layout: Layout) -> Iterator[Flaw]:
    together = path.name.startswith("group.")
    for notice in samples():
        bundled = bool(notice.members) or notice.digest
        if path.suffix != ".txt" and bundled != together:
            continue
        if path.name in ("message.txt", "group.txt") and bundled != together:
            continue
        for language in LANGUAGES:
            view = Scribe(language, ZoneInfo("Asia/Jakarta")).view(notice)
            try:
                words = layout.fill(path.name, view)
            except TemplateFault as fault:
                yield _flaw_of(fault, path)
                return
            if path.suffix == ".html" and MARK in words:
                yield Flaw(file=path, line=None, fault="lets collected words through unescaped")
            if path.name == "subject.txt" and not words.strip():
                yield Flaw(file=path, line=None, fault=f"is empty for a message of kind {view.kind}")


def _flaw_of(fault: TemplateFault, path: Path) -> Flaw:
    """At the innermost line of a template that the error passed."""
    cause = fault.__cause__
    assert cause is not None  # noqa: S101 - a fault always wraps one
    lines = [frame for frame in traceback.extract_tb(cause.__traceback__) if frame.filename.endswith((".txt", ".html"))]
    place = lines[-1] if lines else None
    return Flaw(
        file=Path(place.filename) if place else path,
        line=place.lineno if place else None,
        fault=_words(f"{type(cause).__name__}: {cause}"),
    )


def _words(text: str) -> str:
    return " ".join(text.split())[:300]


def samples() -> tuple[Notice, ...]:
    """One notice of every kind, with a mark in its quoted words."""
    firing = _marked(sample_notice(WHEN))
    resolved = _marked(sample_notice(WHEN, resolved=True))
    phrase = Phrase(id=f"Sumber gagal: {MARK}", en=f"Sources failing: {MARK}")
    operator = Notice(type=NoticeType.DEGRADED, at=WHEN, headline=phrase, why=phrase)
    closed = replace(resolved, count=None, expected=None, limit=None, window_start_at=None, window_end_at=None)
    bare = replace(closed, daily_counts=(), issues=(), exhibits=(), since=None, sources_total=None, baseline_days=None)
    corrected = replace(operator, type=NoticeType.CORRECTION, link="https://cek.example/1")
    real = replace(firing, type=NoticeType.FIRING, alert_id=7)
    return (
        firing,
        real,
        resolved,
        closed,
        bare,
        operator,
        corrected,
        group_of((real, replace(real, alert_id=8)), WHEN),
        digest_of((real, resolved), WHEN),
        digest_of((), WHEN),
    )


def _marked(notice: Notice) -> Notice:
    headline = Phrase(id=f"{notice.headline.id} {MARK}", en=f"{notice.headline.en} {MARK}")
    issues = tuple(replace(issue, text=f"{issue.text} {MARK}") for issue in notice.issues)
    return replace(notice, headline=headline, issues=issues, failing=(*notice.failing, MARK))
