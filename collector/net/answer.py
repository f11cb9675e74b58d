"""Reading the head of an HTTP answer: http.client's, leaner and more forgiving.

http.client hands the headers to the parser of e-mails, which costs a third of a conditional request and takes the first
malformed line for the end of the headers: an ETag behind it is lost, and urllib3 warns the operator with a traceback.
Here a malformed line is skipped. All interim (1xx) answers are skipped, not only 100.
"""

from __future__ import annotations

import http.client

MAX_LINE_BYTES = 65536
MAX_HEADERS = 100
MAX_DIGITS = 100


class LeanAnswer(http.client.HTTPResponse):
    """An http.client response whose head is read by :func:`read_headers`; the body is read as ever."""

    def begin(self) -> None:
        """Raises http.client's own errors for what is no HTTP, and HTTPException for headers without end."""
        if self.headers is not None:
            return
        version, status, reason = self._read_status()
        while 100 <= status < 200 and status != http.HTTPStatus.SWITCHING_PROTOCOLS:
            read_headers(self.fp)
            version, status, reason = self._read_status()
        if not version.startswith("HTTP/1."):
            raise http.client.UnknownProtocol(version)
        self.code = self.status = status
        self.reason = reason.strip()
        self.version = 10 if version == "HTTP/1.0" else 11
        self.headers = self.msg = read_headers(self.fp)
        self._frame()

    def _frame(self) -> None:
        """Where the body ends (RFC 9112, 6.3)."""
        self.chunked = self.headers.get("transfer-encoding", "").lower() == "chunked"
        self.chunk_left = None
        self.length = None if self.chunked else _length(self.headers.get("content-length"))
        if self.status in (204, 304) or self._method == "HEAD":  # type: ignore[attr-defined]
            self.length = 0
        self.will_close = self._check_close()  # type: ignore[attr-defined]
        if not self.will_close and not self.chunked and self.length is None:
            self.will_close = True  # the body ends with the connection


def read_headers(stream: object) -> http.client.HTTPMessage:
    """The headers up to the empty line, in order, as Latin-1; folded lines are joined, malformed ones skipped."""
    message = http.client.HTTPMessage()
    name, value = "", ""
    readline = stream.readline  # type: ignore[attr-defined]  # a binary file
    for _ in range(MAX_HEADERS + 1):
        line = readline(MAX_LINE_BYTES + 1)
        if len(line) > MAX_LINE_BYTES:
            raise http.client.LineTooLong("header line")
        if line[:1] in b" \t" and line.strip():  # the rest of the header before (obs-fold)
            value = f"{value} {line.decode('latin-1').strip()}"
            continue
        if name:
            message[name] = value
        if line in (b"\r\n", b"\n", b""):
            return message
        name, value = _split(line)
    raise http.client.HTTPException(f"got more than {MAX_HEADERS} headers")


def _split(line: bytes) -> tuple[str, str]:
    """Name and value, or twice nothing for a malformed line."""
    name, colon, value = line.decode("latin-1").partition(":")
    if not colon or not name or not name.isprintable() or " " in name or "\t" in name:
        return "", ""
    return name, value.strip()


def _length(text: str | None) -> int | None:
    """None where the answer does not say, or says what cannot be."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < MAX_DIGITS else None
