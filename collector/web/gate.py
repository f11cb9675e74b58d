"""Before a page is made: is the request meant for us (Host), who asks, may they read, did their own form send it?
After it: the headers that keep a browser from doing anything but showing it.

Cross-site requests are stopped twice: the browser's word (Sec-Fetch-Site, Origin) and the form's token. Another name
pointed at this machine (DNS rebinding) is stopped by the Host header.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, g, redirect, request, url_for

from collector.config.settings import Web
from collector.model.phrase import Language
from collector.web.desk import Desk
from collector.web.login import hash_of
from collector.web.visitor import Visitor, form_token, is_form_token

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

PROBES = frozenset({"health.healthz", "health.readyz"})  # asked by machines, under whatever name they know
OPEN = frozenset({"static", "login.enter", "login.try_to_enter", "health.metrics", "confirm.ask", "confirm.act"})
SIGNED = frozenset({"partners_api.receive", "partners_api.state"})  # programs that sign each request: no cookies
BY_LINK = frozenset({"confirm.act"})  # the signed link itself is the permission
SESSION, FORM, LANGUAGE = "siaga_session", "siaga_form", "siaga_language"
YEAR_S = 365 * 24 * 3600
CONTENT_SECURITY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that, browsers send `Origin: null` with our own forms (Fetch, "append a request Origin").
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}


class Gate:
    """Registers itself with the application."""

    def __init__(self, application: Flask, desk: Desk) -> None:
        self._desk = desk
        application.before_request(self._admit)
        application.after_request(self._seal)

    def _admit(self) -> AnyResponse | None:
        if request.endpoint in PROBES:
            return None
        web = self._desk.web
        if request.host.lower() not in hosts_of(web):
            abort(421)
        if request.endpoint in SIGNED:
            return None
        g.visitor = self._visitor(web)
        if not g.visitor.may_read and request.endpoint not in OPEN:
            if request.method != "GET":
                abort(401)
            return redirect(url_for("login.enter", next=request.full_path.rstrip("?")))
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            self._check_form(web, g.visitor)
        return None

    def _visitor(self, web: Web) -> Visitor:
        desk, now = self._desk, self._desk.now()
        cookie = request.cookies.get(cookie_name(SESSION, web), "")
        session = desk.store.people.session(hash_of(cookie), now) if cookie else None
        closed = web.password is not None or web.token is not None
        form = cookie if session else request.cookies.get(cookie_name(FORM, web), "")
        g.form_cookie = None
        if not form:
            form = g.form_cookie = secrets.token_urlsafe(24)
        return Visitor(
            session=session,
            language=language_of(request, desk.settings.language),
            may_read=not closed or session is not None or bears(request, web),
            form_token=form_token(desk.store.signing_key(), form),
        )

    def _check_form(self, web: Web, visitor: Visitor) -> None:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() not in hosts_of(web):
            abort(403)
        if request.endpoint in BY_LINK:
            return
        if not is_form_token(request.form.get("form_token", ""), visitor.form_token):
            abort(403)

    def _seal(self, response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static":
            response.headers["Cache-Control"] = "public, max-age=86400"
        else:
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.add("Vary", "Cookie")
        visitor: Visitor | None = g.get("visitor")
        if visitor is not None and request.endpoint != "static":
            self._remember(response, visitor)
        return response

    def _remember(self, response: Response, visitor: Visitor) -> None:
        web = self._desk.web
        if g.get("form_cookie"):
            set_cookie(response, FORM, g.form_cookie, web)
        if request.args.get("lang") == visitor.language:
            set_cookie(response, LANGUAGE, visitor.language, web, max_age=YEAR_S)


def hosts_of(web: Web) -> frozenset[str]:
    """What a Host header may say. Machine addresses besides the listening one are left out with the rest: people come
    by ``base_url``."""
    hosts = {urlsplit(web.address).netloc.lower()}
    host, _, port = web.listen.rpartition(":")
    if host.strip("[]") in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        hosts |= {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if port == "80":
            hosts |= {"127.0.0.1", "localhost", "[::1]"}
    else:
        hosts.add(web.listen.lower())
    return frozenset(hosts)


def bears(asked: Request, web: Web) -> bool:
    """Whether a program shows ``web.token``."""
    scheme, _, given = asked.headers.get("Authorization", "").partition(" ")
    if web.token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode("utf-8", "replace"), web.token.reveal().encode())


def language_of(asked: Request, otherwise: Language) -> Language:
    """``?lang=`` first, then what was chosen before, then the file's own."""
    for given in (asked.args.get("lang"), asked.cookies.get(LANGUAGE)):
        if given in ("id", "en"):
            return cast("Literal['id', 'en']", given)
    return otherwise


def is_secure(web: Web) -> bool:
    return web.address.startswith("https://")


def cookie_name(name: str, web: Web) -> str:
    """Over https with the prefix that browsers hold to: this host's, whole, and never over http."""
    return f"__Host-{name}" if is_secure(web) and name != LANGUAGE else name


def set_cookie(response: AnyResponse, name: str, value: str, web: Web, *, max_age: int | None = None) -> None:
    response.set_cookie(
        cookie_name(name, web), value, max_age=max_age, path="/", httponly=True, samesite="Lax", secure=is_secure(web)
    )


def drop_cookies(response: AnyResponse, names: Iterable[str], web: Web) -> None:
    for name in names:
        response.delete_cookie(cookie_name(name, web), path="/", httponly=True, samesite="Lax", secure=is_secure(web))
