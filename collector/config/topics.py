"""The topics that come with Siaga, read from ``collector/data/topics.yaml`` when somebody first asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from collector.model.phrase import Phrase
from collector.model.topic import AmbiguousTerm, Topic


def shipped_topics() -> Mapping[str, Topic]:
    """Every packaged topic by its id, in the order of the file."""
    return _packaged().topics


def leet_keep() -> frozenset[str]:
    """Words that mix letters and digits and mean it (``g20``, ``pp58``): never to be read as disguised letters."""
    return _packaged().leet_keep


def foreign_context() -> tuple[str, ...]:
    """Names that make an election item one about another country, unless something Indonesian stands beside them."""
    return _packaged().foreign_context


class _Packaged:
    """The parsed file."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.topics: Mapping[str, Topic] = MappingProxyType({entry["id"]: _topic(entry) for entry in tree["topics"]})
        self.leet_keep = frozenset(tree["leet_keep"])
        self.foreign_context = tuple(tree["foreign_context"])


@cache
def _packaged() -> _Packaged:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("collector").joinpath("data/topics.yaml").read_text(encoding="utf-8")
    return _Packaged(yaml.load(text, Loader=loader))  # noqa: S506 -- a safe loader either way, of our own file


def _topic(entry: Mapping[str, Any]) -> Topic:
    return Topic(
        id=entry["id"],
        name=Phrase(id=entry["name"]["id"], en=entry["name"]["en"]),
        group=entry["group"],
        strong=_words(entry, "strong"),
        ambiguous=tuple(_ambiguous(term) for term in entry.get("ambiguous", ())),
        slang=_words(entry, "slang"),
        hashtags=_words(entry, "hashtags"),
        regex_names=_words(entry, "regex_names"),
        exclude=_words(entry, "exclude"),
        institutions=_distinct(part for name in entry.get("institutions", ()) for part in _institution(name)),
        persons=_distinct(name for person in entry.get("persons", ()) for name in _person(person)),
        official_domains=_words(entry, "official_domains"),
    )


def _ambiguous(term: Mapping[str, Any]) -> AmbiguousTerm:
    return AmbiguousTerm(term=term["term"], context_any=_words(term, "context_any"), exclude=_words(term, "exclude"))


def _words(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(entry.get(key, ()))


def _institution(name: str) -> tuple[str, ...]:
    """Both names where two are given: "Badan Gizi Nasional (BGN)", "Kantor Komunikasi Kepresidenan / Bakom RI"."""
    full, _, short = name.rstrip(")").partition(" (")
    return tuple(part.strip() for part in (*full.split(" / "), short) if part.strip())


def _person(person: Mapping[str, Any]) -> tuple[str, ...]:
    """A pair of candidates ("A - B") gives both names; aliases follow."""
    return (*person["name"].split(" - "), *person.get("aliases", ()))


def _distinct(words: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
