"""The election of February 2024 on the ministry's own records, through the code of the daemon."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from collector.cli.log import configure_logging

pytestmark = [pytest.mark.shared, pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def election() -> Iterator[ModuleType]:
    """``bench/election.py``, which prints the same as a table."""
    spec = importlib.util.spec_from_file_location("election", ROOT / "bench" / "election.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["election"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    configure_logging("error", "text")
    yield module
    del sys.modules["election"]


@pytest.fixture(scope="module")
def listed(election: ModuleType, shared: Path) -> dict[str, Any]:
    return {one.rule: one for one in election.of_the_list(shared, election.shipped_settings())}


@pytest.fixture(scope="module")
def counted(election: ModuleType, shared: Path) -> dict[str, Any]:
    return {one.rule: one for one in election.of_the_months(shared, election.shipped_settings())}


def test_the_weeks_around_the_vote_raise_an_alert(election: ModuleType, listed: dict[str, Any]) -> None:
    assert listed[election.SHIPPED_RULE].within(*election.AROUND)


@pytest.mark.parametrize("name", ["Cek fakta pemilu", "auto, balanced", "auto, more"])
def test_may_and_june_are_calm(election: ModuleType, listed: dict[str, Any], name: str) -> None:
    assert listed[name].within(election.CALM_FROM, election.LIST_TO) == ()


@pytest.mark.parametrize("name", ["auto, balanced", "auto, more"])
def test_auto_sees_the_weeks_around_the_vote_with_fewer_alerts(
    election: ModuleType, listed: dict[str, Any], name: str
) -> None:
    assert listed[name].within(*election.AROUND)
    assert len(listed[name].opened) < len(listed[election.SHIPPED_RULE].opened)


@pytest.mark.parametrize("name", ["ratio, 30 days", "auto, balanced", "auto, more"])
def test_the_monthly_record_is_noticed_by_november_and_never_before(
    election: ModuleType, counted: dict[str, Any], name: str
) -> None:
    month = counted[name]
    assert election.FALSE_BEFORE <= min(month.opened) < election.RISE_BY


@pytest.mark.parametrize("name", ["ratio, 30 days", "auto, balanced", "auto, more"])
def test_the_calm_after_it_raises_nothing(election: ModuleType, counted: dict[str, Any], name: str) -> None:
    month = counted[name]
    assert [day for day in month.opened if day >= election.AFTER] == []


def test_the_rule_of_epitweetr_speaks_for_nothing_on_the_same_record(
    election: ModuleType, counted: dict[str, Any]
) -> None:
    """What the comparison rests on, as the baselines' table has it: one false alarm, in August 2023."""
    theirs = counted["epitweetr, by month"]
    assert [str(day) for day in theirs.within(election.MONTHS_KNOWN_FROM, election.FALSE_BEFORE)] == ["2023-08-01"]
