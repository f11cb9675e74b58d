"""YAML text as a tree that remembers where everything stands.

Built from parser events, so that nothing is resolved behind our back: no aliases (bombs), no tags (code), no guessing
of types (in YAML 1.1 ``no`` is false and ``12:30`` is 750). A value stays text; its key decides what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

import yaml

from collector.config.environment import fill_in
from collector.config.problems import Fault, Path, Problem, dotted

MAX_DEPTH = 16
MAX_PROBLEMS = 100

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)
_BARE_REFERENCE = re.compile(r"[:,\[{] *\$\{")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the file; both count from 1."""

    line: int
    column: int


class Scalar(str):
    """A value as text, with ``${NAME}`` filled in. ``from_environment``: never to be shown."""

    __slots__ = ("from_environment", "mark")
    mark: Mark
    from_environment: bool

    def __new__(cls, text: str, mark: Mark, *, from_environment: bool = False) -> Scalar:
        self = super().__new__(cls, text)
        self.mark = mark
        self.from_environment = from_environment
        return self


class Block(dict[str, "Node"]):
    """Keys and values, with the place of each key."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark
        self.key_marks: dict[str, Mark] = {}


class Listing(list["Node"]):
    """A list and where it begins."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark


Node: TypeAlias = Scalar | Block | Listing | None


@dataclass
class Tree:
    """A parsed file. ``broken`` are the paths already complained about: their values are not to be judged again."""

    file: str
    root: Node = None
    problems: list[Problem] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)
    complete: bool = False

    @property
    def full(self) -> bool:
        """Enough problems for one sitting."""
        return len(self.problems) >= MAX_PROBLEMS

    def report(self, path: Path, fault: Fault, mark: Mark | None = None) -> None:
        if self.full or any(path[:size] in self.broken for size in range(len(path) + 1)):
            return
        where = mark or self.mark(path)
        self.problems.append(
            Problem(
                file=self.file,
                line=where.line if where else None,
                column=where.column if where else None,
                key=dotted(path),
                fault=fault.fault,
                expected=fault.expected,
                nearest=fault.nearest,
            )
        )

    def node(self, path: Path) -> Node:
        """What stands at ``path``; None where nothing does."""
        node = self.root
        for part in path:
            if isinstance(node, Block) and isinstance(part, str):
                node = node.get(part)
            elif isinstance(node, Listing) and isinstance(part, int) and part < len(node):
                node = node[part]
            else:
                return None
        return node

    def mark(self, path: Path, *, of_key: bool = False) -> Mark | None:
        """Where the value at ``path`` stands, or its key; where it is missing, the block it is missing from."""
        node, mark = self.root, getattr(self.root, "mark", None)
        for depth, part in enumerate(path):
            last = depth == len(path) - 1
            if isinstance(node, Block) and isinstance(part, str) and part in node:
                key_mark, node = node.key_marks[part], node[part]
                mark = key_mark if node is None or (last and of_key) else node.mark
            elif isinstance(node, Listing) and isinstance(part, int) and part < len(node):
                node = node[part]
                mark = node.mark if node is not None else mark
            else:
                break
        return mark


def grow(text: str, file: str, environ: Mapping[str, str]) -> Tree:
    """Parse ``text``; problems of spelling are in the tree, which is ``complete`` when the whole file could be read."""
    tree = Tree(file=file)
    if _reject_characters(tree, text):
        return tree
    try:
        _Builder(tree, environ).build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)
        tree.report((), _misspelt(error, text, where), where)
    except yaml.YAMLError:
        tree.report((), Fault("not valid YAML", expected="key: value"), Mark(1, 1))
    except _Unreadable as stop:
        tree.report(stop.path, stop.fault, stop.mark)
    return tree


def _misspelt(error: yaml.MarkedYAMLError, text: str, where: Mark) -> Fault:
    """What YAML could not read. A bare ``${NAME}`` within braces is the one mistake that our own notation invites."""
    line = next(islice(text.splitlines(), where.line - 1, None), "")
    if "flow" in (error.context or "") and _BARE_REFERENCE.search(line):
        return Fault("${...} without quotes inside { } or [ ] is not valid YAML", expected='quotes: "${NAME}"')
    about = ", ".join(part for part in (error.context, error.problem) if part)
    return Fault(f"not valid YAML ({about})", expected="key: value")


