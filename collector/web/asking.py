"""What every page asks for first: the desk, the visitor, and that only editors act."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from collector.web.desk import Desk
from collector.web.visitor import Visitor

P = ParamSpec("P")
R = TypeVar("R")
LARGEST_ID = 2**63 - 1  # SQLite counts no further


def the_desk() -> Desk:
    return cast("Desk", current_app.extensions["desk"])


def the_visitor() -> Visitor:
    return cast("Visitor", g.visitor)


def editors_only(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Who is not logged in is sent there; a reader is told no."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        visitor = the_visitor()
        if visitor.session is None:
            return redirect(url_for("login.enter", next=request.form.get("back") or url_for("now.show")), 303)
        if not visitor.may_act:
            abort(403)
        return view(*args, **kwargs)

    return checked


def number_of(text: str) -> int:
    """An id from a path. Anything else is not found."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19 or int(text) > LARGEST_ID:
        abort(404)
    return int(text)


def local_path(given: str | None) -> str:
    """Where to go next, only within this page: another site's address would lend it our name."""
    if not given or not given.startswith("/") or given.startswith(("//", "/\\")) or any(ord(c) < 0x21 for c in given):
        return url_for("now.show")
    return given
