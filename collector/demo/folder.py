"""The demo's folder: a real ``sources.yaml`` and beside it everything that the rehearsal leaves to look at."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.demo.cast import ARCHIVE, CAST, Form, Outlet
from collector.model.errors import SiagaError
from collector.model.source import Role

MARK = "# Written by `siaga demo`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Where the demo's files lie."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "sources.yaml"

    @property
    def database(self) -> Path:
        return self.path / "siaga.db"

    @property
    def mail(self) -> Path:
        return self.path / "mail"

    @property
    def webhook(self) -> Path:
        return self.path / "webhook"

    @property
    def log(self) -> Path:
        return self.path / "daemon.log"


def fresh(path: Path) -> tuple[Folder, Path | None]:
    """An empty folder at ``path``; an earlier demo's is put aside under the time it was made, and named.

    Raises SiagaError where something that is not a demo's folder stands there, or nothing can be written.
    """
    try:
        return _fresh(path)
    except OSError as error:
        raise SiagaError(f"{path} cannot be used for the demo's files: {error.strerror or error}") from None


def _fresh(path: Path) -> tuple[Folder, Path | None]:
    kept = None
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        if not _is_ours(path):
            raise SiagaError(f"{path} exists and is no folder of an earlier demo: choose another one by --out")
        kept = _aside(path)
        path.rename(kept)
    path.mkdir(parents=True, exist_ok=True)
    return Folder(path=path), kept


def _is_ours(path: Path) -> bool:
    try:
        return (path / "sources.yaml").read_text("utf-8").startswith(MARK)
    except (OSError, UnicodeDecodeError):
        return False


def _aside(path: Path) -> Path:
    made = datetime.fromtimestamp((path / "sources.yaml").stat().st_mtime).astimezone()
    wanted = path.with_name(f"{path.name}-{made:%Y%m%d-%H%M%S}")
    number = 1
    while wanted.exists():
        number += 1
        wanted = path.with_name(f"{path.name}-{made:%Y%m%d-%H%M%S}-{number}")
    return wanted


def webhook_secret(seed: int) -> str:
    """A Standard Webhooks secret. It guards nothing but this machine's loopback, so it may be the same every time."""
    return "whsec_" + base64.b64encode(hashlib.sha256(f"siaga demo {seed}".encode()).digest()[:24]).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """``host:port`` of the demo's own servers."""

    newsstand: str
    mail: str
    webhook: str


def configuration(addresses: Addresses, secret: str, *, with_archive: bool = False) -> str:
    """The text of the demo's ``sources.yaml``."""
    outlets = (*CAST, ARCHIVE) if with_archive else CAST
    sources = "".join(_source(outlet, addresses.newsstand) for outlet in outlets)
    return _TEMPLATE.format(
        mark=MARK,
        newsstand=addresses.newsstand,
        mail=addresses.mail,
        webhook=addresses.webhook,
        secret=secret,
        sources=sources,
    )


def write(path: Path, text: str) -> None:
    """Put the whole text there at once: a running daemon never reads half a file."""
    draft = path.with_suffix(".new")
    draft.write_text(text, "utf-8")
    os.replace(draft, path)


def _source(outlet: Outlet, address: str) -> str:
    lines: list[str] = [f"name: {_quoted(outlet.name)}"]
    if outlet.form.kind != "feed":
        lines.append(f"kind: {outlet.form.kind}")
    lines.append(f"url: http://{address}{outlet.path}")
    if outlet.role is not Role.NEWS:
        lines.append(f"role: {outlet.role.value}")
    if outlet.every_hours != 1:
        lines.append(f"every: {outlet.every_hours}h")
    lines.extend(_selectors(outlet))
    return "  - " + "\n    ".join(lines) + "\n"


def _selectors(outlet: Outlet) -> Sequence[str]:
    if outlet.form is not Form.PAGE:
        return ()
    return ('item: "article.berita"', 'title: "h3 a"', 'link: "h3 a"', 'summary: "p"', 'date: ".tanggal"')


def _quoted(text: str) -> str:
    return f'"{text}"' if any(c in text for c in "#():") else text


_TEMPLATE = """\
{mark} The servers it names lived only while the demo ran.
version: 1
timezone: Asia/Jakarta
language: id
database: siaga.db

network:
  contact: mailto:desk@siaga.example
  host_gap: 0s                    # all outlets live behind one address here; leave 1s for real ones
  allow_private: ["{newsstand}", "{webhook}"]   # the demo's own servers, nothing else

defaults: {{every: 1h, timeout: 10s}}

sources:
{sources}
topics:
  - pemilu_umum
  - pilkada_2024
  - bansos
  - mbg
  - judi_online
  - id: pilgub_nusa_teratai       # a topic of one's own
    name: Pilgub Nusa Teratai
    strong: [pilgub nusa teratai, pilkada nusa teratai, rangga segara, damar wirabhumi, tirta mahalaya]
    ambiguous: [{{term: seroja, context_any: [kpu, surat suara, pilkada, tps, gudang]}}]
    exclude: [bunga seroja]

rules:
  - name: lonjakan                # suspicious claims about the vote, or about social aid
    topics: [pemilu_umum, bansos]
    count: suspicious
    suspicion_at_least: 0.5
    method: threshold
    window: 6h
    at_least: 5
    min_sources: 2
    repeat_interval: 12h
    receivers: [meja, sistem]
  - name: bantahan                # fact-checks, counted apart
    topics: [pemilu_umum]
    count: debunks
    method: threshold
    window: 24h
    at_least: 3
    min_sources: 2
    repeat_interval: 24h
    receivers: [meja]

receivers:
  - name: meja                    # the desk
    email: {{to: [meja@siaga.example], from: siaga@siaga.example, smarthost: "{mail}", tls: none}}
  - name: sistem                  # another program
    webhook: {{url: "http://{webhook}/hook", secret: "{secret}"}}
  - name: teknisi                 # who looks after Siaga itself
    email: {{to: [teknisi@siaga.example], from: siaga@siaga.example, smarthost: "{mail}", tls: none}}

operator: {{receivers: [teknisi]}}
retention: {{items: 400d, polls: 90d}}
"""
