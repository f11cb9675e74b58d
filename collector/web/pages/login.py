"""Logging in and out."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from collector.web.asking import local_path, the_desk, the_visitor
from collector.web.gate import FORM, SESSION, drop_cookies, set_cookie
from collector.web.login import Admitted, log_in

page = Blueprint("login", __name__)


@page.get("/login")
def enter() -> str:
    return _form()


@page.post("/login")
def try_to_enter() -> Response:
    desk = the_desk()
    result = log_in(
        desk.store.people,
        request.form.get("name", ""),
        request.form.get("password", ""),
        shared=desk.web.password,
        address=request.remote_addr or "",
        now=desk.now(),
    )
    if isinstance(result, Admitted):
        response = redirect(local_path(request.form.get("next")), 303)
        set_cookie(
            response, SESSION, result.token, desk.web, max_age=int((result.ends_at - desk.now()).total_seconds())
        )
        drop_cookies(response, [FORM], desk.web)
        return response
    wait = None if result.wait is None else max(1, round(result.wait.total_seconds()))
    refused = make_response(_form(failed=True, wait=wait), 403 if wait is None else 429)
    if wait is not None:
        refused.headers["Retry-After"] = str(wait)
    return refused


def _form(*, failed: bool = False, wait: int | None = None) -> str:
    desk = the_desk()
    given = request.form if request.method == "POST" else request.args
    return render_template(
        "login.html",
        next=local_path(given.get("next")),
        name=given.get("name", "")[:60],
        failed=failed,
        wait=wait,
        shared=desk.web.password is not None,
        anybody=bool(desk.store.people.list()),
    )


@page.post("/logout")
def leave() -> Response:
    desk = the_desk()
    session = the_visitor().session
    if session is not None:
        desk.store.people.close(session.token_hash)
    response = redirect(local_path(None), 303)
    drop_cookies(response, [SESSION, FORM], desk.web)
    return response
