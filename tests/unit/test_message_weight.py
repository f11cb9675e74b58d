"""What a message weighs, and what its picture costs."""

from __future__ import annotations

import time
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from notices import AT, notice

from alerts.channels.email import compose
from alerts.render import Renderer
from alerts.sample import sample_notice
from collector.config.settings import Email
from collector.model.alert import Notice

DESK = Email(to=("desk@example.org",), sender="siaga@example.org", smarthost="127.0.0.1:25", tls="none")
LARGEST_BYTES = 60_000
BUSY = replace(sample_notice(AT), daily_counts=tuple(987 + 61 * day for day in range(14)))  # a number on every bar


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("told", [notice(), sample_notice(AT), BUSY], ids=["full", "sample", "busy"])
def test_a_mail_with_its_picture_weighs_no_more_than_60_kb(told: Notice, language: str) -> None:
    message = Renderer(language, ZoneInfo("Asia/Jakarta")).render(told)  # type: ignore[arg-type]
    assert message.pictures
    assert len(compose(message, "kunci-1", DESK)) <= LARGEST_BYTES


def test_the_picture_of_14_days_takes_less_than_100_ms() -> None:
    """CPU time, best of five: the first loads what draws, with its font and the layout."""
    renderer = Renderer("id", ZoneInfo("Asia/Jakarta"))
    taken = []
    for number in range(5):
        counts = tuple(number + 37 * day % 90 for day in range(14))
        began = time.process_time()
        assert renderer.render(replace(BUSY, daily_counts=counts)).pictures
        taken.append(time.process_time() - began)
    assert min(taken) < 0.1
