"""Words as the search in memory compares them."""

from __future__ import annotations

import unicodedata


def words_of(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()
