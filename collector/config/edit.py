"""Adding sources to sources.yaml without touching anything else in it.

The new lines are put in at the right place of the text as it stands, so comments, quoting and spacing of the rest stay
byte for byte; a YAML round trip would rewrap and requote what the user wrote.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from collector.config.values import MAX_NAME_CHARS

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9 _.,/()+?&=%@~-]|:(?=//)|:(?=[0-9A-Za-z]))*(?<! )")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_UNFIT = re.compile('[{}<>`"\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]')

Entry = Mapping[str, str]
"""A source as written in the file: keys in their order, values as text."""


def with_sources(text: str, entries: Sequence[Entry]) -> str:
    """``text`` (a valid sources.yaml) with ``entries`` after its last source."""
    if not entries:
        return text
    place = _find(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    if place.flow_at is not None:
        flow = "".join(json.dumps(_escaped(entry), ensure_ascii=False) + ", " for entry in entries)
        return text[: place.flow_at] + flow + text[place.flow_at :]
    lines = text[: place.insert_at]
    if lines and not lines.endswith("\n"):
        lines += newline
    if place.heading:
        lines += "sources:" + newline
    block = "".join(_block(entry, place, newline) for entry in entries)
    return lines + block + text[place.insert_at :]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where new sources go: ``insert_at`` is an offset at the start of a line; ``flow_at`` one inside ``[…]``."""

    insert_at: int = 0
    indent: int = 2
    spaced: bool = False
    heading: bool = False
    flow_at: int | None = None


def _find(text: str) -> _Place:
    events = list(yaml.parse(text, Loader=_LOADER))
    starts = _line_starts(text)
    key, value = _sources_value(events)
    if key is None or value is None:
        return _Place(insert_at=len(text), heading=True)
    event = events[value]
    if not isinstance(event, yaml.SequenceStartEvent):  # "sources:" with nothing after it
        return _Place(insert_at=_after_line(starts, key, text))
    last = _last_content(events, value)
    if event.flow_style:
        return _Place(flow_at=_begin(event).index + 1)
    end = _end(events[last]) if last is not None else _begin(event)
    line = end.line if end.column == 0 else end.line + 1
    return _Place(
        insert_at=starts[line] if line < len(starts) else len(text),
        indent=_begin(event).column,
        spaced=_is_spaced(text, starts, events, value),
    )


def _begin(event: Any) -> Any:
    return event.start_mark


def _end(event: Any) -> Any:
    return event.end_mark


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _after_line(starts: list[int], line: int, text: str) -> int:
    return starts[line + 1] if line + 1 < len(starts) else len(text)


def _sources_value(events: list[Any]) -> tuple[int | None, int | None]:
    """Line of the top-level key ``sources`` and the index of its value's event."""
    depth = 0
    wants_key = True
    for index, event in enumerate(events):
        if isinstance(event, yaml.ScalarEvent) and depth == 1:
            if wants_key and event.value == "sources":
                return _begin(event).line, index + 1
            wants_key = not wants_key
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            wants_key = wants_key or depth == 1
    return None, None


def _last_content(events: list[Any], start: int) -> int | None:
    """The last event with text of its own inside the list that begins at ``start`` (block ends lie further down)."""
    depth, last, flows = 0, None, []
    for index in range(start, len(events)):
        event = events[index]
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            flows.append(bool(event.flow_style))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            if flows.pop() and depth:
                last = index
        elif isinstance(event, yaml.ScalarEvent):
            last = index
        if depth == 0:
            break
    return last


def _is_spaced(text: str, starts: list[int], events: list[Any], start: int) -> bool:
    """Whether blank lines stand between the sources."""
    depth, lines = 0, []
    for event in events[start:]:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth == 2:
                lines.append(_begin(event).line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            if depth == 0:
                break
    return len(lines) > 1 and not text[starts[lines[-1] - 1] : starts[lines[-1]]].strip()


def _block(entry: Entry, place: _Place, newline: str) -> str:
    pad = " " * place.indent
    rows = [f"{key}: {spelled(value)}" for key, value in entry.items()]
    lines = [f"{pad}- {rows[0]}", *(f"{pad}  {row}" for row in rows[1:])]
    return (newline if place.spaced else "") + "".join(line + newline for line in lines)


def _escaped(entry: Entry) -> dict[str, str]:
    return {key: value.replace("$", "$$") for key, value in entry.items()}


def spelled(value: str) -> str:
    """``value`` as a YAML scalar: bare where that is safe, quoted where it is not; ``$`` is doubled."""
    escaped = value.replace("$", "$$")
    if _PLAIN.fullmatch(escaped) and escaped.lower() not in _WORDS:
        return escaped
    if re.fullmatch(r"[0-9]{1,9}[wdhms]", escaped):
        return escaped
    return json.dumps(escaped, ensure_ascii=False)


def free_name(wanted: str, taken: Iterable[str], otherwise: str) -> str:
    """``wanted`` as a source's name: cleaned, cut, and with a number where it is taken."""
    used = set(taken)
    name = " ".join(_UNFIT.sub(" ", wanted).split())[: MAX_NAME_CHARS - 5].strip() or otherwise
    candidate, number = name, 2
    while candidate in used:
        candidate, number = f"{name} {number}", number + 1
    return candidate


def replace_file(path: Path, text: str) -> None:
    """Put ``text`` in the place of the file, all or nothing, with the mode it had. A link stays a link."""
    target = path.resolve()
    mode = target.stat().st_mode & 0o7777
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
