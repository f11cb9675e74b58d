"""A sentence in both languages of the product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


class Words:
    """The words of one part of the product by their keys; those with ``{names}`` are filled in."""

    def __init__(self, phrases: Mapping[str, Phrase]) -> None:
        self._phrases = phrases

    def say(self, key: str, language: Language, **values: object) -> str:
        """Raises KeyError for an unknown key."""
        text = self._phrases[key].in_language(language)
        return text.format(**values) if values else text


class Later(Phrase):
    """A phrase that is put into words when it is first read: most reasons of a judge never are. ``wording`` makes the
    pair (Indonesian, English) of ``about``."""

    __slots__ = ("_told",)
    __setattr__ = object.__setattr__  # past the wall that keeps a frozen class as it is
    _told: tuple[Callable[..., tuple[str, str]], tuple[object, ...]] | tuple[str, str]

    def __init__(self, wording: Callable[..., tuple[str, str]], *about: object) -> None:
        self._told = (wording, about)

    def _tell(self) -> tuple[str, str]:
        told = self._told
        if not isinstance(told[0], str):
            wording, about = told
            told = self._told = wording(*about)
        return told

    @property
    def id(self) -> str:
        return self._tell()[0]

    @property
    def en(self) -> str:
        return self._tell()[1]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.id, self.en) == (other.id, other.en)

    def __hash__(self) -> int:
        return hash((self.id, self.en))
