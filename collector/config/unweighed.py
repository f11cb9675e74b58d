"""The names that the judge leaves out: a packaged list, and what the packaged topics are called by one word."""

from __future__ import annotations

from importlib.resources import files

from collector.config.topics import shipped_topics
from collector.model.topic import Topic


def unweighed_names() -> tuple[str, ...]:
    """In small letters, sorted: phrases and single words."""
    text = files("collector").joinpath("data/unweighed.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    listed = {line for line in lines if line}
    return tuple(sorted(listed.union(*(_names(topic) for topic in shipped_topics().values()))))


def _names(topic: Topic) -> set[str]:
    """Its persons and agencies, and its strong terms of one word: longer ones say something ("ijazah palsu")."""
    terms = {*topic.institutions, *topic.persons, *(term for term in (*topic.strong, *topic.slang) if " " not in term)}
    plain = {" ".join("".join(one if one.isalnum() else " " for one in term.lower()).split()) for term in terms}
    return {term for term in plain if term.isascii() and len(term) > 1}
