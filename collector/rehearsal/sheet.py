"""Tables that people keep: CSV with a header, read row by row, every mistake with its line."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from collector.config.problems import Problem
from collector.model.errors import ConfigError
from collector.model.sheet import sheet

MAX_BYTES = 200_000_000
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``line`` counts from 1 and is where the row ends in the file. Absent and empty cells are ""."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class RowFault(ValueError):
    """A cell that will not do. ``column`` is its name."""

    def __init__(self, column: str, fault: str, expected: str) -> None:
        super().__init__(fault)
        self.column = column
        self.fault = fault
        self.expected = expected


def rows(path: Path, *, needed: Iterable[str]) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8, packed (``.gz``) or not. Raises ConfigError where it cannot be read at all or
    lacks a column; column names are taken without regard to case."""
    reader = sheet(io.StringIO(_text(path), newline=""))
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    missing = [name for name in needed if name not in names]
    if missing:
        there = f"the header has {', '.join(names)}" if names else "it is empty"
        raise _refused(path, f"has no column {', '.join(missing)}; {there}", "a header with that name")
    reader.fieldnames = names
    try:
        for cells in reader:
            yield Row(
                line=reader.line_num,
                cells={name: text.strip() for name, text in cells.items() if isinstance(text, str) and name},
            )
    except csv.Error as error:
        raise _refused(path, f"is no CSV ({error})", "comma-separated values", reader.line_num) from None


def problem(path: Path, row: Row, fault: RowFault) -> Problem:
    return Problem(
        file=str(path), line=row.line, column=1, key=fault.column, fault=fault.fault, expected=fault.expected
    )


def _text(path: Path) -> str:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
    except (OSError, EOFError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "broken archive"
        raise _refused(path, f"cannot be read ({reason})", "a readable CSV file") from None
    if len(body) > MAX_BYTES:
        raise _refused(path, "is too large", f"at most {MAX_BYTES // 1_000_000} MB")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(path, "is not UTF-8", "text in UTF-8", body.count(b"\n", 0, error.start) + 1) from None


def _refused(path: Path, fault: str, expected: str, line: int | None = None) -> ConfigError:
    column = None if line is None else 1
    return ConfigError((Problem(file=str(path), line=line, column=column, key="", fault=fault, expected=expected),))
