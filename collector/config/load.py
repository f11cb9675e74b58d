"""From a file to settings, or to every problem at once.

bytes -> text -> tree (places kept, environment filled in) -> document (shape) + checks (relations) -> settings
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from collector.config.checks import findings, unused
from collector.config.convert import as_settings
from collector.config.document import TAGS, Document, Part
from collector.config.problems import Fault, Path, Problem, nearest
from collector.config.settings import Settings
from collector.config.tree import MAX_PROBLEMS, Block, Listing, Mark, Scalar, Tree, grow
from collector.model.errors import ConfigError

MAX_BYTES = 1_000_000


def load(path: FilePath, *, database: FilePath | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of the file at ``path``. Raises ConfigError with every problem, none of which shows a secret.

    ``database`` replaces the configured one; ``environ`` (the process's own where left out) fills ``${NAME}``.
    """
    return load_text(read(path), path, database=database, environ=environ)


def load_text(
    text: str, path: FilePath, *, database: FilePath | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """The same for text that is to stand in ``path`` (an edit before it is saved)."""
    tree = plant(text, path, environ=environ)
    document = _document(tree)
    if tree.problems or document is None:
        raise ConfigError(_in_order(tree.problems))
    return as_settings(document, path, database)


def plant(text: str, path: FilePath, *, environ: Mapping[str, str] | None = None) -> Tree:
    """The tree of a file, before its keys are looked at. Problems of spelling are in it."""
    return grow(text, str(path), os.environ if environ is None else environ)


def read(path: FilePath) -> str:
    """The text of a file of at most 1 MB in UTF-8. Raises ConfigError."""
    try:
        if not path.is_file():
            raise _whole_file(path, _missing(path), 'a file; "siaga init" writes one')
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _whole_file(path, f"cannot be read ({error.strerror})", "a readable file") from None
    if len(body) > MAX_BYTES:
        raise _whole_file(path, "is too large", f"at most {MAX_BYTES // 1000} kB")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        column = error.start - body.rfind(b"\n", 0, error.start)
        raise _whole_file(path, "is not UTF-8", "text in UTF-8", line=line, column=column) from None


def _missing(path: FilePath) -> str:
    return "is no file" if path.exists() else "does not exist"


def _whole_file(
    path: FilePath, fault: str, expected: str, *, line: int | None = None, column: int | None = None
) -> ConfigError:
    return ConfigError((Problem(file=str(path), line=line, column=column, key="", fault=fault, expected=expected),))


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """By place; what was found first stands first where two share one."""
    ordered = sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))
    if len(ordered) >= MAX_PROBLEMS:
        rest = Problem(
            file=ordered[0].file, line=None, column=None, key="", fault="there may be more: mend these first"
        )
        ordered.append(rest)
    return tuple(ordered)


def _document(tree: Tree) -> Document | None:
    """The validated document, or None with the problems added to the tree."""
    if not tree.complete:
        return None
    if not isinstance(tree.root, Block):
        what = "the file is empty" if tree.root is None else "the file holds no keys"
        wanted = 'keys such as version, sources and topics; "siaga init" writes an example'
        tree.report((), Fault(what, expected=wanted), Mark(1, 1))
        return None
    document = None
    try:
        document = Document.model_validate(tree.root)
    except ValidationError as error:
        for finding in error.errors(include_url=False, include_input=False):
            _report(tree, finding)
            if tree.full:
                break
    for path, fault in findings(tree.root):
        tree.report(path, fault)
        if tree.full:
            break
    return document


def _report(tree: Tree, finding: Any) -> None:
    path: Path = tuple(part for part in finding["loc"] if part not in TAGS)
    kind = finding["type"]
    if kind == "extra_forbidden":
        tree.report(path, _unknown_key(str(path[-1]), finding["loc"][:-1]), tree.mark(path, of_key=True))
    elif kind == "missing":
        tree.report(path, Fault("is missing", expected=f"this key in {_owner(path)}"))
    elif kind == "value_error" and isinstance(finding["ctx"]["error"], Fault):
        tree.report(path, finding["ctx"]["error"])
    elif kind == "too_short":
        if not tree.node(path):  # else it only seems empty, because what it holds was refused
            tree.report(path, Fault("is empty", expected="at least one"))
    else:  # a list or a single value where a block of keys belongs
        tree.report(path, Fault("is no block of keys", expected=f"keys: {', '.join(keys_at(finding['loc']))}"))


def _owner(path: Path) -> str:
    named = [part for part in path[:-1] if isinstance(part, str)]
    return (
        f"each of the {named[-1]}"
        if path[-2:] and isinstance(path[-2], int)
        else str(named[-1])
        if named
        else "the file"
    )


def _unknown_key(key: str, owner: Path) -> Fault:
    known = keys_at(owner)
    return Fault("unknown key", expected=f"one of {', '.join(known)}", nearest=nearest(key, known))


def keys_at(owner: Path) -> tuple[str, ...]:
    """The keys that may stand in the block at a path of the document (as pydantic spells it)."""
    part: type[Part] = Document
    for step in owner:
        if isinstance(step, str) and step not in TAGS:
            part = _part_under(part, step) or part
    return tuple(field.alias or name for name, field in part.model_fields.items())


def _part_under(part: type[Part], key: str) -> type[Part] | None:
    fields = {field.alias or name: field for name, field in part.model_fields.items()}
    return _find_part(fields[key].annotation) if key in fields else None


def _find_part(annotation: Any) -> type[Part] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _find_part(inner)
        if found:
            return found
    return None


def secret_sources(path: FilePath, *, environ: Mapping[str, str] | None = None) -> frozenset[str]:
    """Names of the sources whose address holds something from the environment (a key): not to be handed on."""
    tree = plant(read(path), path, environ=environ)
    sources = tree.root.get("sources") if isinstance(tree.root, Block) else None
    found: set[str] = set()
    for source in sources if isinstance(sources, Listing) else ():
        if isinstance(source, Block):
            name, url = source.get("name"), source.get("url")
            if isinstance(name, Scalar) and isinstance(url, Scalar) and url.from_environment:
                found.add(name.strip())
    return frozenset(found)


def unused_keys(path: FilePath, *, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """A sentence for each key of a valid file that changes nothing where it stands."""
    tree = plant(read(path), path, environ=environ)
    return tuple(unused(tree.root)) if isinstance(tree.root, Block) else ()
