"""Reading a partner's report: is it theirs, is it fresh, what does it say? Pure.

Signatures are those of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/
standard-webhooks.md): HMAC-SHA256 over ``id.timestamp.body``. The id may hold no dot, so that nobody can shift the
borders between the three. One or two keys are known, so that they can be changed without losing a report.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alerts.channels.webhook import sign, signing_keys
from alerts.text import clean_line, web_address
from collector.config.secret import Secret
from collector.model.errors import SiagaError
from collector.model.judgement import Verdict
from collector.model.partner import ReportKind

TOLERANCE = timedelta(minutes=5)
MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
MAX_TITLE, MAX_TEXT, MAX_URL, MAX_NOTE, MAX_REFERENCE = 1000, 20_000, 2000, 2000, 200
MAX_SIGNATURES = 10
_ID = re.compile(r"[A-Za-z0-9_:-]{1,128}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


class Refused(SiagaError):
    """A report that is not taken. ``status`` is HTTP's word for why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a partner says. ``reference`` is their own number of the issue, or empty. ``title`` and ``text`` are their
    words, ``url`` http(s) or None. ``verdict`` and ``link`` are their desk's, else those of the fact-check that they
    name, by ``checked_by``. ``replaces`` are earlier numbers of theirs that became ``reference``. Of an answer
    (``CHECKED``) only reference, verdict, note and link are read."""

    kind: ReportKind
    reference: str
    title: str = ""
    text: str = ""
    url: str | None = None
    publisher: str = ""
    topics: tuple[str, ...] = ()
    verdict: Verdict | None = None
    note: str = ""
    link: str | None = None
    checked_by: str = ""
    replaces: tuple[str, ...] = ()


def verified(headers: Mapping[str, str], body: bytes, secrets: Sequence[Secret], now: datetime) -> str:
    """The message's id, if a known key signed it within five minutes. ``headers`` by lower-case name.

    Raises Refused.
    """
    key, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(key):
        raise Refused(400, "webhook-id: 1 to 128 of A-Z a-z 0-9 _ : - are needed")
    if not _SECONDS.fullmatch(seconds):
        raise Refused(400, "webhook-timestamp: whole seconds since 1970 are needed")
    if abs(int(seconds) - now.timestamp()) > TOLERANCE.total_seconds():
        raise Refused(401, "webhook-timestamp: more than five minutes off; is your clock right?")
    given = headers.get("webhook-signature", "").split(" ")[:MAX_SIGNATURES]
    at = datetime.fromtimestamp(int(seconds), now.tzinfo)
    expected = [sign(one, key, at, body) for secret in secrets for one in signing_keys(secret.reveal())]
    if not any(hmac.compare_digest(mine.encode(), theirs.encode()) for mine in expected for theirs in given):
        raise Refused(401, "webhook-signature: none of a known key")
    return key


def read(body: bytes) -> Report:
    """Raises Refused with what is missing, for a sender who means well."""
    content = _json(body)
    if not isinstance(content, dict):
        raise Refused(400, "the body must be a JSON object")
    try:
        kind = ReportKind(str(content.get("type")))
    except ValueError:
        raise Refused(400, f"type: one of {', '.join(ReportKind)} is needed") from None
    data = content.get("data")
    if not isinstance(data, dict):
        raise Refused(400, "data: an object is needed")
    return _answer(data) if kind is ReportKind.CHECKED else _finding(kind, data)


def _finding(kind: ReportKind, data: Mapping[str, Any]) -> Report:
    title, text = _text(data, "title", MAX_TITLE), _text(data, "text", MAX_TEXT, lines=True)
    url = _link(data, "url")
    if not title and not text and url is None:
        raise Refused(400, "data: a title, a text or a url is needed")
    verdict, link, checked_by = _verdict(data), _link(data, "verdict_link"), ""
    if verdict is None and (check := _first_check(data)) is not None:
        verdict, link, checked_by = _verdict(check), _link(check, "url"), _text(check, "publisher", 80)
    return Report(
        kind=kind,
        reference=_text(data, "id", MAX_REFERENCE),
        title=title,
        text=text,
        url=url,
        publisher=_text(data, "publisher", 80),
        topics=_words(data, "topics"),
        verdict=verdict,
        note=_text(data, "note", MAX_NOTE),
        link=link,
        checked_by=checked_by,
        replaces=_numbers(data, "replaces"),
    )


def _first_check(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first fact-check with a verdict that we know."""
    checks = data.get("fact_checks")
    if checks is None:
        return None
    if not isinstance(checks, list) or len(checks) > 20 or not all(isinstance(check, dict) for check in checks):
        raise Refused(400, "data.fact_checks: a list of at most 20 objects is needed")
    return next((check for check in checks if _verdict(check) is not None), None)


def _answer(data: Mapping[str, Any]) -> Report:
    reference = _text(data, "id", MAX_REFERENCE)
    verdict = _verdict(data)
    if not reference or verdict is None:
        raise Refused(400, "data: id and verdict are needed")
    return Report(
        kind=ReportKind.CHECKED,
        reference=reference,
        verdict=verdict,
        note=_text(data, "note", MAX_NOTE),
        link=_link(data, "verdict_link"),
    )


def _json(body: bytes) -> Any:
    try:
        text = body.decode("utf-8")
        _mind_depth(text)
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Refused(400, "the body must be JSON in UTF-8 (RFC 8259), each key once") from None


def _mind_depth(text: str) -> None:
    """Brackets inside strings count too: a report needs few of either."""
    depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("too deep")
        elif character in "]}":
            depth -= 1


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _text(data: Mapping[str, Any], name: str, limit: int, *, lines: bool = False) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name == "id":
        value = str(value)
    if not isinstance(value, str):
        raise Refused(400, f"data.{name}: a text is needed")
    if len(value) > limit:
        raise Refused(400, f"data.{name}: at most {limit} characters")
    if lines:
        return "\n".join(clean_line(line, limit) for line in value.splitlines())
    return clean_line(value, limit)


def _link(data: Mapping[str, Any], name: str) -> str | None:
    url = _text(data, name, MAX_URL)
    if not url:
        return None
    if web_address(url) is None:
        raise Refused(400, f"data.{name}: an http or https address is needed")
    return url


def _words(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > 50 or not all(isinstance(word, str) for word in value):
        raise Refused(400, f"data.{name}: a list of at most 50 texts is needed")
    return tuple(clean_line(word, 64) for word in value)


def _numbers(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Numbers of issues in the sender's own form, without spaces."""
    value = data.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > 200 or not all(isinstance(one, str | int) for one in value):
        raise Refused(400, f"data.{name}: a list of at most 200 numbers or texts is needed")
    return tuple(dict.fromkeys(word for one in value if (word := clean_line(str(one), MAX_REFERENCE).replace(" ", ""))))


def _verdict(data: Mapping[str, Any]) -> Verdict | None:
    """A word that we do not know is no verdict of ours; the report stands without it."""
    word = _text(data, "verdict", 40).lower()
    return Verdict(word) if word in set(Verdict) else None
