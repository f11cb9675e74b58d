"""Power cuts at random moments: what was acknowledged is there, and nothing is torn."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

ALERTING = """
import os, sys
from collector.store.sqlite import SqliteStore
from records import NOW, alert, delivery, draft, record, source

store = SqliteStore(sys.argv[1])
store.sources.register([source()], NOW)
for n in range(1, 31):
    store.items.record_poll(record(*(draft(f"{n}-{m}") for m in range(10))))  # without waiting for the disk
    with store.transaction(durable=n % 2 == 0):  # an alert is durable also within another transaction
        store.alerts.save(alert(n, key=str(n)), deliveries=[delivery(str(n), alert_id=n)], evidence=[n])
    os.write(1, b"ACK %d\\n" % n)
"""


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace records what reaches the disk")
def test_a_power_cut_loses_no_alert_that_was_acknowledged(shared: Path, tmp_path: Path) -> None:
    program, data = tmp_path / "alerting.py", tmp_path / "data"
    program.write_text(ALERTING, encoding="utf-8")
    data.mkdir()
    asked = ["--states", "60", "--ack", r"ACK (\d+)", "--acked-sql", "select alert_id from deliveries"]
    cutter = [sys.executable, shared / "data/hostile/powercut.py", "--dir", data, "--db", "siaga.db", *asked]
    tried = subprocess.run(
        [*cutter, "--", sys.executable, program, data / "siaga.db"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "30 acknowledgements" in tried.stdout
