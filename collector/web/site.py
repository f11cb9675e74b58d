"""The application, put together: gate, pages, words, errors. Nothing here knows a database or a clock of its own."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import structlog
from flask import Flask, Request, Response, g, render_template, request, send_from_directory, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from alerts import catalogue
from alerts.text import clean_line, defang_all, host_of, web_address
from collector.model.errors import NotFound, StoreError
from collector.model.phrase import Language, Phrase
from collector.reports.page import SHEET as REPORT_SHEET
from collector.web import words
from collector.web.desk import Desk
from collector.web.gate import Gate
from collector.web.pages import PAGES, SECTIONS
from collector.web.visitor import Visitor

log = structlog.get_logger()
MOST_FORM_BYTES = 64 * 1024
STATIC = Path(__file__).parent / "static"
ELSEWHERE = {"report.css": REPORT_SHEET}  # a file of another part, served beside ours


class Site(Flask):
    """Flask, but a fault goes into Siaga's own log, and some files lie with the part they belong to."""

    def send_static_file(self, filename: str) -> Response:
        found = ELSEWHERE.get(filename)
        return super().send_static_file(filename) if found is None else send_from_directory(found.parent, found.name)

    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        log.error("page failed", path=clean_line(request.path, 200), exc_info=exc_info)


def create(desk: Desk) -> Flask:
    """The WSGI application. It reads nothing from the environment."""
    site = Site(__name__, static_folder=str(STATIC), static_url_path="/static")
    site.config.update(MAX_CONTENT_LENGTH=MOST_FORM_BYTES, MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES, MAX_FORM_PARTS=200)
    site.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    site.extensions["desk"] = desk
    Gate(site, desk)
    for page in PAGES:
        site.register_blueprint(page)
    site.register_error_handler(HTTPException, _refusal)
    site.register_error_handler(NotFound, lambda _: _page(HTTPStatus.NOT_FOUND))
    site.register_error_handler(StoreError, _store_refused)
    site.context_processor(lambda: _context(desk))
    return site


def _refusal(error: HTTPException) -> tuple[str, int]:
    return _page(HTTPStatus(error.code or 500))


def _store_refused(error: Exception) -> tuple[str, int]:
    log.warning("the page's question was refused", reason=str(error))
    return _page(HTTPStatus.SERVICE_UNAVAILABLE)


def _page(status: HTTPStatus) -> tuple[str, int]:
    """A refusal in the visitor's language; in plain words where nobody knows yet who it is."""
    visitor: Visitor | None = g.get("visitor")
    if visitor is None:
        return f"{status.value} {status.phrase}\n", status.value
    why = words.REFUSALS.get(status.value, words.REFUSALS[500]).in_language(visitor.language)
    return render_template("refusal.html", status=status.value, why=why), status.value


# ---------------------------------------------------------------- what every template is given


def _context(desk: Desk) -> dict[str, Any]:
    visitor: Visitor | None = g.get("visitor")
    language: Language = visitor.language if visitor else desk.settings.language
    zone = desk.zone

    def moment(at: datetime | None) -> Markup:
        """A moment as the reader writes it; machines read the attribute."""
        if at is None:
            return Markup("—")
        return Markup('<time datetime="{}">{}</time>').format(
            f"{at:%Y-%m-%dT%H:%M:%SZ}", catalogue.moment(at, zone, language)
        )

    def ago(at: datetime | None) -> Markup:
        if at is None:
            return Markup("—")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            f"{at:%Y-%m-%dT%H:%M:%SZ}", catalogue.moment(at, zone, language), words.ago(desk.now() - at, language)
        )

    return {
        "visitor": visitor,
        "language": language,
        "say": lambda key, **values: words.say(key, language, **values),
        "in_words": lambda phrase: phrase.in_language(language) if isinstance(phrase, Phrase) else phrase,
        "number": lambda value: catalogue.number(value, language),
        "moment": moment,
        "ago": ago,
        "day": lambda value: catalogue.day(value, language) if isinstance(value, date) else "—",
        "clean": lambda text, limit=240: defang_all(clean_line(text, limit)),
        "host": lambda url: host_of(url) if web_address(url) else "",
        "link": web_address,
        "topic_name": lambda topic_id: desk.topic_name(topic_id, language),
        "static": _static,
        "languages": _languages(request, language),
        "sections": sections,
        "here": request.endpoint,
        "path": request.full_path.rstrip("?"),
        "points": lambda value, signed=True: words.points(value, language, signed=signed),
        "measure_words": lambda measure: catalogue.MEASURES[measure].in_language(language),
        "window_words": lambda alert: words.window(alert, language),
        "sources_words": lambda many: catalogue.sources(many, language),
        "hours_in_words": lambda many: words.hours(many, language),
    }


def sections() -> list[tuple[str, str, str]]:
    """The pages of the menu: blueprint, name in the words, address."""
    return [(name, key, url_for(f"{name}.show")) for name, key in SECTIONS]


def _static(name: str) -> str:
    """The address of a file of ours, which changes when the file does."""
    return url_for("static", filename=name, v=_fingerprint(name))


_FINGERPRINTS: dict[str, str] = {}


def _fingerprint(name: str) -> str:
    if name not in _FINGERPRINTS:
        _FINGERPRINTS[name] = blake2b(ELSEWHERE.get(name, STATIC / name).read_bytes(), digest_size=4).hexdigest()
    return _FINGERPRINTS[name]


def _languages(asked: Request, language: Language) -> list[tuple[str, str, str, bool]]:
    """Code, name, where this page is in it, whether it is this one."""
    kept = [(key, value) for key, value in asked.args.items(multi=True) if key != "lang"]
    return [
        (code, name, f"{asked.path}?{urlencode([*kept, ('lang', code)])}", code == language)
        for code, name in (("id", "Bahasa Indonesia"), ("en", "English"))
    ]
