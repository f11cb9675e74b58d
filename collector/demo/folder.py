"""The demo's folder: a real ``sources.yaml`` and beside it everything that the rehearsal leaves to look at."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.demo.cast import ARCHIVE, CAST, Form, Outlet
from collector.model.errors import SiagaError
from collector.model.source import Role

MARK = "# Written by `siaga demo`."
PAGE_PORTS = range(8765, 8770)


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
    def partner(self) -> Path:
        return self.path / "partner"

    @property
    def findings(self) -> Path:
        return self.partner / "findings.json"

    @property
    def reviews(self) -> Path:
        return self.partner / "claimreview.json"

    @property
    def bulletin(self) -> Path:
        return self.path / "bulletin"

    @property
    def report(self) -> Path:
        return self.path / "report.html"

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


def webhook_secret(seed: int, whose: str = "") -> str:
    """A Standard Webhooks secret. It guards nothing but this machine's loopback, so it may be the same every time."""
    return "whsec_" + base64.b64encode(hashlib.sha256(f"siaga demo {seed}{whose}".encode()).digest()[:24]).decode()


def page_address(ports: Sequence[int] = PAGE_PORTS) -> str:
    """``host:port`` for the page: the usual one where it is free, so that it is easy to type."""
    for port in (*ports, 0):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return f"127.0.0.1:{tried.getsockname()[1]}"
    raise SiagaError("no port of 127.0.0.1 is free for the page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """``host:port`` of the demo's own servers, and of the page."""

    newsstand: str
    mail: str
    webhook: str
    partner: str
    page: str


def configuration(
    addresses: Addresses, secret: str, partner_secret: str, *, with_archive: bool = False, over: bool = False
) -> str:
    """The text of the demo's ``sources.yaml``. Once the week is ``over`` its servers are gone: sources are switched
    off, messages are printed, and the partner is told by file."""
    outlets = (*CAST, ARCHIVE) if with_archive else CAST
    sources = "".join(_source(outlet, addresses.newsstand, over=over) for outlet in outlets)
    meja, sistem, teknisi = (
        f'email: {{to: [meja@siaga.example], from: siaga@siaga.example, smarthost: "{addresses.mail}", tls: none}}',
        f'webhook: {{url: "http://{addresses.webhook}/hook", secret: "{secret}"}}',
        f'email: {{to: [teknisi@siaga.example], from: siaga@siaga.example, smarthost: "{addresses.mail}", tls: none}}',
    )
    send = f'send: {{url: "http://{addresses.partner}/reports", secret: "{partner_secret}", every: 6h, share: checked}}'
    return _TEMPLATE.format(
        mark=MARK,
        newsstand=addresses.newsstand,
        webhook=addresses.webhook,
        partner=addresses.partner,
        page=addresses.page,
        meja=_once(meja, over),
        sistem=_once(sistem, over),
        teknisi=_once(teknisi, over),
        send=f"# in the week: {send}" if over else send,
        note=_OVER if over else _DURING,
        sources=sources,
    )


def _once(channel: str, over: bool) -> str:
    return f"console: {{}}\n    # in the week: {channel}" if over else channel


def write(path: Path, text: str) -> None:
    """Put the whole text there at once: a running daemon never reads half a file."""
    draft = path.with_suffix(".new")
    draft.write_text(text, "utf-8")
    os.replace(draft, path)


def _source(outlet: Outlet, address: str, *, over: bool) -> str:
    lines: list[str] = [f"name: {_quoted(outlet.name)}"]
    if outlet.form.kind != "feed":
        lines.append(f"kind: {outlet.form.kind}")
    lines.append(f"url: http://{address}{outlet.path}")
    if outlet.role is not Role.NEWS:
        lines.append(f"role: {outlet.role.value}")
    if outlet.every_hours != 1:
        lines.append(f"every: {outlet.every_hours}h")
    if over:
        lines.append("enabled: false")
    lines.extend(_selectors(outlet))
    return "  - " + "\n    ".join(lines) + "\n"


def _selectors(outlet: Outlet) -> Sequence[str]:
    if outlet.form is not Form.PAGE:
        return ()
    return ('item: "article.berita"', 'title: "h3 a"', 'link: "h3 a"', 'summary: "p"', 'date: ".tanggal"')


def _quoted(text: str) -> str:
    return f'"{text}"' if any(c in text for c in "#():") else text


_DURING = "The servers it names live only while the demo runs."
_OVER = """\
The week is over, and the servers that it named are gone with it: sources are
# switched off, messages are printed where the daemon runs. The page works: `siaga --config THIS_FILE run`."""

_TEMPLATE = """\
{mark} {note}
version: 1
timezone: Asia/Jakarta
language: id
database: siaga.db

network:
  contact: mailto:desk@siaga.example
  host_gap: 0s                    # all outlets live behind one address here; leave 1s for real ones
  allow_private: ["{newsstand}", "{webhook}", "{partner}"]   # the demo's own servers, nothing else

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
    {meja}
  - name: sistem                  # another program
    {sistem}
  - name: teknisi                 # who looks after Siaga itself
    {teknisi}

operator: {{receivers: [teknisi]}}
retention: {{items: 400d, polls: 90d}}

partners:
  - name: diskominfo              # hears of what is checked
    {send}

ledger:
  desk: Meja Siaga
  copies: false                   # the posts point to hosts that do not exist: there is no page to keep

web:
  listen: "{page}"
  base_url: "http://{page}"       # where links in messages lead
"""
