"""Where partners' programs report: signed JSON in, JSON out. No cookies, no pages.

    POST /api/partners/NAME/reports         a report: 201 with its number; 200 where it was taken before
    GET  /api/partners/NAME/reports/ID      what became of it

Both are signed by Standard Webhooks with a key of the partner (a GET signs an empty body).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from alerts.text import clean_line
from collector.config.settings import Partner
from collector.model.errors import NotFound, StoreError
from collector.partners.incoming import MAX_BYTES, Refused, read, verified
from collector.web.asking import the_desk

page = Blueprint("partners_api", __name__, url_prefix="/api/partners")
log = structlog.get_logger()


@page.post("/<name>/reports")
def receive(name: str) -> tuple[Response, int]:
    """Verify, read, store; nothing that the report points to is fetched."""
    desk = the_desk()
    partner = _partner(name)
    body = _body()
    now = desk.now()
    message_id = _signed(partner, body)
    receiving = partner.receive
    taken = desk.app.partner_desk.take(
        partner.name, read(body), message_id, body, now, per_minute=receiving.per_minute if receiving else None
    )
    log.info("partner reported", partner=partner.name, report=taken.report.id, fresh=taken.fresh)
    return jsonify(desk.app.partner_desk.answer(taken.report)), 201 if taken.fresh else 200


@page.get("/<name>/reports/<report_id>")
def state(name: str, report_id: str) -> Response:
    partner = _partner(name)
    _signed(partner, b"")
    return jsonify(the_desk().app.partner_desk.state(partner.name, report_id))


def _partner(name: str) -> Partner:
    found = the_desk().settings.partner(name)
    if found is None or found.receive is None:
        raise Refused(404, "no reports are taken here")
    return found


def _body() -> bytes:
    if request.mimetype != "application/json":
        raise Refused(415, "Content-Type: application/json is needed")
    if request.content_encoding:
        raise Refused(415, "Content-Encoding: none is taken")
    body = request.get_data(cache=False)
    if len(body) > MAX_BYTES:
        raise Refused(413, f"at most {MAX_BYTES} bytes")
    return body


def _signed(partner: Partner, body: bytes) -> str:
    headers: Mapping[str, str] = {key.lower(): value for key, value in request.headers.items()}
    secrets = partner.receive.secrets if partner.receive else ()
    return verified(headers, body, secrets, the_desk().now())


@page.errorhandler(Refused)
def refused(error: Refused) -> tuple[Response, int, dict[str, str]]:
    log.warning("report refused", path=clean_line(request.path, 100), why=str(error), status=error.status)
    more = {"Retry-After": "60"} if error.status == 429 else {}
    return _told(str(error)), error.status, more


@page.errorhandler(NotFound)
def unknown(error: NotFound) -> tuple[Response, int]:
    return _told("no such report of yours"), 404


@page.errorhandler(StoreError)
def busy(error: StoreError) -> tuple[Response, int, dict[str, str]]:
    log.warning("report put off", why=str(error))
    return _told("not now; send it again"), 503, {"Retry-After": "60"}


@page.errorhandler(HTTPException)
def otherwise(error: HTTPException) -> tuple[Response, int]:
    return _told(error.name), error.code or 500


def _told(why: str) -> Response:
    content: dict[str, Any] = {"error": why}
    return jsonify(content)
