"""Which of a judgement's signals a message may quote as its reasons."""

from __future__ import annotations

from datetime import datetime

import pytest

from collector.judge.combined import CombinedJudge
from collector.model.item import Entry
from collector.model.judgement import START, Context, Judgement
from collector.model.source import Role, Source

RUMOUR = "VIRALKAN!!! surat suara SUDAH DICOBLOS di gudang, sebarkan sebelum dihapus"


@pytest.fixture(scope="module")
def judge() -> CombinedJudge:
    return CombinedJudge.shipped()


def judged(judge: CombinedJudge, title: str, role: Role, now: datetime) -> Judgement:
    source = Source(id="S", kind="feed", url="https://s.example/", role=role)
    return judge.judge(Entry(title=title, text=""), Context(source=source, matches=(), now=now))


def test_where_a_text_starts_is_a_signal_but_no_finding(judge: CombinedJudge, now: datetime) -> None:
    found = judged(judge, RUMOUR, Role.SOCIAL, now)
    assert START in {signal.name for signal in found.signals}
    assert START not in {signal.name for signal in found.findings}


def test_findings_come_strongest_first_and_hold_no_reason_for_trust(judge: CombinedJudge, now: datetime) -> None:
    points = [signal.points for signal in judged(judge, RUMOUR, Role.SOCIAL, now).findings]
    assert points == sorted(points, reverse=True)
    assert points[-1] >= 0


def test_a_debunk_is_still_explained_by_its_label(judge: CombinedJudge, now: datetime) -> None:
    found = judged(judge, "[SALAH] Surat suara sudah tercoblos", Role.FACTCHECK, now)
    assert "[salah]" in found.findings[0].words
