"""Reading an answer's body: bounded before and after decompression, and complete or not at all.

A body that ends early is refused although a tolerant parser could read its beginning: kept together with its ETag, the
missing rest would be "not modified" at the next poll and never be seen.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from urllib3.response import HTTPResponse

MAX_BYTES = 10 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
MAX_MEMBERS = 64  # gzip members in one body; honest ones have one
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class BodyTooLarge(Exception):
    """More bytes than allowed, packed or unpacked. ``beginning`` is the content up to the limit."""

    def __init__(self, reason: str, beginning: bytes = b"") -> None:
        super().__init__(reason)
        self.beginning = beginning


class BodyUnreadable(Exception):
    """An encoding that was not asked for, a damaged gzip stream, or one that ends early."""


def read_body(answer: HTTPResponse, max_bytes: int = MAX_BYTES) -> bytes:
    """The whole body, unpacked. Raises BodyTooLarge, BodyUnreadable, and what urllib3 raises while reading."""
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    chunks = answer.stream(CHUNK_BYTES, decode_content=False)
    if encoding in ("", "identity"):
        return _bounded(chunks, max_bytes)
    if encoding in ("gzip", "x-gzip"):
        return unpacked(chunks, max_bytes)
    raise BodyUnreadable(f"encoded as {encoding[:40]!r}, which was not asked for")


def unpacked(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    """The content of a gzip stream. A body that only claims to be gzip is taken as it is, as browsers' peers do.

    Raises BodyTooLarge, BodyUnreadable.
    """
    gunzip = _Gunzip(max_bytes)
    packed = 0
    for chunk in chunks:
        packed += len(chunk)
        if packed > max_bytes:
            raise BodyTooLarge(f"more than {max_bytes} bytes", gunzip.beginning())
        gunzip.feed(chunk)
    return gunzip.content()


class _Gunzip:
    """Unpacks piece by piece and never holds more than the limit."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._out = bytearray()
        self._members = 0
        self._stream: zlib._Decompress | None = None
        self._plain = False
        self._held = b""  # a single byte, too short to tell

    def feed(self, chunk: bytes) -> None:
        if self._stream is None:
            chunk, self._held = self._held + chunk, b""
        while chunk:
            if self._plain:
                self._add(chunk)
                return
            if self._stream is None and not self._begins_with(chunk):
                return
            chunk = self._unpack(chunk)

    def beginning(self) -> bytes:
        return bytes(self._out[: self._max_bytes])

    def content(self) -> bytes:
        """Raises BodyUnreadable where the stream has not come to its end."""
        if self._stream is not None:
            raise BodyUnreadable("the gzip stream ends early")
        if self._held and not self._members:
            return self._held
        return bytes(self._out)

    def _begins_with(self, chunk: bytes) -> bool:
        """Whether a member begins here. What is none is a body without gzip at all, or padding after the last one."""
        if len(chunk) < len(_GZIP):
            self._held = chunk
            return False
        if chunk.startswith(_GZIP):
            self._begin()
            return True
        self._plain = not self._members
        if self._plain:
            self._add(chunk)
        return False

    def _begin(self) -> None:
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise BodyUnreadable(f"more than {MAX_MEMBERS} gzip members")
        self._stream = zlib.decompressobj(_GZIP_WINDOW)

    def _unpack(self, chunk: bytes) -> bytes:
        """Unpack as much as the limit lets through; returns what is left for the next member."""
        stream = self._stream
        assert stream is not None  # noqa: S101 - _begin has just made it
        try:
            self._add(stream.decompress(chunk, self._max_bytes + 1 - len(self._out)))
        except zlib.error as error:
            raise BodyUnreadable(f"damaged gzip: {error}") from error
        if not stream.eof:
            return stream.unconsumed_tail
        self._stream = None
        return stream.unused_data

    def _add(self, piece: bytes) -> None:
        self._out += piece
        if len(self._out) > self._max_bytes:
            raise BodyTooLarge(f"more than {self._max_bytes} bytes", self.beginning())


def _bounded(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    content = bytearray()  # not a list: ten million chunks of one byte would be half a gigabyte of small objects
    for chunk in chunks:
        content += chunk
        if len(content) > max_bytes:
            raise BodyTooLarge(f"more than {max_bytes} bytes", bytes(content[:max_bytes]))
    return bytes(content)
