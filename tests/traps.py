"""The hostile data beside the project: the small traps with their oracle, and the server that misbehaves."""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Trap:
    """One file. A correct reader stores ``least`` to ``most`` items; ``forbidden`` never comes out raw anywhere."""

    name: str
    body: bytes
    content_type: str
    least: int
    most: int
    forbidden: tuple[str, ...]


def traps(shared: Path) -> Iterator[Trap]:
    folder = shared / "data" / "hostile" / "traps"
    with (folder / "traps.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = row["must_not"].replace("\\n", "\n").replace("\\r", "\r").replace("\\e", "\x1b")
            yield Trap(
                name=row["file"],
                body=(folder / row["file"]).read_bytes(),
                content_type=row["ctype"],
                least=int(row["items_min"]),
                most=int(row["items_max"]),
                forbidden=tuple(word for word in words.split("|") if word),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapServer:
    """``behaviours`` are asked for under ``/b/``, ``bigs`` under ``/big/``, honest feeds under ``/good/N``."""

    port: int
    tls_port: int
    behaviours: tuple[str, ...]
    bigs: tuple[str, ...]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def state(self) -> Mapping[str, object]:
        with urllib.request.urlopen(f"{self.base}/__state", timeout=10) as answer:  # noqa: S310 - our own loopback
            state: Mapping[str, object] = json.load(answer)
        return state


@contextmanager
def trap_server(shared: Path) -> Iterator[TrapServer]:
    folder = shared / "data" / "hostile"
    command = [sys.executable, str(folder / "trap_server.py"), "--tls-port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    try:
        ports = json.loads(process.stdout.readline())
        yield TrapServer(
            port=ports["port"],
            tls_port=ports["tls_port"],
            behaviours=names_in(folder, "trap_server", "B"),
            bigs=names_in(folder, "make_traps", "BIGS"),
        )
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def names_in(folder: Path, module: str, table: str) -> tuple[str, ...]:
    spec = importlib.util.spec_from_file_location(module, folder / f"{module}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return tuple(getattr(loaded, table))
