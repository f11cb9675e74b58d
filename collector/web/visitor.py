"""Who asks for a page: logged in or not, in which language, with which secret for their forms."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from collector.model.person import Session
from collector.model.phrase import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """``form_token`` stands in every form that changes something and must come back with it (CSRF)."""

    session: Session | None
    language: Language
    may_read: bool
    form_token: str

    @property
    def name(self) -> str | None:
        """Under which what they do is written down."""
        return self.session.person.name if self.session and self.session.person else None

    @property
    def may_act(self) -> bool:
        return self.session is not None and self.session.may_act


def form_token(key: bytes, cookie: str) -> str:
    """Belongs to one cookie of one Siaga: another site can neither read the cookie nor make this."""
    return hmac.new(key, b"siaga.form\0" + cookie.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def is_form_token(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode("ascii"))
