"""A sentence in both languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """The same words in Indonesian and in English."""

    id: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.id if language == "id" else self.en