def _reject_characters(tree: Tree, text: str) -> bool:
    found = _FORBIDDEN.search(text)
    if found:
        name = f"U+{ord(found[0]):04X}"
        tree.report((), Fault(f"a control character ({name})", expected="readable text"), _mark_at(text, found.start()))
    for tab in islice(_TAB_INDENT.finditer(text), MAX_PROBLEMS):
        tree.report((), Fault("a tab", expected="spaces for indentation"), _mark_at(text, tab.end() - 1))
    return bool(tree.problems)


def _mark_at(text: str, offset: int) -> Mark:
    return Mark(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


class _Unreadable(Exception):
    """Something after which going on would only produce nonsense."""

    def __init__(self, path: Path, mark: Mark, fault: Fault) -> None:
        self.path = path
        self.mark = mark
        self.fault = fault


@dataclass
class _Frame:
    """A container being filled. ``key`` is the key that waits for its value; ``skip``: a key given twice."""

    node: Block | Listing
    path: Path
    key: str | None = None
    skip: bool = False


class _Builder:
    def __init__(self, tree: Tree, environ: Mapping[str, str]) -> None:
        self._tree = tree
        self._environ = environ
        self._frames: list[_Frame] = []
        self._documents = 0

    def build(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    self._tree.report((), Fault("a second document", expected="one document"), _mark(event))
                    return
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._frames.pop()
        self._tree.complete = True

    def _node(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent) and self._wants_key():
            self._take_key(event)
            return
        path, mark = self._path(), _mark(event)
        if self._wants_key():
            raise _Unreadable(path, mark, Fault("a key that is no text", expected="key: value"))
        refusal = self._refusal(event)
        if refusal:
            self._tree.report(path, refusal, mark)
            self._tree.broken.add(path)
        if isinstance(event, yaml.CollectionStartEvent):
            self._open(event, path, mark)
        elif isinstance(event, yaml.ScalarEvent):
            self._place(self._scalar(event, path, mark))
        else:
            self._place(None)

    def _refusal(self, event: Any) -> Fault | None:
        if isinstance(event, yaml.AliasEvent):
            return Fault("an alias (*name)", expected="the value itself, written out")
        if event.anchor is not None:
            return Fault("an anchor (&name)", expected="the value without it")
        if event.tag is not None:
            return Fault("a tag (!name)", expected="the value without it")
        return None

    def _open(self, event: Any, path: Path, mark: Mark) -> None:
        if len(self._frames) >= MAX_DEPTH:
            raise _Unreadable(path, mark, Fault("nested too deeply", expected=f"at most {MAX_DEPTH} levels"))
        node: Block | Listing = Listing(mark) if isinstance(event, yaml.SequenceStartEvent) else Block(mark)
        self._place(node)
        self._frames.append(_Frame(node=node, path=path))

    def _take_key(self, event: Any) -> None:
        frame, mark, key = self._frames[-1], _mark(event), event.value
        assert isinstance(frame.node, Block)  # noqa: S101 -- _wants_key said so; for the type checker
        frame.key, frame.skip = key, key in frame.node
        path = (*frame.path, key)
        if frame.skip:
            first = frame.node.key_marks[key].line
            self._tree.report(path, Fault(f"given twice (first in line {first})", expected="it once"), mark)
        else:
            frame.node.key_marks[key] = mark
            refusal = self._refusal(event)
            if refusal:
                self._tree.report(path, refusal, mark)

    def _scalar(self, event: Any, path: Path, mark: Mark) -> Scalar | None:
        if not event.style and event.value in _NULLS:
            return None
        try:
            text = fill_in(event.value, self._environ)
        except Fault as fault:
            self._tree.report(path, fault, mark)
            self._tree.broken.add(path)
            text = event.value
        return Scalar(text, mark, from_environment="${" in event.value)

    def _place(self, node: Node) -> None:
        if not self._frames:
            self._tree.root = node
            return
        frame = self._frames[-1]
        if isinstance(frame.node, Listing):
            frame.node.append(node)
        elif frame.key is not None:
            if not frame.skip:
                frame.node[frame.key] = node
            frame.key = None

    def _wants_key(self) -> bool:
        return bool(self._frames) and isinstance(self._frames[-1].node, Block) and self._frames[-1].key is None

    def _path(self) -> Path:
        if not self._frames:
            return ()
        frame = self._frames[-1]
        if isinstance(frame.node, Listing):
            return (*frame.path, len(frame.node))
        return frame.path if frame.key is None else (*frame.path, frame.key)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)
