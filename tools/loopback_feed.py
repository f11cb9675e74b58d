"""A news site on loopback for trying an installed Siaga: prints its port, then each request as it is answered.

    python3 tools/loopback_feed.py [PORT]

/feed has posts as people write them, /cekfakta what a fact-checker makes of them; both with an ETag and 304. Standard
library only.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FEEDS = {
    "/feed": (
        "KPU tetapkan daftar pemilih tetap pemilu",
        "VIRALKAN!!! SURAT SUARA PEMILU SUDAH DICOBLOS SEMUA DI GUDANG!! Sebarkan sebelum dihapus 😱",
        "Bawaslu terima laporan politik uang jelang pemilu",
        "Antrean pemilih pemilu mengular sejak pagi",
        "Harga cabai turun di pasar induk",
    ),
    "/cekfakta": (
        "[SALAH] Surat suara pemilu sudah tercoblos di gudang KPU",
        "[PENIPUAN] Tautan pendaftaran petugas KPPS pemilu 2029",
    ),
}


def feed(path: str, now: datetime) -> bytes:
    """RSS 2.0; item n is n minutes old."""
    items = "".join(
        f"<item><title>{title}</title><link>http://127.0.0.1{path}/{n}</link>"
        f"<pubDate>{format_datetime(now - timedelta(minutes=n))}</pubDate></item>"
        for n, title in enumerate(FEEDS[path], start=1)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{path}</title>{items}</channel></rss>'.encode()


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        etag = f'"{self.path}"'
        known = self.headers.get("If-None-Match") == etag
        status = 404 if self.path not in FEEDS else 304 if known else 200
        body = feed(self.path, datetime.now(UTC)) if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        status = int(code)
        print(f"feed server: {self.command} {self.path} -> {status}", flush=True)

    def log_error(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Silent: the request is printed above."""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Site)
    print(server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
