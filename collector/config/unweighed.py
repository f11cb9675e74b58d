"""What the judge leaves out: packaged lists of names and of subjects, and what the packaged topics are called by one
word."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from collector.config.topics import shipped_topics
from collector.model.topic import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Unweighed:
    """In small letters, sorted. ``names``: phrases and single words that count as one unknown thing each. ``subjects``:
    single words that are known as words, and never have points."""

    names: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


def unweighed() -> Unweighed:
    """As packaged."""
    names = _listed("unweighed.txt").union(*(_names(topic) for topic in shipped_topics().values()))
    return Unweighed(names=tuple(sorted(names)), subjects=tuple(sorted(_listed("subjects.txt") - names)))


def _listed(file: str) -> set[str]:
    text = files("collector").joinpath(f"data/{file}").read_text(encoding="utf-8")
    return {line for line in (line.partition("#")[0].strip() for line in text.splitlines()) if line}


def _names(topic: Topic) -> set[str]:
    """Its persons and agencies, and its strong terms of one word: longer ones say something ("ijazah palsu")."""
    terms = {*topic.institutions, *topic.persons, *(term for term in (*topic.strong, *topic.slang) if " " not in term)}
    plain = {" ".join("".join(one if one.isalnum() else " " for one in term.lower()).split()) for term in terms}
    return {term for term in plain if term.isascii() and len(term) > 1}
