"""Dated lists and labelled events: what a row means, and what is said of rows that mean nothing."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from newsroom import JUDOL

from collector.judge.lexicon import LexiconJudge
from collector.match.topics import TopicMatcher
from collector.model.bucket import Measure, Series, Subject
from collector.model.clock import HOUR
from collector.model.errors import ConfigError
from collector.model.source import Role
from collector.rehearsal.dated_list import DatedList, put_into, read_list
from collector.rehearsal.history import Span
from collector.rehearsal.label_sheet import read_labels
from collector.store.sqlite.store import SqliteStore

JAKARTA = ZoneInfo("Asia/Jakarta")
TOPICS = ("judi_online",)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(folder: Path, *lines: str) -> DatedList:
    return read_list(written(folder, *lines), JAKARTA, TOPICS, role=Role.FACTCHECK)


def faults(folder: Path, *lines: str) -> Sequence[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, *lines)
    return [str(problem) for problem in caught.value.problems]


def test_semicolons_part_columns_too(tmp_path: Path) -> None:
    found = read(tmp_path, "date;title", "2026-02-12;Judi online, katanya, legal")
    assert [one.entry.title for one in found.items] == ["Judi online, katanya, legal"]


def test_a_day_lies_in_the_zone_and_its_rows_over_its_working_hours(tmp_path: Path) -> None:
    dated = read(tmp_path, "date,title", *[f"2024-02-14,Judul {n}" for n in range(4)])
    hours = [item.seen_at.astimezone(JAKARTA).hour for item in dated.items]
    assert hours == [9, 12, 15, 18]
    assert dated.span == Span(start=datetime(2024, 2, 13, 17, tzinfo=UTC), end=datetime(2024, 2, 14, 17, tzinfo=UTC))


def test_a_month_lies_evenly_over_the_month(tmp_path: Path) -> None:
    dated = read(tmp_path, "date,topic,count", "2023-11,judi_online,30")
    days = [item.seen_at.astimezone(JAKARTA).day for item in dated.items]
    assert days == list(range(1, 31))
    assert len({item.entry.title for item in dated.items}) == 30


def test_a_moment_is_taken_as_it_stands(tmp_path: Path) -> None:
    dated = read(tmp_path, "date,title", "2024-02-14 08:30,Satu", "2024-02-14T01:45:00Z,Dua")
    assert [item.seen_at for item in dated.items] == [
        datetime(2024, 2, 14, 1, 30, tzinfo=UTC),
        datetime(2024, 2, 14, 1, 45, tzinfo=UTC),
    ]


def test_a_packed_list_with_a_mark_and_other_columns_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress("\ufeffDate,TITLE,origin\n2024-02-14,Judul,x/y\n".encode()))
    assert [item.entry.title for item in read_list(path, JAKARTA, TOPICS, role=Role.NEWS).items] == ["Judul"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2024-13-01,Judul,,,", 'list.csv:3:1: date: "2024-13-01" is no date'),
        (",Judul,,,", "list.csv:3:1: date: is empty"),
        ("1901-01-01,Judul,,,", "is out of range"),
        ("2024-02-14,,,,", "list.csv:3:1: title: is empty"),
        ("2024-02-14,Judul,boss,,", 'role: "boss" is none; expected one of factcheck, news, official, social'),
        ("2024-02-14,Judul,,judi,", 'topic: no topic "judi"'),
        ("2024-02-14,Judul,,,-3", 'count: "-3" is no count'),
        ("2024-02-14,Judul,,,99999999999999", "is no count"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (problem,) = faults(tmp_path, "date,title,role,topic,count", "2024-02-14,Judul,,,", line)
    assert said in problem


def test_every_wrong_row_is_told_at_once(tmp_path: Path) -> None:
    assert len(faults(tmp_path, "date,title", "x,Judul", "2024-02-14,", "y,Judul")) == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "has no column date; it is empty"),
        (b"tanggal,judul\n", "has no column date; the header has tanggal, judul"),
        (b"date,title\n", "holds no rows"),
        (b"\xff\xfe\x00", "is not UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, body: bytes, said: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(body)
    with pytest.raises(ConfigError, match=said):
        read_list(path, JAKARTA, TOPICS, role=Role.NEWS)


def test_a_list_becomes_a_history(tmp_path: Path) -> None:
    dated = read(
        tmp_path,
        "date,title,publisher,stance",
        "2024-02-14,Situs judi online milik negara,kominfo,",
        "2024-02-14,Harga cabai turun,kominfo,",
        "2024-02-16,Judi online dibagikan,warga,spread",
    )
    debunks = count(tmp_path, dated, Measure.DEBUNKS)
    assert sum(debunks.count) == 1
    assert set(debunks.coverage) == {1.0}
    assert sum(count(tmp_path, dated, Measure.MENTIONS).count) == 2


def test_where_nobody_looked_is_not_zero(tmp_path: Path) -> None:
    dated = read(
        tmp_path, "date,topic,count", "2024-01,judi_online,3", "2024-02,judi_online,?", "2024-03,judi_online,0"
    )
    series = count(tmp_path, dated, Measure.DEBUNKS)
    assert sum(series.count) == 3
    assert [series.coverage.count(0.0), len(series)] == [29 * 24, (31 + 29 + 31) * 24]


def count(folder: Path, dated: DatedList, measure: Measure) -> Series:
    store = SqliteStore(folder / f"{measure}.db")
    put_into(store, dated, TopicMatcher((JUDOL,), leet_keep=()), LexiconJudge.shipped())
    subject = Subject(kind="topic", id="judi_online")
    (series,) = store.buckets.series([subject], measure, dated.span.start, dated.span.end - HOUR)
    store.close()
    return series


# ---------------------------------------------------------------- labels


def test_an_event_includes_the_day_it_ends_on(tmp_path: Path) -> None:
    path = written(tmp_path, "start,end,topic,name", "2024-02-12,2024-02-14,judi_online,Pekan tenang")
    (label,) = read_labels(path, JAKARTA, TOPICS)
    assert (label.start_at, label.end_at) == (
        datetime(2024, 2, 11, 17, tzinfo=UTC),
        datetime(2024, 2, 14, 17, tzinfo=UTC),
    )
    assert (label.topic, label.name) == ("judi_online", "Pekan tenang")


def test_an_event_may_be_a_month_a_day_or_a_moment(tmp_path: Path) -> None:
    path = written(tmp_path, "start", "2024-02", "2024-02-14", "2024-02-14 10:00")
    lengths = [label.end_at - label.start_at for label in read_labels(path, JAKARTA, TOPICS)]
    assert lengths == [timedelta(days=29), timedelta(days=1), HOUR]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2024-02-14,2024-02-01,,", "end: does not lie after the start"),
        ("2024-02-14,,judi,", 'topic: no topic "judi"'),
        ("kemarin,,,", 'start: "kemarin" is no date'),
    ],
)
def test_a_wrong_event_is_told(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_labels(written(tmp_path, "start,end,topic,name", line), JAKARTA, TOPICS)
    assert said in str(caught.value)
