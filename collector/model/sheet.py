"""A table as people save it: CSV with a header."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from itertools import chain

SEPARATORS = (",", ";", "\t")
"""Spreadsheets write the semicolon wherever the comma is the decimal sign, as it is in Indonesia."""


def sheet(lines: Iterable[str]) -> csv.DictReader[str]:
    """The rows under the header; the sign that the header holds most of parts the columns, the comma in doubt."""
    rest = iter(lines)
    header = next(rest, "")
    return csv.DictReader(chain((header,), rest), delimiter=max(SEPARATORS, key=header.count))
