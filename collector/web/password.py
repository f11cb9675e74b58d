"""Passwords as they are kept: scrypt with its parameters and salt, so that the parameters can grow. Pure but for salt.

``scrypt$n$r$p$salt$hash``, salt and hash in base64. n = 2^15 takes 32 MB and about a tenth of a second (RFC 7914;
OWASP's password storage cheat sheet names n = 2^17, r = 8, p = 1, or less memory with more passes: 2^15 with p = 3).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

LEAST_CHARS, MOST_CHARS = 10, 1000
N, R, P = 2**15, 8, 3
SALT_BYTES, HASH_BYTES = 16, 32
MOST_MEMORY = 256 * 1024 * 1024


def hashed(password: str, *, salt: bytes | None = None) -> str:
    """The text to keep. Raises ValueError for a password that is too short or too long."""
    if not LEAST_CHARS <= len(password) <= MOST_CHARS:
        raise ValueError(f"a password has {LEAST_CHARS} to {MOST_CHARS} characters")
    salt = salt or secrets.token_bytes(SALT_BYTES)
    return "$".join(("scrypt", str(N), str(R), str(P), _text(salt), _text(_scrypt(password, salt, N, R, P))))


def fits(password: str, kept: str) -> bool:
    """Whether it is the one that ``kept`` was made from. Takes as long for a wrong one as for a right one."""
    try:
        name, n, r, p, salt, digest = kept.split("$")
        if name != "scrypt" or len(password) > MOST_CHARS:
            return False
        made = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p))
        return hmac.compare_digest(made, base64.b64decode(digest))
    except ValueError:  # kept by something else than this program
        return False


NOBODY = "$".join(("scrypt", str(N), str(R), str(P), "A" * 22 + "==", "A" * 43 + "="))
"""Fits no password, and takes the time of one: an unknown name must not answer sooner than a known one."""


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    words = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(words, salt=salt, n=n, r=r, p=p, maxmem=MOST_MEMORY, dklen=HASH_BYTES)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
